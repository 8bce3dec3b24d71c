"""Ensembles of every estimator: the mean of their members, copied, saved and exported as one."""

from __future__ import annotations

import copy
import functools
import pickle
from typing import Any

import numpy as np
import pytest
import tensorflow as tf
from sklearn.base import clone

import seqkit
from seqkit.models.ensemble import members_of
from tests.conformance.estimators import assert_same, data, kinds, named, outputs
from tests.conformance.test_fitted_alone import answers, inputs_of

SIZE = 2


@functools.cache
def fitted(kind: Any) -> Any:
    """A fitted ensemble, for tests that leave it as it is."""
    return kind.new(ensemble_size=SIZE, epochs=1).fit(*data(kind))


def alone(model: Any, member: int) -> Any:
    """The estimator with one member as its model."""
    copied = copy.deepcopy(model)
    copied.model_ = copied.model_.members[member]
    copied._functions = copied._compiled_functions()
    return copied


@kinds(
    "classifier",
    "forecaster",
    slow=["regressor", "text", "tagger", "crf_tagger", "numeric_tagger", "translator"],
)
def test_what_it_says_is_the_mean_of_its_members(kind):
    X, _ = data(kind)
    model = fitted(kind)
    members = [alone(model, k) for k in range(SIZE)]
    assert len(model.model_.members) == SIZE
    if kind.name == "translator":  # of whose probabilities a search is made: tests/models
        assert len({tuple(member.predict(X)) for member in members}) > 1
        return
    if kind.name == "crf_tagger":  # of whose scores one chain is made
        batch = tf.constant(model._input.encode(model._input.read(X[:1])))
        expected = np.mean([member.model_(batch) for member in members], 0)
        np.testing.assert_allclose(model.model_(batch), expected, rtol=1e-4, atol=1e-5)
        return
    said = [outputs(member, X) for member in members]
    assert not np.allclose(said[0], said[1], rtol=1e-3)
    np.testing.assert_allclose(outputs(model, X), np.mean(said, 0), rtol=1e-4, atol=1e-5)


@kinds(
    "classifier",
    "forecaster",
    slow=["regressor", "text", "tagger", "crf_tagger", "numeric_tagger", "translator"],
)
def test_copies_and_files(kind, tmp_path):
    X, _ = data(kind)
    model = fitted(kind)
    for copied in (
        pickle.loads(pickle.dumps(model)),
        seqkit.load(model.save(tmp_path / "model.seqkit")),
    ):
        assert len(copied.model_.members) == SIZE
        assert_same(copied, model, X)


@kinds("classifier", "forecaster", slow=["text", "regressor"])
def test_an_export_says_what_the_estimator_says(kind, tmp_path):
    inputs = inputs_of(kind)
    model = fitted(kind)
    served = answers(model.export(tmp_path), inputs)
    name = {"regressor": "values", "forecaster": "forecast"}.get(kind.name, "probabilities")
    said = outputs(model, data(kind)[0] if kind.name == "forecaster" else inputs)
    said = said.T if kind.name == "forecaster" else said  # a column a series
    np.testing.assert_allclose(served[name].ravel(), said.ravel(), rtol=1e-4, atol=1e-5)


@kinds("classifier", slow=["forecaster", "text", "tagger", "translator"])
def test_the_same_seed_gives_the_same_bits(kind):
    X, _ = data(kind)
    assert_same(clone(fitted(kind)).fit(*data(kind)), fitted(kind), X)


@kinds("classifier", slow=["tagger", "forecaster", "translator"])
def test_every_member_goes_on(kind):
    X, y = data(kind)
    model = copy.deepcopy(fitted(kind))
    before = [member.get_weights() for member in members_of(model.model_)]
    if kind.name == "tagger":
        model.partial_fit(X, y)
    else:
        model.set_params(warm_start=True).fit(X, y)
    for member, weights in zip(members_of(model.model_), before, strict=True):
        changed = [
            not np.array_equal(now, then)
            for now, then in zip(member.get_weights(), weights, strict=True)
        ]
        assert any(changed)


def test_it_stops_early_by_the_loss_of_the_mean():
    kind = named("classifier")
    X, y = data(kind)
    held = kind.task(20, 5)
    model = kind.new(ensemble_size=2, epochs=3, early_stopping=True)
    model.fit(X, y, validation_data=held)
    probabilities = model.predict_proba(held[0])
    places = np.searchsorted(model.classes_, held[1])
    loss = -np.log(probabilities[np.arange(20), places]).mean()
    assert model.history_["val_loss"][model.best_epoch_ - 1] == pytest.approx(loss, rel=1e-4)


@pytest.mark.slow
def test_calibrated_quantiles_of_an_ensemble():
    kind = named("forecaster")
    y, _ = kind.task(48, 0)
    options = {"head": "quantiles", "calibration_windows": 9, "levels": [0.2, 0.8]}
    model = kind.new(ensemble_size=2, epochs=1, calibration_refit=True, **options).fit(y)
    found = model.predict_quantiles()
    low, high = (found.xs(level, axis=1, level=-1) for level in (0.2, 0.8))
    assert (low <= high).all(axis=None)
    assert pickle.loads(pickle.dumps(model)).predict_quantiles().equals(found)


@pytest.mark.slow
def test_an_interrupted_training_goes_on(tmp_path):
    from tests.training.test_checkpoints import X, Y, assert_alike, interrupted, translator

    options = {"ensemble_size": 2, "epochs": 3}
    interrupted(tmp_path, RuntimeError("stop"), **options)
    found = translator(**{"dropout": 0.2, "embedding_dropout": 0.2, **options})
    expected = copy.deepcopy(found).fit(X, Y)
    assert_alike(found.set_params(checkpoint_dir=tmp_path).fit(X, Y), expected)
