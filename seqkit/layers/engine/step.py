"""One step of a cell in stock operations, and the operands of its matrix products."""

from __future__ import annotations

from collections.abc import Callable

import tensorflow as tf

from seqkit.layers.engine.products import ProductWeights, Sequences, Weights, product_weights
from seqkit.layers.equations import CellEquations, Product
from seqkit.types import Tensor

StepByTime = Callable[[Tensor, tuple[Tensor, ...]], tuple[list[Tensor], tuple[Tensor, ...]]]


def recur_step(
    equations: CellEquations,
    x: Tensor,
    state: tuple[Tensor, ...],
    weights: Weights,
    recurrent_mask: Tensor | None = None,
) -> tuple[Tensor, ...]:
    """One step: x (B, D) and the previous state, each (B, H), to the new state."""
    parts = product_weights(equations, weights)
    from_input = [input_product(part, x) for part in parts]
    recurrent = [part.joined()[1] for part in parts]
    a = pre_activations(equations, parts, recurrent, from_input, state, recurrent_mask)
    return equations.update(equations.named(a), state, equations.named_vectors(weights.vectors))


def input_product(part: ProductWeights, x: Tensor) -> Tensor | None:
    """x (N, D) times the input blocks, plus the bias, (N, blocks * H)."""
    if not part.product.reads_input:
        return None
    z = tf.matmul(x, part.joined()[0])
    return z if part.bias is None else z + part.bias


def time_major(tensor: Tensor) -> Tensor:
    """(B, T, ...) to (T, B, ...), and back."""
    return tf.transpose(tensor, [1, 0, *range(2, tensor.shape.rank)])


def mask_by_time(mask: Tensor | None) -> Tensor | None:
    """A mask (B, T) as (T, B, 1)."""
    return None if mask is None else tf.transpose(mask)[:, :, None]


def step_by_time(
    equations: CellEquations,
    parts: list[ProductWeights],
    weights: Weights,
    sequences: Sequences,
) -> tuple[list[Tensor | None], StepByTime]:
    """The step of a plain loop, with all that steps share formed once.

    Returns:
        The products of x at all steps, (T, B, blocks * H) each, None where x takes no part; and
        the function from a time and the state to the pre-activations and the new state.
    """
    x, units = time_major(sequences.x), weights.recurrent_kernel.shape[0]
    flat = tf.reshape(x, [-1, x.shape[-1]])
    products = [input_product(part, flat) for part in parts]
    from_input = [
        None if z is None else tf.reshape(z, [*tf.unstack(tf.shape(x)[:2]), part.width])
        for part, z in zip(parts, products, strict=True)
    ]
    recurrent = [part.joined()[1] for part in parts]
    mask, w = mask_by_time(sequences.mask), equations.named_vectors(weights.vectors)

    def step(t: Tensor, state: tuple[Tensor, ...]) -> tuple[list[Tensor], tuple[Tensor, ...]]:
        z = [None if z is None else z[t] for z in from_input]
        a = pre_activations(equations, parts, recurrent, z, state, sequences.recurrent_mask)
        new = equations.update(equations.named(a), state, w)
        if mask is not None:
            new = tuple(tf.where(mask[t], v, old) for v, old in zip(new, state, strict=True))
        return a, tuple(tf.ensure_shape(v, [None, units]) for v in new)

    return from_input, step


def pre_activations(
    equations: CellEquations,
    parts: list[ProductWeights],
    recurrent: list[Tensor | None],
    from_input: list[Tensor | None],
    state: tuple[Tensor, ...],
    recurrent_mask: Tensor | None,
) -> list[Tensor]:
    """The pre-activations of one step, each (B, H), in the order of the equations' names."""
    a: list[Tensor] = []
    for part, kernel, z in zip(parts, recurrent, from_input, strict=True):
        if part.product.reads_state is not None:
            h = state_operand(equations, part.product, a, state, recurrent_mask)
            product = tf.matmul(h, kernel)
            if z is not None:
                z += product
            else:
                z = product if part.bias is None else product + part.bias
        a.extend(tf.split(z, len(part.product.blocks), axis=1))
    return a


def step_operand(
    equations: CellEquations,
    product: Product,
    x: Tensor | None,
    a: list[Tensor],
    state: tuple[Tensor, ...],
    recurrent_mask: Tensor | None,
) -> Tensor:
    """The operand of a product at one step: [x_t, h_{t-1}], (B, D + H), or what it has of it.

    `a` holds the pre-activations formed so far, which a gated product reads.
    """
    operand = [x] if product.reads_input else []
    if product.reads_state is not None:
        operand.append(state_operand(equations, product, a, state, recurrent_mask))
    return tf.concat(operand, 1) if len(operand) > 1 else operand[0]


def state_operand(
    equations: CellEquations,
    product: Product,
    a: list[Tensor],
    state: tuple[Tensor, ...],
    recurrent_mask: Tensor | None,
) -> Tensor:
    """The operand of a product's recurrent kernel at one step, (B, H)."""
    h = state[0]
    if product.reads_state == "gated":
        h = equations.recurrent_input(equations.named(a), state)
    return h if recurrent_mask is None else h * recurrent_mask
