"""The course of a training: Keras's callbacks, optimisers and schedules, and going on."""

from __future__ import annotations

import copy
import json
import os
import pickle
import random
from typing import Any

import keras
import numpy as np
import pytest
from sklearn.base import clone
from sklearn.model_selection import cross_validate

import seqkit
from tests.conformance.estimators import assert_same, data, fitted, kinds, named


class Records(keras.callbacks.Callback):
    """Keeps what it was told, and the learning rates."""

    def __init__(self) -> None:
        super().__init__()
        self.logs: list[dict[str, float]] = []
        self.rates: list[float] = []

    def on_epoch_end(self, epoch, logs=None):
        self.logs.append(dict(logs))
        self.rates.append(float(self.model.optimizer.learning_rate))


@kinds("classifier", "tagger")
def test_kerass_callbacks_work_and_nothing_is_written_elsewhere(kind, tmp_path, monkeypatch):
    X, y = data(kind)
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    seen = Records()
    callbacks = [
        keras.callbacks.LearningRateScheduler(lambda epoch: 0.1 / (epoch + 1)),
        keras.callbacks.CSVLogger(tmp_path / "log.csv"),
        keras.callbacks.ModelCheckpoint(tmp_path / "at.weights.h5", save_weights_only=True),
        seen,
    ]
    model = kind.new(callbacks=callbacks, early_stopping=True, validation_fraction=0.25).fit(X, y)
    np.testing.assert_allclose(seen.rates, [0.1, 0.05], rtol=1e-5)
    assert model.history_ == {k: [logs[k] for logs in seen.logs] for k in model.history_}
    assert len((tmp_path / "log.csv").read_text().splitlines()) == 3
    assert (tmp_path / "at.weights.h5").exists()
    assert os.listdir() == []


class Writer(keras.callbacks.Callback):
    """Holds what no pickle can, as TensorBoard's callback does, and needs a model to be given."""

    def __init__(self, path) -> None:
        super().__init__()
        self.path = path
        self.module: Any = None

    def set_model(self, model):
        super().set_model(model)
        self.layers = len(model.layers)

    def on_train_begin(self, logs=None):
        self.module = json
        self.file = open(self.path, "w")  # noqa: SIM115  it stays open

    def on_epoch_end(self, epoch, logs=None):
        self.file.write(self.module.dumps(logs) + "\n")
        self.file.flush()


def test_a_callback_that_holds_open_files_does_not_hinder_pickles(tmp_path):
    kind = named("classifier")
    X, y = data(kind)
    path = tmp_path / "log.json"
    options = {"early_stopping": True, "validation_fraction": 0.25}
    model = kind.new(callbacks=[Writer(path)], **options).fit(X, y)
    logs = [json.loads(line) for line in path.read_text().splitlines()]
    assert [row["val_loss"] for row in logs] == model.history_["val_loss"]
    again = pickle.loads(pickle.dumps(model))
    assert_same(again, model, X)
    (callback,) = again.callbacks
    assert (callback.path, callback.module, callback.layers > 0) == (path, None, True)
    assert not hasattr(callback, "file")
    assert_same(again.fit(X, y), model, X)


def test_used_callbacks_are_cloned_pickled_and_used_again():
    kind = named("classifier")
    X, y = data(kind)
    callbacks = [
        keras.callbacks.EarlyStopping("loss", patience=9),
        keras.callbacks.ReduceLROnPlateau("loss", patience=9),
        keras.callbacks.History(),
    ]
    model = kind.new(callbacks=callbacks).fit(X, y)
    # One of them sets the rate, so that it has no schedule of ours.
    assert_same(model, kind.new(learning_rate_schedule="constant").fit(X, y), X)
    assert_same(clone(pickle.loads(pickle.dumps(model))).fit(X, y), model, X)


@kinds("classifier", "crf_tagger")
def test_optimisers_and_schedules_also_of_a_file(kind, tmp_path):
    """The optimiser's state, and that of the dropouts' seeds, are part of every copy."""
    X, y = data(kind)
    schedule = keras.optimizers.schedules.ExponentialDecay(0.01, 1, 0.5)
    optimizer = keras.optimizers.SGD(schedule, momentum=0.9)
    seen = Records()
    model = kind.new(optimizer=optimizer, callbacks=[seen]).fit(X, y)
    np.testing.assert_allclose(seen.rates, [0.01 / 4, 0.01 / 16], rtol=1e-5)  # 2 steps a pass
    assert not optimizer.built  # each fit has one of its own
    copies = [
        seqkit.load(model.save(tmp_path / "model")),
        pickle.loads(pickle.dumps(model.set_params(callbacks=None))),
    ]
    model.partial_fit(X, y)
    for copied in copies:
        random.seed(3)
        assert_same(copied.partial_fit(X, y), model, X)
        assert int(copied.model_.optimizer.iterations) == 6


@kinds("regressor", "text", "tagger")
def test_what_is_learned_of_the_first_part_stays(kind):
    """Scaling, vocabulary, classes; and the rest goes on to get better."""
    X, y = data(kind)
    model = copy.deepcopy(fitted(kind)).set_params(warm_start=True)
    kept = [(part, name) for part in ("_input", "_target") for name in ("mean", "vocabulary")]
    kept += [("_target", "classes")]
    before = {
        (part, name): copy.deepcopy(getattr(getattr(model, part), name))
        for part, name in kept
        if hasattr(getattr(model, part), name)
    }
    if kind.name == "regressor":
        other = [10 + 2 * x for x in X]
    elif kind.name == "text":
        other = [f"zebra {x}" for x in X]
    else:
        other = [["zebra", *x[1:]] for x in X]
    model.partial_fit(other, y)
    model.set_params(learning_rate=0.02, epochs=6).fit(X, y)
    assert model.n_iter_ == 6
    assert model.history_["loss"][-1] < fitted(kind).history_["loss"][-1]
    for (part, name), value in before.items():
        after = getattr(getattr(model, part), name)
        if name == "classes":
            value, after = value.labels, after.labels
        np.testing.assert_array_equal(after, value)


def test_classes_that_come_later_are_named_at_first():
    kind = named("text")
    texts, labels = data(kind)
    model = kind.new(learning_rate=0.05).partial_fit(texts, ["a"] * 24, classes=["c", "a", "b"])
    assert model.classes_.tolist() == ["a", "b", "c"]
    for _ in range(8):
        model.partial_fit(texts, np.where(np.array(labels) == "fresh", "b", "c"))
    assert set(model.predict(texts)) <= {"b", "c"}
    with pytest.raises(ValueError, match="class_weight='balanced' needs all data"):
        kind.new(class_weight="balanced").partial_fit(texts, labels)


def test_validation_data_without_weight_do_not_matter():
    kind = named("regressor")
    X, y = data(kind)
    weight = np.r_[np.ones(12), np.zeros(12)]
    losses = [
        kind.new(epochs=1).fit(X, y, validation_data=given).history_["val_loss"]
        for given in ([X, y, weight], (X, np.r_[y[:12], y[12:] + 1e3], weight))
    ]
    np.testing.assert_allclose(*losses, rtol=1e-5)


def test_cross_validation_trains_each_fold_for_all_epochs():
    kind = named("regressor")
    X, y = data(kind)
    found = cross_validate(kind.new(epochs=3), X, y, cv=2, return_estimator=True)
    assert [model.n_iter_ for model in found["estimator"]] == [3, 3]


def test_weights_of_classes_decide():
    """What the text classifier makes of equal texts."""
    kind = named("text")
    texts, y = ["good film"] * 20, ["a", "b"] * 10
    model = kind.new(epochs=15, class_weight={"a": 1, "b": 6}, learning_rate=0.03).fit(texts, y)
    (p,) = model.predict_proba(texts[:1])
    assert abs(p[1] - 6 / 7) < 0.1
    weight = np.where(np.array(y) == "a", 3.0, 1.0)
    model.set_params(class_weight=None).fit(texts, y, sample_weight=weight)
    (p,) = model.predict_proba(texts[:1])
    assert abs(p[0] - 3 / 4) < 0.1
