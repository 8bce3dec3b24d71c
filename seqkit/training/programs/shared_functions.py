"""Functions of models' weights, traced once for all models of a kind in a process."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import Any

import keras
import tensorflow as tf

from seqkit.layers.engine.dispatch import recurrence_path
from seqkit.training.programs.recently_used import RecentlyUsed
from seqkit.training.programs.twins import LARGEST_MODEL
from seqkit.types import Tensor

BatchFunction = Callable[[Tensor], Tensor]
GraphFunction = Callable[..., Any]

KEPT = 16


class SharedFunctions:
    """Functions by kind; of more than `kept` those go that were asked for the longest ago.

    Example:
        >>> models = [keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)]) for _ in "ab"]
        >>> x = tf.ones((3, 2))
        >>> shared = SharedFunctions()
        >>> for model in models:
        ...     of_model = shared.of("kind", model, model)
        ...     outputs = of_model.concrete(tf.TensorSpec((None, 2)))(x)  # of a first model's trace
        ...     assert bool(tf.reduce_all(outputs == model(x)))
        >>> len(shared)
        1
    """

    def __init__(self, kept: int = KEPT) -> None:
        self._by_kind: RecentlyUsed[_Traced] = RecentlyUsed(kept)

    def __len__(self) -> int:
        return len(self._by_kind)

    def of(self, kind: Hashable, function: GraphFunction, model: keras.Model) -> OfWeights | None:
        """The function of this kind, for this model's weights.

        Args:
            kind: the same for functions that compute the same but for the weights; None for one
                that is not shared.
            function: from tensors to outputs, by the model.
            model: small enough to be kept, or nothing is shared.
        """
        if kind is None or model.count_params() > LARGEST_MODEL:
            return None
        kind = kind, tuple((tuple(v.shape), v.dtype) for v in model.weights)
        traced = self._by_kind.take(kind) or _Traced(function, model.weights)
        self._by_kind.put(kind, traced)
        return OfWeights(traced, model.weights)

    def clear(self) -> None:
        """Lets all functions go."""
        self._by_kind.clear()


class OfWeights:
    """A traced function, called with the weights that a model has then."""

    def __init__(self, traced: _Traced, variables: Sequence[keras.Variable]) -> None:
        self._traced, self._variables = traced, list(variables)

    def concrete(self, *specs: Any) -> GraphFunction:
        """The function of tensors, or structures of them, like these."""
        run = self._traced.concrete(specs)
        return lambda *tensors: run([variable.value for variable in self._variables], *tensors)


class _Traced:
    def __init__(self, function: GraphFunction, variables: Sequence[keras.Variable]) -> None:
        variables = list(variables)

        def run(values: list[Tensor], *tensors: Any) -> Any:
            weights = list(zip(variables, values, strict=True))
            with keras.StatelessScope(state_mapping=weights), recurrence_path("stock"):
                return function(*tensors)

        self._function = tf.function(run, autograph=False)
        self._values = [tf.TensorSpec(v.shape, v.dtype) for v in variables]
        self._concrete: dict[Hashable, GraphFunction] = {}

    def concrete(self, specs: tuple[Any, ...]) -> GraphFunction:
        key = tuple(tf.nest.flatten(specs, expand_composites=True)), str(specs)
        if key not in self._concrete:
            traced = self._function.get_concrete_function(self._values, *specs)
            # A variable that is no weight of the model would be the first model's for all.
            captured = [variable.name for variable in traced.graph.variables]
            assert not captured, f"{captured} must be weights of the model"
            self._concrete[key] = traced
        return self._concrete[key]


SHARED = SharedFunctions()
