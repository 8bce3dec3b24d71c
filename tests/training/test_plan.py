"""The plan of a training: as many steps as were planned, at the rates that were planned."""

from __future__ import annotations

import keras
import numpy as np
import pytest
import tensorflow as tf

from seqkit.training.plan import Budget, Plan, plan_of
from tests.estimators.toy import first_event, small

X, Y = first_event(40)
PARTS = {"budget": Budget(100), "rate": 0.01, "schedule": "cosine"}


class Rates(keras.callbacks.Callback):
    """Records the learning rate of each step."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[float] = []

    def on_train_batch_begin(self, batch, logs=None) -> None:
        self.seen.append(float(self.model.optimizer.learning_rate))


def rates_of(**options) -> list[float]:
    rates = Rates()
    small(**{"batch_size": 8, "callbacks": [rates], **options}).fit(X, Y)
    return rates.seen


def test_the_cosine_of_the_paper():
    """Loshchilov & Hutter 2017, eq. 5 with a minimum of 0, after a linear rise."""
    plan = Plan(1, 1000, 1000, rate=2.0, schedule="cosine")
    rising = [plan.rate_at(k) for k in range(100)]
    np.testing.assert_allclose(rising, 2.0 * np.arange(1, 101) / 100)
    falling = [plan.rate_at(k) for k in range(100, 1000)]
    np.testing.assert_allclose(falling, 1 + np.cos(np.pi * np.arange(900) / 900), atol=1e-12)


def test_a_fit_takes_the_rates_of_its_plan():
    plan = Plan(4, 20, 5, rate=0.02, schedule="cosine")
    seen = rates_of(epochs=4, learning_rate=0.02)
    np.testing.assert_allclose(seen, [plan.rate_at(k) for k in range(20)], rtol=1e-6)


def test_the_rate_is_its_own_again_after_a_fit():
    model = small(epochs=2, learning_rate=0.02).fit(X, Y)
    assert float(model.model_.optimizer.learning_rate) == pytest.approx(0.02)


@pytest.mark.parametrize("steps", [1, 7, 10])
def test_max_steps_ends_a_fit_within_a_pass(steps):
    assert len(rates_of(epochs=None, max_steps=steps)) == steps
    assert len(rates_of(epochs=2, max_steps=steps)) == min(steps, 10)


def test_small_and_large_data_take_about_the_same_steps():
    few = plan_of(3, epochs=None, max_steps=None, **PARTS)
    many = plan_of(30, epochs=None, max_steps=None, **PARTS)
    assert few.steps == 102
    assert many.steps == 120
    assert plan_of(900, epochs=None, max_steps=None, **PARTS).epochs == 4


def test_a_constant_rate():
    assert set(np.float32(rates_of(learning_rate_schedule="constant"))) == {np.float32(0.005)}


def test_partial_fit_has_a_constant_rate():
    rates = Rates()
    model = small(callbacks=[rates], batch_size=8)
    for _ in range(2):
        model.partial_fit(X, Y)
    assert set(np.float32(rates.seen)) == {np.float32(0.005)}
    assert len(rates.seen) == 10


@pytest.mark.parametrize(
    "callback",
    [
        keras.callbacks.LearningRateScheduler(lambda epoch, rate: 0.5),
        keras.callbacks.ReduceLROnPlateau(monitor="loss"),
    ],
)
def test_callbacks_that_set_the_rate_are_left_to_it(callback):
    rates = Rates()
    small(epochs=1, callbacks=[callback, rates]).fit(X, Y)
    expected = 0.5 if isinstance(callback, keras.callbacks.LearningRateScheduler) else 0.005
    assert set(np.float32(rates.seen)) == {np.float32(expected)}


@pytest.mark.parametrize("optimizer", [keras.optimizers.SGD(0.25), "sgd"])
def test_rates_of_the_optimisers_own_are_left_alone(optimizer):
    options = {"optimizer": optimizer}
    if optimizer == "sgd":
        schedule = keras.optimizers.schedules.PiecewiseConstantDecay([10_000], [0.25, 0.1])
        options["learning_rate"] = schedule
    assert set(np.float32(rates_of(**options))) == {np.float32(0.25)}


def test_a_stream_whose_size_nobody_said_is_counted_while_it_is_learned_from():
    dataset = tf.data.Dataset.from_generator(
        lambda: zip(X, Y, strict=True),
        output_signature=(tf.TensorSpec((None, 2)), tf.TensorSpec((), tf.string)),
    )
    rates = Rates()
    small(epochs=4, batch_size=8, callbacks=[rates]).fit(dataset)
    # A pass has a batch or two more than its examples fill: what is left of each bucket.
    assert 4 * 5 <= len(rates.seen) <= 4 * 7
    assert max(rates.seen) == pytest.approx(0.005)
    assert rates.seen[-1] < 0.0005


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"max_steps": 0}, "max_steps must be an integer of at least 1, or None, got 0"),
        ({"learning_rate_schedule": "cosin"}, "learning_rate_schedule must be 'cosine' or"),
    ],
)
def test_what_cannot_be_planned(options, message):
    with pytest.raises(ValueError, match=message):
        small(**options).fit(X, Y)
