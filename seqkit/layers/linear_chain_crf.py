"""Linear-chain conditional random field: from scores of tags to scores of pairs of tags.

Lafferty et al. 2001, "Conditional random fields", section 3; as the last layer of a tagger, Lample
et al. 2016, arXiv:1603.01360, section 2.2. A sequence of tags y for inputs x has the score

    s(x, y) = start[y_0] + sum_t e_t[y_t] + sum_{t>0} A[y_{t-1}, y_t] + end[y_{T-1}]
            = sum_t S_t[y_{t-1}, y_t]          where y_{-1} = 0

    S_t[i, j] = e_t[j] + A[i, j]               for t > 0
    S_0[i, j] = e_0[j] + start[j]              for every i; only row 0 is ever read
    S_t[i, j] = ... + end[j]                   at a sequence's last step

The scores S describe a chain completely: `seqkit.decoding` needs nothing else for the loss, the
probabilities and the best sequence. A step of padding keeps the tag and adds nothing:

    S_t[i, j] = 0 where i = j, else -1e30      the identity matrix, in logarithms
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from seqkit.tag_schemes import Pair
from seqkit.types import Shape, Tensor

NEVER = -1e30  # exp(NEVER) = 0, and unlike -inf it makes no NaN when multiplied by zero
FORBIDDEN = -1e4  # below all that is learnt, yet a loss that holds one can still be read


@keras.saving.register_keras_serializable("seqkit")
class LinearChainCRF(keras.layers.Layer):
    """The scores S of a chain, from the scores of each step's tags.

    Computes in float32 also where the model computes in half precision. The layer passes no mask
    on: the scores hold it.

    Args:
        transitions_initializer: of A (K, K), row: previous tag. Default "glorot_uniform".
        start_initializer, end_initializer: of the vectors (K,). Default "zeros".
        forbidden: pairs (previous tag, tag) that no sequence should have. (None, j): j does not
            begin a sequence; (i, None): i does not end one. See
            `invalid_transitions`.

    Call arguments:
        inputs: emissions e, (B, T, K), cast to the layer's compute dtype.
        mask: valid steps, boolean (B, T), or None for all. The start and the end of a sequence
            are its first and last valid step, wherever padding is.

    Returns:
        (B, T, K, K).

    Raises:
        ValueError: for emissions of another rank, or a forbidden pair of tags that do not exist.

    Example:
        >>> import numpy as np
        >>> crf = LinearChainCRF(transitions_initializer="ones", end_initializer="ones")
        >>> scores = crf(np.zeros((1, 3, 2)), mask=np.array([[True, True, False]]))
        >>> scores[0, :, 0].numpy()  # from tag 0: start; transition and end; padding
        array([[ 0.e+00,  0.e+00],
               [ 2.e+00,  2.e+00],
               [ 0.e+00, -1.e+30]], dtype=float32)
    """

    def __init__(
        self,
        *,
        transitions_initializer: Any = "glorot_uniform",
        start_initializer: Any = "zeros",
        end_initializer: Any = "zeros",
        forbidden: Iterable[Pair] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        if self.compute_dtype in ("float16", "bfloat16"):
            self.dtype_policy = keras.DTypePolicy("float32")
        self.transitions_initializer = keras.initializers.get(transitions_initializer)
        self.start_initializer = keras.initializers.get(start_initializer)
        self.end_initializer = keras.initializers.get(end_initializer)
        self.forbidden: list[Pair] = [tuple(pair) for pair in forbidden]
        self.supports_masking = True

    def build(self, input_shape: Shape) -> None:
        if len(input_shape) != 3 or input_shape[-1] is None:
            raise ValueError(
                f"inputs must have shape (batch, steps, tags), tags known, got {input_shape}."
            )
        tags = input_shape[-1]
        self.transitions = self.add_weight(
            name="transitions", shape=(tags, tags), initializer=self.transitions_initializer
        )
        self.start = self.add_weight(
            name="start", shape=(tags,), initializer=self.start_initializer
        )
        self.end = self.add_weight(name="end", shape=(tags,), initializer=self.end_initializer)
        self._blocked = _blocked(self.forbidden, tags)

    def call(self, inputs: Tensor, mask: Tensor | None = None) -> Tensor:
        inputs = tf.cast(inputs, self.compute_dtype)
        start, transitions, end = (
            tf.where(blocked, tf.cast(FORBIDDEN, self.compute_dtype), weight)
            for blocked, weight in zip(
                self._blocked, (self.start, self.transitions, self.end), strict=True
            )
        )
        batch, steps = tf.unstack(tf.shape(inputs)[:2])
        valid = tf.ones([batch, steps], tf.int32) if mask is None else tf.cast(mask, tf.int32)
        first = tf.cumsum(valid, axis=1, exclusive=True) == 0  # (B, T): no valid step before
        last = tf.cumsum(valid, axis=1, exclusive=True, reverse=True) == 0  # none after
        into = tf.where(first[:, :, None, None], start, transitions)  # (B, T, K, K)
        of_step = inputs + tf.where(last[:, :, None], end, tf.zeros_like(end))  # (B, T, K)
        return identity_at_padding(of_step[:, :, None, :] + into, mask)

    def compute_mask(self, inputs: Tensor, previous_mask: Tensor | None = None) -> None:
        return None

    def compute_output_shape(self, input_shape: Shape) -> Shape:
        return (*input_shape, input_shape[-1])

    def get_config(self) -> dict[str, Any]:
        return {
            **super().get_config(),
            "transitions_initializer": keras.initializers.serialize(self.transitions_initializer),
            "start_initializer": keras.initializers.serialize(self.start_initializer),
            "end_initializer": keras.initializers.serialize(self.end_initializer),
            "forbidden": [list(pair) for pair in self.forbidden],
        }


def identity_at_padding(scores: Tensor, mask: Tensor | None) -> Tensor:
    """Scores (B, T, K, K) of which every step of padding keeps the tag and adds nothing.

    Args:
        scores: (B, T, K, K), floating point.
        mask: valid steps, boolean (B, T), or None for all.
    """
    if mask is None:
        return scores
    tags = tf.range(tf.shape(scores)[-1])
    same_tag = tags[:, None] == tags
    identity = tf.where(same_tag, tf.zeros([], scores.dtype), tf.cast(NEVER, scores.dtype))
    return tf.where(tf.cast(mask, bool)[:, :, None, None], scores, identity)


def _blocked(forbidden: Iterable[Pair], tags: int) -> tuple[np.ndarray, ...]:
    """Forbidden tags and pairs: at the start (K,), between tags (K, K), and at the end (K,)."""
    blocked = np.zeros((tags + 1, tags + 1), bool)  # the last row: start; the last column: end
    for pair in forbidden:
        if len(pair) != 2 or not all(k is None or 0 <= k < tags for k in pair):
            raise ValueError(
                f"forbidden must hold pairs (previous tag, tag) of None or 0 to {tags - 1}, "
                f"got {pair!r}."
            )
        blocked[tuple(tags if k is None else k for k in pair)] = True
    return blocked[-1, :-1], blocked[:-1, :-1], blocked[:-1, -1]
