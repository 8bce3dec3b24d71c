"""The weights of series, or of their steps, in the loss."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from seqkit.timeseries.covariates import Covariates
from seqkit.timeseries.messages import listed, series_listed, series_named
from seqkit.timeseries.panel import Panel
from seqkit.timeseries.series_forms import numbers


def series_weights(given: Any, names: Sequence[Hashable]) -> np.ndarray | None:
    """The weight of each series, (n,); None where none is given.

    Args:
        given: a dict or a Series, by the names of the series; further names are ignored.
        names: of the series.

    Raises:
        TypeError: for anything else.
        ValueError: for a series without a weight or with two, weights that are not finite numbers
            of at least 0, or all 0.

    Example:
        >>> series_weights({"a": 1, "b": 3}, ["b", "a"])
        array([3., 1.])
    """
    if given is None:
        return None
    if not isinstance(given, Mapping | pd.Series):
        raise TypeError(
            "sample_weight must be a dict or a Series of weights by the names of the series; or of "
            "their steps a frame, or the name of a column of y; got "
            f"{type(given).__name__}."
        )
    weights = given if isinstance(given, pd.Series) else pd.Series(dict(given))
    if not weights.index.is_unique:
        twice = weights.index[weights.index.duplicated()].unique().tolist()
        raise ValueError(
            f"sample_weight must have one weight for each series, got more for {twice[:5]}."
        )
    rows = weights.index.get_indexer(pd.Index(names))
    absent = [name for name, row in zip(names, rows, strict=True) if row < 0]
    if absent:
        raise ValueError(
            "sample_weight must have a weight for each series, got none for "
            f"{series_listed(absent)}."
        )
    in_order = numbers(weights, "sample_weight")[rows]
    wrong = ~(np.isfinite(in_order) & (in_order >= 0))
    if wrong.any():
        k = int(wrong.argmax())
        raise ValueError(
            "sample_weight must hold finite numbers of at least 0, got "
            f"{in_order[k]} for {series_named(names[k])}."
        )
    if not in_order.any():
        raise ValueError("sample_weight must be above 0 for at least one series, got 0 for all.")
    return in_order


def are_of_steps(given: Any, panel: Panel) -> bool:
    """Whether weights are of the steps of series: a frame, or a Series indexed by time.

    A Series whose index has the names of all series is of these.

    Args:
        given: what `fit` was given.
        panel: the series.
    """
    if not isinstance(given, pd.Series):
        return isinstance(given, pd.DataFrame)
    if given.index.nlevels != panel.form.ids.nlevels:
        return given.index.nlevels == panel.form.ids.nlevels + 1
    of_time = isinstance(given.index, pd.DatetimeIndex | pd.PeriodIndex)
    numbered = pd.api.types.is_integer_dtype(given.index) and isinstance(panel.freq, int)
    return of_time or (numbered and not {*panel.names} <= {*given.index})


def weights_of_steps(
    given: pd.Series | pd.DataFrame, panel: Panel, align: Callable[..., Covariates]
) -> list[np.ndarray]:
    """The weight of each step of each series, n arrays (T_i,).

    Args:
        given: one column of weights, in a form as covariates have; or of a wide y a frame with a
            column a series.
        panel: the series.
        align: brings columns of a table to the steps of the series, given the panel, the table and
            the columns, None for all.

    Raises:
        ValueError: for several columns, steps without a weight, weights that are not finite numbers
            of at least 0, or all 0.
    """
    names = None
    if panel.form.kind == "wide" and {*panel.names} <= {*getattr(given, "columns", ())}:
        names = panel.names
    try:
        tables, columns = align(panel, given, names)
    except (TypeError, ValueError) as error:
        raise type(error)(
            f"sample_weight must have steps as X would, as covariates of y. {error}"
        ) from error
    if names is None and len(columns) > 1:
        raise ValueError(f"sample_weight must be one column of weights, got {columns[:10]}.")
    weights = []
    for i, (table, values) in enumerate(zip(tables, panel.values, strict=True)):
        of_series = np.where(np.isnan(values), 0.0, table[:, i if names is not None else 0])
        wrong = ~(of_series >= 0)
        if wrong.any():
            counts = np.zeros(len(tables), int)
            counts[i] = len(of_series)
            when = panel.timestamps(0, counts)[wrong]
            raise ValueError(
                "sample_weight must have a number of at least 0 for each step of y, got "
                f"{of_series[wrong][0]} in {series_named(panel.names[i])} at {listed(when)}."
            )
        weights.append(of_series)
    if not any(of_series.any() for of_series in weights):
        raise ValueError("sample_weight must be above 0 for at least one step, got 0 for all.")
    return weights
