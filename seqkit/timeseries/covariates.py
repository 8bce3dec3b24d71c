"""Covariates on the grid of the series that they belong to."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import TYPE_CHECKING, NamedTuple, NoReturn

import numpy as np

from seqkit.checks import count
from seqkit.frames import as_pandas
from seqkit.timeseries.messages import listed, series_listed, series_named
from seqkit.timeseries.panel import Panel
from seqkit.timeseries.series_forms import (
    check_long_column,
    id_columns,
    ids_of,
    numbers,
    series_and_time,
)
from seqkit.timeseries.time_index import check_ascending, rows_at, same_kind, time_index

if TYPE_CHECKING:
    import pandas as pd


class Covariates(NamedTuple):
    """n arrays (T_i + horizon, d) float64, NaN where a past value is missing; names of features."""

    values: list[np.ndarray]
    features: list[Hashable]


def align_covariates(
    panel: Panel,
    X: pd.DataFrame | pd.Series,
    horizon: int | None = None,
    features: Sequence[Hashable] | None = None,
    id: Hashable = "unique_id",
    time: Hashable = "ds",
) -> Covariates:
    """Brings covariates to the steps of the series, and to `horizon` steps after their ends.

    X is indexed by time, or has a column of times and none of series, with the same values for all
    series; or it is long: it has columns, or index levels, that name series and time. Further rows
    and series are ignored. In the past a row may be missing, in the future none.

    Args:
        panel: the series.
        X: the covariates, numbers.
        horizon: steps after the end of each series that X must know. Default None: none, for
            covariates of the past alone.
        features: columns to use, in this order. Default: all.
        id, time: names of the columns of a long X; where several name a series, id is a list.

    Raises:
        TypeError: for anything but a Series or a frame, or a horizon that is no integer.
        ValueError: for a horizon below 1; columns that are missing or not numbers, infinite
            values, timestamps of another kind than those of the series, unsorted or repeated; a
            series that a long X does not have; values that are missing in the future. The message
            says which.

    Example:
        >>> import pandas as pd
        >>> from seqkit.timeseries.read_series import read_series
        >>> months = pd.period_range("2024-01", periods=4, freq="M")
        >>> panel = read_series(pd.Series([1.0, 2.0], months[:2]))
        >>> X = pd.DataFrame({"price": [9.0, 9.0, 7.0, 8.0]}, months)
        >>> align_covariates(panel, X, horizon=2).values[0].tolist()
        [[9.0], [9.0], [7.0], [8.0]]
    """
    if horizon is not None:
        count("horizon", horizon)
    index, codes, table = _taken_apart(panel, as_pandas(X), id, time)
    chosen: list[Hashable] = list(table.columns) if features is None else list(features)
    if not table.columns.is_unique:
        twice = table.columns[table.columns.duplicated()].unique().tolist()
        raise ValueError(f"X must have a name for each column, got {twice} more than once.")
    if not chosen:
        raise ValueError("X must have at least one column of values, got none.")
    for column in chosen:
        check_long_column(table, "features", column, "X")
    hint = " Where numbers are names, make them categories by .astype('category')."
    values = np.stack([numbers(table[c], f"column {c!r} of X", hint=hint) for c in chosen], axis=1)
    if np.isinf(values).any():
        row, column = np.argwhere(np.isinf(values))[0]
        raise ValueError(
            f"X must hold finite or missing values, got an infinite one in column "
            f"{chosen[column]!r} at {index[row]}."
        )
    counts = panel.lengths + (horizon or 0)
    wanted = panel.timestamps(0, counts)
    series = np.repeat(np.arange(len(counts)), counts)
    rows = rows_at(index, codes, wanted, series if codes is not None else None)
    aligned = np.where(rows[:, None] >= 0, values[rows], np.nan)
    ends = np.cumsum(counts)
    step = np.arange(len(series)) - np.repeat(ends - counts, counts)
    missing = (step >= panel.lengths[series]) & np.isnan(aligned).any(axis=1)
    if missing.any():
        _raise_unknown_future(panel, wanted[missing], series[missing], aligned[missing], chosen)
    return Covariates(np.split(aligned, ends[:-1]), chosen)


def _taken_apart(
    panel: Panel, X: pd.DataFrame | pd.Series, id: Hashable, time: Hashable
) -> tuple[pd.Index, np.ndarray | None, pd.DataFrame]:
    """Timestamps; the series of each, or None where all have the same; and columns of features."""
    import pandas as pd

    if not isinstance(X, pd.Series | pd.DataFrame):
        raise TypeError(f"X must be a pandas Series or DataFrame, got {type(X).__name__}.")
    if isinstance(X, pd.Series):
        X = X.to_frame("X" if X.name is None else X.name)
    if not len(X):
        raise ValueError("X must have at least one row, got none.")
    columns = id_columns(id)
    if isinstance(X.index, pd.MultiIndex):
        ids, times = series_and_time(X.index, id, time, "X")
        source, sort = "the times of X", "X.sort_index()"
    elif {*columns} & {*X.columns}:
        for argument, column in [*(("id", c) for c in columns), ("time", time)]:
            check_long_column(X, argument, column, "X")
        ids, times = ids_of(X, id, "X"), pd.Index(X[time])
        X = X.drop(columns=[*columns, time])
        source, sort = f"the times of X ({time!r})", f"X.sort_values({[*columns, time]})"
    else:
        source, sort = "the index of X", "X.sort_index()"
        if time in X.columns:
            X = X.set_index(time)
            source, sort = f"the times of X ({time!r})", f"X.sort_values({time!r})"
        index = same_kind(time_index(X.index, source), panel.starts, "X", "y")
        check_ascending(index, np.zeros(len(index), int), ["X"], source, sort)
        return index, None, X
    index = same_kind(time_index(times, source), panel.starts, "X", "y")
    codes = panel.form.ids.get_indexer(ids)
    lacking = np.setdiff1d(np.arange(len(panel.names)), codes)
    if len(lacking):
        names = series_listed([panel.names[i] for i in lacking])
        unnamed = " Give y a name, by which X has its rows." if panel.names == [None] else ""
        raise ValueError(
            f"X must have rows for every series, got none for {len(lacking)} of "
            f"{len(panel.names)}: {names}.{unnamed}"
        )
    kept = np.flatnonzero(codes >= 0)
    order = kept[np.argsort(codes[kept], kind="stable")]
    index, codes = index[order], codes[order]
    check_ascending(index, codes, panel.names, source, sort)
    return index, codes, X.iloc[order]


def _raise_unknown_future(
    panel: Panel, when: pd.Index, series: np.ndarray, aligned: np.ndarray, features: list[Hashable]
) -> NoReturn:
    first = series == series[0]
    lacking = np.isnan(aligned[first]).any(axis=0)
    columns = [feature for feature, lacks in zip(features, lacking, strict=True) if lacks]
    others = len(np.unique(series)) - 1
    raise ValueError(
        f"X must know the {', '.join(map(repr, columns))} of each step to forecast; they are "
        f"missing for {series_named(panel.names[series[0]])} at {listed(when[first])}"
        f"{f', and for {others} other series' if others else ''}."
    )
