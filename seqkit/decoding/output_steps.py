"""Parts of a decoder: its first state, a step of the model, the record of attention."""

from __future__ import annotations

from collections.abc import Sequence

import tensorflow as tf

from seqkit.checks import checked, count
from seqkit.decoding.hypotheses import State, Step, StepOutputs
from seqkit.types import Tensor


def first_state(state: State) -> tuple[State, Tensor]:
    """The initial state, of tensors (B, 1, ...), and B."""
    state = tf.nest.map_structure(tf.convert_to_tensor, state)
    leaves = tf.nest.flatten(state)
    if not leaves:
        raise ValueError(
            "state must hold at least one tensor (batch, 1, ...): it says how many rows there are."
        )
    for leaf in leaves:
        if leaf.shape.rank is not None and (leaf.shape.rank < 2 or leaf.shape[1] not in (1, None)):
            raise ValueError(
                "state must be of tensors (batch, 1, ...), one hypothesis a row, got one of shape "
                f"{tuple(leaf.shape)}. Insert an axis of length 1 after the batch."
            )
    return state, tf.shape(leaves[0])[0]


def row_limits(
    max_length: int | Tensor | Sequence[int], batch: Tensor
) -> tuple[Tensor, Tensor | int]:
    """The limit of each row, int32 (B,), and the largest of them."""
    if not tf.is_tensor(max_length) and not hasattr(max_length, "__len__"):
        longest = int(checked(count, "max_length", max_length))
        return tf.fill([batch], longest), longest
    limits = tf.convert_to_tensor(max_length)
    if not limits.dtype.is_integer:
        raise ValueError(f"max_length must be integers, got {limits.dtype.name}.")
    limits = tf.cast(limits, tf.int32)
    if limits.shape.rank not in (0, 1):
        raise ValueError(
            "max_length must be an integer, or integers of shape (batch,), got shape "
            f"{tuple(limits.shape)}."
        )
    with tf.control_dependencies(
        [
            tf.debugging.assert_positive(limits, "max_length must be at least 1 in each row."),
            tf.debugging.assert_equal(
                tf.logical_or(tf.size(limits) == 1, tf.size(limits) == batch),
                True,
                "max_length must be one integer, or one a row.",
            ),
        ]
    ):
        limits = tf.broadcast_to(limits, [batch])
    return limits, tf.maximum(tf.reduce_max(limits), 1)


def take(step: Step, tokens: Tensor, state: State) -> StepOutputs:
    """Calls the step; logits and attention in float32, the state of the shapes that it had."""
    outputs = step(tokens, state)
    if not isinstance(outputs, tuple | list) or len(outputs) != 3:
        raise ValueError(
            "step must return logits, the new state, and the attention or None: three values, got "
            f"{len(outputs) if isinstance(outputs, tuple | list) else type(outputs).__name__}."
        )
    logits, new_state, attention = tf.convert_to_tensor(outputs[0]), *outputs[1:]
    new_state = tf.nest.map_structure(
        lambda new, old: tf.ensure_shape(new, old.shape), _like(state, new_state), state
    )
    if logits.shape.rank != 3:
        raise ValueError(
            "step must return logits of shape (batch, hypotheses, outputs), got "
            f"{tuple(logits.shape)}."
        )
    if attention is not None:
        attention = tf.cast(attention, tf.float32)
        if attention.shape.rank != 3:
            raise ValueError(
                "step must return attention of shape (batch, hypotheses, source positions) or "
                f"None, got shape {tuple(attention.shape)}."
            )
    return tf.cast(logits, tf.float32), new_state, attention


def _like(state: State, new_state: State) -> State:
    """The new state in the structure of the old one, lists for tuples and tuples for lists."""
    try:
        tf.nest.assert_same_structure(state, new_state, check_types=False)
    except (TypeError, ValueError) as error:
        old, new = (
            tf.nest.map_structure(lambda leaf: tuple(tf.convert_to_tensor(leaf).shape), nest)
            for nest in (state, new_state)
        )
        raise ValueError(
            f"step must return a new state of the structure that it was given, got shapes {new} "
            f"for {old}."
        ) from error
    return tf.nest.pack_sequence_as(state, tf.nest.flatten(new_state))


def log_normaliser(logits: Tensor) -> Tensor:
    """log sum_v exp logits_v, (B, K, 1). Subtracted from a logit it gives log p."""
    return tf.reduce_logsumexp(logits, 2, keepdims=True)


def write_column(buffer: Tensor, time: Tensor, column: Tensor) -> Tensor:
    """The buffer (B, K, L) with the column (B, K) at `time`."""
    return tf.where(tf.range(tf.shape(buffer)[2]) == time, column[:, :, None], buffer)


def record_of(attention: Tensor, width: int, longest: Tensor | int) -> tf.TensorArray:
    """An empty record of the attention (B, K, S) of each step, K the width."""
    shape = [attention.shape[0], width, attention.shape[2]]
    return tf.TensorArray(tf.float32, size=longest, element_shape=shape, clear_after_read=False)


def resolved_weights(
    record: tf.TensorArray, steps: Tensor, path: Tensor, lengths: Tensor
) -> Tensor:
    """The attention of each hypothesis from the record of `steps` steps, (B, N, L, S).

    Args:
        record: (B, K, S) for each step.
        steps: scalar, how many were taken.
        path: (B, N, L), the place among K that a hypothesis had at each step.
        lengths: (B, N), of the hypotheses.
    """
    weights = tf.transpose(record.gather(tf.range(steps)), [1, 0, 2, 3])  # (B, steps, K, S)
    shape = tf.shape(weights)
    weights = tf.reshape(weights, [shape[0], steps * shape[2], shape[3]])
    rows = tf.range(steps) * shape[2] + path[:, :, :steps]  # (B, N, steps)
    of_each = tf.gather(weights, rows, batch_dims=1)  # (B, N, steps, S)
    valid = tf.range(steps) < lengths[:, :, None]
    of_each = tf.where(valid[..., None], of_each, 0.0)
    return tf.pad(of_each, [[0, 0], [0, 0], [0, tf.shape(path)[2] - steps], [0, 0]])
