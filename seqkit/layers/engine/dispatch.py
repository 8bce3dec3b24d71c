"""The choice of how a recurrence runs: compiled for speed, or in stock operations."""

from __future__ import annotations

import contextlib
import functools
import logging
import math
from collections import Counter
from collections.abc import Hashable, Iterator
from contextvars import ContextVar
from typing import Any, Literal, get_args

import tensorflow as tf

from seqkit.keras_internals import in_compiled_function, missing_for_speed, tape_is_recording
from seqkit.layers.engine import block_lstm, buffers
from seqkit.layers.engine.inference import STEPS_AT_ONCE, infer
from seqkit.layers.engine.portable import recur_portable
from seqkit.layers.engine.products import Sequences, Weights
from seqkit.layers.engine.recurrence import Engine, recur
from seqkit.layers.equations import CellEquations
from seqkit.types import Tensor
from seqkit.warning import warn

Path = Literal["auto", "compiled", "stock", "portable"]
PATHS = get_args(Path)
PathOfInference = Literal["stock", "compiled"]

# What is compiled takes its time for each shape of batch. The other engines are ready at once, and
# cost so much more a step of the recurrence that compiling pays back after about so many steps of a
# shape: batches times their length. `python -m benchmarks.engines` prints 2,000 to 12,000.
COMPILED_AFTER = 8_000

# TensorFlow's kernels of an LSTM are as fast as compiled steps where they multiply by matrices this
# small, as far as is known from 32 rows of 64 units, and half as fast at 64 rows of them.
COMPILED_AFTER_SMALL_KERNELS = 60_000
SMALL_UNITS, SMALL_ROWS = 64, 32

# Inference of an LSTM by TensorFlow's kernels is faster than by a loop where a state has no more
# values than this, rows times units: at 32 rows of 64 units it still is, at 32 of 128 no longer.
KERNEL_VALUES = 2_048

Way = Engine | Literal["inference", "portable"]
WAYS: dict[Way, str] = {
    "compiled": "compiled loops with a gradient of their own",
    "block": "TensorFlow's kernels of an LSTM",
    "stock": "loops of stock operations with a gradient of their own",
    "inference": f"a loop that takes {STEPS_AT_ONCE} steps at a time",
    "portable": "a plain loop",
}

logger = logging.getLogger("seqkit")

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
            under a `tf.GradientTape`, as in `Model.fit`; in other graphs, and so in what
            `Model.predict` runs and `Model.export` and `tf.saved_model.save` trace, stock
            operations, kernels for small batches and loops that take five steps at a time; portable
            in eager steps, for debugging. An estimator's training that is too short to pay for
            compiling takes stock operations.
            "compiled": compiled also for inference, wherever the compiler is to be had. Export what
            is traced under it only for a server that compiles.
            "stock": never compiled, with a gradient of its own: TensorFlow's kernels for LSTMs of
            the usual gates and activations in float32, plain loops for all other cells: ready
            soonest, where "auto" makes graphs that are called often.
            "portable": a plain loop of stock operations, differentiated by TensorFlow: the smallest
            graph, for tools that convert exports and lack the kernels.

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


def path_of_training() -> tuple[Path, bool, bool]:
    """The path asked for, and whether compiling pays back, in the place of loops and of small
    kernels: a step that was traced for another than that of now runs as it was traced."""
    steps = _expected_steps.get()
    return _requested.get(), steps >= COMPILED_AFTER, steps >= COMPILED_AFTER_SMALL_KERNELS


def run(
    equations: CellEquations,
    sequences: Sequences,
    weights: Weights,
    *,
    go_backwards: bool,
    return_sequences: bool,
    unroll: bool,
    tbptt_steps: int | None = None,
) -> tuple[Tensor | None, tuple[Tensor, ...]]:
    """Runs a cell over time, on the path that fits where it is called.

    Args:
        equations: the cell.
        sequences: x (B, T, D), initial state, masks.
        weights: the cell's weights, as tensors.
        go_backwards: whether to start from the last time. Outputs are in the order of the steps.
        return_sequences: whether to return the outputs of all steps.
        unroll: whether a plain loop is written out step by step; needs a static number of steps.
        tbptt_steps: how far gradients reach back, in windows; None for all steps.

    Returns:
        Outputs (B, T, H), or None without `return_sequences`, and the final state, each (B, H).
    """
    fits = block_lstm.fits(equations, sequences.x, sequences.recurrent_mask)
    rows, units = sequences.x.shape[0], weights.recurrent_kernel.shape[0]
    is_small = fits and units <= SMALL_UNITS and (rows is None or rows <= SMALL_ROWS)
    engine = _engine("block" if fits else "stock", is_small)
    inputs = equations, sequences, weights
    directions: dict[str, Any] = {
        "go_backwards": go_backwards,
        "return_sequences": return_sequences,
    }
    kernel_rows = max(KERNEL_VALUES // units, 1) if fits else 0
    if logger.isEnabledFor(logging.DEBUG):
        way = WAYS[engine]
        if engine == "inference" and kernel_rows:
            way = f"{WAYS['block']} for batches of {kernel_rows} rows and fewer, else {way}"
        logger.debug("%s, %d units: %s", type(equations).__name__, units, way)
    if engine == "portable" or (engine == "inference" and unroll):
        return recur_portable(
            *inputs,
            unroll=unroll,
            tbptt_steps=tbptt_steps if _keeps_gradient() else None,
            **directions,
        )
    if engine == "inference":
        return infer(*inputs, kernel_rows=kernel_rows, **directions)
    keeps = _keeps_gradient()
    options: dict[str, Any] = {"differentiable": keeps, "engine": engine}
    return recur(*inputs, **options, tbptt_steps=tbptt_steps if keeps else None, **directions)


def _engine(without_compiler: Engine, is_small: bool = False) -> Way:
    """How a recurrence called now runs; without a compiler on this engine, and if that is small
    kernels, longer so."""
    requested, pays_back, pays_back_late = path_of_training()
    pays_back = pays_back_late if is_small else pays_back
    eager = tf.executing_eagerly()
    if requested == "auto" and not eager and _keeps_gradient() and missing_for_speed():
        _tell_that_training_is_slow()
    by_hand = eager or tape_is_recording is None
    if requested == "portable" or (requested == "auto" and by_hand):
        return "portable"
    if requested == "stock" and not _keeps_gradient():
        # For a first call, which waits for the graph: what is traced soonest.
        return "block" if without_compiler == "block" else "portable"
    if requested != "compiled" and not _keeps_gradient():
        # A function that is compiled as a whole has no use for what the other graphs need.
        in_stock_graph = in_compiled_function is not None and not in_compiled_function()
        return "inference" if in_stock_graph else "portable"
    if requested == "compiled" or (requested == "auto" and pays_back):
        return "compiled" if can_compile() else "portable"
    return without_compiler


@functools.cache  # once in a process
def _tell_that_training_is_slow() -> None:
    warn(
        f"TensorFlow {tf.__version__} has moved {' and '.join(missing_for_speed())}, which fast "
        "recurrent layers are built on: they give the same numbers several times as slowly. Use a "
        "TensorFlow that this version of seqkit supports, or a newer seqkit."
    )


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


def paths() -> dict[str, str]:
    """How recurrences run here unless a path is requested, by where they are called."""
    compiled = WAYS["compiled" if can_compile() else "portable"]
    inference = WAYS["inference" if in_compiled_function is not None else "portable"]
    if in_compiled_function is not None:
        inference += f"; LSTMs of up to {KERNEL_VALUES} rows * units: {WAYS['block']}"
    return {
        "training in a graph": compiled,
        "training of an estimator too short to compile": f"{WAYS['block']}, {WAYS['stock']}",
        "inference in a graph, exports": inference,
        "eager calls": WAYS["portable"],
    }


def can_compile() -> bool:
    """Whether this TensorFlow has what the compiled path takes."""
    return buffers.available and bool(tf.test.is_built_with_xla())


def _keeps_gradient() -> bool:
    """Whether a gradient tape is recording, so that what gradients need must be kept."""
    return tape_is_recording is None or bool(tape_is_recording())
