"""The recurrence in stock operations: to be exported, debugged, and differentiated twice.

No compiler and nothing outside TensorFlow's public API takes part, so the graph runs wherever a
SavedModel runs. Products of x are formed for all steps before the loop.

An iteration of TensorFlow's loop costs as much as some steps of a small batch. So an iteration may
take several steps, written out one after another. A second loop takes those that are left over, of
which there may be none, as there may be no step at all:

    10 steps at once, T = 23    first loop: steps 0-9, 10-19    second loop: 20, 21, 22
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from contextvars import ContextVar
from typing import Any

import tensorflow as tf

from seqkit.layers.engine.products import Sequences, Weights, product_weights
from seqkit.layers.engine.step import input_products, step_of, time_major
from seqkit.layers.equations import CellEquations
from seqkit.types import Tensor

Outputs = Any  # of the steps: a tf.TensorArray, or () where none are asked for
Carried = tuple[Tensor, tuple[Tensor, ...], Outputs]  # steps done, state, outputs

_for_converters: ContextVar[bool] = ContextVar("loops_for_converters", default=False)


@contextlib.contextmanager
def loops_for_converters() -> Iterator[None]:
    """Has loops written as converters to other formats read them: as they take the outputs of a
    loop's iterations for an array, the first output is at index 0, and no loop has a maximum of
    iterations, which they mix up with a number that is equal; and a known number of rows stays
    known. There must be a step."""
    token = _for_converters.set(True)
    try:
        yield
    finally:
        _for_converters.reset(token)


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

    converted = _for_converters.get()
    in_front = 0 if converted else 1  # elements of the array before the first output
    rows = x.shape[0] if converted else None

    def take(count: int, n: Tensor, state: tuple[Tensor, ...], array: Outputs) -> Carried:
        first = steps - n - count if go_backwards else n

        def in_order(by_time: Tensor | None) -> list[Tensor | None]:
            if by_time is None:
                return [None] * count
            if converted:  # an index takes thirteen operations of ONNX
                return [tf.gather(by_time, first)]
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
            if not isinstance(array, tuple):
                array = array.write(n + k + in_front, state[0])
        return n + count, state, array

    def repeat(count: int, times: Tensor, carried: Carried) -> Carried:
        return tf.while_loop(
            lambda n, *_: n + count <= steps,
            lambda *carried: take(count, *carried),
            carried,
            shape_invariants=(
                tf.TensorShape([]),
                tuple(tf.TensorShape([rows, units]) for _ in state),
                tf.TensorShape(None) if return_sequences else (),
            ),
            maximum_iterations=None if converted else times,
        )

    state = tuple(tf.ensure_shape(s, [rows, units]) for s in sequences.initial_state)
    array: Outputs = ()
    if return_sequences:
        array = tf.TensorArray(x.dtype, steps + in_front, element_shape=[rows, units])
        if in_front:  # an array without an element cannot be stacked
            array = array.write(0, state[0])
    carried: Carried = tf.constant(0), state, array
    if unroll:
        carried = take(steps, *carried)
    else:
        if steps_at_once > 1:
            carried = repeat(steps_at_once, steps // steps_at_once, carried)
        carried = repeat(1, steps % steps_at_once if steps_at_once > 1 else steps, carried)
    _, state, array = carried
    if isinstance(array, tuple):
        return None, state
    outputs = time_major(array.stack()[in_front:])
    outputs.set_shape([x.shape[0], x.shape[1], units])
    return outputs, state
