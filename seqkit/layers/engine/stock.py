"""Forward and backward loops in stock operations: slower steps than compiled ones, ready at once.

The same products and the same vector-Jacobian products as in `forward` and `backward`, over
TensorArrays where those write into the compiler's buffers. Tensors are time-major here. Autodiff of
the plain loop would cost twice as much a step: it stacks every tensor of the loop's body.
"""

from __future__ import annotations

import tensorflow as tf

from seqkit.layers.engine.backpropagation import step_vjp
from seqkit.layers.engine.backpropagation_products import kernel_gradients
from seqkit.layers.engine.forward import time_of
from seqkit.layers.engine.products import (
    ProductWeights,
    Saved,
    Sequences,
    Weights,
    product_weights,
)
from seqkit.layers.engine.step import mask_by_time, step_by_time, time_major
from seqkit.layers.equations import CellEquations
from seqkit.types import Tensor


def forward(
    sequences: Sequences, weights: Weights, *, equations: CellEquations, go_backwards: bool
) -> tuple[Tensor, tuple[Tensor, ...], Saved]:
    """Outputs (B, T, H), the final state, and what the backward loop needs: states by step and
    pre-activations by time, time-major."""
    x, units = sequences.x, weights.recurrent_kernel.shape[0]
    steps = tf.shape(x)[1]
    parts = product_weights(equations, weights)
    from_input, step = step_by_time(equations, parts, weights, sequences)

    def array(width: int) -> tf.TensorArray:
        return tf.TensorArray(x.dtype, steps, element_shape=[None, width])

    # A product of x alone is known for all steps already.
    widths = [part.width for part in parts if not part.hoisted]

    def body(n, state, states, written):  # type: ignore[no-untyped-def]
        t = time_of(n, steps, go_backwards)
        a, new = step(t, state)
        z = [
            tf.concat(blocks, 1)
            for part, blocks in zip(parts, _by_part(parts, a), strict=True)
            if not part.hoisted
        ]
        return (
            n + 1,
            new,
            tuple(s.write(n, v) for s, v in zip(states, new, strict=True)),
            tuple(s.write(t, v) for s, v in zip(written, z, strict=True)),
        )

    state = tuple(tf.ensure_shape(s, [None, units]) for s in sequences.initial_state)
    states = tuple(array(units) for _ in state)
    written = tuple(array(width) for width in widths)
    _, state, states, written = tf.while_loop(
        lambda n, *_: n < steps,
        body,
        (tf.constant(0), state, states, written),
        maximum_iterations=steps,
        shape_invariants=(
            tf.TensorShape([]),
            tuple(tf.TensorShape([None, units]) for _ in state),
            tuple(tf.TensorShape(None) for _ in states),
            tuple(tf.TensorShape(None) for _ in written),
        ),
    )
    by_step = tuple(s.stack() for s in states)
    stacked = iter([z.stack() for z in written])
    saved = tuple(
        z if part.hoisted and z is not None else next(stacked)
        for part, z in zip(parts, from_input, strict=True)
    )
    return time_major(by_step[0]), state, Saved(by_step, saved)


def backward(
    sequences: Sequences,
    weights: Weights,
    saved: Saved,
    d_outputs: Tensor | None,
    d_state: tuple[Tensor, ...],
    *,
    equations: CellEquations,
    go_backwards: bool,
) -> tuple[Tensor, tuple[Tensor, ...], Weights]:
    """Gradients of x, of the initial state and of the weights; arguments as in the compiled one."""
    x, units = time_major(sequences.x), weights.recurrent_kernel.shape[0]
    steps, batch = tf.shape(x)[0], tf.shape(x)[1]
    parts = product_weights(equations, weights)
    transposed = [[tf.transpose(u) for u in part.recurrent_blocks] for part in parts]
    vectors = tuple(tf.broadcast_to(v, [batch, units]) for v in weights.vectors)
    mask = mask_by_time(sequences.mask)
    d_by_step = None if d_outputs is None else time_major(d_outputs)
    previous = tuple(
        tf.concat([initial[None], states[:-1]], 0)
        for states, initial in zip(saved.states, sequences.initial_state, strict=True)
    )
    gated = [part for part in parts if part.product.reads_state == "gated"]

    def body(done, d_state, d_vectors, d_z, operands):  # type: ignore[no-untyped-def]
        n = steps - 1 - done
        t = time_of(n, steps, go_backwards)
        state = tuple(p[n] for p in previous)
        a = [
            block
            for part, z in zip(parts, saved.pre_activations, strict=True)
            for block in tf.split(z[t], len(part.product.blocks), axis=1)
        ]
        if d_by_step is not None:
            d_state = (d_state[0] + d_by_step[n], *d_state[1:])
        valid = None if mask is None else mask[t]
        recurrent_mask = sequences.recurrent_mask
        d_a, d_old, d_w, multiplied = step_vjp(
            equations, parts, transposed, a, state, vectors, recurrent_mask, valid, d_state
        )
        d_parts = [tf.concat(blocks, 1) for blocks in _by_part(parts, d_a)]
        return (
            done + 1,
            tuple(tf.ensure_shape(d, [None, units]) for d in d_old),
            tuple(s + d for s, d in zip(d_vectors, d_w, strict=True)),
            tuple(s.write(t, d) for s, d in zip(d_z, d_parts, strict=True)),
            tuple(s.write(t, h) for s, h in zip(operands, multiplied, strict=True)),
        )

    def array(width: int) -> tf.TensorArray:
        return tf.TensorArray(x.dtype, steps, element_shape=[None, width])

    d_state = tuple(tf.ensure_shape(d, [None, units]) for d in d_state)
    d_vectors = tuple(tf.zeros_like(v) for v in vectors)
    d_z = tuple(array(part.width) for part in parts)
    operands = tuple(array(units) for _ in gated)
    _, d_initial, d_vectors, d_z, operands = tf.while_loop(
        lambda done, *_: done < steps,
        body,
        (tf.constant(0), d_state, d_vectors, d_z, operands),
        maximum_iterations=steps,
        shape_invariants=(
            tf.TensorShape([]),
            tuple(tf.TensorShape([None, units]) for _ in d_state),
            tuple(v.shape for v in d_vectors),
            tuple(tf.TensorShape(None) for _ in d_z),
            tuple(tf.TensorShape(None) for _ in operands),
        ),
    )
    h = previous[0]
    if go_backwards:
        h = tf.reverse(h, [0])
    if sequences.recurrent_mask is not None:
        h *= sequences.recurrent_mask
    d_x, d_kernel, d_recurrent, d_bias = kernel_gradients(
        equations,
        parts,
        weights,
        x,
        h,
        tuple(s.stack() for s in operands),
        tuple(s.stack() for s in d_z),
    )
    d_vectors = tuple(tf.reduce_sum(d, 0) for d in d_vectors)
    return time_major(d_x), d_initial, Weights(d_kernel, d_recurrent, d_bias, d_vectors)


def _by_part(parts: list[ProductWeights], blocks: list[Tensor]) -> list[list[Tensor]]:
    """Tensors, one a block in the order of the products, in a list a product."""
    rest = iter(blocks)
    return [[next(rest) for _ in part.product.blocks] for part in parts]
