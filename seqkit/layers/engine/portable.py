"""The recurrence in stock operations: to be exported, debugged, and differentiated twice.

No compiler and nothing outside TensorFlow's public API takes part, so the graph runs wherever a
SavedModel runs. Products of x are formed for all steps before the loop.
"""

from __future__ import annotations

import tensorflow as tf

from seqkit.layers.engine.forward import time_of
from seqkit.layers.engine.products import Sequences, Weights, product_weights
from seqkit.layers.engine.step import step_by_time
from seqkit.layers.equations import CellEquations
from seqkit.types import Tensor


def recur_portable(
    equations: CellEquations,
    sequences: Sequences,
    weights: Weights,
    *,
    go_backwards: bool = False,
    return_sequences: bool = True,
    unroll: bool = False,
) -> tuple[Tensor | None, tuple[Tensor, ...]]:
    """Runs a cell over time; arguments and results as for the compiled path.

    Args:
        unroll: whether to write out every step; needs a static number of steps.
    """
    x = sequences.x
    units = weights.recurrent_kernel.shape[0]
    steps = x.shape[1] if unroll else tf.shape(x)[1]
    parts = product_weights(equations, weights)
    _, step_at = step_by_time(equations, parts, weights, sequences)

    def step(n: Tensor, state: tuple[Tensor, ...]) -> tuple[Tensor, ...]:
        return step_at(time_of(n, steps, go_backwards), state)[1]

    state = tuple(sequences.initial_state)
    if unroll:
        rows = []
        for n in range(steps):
            state = step(n, state)
            rows.append(state[0])
        return (tf.stack(rows, 1) if return_sequences else None), state

    array = tf.TensorArray(x.dtype, steps if return_sequences else 0, element_shape=[None, units])

    def body(
        n: Tensor, state: tuple[Tensor, ...], array: tf.TensorArray
    ) -> tuple[Tensor, tuple[Tensor, ...], tf.TensorArray]:
        state = step(n, state)
        return n + 1, state, array.write(n, state[0]) if return_sequences else array

    state = tuple(tf.ensure_shape(s, [None, units]) for s in state)
    invariants = (
        tf.TensorShape([]),
        tuple(tf.TensorShape([None, units]) for _ in state),
        tf.TensorShape(None),
    )
    _, state, array = tf.while_loop(
        lambda n, *_: n < steps,
        body,
        (tf.constant(0), state, array),
        shape_invariants=invariants,
        maximum_iterations=steps,
    )
    if not return_sequences:
        return None, state
    outputs = tf.transpose(array.stack(), [1, 0, 2])
    outputs.set_shape([x.shape[0], x.shape[1], units])
    return outputs, state
