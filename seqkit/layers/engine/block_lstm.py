"""LSTMs by TensorFlow's own kernels of a whole sequence, forward and backward.

Nothing is compiled, and a step costs about what a compiled one does. The kernels know the LSTM with
all gates, tanh and sigmoid, with or without peepholes; they know no masks. So each row's valid
steps are moved to the front, and outputs are gathered back by how many valid steps were read:

    mask     0  1  0  1      x in front   x_1  x_3   0    0
                             h in front   h_1  h_2   .    .     (h_0: the initial state)
    output   h_0  h_1  h_1  h_2

The gradient that TensorFlow registers for the forward kernel is not that of the cell state's
outputs, so the backward kernel is called from here.
"""

from __future__ import annotations

from typing import NamedTuple

import keras
import tensorflow as tf

from seqkit.keras_internals import in_compiled_function
from seqkit.layers.engine.products import Sequences, Weights
from seqkit.layers.engine.step import time_major
from seqkit.layers.equations import CellEquations
from seqkit.types import Tensor

GATES = ("input", "forget", "candidate", "output")
PEEPHOLES = ("input_peephole", "forget_peephole", "output_peephole")


class BlockSaved(NamedTuple):
    """The sequences in front and all of the forward kernel's results, time-major, for the backward
    one."""

    x: Tensor
    results: tuple[Tensor, ...]  # input gate, cell, forget gate, output gate, candidate, phi(c), h


def fits(equations: CellEquations, x: Tensor, recurrent_mask: Tensor | None) -> bool:
    """Whether the kernels compute this recurrence."""
    return (
        equations.gates == GATES
        and equations.state == ("h", "c")
        and equations.vectors in ((), PEEPHOLES)
        and equations.activation is keras.activations.tanh
        and getattr(equations, "recurrent_activation", None) is keras.activations.sigmoid
        and not getattr(equations, "coupled_gates", True)
        and x.dtype == tf.float32
        and recurrent_mask is None
        and in_compiled_function is not None
        and not in_compiled_function()  # the compiler has no such kernel
    )


def forward(
    sequences: Sequences, weights: Weights, *, go_backwards: bool
) -> tuple[Tensor, tuple[Tensor, ...], BlockSaved]:
    """Outputs (B, T, H), the final state, and what the backward kernel needs."""
    x = _in_front(sequences.x, sequences.mask, go_backwards)
    h, c = sequences.initial_state
    i, cs, f, o, ci, co, hs = tf.raw_ops.BlockLSTMV2(
        seq_len_max=tf.cast(tf.shape(x)[0], tf.int64),
        x=x,
        cs_prev=c,
        h_prev=h,
        cell_clip=0.0,
        **_kernel_weights(weights),
    )
    outputs, state = _gathered_back(hs, cs, (h, c), sequences.mask, go_backwards)
    return outputs, state, BlockSaved(x, (i, cs, f, o, ci, co, hs))


def backward(
    sequences: Sequences,
    weights: Weights,
    saved: BlockSaved,
    d_outputs: Tensor | None,
    d_state: tuple[Tensor, ...],
    *,
    go_backwards: bool,
) -> tuple[Tensor, tuple[Tensor, ...], Weights]:
    """Gradients of x, of the initial state and of the weights; arguments as in the compiled one."""
    i, cs, f, o, ci, co, hs = saved.results
    h, c = sequences.initial_state
    with tf.GradientTape() as tape:  # of the gathers alone
        tape.watch([hs, cs, h, c])
        outputs, state = _gathered_back(hs, cs, (h, c), sequences.mask, go_backwards)
    targets, upstream = list(state), list(d_state)
    if d_outputs is not None:
        targets, upstream = [outputs, *targets], [d_outputs, *upstream]
    d_hs, d_cs, d_h_passed, d_c_passed = tape.gradient(
        targets, [hs, cs, h, c], upstream, unconnected_gradients="zero"
    )
    gradients = tf.raw_ops.BlockLSTMGradV2(
        seq_len_max=tf.cast(tf.shape(saved.x)[0], tf.int64),
        x=saved.x,
        cs_prev=c,
        h_prev=h,
        **_kernel_weights(weights),
        i=i,
        cs=cs,
        f=f,
        o=o,
        ci=ci,
        co=co,
        h=hs,
        cs_grad=d_cs,
        h_grad=d_hs,
    )
    d_front, d_c, d_h, d_w, *d_vectors, d_bias = gradients
    with tf.GradientTape() as tape:
        tape.watch(sequences.x)
        x = _in_front(sequences.x, sequences.mask, go_backwards)
    d_x = tape.gradient(x, sequences.x, d_front)
    features = sequences.x.shape[-1]
    return (
        d_x,
        (d_h + d_h_passed, d_c + d_c_passed),
        Weights(
            d_w[:features],
            d_w[features:],
            None if weights.bias is None else d_bias,
            tuple(d_vectors) if weights.vectors else (),
        ),
    )


def _kernel_weights(weights: Weights) -> dict[str, Tensor | bool]:
    units = weights.recurrent_kernel.shape[0]
    none = tf.zeros([units], weights.kernel.dtype)
    wci, wcf, wco = weights.vectors or (none, none, none)
    bias = weights.bias
    return {
        "w": tf.concat([weights.kernel, weights.recurrent_kernel], 0),
        "wci": wci,
        "wcf": wcf,
        "wco": wco,
        "b": tf.zeros([4 * units], weights.kernel.dtype) if bias is None else bias,
        "use_peephole": bool(weights.vectors),
    }


def _in_front(x: Tensor, mask: Tensor | None, go_backwards: bool) -> Tensor:
    """x (B, T, D) in the order of reading, each row's valid steps first: (T, B, D)."""
    if go_backwards:
        x = tf.reverse(x, [1])
    if mask is not None:
        if go_backwards:
            mask = tf.reverse(mask, [1])
        order = tf.argsort(tf.cast(~mask, tf.int32), axis=1, stable=True)
        x = tf.gather(x, order, batch_dims=1)
        # What lies behind the valid steps is read as well: it must be a number.
        x = tf.where(tf.sequence_mask(_valid_steps(mask), tf.shape(x)[1])[:, :, None], x, 0)
    return time_major(x)


def _gathered_back(
    hs: Tensor,
    cs: Tensor,
    initial_state: tuple[Tensor, ...],
    mask: Tensor | None,
    go_backwards: bool,
) -> tuple[Tensor, tuple[Tensor, ...]]:
    """Outputs (B, T, H) in the order of reading and the final state, from those in front."""
    h, c = initial_state
    if mask is None:
        # There may be no step.
        return time_major(hs), tuple(
            tf.concat([initial[None], steps[-1:]], 0)[-1] for initial, steps in ((h, hs), (c, cs))
        )
    if go_backwards:
        mask = tf.reverse(mask, [1])
    read = tf.cumsum(tf.cast(mask, tf.int32), axis=1)
    h, c = (
        time_major(tf.concat([initial[None], steps], 0)) for initial, steps in ((h, hs), (c, cs))
    )
    last = _valid_steps(mask)
    return tf.gather(h, read, batch_dims=1), (
        tf.gather(h, last, batch_dims=1),
        tf.gather(c, last, batch_dims=1),
    )


def _valid_steps(mask: Tensor) -> Tensor:
    return tf.reduce_sum(tf.cast(mask, tf.int32), axis=1)
