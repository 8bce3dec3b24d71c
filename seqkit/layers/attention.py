"""The base of the attention layers: a weighted mean of a memory, weighted anew for each query.

A query q_t (the decoder's state) is scored against each entry m_s of the memory (the encoder's
outputs); the scores of the valid entries become weights, and the weighted mean is the context:

    alpha_ts = exp(score(q_t, m_s)) / sum_s' exp(score(q_t, m_s'))
    c_t      = sum_s alpha_ts m_s
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import keras

from seqkit.keras_internals import mask_of
from seqkit.types import Shape, Tensor

if TYPE_CHECKING:
    from typing_extensions import Self

LOWEST = -1e9  # a score whose exponential is 0


class Attention(keras.layers.Layer):
    """Base of the attention layers. A subclass has `keys` and `score`.

    `seqkit.layers.attentions` gives a subclass a name; a decoder then asks the class for its part
    in a step.

    Attributes:
        feeds_back: whether the query is the state before the step, and the context part of what the
            cell reads. Else the query is the state after the step.
        readout_reads: what the readout of a step is formed of, in this order: "context", "state"
            (the cell's output) and "previous" (the vector of the previous token).
        scores: the names of the scores among which a decoder may choose.

    Call arguments:
        query: q, (B, T, Q).
        memory: m, (B, S, M).
        mask: valid entries of the memory, boolean (B, S). None for the mask that Keras hands on
            with the memory, if there is one; else all are. What is not valid must be finite.
        keys: what `keys(memory)` gave, to save forming it again at each step; or None.

    Returns:
        Context c (B, T, M) and weights alpha (B, T, S), zeros at entries that are not valid; both
        zeros for a row without a valid entry.
    """

    feeds_back: ClassVar[bool] = False
    readout_reads: ClassVar[tuple[str, ...]] = ("context", "state")
    scores: ClassVar[tuple[str, ...]] = ()

    @classmethod
    def for_decoder(cls, units: int, score: str | None = None, **options: Any) -> Self:
        """The layer that a decoder of so many units uses.

        Args:
            units: size of the decoder's state.
            score: one of `scores`; None for the default. Ignored where there are none.
            options: further arguments of the class.
        """
        return cls(**options)

    @classmethod
    def compares_directly(cls, score: str | None = None) -> bool:
        """Whether query and memory must be of one size."""
        return False

    def keys(self, memory: Tensor) -> Tensor:
        """The part of the scores that depends on the memory alone, once for all queries."""
        raise NotImplementedError

    def score(self, query: Tensor, keys: Tensor) -> Tensor:
        """Scores (B, T, S) of queries (B, T, Q) and keys (B, S, .)."""
        raise NotImplementedError

    def call(
        self,
        query: Tensor,
        memory: Tensor,
        mask: Tensor | None = None,
        keys: Tensor | None = None,
    ) -> tuple[Tensor, Tensor]:
        ops = keras.ops
        if mask is None:
            mask = mask_of(memory)
        # Keras casts floating point alone.
        query, memory = (ops.cast(t, self.compute_dtype) for t in (query, memory))
        scores = self.score(query, self.keys(memory) if keys is None else keys)  # (B, T, S)
        # At least in float32: half precision would round the weights of long sequences.
        scores = ops.cast(scores, keras.backend.result_type(scores.dtype, "float32"))
        if mask is not None:
            valid = ops.cast(mask, "bool")[:, None]  # (B, 1, S)
            scores = ops.where(valid, scores, ops.full_like(scores, LOWEST))
        weights = ops.softmax(scores, axis=-1)
        if mask is not None:  # without a valid entry the softmax is that of equals
            weights = weights * ops.cast(valid, weights.dtype)
        weights = ops.cast(weights, memory.dtype)
        return ops.matmul(weights, memory), weights

    def compute_mask(self, inputs: Tensor, previous_mask: Tensor | None = None) -> None:
        return None

    def compute_output_spec(
        self,
        query: keras.KerasTensor,
        memory: keras.KerasTensor,
        mask: Tensor | None = None,
        keys: Tensor | None = None,
    ) -> tuple[keras.KerasTensor, keras.KerasTensor]:
        batch, steps = query.shape[:2]
        context = keras.KerasTensor((batch, steps, memory.shape[-1]), dtype=self.compute_dtype)
        weights = keras.KerasTensor((batch, steps, memory.shape[1]), dtype=self.compute_dtype)
        return context, weights

    def _weight(self, name: str, shape: Shape) -> keras.Variable:
        """A new weight; the subclass has a `kernel_initializer`."""
        return self.add_weight(name=name, shape=shape, initializer=self.kernel_initializer)


def additive_score(query: Tensor, keys: Tensor, v: Tensor) -> Tensor:
    """v . tanh(q + k): (B, T, U) and (B, S, U) -> (B, T, S)."""
    summed = keras.ops.tanh(query[:, :, None] + keys[:, None])  # (B, T, S, U)
    return keras.ops.squeeze(keras.ops.matmul(summed, v[:, None]), -1)
