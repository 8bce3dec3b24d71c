"""The file of save: read in a new process, refused where it is not ours, and never run."""

from __future__ import annotations

import errno
import io
import json
import os
import pickle
import subprocess
import sys
import zipfile
from pathlib import Path

import keras
import numpy as np
import pytest

import seqkit
from tests.estimators.toy import first_event, small

X, Y = first_event(24)


@pytest.fixture(scope="module")
def model():
    return small(epochs=1).fit(X, Y)


@pytest.fixture
def path(model, tmp_path):
    return model.save(tmp_path / "model.seqkit")


def rewritten(path, change) -> None:
    """Writes the file again with a changed description."""
    with zipfile.ZipFile(path) as archive:
        content = {name: archive.read(name) for name in archive.namelist()}
    description = json.loads(content["estimator.json"])
    change(description)
    content["estimator.json"] = json.dumps(description).encode()
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in content.items():
            archive.writestr(name, data)


def test_predicts_the_same_in_a_new_process(model, path, tmp_path):
    np.save(tmp_path / "x.npy", X[0])
    code = (
        "import sys, numpy as np, seqkit\n"
        "model = seqkit.load(sys.argv[1])\n"
        "np.save(sys.argv[3], model.predict_proba([np.load(sys.argv[2])]))"
    )
    files = [str(path), str(tmp_path / "x.npy"), str(tmp_path / "p.npy")]
    subprocess.run([sys.executable, "-c", code, *files], check=True, timeout=120)
    np.testing.assert_array_equal(np.load(files[2]), model.predict_proba(X[:1]))


def test_training_goes_on_where_it_was(model, path):
    loaded = seqkit.load(path)
    going_on = pickle.loads(pickle.dumps(model))
    for m in (loaded, going_on):
        m.partial_fit(X, Y)
    np.testing.assert_array_equal(loaded.predict_proba(X), going_on.predict_proba(X))
    assert loaded.n_iter_ == 2


def test_holds_numbers_and_text_only(path):
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            if name == "estimator.json":
                json.loads(archive.read(name))
            else:
                np.lib.format.read_array(io.BytesIO(archive.read(name)), allow_pickle=False)


def test_a_failed_save_leaves_the_older_file_and_nothing_else(model, path, tmp_path, monkeypatch):
    before = os.listdir(tmp_path), Path(path).read_bytes()

    def full(*args, **kwargs):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(zipfile.ZipFile, "writestr", full)
    with pytest.raises(OSError, match="No space left"):
        model.save(path)
    assert (os.listdir(tmp_path), Path(path).read_bytes()) == before


@pytest.mark.parametrize("damage", ["empty", "noise", "truncated", "flipped", "other zip"])
def test_a_damaged_or_foreign_file_is_refused(path, damage):
    content = bytearray(Path(path).read_bytes())
    if damage == "flipped":
        content[len(content) // 2] ^= 255
    changed = {
        "empty": b"",
        "noise": bytes(range(256)) * 8,
        "truncated": bytes(content[: len(content) // 2]),
        "flipped": bytes(content),
    }
    if damage == "other zip":
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("config.json", "{}")
    else:
        Path(path).write_bytes(changed[damage])
    with pytest.raises(ValueError, match="model.seqkit"):
        seqkit.load(path)


def test_a_newer_format_is_refused_with_both_versions(path):
    rewritten(path, lambda d: d.update(format_version=99, seqkit_version="9.9"))
    with pytest.raises(ValueError, match=r"format version 99.*reads up to 2.*seqkit 9.9"):
        seqkit.load(path)


def test_an_older_format_is_refused_with_a_way_out(path):
    rewritten(path, lambda d: d.update(format_version=1))
    with pytest.raises(
        ValueError, match=r"format version 1, which .* no longer reads.*fit and save"
    ):
        seqkit.load(path)


@pytest.mark.parametrize("name", ["load", "os.system", "data", "Unknown"])
def test_a_class_that_is_no_estimator_is_refused(path, name):
    rewritten(path, lambda d: d.update({"class": name}))
    with pytest.raises(ValueError, match="holds a"):
        seqkit.load(path)


def test_nothing_in_the_file_is_run(path, tmp_path):
    class Evil:
        def __reduce__(self):
            return open, (str(tmp_path / "run"), "w")

    content = io.BytesIO()
    np.lib.format.write_array(content, np.array([Evil()], object), allow_pickle=True)
    with zipfile.ZipFile(path) as archive:
        description = archive.read("estimator.json")
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("estimator.json", description)
        archive.writestr("arrays/0.npy", content.getvalue())
    with pytest.raises(ValueError, match="model.seqkit"):
        seqkit.load(path)
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize(
    "cell", [{"kind": "registered", "name": "os>system"}, {"kind": "keras layer", "name": "Lambda"}]
)
def test_a_name_in_the_file_is_looked_up_never_imported(path, cell):
    rewritten(path, lambda d: d["parameters"].update(cell=cell))
    with pytest.raises(ValueError, match="model.seqkit"):
        seqkit.load(path)


@pytest.mark.parametrize(
    "labels",
    [
        [3, 7],
        [True, False],
        [0.0, 2.0],
        ["ä", "b"],
        np.array(["x", "yy"], object),
        [np.datetime64("2020"), np.datetime64("2021")],
    ],
)
def test_labels_of_any_type_come_back(labels, tmp_path):
    y = np.array(labels)[(Y == "left").astype(int)]
    model = small(epochs=1).fit(X, y)
    loaded = seqkit.load(model.save(tmp_path / "m"))
    np.testing.assert_array_equal(loaded.predict(X), model.predict(X))
    assert loaded.predict(X).dtype == model.predict(X).dtype


def test_parameters_come_back(tmp_path):
    schedule = keras.optimizers.schedules.CosineDecay(0.01, 100)
    options = {"cell": keras.layers.GRU, "pooling": ("mean", "max"), "learning_rate": schedule}
    model = small(**options, epochs=1, callbacks=[keras.callbacks.Callback()]).fit(X, Y)
    loaded = seqkit.load(model.save(tmp_path / "m"))
    assert loaded.cell is keras.layers.GRU
    assert loaded.pooling == ("mean", "max")
    assert loaded.learning_rate.get_config() == schedule.get_config()
    assert loaded.callbacks is None
    np.testing.assert_array_equal(loaded.predict_proba(X), model.predict_proba(X))
    model = small(optimizer=keras.optimizers.SGD(schedule, momentum=0.9), epochs=1).fit(X, Y)
    assert type(seqkit.load(model.save(tmp_path / "m")).optimizer) is keras.optimizers.SGD


def test_what_cannot_be_saved_is_refused_by_name(tmp_path):
    class Mine(keras.optimizers.SGD):
        pass

    model = small(optimizer=Mine(0.1), epochs=1).fit(X, Y)
    with pytest.raises(TypeError, match=r"optimizer can be saved if .* Use joblib"):
        model.save(tmp_path / "m")
    assert not list(tmp_path.iterdir())


def test_a_missing_file(tmp_path):
    with pytest.raises(FileNotFoundError, match="there is no file .*nothing"):
        seqkit.load(tmp_path / "nothing")
