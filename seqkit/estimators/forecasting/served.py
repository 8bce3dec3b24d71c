"""The signature of an exported forecaster: raw histories, timestamps and categories in."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import tensorflow as tf

from seqkit.estimators.forecasting.covariate_reader import CovariateReader
from seqkit.estimators.forecasting.future_steps import FutureSteps
from seqkit.estimators.forecasting.series_input import LARGEST, SeriesInput
from seqkit.models.forecasting.answers import MEDIAN, with_median
from seqkit.models.forecasting.forecaster import Forecaster
from seqkit.serving.exporting import Signature
from seqkit.serving.requests import infinite, without_faults
from seqkit.timeseries.calendar_features import calendar_in_graph
from seqkit.types import Tensor


def served_forecaster(
    model: Forecaster,
    series: SeriesInput,
    target: FutureSteps,
    shifts: np.ndarray | None,
) -> tuple[dict[str, Signature], Sequence[Any]]:
    """The signature `serving_default`, and its assets.

    Args:
        model: the fitted model.
        series: what it reads.
        target: what it forecasts.
        shifts: what calibration adds to the quantiles of the target's levels and of the median,
            which then is the forecast, (H, n); or None.
    """
    covariates = series.covariates
    calendar, horizon = covariates.calendar, target.horizon
    given = model.known - 2 * len(calendar)
    named = [c for c in covariates.columns_in_order if c in covariates.levels]
    named_later = [c for c in covariates.known if c in covariates.levels]
    channels = 1 + model.past + given - len(named)
    specs = [tf.TensorSpec((None, None, channels), tf.float32, "history")]
    if given > len(named_later):
        later = (None, horizon, given - len(named_later))
        specs.append(tf.TensorSpec(later, tf.float32, "future"))
    if named:
        specs.append(tf.TensorSpec((None, None, len(named)), tf.string, "history_categories"))
    if named_later:
        later = (None, horizon, len(named_later))
        specs.append(tf.TensorSpec(later, tf.string, "future_categories"))
    if calendar:
        specs.append(tf.TensorSpec((None, None), tf.string, "timestamps"))
    if model.static:
        specs.append(tf.TensorSpec((None, model.static), tf.float32, "static"))
    if model.embeddings:
        specs.append(tf.TensorSpec((None, len(model.embeddings)), tf.string, "categories"))
    names = [spec.name for spec in specs]
    tables = [_numbers_of(values) for values in covariates.categories.values()]
    of_levels = {column: _numbers_of(values) for column, values in covariates.levels.items()}

    def serve(*tensors: Tensor) -> dict[str, Tensor]:
        inputs = dict(zip(names, tensors, strict=True))
        for name, faults in _faults(inputs, series).items():
            inputs[name] = without_faults(name, inputs[name], faults)
        if of_levels:
            inputs = _with_levels(inputs, covariates, of_levels)
        if calendar:
            inputs = _with_calendar(inputs, calendar, horizon)
        history = inputs["history"]
        missing = tf.fill([tf.shape(history)[0], target.lookback, history.shape[-1]], math.nan)
        inputs["history"] = tf.concat([missing, history], 1)[:, -target.lookback :]
        if tables:
            texts = tf.unstack(inputs["categories"], axis=1)
            numbers = [table.lookup(text) for table, text in zip(tables, texts, strict=True)]
            inputs["categories"] = tf.stack(numbers, 1)
        if not target.has_quantiles:
            return {"forecast": model.forecast(inputs)}
        levels = with_median(target.levels)
        quantiles = model.quantiles(inputs, levels, shifts)
        median = quantiles[..., levels.index(MEDIAN)]
        columns = [levels.index(level) for level in target.levels]
        return {
            "forecast": model.forecast(inputs) if shifts is None else median,
            "quantiles": tf.gather(quantiles, columns, axis=-1),
        }

    return {"serving_default": (serve, specs)}, [*tables, *of_levels.values()]


def _faults(inputs: dict[str, Tensor], series: SeriesInput) -> dict[str, dict[str, Tensor]]:
    """The rows that `series` refuses to read, by the name of the input; for `without_faults`."""
    history = inputs["history"]
    values = history[..., 0]  # (B, T)
    observed = ~tf.math.is_nan(values)
    lowest = [0.0] if series.transform == "log" else []
    lowest += [] if series.minimum is None else [series.minimum]
    faults = {
        "history": {
            "hold infinity. Give finite numbers, or NaN where one is missing.": tf.reduce_any(
                infinite(history), [1, 2]
            ),
            f"hold a value beyond {LARGEST:g} in size. Use another unit.": tf.reduce_any(
                tf.abs(values) > LARGEST, 1
            ),
            "hold no value. Leave them out.": ~tf.reduce_any(observed, 1),
        }
    }
    for least in lowest:
        below = tf.reduce_any(values < least, 1)
        faults["history"][f"hold a value below {least:g}, the least that there is."] = below
    unknown = "hold NaN or infinity. Give finite numbers."
    for name in {"future", "static"} & inputs.keys():
        axes = list(range(1, inputs[name].shape.rank))
        faults[name] = {unknown: ~tf.reduce_all(tf.math.is_finite(inputs[name]), axes)}
    return faults


def _numbers_of(values: Sequence[Any]) -> tf.lookup.StaticHashTable:
    """From a category, as a string, to its number; 0 for an unknown one."""
    keys, numbers = [str(value) for value in values], list(range(1, len(values) + 1))
    pairs = tf.lookup.KeyValueTensorInitializer(keys, numbers, tf.string, tf.int32)
    return tf.lookup.StaticHashTable(pairs, default_value=0)


def _with_levels(
    inputs: dict[str, Tensor],
    covariates: CovariateReader,
    tables: dict[Any, tf.lookup.StaticHashTable],
) -> dict[str, Tensor]:
    """Inputs whose categories in time have become numbers among the covariates."""
    rest = dict(inputs)
    value = object()  # stands for the first channel, which is no covariate
    for name, columns in (
        ("history", [value, *covariates.columns_in_order]),
        ("future", covariates.known),
    ):
        if f"{name}_categories" not in rest:
            continue
        texts = rest.pop(f"{name}_categories")
        numbers = [c for c in columns if c not in tables]
        named = [c for c in columns if c in tables]
        parts = [tf.cast(tables[c].lookup(texts[..., k]), tf.float32) for k, c in enumerate(named)]
        if numbers:
            as_long = tf.debugging.assert_equal(
                tf.shape(texts)[1],
                tf.shape(rest[name])[1],
                f"{name}_categories must be of the steps of {name}",
            )
            with tf.control_dependencies([as_long]):
                parts = [*tf.unstack(rest[name], axis=-1), *parts]
        given = [*numbers, *named]
        rest[name] = tf.stack([parts[given.index(c)] for c in columns], -1)
    return rest


def _with_calendar(
    inputs: dict[str, Tensor], names: Sequence[str], horizon: int
) -> dict[str, Tensor]:
    """Inputs whose timestamps have become known covariates, the last ones."""
    rest = dict(inputs)
    history, timestamps = rest["history"], rest.pop("timestamps")
    as_long = tf.debugging.assert_equal(
        tf.shape(timestamps)[1],
        tf.shape(history)[1] + horizon,
        "timestamps must be of the steps of the history and of the horizon",
    )
    observed = tf.cast(~tf.math.is_nan(history[..., 0]), tf.int32)
    begun = tf.cumsum(tf.pad(observed, [[0, 0], [0, horizon]], constant_values=1), 1) > 0
    with tf.control_dependencies([as_long]):
        lacking = tf.reduce_any(begun & (timestamps == ""), 1)
    fault = "lack some. Only before the first value of a row a timestamp may be empty."
    timestamps = without_faults("timestamps", timestamps, {fault: lacking})
    features = calendar_in_graph(timestamps, names)  # (B, T + H, 2 names)
    past, future = features[:, :-horizon], features[:, -horizon:]
    future = tf.ensure_shape(future, [None, horizon, future.shape[-1]])
    known = [rest["future"], future] if "future" in rest else [future]
    return rest | {"history": tf.concat([history, past], -1), "future": tf.concat(known, -1)}
