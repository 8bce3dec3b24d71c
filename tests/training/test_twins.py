"""Fits of one kind are traced once, and are as they would be alone."""

from __future__ import annotations

import dataclasses
import functools
from typing import Any

import keras
import numpy as np
import pytest

import seqkit
from seqkit.estimators.plans.kinds import kind_of_training
from seqkit.training.loop import Trained
from seqkit.training.programs import twins
from seqkit.training.programs.fingerprint import Unknown, fingerprint
from seqkit.training.programs.shared_functions import SharedFunctions
from seqkit.training.programs.twins import TWINS, Twins
from tests.conformance.estimators import data, kinds
from tests.conftest import forget_traced_programs
from tests.estimators.toy import first_event, small

X, Y = first_event(24)


@pytest.fixture(autouse=True)
def _alone():
    forget_traced_programs()


def probabilities(**options) -> np.ndarray:
    return small(**options).fit(X, Y).predict_proba(X)


def test_a_fit_after_others_is_the_same_as_alone():
    alone = probabilities(random_state=1)
    assert len(TWINS) == 1
    probabilities(random_state=2)
    assert np.array_equal(probabilities(random_state=1), alone)
    assert len(TWINS) == 1


def test_a_second_fit_traces_nothing(monkeypatch):
    calls = []
    call = keras.layers.Dense.call

    @functools.wraps(call)
    def counted(*args, **kwargs):
        calls.append(1)
        return call(*args, **kwargs)

    monkeypatch.setattr(keras.layers.Dense, "call", counted)
    probabilities(random_state=1)
    traced = len(calls)
    calls.clear()
    probabilities(random_state=2)
    assert traced
    assert not calls


OTHERS = [
    {"clipnorm": 0.01},
    {"dropout": 0.9},
    {"label_smoothing": 0.4},
    {"optimizer": "sgd"},
    {"optimizer": keras.optimizers.Adam(0.02, beta_1=0.1)},
    {"weight_decay": 0.9},
    {"use_ema": True, "ema_momentum": 0.5},
    {"pooling": "mean"},
    {"tbptt_steps": 2},
    {"ensemble_size": 2},
]


@pytest.mark.parametrize("other", OTHERS, ids=lambda other: "-".join(other))
def test_what_changes_the_step_makes_another_kind(other, monkeypatch):
    monkeypatch.setattr("seqkit.estimators.base.train", lambda *args, **kwargs: Trained())
    monkeypatch.setattr("seqkit.estimators.base.warn_of_failure", lambda *args: None)
    one, same, different = (small(**more).fit(X, Y) for more in ({}, {"random_state": 9}, other))
    assert kind_of_training(one) == kind_of_training(same) != kind_of_training(different)
    assert len(TWINS) == 2


@kinds("forecaster", slow=("tagger", "crf_tagger"))
def test_weights_of_another_form_are_as_alone(kind):
    """Of samples or series, and of their steps, one after the other: one graph is for both."""
    X, y = data(kind)
    of_samples: Any
    if kind.of_samples:
        of_samples, of_steps = np.arange(1.0, len(X) + 1), [np.arange(1.0, len(v) + 1) for v in y]
    else:
        of_samples, of_steps = {name: k for k, name in enumerate(X, 1)}, X / X.max()

    def losses(weights):
        return kind.new(epochs=1).fit(X, y, sample_weight=weights).history_["loss"]

    forget_traced_programs()
    alone = losses(of_steps)
    after = losses(of_samples)
    forget_traced_programs()
    np.testing.assert_allclose(losses(of_samples), after, rtol=1e-6)
    np.testing.assert_allclose(losses(of_steps), alone, rtol=1e-6)


def test_another_kind_is_trained_as_alone():
    other = {"clipnorm": 0.01, "learning_rate": 0.02}
    small(learning_rate=0.02).fit(X, Y)
    after = probabilities(**other)
    forget_traced_programs()
    assert np.array_equal(after, probabilities(**other))


def test_training_goes_on_in_a_twin():
    def gone_on():
        model = small(warm_start=True, random_state=3).fit(X, Y)
        model.set_params(learning_rate=0.001).fit(X, Y)
        return model.partial_fit(X, Y).predict_proba(X)

    alone = gone_on()
    probabilities(random_state=4)
    assert np.array_equal(gone_on(), alone)


def test_two_models_of_a_kind_keep_their_own_weights():
    one = small(random_state=1).fit(X, Y)
    before = one.predict_proba(X)
    two = small(random_state=2).fit(X, Y)
    assert not np.array_equal(two.predict_proba(X), before)
    assert np.array_equal(one.predict_proba(X), before)


def test_a_user_s_callback_sees_the_model_itself():
    class Seen(keras.callbacks.Callback):
        models: list[keras.Model] = []

        def on_epoch_end(self, epoch, logs=None):
            self.models.append(self.model)

    model = small(callbacks=[Seen()]).fit(X, Y)
    assert {id(seen) for seen in Seen.models} == {id(model.model_)}
    assert len(TWINS) == 0


def test_a_failed_training_leaves_no_twin(monkeypatch):
    def fails(*args, **kwargs):
        raise RuntimeError("on the way")

    monkeypatch.setattr("seqkit.estimators.base.train", fails)
    with pytest.raises(RuntimeError, match="on the way"):
        small().fit(X, Y)
    assert len(TWINS) == 0


def compiled_model(units: int = 1) -> keras.Model:
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(units)])
    model.compile("adam", "mse")
    model.optimizer.build(model.trainable_variables)
    return model


def test_the_oldest_go():
    kept = Twins(kept=2)
    for kind in ("a", "b", "a", "c"):
        with kept.trained_for(compiled_model(), kind, compiled_model):
            pass
    assert list(kept._idle) == ["a", "c"]


def test_a_twin_in_use_is_nobody_else_s():
    kept = Twins()
    with (
        kept.trained_for(compiled_model(), "a", compiled_model) as one,
        kept.trained_for(compiled_model(), "a", compiled_model) as two,
    ):
        assert one is not two
    assert len(kept) == 1


def test_large_models_are_trained_themselves(monkeypatch):
    monkeypatch.setattr(twins, "LARGEST_MODEL", 2)
    model = compiled_model()
    with Twins().trained_for(model, "a", compiled_model) as trained:
        assert trained is model
    assert SharedFunctions().of("a", model, model) is not None


def test_what_is_not_known_is_not_shared():
    with pytest.raises(Unknown, match="test_twins"):
        fingerprint(lambda: None)
    with pytest.raises(Unknown, match="object"):
        fingerprint({"a": object()})


@dataclasses.dataclass
class _Plain:
    value: float


@pytest.mark.parametrize(
    "values",
    [
        (1, True, 1.0, "1", b"1"),
        (0.1, np.nextafter(0.1, 1), float("inf")),
        (np.zeros(2), np.zeros((2, 1)), np.zeros(2, "float32"), [0.0, 0.0], (0.0, 0.0)),
        (_Plain(1.0), _Plain(2.0)),
        (keras.layers.Dense(1), keras.layers.Dense(2), keras.layers.LSTM(1)),
        (functools.partial(seqkit.load, 1), functools.partial(seqkit.load, 2)),
    ],
    ids=["types", "numbers", "arrays", "dataclasses", "layers", "partials"],
)
def test_fingerprints_tell_apart_what_differs(values):
    prints = [fingerprint(value) for value in values]
    assert len(set(prints)) == len(values)
