"""What a fit that goes on takes of parameters that changed; it names what it cannot take."""

from __future__ import annotations

import copy
import warnings
from typing import Any

import keras
import numpy as np
import pytest

import seqkit
from seqkit.estimators import base
from seqkit.training.loop import Trained
from tests.conformance.estimators import data, every_kind, fitted, kinds, named
from tests.conformance.test_fitted_alone import OTHER
from tests.conformance.test_training import Records

TAKEN = {
    "augmentation",
    "batch_size",
    "calibration_refit",
    "calibration_windows",
    "callbacks",
    "checkpoint_dir",
    "clipnorm",
    "early_stopping",
    "ema_momentum",
    "epochs",
    "learning_rate",
    "learning_rate_schedule",
    "max_steps",
    "n_iter_no_change",
    "optimizer",
    "preset",
    "random_state",
    "use_ema",
    "validation_fraction",
    "verbose",
    "warm_start",
    "weight_decay",
    *("beam_width", "coverage_penalty", "length_penalty", "n_best", "no_repeat_ngram"),
}
COLUMNS = {"id", "target", "time"}  # that a forecaster reads


def without_training(monkeypatch: Any) -> dict[str, Any]:
    """Lets fits do all but train; the dict is given the options of the last one."""
    options: dict[str, Any] = {}

    def train(*arguments: Any, **given: Any) -> Trained:
        options.update(given)
        return Trained({"loss": [1.0]}, 1)

    monkeypatch.setattr(base, "train", train)
    return options


def warned(model: Any, kind: Any) -> list[str]:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        model.fit(*data(kind))
    return [str(w.message) for w in caught if "goes on with the fitted model" in str(w.message)]


@every_kind
def test_what_changed_is_taken_or_named(kind, monkeypatch):
    model = copy.deepcopy(fitted(kind)).set_params(warm_start=True)
    without_training(monkeypatch)
    assert warned(model, kind) == []
    taken = TAKEN if kind.of_samples else TAKEN | COLUMNS
    for name, before in model.get_params(deep=False).items():
        other = OTHER[name](before) if callable(OTHER[name]) else OTHER[name]
        if name == "warm_start" or other == before:
            continue
        model.set_params(**{name: other})
        try:
            model.check_parameters()
            found = warned(model, kind)
        except (ValueError, seqkit.extras.MissingExtraError):  # at odds with the others
            found = [name] if name not in taken else []
        assert bool(found) == (name not in taken), name
        assert all(name in message for message in found)
        model.set_params(**{name: before})
        assert warned(model, kind) == []


@every_kind
def test_every_parameter_of_the_training_is_taken(kind, monkeypatch):
    model = copy.deepcopy(fitted(kind))
    options = without_training(monkeypatch)
    callback = keras.callbacks.History()
    model.set_params(warm_start=True, epochs=5, batch_size=7, callbacks=[callback], verbose=2)
    model.set_params(optimizer="sgd", learning_rate=1e-5, clipnorm=3.0)
    weights = model.model_.get_weights()
    model.fit(*data(kind))
    assert options.pop("callbacks")[-1] is callback
    assert options["plan"].epochs == 5
    expected = {"batch_size": 7, "verbose": 2}
    assert {name: options[name] for name in expected} == expected
    optimizer = model.model_.optimizer
    assert isinstance(optimizer, keras.optimizers.SGD)
    assert (float(optimizer.learning_rate), optimizer.clipnorm) == (np.float32(1e-5), 3.0)
    for before, after in zip(weights, model.model_.get_weights(), strict=True):
        np.testing.assert_array_equal(before, after)


@kinds("classifier", "forecaster")
def test_the_state_of_the_optimiser_stays_where_it_can(kind, tmp_path):
    seen = Records()
    model = copy.deepcopy(fitted(kind)).set_params(warm_start=True, callbacks=[seen])
    model.set_params(learning_rate_schedule="constant")
    steps = int(model.model_.optimizer.iterations)
    model.set_params(learning_rate=np.float32(1e-5), clipnorm=0.5).fit(*data(kind))
    np.testing.assert_allclose(seen.rates, 1e-5, rtol=1e-6)
    assert int(model.model_.optimizer.iterations) > steps
    assert model.model_.optimizer.clipnorm == 0.5
    before = int(model.model_.optimizer.iterations)
    model.set_params(optimizer=keras.optimizers.Adam(1e-7)).fit(*data(kind))
    np.testing.assert_allclose(seen.rates[-1], 1e-7, rtol=1e-5)
    assert int(model.model_.optimizer.iterations) > before
    model = seqkit.load(model.set_params(callbacks=None, units=9).save(tmp_path / "model"))
    with pytest.warns(UserWarning, match="goes on with the fitted model.*units=9:"):
        model.fit(*data(kind))


def test_a_failed_fit_keeps_the_optimiser():
    kind = named("classifier")
    X, y = data(kind)
    model = copy.deepcopy(fitted(kind)).set_params(warm_start=True)
    optimizer = model.model_.optimizer
    with pytest.raises(ValueError, match="y"):
        model.set_params(optimizer="sgd").fit(X, ["none of these"] * len(X))
    assert model.model_.optimizer is optimizer

    def stop(epoch: int, logs: Any) -> None:
        raise RuntimeError("stop")

    callback = keras.callbacks.LambdaCallback(on_epoch_begin=stop)
    with pytest.raises(RuntimeError, match="stop"):
        model.set_params(callbacks=[callback]).fit(X, y)
    assert model.model_.optimizer is optimizer
    model.set_params(optimizer="adam", callbacks=None).fit(X, y)
    assert int(optimizer.iterations) == 8
