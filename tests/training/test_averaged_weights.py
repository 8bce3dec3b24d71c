"""Averages of weights: what is evaluated, kept, copied and gone on from."""

from __future__ import annotations

import copy
import pickle

import keras
import numpy as np
import pytest

import seqkit
from tests.estimators.toy import small
from tests.estimators.translating import numbers, translator
from tests.training.test_checkpoints import assert_alike, interrupted

RNG = np.random.default_rng(0)
X = RNG.normal(size=(16, 5, 2))
Y = np.where(X.sum((1, 2)) > 0, "up", "down")
MOMENTUM = 0.8
# One batch a pass: what is averaged does not depend on an order.
OPTIONS = {
    "use_ema": True,
    "ema_momentum": MOMENTUM,
    "batch_size": 16,
    "dropout": 0.0,
    "learning_rate": 0.05,
    "learning_rate_schedule": "constant",
}


class Weights(keras.callbacks.Callback):
    """Keeps the weights after each step, and those that are there at the end of each epoch."""

    def __init__(self) -> None:
        super().__init__()
        self.steps: list[list[np.ndarray]] = []
        self.epochs: list[list[np.ndarray]] = []

    def on_train_batch_end(self, batch, logs=None):
        self.steps.append([w.numpy().copy() for w in self.model.trainable_variables])

    def on_epoch_end(self, epoch, logs=None):
        self.epochs.append([w.numpy().copy() for w in self.model.trainable_variables])


def averages(steps: list[list[np.ndarray]]) -> list[list[np.ndarray]]:
    """The moving averages after each step, which begin with the first step's weights."""
    found = [steps[0]]
    for weights in steps[1:]:
        found.append(
            [MOMENTUM * a + (1 - MOMENTUM) * w for a, w in zip(found[-1], weights, strict=True)]
        )
    return found


def assert_close(found, expected) -> None:
    for weight, other in zip(found, expected, strict=True):
        np.testing.assert_allclose(weight, other, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("optimizer", ["adam", "instance"])
def test_the_model_has_the_averages_of_the_steps(optimizer):
    options = dict(OPTIONS)
    if optimizer == "instance":
        options["optimizer"] = keras.optimizers.SGD(0.1, use_ema=True, ema_momentum=MOMENTUM)
        options["use_ema"] = False
    seen = Weights()
    model = small(epochs=5, callbacks=[seen], **options).fit(X, Y)
    expected = averages(seen.steps)
    assert_close(model.model_.trainable_variables, expected[-1])
    for found, average in zip(seen.epochs, expected, strict=True):
        assert_close(found, average)
    assert not np.allclose(seen.steps[-1][0], expected[-1][0], atol=1e-3)


@pytest.mark.parametrize("early_stopping", [False, True])
def test_they_are_what_is_evaluated(early_stopping):
    held = X[::-1] + 0.1
    model = small(epochs=4, early_stopping=early_stopping, **OPTIONS)
    model.fit(X, Y, validation_data=(held, Y))
    places = np.searchsorted(model.classes_, Y)
    loss = -np.log(model.predict_proba(held)[np.arange(16), places]).mean()
    expected = model.history_["val_loss"]
    assert expected[model.best_epoch_ - 1] == pytest.approx(loss, rel=1e-4)
    assert len(set(expected)) == 4


def test_a_training_that_goes_on_goes_on_from_the_weights(tmp_path):
    seen = Weights()
    expected = small(epochs=4, callbacks=[seen], **OPTIONS).fit(X, Y)
    model = small(epochs=2, **OPTIONS).fit(X, Y)
    copies = [
        copy.deepcopy(model),
        pickle.loads(pickle.dumps(model)),
        seqkit.load(model.save(tmp_path / "model.seqkit")),
    ]
    for copied in (model, *copies):
        copied.partial_fit(X, Y)
        assert_close(copied.model_.trainable_variables, averages(seen.steps)[2])
        copied.set_params(warm_start=True, epochs=1).fit(X, Y)
        assert_close(copied.model_.trainable_variables, expected.model_.trainable_variables)


def test_an_interrupted_training_goes_on(tmp_path):
    pairs = numbers(64, seed=1)
    options = {"use_ema": True, "ema_momentum": 0.5, "dropout": 0.2, "embedding_dropout": 0.2}
    expected = translator(epochs=4, **options).fit(*pairs)
    interrupted(tmp_path, RuntimeError("stop"), **options)
    found = translator(epochs=4, checkpoint_dir=tmp_path, **options).fit(*pairs)
    assert_alike(found, expected)
    for value, other in zip(
        found.model_.optimizer.variables, expected.model_.optimizer.variables, strict=True
    ):
        np.testing.assert_array_equal(value, other)


class Stops(keras.callbacks.Callback):
    def on_train_batch_end(self, batch, logs=None):
        if int(self.model.optimizer.iterations) == 3:
            raise KeyboardInterrupt


def test_an_interruption_keeps_averages():
    seen = Weights()
    model = small(epochs=5, callbacks=[seen, Stops()], **OPTIONS)
    with pytest.warns(UserWarning, match="interrupted after 2 of 5"):
        model.fit(X, Y)
    assert_close(model.model_.trainable_variables, averages(seen.steps)[model.best_epoch_ - 1])
    model.set_params(callbacks=None).partial_fit(X, Y)
    assert np.isfinite(model.predict_proba(X)).all()
