"""The padding of numeric sequences: NaN, read as a mask."""

from __future__ import annotations

import keras
import tensorflow as tf

from seqkit.text.reserved_ids import PADDING
from seqkit.types import Tensor


@keras.saving.register_keras_serializable("seqkit")
class PaddingMask(keras.layers.Layer):
    """Reads NaN as padding: a step whose features are all NaN does not count.

    NaN cannot be mistaken for a value, as zeros can, and needs no second input.

    Call arguments:
        inputs: (B, T, D), numbers of any type, cast to the layer's compute dtype; rows shorter than
            T end in NaN.

    Returns:
        The inputs with zeros for NaN (B, T, D), and the mask of valid steps, boolean (B, T).

    Example:
        >>> import numpy as np
        >>> values, mask = PaddingMask()(np.array([[[1.0], [np.nan]]], "float32"))
        >>> mask.numpy().tolist(), values.numpy().ravel().tolist()
        ([[True, False]], [1.0, 0.0])
    """

    def call(self, inputs: Tensor) -> tuple[Tensor, Tensor]:
        inputs = keras.ops.cast(inputs, self.compute_dtype)  # NaN is of floats
        missing = keras.ops.isnan(inputs)
        mask = keras.ops.logical_not(keras.ops.all(missing, axis=-1))
        return keras.ops.where(missing, keras.ops.zeros_like(inputs), inputs), mask

    def compute_output_spec(
        self, inputs: keras.KerasTensor
    ) -> tuple[keras.KerasTensor, keras.KerasTensor]:
        return (
            keras.KerasTensor(inputs.shape, dtype=self.compute_dtype),
            keras.KerasTensor(inputs.shape[:-1], dtype="bool"),
        )


def valid_steps(batch: Tensor) -> Tensor:
    """Which steps of a model's input are not padding, boolean (B, T).

    Args:
        batch: ids (B, T), or of the pieces of each token (B, T, P); or numbers (B, T, D) whose rows
            end in NaN.
    """
    if batch.dtype.is_integer:
        return (batch if batch.shape.rank == 2 else batch[..., 0]) != PADDING
    return tf.logical_not(tf.reduce_all(tf.math.is_nan(batch), -1))
