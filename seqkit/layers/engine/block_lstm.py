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
    order = _Order(sequences, go_backwards)
    x = order.in_front(sequences.x)
    h, c = sequences.initial_state
    i, cs, f, o, ci, co, hs = tf.raw_ops.BlockLSTMV2(
        seq_len_max=tf.cast(order.steps, tf.int64),
        x=x,
        cs_prev=c,
        h_prev=h,
        cell_clip=0.0,
        **_kernel_weights(weights),
    )
    all_h, all_c = tf.concat([h[None], hs], 0), tf.concat([c[None], cs], 0)
    outputs = time_major(hs) if order.read is None else order.rows(all_h, order.read)
    state = order.rows(all_h, order.last), order.rows(all_c, order.last)
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
    order = _Order(sequences, go_backwards)
    d_all_h, d_all_c = (order.sums(d, order.last) for d in d_state)
    if d_outputs is not None:
        d_all_h += (
            tf.pad(time_major(d_outputs), [[1, 0], [0, 0], [0, 0]])
            if order.read is None
            else order.sums(d_outputs, order.read)
        )
    gradients = tf.raw_ops.BlockLSTMGradV2(
        seq_len_max=tf.cast(order.steps, tf.int64),
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
        cs_grad=d_all_c[1:],
        h_grad=d_all_h[1:],
    )
    d_front, d_c, d_h, d_w, *d_vectors, d_bias = gradients
    features = sequences.x.shape[-1]
    return (
        order.from_front(d_front),
        (d_h + d_all_h[0], d_c + d_all_c[0]),
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


class _Order:
    """Where a row's steps stand among all that the kernel reads, (T, B, D), and where their results
    stand among all states, the initial one first, (T + 1, B, H).

    Both are looked up by row of the matrix (T B, D) or ((T + 1) B, H). What is read from one place
    each has its gradient in a sum over the places that read it, and the other way round.

    Attributes:
        steps: T.
        last: the row of each sequence's final state, (B,).
        read: the row of the state after each step, in the order of reading, (B, T); None without a
            mask, where one follows the other.
    """

    def __init__(self, sequences: Sequences, go_backwards: bool) -> None:
        mask, self._backwards = sequences.mask, go_backwards
        self._shape = tf.shape(sequences.x)
        self._batch, self.steps = self._shape[0], self._shape[1]
        row, self.read = tf.range(self._batch), None
        if mask is None:
            self.last = row + self.steps * self._batch
            return
        counted = tf.cast(mask, tf.int32)
        read = tf.cumsum(counted, axis=1, reverse=go_backwards)
        by_time = read * self._batch + row[:, None]
        self.last = tf.reduce_sum(counted, 1) * self._batch + row
        self.read = tf.reverse(by_time, [1]) if go_backwards else by_time
        self._valid = mask[:, :, None]
        # The row among what is read, one step earlier; none for what is masked.
        self._front = tf.where(mask, by_time - self._batch, -1)

    def in_front(self, x: Tensor) -> Tensor:
        """x (B, T, D) in the order of reading, each row's valid steps first, then zeros: (T, B,
        D)."""
        if self.read is None:
            return time_major(tf.reverse(x, [1]) if self._backwards else x)
        rows = tf.math.unsorted_segment_sum(x, self._front, self.steps * self._batch)
        return tf.reshape(rows, [self.steps, self._batch, x.shape[-1]])

    def from_front(self, d_front: Tensor) -> Tensor:
        """The gradient of x (B, T, D) from that of `in_front`."""
        if self.read is None:
            d_x = time_major(d_front)
            return tf.reverse(d_x, [1]) if self._backwards else d_x
        return tf.where(self._valid, self.rows(d_front, tf.maximum(self._front, 0)), 0)

    def rows(self, steps: Tensor, indices: Tensor) -> Tensor:
        """The rows of steps (N, B, H) at these indices, of any shape."""
        return tf.gather(tf.reshape(steps, [-1, steps.shape[-1]]), indices)

    def sums(self, gradients: Tensor, indices: Tensor) -> Tensor:
        """The gradient of all states (T + 1, B, H) from that of `rows`."""
        count = self.steps + 1
        summed = tf.math.unsorted_segment_sum(gradients, indices, count * self._batch)
        return tf.reshape(summed, [count, self._batch, gradients.shape[-1]])
