"""Ctrl-C during fit."""

from __future__ import annotations

import keras
import numpy as np
import pytest

from tests.estimators.toy import first_event, small

X, Y = first_event(40)


class CtrlC(keras.callbacks.Callback):
    """Interrupts in the middle of an epoch."""

    def __init__(self, epoch: int) -> None:
        super().__init__()
        self.at = epoch
        self.epoch = 0

    def on_epoch_begin(self, epoch, logs=None):
        self.epoch = epoch

    def on_train_batch_end(self, batch, logs=None):
        if self.epoch == self.at:
            raise KeyboardInterrupt


def test_after_an_epoch_the_best_weights_so_far_are_kept():
    # Trainings of 9 and of 2 epochs have the same rates where these are constant.
    options = {"batch_size": 8, "learning_rate_schedule": "constant"}
    model = small(epochs=9, callbacks=[CtrlC(epoch=2)], **options)
    with pytest.warns(
        UserWarning, match=r"interrupted after 2 of 9 epochs\. The weights of epoch 2"
    ):
        model.fit(X, Y)
    assert model.n_iter_ == model.best_epoch_ == 2
    whole = small(epochs=2, **options).fit(X, Y)
    np.testing.assert_array_equal(model.predict_proba(X), whole.predict_proba(X))


def test_before_the_first_epoch_the_estimator_stays_unfitted():
    model = small(callbacks=[CtrlC(epoch=0)])
    with pytest.raises(KeyboardInterrupt):
        model.fit(X, Y)
    assert not [name for name in vars(model) if name.endswith("_")]
