"""Back-propagation through time, compiled (Werbos 1990).

The loop walks the steps in reverse. In it there is only what must be: the vector-Jacobian product
of the cell's elementwise `update`, and the product of the pre-activations' gradients with U^T.
Those gradients are written over the pre-activations. After the loop each weight gradient is one
matrix product over all steps,

    dW = x^T dz,      dU = h_{n-1}^T dz,      db = sum dz,      dx = dz W^T.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import tensorflow as tf

from seqkit.layers.engine import buffers
from seqkit.layers.engine.backpropagation_products import (
    kernel_gradients,
    pre_activations_again,
    previous_by_time,
)
from seqkit.layers.engine.forward import time_of
from seqkit.layers.engine.products import (
    ProductWeights,
    Saved,
    Sequences,
    Weights,
    product_weights,
)
from seqkit.layers.equations import CellEquations
from seqkit.types import Tensor


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
    """Gradients of x, of the initial state and of the weights.

    Args:
        d_outputs: gradient of the outputs (B, T, H), by step, or None.
        d_state: gradients of the final state, each (B, H).
    """
    x, mask, recurrent_mask = sequences.x, sequences.mask, sequences.recurrent_mask
    batch, steps, units = tf.shape(x)[0], tf.shape(x)[1], weights.recurrent_kernel.shape[0]
    parts = product_weights(equations, weights)
    # One row a sample keeps the loop elementwise; rows are summed after it.
    vectors = tuple(tf.broadcast_to(v, [batch, units]) for v in weights.vectors)
    # Transposed once: a dot that transposes in the loop is slower.
    transposed = [[tf.transpose(u) for u in part.recurrent_blocks] for part in parts]
    # What gated products multiplied is formed on the way and kept for their weight gradients.
    gated = tuple(
        tf.zeros([batch, steps, units], x.dtype)
        for part in parts
        if part.product.reads_state == "gated"
    )

    def blocks_at(t: Tensor, z: tuple[Tensor, ...]) -> list[Tensor]:
        return [
            buffers.read(buffer, t, k, units)
            for part, buffer in zip(parts, z, strict=True)
            for k in range(len(part.product.blocks))
        ]

    def body(done, d_state, d_vectors, a, d_z, gated):  # type: ignore[no-untyped-def]
        n = steps - 1 - done
        t = time_of(n, steps, go_backwards)
        a = list(a)
        state = tuple(
            tf.where(n > 0, buffers.read(b, tf.maximum(n - 1, 0), 0, units), initial)
            for b, initial in zip(saved.states, sequences.initial_state, strict=True)
        )
        if d_outputs is not None:
            d_state = (d_state[0] + buffers.read(d_outputs, n, 0, units), *d_state[1:])
        valid = None
        if mask is not None:
            valid = tf.reshape(tf.slice(mask, [0, t], [batch, 1]), [batch, 1])
        d_a, d_old, d_w, operands = step_vjp(
            equations, parts, transposed, a, state, vectors, recurrent_mask, valid, d_state
        )
        d_vectors = tuple(s + d for s, d in zip(d_vectors, d_w, strict=True))
        gated = tuple(buffers.write(b, t, g) for b, g in zip(gated, operands, strict=True))
        # Written before the next read, so that no buffer is read and then written in one step: the
        # compiler would copy all of it.
        d_z = _write_blocks(parts, d_z, t, d_a)
        a = tuple(blocks_at(time_of(tf.maximum(n - 1, 0), steps, go_backwards), d_z))
        return done + 1, d_old, d_vectors, a, d_z, gated

    d_vectors = tuple(tf.zeros_like(v) for v in vectors)
    d_z = saved.pre_activations or pre_activations_again(
        equations, parts, sequences, saved.states, go_backwards
    )
    a = tuple(blocks_at(time_of(steps - 1, steps, go_backwards), d_z))
    start = (0, tuple(d_state), d_vectors, a, d_z, gated)
    _, d_initial, d_vectors, _, d_z, gated = buffers.loop(steps, body, start)

    h = previous_by_time(saved.states[0], sequences.initial_state[0], go_backwards)
    if recurrent_mask is not None:
        h *= recurrent_mask[:, None]
    d_x, d_kernel, d_recurrent, d_bias = kernel_gradients(
        equations, parts, weights, x, h, gated, d_z
    )
    d_vectors = tuple(tf.reduce_sum(d, 0) for d in d_vectors)
    return d_x, d_initial, Weights(d_kernel, d_recurrent, d_bias, d_vectors)


def step_vjp(
    equations: CellEquations,
    parts: list[ProductWeights],
    transposed: list[list[Tensor]],
    a: list[Tensor],
    state: tuple[Tensor, ...],
    vectors: tuple[Tensor, ...],
    recurrent_mask: Tensor | None,
    valid: Tensor | None,
    d_state: tuple[Tensor, ...],
) -> tuple[list[Tensor], tuple[Tensor, ...], tuple[Tensor, ...], list[Tensor]]:
    """Vector-Jacobian product of one step.

    Args:
        transposed: U^T of each block of each product.
        a: pre-activations; state: the previous one.
        valid: rows whose step is not masked, (B, 1), or None for all.
        d_state: gradients of the new state.

    Returns:
        Gradients of pre-activations, of the previous state and of the vectors, and the operands of
        gated products.
    """
    d_new = d_state
    if valid is not None:
        d_new = tuple(tf.where(valid, d, tf.zeros_like(d)) for d in d_state)
    d_a, d_old, d_vectors = _update_vjp(equations, a, state, vectors, d_new)
    d_a, d_old, operands = _products_vjp(
        equations, parts, transposed, a, state, recurrent_mask, d_a, d_old
    )
    if valid is not None:  # a masked step hands its gradient on unchanged
        d_old = tuple(tf.where(valid, d, passed) for d, passed in zip(d_old, d_state, strict=True))
    return d_a, d_old, d_vectors, operands


def _update_vjp(
    equations: CellEquations,
    a: list[Tensor],
    state: tuple[Tensor, ...],
    vectors: tuple[Tensor, ...],
    d_new: tuple[Tensor, ...],
) -> tuple[list[Tensor], tuple[Tensor, ...], tuple[Tensor, ...]]:
    """Vector-Jacobian product of `update`: gradients of pre-activations, state and vectors."""
    sources = [*a, *state, *vectors]
    with tf.GradientTape() as tape:
        tape.watch(sources)
        new = equations.update(equations.named(a), state, equations.named_vectors(vectors))
    d_sources = tape.gradient(new, sources, list(d_new), unconnected_gradients="zero")
    first, second = len(a), len(a) + len(state)
    return d_sources[:first], tuple(d_sources[first:second]), tuple(d_sources[second:])


def _products_vjp(
    equations: CellEquations,
    parts: list[ProductWeights],
    transposed: list[list[Tensor]],
    a: list[Tensor],
    state: tuple[Tensor, ...],
    recurrent_mask: Tensor | None,
    d_a: list[Tensor],
    d_state: tuple[Tensor, ...],
) -> tuple[list[Tensor], tuple[Tensor, ...], list[Tensor]]:
    """Adds the gradients that flow to h_{n-1} through the products, the last product first.

    Returns:
        Gradients of pre-activations and of the previous state, and the operands of gated products.
    """
    end, operands = len(d_a), []
    for part, kernels in zip(reversed(parts), reversed(transposed), strict=True):
        begin = end - len(part.product.blocks)
        d_mine = d_a[begin:end]
        end = begin
        if part.product.reads_state is None:
            continue
        # One dot a gate is faster than one dot on their concatenation.
        d_h = _sum(tf.matmul(d, u) for d, u in zip(d_mine, kernels, strict=True))
        if recurrent_mask is not None:
            d_h *= recurrent_mask
        if part.product.reads_state == "output":
            d_state = (d_state[0] + d_h, *d_state[1:])
            continue
        sources = [*a[:begin], *state]
        with tf.GradientTape() as tape:
            tape.watch(sources)
            h = equations.recurrent_input(equations.named(a[:begin]), state)
        more = tape.gradient(h, sources, d_h, unconnected_gradients="zero")
        d_a = [d + m for d, m in zip(d_a, more[:begin], strict=False)] + d_a[begin:]
        d_state = tuple(d + m for d, m in zip(d_state, more[begin:], strict=True))
        operands.append(h if recurrent_mask is None else h * recurrent_mask)
    return d_a, d_state, operands[::-1]


def _write_blocks(
    parts: list[ProductWeights], d_z: tuple[Tensor, ...], t: Tensor, d_a: Sequence[Tensor]
) -> tuple[Tensor, ...]:
    """Writes each gate's gradient over its pre-activation."""
    gradients = iter(d_a)
    written = []
    for part, buffer in zip(parts, d_z, strict=True):
        for k in range(len(part.product.blocks)):
            buffer = buffers.write(buffer, t, next(gradients), k)
        written.append(buffer)
    return tuple(written)


def _sum(tensors: Iterable[Tensor]) -> Tensor:
    first, *rest = tensors
    for tensor in rest:
        first += tensor
    return first
