"""Matrix products of back-propagation over all steps at once, before and after its loop."""

from __future__ import annotations

import tensorflow as tf

from seqkit.layers.engine.products import ProductWeights, Sequences, Weights
from seqkit.layers.engine.step import step_operand
from seqkit.layers.equations import CellEquations
from seqkit.types import Tensor


def previous_by_time(states: Tensor, initial: Tensor, go_backwards: bool) -> Tensor:
    """The state before each step, in the order of time: states by step (B, T, H) -> (B, T, H)."""
    previous = tf.concat([initial[:, None], states[:, :-1]], 1)
    return tf.reverse(previous, [1]) if go_backwards else previous


def pre_activations_again(
    equations: CellEquations,
    parts: list[ProductWeights],
    sequences: Sequences,
    states: tuple[Tensor, ...],
    go_backwards: bool,
) -> tuple[Tensor, ...]:
    """The pre-activations of all steps, by time, from the saved states: (B, T, blocks * H) each."""
    x = sequences.x
    batch, steps, units = tf.shape(x)[0], tf.shape(x)[1], states[0].shape[-1]

    def flat(tensor: Tensor) -> Tensor:
        return tf.reshape(tensor, [-1, tensor.shape[-1]])

    state = tuple(
        flat(previous_by_time(s, initial, go_backwards))
        for s, initial in zip(states, sequences.initial_state, strict=True)
    )
    mask = sequences.recurrent_mask
    if mask is not None:
        mask = flat(tf.broadcast_to(mask[:, None], [batch, steps, units]))
    a: list[Tensor] = []
    formed = []
    for part in parts:
        operand, kernel = (
            step_operand(equations, part.product, flat(x), a, state, mask),
            part.kernel,
        )
        if part.bias is not None:  # as one more row: adding it afterwards would need z twice
            operand = tf.concat([operand, tf.ones_like(operand[:, :1])], 1)
            kernel = tf.concat([kernel, part.bias[None]], 0)
        z = tf.matmul(operand, kernel)
        a.extend(tf.split(z, len(part.product.blocks), axis=1))
        formed.append(tf.reshape(z, [batch, steps, part.width]))
    return tuple(formed)


def kernel_gradients(
    equations: CellEquations,
    parts: list[ProductWeights],
    weights: Weights,
    x: Tensor,
    h: Tensor,
    gated: tuple[Tensor, ...],
    d_z: tuple[Tensor, ...],
) -> tuple[Tensor, Tensor, Tensor, Tensor | None]:
    """(d x, d kernel, d recurrent_kernel, d bias). x, h and gated by time, (B, T, .)."""
    units = weights.recurrent_kernel.shape[0]
    gated_operands = iter(gated)
    d_x: Tensor | None = None
    kernel: dict[int, Tensor] = {}
    recurrent: dict[int, Tensor] = {}
    bias: dict[tuple[int, int], Tensor] = {}

    def product_gradient(operand: Tensor, d: Tensor) -> list[Tensor]:
        flat = tf.reshape(operand, [-1, operand.shape[-1]])
        gradient = tf.matmul(flat, d, transpose_a=True)
        return [gradient[:, k : k + units] for k in range(0, gradient.shape[1], units)]

    for part, d in zip(parts, d_z, strict=True):
        product = part.product
        d = tf.reshape(d, [-1, part.width])
        if product.reads_input:
            kernel.update(zip(product.blocks, product_gradient(x, d), strict=True))
            through = tf.matmul(d, part.input_kernel, transpose_b=True)
            d_x = through if d_x is None else d_x + through
        if product.reads_state is not None:
            operand = h if product.reads_state == "output" else next(gated_operands)
            recurrent.update(zip(product.blocks, product_gradient(operand, d), strict=True))
        if weights.bias is not None:
            rows = range(equations.bias_rows) if product.bias_row is None else [product.bias_row]
            sums = tf.split(tf.reduce_sum(d, 0), len(product.blocks))
            bias.update(
                {(r, k): s for r in rows for k, s in zip(product.blocks, sums, strict=True)}
            )
    order = range(len(equations.gates))
    d_bias = None
    if weights.bias is not None:
        d_bias = tf.concat([bias[r, k] for r in range(equations.bias_rows) for k in order], 0)
        d_bias = tf.reshape(d_bias, tf.shape(weights.bias))
    return (
        tf.reshape(d_x, tf.shape(x)),
        tf.concat([kernel[k] for k in order], 1),
        tf.concat([recurrent[k] for k in order], 1),
        d_bias,
    )
