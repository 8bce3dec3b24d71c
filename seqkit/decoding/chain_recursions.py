"""Recursions over a linear chain: sums and maxima over all sequences of tags, step by step.

S_t (B, K, K) are the scores of step t, row: previous tag. Before the first step the tag is 0, so
alpha_{-1} and delta_{-1} are 0 for tag 0 and -1e30 for all others.

    alpha_t[j]    = log sum_i exp(alpha_{t-1}[i] + S_t[i, j])      forward
    beta_{t-1}[i] = log sum_j exp(S_t[i, j] + beta_t[j])           backward, beta_{T-1} = 0
    delta_t[j]    = max_i (delta_{t-1}[i] + S_t[i, j])             Viterbi

A step of padding is the identity of all three, so no loop asks for a mask. `tf.scan` is what
compiles, differentiates and exports; its own gradient is as fast as one written by hand.
"""

from __future__ import annotations

from collections.abc import Callable

import tensorflow as tf

from seqkit.layers.linear_chain_crf import NEVER, identity_at_padding
from seqkit.types import Tensor


def forward(steps: Tensor) -> Tensor:
    """alpha_t for t = 0 to T - 1: (T, B, K)."""
    return tf.scan(
        lambda alpha, s_t: tf.reduce_logsumexp(alpha[:, :, None] + s_t, axis=1),
        steps,
        _before_first(steps),
    )


def backward(steps: Tensor) -> Tensor:
    """beta_t for t = 0 to T - 1: (T, B, K)."""
    last = tf.zeros_like(steps[0, :, :, 0])
    earlier = scan_back(
        lambda beta, s_t: tf.reduce_logsumexp(s_t + beta[:, None, :], axis=2), steps, last
    )  # beta_{t-1} for each t
    return tf.concat([earlier[1:], last[None]], 0)


def scan_back(step: Callable[[Tensor, Tensor], Tensor], steps: Tensor, last: Tensor) -> Tensor:
    """`tf.scan` from the last step to the first; the values are in the order of the steps.

    With its own `reverse` it writes them from the end, which converters to other formats take for
    the order of its iterations: their graphs give them the wrong way round, without a word.
    """
    return tf.reverse(tf.scan(step, tf.reverse(steps, [0]), last), [0])


def best(steps: Tensor) -> tuple[Tensor, Tensor]:
    """delta_t, and the tag i before each j that it came from: two (T, B, K), the latter int32."""

    def step(state: tuple[Tensor, Tensor], s_t: Tensor) -> tuple[Tensor, Tensor]:
        paths = state[0][:, :, None] + s_t  # (B, K, K), from i to j
        return tf.reduce_max(paths, 1), tf.argmax(paths, 1, output_type=tf.int32)

    delta = _before_first(steps)
    return tf.scan(step, steps, (delta, tf.zeros_like(delta, tf.int32)))


def _before_first(steps: Tensor) -> Tensor:
    """Before the first step, (B, K): tag 0 for certain."""
    like = steps[0, :, 0]
    return tf.where(tf.range(tf.shape(like)[1]) == 0, tf.zeros_like(like), NEVER)


def by_step(scores: Tensor, mask: Tensor | None) -> Tensor:
    """The scores as the recursions take them: checked, padded, and time first, (T, B, K, K)."""
    scores = checked(scores)
    if mask is not None:
        check_steps(scores, mask, "mask")
    return tf.transpose(identity_at_padding(scores, mask), [1, 0, 2, 3])


def checked(scores: Tensor) -> Tensor:
    """Scores of the right shape, at least in float32."""
    scores = tf.convert_to_tensor(scores)
    shape = scores.shape
    if shape.rank != 4 or not shape[2:3].is_compatible_with(shape[3:]):
        raise ValueError(
            f"scores must have shape (batch, steps, tags, tags), got {tuple(shape)}. The layer "
            "LinearChainCRF makes them of a model's outputs (batch, steps, tags)."
        )
    return scores if scores.dtype == tf.float64 else tf.cast(scores, tf.float32)


def check_steps(scores: Tensor, value: Tensor, name: str) -> None:
    """Asks that tags or a mask have a place for each step of the scores."""
    shape = tf.convert_to_tensor(value).shape
    if shape.rank != 2 or not scores.shape[:2].is_compatible_with(shape):
        raise ValueError(
            f"{name} must have shape (batch, steps), as scores of shape {tuple(scores.shape)} "
            f"have, got {tuple(shape)}."
        )
