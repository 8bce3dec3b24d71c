"""The recurrence for inference in stock operations: what exports and graphs without a tape run.

Loops take five steps at once: ten make graphs a quarter larger that load and start later, and no
faster. LSTMs of the usual gates run on TensorFlow's kernels of whole sequences where a batch is
small: those write all gates of all steps, which costs more than a loop where it is large. One graph
holds both where the size of the batch is known only to its calls.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence

import tensorflow as tf

from seqkit.layers.engine import block_lstm
from seqkit.layers.engine.portable import recur_portable
from seqkit.layers.engine.products import Sequences, Weights
from seqkit.layers.engine.recurrence import WithGradient, padded, present, recur
from seqkit.layers.equations import CellEquations
from seqkit.types import Tensor

STEPS_AT_ONCE = 5


@tf.autograph.experimental.do_not_convert
def infer(
    equations: CellEquations,
    sequences: Sequences,
    weights: Weights,
    *,
    go_backwards: bool,
    return_sequences: bool,
    kernel_rows: int,
) -> tuple[Tensor | None, tuple[Tensor, ...]]:
    """Runs a cell over time; arguments and results as for `recur`.

    Args:
        kernel_rows: the largest batch that runs on the kernels of an LSTM; 0 where they do not
            compute this recurrence.
    """
    loop = functools.partial(
        recur_portable,
        equations,
        go_backwards=go_backwards,
        return_sequences=return_sequences,
        steps_at_once=STEPS_AT_ONCE,
    )
    x = sequences.x
    rows = x.shape[0]
    if not kernel_rows or (rows is not None and rows > kernel_rows):
        return loop(sequences, weights)
    structure = (x, tuple(sequences.initial_state), weights)

    def inputs_of(tensors: Sequence[Tensor]) -> tuple[Sequences, Weights]:
        x, initial_state, packed = tf.nest.pack_sequence_as(structure, padded(structure, tensors))
        return Sequences(x, initial_state, sequences.mask), packed

    # TensorFlow differentiates neither of the two as it should where this graph meets a tape later.
    @tf.custom_gradient
    def run(*tensors: Tensor) -> WithGradient:
        def by_kernels() -> list[Tensor]:
            outputs, state, _ = block_lstm.forward(*inputs_of(tensors), go_backwards=go_backwards)
            return present((outputs if return_sequences else None, state))

        def by_loop() -> list[Tensor]:
            return present(loop(*inputs_of(tensors)))

        def gradient(*upstream: Tensor) -> list[Tensor]:
            with tf.GradientTape() as tape:
                tape.watch(tensors)
                results = recur(
                    equations,
                    *inputs_of(tensors),
                    go_backwards=go_backwards,
                    return_sequences=return_sequences,
                    engine="block",
                )
            return tape.gradient(present(results), tensors, upstream, unconnected_gradients="zero")

        if rows is not None:
            return by_kernels(), gradient
        return tf.cond(tf.shape(x)[0] <= kernel_rows, by_kernels, by_loop), gradient

    results = list(run(*present(structure)))
    outputs = results.pop(0) if return_sequences else None
    if outputs is not None:
        outputs.set_shape([*x.shape[:2], weights.recurrent_kernel.shape[0]])
    return outputs, tuple(results)
