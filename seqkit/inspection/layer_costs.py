"""The costs of each layer of a model: parameters, multiply-adds, milliseconds."""

from __future__ import annotations

import contextlib
import math
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import keras
import numpy as np
import tensorflow as tf

from seqkit import checks
from seqkit.inspection.model_batches import kept, model_and_batch
from seqkit.keras_internals import layers_within

if TYPE_CHECKING:
    import pandas as pd


@dataclass
class _Call:
    """A call of a layer: what it was given and what it answered."""

    arguments: tuple[Any, ...]
    options: dict[str, Any]
    outputs: Any


def summary_table(model: Any, X: Any, *, repeats: int = 20) -> pd.DataFrame:
    """Parameters, multiply-adds and time of every layer, for these sequences.

    Args:
        model: a fitted estimator of seqkit, or any `keras.Model`.
        X: a batch of sequences, as the estimator or the model takes them. The time depends on its
            size and lengths, and on what else the machine does.
        repeats: how often a layer is run; the shortest time counts. Default 20.

    Returns:
        A row a layer, indexed by its name, in the order in which layers are run: `kind`, its class;
        `parameters`; `multiply_adds`, those of a sequence's products with weights, at all its
        steps; `milliseconds` of one run for the batch at inference. The last row is the sum.

    Raises:
        ValueError: for X that the model does not read, or repeats below 1.

    Example:
        >>> import keras, numpy as np, seqkit
        >>> model = keras.Sequential(
        ...     [keras.Input((None, 3)), seqkit.layers.LSTM(4, name="lstm"), keras.layers.Dense(2)])
        >>> table = seqkit.inspection.summary_table(model, np.zeros((1, 5, 3), "float32"))
        >>> print(*table.loc["lstm", ["kind", "parameters", "multiply_adds"]])
        LSTM 128 560
    """
    import pandas as pd

    checks.count("repeats", repeats)
    keras_model, batch = model_and_batch(model, X)
    rows = {}
    with kept(keras_model):  # the runs that are timed too: they move the states of stateful layers
        with _listened(keras_model) as calls:
            keras_model(batch.inputs, training=False)
        for layer, call in calls:
            rows[layer.name] = {
                "kind": type(layer).__name__,
                "parameters": layer.count_params(),
                "multiply_adds": _multiply_adds(layer, call),
                "milliseconds": 1e3 * _seconds(layer, call, repeats),
            }
    table = pd.DataFrame.from_dict(rows, orient="index")
    table.loc["total"] = ["", *table.drop(columns="kind").sum()]
    return table.astype({"parameters": int, "multiply_adds": int})


@contextlib.contextmanager
def _listened(model: keras.Model) -> Iterator[list[tuple[keras.layers.Layer, _Call]]]:
    """Writes down the first call of each layer that is no mere box of others."""
    calls: list[tuple[keras.layers.Layer, _Call]] = []
    layers = _innermost(model)

    def listen(layer: keras.layers.Layer) -> Any:
        original = layer.call

        def call(*arguments: Any, **options: Any) -> Any:
            outputs = original(*arguments, **options)
            if all(known is not layer for known, _ in calls):
                calls.append((layer, _Call(arguments, options, outputs)))
            return outputs

        return call

    for layer in layers:
        layer.__dict__["call"] = listen(layer)
    try:
        yield calls
    finally:
        for layer in layers:
            del layer.__dict__["call"]


def _innermost(model: keras.Model) -> list[keras.layers.Layer]:
    """Recurrent layers, whose cell is a part of them, and layers without layers in them."""
    innermost: list[keras.layers.Layer] = []
    within_a_recurrence: set[int] = set()
    for layer in layers_within(model):
        if isinstance(layer, keras.layers.InputLayer) or id(layer) in within_a_recurrence:
            continue
        parts = [part for part in layers_within(layer) if part is not layer]
        if isinstance(layer, keras.layers.RNN):
            within_a_recurrence |= {id(part) for part in parts}
        elif parts:
            continue
        innermost.append(layer)
    return innermost


def _multiply_adds(layer: keras.layers.Layer, call: _Call) -> int:
    """Those of a sequence: each matrix of weights once at every step that it is applied to."""
    if isinstance(layer, keras.layers.Embedding):
        return 0  # rows are looked up
    given = keras.tree.flatten(call.arguments) if isinstance(layer, keras.layers.RNN) else []
    tensor = (given or keras.tree.flatten(call.outputs))[0]
    steps = math.prod(tensor.shape[1:-1])
    # A bias may have two rows, one a product.
    matrices = [w for w in layer.weights if len(w.shape) > 1 and w.name != "bias"]
    return steps * sum(math.prod(w.shape) for w in matrices)


def _seconds(layer: keras.layers.Layer, call: _Call, repeats: int) -> float:
    """The shortest of some runs of a layer, traced once."""

    @tf.function(autograph=False)
    def run() -> Any:
        return layer.call(*call.arguments, **call.options)

    run()
    times = []
    for _ in range(repeats):
        started = time.perf_counter()
        run()
        times.append(time.perf_counter() - started)
    return float(np.min(times))
