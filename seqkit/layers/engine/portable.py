"""The recurrence in stock operations: to be exported, debugged, and differentiated twice.

No compiler and nothing outside TensorFlow's public API takes part, so the graph runs wherever a
SavedModel runs. Products of x are formed for all steps before the loop.

An iteration of TensorFlow's loop costs as much as some steps of a small batch. So an iteration may
take several steps, written out one after another. A second loop takes those that are left over, of
which there may be none, as there may be no step at all:

    10 steps at once, T = 23    first loop: steps 0-9, 10-19    second loop: 20, 21, 22
"""

from __future__ import annotations

import tensorflow as tf

from seqkit.layers.engine.products import Sequences, Weights, product_weights
from seqkit.layers.engine.step import input_products, step_of, time_major
from seqkit.layers.equations import CellEquations
from seqkit.types import Tensor

Carried = tuple[Tensor, tuple[Tensor, ...], tf.TensorArray]  # steps done, state, outputs


def recur_portable(
    equations: CellEquations,
    sequences: Sequences,
    weights: Weights,
    *,
    go_backwards: bool = False,
    return_sequences: bool = True,
    unroll: bool = False,
    steps_at_once: int = 1,
    tbptt_steps: int | None = None,
) -> tuple[Tensor | None, tuple[Tensor, ...]]:
    """Runs a cell over time; arguments and results as for the compiled path.

    Args:
        unroll: whether to write out every step; needs a static number of steps.
        steps_at_once: in one iteration of the loop.
        tbptt_steps: how far gradients reach back, in windows; None for all steps.
    """
    x, units = sequences.x, weights.recurrent_kernel.shape[0]
    steps = x.shape[1] if unroll else tf.shape(x)[1]
    parts = product_weights(equations, weights)
    from_input = input_products(parts, time_major(x))
    mask = None if sequences.mask is None else tf.transpose(sequences.mask)
    step = step_of(equations, parts, weights, sequences.recurrent_mask)

    def take(count: int, n: Tensor, state: tuple[Tensor, ...], array: tf.TensorArray) -> Carried:
        first = steps - n - count if go_backwards else n

        def in_order(by_time: Tensor | None) -> list[Tensor | None]:
            if by_time is None:
                return [None] * count
            if count == 1:  # the one form that the compiler knows
                return [by_time[first]]
            values = tf.unstack(by_time[first : first + count], count)
            return values[::-1] if go_backwards else values

        z, valid = [in_order(z) for z in from_input], in_order(mask)
        for k in range(count):
            if tbptt_steps is not None:
                begins = (n + k > 0) & ((n + k) % tbptt_steps == 0)
                state = tuple(tf.where(begins, tf.stop_gradient(s), s) for s in state)
            _, state = step([values[k] for values in z], valid[k], state)
            if return_sequences:
                array = array.write(n + k + 1, state[0])
        return n + count, state, array

    def repeat(count: int, times: Tensor, carried: Carried) -> Carried:
        return tf.while_loop(
            lambda n, *_: n + count <= steps,
            lambda *carried: take(count, *carried),
            carried,
            shape_invariants=(
                tf.TensorShape([]),
                tuple(tf.TensorShape([None, units]) for _ in state),
                tf.TensorShape(None),
            ),
            maximum_iterations=times,
        )

    state = tuple(tf.ensure_shape(s, [None, units]) for s in sequences.initial_state)
    array = tf.TensorArray(
        x.dtype, steps + 1 if return_sequences else 0, element_shape=[None, units]
    )
    if return_sequences:  # an array without an element cannot be stacked
        array = array.write(0, state[0])
    carried = tf.constant(0), state, array
    if unroll:
        carried = take(steps, *carried)
    else:
        if steps_at_once > 1:
            carried = repeat(steps_at_once, steps // steps_at_once, carried)
        carried = repeat(1, steps % steps_at_once if steps_at_once > 1 else steps, carried)
    _, state, array = carried
    if not return_sequences:
        return None, state
    outputs = time_major(array.stack()[1:])
    outputs.set_shape([x.shape[0], x.shape[1], units])
    return outputs, state
