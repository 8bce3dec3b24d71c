"""One frame that holds the series, their covariates and descriptions, taken apart."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from seqkit.checks import did_you_mean
from seqkit.readers.long_form import column_in, with_series_as_column
from seqkit.timeseries.series_forms import id_columns


def taken_apart(y: Any, X: Any, static: Any, id: Any, time: Any) -> tuple[Any, Any, Any]:
    """y, X and static as they are; or frames of their own, where X or static name columns of y.

    A series of a y that has covariates ends with its last value: the rows after it are those to
    forecast, of which the covariates are known.

    Args:
        y: the series; a frame, where columns are named.
        X, static: frames, or names of columns of y.
        id, time: the columns that name the series and the time; id a list where several do.

    Raises:
        TypeError: for names of columns where y is no frame.
        ValueError: for a column that y does not have, or that is named twice; for a static column
            of several values a series.

    Example:
        >>> y = pd.DataFrame({"ds": [1, 2], "y": [5.0, 6.0], "price": [9.0, 8.0]})
        >>> series, X, _ = taken_apart(y, ["price"], None, "unique_id", "ds")
        >>> list(series), list(X)
        (['ds', 'y'], ['ds', 'price'])
    """
    given = {"X": X, "static": static}
    named = {
        argument: [columns] if isinstance(columns, str) else list(columns)
        for argument, columns in given.items()
        if isinstance(columns, str | list | tuple)
    }
    if not named:
        return y, X, static
    if not isinstance(y, pd.DataFrame):
        raise TypeError(
            f"{' and '.join(named)} must be a DataFrame; or names of columns of y, where y is one, "
            f"got {type(y).__name__}."
        )
    frame: Any = with_series_as_column(y, id)
    ids, times = (column_in([*frame.columns, *frame.index.names], name) for name in (id, time))
    keys = [*id_columns(ids), times] if ids is not None else [times]
    _check_columns(named, frame, keys)
    keys = [key for key in keys if key in frame.columns]
    apart = [column for columns in named.values() for column in columns]
    series = frame.drop(columns=apart)
    if "X" in named:
        X = frame[[*keys, *named["X"]]]
        series = _to_last_value(series, keys, ids)
    if "static" in named:
        static = _by_series(frame, named["static"], ids)
    return series, X, static


def _check_columns(named: dict[str, list[Any]], frame: pd.DataFrame, keys: list[Any]) -> None:
    columns = [column for column in frame.columns if column not in keys]
    seen: set[Any] = set()
    for argument, names in named.items():
        if not names:
            raise ValueError(f"{argument} must name at least one column of y, got none.")
        for name in names:
            if name not in columns:
                raise ValueError(
                    f"{argument} must name columns of y beside those of series and time, got "
                    f"{name!r}; y has {columns}.{did_you_mean(name, columns)}"
                )
            if name in seen:
                raise ValueError(f"X and static must name a column once, got {name!r} twice.")
            seen.add(name)


def _names_of(frame: pd.DataFrame, ids: Any) -> list[pd.Series]:
    """The columns, or index levels, that name the series."""
    levels = frame.index.to_frame(index=False)
    return [
        pd.Series((frame if name in frame.columns else levels)[name].to_numpy(), frame.index)
        for name in id_columns(ids)
    ]


def _to_last_value(series: pd.DataFrame, keys: list[Any], ids: Any) -> pd.DataFrame:
    """Without the rows after the last value of each series."""
    has_value = series.drop(columns=keys).notna().any(axis=1).astype(int).reset_index(drop=True)
    names: Any = [np.zeros(len(has_value))]
    if ids is not None:
        names = [name.reset_index(drop=True) for name in _names_of(series, ids)]
    to_come = has_value[::-1].groupby([name[::-1] for name in names], dropna=False).cummax()[::-1]
    of_none = has_value.groupby(names, dropna=False).transform("max") == 0  # which is refused later
    return series[((to_come > 0) | of_none).to_numpy()]


def _by_series(frame: pd.DataFrame, columns: list[Any], ids: Any) -> pd.DataFrame:
    """The columns that describe series, a row each."""
    if ids is None:
        raise ValueError(
            f"static must name columns {columns} of a y that names its series in each row, got one "
            "without. Give static as a DataFrame, a row a series."
        )
    of_series = frame[columns].groupby(_names_of(frame, ids), sort=False, observed=True)
    for column in columns:
        several = of_series[column].nunique()
        if (several > 1).any():
            raise ValueError(
                f"static must name columns of one value a series, got {column!r}, which has "
                f"{several.max()} in series {several.idxmax()!r}. What changes in time is for X."
            )
    return of_series.first()
