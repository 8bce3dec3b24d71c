"""The recurrence engine: runs any cell's equations over time, with its own gradient.

`recur` joins a forward and a backward program by a custom gradient. Compiled programs split a batch
into two parts that run side by side on two cores, since the compiler keeps one loop on one core.
Their functions are cached by cell, direction and kind of output; weights are arguments, so that all
layers of one kind share them, and the compiler compiles once for each shape.
"""

from __future__ import annotations

import functools
import itertools
from collections.abc import Callable, Sequence
from typing import Any, Literal

import tensorflow as tf

from seqkit.layers.engine import block_lstm, stock
from seqkit.layers.engine.backpropagation import backward
from seqkit.layers.engine.forward import Save, forward
from seqkit.layers.engine.portable import recur_portable
from seqkit.layers.engine.products import Saved, Sequences, Weights
from seqkit.layers.engine.truncation import Programs, truncated
from seqkit.layers.equations import CellEquations
from seqkit.types import Tensor

Engine = Literal["compiled", "stock", "block"]

# What a function with a custom gradient returns: its results, and its gradient.
WithGradient = tuple[list[Tensor], Callable[..., list[Tensor]]]

PARTS = 2
CACHED_FUNCTIONS = 256
# Pre-activations above this size are formed again for the gradient, not saved, at the price of
# one more matrix product; where the number of steps is static.
LARGEST_SAVED_BYTES = 2**27
ASSUMED_BATCH = 32


@tf.autograph.experimental.do_not_convert
def recur(
    equations: CellEquations,
    sequences: Sequences,
    weights: Weights,
    *,
    go_backwards: bool = False,
    return_sequences: bool = True,
    differentiable: bool = True,
    engine: Engine = "compiled",
    tbptt_steps: int | None = None,
) -> tuple[Tensor | None, tuple[Tensor, ...]]:
    """Runs a cell over time with a gradient of its own.

    Args:
        equations: the cell.
        sequences: x (B, T, D), initial state, masks.
        weights: the cell's weights, as tensors.
        go_backwards: whether to start from the last time. Outputs are in the order of the steps.
        return_sequences: whether to return the outputs of all steps.
        differentiable: whether to keep what the gradient needs.
        engine: "compiled"; "stock", loops of stock operations; or "block", TensorFlow's kernels
            of an LSTM, where those fit (`block_lstm.fits`).
        tbptt_steps: how far gradients reach back, in windows (`truncation`); None for all steps.

    Returns:
        Outputs (B, T, H), or None without `return_sequences`, and the final state, each (B, H).
        Masked steps repeat the previous state.
    """
    programs = _programs(engine, equations, go_backwards)
    count = 1 if sequences.x.shape[0] == 1 or engine != "compiled" else PARTS
    if not differentiable:
        results = [
            programs.forward(part, weights, return_sequences, "nothing")
            for part in _split(sequences, count)
        ]
        outputs, state = _join([r[:2] for r in results])
        return outputs if return_sequences else None, state

    if tbptt_steps is not None:
        programs = truncated(programs, tbptt_steps, go_backwards=go_backwards)
    save: Save = "states" if _is_long(sequences, weights) else "all"
    # A dropout mask drawn in the shape of a watched tensor counts as watched.
    masks = tf.nest.map_structure(
        lambda m: None if m is None else tf.stop_gradient(m),
        (sequences.mask, sequences.recurrent_mask),
    )
    structure = (sequences.x, tuple(sequences.initial_state), weights)

    def inputs_of(tensors: Sequence[Tensor]) -> tuple[Sequences, Weights]:
        x, initial_state, packed = tf.nest.pack_sequence_as(structure, padded(structure, tensors))
        return Sequences(x, initial_state, *masks), packed

    @tf.custom_gradient
    def own_gradient(*tensors: Tensor) -> WithGradient:
        # Without the stop the caller's tape would also try to differentiate the compiled function.
        fixed, fixed_weights = inputs_of([tf.stop_gradient(t) for t in tensors])
        parts = _split(fixed, count)
        results = [programs.forward(part, fixed_weights, return_sequences, save) for part in parts]
        saved = [r[2] for r in results]

        def gradient(*upstream: Tensor) -> list[Tensor]:
            return first_gradient(parts, fixed_weights, saved, tensors, upstream)

        outputs = [r[0] if return_sequences else None for r in results]
        state = [r[1] for r in results]
        return present(_join(list(zip(outputs, state, strict=True)))), gradient

    def first_gradient(
        parts: list[Sequences],
        fixed_weights: Weights,
        saved: list[Any],
        tensors: tuple[Tensor, ...],
        upstream: tuple[Tensor, ...],
    ) -> list[Tensor]:
        @tf.custom_gradient
        def back(*tensors_and_upstream: Tensor) -> WithGradient:
            d_results = [tf.stop_gradient(u) for u in tensors_and_upstream[len(tensors) :]]
            d_outputs = d_results.pop(0) if return_sequences else None
            d_parts = _split((d_outputs, tuple(d_results)), count)
            results = [
                programs.backward(part, fixed_weights, kept, *d)
                for part, kept, d in zip(parts, saved, d_parts, strict=True)
            ]
            d_x, d_initial = _join([r[:2] for r in results])
            d_weights = tf.nest.map_structure(
                lambda *d: None if d[0] is None else tf.add_n(d), *[r[2] for r in results]
            )

            def second(*upstream: Tensor) -> list[Tensor]:
                return second_gradient(tensors_and_upstream, upstream)

            return present((d_x, d_initial, d_weights)), second

        return back(*tensors, *upstream)

    def second_gradient(
        tensors_and_upstream: tuple[Tensor, ...], upstream: tuple[Tensor, ...]
    ) -> list[Tensor]:
        """Differentiates the gradient: autodiff, twice, of the plain loop."""
        if tbptt_steps is not None:
            raise NotImplementedError(
                "tbptt_steps must be None where a gradient is differentiated again: a truncated "
                f"gradient is none of a function. Got {tbptt_steps}."
            )
        count = len(tensors_and_upstream) - (return_sequences + len(equations.state))
        with tf.GradientTape() as outer:
            outer.watch(tensors_and_upstream)
            tensors, d_results = tensors_and_upstream[:count], tensors_and_upstream[count:]
            with tf.GradientTape() as inner:
                inner.watch(tensors)
                results = recur_portable(
                    equations,
                    *inputs_of(tensors),
                    go_backwards=go_backwards,
                    return_sequences=return_sequences,
                )
            first = inner.gradient(
                present(results), tensors, d_results, unconnected_gradients="zero"
            )
        return outer.gradient(first, tensors_and_upstream, upstream, unconnected_gradients="zero")

    results = list(own_gradient(*present(structure)))
    outputs = results.pop(0) if return_sequences else None
    return outputs, tuple(results)


def _programs(engine: Engine, equations: CellEquations, go_backwards: bool) -> Programs:
    if engine == "compiled":
        return Programs(
            functools.partial(_compiled_forward, equations, go_backwards),
            functools.partial(_call, _backward_function(equations, go_backwards)),
        )
    if engine == "block":
        run: Any = functools.partial(block_lstm.forward, go_backwards=go_backwards)
        back = functools.partial(block_lstm.backward, go_backwards=go_backwards)
    else:
        of_cell: dict[str, Any] = {"equations": equations, "go_backwards": go_backwards}
        run = functools.partial(stock.forward, **of_cell)
        back = functools.partial(stock.backward, **of_cell)
    return Programs(lambda sequences, weights, *_: run(sequences, weights), back)


def _compiled_forward(
    equations: CellEquations,
    go_backwards: bool,
    sequences: Sequences,
    weights: Weights,
    return_sequences: bool,
    save: Save,
) -> tuple[Tensor | None, tuple[Tensor, ...], Saved | None]:
    # The outputs are the first saved state; returned twice they would be in memory twice.
    returned = return_sequences and save == "nothing"
    run = _forward_function(equations, go_backwards, returned, save)
    outputs, state, saved = _call(run, sequences, weights)
    return (outputs if saved is None else saved.states[0]), state, saved


@functools.lru_cache(maxsize=CACHED_FUNCTIONS)
def _forward_function(
    equations: CellEquations, go_backwards: bool, return_sequences: bool, save: Save
) -> tf.types.experimental.PolymorphicFunction:
    @tf.function(jit_compile=True, autograph=False)
    def run_forward(
        sequences: Sequences, weights: Weights
    ) -> tuple[Tensor | None, tuple[Tensor, ...], Saved | None]:
        return forward(
            sequences,
            weights,
            equations=equations,
            go_backwards=go_backwards,
            return_sequences=return_sequences,
            save=save,
        )

    return run_forward


@functools.lru_cache(maxsize=CACHED_FUNCTIONS)
def _backward_function(
    equations: CellEquations, go_backwards: bool
) -> tf.types.experimental.PolymorphicFunction:
    @tf.function(jit_compile=True, autograph=False)
    def run_backward(
        sequences: Sequences,
        weights: Weights,
        saved: Saved,
        d_outputs: Tensor | None,
        d_state: tuple[Tensor, ...],
    ) -> tuple[Tensor, tuple[Tensor, ...], Weights]:
        return backward(
            sequences,
            weights,
            saved,
            d_outputs,
            d_state,
            equations=equations,
            go_backwards=go_backwards,
        )

    return run_backward


def _call(function: tf.types.experimental.PolymorphicFunction, *structures: Any) -> Any:
    """Calls a compiled function, traced once for any batch and any number of steps: only the
    compiler needs to see each of those sizes.
    """
    specs = [
        tf.nest.map_structure(_fixed_spec if isinstance(s, Weights) else _relaxed_spec, s)
        for s in structures
    ]
    return function.get_concrete_function(*specs)(*structures)


def _fixed_spec(tensor: Tensor | None) -> tf.TensorSpec | None:
    return None if tensor is None else tf.TensorSpec(tensor.shape, tensor.dtype)


def _relaxed_spec(tensor: Tensor | None) -> tf.TensorSpec | None:
    if tensor is None:
        return None
    last = None if tensor.dtype == tf.bool else tensor.shape[-1]  # a mask is (B, T)
    return tf.TensorSpec([None] * (tensor.shape.rank - 1) + [last], tensor.dtype)


def _is_long(sequences: Sequences, weights: Weights) -> bool:
    """Whether the pre-activations of all steps are too large to be saved."""
    batch, steps, _ = sequences.x.shape
    if steps is None:
        return False
    values = (batch or ASSUMED_BATCH) * steps * weights.kernel.shape[1]
    return values * sequences.x.dtype.size > LARGEST_SAVED_BYTES


def present(structure: Any) -> list[Tensor]:
    """The tensors of a structure, without its Nones."""
    return [t for t in tf.nest.flatten(structure) if t is not None]


def padded(structure: Any, tensors: Sequence[Tensor]) -> list[Tensor | None]:
    """tensors, with None where the structure has None; the opposite of `present`."""
    rest = iter(tensors)
    return [None if t is None else next(rest) for t in tf.nest.flatten(structure)]


def _split(structure: Any, count: int) -> list[Any]:
    """The structure in `count` parts along the batch."""
    if count == 1:
        return [structure]
    flat = tf.nest.flatten(structure)
    first = next(t for t in flat if t is not None)
    size = tf.shape(first)[0] if first.shape[0] is None else first.shape[0]
    bounds = [size * k // count for k in range(count + 1)]
    return [
        tf.nest.pack_sequence_as(structure, [None if t is None else t[low:high] for t in flat])
        for low, high in itertools.pairwise(bounds)
    ]


def _join(structures: list[Any]) -> Any:
    """The opposite of `_split`."""
    if len(structures) == 1:
        return structures[0]
    return tf.nest.map_structure(
        lambda *parts: None if parts[0] is None else tf.concat(parts, 0), *structures
    )
