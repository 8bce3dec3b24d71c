"""One step of a cell in stock operations, and the operands of its matrix products."""

from __future__ import annotations

from collections.abc import Callable

import tensorflow as tf

from seqkit.layers.engine.products import ProductWeights, Sequences, Weights, product_weights
from seqkit.layers.equations import CellEquations, Product
from seqkit.types import Tensor

Stepped = tuple[list[Tensor], tuple[Tensor, ...]]  # pre-activations, and the new state
Step = Callable[[list[Tensor | None], Tensor | None, tuple[Tensor, ...]], Stepped]
StepByTime = Callable[[Tensor, tuple[Tensor, ...]], Stepped]


def recur_step(
    equations: CellEquations,
    x: Tensor,
    state: tuple[Tensor, ...],
    weights: Weights,
    recurrent_mask: Tensor | None = None,
) -> tuple[Tensor, ...]:
    """One step: x (B, D) and the previous state, each (B, H), to the new state."""
    a = step_pre_activations(equations, x, state, weights, recurrent_mask)
    return equations.update(equations.named(a), state, equations.named_vectors(weights.vectors))


def step_pre_activations(
    equations: CellEquations,
    x: Tensor,
    state: tuple[Tensor, ...],
    weights: Weights,
    recurrent_mask: Tensor | None = None,
) -> list[Tensor]:
    """The pre-activations of one step, each (B, H), in the order of the equations' names."""
    parts = product_weights(equations, weights)
    from_input = [input_product(part, x) for part in parts]
    recurrent = [part.recurrent_kernel for part in parts]
    return pre_activations(equations, parts, recurrent, from_input, state, recurrent_mask)


def input_product(part: ProductWeights, x: Tensor) -> Tensor | None:
    """x (N, D) times the input blocks, plus the bias, (N, blocks * H)."""
    if not part.product.reads_input:
        return None
    z = tf.matmul(x, part.input_kernel)
    return z if part.bias is None else z + part.bias


def time_major(tensor: Tensor) -> Tensor:
    """(B, T, ...) to (T, B, ...), and back."""
    return tf.transpose(tensor, [1, 0, *range(2, tensor.shape.rank)])


def mask_by_time(mask: Tensor | None) -> Tensor | None:
    """A mask (B, T) as (T, B, 1)."""
    return None if mask is None else tf.transpose(mask)[:, :, None]


def input_products(parts: list[ProductWeights], x: Tensor) -> list[Tensor | None]:
    """The products of x (T, B, D) at all steps, (T, B, blocks * H) each, or None without x."""
    flat = tf.reshape(x, [-1, x.shape[-1]])
    products = [input_product(part, flat) for part in parts]
    return [
        None if z is None else tf.reshape(z, [*tf.unstack(tf.shape(x)[:2]), part.width])
        for part, z in zip(parts, products, strict=True)
    ]


def step_of(
    equations: CellEquations,
    parts: list[ProductWeights],
    weights: Weights,
    recurrent_mask: Tensor | None,
) -> Step:
    """The step of a loop in stock operations.

    Returns:
        A function of the products of x_t, whether each row's step is valid (B,) or None, and the
        state. It returns the pre-activations and the new state.
    """
    units = weights.recurrent_kernel.shape[0]
    recurrent = [part.recurrent_kernel for part in parts]
    w = equations.named_vectors(weights.vectors)

    def step(
        from_input: list[Tensor | None], valid: Tensor | None, state: tuple[Tensor, ...]
    ) -> tuple[list[Tensor], tuple[Tensor, ...]]:
        a = pre_activations(equations, parts, recurrent, from_input, state, recurrent_mask)
        new = equations.update(equations.named(a), state, w)
        if valid is not None:
            new = tuple(rows_where(valid, v, old) for v, old in zip(new, state, strict=True))
        return a, tuple(tf.ensure_shape(v, [None, units]) for v in new)

    return step


def rows_where(valid: Tensor, new: Tensor, old: Tensor) -> Tensor:
    """Rows of new (B, H) where valid (B,), else of old.

    `tf.where` would broadcast the condition, at the price of all that a small step computes.
    """
    return tf.raw_ops.Select(condition=valid, x=new, y=old)


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
    from_input = input_products(parts, time_major(sequences.x))
    mask = None if sequences.mask is None else tf.transpose(sequences.mask)
    step = step_of(equations, parts, weights, sequences.recurrent_mask)

    def at(t: Tensor, state: tuple[Tensor, ...]) -> tuple[list[Tensor], tuple[Tensor, ...]]:
        z = [None if z is None else z[t] for z in from_input]
        return step(z, None if mask is None else mask[t], state)

    return from_input, at


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
    x: Tensor,
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
