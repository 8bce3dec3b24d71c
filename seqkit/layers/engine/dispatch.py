"""The choice of how a recurrence runs: compiled for speed, or in stock operations."""

from __future__ import annotations

import contextlib
import math
from collections import Counter
from collections.abc import Hashable, Iterator
from contextvars import ContextVar
from typing import Literal, get_args

import tensorflow as tf

from seqkit.keras_internals import tape_is_recording
from seqkit.layers.engine import block_lstm, buffers
from seqkit.layers.engine.recurrence import Engine
from seqkit.layers.equations import CellEquations
from seqkit.types import Tensor

Path = Literal["auto", "compiled", "stock", "portable"]
PATHS = get_args(Path)
PathOfInference = Literal["stock", "compiled"]

# What is compiled takes its time for each shape of batch. The other engines are ready at once, and
# cost so much more a step of the recurrence that compiling pays back after about so many steps of a
# shape: batches times their length. `python -m benchmarks.engines` prints 2,000 to 12,000, and ten
# times that for a small LSTM, which loses little by compiling earlier.
COMPILED_AFTER = 8_000

_requested: ContextVar[Path] = ContextVar("recurrence_path", default="auto")
_expected_steps: ContextVar[float] = ContextVar("expected_steps", default=math.inf)


@contextlib.contextmanager
def recurrence_path(path: Path) -> Iterator[None]:
    """Chooses how the recurrent layers called or traced inside it run.

    All paths give the same numbers, up to rounding. A compiled training step takes seconds to
    compile, once for each shape, and is then several times as fast on a CPU as autodiff of the
    portable loop; stock operations with a gradient of their own are ready at once, and in between.

    Args:
        path: "auto", the default outside of this context: compiled where a `tf.function` is traced
            under a `tf.GradientTape`, as in `Model.fit`, else portable. So what `Model.export` and
            `tf.saved_model.save` trace is portable, and so are eager steps, for debugging. An
            estimator's training that is too short to pay for compiling takes stock operations.
            "compiled": compiled also for inference, wherever the compiler is to be had. Do not
            export what is traced under it.
            "stock": never compiled, with a gradient of its own: TensorFlow's kernels for LSTMs of
            the usual gates and activations in float32, loops for all other cells.
            "portable": a plain loop of stock operations, differentiated by TensorFlow.

    Raises:
        ValueError: for any other path.

    Example:
        >>> import numpy as np, seqkit
        >>> layer = seqkit.layers.GRU(4)
        >>> with seqkit.layers.recurrence_path("compiled"):
        ...     layer(np.zeros((2, 5, 3), "float32")).shape
        TensorShape([2, 4])
    """
    if path not in PATHS:
        *others, last = map(repr, PATHS)
        raise ValueError(f"path must be {', '.join(others)} or {last}, got {path!r}.")
    token = _requested.set(path)
    try:
        yield
    finally:
        _requested.reset(token)


@contextlib.contextmanager
def expected_steps(count: float) -> Iterator[None]:
    """Says how many steps of recurrences a training traced inside will run for each shape of batch.

    Args:
        count: batches times their length, over all epochs; infinity where it is not known.
    """
    token = _expected_steps.set(count)
    try:
        yield
    finally:
        _expected_steps.reset(token)


def path_of_training() -> tuple[Path, bool]:
    """The path asked for, and whether compiling pays back: a step that was traced for another than
    that of now runs as it was traced."""
    return _requested.get(), _expected_steps.get() >= COMPILED_AFTER


def engine_of(
    equations: CellEquations, x: Tensor, recurrent_mask: Tensor | None
) -> Engine | Literal["portable"]:
    """Chooses how a recurrence called now runs: as a plain loop or with a gradient of its own."""
    requested, pays_back = path_of_training()
    if requested == "portable":
        return "portable"
    trains = not tf.executing_eagerly() and tape_is_recording is not None and keeps_gradient()
    if requested == "auto" and not trains:
        return "portable"
    ready: Engine = "block" if block_lstm.fits(equations, x, recurrent_mask) else "stock"
    if requested == "compiled" or (requested == "auto" and pays_back):
        can_compile = buffers.available and tf.test.is_built_with_xla()
        return "compiled" if can_compile else "portable"
    if ready == "stock" and not keeps_gradient():
        return "portable"  # nothing need be kept for a gradient
    return ready


class InferencePath:
    """The path of inference: stock operations at first, compiled for shapes that come up often."""

    def __init__(self) -> None:
        self._steps: Counter[Hashable] = Counter()

    def next(self, shape: Hashable, steps: int) -> PathOfInference:
        """The path of one more call.

        Args:
            shape: what the compiler would compile for, anew.
            steps: of the recurrence, in this call.

        Example:
            >>> path = InferencePath()
            >>> [path.next((1, 4000), 4000) for _ in range(3)]
            ['stock', 'stock', 'compiled']
        """
        before = self._steps[shape]
        self._steps[shape] += steps
        return "stock" if before < COMPILED_AFTER else "compiled"


def keeps_gradient() -> bool:
    """Whether a gradient tape is recording, so that what gradients need must be kept."""
    return tape_is_recording is None or bool(tape_is_recording())
