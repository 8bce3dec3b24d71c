"""Looks into an exported version, and asks it, by TensorFlow alone.

`seqkit.serving.verify` runs this file in a process of its own, in which neither seqkit nor Keras
can be imported. What it is to do comes as JSON on its input; what it found goes as JSON to the file
that its argument names. Before the model is loaded its graph is read, which runs none of it.
"""

from __future__ import annotations

import json
import re
import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

# Operations by which a graph reaches outside of itself: files, the network, Python, other machines.
# A data set may be made of files, and is made of a graph that need not be in this one.
_OUTSIDE = re.compile(
    r"Files?$|Files?Dataset|^ReadFile|^WriteFile|TextFile|FileSystem|Save|Restore|Checkpoint"
    r"|ShardedFile|^Fixed.*Reader|Reader|Record|Dataset|Iterator|Summary|^Debug|^Print|DumpTensor"
    r"|Rpc|^Remote|Collective|Nccl|(^_?|Host|Xla)(Send|Recv)|Snapshot|ImmutableConst|Remap|PyFunc"
    r"|TPU|Tpu|LMDB|Sql|XlaCustomCall|XlaCallModule|XlaHostCompute"
)
# Those by which a SavedModel's own variables are read, which a server does, and written.
_RESTORES, _SAVES = {"RestoreV2"}, {"SaveV2", "MergeV2Checkpoints", "ShardedFilename"}
_CALLS = {"StatefulPartitionedCall", "PartitionedCall"}
ROWS = 32  # of the batch by which rows a second are counted
MOST_CALLS = 300


def inspect(version: Path) -> dict[str, list[str]]:
    """The operations of a version's graph that a server may lack, or that reach outside.

    Args:
        version: the folder.

    Returns:
        By "foreign" those that are not TensorFlow's, or need Python; by "outside" those that reach
        files, the network or other processes, apart from the reading and writing of the version's
        own variables.

    Raises:
        OSError, google.protobuf.message.DecodeError: where there is no graph to be read.
    """
    from tensorflow.core.protobuf import saved_model_pb2
    from tensorflow.python.framework import op_def_registry

    saved = saved_model_pb2.SavedModel.FromString((version / "saved_model.pb").read_bytes())
    foreign: set[str] = set()
    outside: set[str] = set()
    for meta in saved.meta_graphs:
        functions = {f.signature.name: f for f in meta.graph_def.library.function}
        own = _saver_functions(meta, functions)
        for name, nodes in _all_nodes(meta):
            for node in nodes:
                op = node.op
                if op in functions:
                    continue
                if op_def_registry.get(op) is None or "PyFunc" in op:
                    foreign.add(op)
                if _OUTSIDE.search(op) and op not in own.get(name, ()):
                    outside.add(op)
        for asset in meta.asset_file_def:
            if Path(asset.filename).is_absolute() or ".." in Path(asset.filename).parts:
                outside.add(f"asset {asset.filename}")
    return {"foreign": sorted(foreign), "outside": sorted(outside)}


def _all_nodes(meta: Any) -> Iterator[tuple[str, Iterable[Any]]]:
    """The nodes of the graph, and of each function by its name."""
    yield "", meta.graph_def.node
    for function in meta.graph_def.library.function:
        yield function.signature.name, function.node_def


def _saver_functions(meta: Any, functions: Mapping[str, Any]) -> dict[str, set[str]]:
    """The functions that save and restore the version's own variables, and their operations.

    They are called once, by the node that the saver names, with the path that whoever loads the
    version gives; what is restored is read from that path and from no other.
    """
    saver = meta.saver_def
    users: dict[str, list[str]] = {}
    for _, nodes in _all_nodes(meta):
        for node in nodes:
            for used in _functions_of(node):
                users.setdefault(used, []).append(node.name)
    allowed = {
        saver.save_tensor_name.partition(":")[0]: _SAVES,
        saver.restore_op_name: _RESTORES,
    }
    operations = {}
    for node in meta.graph_def.node:
        if node.name not in allowed or node.op not in _CALLS:
            continue
        if list(node.input[:1]) != [saver.filename_tensor_name.partition(":")[0]]:
            continue
        name = node.attr["f"].func.name
        function = functions.get(name)
        if function is None or users.get(name) != [node.name] or not function.signature.input_arg:
            continue
        path = function.signature.input_arg[0].name
        reads = [n for n in function.node_def if n.op == "RestoreV2"]
        if all(n.input[0] == path for n in reads):
            operations[name] = allowed[node.name]
    return operations


def _functions_of(node: Any) -> Iterator[str]:
    """The names of the functions that a node may call."""
    yield node.op
    for value in node.attr.values():
        if value.HasField("func"):
            yield value.func.name
        for function in value.list.func:
            yield function.name


def ask(version: Path, requests: Iterable[Mapping[str, Any]], seconds: float) -> dict[str, Any]:
    """Loads a version, and sends requests to it.

    Args:
        version: the folder.
        requests: each with "signature", its name, and "inputs", lists of rows by name.
        seconds: for how long the speed of each signature is measured; 0: not at all.

    Returns:
        "signatures": by name, dtype and shape of inputs and outputs; "answers": outputs by name,
        one for each request; "speed": by signature.
    """
    import tensorflow as tf

    loaded = tf.saved_model.load(str(version))
    report: dict[str, Any] = {"signatures": {}, "answers": [], "speed": {}}
    for name, signature in loaded.signatures.items():
        specs = signature.structured_input_signature[1]
        report["signatures"][name] = {
            "inputs": _described(specs),
            "outputs": _described(signature.structured_outputs),
        }
    for request in requests:
        signature = loaded.signatures[request["signature"]]
        specs = signature.structured_input_signature[1]
        inputs = {k: tf.constant(v, specs[k].dtype) for k, v in request["inputs"].items()}
        begun = time.perf_counter()
        outputs = {name: value.numpy() for name, value in signature(**inputs).items()}
        first = time.perf_counter() - begun
        report["answers"].append({name: _plain(value) for name, value in outputs.items()})
        if seconds and request["signature"] not in report["speed"]:
            speed = _measured(signature, inputs, seconds)
            report["speed"][request["signature"]] = {"first": first, **speed}
    return report


def _described(specs: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: {
            "dtype": spec.dtype.name,
            "shape": None if spec.shape.rank is None else spec.shape.as_list(),
        }
        for name, spec in specs.items()
    }


def _plain(value: Any) -> Any:
    values = value.tolist()
    return _decoded(values) if value.dtype == object else values


def _decoded(value: Any) -> Any:
    if isinstance(value, bytes):
        return value.decode(errors="backslashreplace")
    return [_decoded(v) for v in value] if isinstance(value, list) else value


def _measured(signature: Any, inputs: Mapping[str, Any], seconds: float) -> dict[str, float]:
    """Seconds that half, and 99 of 100, answers to one row take at most; and rows a second."""
    import tensorflow as tf

    one = {name: values[:1] for name, values in inputs.items()}
    times = sorted(_timed(signature, one, seconds / 2))
    rows = {k: tf.gather(v, tf.range(ROWS) % len(v)) for k, v in inputs.items()}
    batches = _timed(signature, rows, seconds / 2)
    return {
        "p50": times[len(times) // 2],
        "p99": times[min(int(len(times) * 0.99), len(times) - 1)],
        "calls": len(times),
        "rows_per_second": ROWS * len(batches) / sum(batches),
    }


def _timed(signature: Any, inputs: Mapping[str, Any], seconds: float) -> list[float]:
    """The time of each call, once a few have gone before."""
    for _ in range(3):
        signature(**inputs)
    times: list[float] = []
    until = time.perf_counter() + seconds
    while not times or (time.perf_counter() < until and len(times) < MOST_CALLS):
        begun = time.perf_counter()
        for value in signature(**inputs).values():
            value.numpy()
        times.append(time.perf_counter() - begun)
    return times


def main() -> None:
    """Does what is asked on the input; an error is an answer, too."""
    for name in ("seqkit", "keras"):
        sys.modules[name] = None  # type: ignore[assignment]
    asked = json.load(sys.stdin)
    version = Path(asked["version"])
    report: dict[str, Any] = {}
    try:
        import tensorflow as tf

        report["tensorflow"] = tf.__version__
        report |= inspect(version)
        if asked["load"] and not (report["foreign"] or report["outside"]):
            report |= ask(version, asked["requests"], asked["seconds"])
    except Exception as error:
        report["error"] = f"{type(error).__name__}: {error}"
    Path(sys.argv[1]).write_text(json.dumps(report), encoding="utf-8")


if __name__ == "__main__":
    main()
