"""The choice of how a recurrence runs: compiled for speed, or in stock operations."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from contextvars import ContextVar
from typing import Literal

import tensorflow as tf

from seqkit.keras_internals import tape_is_recording
from seqkit.layers.engine import buffers

Path = Literal["auto", "compiled", "portable"]

_requested: ContextVar[Path] = ContextVar("recurrence_path", default="auto")


@contextlib.contextmanager
def recurrence_path(path: Path) -> Iterator[None]:
    """Chooses how the recurrent layers called or traced inside it run.

    Both paths give the same numbers. The compiled one is several times faster on a CPU; the
    portable one uses stock TensorFlow operations only.

    Args:
        path: "auto", the default outside of this context: compiled where a `tf.function` is traced
            under a `tf.GradientTape`, as in `Model.fit`, else portable. So what `Model.export` and
            `tf.saved_model.save` trace is portable, and so are eager steps, for debugging.
            "compiled": compiled also for inference, wherever the compiler is to be had. Do not
            export what is traced under it.
            "portable": never compiled.

    Raises:
        ValueError: for any other path.

    Example:
        >>> import numpy as np, seqkit
        >>> layer = seqkit.layers.GRU(4)
        >>> with seqkit.layers.recurrence_path("compiled"):
        ...     layer(np.zeros((2, 5, 3), "float32")).shape
        TensorShape([2, 4])
    """
    if path not in ("auto", "compiled", "portable"):
        raise ValueError(f"path must be 'auto', 'compiled' or 'portable', got {path!r}.")
    token = _requested.set(path)
    try:
        yield
    finally:
        _requested.reset(token)


def runs_compiled() -> bool:
    """Whether a recurrence called now runs on the compiled path."""
    requested = _requested.get()
    if requested == "portable" or not buffers.available or not tf.test.is_built_with_xla():
        return False
    if requested == "compiled":
        return True
    if tf.executing_eagerly() or tape_is_recording is None:
        return False
    return keeps_gradient()


def keeps_gradient() -> bool:
    """Whether a gradient tape is recording, so that what gradients need must be kept."""
    return tape_is_recording is None or bool(tape_is_recording())
