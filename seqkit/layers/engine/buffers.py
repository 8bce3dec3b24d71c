"""Buffers of a compiled loop, written in place, and the loop that carries them.

Where TensorFlow lacks XLA's dynamic-update-slice, recurrences run on the portable path.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import tensorflow as tf

from seqkit.keras_internals import update_slice
from seqkit.types import Tensor

available = update_slice is not None


def read(buffer: Tensor, step: Tensor | int, block: int, width: int) -> Tensor:
    """Columns [block * width, (block + 1) * width) of one step of a buffer (B, T, .): (B, width).

    Each block is a slice of its own: sharing one slice between gates makes the compiler emit scalar
    code.
    """
    batch = tf.shape(buffer)[0]
    begin = [0, step, block * width]
    return tf.reshape(tf.slice(buffer, begin, [batch, 1, width]), [batch, width])


def write(buffer: Tensor, step: Tensor, value: Tensor, block: int = 0) -> Tensor:
    """The buffer (B, T, .) with value (B, width) written at `step`, from column block * width."""
    assert update_slice is not None  # else the compiled path is not taken
    indices = [0, step, block * value.shape[-1]]
    return update_slice(buffer, tf.expand_dims(value, 1), indices)


def loop(steps: Tensor, body: Callable[..., Any], start: tuple[Any, ...]) -> Any:
    """Runs body(counter, *carried) `steps` times from `start`, which begins with the counter 0."""
    # The carried None of absent buffers must not reach the loop.
    flat = tf.nest.flatten(start)
    present = [value is not None for value in flat]

    def pack(values: Sequence[Any]) -> Any:
        rest = iter(values)
        return tf.nest.pack_sequence_as(start, [next(rest) if p else None for p in present])

    def flat_body(*values: Any) -> list[Any]:
        return [v for v in tf.nest.flatten(body(*pack(values))) if v is not None]

    carried = [tf.convert_to_tensor(v) for v in flat if v is not None]

    def same_shapes(*values: Any) -> list[Any]:
        results = flat_body(*values)
        for result, value in zip(results, carried, strict=True):
            result.set_shape(value.shape)
        return results

    return pack(tf.while_loop(lambda n, *_: n < steps, same_shapes, carried))
