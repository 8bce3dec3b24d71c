"""Multiplicative attention (Luong et al. 2015, arXiv:1508.04025, section 3.1).

dot      score(q, m) = q . m
general  score(q, m) = q . W m
concat   score(q, m) = v . tanh(W [q; m])
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import keras

from seqkit.layers.attention import Attention, additive_score
from seqkit.types import Shape, Tensor

if TYPE_CHECKING:
    from typing_extensions import Self

LUONG_SCORES = ("dot", "general", "concat")


@keras.saving.register_keras_serializable("seqkit")
class LuongAttention(Attention):
    """Multiplicative attention of Luong et al. 2015.

    Args:
        score: "dot", for which query and memory must be of one size; "general"; or "concat".
            Default "general".
        units: size of W [q; m] with "concat", U; None for the size of the query.
        kernel_initializer: of W, "general" (M, Q) or "concat" (Q + M, U), and v. Default
            "glorot_uniform".

    Raises:
        ValueError: for another score; and for "dot" where the sizes differ.

    Example:
        >>> import numpy as np
        >>> q, m = np.array([[[1.0, 0.0]]]), np.array([[[5.0, 1.0], [0.0, 2.0]]])
        >>> context, weights = LuongAttention("dot")(q, m)
        >>> print(weights.numpy().round(3))
        [[[0.993 0.007]]]
    """

    scores = LUONG_SCORES

    def __init__(
        self,
        score: str = "general",
        units: int | None = None,
        *,
        kernel_initializer: Any = "glorot_uniform",
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        if score not in LUONG_SCORES:
            raise ValueError(f"score must be one of {LUONG_SCORES}, got {score!r}.")
        if units is not None and units < 1:
            raise ValueError(f"units must be at least 1, got {units!r}.")
        self.score_name, self.units = score, units
        self.kernel_initializer = keras.initializers.get(kernel_initializer)

    @classmethod
    def for_decoder(cls, units: int, score: str | None = None, **options: Any) -> Self:
        return cls(**options) if score is None else cls(score, **options)

    @classmethod
    def compares_directly(cls, score: str | None = None) -> bool:
        return score == "dot"

    def build(self, query_shape: Shape, memory_shape: Shape) -> None:
        query, memory = query_shape[-1], memory_shape[-1]
        if self.compares_directly(self.score_name):
            if query != memory:
                raise ValueError(
                    "score='dot' needs query and memory of one size, got "
                    f"{query} and {memory}. Use score='general'."
                )
            return
        units = self.units or query
        shape = (memory, query) if self.score_name == "general" else (query + memory, units)
        self.kernel = self._weight("kernel", shape)
        self._query_size = query
        if self.score_name == "concat":
            self.v = self._weight("v", (units,))

    def keys(self, memory: Tensor) -> Tensor:
        if self.score_name == "dot":
            return memory
        # W [q; m] is the sum of a part of the query and a part of the memory.
        first = 0 if self.score_name == "general" else self._query_size
        return keras.ops.matmul(memory, self.kernel[first:])

    def score(self, query: Tensor, keys: Tensor) -> Tensor:
        if self.score_name == "concat":
            query = keras.ops.matmul(query, self.kernel[: self._query_size])
            return additive_score(query, keys, self.v)
        return keras.ops.matmul(query, keras.ops.transpose(keys, (0, 2, 1)))

    def get_config(self) -> dict[str, Any]:
        return {
            **super().get_config(),
            "score": self.score_name,
            "units": self.units,
            "kernel_initializer": keras.initializers.serialize(self.kernel_initializer),
        }
