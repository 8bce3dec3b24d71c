"""Additive attention (Bahdanau et al. 2015, arXiv:1409.0473, section 3.1 and A.1.2).

score(q, m) = v . tanh(W_q q + W_m m + b)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import keras

from seqkit.layers.attention import Attention, additive_score
from seqkit.types import Shape, Tensor

if TYPE_CHECKING:
    from typing_extensions import Self


@keras.saving.register_keras_serializable("seqkit")
class BahdanauAttention(Attention):
    """Additive attention of Bahdanau et al. 2015.

    Args:
        units: size of the space in which query and memory are compared, U.
        use_bias: whether there is a bias b, zero at first. Default False, as in the paper.
        kernel_initializer: of W_q (Q, U), W_m (M, U) and v (U,). Default "glorot_uniform".

    Example:
        >>> import numpy as np
        >>> attention = BahdanauAttention(8)
        >>> context, weights = attention(np.ones((2, 3, 4)), np.ones((2, 5, 6)))
        >>> context.shape, weights.shape
        (TensorShape([2, 3, 6]), TensorShape([2, 3, 5]))
    """

    feeds_back = True
    readout_reads = ("context", "state", "previous")

    def __init__(
        self,
        units: int,
        *,
        use_bias: bool = False,
        kernel_initializer: Any = "glorot_uniform",
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        if units < 1:
            raise ValueError(f"units must be at least 1, got {units!r}.")
        self.units, self.use_bias = units, use_bias
        self.kernel_initializer = keras.initializers.get(kernel_initializer)

    @classmethod
    def for_decoder(cls, units: int, score: str | None = None, **options: Any) -> Self:
        return cls(units, **options)

    def build(self, query_shape: Shape, memory_shape: Shape) -> None:
        self.query_kernel = self._weight("query_kernel", (query_shape[-1], self.units))
        self.memory_kernel = self._weight("memory_kernel", (memory_shape[-1], self.units))
        self.v = self._weight("v", (self.units,))
        self.bias = None
        if self.use_bias:
            self.bias = self.add_weight(name="bias", shape=(self.units,), initializer="zeros")

    def keys(self, memory: Tensor) -> Tensor:
        keys = keras.ops.matmul(memory, self.memory_kernel)
        return keys if self.bias is None else keys + self.bias

    def score(self, query: Tensor, keys: Tensor) -> Tensor:
        return additive_score(keras.ops.matmul(query, self.query_kernel), keys, self.v)

    def get_config(self) -> dict[str, Any]:
        return {
            **super().get_config(),
            "units": self.units,
            "use_bias": self.use_bias,
            "kernel_initializer": keras.initializers.serialize(self.kernel_initializer),
        }
