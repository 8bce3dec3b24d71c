"""A regressor on few samples makes as many passes as do best on some that it does not see."""

from __future__ import annotations

import keras
import numpy as np
import pytest

import seqkit
from seqkit.estimators.plans.stages import BestPass
from tests.estimators.toy import untrained

RNG = np.random.default_rng(0)
X = RNG.normal(size=(60, 6, 1)).astype("float32")
NOISE = RNG.normal(size=60)  # of which X says nothing


class Epochs(keras.callbacks.Callback):
    """Counts the epochs that it sees."""

    seen = 0

    def on_epoch_end(self, epoch, logs=None):
        self.seen += 1


def regressor(**options) -> seqkit.SequenceRegressor:
    small = {"units": 4, "preset": "fast", "random_state": 0, "learning_rate": 0.03}
    return seqkit.SequenceRegressor("gru", **{**small, **options})


@pytest.mark.filterwarnings("ignore:The training came to nothing")
def test_noise_is_not_learned_by_heart():
    callback = Epochs()
    model = regressor(callbacks=[callback]).fit(X, NOISE)
    whole = regressor(epochs=50).fit(X, NOISE)
    assert whole.score(X, NOISE) > model.score(X, NOISE) + 0.1
    new = RNG.normal(size=(200, 6, 1)).astype("float32")
    assert np.var(model.predict(new)) < np.var(whole.predict(new)) / 2
    chosen = model.chosen_["epochs"]
    assert chosen.value == model.best_epoch_ == model.n_iter_ == callback.seen < 50
    assert "held out of a first training" in chosen.reason
    assert model.chosen_["early_stopping"].value is False
    assert "val_loss" not in model.history_  # the model has seen all samples


@untrained()
@pytest.mark.parametrize(
    ("count", "options", "stages"),
    [
        (60, {}, 2),
        (20, {}, 1),
        (60, {"epochs": 2}, 1),
        (60, {"max_steps": 9}, 1),
        (60, {"early_stopping": False}, 1),
    ],
)
def test_where_passes_are_counted(count, options, stages, monkeypatch):
    stages_of_fits = []
    train = seqkit.estimators.base.train

    def seen(*arguments, callbacks, **options):
        stages_of_fits.append(any(isinstance(c, BestPass) for c in callbacks))
        return train(*arguments, callbacks=callbacks, **options)

    with monkeypatch.context() as patch:  # undone before the training is
        patch.setattr("seqkit.estimators.base.train", seen)
        model = regressor(**options).fit(X[:count], NOISE[:count])
        assert stages_of_fits == [True, False][-stages:]
        model.set_params(warm_start=True).fit(X, NOISE).partial_fit(X, NOISE)
    assert stages_of_fits[stages:] == [False, False]


def test_validation_data_are_watched_as_ever():
    model = regressor(max_steps=8).fit(X[:40], NOISE[:40], validation_data=(X[40:], NOISE[40:]))
    assert "val_loss" in model.history_


@pytest.mark.parametrize(
    ("losses", "best"),
    [
        ([3.0], 1),
        ([3.0, 2.0], 2),
        ([4.0, 3.0, 2.0, 1.0, 0.0], 3),
        ([9.0, 1.0, 9.0, 3.0, 3.0, 3.0, 3.0, 3.0, 9.0], 6),  # one low loss is chance
        ([np.nan] * 3, 100),
        ([], 100),
    ],
)
def test_the_best_pass(losses, best):
    counter = BestPass(planned=100)
    counter.losses = losses
    assert counter.best == best


def test_a_training_that_gets_no_better_ends():
    counter = BestPass(planned=60)
    counter.set_model(keras.Sequential())
    counter.model.stop_training = False
    for epoch in range(60):
        counter.on_epoch_end(epoch, {"val_loss": float(abs(epoch - 9))})
        if counter.model.stop_training:
            break
    assert (counter.best, epoch + 1) == (10, 25)
