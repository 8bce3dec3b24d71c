"""Functions of models' weights, traced once for all models of a kind in a process."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence

import keras
import tensorflow as tf

from seqkit.layers.engine.dispatch import recurrence_path
from seqkit.training.twins import LARGEST_MODEL

BatchFunction = Callable[[tf.Tensor], tf.Tensor]

KEPT = 16


class SharedFunctions:
    """Functions by kind; of more than `kept` those go that were asked for the longest ago.

    Example:
        >>> models = [keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)]) for _ in "ab"]
        >>> x = tf.ones((3, 2))
        >>> shared = SharedFunctions()
        >>> for model in models:
        ...     of_model = shared.of("kind", model, model)
        ...     outputs = of_model.concrete(tf.TensorSpec((None, 2)))(x)
        ...     assert bool(tf.reduce_all(outputs == model(x)))
        >>> len(shared)
        1
    """

    def __init__(self, kept: int = KEPT) -> None:
        self._kept = kept
        self._by_kind: OrderedDict[Hashable, _Traced] = OrderedDict()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._by_kind)

    def of(self, kind: Hashable, function: BatchFunction, model: keras.Model) -> OfWeights | None:
        """The function of this kind, for this model's weights.

        Args:
            kind: the same for functions that compute the same but for the weights; None for one
                that is not shared.
            function: from a batch to outputs, by the model.
            model: small enough to be kept, or nothing is shared.
        """
        if kind is None or model.count_params() > LARGEST_MODEL:
            return None
        kind = kind, tuple((tuple(v.shape), v.dtype) for v in model.weights)
        with self._lock:
            traced = self._by_kind.pop(kind, None) or _Traced(function, model.weights)
            self._by_kind[kind] = traced
            while len(self._by_kind) > self._kept:
                self._by_kind.popitem(last=False)
        return OfWeights(traced, model.weights)

    def clear(self) -> None:
        """Lets all functions go."""
        with self._lock:
            self._by_kind.clear()


class OfWeights:
    """A traced function, called with the weights that a model has then."""

    def __init__(self, traced: _Traced, variables: Sequence[keras.Variable]) -> None:
        self._traced, self._variables = traced, list(variables)

    def concrete(self, spec: tf.TensorSpec) -> BatchFunction:
        """The function of batches like this."""
        run = self._traced.concrete(spec)
        return lambda batch: run(batch, [variable.value for variable in self._variables])


class _Traced:
    def __init__(self, function: BatchFunction, variables: Sequence[keras.Variable]) -> None:
        variables = list(variables)

        def run(batch: tf.Tensor, values: list[tf.Tensor]) -> tf.Tensor:
            weights = list(zip(variables, values, strict=True))
            with keras.StatelessScope(state_mapping=weights), recurrence_path("stock"):
                return function(batch)

        self._function = tf.function(run, autograph=False)
        self._values = [tf.TensorSpec(v.shape, v.dtype) for v in variables]
        self._concrete: dict[tf.TensorSpec, Callable[..., tf.Tensor]] = {}

    def concrete(self, spec: tf.TensorSpec) -> Callable[..., tf.Tensor]:
        if spec not in self._concrete:
            self._concrete[spec] = self._function.get_concrete_function(spec, self._values)
        return self._concrete[spec]


SHARED = SharedFunctions()
