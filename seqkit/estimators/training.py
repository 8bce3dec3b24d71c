"""Training of an estimator's Keras model: batches, early stopping, and interruption."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from seqkit.data.bucketing import bucketed_batches, pad


@dataclass(frozen=True)
class Examples:
    """What a model is trained on.

    Attributes:
        sequences: list of (T_i, d).
        targets: (n, ...), one row a sequence.
        weights: of the sequences, (n,).
    """

    sequences: list[np.ndarray]
    targets: np.ndarray
    weights: np.ndarray

    def take(self, rows: np.ndarray) -> Examples:
        """The examples of these rows."""
        sequences = [self.sequences[i] for i in rows]
        return Examples(sequences, self.targets[rows], self.weights[rows])

    def dataset(self, batch_size: int, rng: np.random.Generator | None = None) -> tf.data.Dataset:
        """Batches by length, shuffled anew at each pass where there is a generator.

        Every batch has batch_size rows: a smaller one is filled up with rows of weight zero, so
        that the compiler sees one shape a bucket.
        """
        lengths = np.array([len(s) for s in self.sequences])

        def batches() -> Iterator[Any]:
            for rows, length in bucketed_batches(lengths, batch_size, rng):
                weights = np.pad(self.weights[rows], (0, batch_size - len(rows)))
                rows = np.resize(rows, batch_size)
                batch = pad([self.sequences[i] for i in rows], length, batch_size)
                yield batch, self.targets[rows], weights

        features = self.sequences[0].shape[1]
        signature = (
            tf.TensorSpec((batch_size, None, features), tf.float32),
            tf.TensorSpec((batch_size, *self.targets.shape[1:]), self.targets.dtype),
            tf.TensorSpec((batch_size,), tf.float32),
        )
        count = sum(1 for _ in bucketed_batches(lengths, batch_size))
        dataset = tf.data.Dataset.from_generator(batches, output_signature=signature)
        return dataset.apply(tf.data.experimental.assert_cardinality(count)).prefetch(1)


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
        loss = (logs or {}).get(self.monitor, np.nan)
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
    examples: Examples,
    validation: Examples | None,
    *,
    epochs: int,
    batch_size: int,
    patience: int | None,
    rng: np.random.Generator,
    callbacks: Sequence[keras.callbacks.Callback],
    verbose: int,
) -> Trained:
    """Fits a compiled model.

    With validation examples the weights of the epoch with the lowest validation loss are kept;
    without, those of the last epoch. An interruption (Ctrl-C) after the first epoch keeps the best
    weights so far, with a warning; one before it is raised.
    """
    batch_size = min(batch_size, max(2, len(examples.sequences) + len(examples.sequences) % 2))
    best = BestWeights("loss" if validation is None else "val_loss", patience)
    history = keras.callbacks.History()
    trained = Trained()
    try:
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
    trained.history = {k: [float(v) for v in values] for k, values in history.history.items()}
    trained.best_epoch = len(history.epoch)
    if best.weights is not None and (validation is not None or trained.interrupted):
        model.set_weights(best.weights)
        trained.best_epoch = best.best_epoch
    return trained
