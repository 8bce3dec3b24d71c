"""Tokens taken for unknown in training, so that the model learns to do without any one of them."""

from __future__ import annotations

from typing import Any

import keras

from seqkit.text.reserved_ids import PADDING, UNKNOWN
from seqkit.types import Shape, Tensor


@keras.saving.register_keras_serializable("seqkit")
class TokenDropout(keras.layers.Layer):
    """Replaces a fraction of the tokens by the unknown token (word dropout, Iyyer et al. 2015).

    It also trains the unknown token's vector, which no token of the training texts has where the
    vocabulary holds them all.

    Args:
        rate: fraction of the tokens replaced in training.
        seed: of the random choice.

    Call arguments:
        inputs: ids (B, T), or of pieces (B, T, P); 0 for padding, which stays.

    Example:
        >>> import numpy as np
        >>> layer = TokenDropout(0.99, seed=0)
        >>> layer(np.array([[5, 6, 0]], "int32"), training=True).numpy().tolist()
        [[1, 1, 0]]
        >>> layer(np.array([[5, 6, 0]], "int32")).numpy().tolist()
        [[5, 6, 0]]
    """

    def __init__(self, rate: float, seed: int | None = None, **kwargs: Any) -> None:
        super().__init__(**{"dtype": "int32", **kwargs})
        self.rate = rate
        self.seed = seed
        self.seed_generator = keras.random.SeedGenerator(seed)

    def call(self, inputs: Tensor, training: bool = False) -> Tensor:
        if not training:
            return inputs
        shape = keras.ops.shape(inputs)
        drawn = keras.random.uniform(shape, dtype="float32", seed=self.seed_generator)
        dropped = keras.ops.logical_and(drawn < self.rate, inputs != PADDING)
        return keras.ops.where(dropped, keras.ops.full_like(inputs, UNKNOWN), inputs)

    def compute_output_shape(self, input_shape: Shape) -> Shape:
        return input_shape

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "rate": self.rate, "seed": self.seed}
