"""The exported SavedModel: what it holds, who can load it, and that it is never half there."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import keras
import numpy as np
import pandas as pd
import pytest
import tensorflow as tf
from tensorflow.core.protobuf import saved_model_pb2

from seqkit.layers.engine import buffers
from seqkit.serving.versions import versions
from tests.estimators.toy import first_event, small

X, Y = first_event(24)


@pytest.fixture(scope="module")
def model():
    return small(cell="peephole_lstm", epochs=1).fit(X, Y)


@pytest.fixture(scope="module")
def exported(model, tmp_path_factory):
    return model.export(tmp_path_factory.mktemp("models") / "first_event")


def test_versions_count_up(model, tmp_path):
    assert model.export(tmp_path / "m") == str(tmp_path / "m" / "1")
    assert model.export(tmp_path / "m") == str(tmp_path / "m" / "2")
    (tmp_path / "m" / "10").mkdir()
    assert model.export(tmp_path / "m") == str(tmp_path / "m" / "11")
    assert versions(tmp_path / "m") == [1, 2, 10, 11]
    assert {p.name for p in (tmp_path / "m").iterdir()} == {"1", "2", "10", "11"}


def test_keras_takes_it_as_a_layer(model, exported):
    layer = keras.layers.TFSMLayer(exported, call_endpoint="serving_default")
    found = layer(X[0][None].astype("float32"))["probabilities"]
    np.testing.assert_allclose(found, model.predict_proba(X[:1]), atol=1e-5)


@pytest.mark.parametrize("optimize", [None, "xla"])
def test_it_answers_as_predict_does_without_seqkit_and_keras(model, optimize, tmp_path):
    exported = model.export(tmp_path / "m", optimize=optimize)
    length = max(map(len, X))
    padded = np.full((len(X), length, 2), np.nan, "float32")
    for row, x in zip(padded, X, strict=True):
        row[: len(x)] = x
    np.save(tmp_path / "x.npy", padded)
    script = (
        "import sys, numpy as np, tensorflow as tf\n"
        f"served = tf.saved_model.load({exported!r}).signatures['serving_default']\n"
        f"x = np.load({str(tmp_path / 'x.npy')!r})\n"
        "answer = served(inputs=tf.constant(x))\n"
        "one = served(inputs=tf.constant(x[:1, :6]))['probabilities']\n"
        "assert 'seqkit' not in sys.modules and one.shape == (1, 2)\n"
        "label, proba = answer['label'].numpy().astype(str), answer['probabilities'].numpy()\n"
        f"np.savez({str(tmp_path / 'answer.npz')!r}, label=label, proba=proba)\n"
    )
    subprocess.run([sys.executable, "-c", script], check=True, cwd=tmp_path, timeout=300)
    answer = np.load(tmp_path / "answer.npz")
    np.testing.assert_allclose(answer["proba"], model.predict_proba(X), atol=1e-5)
    np.testing.assert_array_equal(answer["label"], model.predict(X))


def test_signature(exported):
    served = tf.saved_model.load(exported).signatures["serving_default"]
    (inputs,) = served.structured_input_signature[1].values()
    assert (inputs.name, inputs.dtype, inputs.shape.as_list()) == (
        "inputs",
        tf.float32,
        [None, None, 2],
    )
    outputs = served.structured_outputs
    assert outputs["probabilities"].dtype == tf.float32
    assert outputs["label"].dtype == tf.string


def test_integer_classes_stay_integers(tmp_path):
    model = small(epochs=1).fit(X, np.where(Y == "left", *np.array([3, 10], "uint8")))
    served = tf.saved_model.load(model.export(tmp_path)).signatures["serving_default"]
    assert served.structured_outputs["label"].dtype == tf.int64
    found = served(inputs=tf.constant(X[0][None]))["label"].numpy()
    assert found.tolist() == model.predict(X[:1]).tolist()


def test_indicators_have_the_names_of_all(tmp_path):
    table = pd.DataFrame({"a": Y == "left", "b": Y != "left"}).astype(int)
    model = small(epochs=1).fit(X, table)
    served = tf.saved_model.load(model.export(tmp_path)).signatures["serving_default"]
    assert served(inputs=tf.constant(X[0][None]))["labels"].numpy().tolist() == [[b"a", b"b"]]


def for_the_compiler(exported):
    """Operations and functions of an export that need XLA."""
    saved = saved_model_pb2.SavedModel.FromString((Path(exported) / "saved_model.pb").read_bytes())
    (meta,) = saved.meta_graphs
    functions = meta.graph_def.library.function
    nodes = [*meta.graph_def.node, *(node for f in functions for node in f.node_def)]
    return {
        *(node.op for node in nodes if "xla" in node.op.lower()),
        *(f.signature.name for f in functions if f.attr["_XlaMustCompile"].b),
    }


def test_only_stock_operations(model, exported, tmp_path):
    assert not for_the_compiler(exported)
    assert for_the_compiler(model.export(tmp_path, optimize="xla"))


def test_unknown_optimizations_are_refused_before_any_work(model, tmp_path, monkeypatch):
    with pytest.raises(ValueError, match="optimize must be None or 'xla', got 'gpu'"):
        model.export(tmp_path, optimize="gpu")
    monkeypatch.setattr(buffers, "available", False)
    with pytest.raises(RuntimeError, match="optimize='xla' needs a TensorFlow built with XLA"):
        model.export(tmp_path, optimize="xla")
    assert list(tmp_path.iterdir()) == []


def test_directory_that_is_a_file(model, tmp_path):
    path = tmp_path / "file"
    path.write_text("")
    with pytest.raises(NotADirectoryError, match="directory must be a folder.*file"):
        model.export(path)
    with pytest.raises(OSError, match="directory must be a folder that can be written to"):
        model.export(path / "below")


def test_directory_that_cannot_be_written(model, tmp_path, monkeypatch):
    def refuse(*args, **kwargs):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("tempfile.mkdtemp", refuse)
    with pytest.raises(PermissionError, match="can be written to .Permission denied."):
        model.export(tmp_path)


def test_full_disk_leaves_nothing(model, tmp_path, monkeypatch):
    def fill(trackable, path, *args, **kwargs):
        os.makedirs(path)
        Path(path, "saved_model.pb").write_bytes(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(tf.saved_model, "save", fill)
    with pytest.raises(OSError, match="Could not write the model.*No space left"):
        model.export(tmp_path / "m")
    assert list((tmp_path / "m").iterdir()) == []


def test_a_really_full_disk_leaves_nothing(model, tmp_path):
    """On a file system of 64 KiB, where the test may mount one."""
    small_disk = tmp_path / "disk"
    small_disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(small_disk)]
    if os.geteuid() or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("mounting needs rights that this machine does not give")
    try:
        with pytest.raises(OSError, match="Could not write the model"):
            model.export(small_disk / "m")
        assert list((small_disk / "m").iterdir()) == []
    finally:
        subprocess.run(["umount", str(small_disk)], check=True)


FULL = """
import resource, signal, sys
from pathlib import Path
import seqkit

model, folder = seqkit.load(sys.argv[1]), Path(sys.argv[2])
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (4000, resource.RLIM_INFINITY))
for write in (lambda: model.export(folder / "m"), lambda: model.save(folder / "file")):
    try:
        write()
    except OSError as error:
        assert str(folder) in str(error), error
    else:
        raise AssertionError("it was written")
"""


@pytest.mark.skipif(sys.platform == "win32", reason="it has no limits of files")
def test_a_disk_that_takes_no_more_leaves_nothing(model, tmp_path):
    """A process that may write 4 kB a file, which any machine allows to try."""
    path = model.save(tmp_path / "model.seqkit")
    folder = tmp_path / "disk"
    folder.mkdir()
    subprocess.run([sys.executable, "-c", FULL, path, str(folder)], check=True, timeout=200)
    assert [p.name for p in folder.rglob("*")] == ["m"]
