"""The state of a beam search between two steps, and the choice of what goes on."""

from __future__ import annotations

from typing import NamedTuple

import tensorflow as tf

from seqkit.decoding import output_steps
from seqkit.decoding.hypotheses import State
from seqkit.decoding.largest import largest
from seqkit.types import Tensor

NONE = float("-inf")  # the log-probability and score where there is no hypothesis


class Finished(NamedTuple):
    """The n best hypotheses that ended, best first."""

    scores: Tensor  # (B, n)
    log_p: Tensor  # (B, n)
    lengths: Tensor  # (B, n)
    tokens: Tensor  # (B, n, L)
    path: Tensor | tuple[()]  # (B, n, L), the place in the beam at each step; () without attention


class Beam(NamedTuple):
    """The search after `time` steps; K is 1 before the first."""

    time: Tensor  # scalar
    last: Tensor  # (B, K), what the next step is given
    state: State
    log_p: Tensor  # (B, K), -inf at places without a hypothesis
    tokens: Tensor  # (B, K, L)
    path: Tensor | tuple[()]  # (B, K, L)
    coverage: Tensor | tuple[()]  # (B, K, S), the sum of attention; () without its penalty
    weights: tf.TensorArray  # the record of attention, or ()
    finished: Finished


def before_first(
    last: Tensor, state: State, *, n_best: int, longest: Tensor | int, pad_id: int
) -> Beam:
    """One empty hypothesis a row, and none finished; without attention.

    Args:
        last: what the first step is given, (B, 1).
        state: the model's, of tensors (B, 1, ...).
        n_best: how many finished hypotheses are kept.
        longest: L.
        pad_id: what the tokens are filled with.
    """
    batch = tf.shape(last)[0]
    none = tf.fill([batch, n_best], NONE)
    finished = Finished(
        none,
        none,
        tf.zeros([batch, n_best], tf.int32),
        tf.fill([batch, n_best, longest], pad_id),
        (),
    )
    return Beam(
        time=tf.constant(0),
        last=last,
        state=state,
        log_p=tf.zeros([batch, 1]),
        tokens=tf.fill([batch, 1, longest], pad_id),
        path=(),
        coverage=(),
        weights=(),
        finished=finished,
    )


def with_attention(beam: Beam, record: tf.TensorArray, covered: Tensor | None) -> Beam:
    """The beam before the first step, ready for attention.

    Args:
        beam: as `before_first` makes it.
        record: the empty record of attention.
        covered: attention (B, 1, S), for the shape of its sum; None to keep no sum.
    """
    finished = beam.finished._replace(path=tf.zeros_like(beam.finished.tokens))
    return beam._replace(
        path=tf.zeros_like(beam.tokens),
        coverage=() if covered is None else tf.zeros_like(covered),
        weights=record,
        finished=finished,
    )


def extensions(
    log_p: Tensor, candidates: Tensor, logits: Tensor, width: int
) -> tuple[Tensor, Tensor, Tensor]:
    """The most probable extensions of hypotheses by one output.

    Args:
        log_p: of the hypotheses, (B, J), -inf at places without one.
        candidates: the logits of the outputs that may be chosen, -inf for others, (B, J, V).
        logits: those of all outputs, (B, J, V).
        width: K, how many to return.

    Returns:
        Their log-probabilities, -inf where there are no more; the place among J of the hypothesis
        that each extends; and the output. Each is (B, K).
    """
    # The best K of each are all that can be among the best K of all. Of raw logits, so that equal
    # ones, and none else, are taken in order, as argmax takes them.
    values, outputs = largest(candidates, width)  # (B, J, C)
    count = tf.shape(values)[2]
    # Rounding may not make log p positive: the bound of a row relies on it.
    log_p_outputs = tf.minimum(values - output_steps.log_normaliser(logits), 0.0)
    batch, hypotheses = tf.shape(log_p)[0], log_p.shape[1]
    fill = [[0, 0], [0, tf.maximum(width - hypotheses * count, 0)]]
    totals = tf.reshape(log_p[:, :, None] + log_p_outputs, [batch, hypotheses * count])
    totals = tf.pad(totals, fill, constant_values=NONE)
    outputs = tf.pad(tf.reshape(outputs, [batch, hypotheses * count]), fill)
    best, at = tf.math.top_k(totals, width)  # (B, K)
    return best, tf.minimum(at // count, hypotheses - 1), tf.gather(outputs, at, batch_dims=1)


def best_of(finished: Finished, more: Finished) -> Finished:
    """The best of both, as many as there were; of equals those that finished first."""
    scores = tf.concat([finished.scores, more.scores], 1)
    _, at = tf.math.top_k(scores, finished.scores.shape[1])
    return tf.nest.map_structure(
        lambda old, new: tf.gather(tf.concat([old, new], 1), at, batch_dims=1), finished, more
    )
