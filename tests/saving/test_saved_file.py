"""The file of save: read in a new process, refused where it is not ours, and never run."""

from __future__ import annotations

import copy
import errno
import io
import json
import os
import pickle
import zipfile
from pathlib import Path

import keras
import numpy as np
import pytest

import seqkit
from seqkit.saving import saved_file
from seqkit.saving.records import encode
from tests.conformance.estimators import assert_same, data, fitted, kinds, named
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


def test_a_file_that_may_not_be_opened_is_not_called_damaged(path, monkeypatch):
    def closed(*arguments):
        raise PermissionError(errno.EACCES, "Permission denied", path)

    monkeypatch.setattr(saved_file, "open", closed, raising=False)
    with pytest.raises(PermissionError):
        seqkit.load(path)


def test_a_newer_format_is_refused_with_both_versions(path):
    rewritten(path, lambda d: d.update(format_version=99, seqkit_version="9.9"))
    with pytest.raises(ValueError, match=r"format version 99.*reads up to 3.*seqkit 9.9"):
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


# As Keras writes an object of its own: its deserialiser would make one of it.
KERAS_OBJECT = {
    "kind": "dict",
    "items": [
        ["module", "keras.layers"],
        ["class_name", "Dense"],
        ["config", {"kind": "dict", "items": [["units", 3]]}],
        ["registered_name", None],
    ],
}


def with_rate(kind: str, name: str, argument: str):
    config = {**keras.optimizers.Adam().get_config(), argument: KERAS_OBJECT}
    if kind == "schedule":
        config = {"initial_learning_rate": KERAS_OBJECT, "decay_steps": 9}
    return {"kind": kind, "name": name, "config": config}


NAMED_OBJECTS = {
    "a parameter": lambda d: d["parameters"].update(learning_rate=KERAS_OBJECT),
    "a cell": lambda d: d["parameters"].update(cell=KERAS_OBJECT),
    "the model's cell": lambda d: architecture(d, cell=KERAS_OBJECT),
    "the model's pooling": lambda d: architecture(d, pooling=KERAS_OBJECT),
    "an optimiser's rate": lambda d: d["parameters"].update(
        optimizer=with_rate("optimizer", "Adam", "learning_rate")
    ),
    "a schedule's rate": lambda d: d["parameters"].update(
        learning_rate=with_rate("schedule", "CosineDecay", "initial_learning_rate")
    ),
}


@pytest.mark.parametrize("place", NAMED_OBJECTS)
def test_what_keras_would_make_an_object_of_is_refused(path, place, monkeypatch):
    made = []
    build = keras.layers.Dense.from_config

    def counted(config):
        made.append(config)
        return build(config)

    monkeypatch.setattr(keras.layers.Dense, "from_config", counted)
    rewritten(path, NAMED_OBJECTS[place])
    with pytest.raises(ValueError, match="model.seqkit"):
        seqkit.load(path)
    assert not made


@pytest.mark.parametrize("place", ["a rate", "an optimiser's rate", "a schedule's rate"])
def test_a_function_is_refused_where_keras_would_run_it(path, place, tmp_path, monkeypatch):
    """With Keras's own protection off."""
    from keras.src.saving.serialization_lib import SafeModeScope

    monkeypatch.chdir(tmp_path)
    with pytest.warns(UserWarning, match="lambda"):
        config = keras.saving.serialize_keras_object(lambda *_: open("run", "w").close())
    with SafeModeScope(False):
        keras.saving.deserialize_keras_object(config)()  # as the file would have it
    (tmp_path / "run").unlink()
    function = encode(config, [], "rate")
    adam = {**keras.optimizers.Adam().get_config(), "learning_rate": function}
    schedule = {"initial_learning_rate": function, "decay_steps": 9}
    changed = {
        "a rate": {"learning_rate": function},
        "an optimiser's rate": {"optimizer": {"kind": "optimizer", "name": "Adam", "config": adam}},
        "a schedule's rate": {
            "learning_rate": {"kind": "schedule", "name": "CosineDecay", "config": schedule}
        },
    }[place]
    rewritten(path, lambda d: d["parameters"].update(changed))
    with SafeModeScope(False), pytest.raises(ValueError, match="model.seqkit"):
        seqkit.load(path).fit(X, Y)
    assert not (tmp_path / "run").exists()


def test_a_parameter_out_of_its_range_is_not_saved(tmp_path):
    model = small(epochs=1).fit(X, Y).set_params(learning_rate=-1.0)
    with pytest.raises(ValueError, match="learning_rate"):
        model.save(tmp_path / "m")
    assert not list(tmp_path.iterdir())


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


def weights_of(description) -> list:
    """References to the arrays of the model's weights."""
    return dict(description["fitted"]["_model_state"]["items"])["weights"]


def architecture(description, **changes) -> None:
    items = description["fitted"]["_architecture_"]["items"]
    items[:] = [[k, changes.get(k, v)] for k, v in items]


CHANGES = {
    "no fitted state": lambda d: d.update(fitted={}),
    "a weight too few": lambda d: weights_of(d).pop(),
    "a weight too many": lambda d: weights_of(d).append(weights_of(d)[0]),
    "weights in another order": lambda d: weights_of(d).reverse(),
    "more units than weights": lambda d: architecture(d, units=2**31),
    "more layers than weights": lambda d: architecture(d, layers=2**31),
    "other units": lambda d: architecture(d, units=1),
    "a method's name": lambda d: d["fitted"].update(predict="x"),
    "a version that is no number": lambda d: d.update(format_version=True),
    "an unknown parameter": lambda d: d["parameters"].update(cells=1),
    "nested without end": lambda d: d["fitted"].update(x=nested(900)),
    "an array that is not there": lambda d: d["fitted"].update(x={"kind": "array", "index": 999}),
}


def nested(depth: int) -> list:
    value: list = []
    for _ in range(depth):
        value = [value]
    return value


@pytest.mark.parametrize("change", CHANGES)
def test_what_does_not_fit_together_is_refused(path, change):
    rewritten(path, CHANGES[change])
    with pytest.raises(ValueError, match="model.seqkit"):
        seqkit.load(path)


@kinds("classifier", "tagger")
def test_labels_that_the_model_was_not_made_for_are_refused(kind, tmp_path):
    model = copy.deepcopy(fitted(kind))
    classes = model._target.classes
    path = model.save(tmp_path / "model.seqkit")
    assert seqkit.load(path)
    classes.labels = np.append(classes.labels, np.array(["y", "z"]).astype(classes.labels.dtype))
    with pytest.raises(ValueError, match=r"model.seqkit.*(classes|labels)=\d+, not \d+"):
        seqkit.load(model.save(path))


def test_a_vocabulary_that_the_model_was_not_made_for_is_refused(tmp_path):
    model = copy.deepcopy(fitted(named("text")))
    model._input.vocabulary.append("another")
    with pytest.raises(ValueError, match=r"model.seqkit.*tokens=\d+, not \d+"):
        seqkit.load(model.save(tmp_path / "model.seqkit"))


def test_an_optimiser_of_another_model_is_told(path, model):
    def without_moments(description):
        items = description["fitted"]["_model_state"]["items"]
        next(v for k, v in items if k == "optimizer").pop()

    rewritten(path, without_moments)
    with pytest.warns(UserWarning, match="training starts the optimiser anew"):
        loaded = seqkit.load(path)
    np.testing.assert_array_equal(loaded.predict(X), model.predict(X))


def with_member(path, name: str, content: bytes) -> None:
    with zipfile.ZipFile(path) as archive:
        members = {n: archive.read(n) for n in archive.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for n, data in {**members, name: content}.items():
            archive.writestr(n, data)


def test_a_header_that_claims_more_than_there_is(path):
    """Memory is taken for what is there, not for what a file says."""
    content = io.BytesIO()
    header = {"descr": "<f4", "fortran_order": False, "shape": (10**6, 10**6)}
    np.lib.format.write_array_header_1_0(content, header)
    with_member(path, "arrays/0.npy", content.getvalue() + bytes(64))
    with pytest.raises(ValueError, match="does not hold an array of shape"):
        seqkit.load(path)


def test_what_is_not_referred_to_is_not_read(path, model, monkeypatch):
    with_member(path, "arrays/12345.npy", b"not an array")
    np.testing.assert_array_equal(seqkit.load(path).predict(X), model.predict(X))


MUTANTS = 1000


def mutants(content: bytes, description: dict, count: int = MUTANTS):
    """Damaged files: flipped bits, cut ends, exchanged pieces, and pieces that are missing."""
    rng = np.random.default_rng(0)
    for _ in range(70 * count // 100):
        changed = bytearray(content)
        for place in rng.integers(0, len(content), rng.integers(1, 4)):
            changed[place] ^= 1 << rng.integers(8)
        yield bytes(changed)
    for _ in range(15 * count // 100):
        yield content[: rng.integers(len(content))]
    for _ in range(count // 10):
        a, b = sorted(rng.integers(0, len(content), 2))
        yield content[b:] + content[a:b] + content[:a]
    text = json.dumps(description)
    for _ in range(count // 20):
        a, b = sorted(rng.integers(0, len(text), 2))
        yield _with_description(content, text[:a] + text[b:])


def _with_description(content: bytes, text: str) -> bytes:
    file = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as before,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as after,
    ):
        for name in before.namelist():
            after.writestr(name, text if name == "estimator.json" else before.read(name))
    return file.getvalue()


def count_refused(path: Path, count: int, check) -> int:
    """Damages a file so often, and checks what is loaded all the same; how many are refused."""
    with zipfile.ZipFile(path) as archive:
        description = json.loads(archive.read("estimator.json"))
    refused = 0
    for mutant in mutants(path.read_bytes(), description, count):
        path.write_bytes(mutant)
        try:
            loaded = seqkit.load(path)
        except ValueError:
            refused += 1
        else:
            check(loaded)
    return refused


@kinds("forecaster", slow=("regressor", "text", "tagger", "crf_tagger", "translator"))
def test_damaged_files_of_other_estimators_too(kind, tmp_path):
    model, X = fitted(kind), data(kind)[0]
    path, count = Path(model.save(tmp_path / "model.seqkit")), MUTANTS // 5
    assert count_refused(path, count, lambda loaded: assert_same(loaded, model, X)) > 0.9 * count


@pytest.mark.always
def test_a_damaged_file_gives_a_value_error_or_the_model(model, tmp_path):
    """Of a thousand damaged files none ends otherwise: where a flipped bit is in what nobody reads,
    such as a time of the archive, the model is the one that was saved."""
    path = Path(model.save(tmp_path / "model.seqkit"))
    assert (
        count_refused(path, MUTANTS, lambda loaded: assert_same(loaded, model, X)) > 0.9 * MUTANTS
    )
