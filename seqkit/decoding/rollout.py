"""Hypotheses that go on independently of each other: what greedy search and sampling share."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import tensorflow as tf

from seqkit.decoding import output_steps
from seqkit.decoding.constraints import Constraints
from seqkit.decoding.hypotheses import Hypotheses, State, Step, StepOutputs
from seqkit.types import Tensor

Choose = Callable[[Tensor, Tensor], Tensor]  # logits (B, N, V), time -> tokens (B, N)


class Rollout(NamedTuple):
    """N hypotheses a row after `time` steps."""

    time: Tensor  # scalar
    last: Tensor  # (B, N), what the next step is given
    state: State
    tokens: Tensor  # (B, N, L)
    lengths: Tensor  # (B, N)
    running: Tensor  # (B, N), boolean
    log_p: Tensor  # (B, N)
    weights: tf.TensorArray  # the record of attention, or ()


def rollout(
    step: Step,
    state: State,
    choose: Choose,
    constraints: Constraints,
    *,
    width: int,
    start_id: int,
    max_length: int | Tensor,
    pad_id: int,
) -> Hypotheses:
    """Lets `choose` take one candidate at each step, until each hypothesis ends.

    Args:
        step: the model's step.
        state: its state before the first step, tensors (B, 1, ...).
        choose: from the candidates' logits (B, N, V), -inf for those that may not be chosen, and
            the time to the tokens taken, (B, N).
        constraints: what may not be chosen.
        width: N, the number of hypotheses a row.
        start_id: what the first step is given.
        max_length: the largest number of tokens; an integer, or one a row.
        pad_id: what stands after a hypothesis.

    Returns:
        The hypotheses, not sorted.
    """
    state, batch = output_steps.first_state(state)
    limits, longest = output_steps.row_limits(max_length, batch)
    end_id = constraints.end_id

    def advanced(now: Rollout, outputs: StepOutputs) -> Rollout:
        logits, new_state, attention = outputs
        candidates = constraints.candidates(logits, now.tokens, now.time)
        chosen = choose(candidates, now.time)  # (B, N)
        value = tf.gather(candidates, chosen[:, :, None], batch_dims=2)
        log_p = tf.minimum(value - output_steps.log_normaliser(logits), 0.0)[:, :, 0]
        goes_on = now.running & (chosen != end_id)
        running = goes_on & (now.time + 1 < limits)[:, None]
        weights = now.weights
        if attention is not None:
            weights = weights.write(now.time, attention)
        return Rollout(
            now.time + 1,
            tf.where(running, chosen, end_id),
            new_state,
            output_steps.write_column(now.tokens, now.time, tf.where(goes_on, chosen, pad_id)),
            now.lengths + tf.cast(goes_on, tf.int32),
            running,
            now.log_p + tf.where(now.running, log_p, 0.0),
            weights,
        )

    def taken(now: Rollout) -> tuple[Rollout]:
        return (advanced(now, output_steps.take(step, now.last, now.state)),)

    # The first step is taken before the loop: it shows whether the step has attention.
    last = tf.fill([batch, width], start_id)
    state = tf.nest.map_structure(lambda leaf: tf.repeat(leaf, width, axis=1), state)
    outputs = output_steps.take(step, last, state)
    attention = outputs[2]
    now = advanced(
        Rollout(
            tf.constant(0),
            last,
            state,
            tf.fill([batch, width, longest], pad_id),
            tf.zeros([batch, width], tf.int32),
            tf.ones([batch, width], bool),
            tf.zeros([batch, width]),
            () if attention is None else output_steps.record_of(attention, width, longest),
        ),
        outputs,
    )
    (now,) = tf.while_loop(lambda now: tf.reduce_any(now.running), taken, (now,))

    if attention is not None:
        own_place = tf.broadcast_to(tf.range(width)[:, None], tf.shape(now.tokens))
        attention = output_steps.resolved_weights(now.weights, now.time, own_place, now.lengths)
    return Hypotheses(now.tokens, now.lengths, now.log_p, now.log_p, attention)
