"""The compiled forward loop.

Order of steps: step n reads x at time t(n) = n, or T - 1 - n when going backwards. Tensors that
belong to inputs (x, mask, pre-activations and their gradients) are stored by time, those that
belong to states and outputs by step, as Keras returns them. So nothing needs to be reversed:

    going backwards, T = 3       step n         0    1    2
                                 reads x, mask  x_2  x_1  x_0     stored by time
                                 writes output  y_0  y_1  y_2     stored by step
"""

from __future__ import annotations

from typing import Literal

import tensorflow as tf

from seqkit.layers.engine import buffers
from seqkit.layers.engine.products import (
    ProductWeights,
    Saved,
    Sequences,
    Weights,
    product_weights,
)
from seqkit.layers.engine.step import step_operand
from seqkit.layers.equations import CellEquations
from seqkit.types import Tensor

Save = Literal["nothing", "states", "all"]


def time_of(n: Tensor, steps: Tensor, go_backwards: bool) -> Tensor:
    """The time that step n reads."""
    return steps - 1 - n if go_backwards else n


def forward(
    sequences: Sequences,
    weights: Weights,
    *,
    equations: CellEquations,
    go_backwards: bool,
    return_sequences: bool,
    save: Save,
) -> tuple[Tensor | None, tuple[Tensor, ...], Saved | None]:
    """Runs the recurrence.

    Args:
        save: what to keep for the backward loop: nothing; the states, from which it can form the
            pre-activations again; or both.

    Returns:
        Outputs (B, T, H) or None, the final state, and what is saved.
    """
    x, mask, recurrent_mask = sequences.x, sequences.mask, sequences.recurrent_mask
    batch, steps = tf.shape(x)[0], tf.shape(x)[1]
    features, units = x.shape[-1], weights.recurrent_kernel.shape[0]
    parts = product_weights(equations, weights)
    w = equations.named_vectors(weights.vectors)

    def empty(width: int) -> Tensor:
        return tf.zeros([batch, steps, width], x.dtype)

    def of_all_steps(part: ProductWeights) -> Tensor:
        return tf.reshape(part(tf.reshape(x, [-1, features])), [batch, steps, part.width])

    saves = save != "nothing"
    outputs = empty(units) if saves or return_sequences else None
    kept = tuple(empty(units) for _ in equations.state[1:]) if saves else ()
    # A product of x alone is formed for all steps at once: that buffer is its own saved one.
    z_buffers = [
        of_all_steps(part) if part.hoisted else empty(part.width) if save == "all" else None
        for part in parts
    ]
    hoisted = [z if part.hoisted else None for part, z in zip(parts, z_buffers, strict=True)]
    written = tuple(
        z for part, z in zip(parts, z_buffers, strict=True) if z is not None and not part.hoisted
    )

    def body(n, state, outputs, kept, written):  # type: ignore[no-untyped-def]
        t = time_of(n, steps, go_backwards)
        x_t = buffers.read(x, t, 0, features)
        a: list[Tensor] = []
        formed = []
        for part, ready in zip(parts, hoisted, strict=True):
            if ready is not None:
                a.append(buffers.read(ready, t, 0, units))
                continue
            z = part(step_operand(equations, part.product, x_t, a, state, recurrent_mask))
            formed.append(z)
            a.extend(
                tf.slice(z, [0, k * units], [batch, units]) for k in range(len(part.product.blocks))
            )
        new = equations.update(equations.named(a), state, w)
        if mask is not None:
            valid = tf.reshape(tf.slice(mask, [0, t], [batch, 1]), [batch, 1])
            new = tuple(tf.where(valid, v, old) for v, old in zip(new, state, strict=True))
        if outputs is not None:
            outputs = buffers.write(outputs, n, new[0])
        if saves:
            kept = tuple(buffers.write(b, n, v) for b, v in zip(kept, new[1:], strict=True))
        if save == "all":
            written = tuple(buffers.write(b, t, z) for b, z in zip(written, formed, strict=True))
        return n + 1, new, outputs, kept, written

    _, state, outputs, kept, written = buffers.loop(
        steps, body, (0, tuple(sequences.initial_state), outputs, kept, written)
    )
    saved = Saved((outputs, *kept), ()) if saves else None
    if save == "all":
        loop_written = iter(written)
        z_saved = (h if h is not None else next(loop_written) for h in hoisted)
        saved = Saved((outputs, *kept), tuple(z_saved))
    return (outputs if return_sequences else None), state, saved
