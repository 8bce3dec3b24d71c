"""Exports that were changed and signed anew, so that their digests are right: `verify` refuses each
whose answers are not the card's, and nothing of them runs that reaches outside."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tensorflow as tf
from tensorflow.core.framework import types_pb2
from tensorflow.core.protobuf import saved_model_pb2

from seqkit.serving import verification, verify
from seqkit.serving.json_rows import columns_of
from seqkit.serving.versions import digest_of_card, digests
from tests.serving.exported import card, exported
from tests.serving.quick_probes import quick_probes

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="it has no fork")

GRAPH, INDEX, DATA = (
    "saved_model.pb",
    "variables/variables.index",
    "variables/variables.data-00000-of-00001",
)
KINDS = ("flip", "flips", "cut", "zeros", "swap variables", "scale", "remove", "other", "operation")
# Operations that reach outside, with the attributes that they need.
OUTSIDE = ("WriteFile", "ReadFile", "Print", "PyFunc", "SaveV2", "MatchingFiles", "RestoreV2")


@pytest.fixture(scope="module")
def probes():
    with quick_probes() as running:
        yield running


def mutate(version: Path, kind: str, rng: np.random.Generator, marker: Path) -> str:
    """Changes a version, and says how."""
    path = version / str(rng.choice([GRAPH, INDEX, DATA], p=[0.4, 0.2, 0.4]))
    data = bytearray(path.read_bytes())
    at = int(rng.integers(len(data)))
    if kind in ("flip", "flips"):
        for position in [at, *rng.integers(len(data), size=7 * (kind == "flips"))]:
            data[position] ^= 1 << int(rng.integers(8))
    elif kind == "cut":
        del data[at:]
    elif kind == "zeros":
        data[at : at + 64] = bytes(len(data[at : at + 64]))
    elif kind in ("swap variables", "scale"):
        return weights(version, kind, rng)
    elif kind == "remove":
        gone = sorted(p for p in version.rglob("*") if p.is_file() and p.name != "model_card.json")
        gone[at % len(gone)].unlink()
        return f"{gone[at % len(gone)].name} removed"
    elif kind == "other":  # the file of another model
        data = bytearray((exported("regressor") / path.relative_to(version)).read_bytes())
    else:
        return insert(version, rng, marker)
    path.write_bytes(data)
    return f"{path.name}: {kind} at {at}"


def weights(version: Path, kind: str, rng: np.random.Generator) -> str:
    """Exchanges two variables of one shape, or doubles one; checksums are right."""
    prefix = str(version / "variables" / "variables")
    reader = tf.train.load_checkpoint(prefix)
    dtypes = reader.get_variable_to_dtype_map()
    tensors = {name: reader.get_tensor(name) for name in sorted(dtypes)}
    numbers = [n for n in tensors if dtypes[n] == tf.float32 and tensors[n].any()]
    if kind == "scale":
        a = numbers[rng.integers(len(numbers))]
        tensors[a], done = 2 * tensors[a], f"{a} doubled"
    else:
        shapes = {name: tensors[name].shape for name in numbers}
        pairs = [(a, b) for a in numbers for b in numbers if a < b and shapes[a] == shapes[b]]
        a, b = pairs[rng.integers(len(pairs))]
        tensors[a], tensors[b], done = tensors[b], tensors[a], f"{a} and {b} exchanged"
    values = [
        tf.constant(value, tf.string if dtypes[name] == tf.string else None)
        for name, value in tensors.items()
    ]
    tf.raw_ops.SaveV2(
        prefix=prefix,
        tensor_names=[*tensors],
        shape_and_slices=[""] * len(tensors),
        tensors=values,
    )
    return done


def insert(version: Path, rng: np.random.Generator, marker: Path) -> str:
    """Has a function of the graph, or the graph, reach outside."""
    path = version / GRAPH
    saved = saved_model_pb2.SavedModel.FromString(path.read_bytes())
    graph = saved.meta_graphs[0].graph_def
    op = str(rng.choice(OUTSIDE))
    bodies = [graph.node, *(function.node_def for function in graph.library.function)]
    nodes = bodies[rng.integers(len(bodies))]
    suffix = "" if nodes is bodies[0] else ":output:0"
    for name, text in (("marker_path", str(marker)), ("marker_text", "here")):
        constant = nodes.add(name=name, op="Const")
        constant.attr["dtype"].type = types_pb2.DT_STRING
        constant.attr["value"].tensor.CopyFrom(tf.make_tensor_proto(text))
    node = nodes.add(name="reaches_outside", op=op)
    node.input.extend([f"marker_path{suffix}", f"marker_text{suffix}"])
    path.write_bytes(saved.SerializeToString())
    return f"{op} in one of {len(bodies)} bodies"


def told_otherwise(report: dict[str, Any], told: dict[str, Any]) -> bool:
    """Whether answers are not the card's, by numpy."""
    signatures = {k: s for k, s in told["signatures"].items() if "example" in s}
    for (_, signature), answer in zip(signatures.items(), report["answers"], strict=True):
        predictions = signature["example"]["answer"]["predictions"]
        for key, told_of_key in columns_of(predictions, list(signature["outputs"])).items():
            got: Any = np.asarray(answer.get(key))
            expected: Any = np.asarray(told_of_key)
            if got.shape != expected.shape:
                return True
            if expected.dtype.kind == "f":
                got = got.astype(float)
                if not np.allclose(got, expected, rtol=2e-5, atol=2e-5, equal_nan=True):
                    return True
            elif got.tolist() != expected.tolist():
                return True
    return False


@pytest.mark.parametrize(
    "seed", [*range(20), *(pytest.param(s, marks=pytest.mark.slow) for s in range(20, 500))]
)
def test_what_is_signed_anew_is_seen_by_its_answers(seed, probes, tmp_path, monkeypatch):
    monkeypatch.setattr(verification, "_probed", probes)
    probes.reports.clear()
    rng, kind = np.random.default_rng(seed), KINDS[seed % len(KINDS)]
    name = ("classifier", "text")[seed // len(KINDS) % 2]
    version = Path(shutil.copytree(exported(name), tmp_path / "m" / "1"))
    before, marker = digests(version), tmp_path / "marker"
    done = mutate(version, kind, rng, marker)
    assert digests(version) != before, done
    told = card(version) | {"files": digests(version)}
    told["sha256"] = digest_of_card(told)
    (version / "model_card.json").write_text(json.dumps(told))
    present = sorted(tmp_path.rglob("*"))

    verified = verify(version, seconds=0, timeout=120)

    assert sorted(tmp_path.rglob("*")) == present, done
    (report,) = probes.reports
    if "answers" not in report or told_otherwise(report, told):
        assert not verified.ok, done
    else:
        assert verified.compared == len(report["answers"])
    if kind == "operation" and "V2 in" not in done:  # those may stand in the saver's functions
        assert "answers" not in report, done
        assert any("was not loaded" in fault for fault in verified.faults), (done, verified)
    if kind in ("swap variables", "scale"):
        assert report["answers"], done


def test_what_is_not_changed_is_good(probes, monkeypatch):
    """So that the quick probes find what `verify` does."""
    monkeypatch.setattr(verification, "_probed", probes)
    probes.reports.clear()
    quick = verify(exported("classifier"), seconds=0)
    assert quick.ok
    assert quick.compared == 1
    assert not told_otherwise(probes.reports[-1], card(exported("classifier")))
