"""Truth and forecasts in tables of pandas, brought together by series and time."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from seqkit.frames import as_pandas
from seqkit.readers.long_columns import LongColumns, columns_of_forecast, kind_of
from seqkit.readers.long_form import ID, TIME, column_in
from seqkit.timeseries.messages import listed, series_listed
from seqkit.timeseries.read_series import read_series
from seqkit.timeseries.series_forms import id_columns, take_apart
from seqkit.timeseries.time_index import rows_at, same_kind

if TYPE_CHECKING:
    import pandas as pd


class _Table(NamedTuple):
    """The rows of a table, of one series after another."""

    ids: pd.Index  # (n,)
    alone: bool  # whether it is one series, which any name may have
    codes: np.ndarray  # (m,), the series of each row
    times: pd.Index  # (m,)
    values: np.ndarray  # (m,)


def is_table(values: Any) -> bool:
    """Whether the values are a Series or a frame of pandas."""
    return hasattr(values, "iloc")


def matched(**tables: Any) -> list[Any]:
    """The values of all at the series and times of the last, each (n, H); arrays as they are.

    A table is a Series indexed by time; a wide frame, a series a column; a long one, with columns
    for series ("unique_id" or "instance"), time ("ds" or "time") and value, or with other names,
    as `columns_of_forecast` tells them apart; or indexed by series and time. Series are in the
    order of the last table. A time that another lacks, and what a series has less of steps than
    the longest, is NaN, or 0 in the last.

    Args:
        tables: by the names that errors call them.

    Raises:
        ValueError: for tables and arrays together, one that cannot be read, other series, or times
            of another kind, or none in common.

    Example:
        >>> import pandas as pd
        >>> truth = pd.DataFrame({"a": [1.0, 2.0, 3.0], "b": [4.0, 5.0, 6.0]})
        >>> matched(y_true=truth, y_pred=truth.loc[[1, 2], ["b", "a"]])[0].tolist()
        [[5.0, 6.0], [2.0, 3.0]]
    """
    tables = {name: as_pandas(table) for name, table in tables.items()}
    given = list(tables.values())
    if not any(map(is_table, given)):
        return given
    *before, last = tables
    if not all(map(is_table, given)):
        raise ValueError(
            f"{' and '.join(tables)} must all be frames or Series of pandas, which are matched by "
            "their labels, or all arrays (series, steps)."
        )
    columns = _columns(tables[last], last)
    own = _read(tables[last], last, columns)
    steps = np.bincount(own.codes)
    place = own.codes, np.arange(len(own.codes)) - np.repeat(np.cumsum(steps) - steps, steps)
    shape = len(steps), steps.max()
    arrays = []
    for name in before:
        values = np.full(shape, np.nan)
        values[place] = _values_at(
            _read(tables[name], name, _columns(tables[name], name, columns)), name, own, last
        )
        arrays.append(values)
    values = np.zeros(shape)
    values[place] = own.values
    return [*arrays, values]


def level_tables(y_pred: Any, levels: Sequence[float]) -> list[Any]:
    """The forecasts of each level by themselves, from a table as `predict_quantiles` gives it.

    Raises:
        ValueError: for a level that it does not have.
    """
    labels = y_pred.columns.get_level_values(-1)
    columns: dict[float, Any] = {}
    for column in labels:  # as text in files, and in frames of other libraries
        with suppress(TypeError, ValueError):
            columns[float(column)] = column
    absent = [level for level in levels if level not in columns]
    if absent:
        raise ValueError(
            f"y_pred must have a column for each level, got none for {absent[0]!r}; it has "
            f"{listed([*columns.values()])}."
        )
    return _apart(y_pred, [columns[level] for level in levels])


def bound_tables(interval: Any) -> list[Any]:
    """The lower and the upper bounds by themselves, from a table as `predict_interval` gives it.

    Raises:
        ValueError: for a table without them, or for what is no table.
    """
    interval = as_pandas(interval)
    bounds = ["lower", "upper"]
    labels = interval.columns.get_level_values(-1) if hasattr(interval, "columns") else ()
    if not {*bounds} <= {*labels}:
        raise ValueError(
            "lower must be a frame with columns 'lower' and 'upper', as predict_interval gives it, "
            f"where upper is None, got {listed([*labels]) or type(interval).__name__}."
        )
    return _apart(interval, bounds)


def _apart(table: Any, columns: Sequence[Any]) -> list[Any]:
    """Columns of values by themselves, each with those that name series and times."""
    if table.columns.nlevels > 1:
        return [table.xs(column, axis=1, level=-1) for column in columns]
    usual, named = {column_in(table.columns, c) for c in (ID, TIME)}, _has_names(table)
    keys = [
        c for c in table.columns if c in usual or (named and kind_of(table[c].dtype) != "float")
    ]
    return [table[[*keys, column]] if keys else table[column] for column in columns]


def histories_before(histories: Any, y_pred: Any) -> Sequence[Any]:
    """The values before the first step of each series of the forecast; a list as it is.

    Args:
        histories: a list of series; or a table, whose missing rows become NaN.
        y_pred: the forecast.

    Raises:
        ValueError: for a table where the forecast is an array, one that cannot be read, or that
            lacks a series.
    """
    histories, y_pred = as_pandas(histories), as_pandas(y_pred)
    if not is_table(histories):
        arrays: Sequence[Any] = histories
        return arrays
    if not is_table(y_pred):
        raise ValueError(
            "histories must be a list of series where y_pred is an array, got a "
            f"{type(histories).__name__} of pandas, whose labels would go unread."
        )
    columns = _columns(y_pred, "y_pred")
    own = _read(y_pred, "y_pred", columns)
    columns = _columns(histories, "histories", columns)
    panel = _explained("histories", read_series, histories, None, *columns)
    alone = own.alone or panel.form.kind == "series"
    positions = _positions(own.ids, panel.form.ids, alone, "y_pred", "histories")
    firsts = own.times[np.flatnonzero(np.diff(own.codes, prepend=-1))]
    times = panel.timestamps(0, panel.lengths)
    firsts = same_kind(firsts, times, "y_pred", "histories")
    ends = np.cumsum(panel.lengths)
    return [
        panel.values[k][times[ends[k] - panel.lengths[k] : ends[k]] < first]
        for k, first in zip(positions, firsts, strict=True)
    ]


def _columns(table: Any, name: str, others: LongColumns | None = None) -> LongColumns:
    """The columns of series, time and value.

    Args:
        table: any.
        name: what errors call it.
        others: those of a table beside, which may have the same.
    """
    columns = list(getattr(table, "columns", ()))
    id, time = (column_in(columns, c) or c for c in (ID, TIME))
    rest = [column for column in columns if column not in (id, time)]
    if time in columns and len(rest) == 1:
        return LongColumns(id, time, rest[0])
    if _has_names(table):
        by_kind = columns_of_forecast(table.reset_index(drop=True), LongColumns(None, None, None))
        alike = others is None or len(id_columns(by_kind.id)) == len(id_columns(others.id))
        if alike and _are_all(by_kind, columns):
            return by_kind
        for column in columns:  # one of whole numbers may be that of values
            like = others and LongColumns(others.id, others.time, column)
            if like and _are_all(like, columns):
                return like
    if time in columns:
        raise ValueError(
            f"{name} must have one column of values beside {id!r} and {time!r}, got {rest}. Name "
            "those of the series and the time so, or make an index of series and time of them."
        )
    return LongColumns(id, time, rest[0] if rest else None)


def _are_all(long: LongColumns, columns: Sequence[Any]) -> bool:
    """Whether a table's columns are these, each for one thing; a single series needs no name."""
    ids = [column for column in id_columns(long.id) if column in columns]
    return len(ids) + 2 == len(columns) and {*ids, long.time, long.target} == {*columns}


def _has_names(table: Any) -> bool:
    """Whether columns of a frame hold what is no number, names of series or times: a long one."""
    if not hasattr(table, "columns") or table.index.nlevels > 1:
        return False
    return any(kind_of(dtype) in ("time", "other") for dtype in table.dtypes)


def _read(table: Any, name: str, columns: LongColumns) -> _Table:
    rows = _explained(name, take_apart, table, *columns)
    ids = rows.form.ids
    alone = rows.form.kind == "series" or rows.form.id is None
    if rows.values.ndim == 1:
        return _Table(ids, alone, rows.codes, rows.times, rows.values)
    m, n = rows.values.shape
    codes, times = np.repeat(np.arange(n), m), rows.times[np.tile(np.arange(m), n)]
    return _Table(ids, alone, codes, times, rows.values.T.ravel())


def _explained(name: str, read: Any, *arguments: Any) -> Any:
    """Reads by a function; errors name the table."""
    try:
        return read(*arguments)
    except ValueError as error:
        raise ValueError(f"{name} cannot be read. {error}") from error


def _values_at(table: _Table, name: str, own: _Table, last: str) -> np.ndarray:
    """The values of a table at the rows of another, (m,), NaN where there is none."""
    alone = table.alone or own.alone
    _positions(own.ids, table.ids, alone, last, name)
    positions = _positions(table.ids, own.ids, alone, name, last)
    times = same_kind(table.times, own.times, name, last)
    codes = positions[table.codes]
    order = np.argsort(codes, kind="stable")
    rows = rows_at(times[order], codes[order], own.times, own.codes)
    if (rows < 0).all():
        raise ValueError(f"{name} has none of the times of {last}, such as {own.times[0]}.")
    return np.where(rows < 0, np.nan, table.values[order][rows])


def _positions(
    wanted: pd.Index, available: pd.Index, alone: bool, wanted_name: str, name: str
) -> np.ndarray:
    """Where the series of one table are in another, (n,).

    Args:
        wanted, available: the names of their series.
        alone: whether one has no name that must be the same.
        wanted_name, name: what errors call the tables.
    """
    if alone and len(wanted) == len(available) == 1:
        return np.zeros(1, int)
    positions = available.get_indexer(wanted)
    absent = wanted[positions < 0].tolist()
    if absent:
        raise ValueError(
            f"{name} must have the series of {wanted_name}, got none of {series_listed(absent)}."
        )
    return positions
