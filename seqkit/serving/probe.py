"""Looks into an exported version, and asks it, by the runtime of its format alone.

`seqkit.serving.verify` runs this file in a process of its own, in which neither seqkit nor Keras,
nor TensorFlow where the format is another's, can be imported. What it is to do comes as JSON on its
input; what it found goes as JSON to the file that its argument names. Before the model is loaded
its graph is read, which runs none of it.
"""

from __future__ import annotations

import json
import re
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
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
    version gives; what is restored is read from that path and from no other. No signature, and no
    other node, has that node run.
    """
    saver = meta.saver_def
    run = {name.lstrip("^").partition(":")[0] for n in meta.graph_def.node for name in n.input}
    for signature in meta.signature_def.values():
        tensors = [*signature.inputs.values(), *signature.outputs.values()]
        run |= {tensor.name.partition(":")[0] for tensor in tensors}
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
        if node.name not in allowed or node.name in run or node.op not in _CALLS:
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


def inspect_onnx(version: Path) -> dict[str, list[str]]:
    """As `inspect`: operations that are not ONNX's, and files beside that weights are read from."""
    import onnx

    model = onnx.ModelProto.FromString((version / "model.onnx").read_bytes())
    opsets = {entry.domain: entry.version for entry in model.opset_import}
    foreign, outside = set(), set()
    for message in _messages(model):
        kind = type(message).__name__
        if kind == "NodeProto":
            name, opset = message.op_type, opsets.get("", 1)
            if message.domain not in ("", "ai.onnx") or not onnx.defs.has(name, opset):
                foreign.add(f"{message.domain}.{name}".lstrip("."))
        elif kind == "TensorProto" and (message.external_data or message.data_location):
            outside.add(f"weights in another file: {message.name}")
    return {"foreign": sorted(foreign), "outside": sorted(outside)}


def _messages(message: Any) -> Iterator[Any]:
    """A message of protobuf and all within it."""
    from google.protobuf.message import Message

    yield message
    for field, value in message.ListFields():
        if field.message_type is not None:
            for inner in [value] if isinstance(value, Message) else value:
                yield from _messages(inner)


def inspect_litert(version: Path) -> dict[str, list[str]]:
    """As `inspect`: operations that are not built into LiteRT, such as TensorFlow's own, which may
    be any; and buffers that are read from behind the model."""
    from ai_edge_litert import schema_py_generated as schema

    data = (version / "model.tflite").read_bytes()
    if data[4:8] != b"TFL3":
        raise ValueError("model.tflite is no LiteRT file")
    model = schema.Model.GetRootAs(data, 0)
    foreign = set()
    for k in range(model.OperatorCodesLength()):
        code = model.OperatorCodes(k)
        number = max(code.BuiltinCode(), code.DeprecatedBuiltinCode())
        if code.CustomCode() or number == schema.BuiltinOperator.CUSTOM:
            foreign.add((code.CustomCode() or b"custom").decode(errors="backslashreplace"))
    return {"foreign": sorted(foreign), "outside": []}


class SavedModel:
    """TensorFlow with a version."""

    def __init__(self, version: Path, names: Sequence[str]) -> None:
        import tensorflow as tf

        self._loaded = tf.saved_model.load(str(version))

    @staticmethod
    def runtime() -> str:
        """Names the runtime, and its version."""
        import tensorflow as tf

        return f"TensorFlow {tf.__version__}"

    def signatures(self) -> dict[str, Any]:
        """By name, dtype and shape of inputs and outputs."""
        return {
            name: {
                "inputs": self._described(signature.structured_input_signature[1]),
                "outputs": self._described(signature.structured_outputs),
            }
            for name, signature in self._loaded.signatures.items()
        }

    def prepared(self, name: str, inputs: Mapping[str, Any]) -> Callable[[], dict[str, Any]]:
        """A call that gives the answer of a signature, arrays by name."""
        import tensorflow as tf

        signature = self._loaded.signatures[name]
        specs = signature.structured_input_signature[1]
        tensors = {k: tf.constant(v, specs[k].dtype) for k, v in inputs.items()}
        return lambda: {k: value.numpy() for k, value in signature(**tensors).items()}

    @staticmethod
    def _described(specs: Mapping[str, Any]) -> dict[str, Any]:
        return {
            name: {
                "dtype": spec.dtype.name,
                "shape": None if spec.shape.rank is None else spec.shape.as_list(),
            }
            for name, spec in specs.items()
        }


class Onnx:
    """ONNX Runtime with a version, whose one signature has the name that the card gives it."""

    _DTYPES = {"float": "float32", "double": "float64"}

    def __init__(self, version: Path, names: Sequence[str]) -> None:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(
            str(version / "model.onnx"), options, providers=["CPUExecutionProvider"]
        )
        self._signature = next(iter(names), "serving_default")

    @staticmethod
    def runtime() -> str:
        """As of a SavedModel."""
        import onnxruntime

        return f"ONNX Runtime {onnxruntime.__version__}"

    def signatures(self) -> dict[str, Any]:
        """As of a SavedModel; the shape is None where the file does not tell it."""
        sides = {"inputs": self._session.get_inputs(), "outputs": self._session.get_outputs()}
        return {
            self._signature: {
                side: {tensor.name: self._described(tensor) for tensor in tensors}
                for side, tensors in sides.items()
            }
        }

    def prepared(self, name: str, inputs: Mapping[str, Any]) -> Callable[[], dict[str, Any]]:
        """As of a SavedModel."""
        import numpy as np

        parts = self.signatures()[name]
        feeds = {k: np.asarray(v, parts["inputs"][k]["dtype"]) for k, v in inputs.items()}
        return lambda: dict(zip(parts["outputs"], self._session.run(None, feeds), strict=True))

    def _described(self, tensor: Any) -> dict[str, Any]:
        kind = tensor.type.removeprefix("tensor(").removesuffix(")")
        shape = [size if isinstance(size, int) else None for size in tensor.shape]
        return {"dtype": self._DTYPES.get(kind, kind), "shape": shape or None}


class LiteRT:
    """LiteRT's interpreter with a version, which has one signature; rows go one after another."""

    def __init__(self, version: Path, names: Sequence[str]) -> None:
        from ai_edge_litert.interpreter import Interpreter

        self._interpreter = Interpreter(model_path=str(version / "model.tflite"))
        self._run = self._interpreter.get_signature_runner()
        self._signature = next(iter(names), "serving_default")

    @staticmethod
    def runtime() -> str:
        """As of a SavedModel."""
        from importlib.metadata import version

        return f"LiteRT {version('ai_edge_litert')}"

    def signatures(self) -> dict[str, Any]:
        """As of a SavedModel; the shape is None where the file does not tell it."""
        sides = {
            "inputs": self._run.get_input_details(),
            "outputs": self._run.get_output_details(),
        }
        return {
            self._signature: {
                side: {name: self._described(detail) for name, detail in details.items()}
                for side, details in sides.items()
            }
        }

    def prepared(self, name: str, inputs: Mapping[str, Any]) -> Callable[[], dict[str, Any]]:
        """As of a SavedModel."""
        import numpy as np

        specs = self.signatures()[name]["inputs"]
        feeds = {k: np.asarray(v, specs[k]["dtype"]) for k, v in inputs.items()}
        count = len(next(iter(feeds.values())))
        rows = [{k: values[i : i + 1] for k, values in feeds.items()} for i in range(count)]

        def call() -> dict[str, Any]:
            answers = [self._run(**row) for row in rows]
            return {k: np.concatenate([a[k] for a in answers]) for k in answers[0]}

        return call

    @staticmethod
    def _described(detail: Mapping[str, Any]) -> dict[str, Any]:
        import numpy as np

        dtype = np.dtype(detail["dtype"])
        shape = [None if size < 0 else int(size) for size in detail["shape_signature"]]
        return {"dtype": "string" if dtype.kind in "SO" else dtype.name, "shape": shape or None}


# By format: what reads a version without running it, and what runs it.
RUNTIMES: dict[str, tuple[Callable[[Path], dict[str, list[str]]], Any]] = {
    "saved_model": (inspect, SavedModel),
    "onnx": (inspect_onnx, Onnx),
    "litert": (inspect_litert, LiteRT),
}


def ask(runtime: Any, requests: Iterable[Mapping[str, Any]], seconds: float) -> dict[str, Any]:
    """Sends requests to a version that is loaded.

    Args:
        runtime: with the version.
        requests: each with "signature", its name, and "inputs", lists of rows by name.
        seconds: for how long the speed of each signature is measured; 0: not at all.

    Returns:
        "signatures": by name, dtype and shape of inputs and outputs; "answers": outputs by name,
        one for each request; "speed": by signature.
    """
    report: dict[str, Any] = {"signatures": runtime.signatures(), "answers": [], "speed": {}}
    for request in requests:
        name, inputs = request["signature"], request["inputs"]
        call = runtime.prepared(name, inputs)
        begun = time.perf_counter()
        outputs = call()
        first = time.perf_counter() - begun
        report["answers"].append({key: _plain(value) for key, value in outputs.items()})
        if seconds and name not in report["speed"]:
            one = {key: values[:1] for key, values in inputs.items()}
            many = {k: [v[i % len(v)] for i in range(ROWS)] for k, v in inputs.items()}
            speed = _measured(runtime.prepared(name, one), runtime.prepared(name, many), seconds)
            report["speed"][name] = {"first": first, **speed}
    return report


def _plain(value: Any) -> Any:
    values = value.tolist()
    return _decoded(values) if value.dtype.kind in "OSU" else values


def _decoded(value: Any) -> Any:
    if isinstance(value, bytes):
        return value.decode(errors="backslashreplace")
    return [_decoded(v) for v in value] if isinstance(value, list) else value


def _measured(
    one: Callable[[], object], many: Callable[[], object], seconds: float
) -> dict[str, float]:
    """Seconds that half, and 99 of 100, answers to one row take at most; and rows a second."""
    times = sorted(_timed(one, seconds / 2))
    batches = _timed(many, seconds / 2)
    return {
        "p50": times[len(times) // 2],
        "p99": times[min(int(len(times) * 0.99), len(times) - 1)],
        "calls": len(times),
        "rows_per_second": ROWS * len(batches) / sum(batches),
    }


def _timed(call: Callable[[], object], seconds: float) -> list[float]:
    """The time of each call, once a few have gone before."""
    for _ in range(3):
        call()
    times: list[float] = []
    until = time.perf_counter() + seconds
    while not times or (time.perf_counter() < until and len(times) < MOST_CALLS):
        begun = time.perf_counter()
        call()
        times.append(time.perf_counter() - begun)
    return times


def main() -> None:
    """Does what is asked on the input; an error is an answer, too."""
    asked = json.load(sys.stdin)
    absent = ["seqkit", "keras"]
    if asked["format"] != "saved_model":
        absent.append("tensorflow")
    for name in absent:
        sys.modules[name] = None  # type: ignore[assignment]
    version = Path(asked["version"])
    look, load = RUNTIMES[asked["format"]]
    report: dict[str, Any] = {}
    try:
        report["runtime"] = load.runtime()
        report |= look(version)
        if asked["load"] and not (report["foreign"] or report["outside"]):
            runtime = load(version, asked["signatures"])
            report |= ask(runtime, asked["requests"], asked["seconds"])
    except Exception as error:
        report["error"] = f"{type(error).__name__}: {error}"
    Path(sys.argv[1]).write_text(json.dumps(report), encoding="utf-8")


if __name__ == "__main__":
    main()
