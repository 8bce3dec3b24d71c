"""The recurrence in stock operations: to be exported, debugged, and differentiated twice.

No compiler and nothing outside TensorFlow's public API takes part, so the graph runs wherever a
SavedModel runs. Products of x are formed for all steps before the loop.
"""

from __future__ import annotations

import tensorflow as tf

from seqkit.layers.engine.forward import time_of
from seqkit.layers.engine.products import Sequences, Weights, product_weights
from seqkit.layers.engine.step import input_product, pre_activations
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
    features, units = x.shape[-1], weights.recurrent_kernel.shape[0]
    batch, steps = tf.shape(x)[0], x.shape[1] if unroll else tf.shape(x)[1]
    parts = product_weights(equations, weights)
    w = equations.named_vectors(weights.vectors)
    flat = tf.reshape(tf.transpose(x, [1, 0, 2]), [-1, features])
    from_input = [
        None if z is None else tf.reshape(z, [steps, batch, part.width])
        for part, z in ((part, input_product(part, flat)) for part in parts)
    ]
    recurrent = [part.joined()[1] for part in parts]  # once, not at every step
    mask = sequences.mask
    if mask is not None:
        mask = tf.transpose(mask)[:, :, None]  # (T, B, 1)

    def step(n: Tensor, state: tuple[Tensor, ...]) -> tuple[Tensor, ...]:
        t = time_of(n, steps, go_backwards)
        z = [None if z is None else z[t] for z in from_input]
        a = pre_activations(equations, parts, recurrent, z, state, sequences.recurrent_mask)
        new = equations.update(equations.named(a), state, w)
        if mask is not None:
            new = tuple(tf.where(mask[t], v, old) for v, old in zip(new, state, strict=True))
        return tuple(tf.ensure_shape(v, [None, units]) for v in new)

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
