"""Truncated back-propagation through time (Williams & Peng 1990): gradients end at windows' bounds.

A sequence is cut into windows of k steps, in the order of reading. The state is carried from one to
the next, its gradient is not:

    s_0 --window 1--> s_k --window 2--> s_2k --window 3--> s_T      forward: one sequence
    ds_0 <--window 1--|    <--window 2--|     <--window 3-- ds_T    backward: three

The forward pass keeps the states between windows alone. The backward pass takes one window after
the other, from the last on, and runs it once more to have what its gradient needs. So what is kept
for the gradient grows with the window, not with the sequence, for a third more time.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import tensorflow as tf

from seqkit.layers.engine.products import Sequences, Weights
from seqkit.layers.engine.step import time_major
from seqkit.types import Tensor

State = tuple[Tensor, ...]


class Programs(NamedTuple):
    """The two programs of an engine.

    Attributes:
        forward: (sequences, weights, return_sequences, save) to outputs (B, T, H) or None, the
            final state, and what is saved for the gradient.
        backward: (sequences, weights, saved, d_outputs, d_state) to the gradients.
    """

    forward: Callable[..., Any]
    backward: Callable[..., Any]


def truncated(programs: Programs, window: int, *, go_backwards: bool) -> Programs:
    """The same programs, window by window."""

    def forward(
        sequences: Sequences, weights: Weights, return_sequences: bool, save: str
    ) -> tuple[Tensor | None, State, State]:
        cut = _Windows(sequences, window, go_backwards)
        units = weights.recurrent_kernel.shape[0]

        def body(w: Tensor, state: State, between: Any, outputs: Any) -> tuple[Any, ...]:
            part = cut.part(w, state)
            read, new, _ = programs.forward(part, weights, return_sequences, "nothing")
            return (
                w + 1,
                like(state, new),
                tuple(array.write(w, s) for array, s in zip(between, state, strict=True)),
                outputs.write(w, time_major(read)) if return_sequences else outputs,
            )

        state = tuple(tf.ensure_shape(s, [None, units]) for s in sequences.initial_state)
        between = tuple(tf.TensorArray(s.dtype, cut.count) for s in state)
        outputs = tf.TensorArray(sequences.x.dtype, cut.count, infer_shape=False)
        _, state, between, outputs = tf.while_loop(
            lambda w, *_: w < cut.count,
            body,
            (tf.constant(0), state, between, outputs),
            parallel_iterations=1,
        )
        saved = tuple(array.stack() for array in between)
        if not return_sequences:
            return None, state, saved
        return cut.joined(outputs, units), state, saved

    def backward(
        sequences: Sequences,
        weights: Weights,
        saved: State,
        d_outputs: Tensor | None,
        d_state: State,
    ) -> tuple[Tensor, State, Weights]:
        cut = _Windows(sequences, window, go_backwards)
        flat = [value for value in tf.nest.flatten(weights) if value is not None]

        def body(
            done: Tensor, d_state: State, d_initial: State, sums: list[Tensor], d_x: Any
        ) -> tuple[Any, ...]:
            w = cut.count - 1 - done
            part = cut.part(w, tuple(states[w] for states in saved))
            _, _, kept = programs.forward(part, weights, d_outputs is not None, "all")
            d_read = None if d_outputs is None else cut.steps_of(d_outputs, w)
            d_part, d_start, d_weights = programs.backward(part, weights, kept, d_read, d_state)
            added = [d for d in tf.nest.flatten(d_weights) if d is not None]
            return (
                done + 1,
                tuple(tf.zeros_like(d) for d in d_state),  # here the gradient ends
                like(d_initial, d_start),
                [total + d for total, d in zip(sums, added, strict=True)],
                d_x.write(done if go_backwards else w, time_major(d_part)),
            )

        _, _, d_initial, sums, d_x = tf.while_loop(
            lambda done, *_: done < cut.count,
            body,
            (
                tf.constant(0),
                tuple(d_state),
                tuple(tf.zeros_like(d) for d in d_state),
                [tf.zeros_like(value) for value in flat],
                tf.TensorArray(sequences.x.dtype, cut.count, infer_shape=False),
            ),
            parallel_iterations=1,
        )
        rest = iter(sums)
        d_weights = tf.nest.pack_sequence_as(
            weights, [None if v is None else next(rest) for v in tf.nest.flatten(weights)]
        )
        return cut.joined(d_x, sequences.x.shape[-1]), d_initial, d_weights

    return Programs(forward, backward)


def like(before: State, after: State) -> State:
    """A loop's tensors after a turn, with the static shapes of those before it."""
    return tuple(tf.ensure_shape(a, b.shape) for a, b in zip(after, before, strict=True))


class _Windows:
    """The windows of some sequences, in the order of reading; one without steps where there are
    none."""

    def __init__(self, sequences: Sequences, window: int, go_backwards: bool) -> None:
        self._sequences, self._window, self._backwards = sequences, window, go_backwards
        self.steps = tf.shape(sequences.x)[1]
        self.count = tf.maximum(1, -(-self.steps // window))

    def part(self, w: Tensor, state: State) -> Sequences:
        """The sequences of window w, which begin in this state."""
        first, last = self._bounds(w)
        if self._backwards:
            first, last = self.steps - last, self.steps - first
        x, mask = self._sequences.x, self._sequences.mask
        return Sequences(
            x[:, first:last],
            state,
            None if mask is None else mask[:, first:last],
            self._sequences.recurrent_mask,
        )

    def steps_of(self, by_step: Tensor, w: Tensor) -> Tensor:
        """The steps of window w of (B, T, ...), which is in the order of reading."""
        first, last = self._bounds(w)
        return by_step[:, first:last]

    def joined(self, windows: tf.TensorArray, width: int) -> Tensor:
        """(B, T, width) from its windows, time-major."""
        batch = tf.shape(self._sequences.x)[0]
        return time_major(tf.reshape(windows.concat(), [self.steps, batch, width]))

    def _bounds(self, w: Tensor) -> tuple[Tensor, Tensor]:
        first = w * self._window
        return first, tf.minimum(first + self._window, self.steps)
