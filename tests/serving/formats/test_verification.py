"""`verify` and `describe` of ONNX and LiteRT: by their runtimes, without TensorFlow."""

from __future__ import annotations

import ast
import contextlib
import functools
import io
import json
import re
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from ai_edge_litert import schema_py_generated as schema

from seqkit.cli.main import main as seqkit_main
from seqkit.extras import MissingExtraError
from seqkit.serving import describe, verify
from seqkit.serving.__main__ import main
from seqkit.serving.probe import inspect_litert, inspect_onnx
from seqkit.serving.versions import FILES
from tests.conformance.estimators import fitted, named
from tests.serving.exported import card
from tests.serving.test_verification import sign

FORMATS = ("onnx", "litert")
BOTH = pytest.mark.parametrize("format", FORMATS)


@functools.cache
def root() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="seqkit-formats-")


@functools.cache
def converted(name: str, format: str) -> Path:
    """A version in this format, made once; tests copy it where they change it."""
    options: dict[str, Any] = {"steps": 12} if format == "litert" else {}
    folder = Path(root().name, f"{name}_{format}")
    return Path(fitted(named(name)).export(folder, format=format, **options))


def copy_of(format: str, folder: Path) -> Path:
    return Path(shutil.copytree(converted("classifier", format), folder / "1"))


@BOTH
@pytest.mark.parametrize(
    "name",
    [
        "classifier",
        pytest.param("regressor", marks=pytest.mark.slow),
        pytest.param("numeric_tagger", marks=pytest.mark.slow),
        pytest.param("forecaster", marks=pytest.mark.slow),
    ],
)
def test_exports_are_good(name, format):
    verified = verify(converted(name, format), seconds=0.1)
    assert verified.faults == ()
    assert verified.compared == 1
    assert verified.foreign == verified.outside == ()
    assert verified.tensorflow is None
    (speed,) = verified.speed.values()
    assert 0 < speed.p50 <= speed.p99
    assert speed.rows_per_second > 0
    runtime = {"onnx": "ONNX Runtime", "litert": "LiteRT"}[format]
    assert re.search(rf"  {runtime} \d.*, without seqkit, Keras and TensorFlow\n", str(verified))


@pytest.mark.slow
def test_a_signature_of_another_name(tmp_path):
    model = fitted(named("classifier"))
    model.export(tmp_path, format="onnx", signatures=["lengths"])
    assert verify(tmp_path, seconds=0).faults == ()


@BOTH
def test_damage_is_seen_and_not_loaded(format, tmp_path):
    version = copy_of(format, tmp_path)
    path = version / FILES[format]
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    verified = verify(version, seconds=0)
    assert verified.faults == (f"{path.name} is not as it was exported.",)
    path.unlink()
    assert f"{path.name} is missing" in str(verify(version))
    assert verify(tmp_path).compared == 0


@BOTH
def test_weights_that_were_changed_and_signed_anew_are_seen_by_the_answers(format, tmp_path):
    version = copy_of(format, tmp_path)
    path = version / FILES[format]
    weights = fitted(named("classifier")).model_.get_weights()
    kernel = max(weights, key=np.size)
    for held in (kernel.tobytes(), kernel.T.tobytes()):
        if held in path.read_bytes():
            path.write_bytes(path.read_bytes().replace(held, np.roll(kernel, 1).tobytes()))
            break
    else:  # the largest block of numbers, in whatever order they are
        data = bytearray(path.read_bytes())
        middle = len(data) // 2 // 4 * 4
        data[middle : middle + 400] = bytes(400)
        path.write_bytes(data)
    sign(version)
    verified = verify(version, seconds=0)
    assert not verified.ok
    assert any("is not as the card has it" in fault for fault in verified.faults) or (
        "cannot be loaded" in str(verified)
    )


@BOTH
def test_other_answers_and_signatures(format, tmp_path):
    version = copy_of(format, tmp_path)
    signatures = card(version)["signatures"]
    parts = signatures["serving_default"]
    parts["example"]["answer"]["predictions"][0]["label"] += "?"
    parts["example"]["answer"]["predictions"][1]["probabilities"][0] += 1e-3
    parts["inputs"]["inputs"]["shape"][2] = 3
    sign(version, signatures=signatures)
    told = str(verify(version, seconds=0))
    assert "signature serving_default: the inputs are not those of the card" in told
    assert "signature serving_default: label is not as the card has it, in 1 places" in told
    assert "signature serving_default: probabilities is not as the card has it" in told


def test_weights_in_another_file_and_operations_that_are_not_onnxs(tmp_path):
    version = copy_of("onnx", tmp_path)
    path = version / "model.onnx"
    model = onnx.ModelProto.FromString(path.read_bytes())
    assert inspect_onnx(version) == {"foreign": [], "outside": []}
    (tmp_path / "secret").write_bytes(bytes(64))
    tensor = model.graph.initializer[0]
    tensor.data_location = onnx.TensorProto.EXTERNAL
    tensor.external_data.add(key="location", value="../secret")
    loop = next(node for node in model.graph.node if node.op_type in ("Loop", "Scan", "GRU"))
    loop.domain = "com.example"
    path.write_bytes(model.SerializeToString())
    sign(version)
    verified = verify(version, seconds=0)
    assert verified.foreign == (f"com.example.{loop.op_type}",)
    assert verified.outside == (f"weights in another file: {tensor.name}",)
    assert "operations that ONNX lacks, and was not loaded" in str(verified)
    assert verified.compared == 0


def test_operations_that_are_not_litert_s(tmp_path):
    version = copy_of("litert", tmp_path)
    path = version / "model.tflite"
    assert inspect_litert(version) == {"foreign": [], "outside": []}
    import flatbuffers

    model = schema.ModelT.InitFromObj(schema.Model.GetRootAs(path.read_bytes(), 0))
    model.operatorCodes[0].builtinCode = schema.BuiltinOperator.CUSTOM
    model.operatorCodes[0].customCode = "FlexWriteFile"
    builder = flatbuffers.Builder(1024)
    builder.Finish(model.Pack(builder), b"TFL3")
    path.write_bytes(bytes(builder.Output()))
    sign(version)
    verified = verify(version, seconds=0)
    assert verified.foreign == ("FlexWriteFile",)
    assert "operations that LiteRT lacks, and was not loaded: FlexWriteFile" in str(verified)
    path.write_bytes(b"no model")
    sign(version)
    assert "It cannot be loaded: ValueError: model.tflite is no LiteRT file" in str(verify(version))


@BOTH
def test_a_version_without_its_card(format, tmp_path):
    version = copy_of(format, tmp_path)
    (version / "model_card.json").unlink()
    verified = verify(version)
    assert verified.faults == ("There is no model_card.json: this was not exported by seqkit.",)
    with pytest.raises(ValueError, match="There is no model_card"):
        describe(version)


@pytest.mark.parametrize(
    ("format", "package"),
    [("onnx", "onnx"), ("onnx", "onnxruntime"), ("litert", "ai_edge_litert")],
)
def test_the_extra_is_named(format, package, monkeypatch):
    version = converted("classifier", format)
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(MissingExtraError, match=rf"verify of format '{format}' needs {package}: "):
        verify(version)


@BOTH
def test_the_program_of_the_description_gets_the_answer_of_the_card(format):
    version = converted("classifier", format)
    (text,) = describe(version).files.values()
    assert (
        "| `inputs` | float32 | " + {"onnx": "(batch, any, 2)", "litert": "(1, 12, 2)"}[format]
        in text
    )
    (program,) = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(program, {})
    answer = ast.literal_eval(printed.getvalue())
    (parts,) = card(version)["signatures"].values()
    for k, row in enumerate(parts["example"]["answer"]["predictions"]):
        np.testing.assert_allclose(answer["probabilities"][k], row["probabilities"], atol=1e-5)
        label = answer["label"][k]
        assert (label.decode() if isinstance(label, bytes) else label) == row["label"]


@pytest.mark.slow
@BOTH
def test_from_a_shell(format, tmp_path, capsys):
    file = str(fitted(named("classifier")).save(tmp_path / "m.seqkit"))
    steps = ["--steps", "12"] if format == "litert" else []
    for number, command in enumerate((main, seqkit_main), 1):
        folder = str(tmp_path / "m")
        assert command(["export", file, folder, "--format", format, *steps]) == 0
        version = tmp_path / "m" / str(number)
        assert json.loads((version / "model_card.json").read_text())["model"]["format"] == format
        assert command(["verify", folder, "--seconds", "0"]) == 0
        assert f"{number}: good" in capsys.readouterr().out
        assert command(["describe", folder]) == 0
        assert "pip install" in capsys.readouterr().out


def test_texts_are_refused_with_the_reason(tmp_path, capsys):
    file = str(fitted(named("text")).save(tmp_path / "m.seqkit"))
    for command in (main, seqkit_main):
        assert command(["export", file, str(tmp_path / "m"), "--format", "onnx"]) == 2
        assert "format='onnx' is for models that read numbers" in capsys.readouterr().err
