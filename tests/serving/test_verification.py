"""`verify` finds good exports good, and says what is wrong with others, running nothing of them."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
import tensorflow as tf
from tensorflow.core.protobuf import saved_model_pb2

import seqkit
from seqkit.serving import verify
from seqkit.serving.__main__ import main
from seqkit.serving.probe import inspect
from seqkit.serving.versions import digest_of_card, digests
from tests.conformance.estimators import fitted, named
from tests.serving.exported import card, every_export, exported


def copy_of(name: str, folder: Path) -> Path:
    """A version that a test may change."""
    return Path(shutil.copytree(exported(name), folder / "1"))


def sign(version: Path, **changed: object) -> None:
    """Makes the card say of its files, and of itself, that they are as they were written."""
    told = {**card(version), "files": digests(version), **changed}
    told["sha256"] = digest_of_card(told)
    (version / "model_card.json").write_text(json.dumps(told))


@every_export
def test_exports_are_good(name):
    found = verify(exported(name), seconds=0.1)
    assert found.faults == ()
    assert found.ok
    assert found.foreign == found.outside == ()
    assert found.compared == len(card(exported(name))["signatures"])
    assert found.tensorflow == tf.__version__
    assert found.speed.keys() == card(exported(name))["signatures"].keys()
    for speed in found.speed.values():
        assert 0 < speed.p50 <= speed.p99
        assert speed.rows_per_second > 0
    assert "good" in str(found)
    assert "p99" in str(found)


def test_the_newest_version_is_checked_and_a_version_where_one_is_given(tmp_path):
    good, bad = copy_of("classifier", tmp_path), tmp_path / "10"
    shutil.copytree(good, bad)
    (bad / "saved_model.pb").write_bytes(b"")
    assert not verify(tmp_path).ok
    assert verify(good, seconds=0).ok
    with pytest.raises(FileNotFoundError, match="directory must be a model's folder, with versi"):
        verify(tmp_path / "1" / "variables")


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (lambda v: (v / "saved_model.pb").unlink(), "saved_model.pb is missing"),
        (lambda v: (v / "variables/more").write_text(""), "variables/more is not of this version"),
        (
            lambda v: (v / "assets.extra/labels.json").write_text("[]"),
            "assets.extra/labels.json is not as it was exported",
        ),
        (lambda v: (v / "model_card.json").unlink(), "There is no model_card.json"),
        (lambda v: (v / "model_card.json").write_text("{"), "model_card.json cannot be read"),
        (lambda v: (v / "model_card.json").write_text("[]"), "model_card.json cannot be read"),
        (
            lambda v: (v / "model_card.json").write_text(
                (v / "model_card.json").read_text().replace('"units": 8', '"units": 9')
            ),
            "model_card.json is not as it was written",
        ),
        (
            lambda v: (
                (v / "saved_model.pb").rename(v.parent / "x"),
                (v / "saved_model.pb").symlink_to(v.parent / "x"),
            ),
            "saved_model.pb is not as it was exported",
        ),
    ],
)
def test_files_that_are_not_those_of_the_export(change, fault, tmp_path):
    version = copy_of("classifier", tmp_path)
    change(version)
    found = verify(version)
    assert not found.ok
    assert fault in str(found)


def test_other_answers(tmp_path):
    version = copy_of("classifier", tmp_path)
    signatures = card(version)["signatures"]
    row = signatures["serving_default"]["example"]["answer"]["predictions"][1]
    row["probabilities"][0] += 2e-5
    row["label"] += "?"
    sign(version, signatures=signatures)
    found = verify(version, seconds=0)
    assert {fault.partition(" is not")[0] for fault in found.faults} == {
        "signature serving_default: label",
        "signature serving_default: probabilities",
    }
    row["probabilities"][0] -= 1.6e-5  # 4e-6 off
    row["label"] = row["label"][:-1]
    sign(version, signatures=signatures)
    assert verify(version, seconds=0).ok


def test_other_signatures(tmp_path):
    version = copy_of("classifier", tmp_path)
    signatures = card(version)["signatures"]
    signatures["serving_default"]["outputs"]["label"]["dtype"] = "int64"
    signatures["more"] = {"inputs": {}, "outputs": {}}
    sign(version, signatures=signatures)
    told = str(verify(version, seconds=0))
    assert "Signature more is in the card alone" in told
    assert "the outputs are not those of the card" in told


def test_a_card_without_examples(tmp_path):
    version = fitted(named("classifier")).export(tmp_path, include_example=False)
    assert "model_card.json has no examples" in str(verify(version, seconds=0))


def test_a_card_that_lacks_parts(tmp_path):
    version = copy_of("classifier", tmp_path)
    sign(version, signatures={"serving_default": {"example": {}}})
    assert "model_card.json is malformed: KeyError" in str(verify(version, seconds=0))


def test_a_process_that_takes_too_long_or_finds_no_graph(tmp_path):
    assert "no answer within 0.01 seconds" in str(verify(exported("classifier"), timeout=0.01))
    version = copy_of("classifier", tmp_path)
    (version / "saved_model.pb").write_bytes(b"no graph")
    sign(version)
    assert "It cannot be loaded: DecodeError" in str(verify(version))


class Writes(tf.Module):
    """A model that writes a file when it is asked, and another when it is loaded."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.folder = str(folder)
        self.variable = tf.Variable(1.0)

    @tf.function(input_signature=[tf.TensorSpec((None,), tf.float32, "inputs")])
    def serve(self, inputs):
        tf.io.write_file(f"{self.folder}/asked", "x")
        return {"values": inputs * self.variable}


def test_a_graph_that_reaches_outside_is_told_and_not_run(tmp_path):
    model = Writes(tmp_path)
    version = tmp_path / "m" / "1"
    tf.saved_model.save(model, version, {"serving_default": model.serve})
    found = verify(version)
    assert found.outside == ("WriteFile",)
    assert "There is no model_card.json" in str(found)
    example = {
        "request": {"instances": [{"inputs": 1.0}]},
        "answer": {"predictions": [1.0]},
    }
    schema = {"inputs": {"inputs": {}}, "outputs": {"values": {}}, "example": example}
    (version / "model_card.json").write_text("{}")
    sign(version, signatures={"serving_default": schema})
    found = verify(version, seconds=0)
    assert "operations that reach outside, and was not loaded: WriteFile" in str(found)
    assert found.compared == 0
    assert not (tmp_path / "asked").exists()


def test_python_files_of_words_and_other_data_are_told(tmp_path):
    (tmp_path / "words.txt").write_text("a 1\nb 2\n")

    class Model(tf.Module):
        def __init__(self) -> None:
            super().__init__()
            self.table = tf.lookup.StaticHashTable(
                tf.lookup.TextFileInitializer(
                    str(tmp_path / "words.txt"), tf.string, 0, tf.int64, 1, delimiter=" "
                ),
                -1,
            )

        @tf.function(input_signature=[tf.TensorSpec((None,), tf.string, "inputs")])
        def serve(self, inputs):
            doubled = tf.numpy_function(lambda x: x, [inputs], tf.string)
            return {"values": tf.ensure_shape(doubled, [None])}

    model = Model()
    tf.saved_model.save(model, tmp_path / "m", {"serving_default": model.serve})
    found = inspect(tmp_path / "m")
    assert found["foreign"] == ["PyFunc"]
    assert "InitializeTableFromTextFileV2" in found["outside"]


@pytest.mark.parametrize("op", ["ReadFile", "SaveV2", "RestoreV2"])
def test_the_saver_is_no_hiding_place(op, tmp_path):
    """Nothing but the version's own variables, from where the loader says that they are."""
    version = copy_of("classifier", tmp_path)
    path = version / "saved_model.pb"
    saved = saved_model_pb2.SavedModel.FromString(path.read_bytes())
    (meta,) = saved.meta_graphs
    (restore,) = (f for f in meta.graph_def.library.function if "restore" in f.signature.name)
    if op == "RestoreV2":
        (node,) = (n for n in restore.node_def if n.op == op)
        node.input[0] = node.input[1]  # another path than that of the loader
    else:
        restore.node_def.add(name="more", op=op, input=["file_prefix"])
    path.write_bytes(saved.SerializeToString())
    assert inspect(exported("classifier"))["outside"] == []
    assert op in inspect(version)["outside"]


def test_no_signature_saves(tmp_path):
    """A client would choose the file that is written."""
    version = copy_of("classifier", tmp_path)
    path = version / "saved_model.pb"
    saved = saved_model_pb2.SavedModel.FromString(path.read_bytes())
    (meta,) = saved.meta_graphs
    signature = meta.signature_def["serving_default"]
    signature.outputs["saved"].name = meta.saver_def.save_tensor_name
    path.write_bytes(saved.SerializeToString())
    assert "SaveV2" in inspect(version)["outside"]


def test_an_unknown_operation_and_a_file_beside_the_version(tmp_path):
    version = copy_of("classifier", tmp_path)
    path = version / "saved_model.pb"
    saved = saved_model_pb2.SavedModel.FromString(path.read_bytes())
    saved.meta_graphs[0].graph_def.library.function[0].node_def.add(name="x", op="MyCustomOp")
    saved.meta_graphs[0].asset_file_def.add(filename="../../etc/passwd")
    path.write_bytes(saved.SerializeToString())
    found = inspect(version)
    assert found == {"foreign": ["MyCustomOp"], "outside": ["asset ../../etc/passwd"]}


def test_the_command_line(tmp_path, capsys):
    model = fitted(named("regressor"))
    file = model.save(tmp_path / "model.seqkit")
    folder = tmp_path / "models" / "regressor"
    assert main(["export", file, str(folder), "--metric", "r2=0.5"]) == 0
    assert capsys.readouterr().out.strip() == str(folder / "1")
    assert card(folder / "1")["metrics"] == {"r2": 0.5}
    assert main(["verify", str(folder), "--seconds", "0"]) == 0
    assert "good" in capsys.readouterr().out
    (folder / "1" / "saved_model.pb").write_bytes(b"")
    assert main(["verify", str(folder)]) == 1
    assert "NOT GOOD" in capsys.readouterr().out
    assert main(["verify", str(tmp_path)]) == 2
    assert "directory must be a model's folder" in capsys.readouterr().err
    assert main(["export", file, str(folder), "--signature", "beam"]) == 2
    assert (
        "signatures must be some of 'serving_default', 'lengths', got 'beam'"
        in capsys.readouterr().err
    )
    with pytest.raises(SystemExit):
        main(["export", file, str(folder), "--metric", "r2"])
    assert "--metric must be NAME=NUMBER" in capsys.readouterr().err


def test_answers_of_a_model_that_says_nothing_new(tmp_path):
    """The same answers after `load`, so that an export by the command line is one of the model."""
    model = fitted(named("classifier"))
    loaded = seqkit.load(model.save(tmp_path / "model.seqkit"))
    first, second = (card(Path(m.export(tmp_path / "m"))) for m in (model, loaded))
    expected = first["signatures"]["serving_default"]["example"]
    found = second["signatures"]["serving_default"]["example"]
    assert found["request"] == expected["request"]
    for row, other in zip(
        found["answer"]["predictions"], expected["answer"]["predictions"], strict=True
    ):
        np.testing.assert_allclose(row["probabilities"], other["probabilities"], atol=1e-6)
