"""All that seqkit takes from inside Keras and TensorFlow, which have no public name for it.

Each has a fallback for a release without it. `tests/test_keras_internals.py` says which one a new
release has moved.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import Any

import keras

from seqkit.types import Tensor

# XLA's dynamic-update-slice: update_slice(buffer, update, indices) writes in place in a compiled
# loop. Without it recurrences run on the portable path.
update_slice: Callable[[Tensor, Tensor, list[Tensor | int]], Tensor] | None = None
with contextlib.suppress(ImportError, AttributeError):
    from tensorflow.compiler.tf2xla.python import xla

    update_slice = xla.dynamic_update_slice

# Whether a gradient tape is recording. Without it recurrences run on the portable path, and keep
# what gradients need.
tape_is_recording: Callable[[], bool] | None = None
with contextlib.suppress(ImportError, AttributeError):
    from tensorflow.python.eager import record

    tape_is_recording = record.could_possibly_record


def mask_of(tensor: Tensor) -> Tensor | None:
    """The mask that Keras hands on with a tensor, as an Embedding with mask_zero does; or None.

    Keras gives a layer that takes several tensors no public way to it. Without it only masks that
    are passed count.
    """
    return getattr(tensor, "_keras_mask", None)


def _class_with_kept_masks() -> type:
    for base in keras.layers.SimpleRNNCell.__mro__[1:]:
        if "reset_dropout_mask" in vars(base):
            return base
    return object  # pragma: no cover


# The base of cells whose dropout masks `keras.layers.RNN` draws before its loop, so that one mask
# serves all steps, and clears after it. `object` in a Keras without it; a cell then draws a mask
# for each of its calls.
CellWithKeptMasks: Any = _class_with_kept_masks()
MASKS_ARE_KEPT = CellWithKeptMasks is not object


class RNNWithoutMasks(keras.layers.RNN):
    """`keras.layers.RNN` that leaves the drawing of dropout masks to its subclass.

    Keras would draw them at inference too, and export them. In a Keras that no longer calls this
    method nothing is to be prevented.
    """

    def _maybe_config_dropout_masks(self, *arguments: Any) -> None:
        """Draws nothing."""
