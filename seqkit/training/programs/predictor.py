"""Prediction with a fitted model: a compiled function over batches of like length."""

from __future__ import annotations

import functools
from collections.abc import Callable, Hashable, Iterator, Mapping

import keras
import numpy as np
import tensorflow as tf

from seqkit.layers.engine.dispatch import InferencePath, PathOfInference, recurrence_path
from seqkit.training.bucketing import pad, rounded_length
from seqkit.training.programs.shared_functions import SHARED, BatchFunction, OfWeights
from seqkit.types import Tensor

LARGEST_BATCH = 256


class Predictors:
    """Functions of a model by name, compiled when they are first used.

    Args:
        functions: by name, from a batch (B, T, ...) to outputs (B, ...).
        model: the model, of one input.
        stepwise: whether the outputs are (B, T, ...), one for each step.
        kind: gives, for a function, the same for all functions of models that compute the same of
            their weights; None where that is not known.
    """

    def __init__(
        self,
        functions: Mapping[str, BatchFunction],
        model: keras.Model,
        *,
        stepwise: bool,
        kind: Callable[[BatchFunction], Hashable] = lambda function: None,
    ) -> None:
        self._functions, self._model, self._kind = functions, model, kind
        inputs = model.inputs[0]
        self._options = tuple(inputs.shape[2:]), inputs.dtype, stepwise
        self._compiled: dict[str, Predictor] = {}

    def __call__(self, name: str, sequences: list[np.ndarray]) -> np.ndarray | list[np.ndarray]:
        """The outputs of the function of this name, in the order of the sequences."""
        if name not in self._compiled:
            function = self._functions[name]
            shared = SHARED.of(self._kind(function), function, self._model)
            self._compiled[name] = Predictor(function, *self._options, shared)
        return self._compiled[name](sequences)


class Predictor:
    """Runs a function of batches on sequences of any length.

    Sequences are sorted by length and padded to one of a few lengths, batches to a power of two, so
    that few shapes are compiled: those that come up often. One row alone has a function of its own.

    Args:
        function: from a batch (B, T, ...) to outputs (B, ...).
        shape: of one step: (d,) for numbers, () for ids.
        dtype: of the batch.
        stepwise: whether the outputs are (B, T, ...), one for each step.
        shared: the same function, as it was traced for another model, for first calls.
    """

    def __init__(
        self,
        function: BatchFunction,
        shape: tuple[int, ...],
        dtype: tf.DType | str,
        stepwise: bool = False,
        shared: OfWeights | None = None,
    ) -> None:
        self._function = function
        self._path = InferencePath()
        self._spec = functools.partial(tf.TensorSpec, dtype=dtype)
        self._shape = shape
        self._traced: dict[tuple[int | None, str], BatchFunction] = {}
        self._stepwise, self._shared = stepwise, shared

    def __call__(self, sequences: list[np.ndarray]) -> np.ndarray | list[np.ndarray]:
        """The outputs in the order of the sequences: (n, ...), or a list of (T_i, ...)."""
        if self._stepwise:
            steps: list[np.ndarray] = [np.empty(0)] * len(sequences)
            for rows, outputs in self._batches(sequences):
                for i, output in zip(rows, outputs, strict=True):
                    # A copy: a view would keep the padded batch alive.
                    steps[i] = output[: len(sequences[i])].copy()
            return steps
        result = None
        for rows, outputs in self._batches(sequences):
            if result is None:
                result = np.empty((len(sequences), *outputs.shape[1:]), outputs.dtype)
            result[rows] = outputs
        assert result is not None
        return result

    def _batches(self, sequences: list[np.ndarray]) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """Rows, and their outputs."""
        order = np.argsort([len(s) for s in sequences], kind="stable")
        for start in range(0, len(order), LARGEST_BATCH):
            rows = order[start : start + LARGEST_BATCH]
            length = rounded_length(len(sequences[rows[-1]]))
            size = 1 << (len(rows) - 1).bit_length()
            batch = pad([sequences[i] for i in rows], length, size)
            path = self._path.next((size, length), length)
            run = self._concrete(1 if size == 1 else None, path)
            yield rows, run(tf.constant(batch)).numpy()[: len(rows)]

    def _concrete(self, rows: int | None, path: PathOfInference) -> BatchFunction:
        """The function for so many rows. Called as it is, it is faster than by its arguments."""
        if (rows, path) not in self._traced:
            spec = self._spec((rows, None, *self._shape))
            if path == "stock" and self._shared is not None:
                self._traced[rows, path] = self._shared.concrete(spec)
            else:
                self._traced[rows, path] = self._trace(spec, path)
        return self._traced[rows, path]

    def _trace(self, spec: tf.TensorSpec, path: PathOfInference) -> BatchFunction:
        # Of the batch alone: with a second argument, even one that is bound, TensorFlow would put
        # every batch into words for an error of its own before it calls the function.
        def run(batch: Tensor) -> Tensor:
            with recurrence_path(path):
                return self._function(batch)

        return tf.function(run, autograph=False).get_concrete_function(spec)
