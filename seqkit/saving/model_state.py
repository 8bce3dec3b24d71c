"""The state of a compiled Keras model as arrays: weights, optimiser, and seeds of dropout."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from typing import TypedDict

import keras
import numpy as np

from seqkit.keras_internals import layers_within


class ModelState(TypedDict):
    """All that the next training step of a model depends on.

    Arrays may be any that have a shape, and that `np.asarray` reads, as those in an open file.
    """

    weights: list[np.ndarray]
    optimizer: list[np.ndarray]
    seeds: list[np.ndarray]


def state_of(model: keras.Model) -> ModelState:
    """Copies of a compiled model's arrays."""
    return {
        "weights": [np.array(w) for w in model.get_weights()],
        # `np.array` would ask Keras's variables for a copy, which they do not know of.
        "optimizer": [np.asarray(v).copy() for v in model.optimizer.variables],
        "seeds": [np.asarray(v).copy() for v in seeds_of(model)],
    }


def check_fits(model: keras.Model, state: ModelState) -> None:
    """Refuses the state of another architecture.

    An optimiser may be another one than that of the state: parameters are set after a fit.

    Raises:
        ValueError: where arrays are missing, too many, or of another shape.
    """
    pairs = {
        "weights": (state["weights"], model.weights),
        "seeds": (state["seeds"], seeds_of(model)),
    }
    for name, (values, variables) in pairs.items():
        stored, shapes = _shapes(values), _shapes(variables)
        if stored != shapes:
            raise ValueError(
                f"the {name} stored do not fit the model: shapes {stored}, and the model has "
                f"{shapes}"
            )


def optimizer_goes_on(model: keras.Model, state: ModelState) -> bool:
    """Whether a state's optimiser is that of the model, so that `restore` takes it."""
    return _shapes(state["optimizer"]) == _shapes(model.optimizer.variables)


def restore(model: keras.Model, state: ModelState) -> None:
    """Gives a model of the same architecture the state of another."""
    _assign(model.weights, state["weights"])
    _assign(model.optimizer.variables, state["optimizer"])
    _assign(seeds_of(model), state["seeds"])


@contextlib.contextmanager
def all_or_nothing(owner: object) -> Iterator[None]:
    """Puts an object back as it was, with the state of its `model_`, where what is within fails."""
    attributes = dict(vars(owner))
    model = attributes.get("model_")
    state = None if model is None else state_of(model)
    optimizer = None if model is None else model.optimizer
    try:
        yield
    except BaseException:
        vars(owner).clear()
        vars(owner).update(attributes)
        if model is not None and state is not None:
            if model.optimizer is not optimizer:
                model.optimizer, model.train_function = optimizer, None
            restore(model, state)
        raise


def seeds_of(model: keras.Model) -> list[keras.Variable]:
    """The variables from which a model's dropouts draw, in the order of its layers."""
    return [
        value.state
        for layer in layers_within(model)
        for value in vars(layer).values()
        if isinstance(value, keras.random.SeedGenerator)
    ]


def _shapes(values: Sequence[np.ndarray] | Sequence[keras.Variable]) -> list[tuple[int, ...]]:
    return [tuple(v.shape) for v in values]


def _assign(variables: list[keras.Variable], values: list[np.ndarray]) -> None:
    """Gives variables their values, one after the other, where these are of the same model."""
    if _shapes(variables) == _shapes(values):
        for variable, value in zip(variables, values, strict=True):
            variable.assign(np.asarray(value))
