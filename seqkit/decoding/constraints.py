"""Constraints: outputs that a decoder may not choose.

A constraint takes candidates away and changes nothing else: the probabilities of those that are
left stay the model's, so a hypothesis scores what the model says of it.
"""

from __future__ import annotations

from collections.abc import Iterable

import tensorflow as tf

from seqkit.checks import checked, natural
from seqkit.types import Tensor

LOWEST = -1e30  # the logit of a forced end that the model holds for impossible: finite
INFINITY = float("inf")


class Constraints:
    """Takes candidates away from a step's logits.

    Where no candidate is left, the end token is one again.

    Args:
        end_id: the token that ends a hypothesis.
        min_length: the end token is not a candidate before so many tokens.
        banned_ids: tokens that are never a candidate.
        no_repeat_ngram: no sequence of so many tokens occurs twice in a hypothesis; 0 for no limit.

    Raises:
        ValueError: for values out of range.
    """

    def __init__(
        self,
        end_id: int,
        min_length: int = 0,
        banned_ids: Iterable[int] = (),
        no_repeat_ngram: int = 0,
    ) -> None:
        self.end_id = int(checked(natural, "end_id", end_id))
        self.min_length = int(checked(natural, "min_length", min_length))
        self.no_repeat_ngram = int(checked(natural, "no_repeat_ngram", no_repeat_ngram))
        if not hasattr(banned_ids, "__iter__"):
            raise ValueError(f"banned_ids must be a list of integers, got {banned_ids!r}.")
        self.banned_ids = sorted({int(checked(natural, "banned_ids", i)) for i in banned_ids})
        if end_id in self.banned_ids:
            raise ValueError(
                f"banned_ids must not contain end_id ({end_id}): no output would ever end. Set "
                "min_length for outputs of at least that many tokens."
            )

    def candidates(self, logits: Tensor, tokens: Tensor, time: Tensor) -> Tensor:
        """The logits, -inf for what may not be chosen.

        Args:
            logits: (B, K, V).
            tokens: (B, K, L), of which the first `time` are the hypothesis.
            time: scalar, the number of tokens so far.

        Returns:
            (B, K, V).
        """
        left = logits
        outputs = logits.shape[2]
        if outputs is not None and max(self.end_id, *self.banned_ids, 0) >= outputs:
            raise ValueError(
                f"end_id and banned_ids must be outputs of the model, below {outputs}, got end_id="
                f"{self.end_id} and banned_ids={self.banned_ids}."
            )
        size = tf.shape(logits)[2]
        if self.banned_ids:
            left += _minus_infinity_at(self.banned_ids, size)
        if self.min_length:
            too_soon = tf.where(time < self.min_length, -INFINITY, 0.0)
            left += tf.where(tf.range(size) == self.end_id, too_soon, 0.0)
        if self.no_repeat_ngram:
            left = _without_repeats(left, tokens, time, self.no_repeat_ngram)
        if self.min_length or self.no_repeat_ngram:
            left = self._forced_end(left, logits)
        return left

    def _forced_end(self, left: Tensor, logits: Tensor) -> Tensor:
        none = tf.reduce_max(left, 2, keepdims=True) == -INFINITY  # (B, K, 1)
        end = tf.range(tf.shape(logits)[2]) == self.end_id  # (V,)
        return tf.where(none & end, tf.maximum(logits, LOWEST), left)


def _minus_infinity_at(ids: list[int], size: Tensor) -> Tensor:
    at_ids = tf.reduce_any(tf.range(size) == tf.constant(ids)[:, None], 0)
    return tf.where(at_ids, -INFINITY, 0.0)  # (V,)


def _without_repeats(logits: Tensor, tokens: Tensor, time: Tensor, n: int) -> Tensor:
    """Takes away each token that would complete an n-gram of the hypothesis for a second time.

    Of tokens a b c a b, n = 3, time = 5: the last two are a b; they occur at 0, so c, at 2, goes.
    """
    shape = tf.shape(tokens)
    windows = tf.maximum(shape[2] - n + 1, 0)  # places where an n-gram may begin
    same = tf.range(windows) + n <= time  # (L - n + 1,); those that are whole already
    same = tf.broadcast_to(same, [shape[0], shape[1], windows])
    for j in range(n - 1):
        last = tf.gather(tokens, tf.maximum(time - (n - 1) + j, 0), axis=2)
        same &= tokens[:, :, j : j + windows] == last[:, :, None]
    # Padding stands where a hypothesis is not, and need not be an output.
    completed = tf.clip_by_value(tokens[:, :, n - 1 : n - 1 + windows], 0, tf.shape(logits)[2] - 1)
    rows = tf.reshape(tf.range(shape[0] * shape[1]), [shape[0], shape[1], 1])
    at = tf.stack([tf.broadcast_to(rows, tf.shape(completed)), completed], -1)
    flat = tf.reshape(logits, [-1, tf.shape(logits)[2]])
    flat = tf.tensor_scatter_nd_min(
        flat, tf.reshape(at, [-1, 2]), tf.reshape(tf.where(same, -INFINITY, INFINITY), [-1])
    )
    return tf.ensure_shape(tf.reshape(flat, tf.shape(logits)), logits.shape)
