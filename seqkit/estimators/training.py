"""Training of an estimator's Keras model: best weights, early stopping, and interruption."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import keras
import numpy as np


class TrainingData(Protocol):
    """What `train` needs of its examples."""

    def dataset(self, batch_size: int, rng: np.random.Generator | None = None) -> Any:
        """Batches of (sequences, targets, weights), in a new order at each pass."""


class BestWeights(keras.callbacks.Callback):
    """Keeps the weights of the epoch with the lowest monitored loss.

    Args:
        monitor: name of the loss in the logs.
        patience: epochs without a better one after which training stops, or None.
    """

    def __init__(self, monitor: str, patience: int | None) -> None:
        super().__init__()
        self.monitor = monitor
        self.patience = patience
        self.best = np.inf
        self.best_epoch = 0
        self.weights: list[np.ndarray] | None = None

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        logs = logs or {}
        if not np.isfinite(logs.get("loss", 0.0)):
            raise FloatingPointError(
                f"The loss became {logs['loss']} in epoch {epoch + 1}. Lower learning_rate, set "
                "clipnorm, or look for extreme values in the data."
            )
        loss = logs.get(self.monitor, np.nan)
        if loss < self.best:
            self.best, self.best_epoch = loss, epoch + 1
            self.weights = self.model.get_weights()
        elif self.patience is not None and epoch + 1 - self.best_epoch >= self.patience:
            self.model.stop_training = True


@dataclass
class Trained:
    """How a training went.

    Attributes:
        history: a list a metric, one entry an epoch.
        best_epoch: the epoch, from 1, whose weights the model has.
        interrupted: whether the user stopped it.
    """

    history: dict[str, list[float]] = field(default_factory=dict)
    best_epoch: int = 0
    interrupted: bool = False


def train(
    model: keras.Model,
    examples: TrainingData,
    validation: TrainingData | None,
    *,
    epochs: int,
    batch_size: int,
    patience: int | None,
    rng: np.random.Generator,
    callbacks: Sequence[keras.callbacks.Callback] = (),
    verbose: int = 0,
) -> Trained:
    """Fits a compiled model.

    With a patience the weights of the epoch with the lowest validation loss are kept; without,
    those of the last epoch. An interruption (Ctrl-C) after the first epoch keeps the best weights
    so far, with a warning; one before it is raised.

    Raises:
        FloatingPointError: where the loss is no longer finite.
    """
    best = BestWeights("loss" if validation is None else "val_loss", patience)
    history = keras.callbacks.History()
    trained = Trained()
    try:
        with warnings.catch_warnings():
            # Of a stream, whose end Keras takes for an accident.
            warnings.filterwarnings("ignore", "Your input ran out of data")
            model.fit(
                examples.dataset(batch_size, rng),
                validation_data=None if validation is None else validation.dataset(batch_size),
                epochs=epochs,
                callbacks=[history, best, *callbacks],
                verbose=verbose,
                shuffle=False,
            )
    except KeyboardInterrupt:
        if best.weights is None:
            raise
        trained.interrupted = True
        warnings.warn(
            f"Training was interrupted after {len(history.epoch)} of {epochs} epochs; the weights "
            f"of epoch {best.best_epoch} are kept.",
            stacklevel=3,
        )
    finally:
        for callback in callbacks:
            _let_go(callback)
    trained.history = {k: [float(v) for v in values] for k, values in history.history.items()}
    trained.best_epoch = len(history.epoch)
    if best.weights is not None and (patience is not None or trained.interrupted):
        model.set_weights(best.weights)
        trained.best_epoch = best.best_epoch
    return trained


def _let_go(callback: keras.callbacks.Callback) -> None:
    """Makes a user's callback forget the model, so that copies of it do not hold the model."""
    if getattr(callback, "_model", None) is not None:
        callback._model = None
