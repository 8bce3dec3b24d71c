"""Features scaled by the mean and variance that training found."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np

from seqkit.types import Tensor


@keras.saving.register_keras_serializable("seqkit")
class Standardization(keras.layers.Layer):
    """(x - mean) / standard deviation, of each feature.

    Mean and variance are weights that training leaves as they are. So the graphs of two models that
    are fitted on different data are the same, where constants, as `keras.layers.Normalization` has
    them, would make two of them.

    Args:
        mean, variance: of each feature, (D,). A feature without variance becomes zero.

    Call arguments:
        inputs: (..., D).

    Returns:
        (..., D).

    Example:
        >>> Standardization(mean=[1.0, 5.0], variance=[4.0, 0.0])(np.array([[3.0, 5.0]])).numpy()
        array([[1., 0.]], dtype=float32)
    """

    def __init__(self, mean: Any, variance: Any, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._given = {"mean": np.asarray(mean), "variance": np.asarray(variance)}

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        self.mean, self.variance = (
            self.add_weight(
                value.shape, keras.initializers.Constant(value), name=name, trainable=False
            )
            for name, value in self._given.items()
        )

    def call(self, inputs: Tensor) -> Tensor:
        # A constant feature has no variance to divide by.
        variance = keras.ops.where(self.variance > 0, self.variance, 1.0)
        return (inputs - self.mean) / keras.ops.sqrt(variance)

    def compute_output_shape(self, input_shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        return input_shape

    def get_config(self) -> dict[str, Any]:
        given = {name: value.tolist() for name, value in self._given.items()}
        return {**super().get_config(), **given}
