"""Prediction with a fitted model: a compiled function over batches of like length."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import tensorflow as tf

from seqkit.data.bucketing import pad, rounded_length
from seqkit.layers.path import recurrence_path

LARGEST_BATCH = 256


class Predictor:
    """Runs a model on sequences of any length.

    Sequences are sorted by length and padded to one of a few lengths, batches to a power of two, so
    that few shapes are compiled. One row alone has a function of its own.

    Args:
        model: from (B, T, d), rows ending in NaN, to (B, ...).
        features: d.
    """

    def __init__(self, model: keras.Model, features: int) -> None:
        def run(batch: tf.Tensor) -> Any:
            with recurrence_path("compiled"):
                return model(batch, training=False)

        def function(rows: int | None) -> Any:
            spec = tf.TensorSpec((rows, None, features), tf.float32)
            return tf.function(run, input_signature=[spec], autograph=False)

        self._one, self._many = function(1), function(None)

    def __call__(self, sequences: list[np.ndarray]) -> np.ndarray:
        """The model's outputs, (n, ...), in the order of the sequences."""
        order = np.argsort([len(s) for s in sequences], kind="stable")
        result = None
        for start in range(0, len(order), LARGEST_BATCH):
            rows = order[start : start + LARGEST_BATCH]
            batch = [sequences[i] for i in rows]
            outputs = self._batch(batch)
            if result is None:
                result = np.empty((len(sequences), *outputs.shape[1:]), outputs.dtype)
            result[rows] = outputs
        assert result is not None
        return result

    def _batch(self, sequences: list[np.ndarray]) -> np.ndarray:
        length = rounded_length(len(sequences[-1]))
        count = len(sequences)
        rows = 1 << (count - 1).bit_length()
        run = self._one if rows == 1 else self._many
        return run(tf.constant(pad(sequences, length, rows))).numpy()[:count]
