"""The Keras model and the batch that an inspection looks at."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any, NamedTuple

import keras
import numpy as np

from seqkit.keras_internals import layers_within
from seqkit.types import Tensor


class Batch(NamedTuple):
    """A batch as the model's `fit` takes it; targets and weights may be None."""

    inputs: Any
    targets: Any = None
    weights: Any = None


def model_and_batch(model: Any, X: Any, y: Any = None) -> tuple[keras.Model, Batch]:
    """The Keras model of an estimator and what it makes of X and y; or those given.

    Raises:
        ValueError: for an estimator that is not fitted, X without rows or steps, or X of another
            width than the model reads.
    """
    if hasattr(model, "training_batch"):
        batch = Batch(*model.training_batch(X, y))
        return model.model_, batch
    if isinstance(model, keras.Model):
        _check_inputs(model, X)
    return model, Batch(X, y)


def _check_inputs(model: keras.Model, X: Any) -> None:
    try:
        expected = keras.tree.flatten(model.inputs)
    except (AttributeError, ValueError):  # a subclassed model says nothing of its inputs
        return
    given = [np.shape(x) for x in keras.tree.flatten(X)] if not hasattr(X, "shape") else [X.shape]
    if len(given) != len(expected):
        return  # nested lists of numbers, which Keras reads as it will
    for tensor, shape in zip(expected, given, strict=True):
        fits = len(shape) == len(tensor.shape) and all(
            wanted in (None, got) for wanted, got in zip(tensor.shape, shape, strict=True)
        )
        if not fits:
            raise ValueError(
                f"X must have the shape that model {model.name!r} reads, "
                f"{tuple(tensor.shape)}, got {tuple(shape)}."
            )
        if 0 in shape:
            raise ValueError(f"X must have rows and steps, got the shape {tuple(shape)}.")


@contextlib.contextmanager
def kept(model: keras.Model) -> Iterator[None]:
    """Gives back what a call of the model, or of its loss, changes: statistics, metrics, states."""
    before = [(variable, variable.numpy()) for variable in _variables(model)]
    try:
        yield
    finally:
        for variable, value in before:
            if not np.array_equal(variable.numpy(), value, equal_nan=value.dtype.kind == "f"):
                variable.assign(value)


def _variables(model: keras.Model) -> list[Any]:
    """All variables that are no weights: weights are not assigned to by a call."""
    metrics = [v for metric in getattr(model, "metrics", []) for v in metric.variables]
    states = [  # which Keras does not count among the model's variables
        state
        for layer in layers_within(model)
        if isinstance(layer, keras.layers.RNN) and layer.stateful
        for state in keras.tree.flatten(layer.states or [])
    ]
    weights = {id(v) for v in model.trainable_variables}
    return [v for v in [*model.variables, *metrics, *states] if id(v) not in weights]


def loss_of(model: keras.Model, batch: Batch, outputs: Tensor, loss: Any) -> Tensor:
    """The loss of outputs: that which the model is compiled with, or the one given.

    Raises:
        ValueError: where there is none, or it needs targets that are not there.
    """
    if loss is None:
        if not getattr(model, "compiled", False):
            raise ValueError(
                f"loss must be given, a function of (y, outputs), where the model is not compiled: "
                f"{model.name!r} is not."
            )
        if batch.targets is None:
            raise ValueError("y must be given: the loss that the model is compiled with reads it.")
        return model.compute_loss(
            x=batch.inputs, y=batch.targets, y_pred=outputs, sample_weight=batch.weights
        )
    return keras.ops.mean(keras.losses.get(loss)(batch.targets, outputs))
