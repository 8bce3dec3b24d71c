"""Forms in which users hold series, one Series, a wide frame or a long one, taken apart."""

from __future__ import annotations

from collections.abc import Hashable
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from seqkit.checks import known_column
from seqkit.timeseries.time_index import check_ascending, time_index

if TYPE_CHECKING:
    import pandas as pd

    from seqkit.timeseries.time_axis import Frequency


@dataclass(frozen=True)
class Form:
    """The form in which y came.

    Attributes:
        kind: "series", "wide", "long", or "indexed" by series and time.
        ids: the names of the series, (n,).
        id, time, target: names of the columns, or of index levels; target also of the Series. Where
            several columns name a series id has all, a tuple; None: a long frame has none.
        columns: of a long frame, or levels of an index, in their order.
        frame: whether an indexed form is a frame and not a Series.
        ranged: whether the time was a RangeIndex.
        freq: that of the time index, if it had one.
    """

    kind: str
    ids: pd.Index
    id: Hashable = "unique_id"
    time: Hashable = "ds"
    target: Hashable = "y"
    columns: tuple[Hashable, ...] = ()
    frame: bool = True
    ranged: bool = False
    freq: Frequency | None = None


class Rows(NamedTuple):
    """Values in time, of one series after another; wide: (m, n), the same times for all series."""

    times: pd.Index  # (m,)
    codes: np.ndarray  # (m,), the series of each row; wide: zeros
    values: np.ndarray  # (m,) or (m, n)
    form: Form


def take_apart(y: pd.Series | pd.DataFrame, id: Hashable, time: Hashable, target: Hashable) -> Rows:
    """The rows of y and its form. Raises as `read_series`."""
    import pandas as pd

    if not isinstance(y, pd.Series | pd.DataFrame):
        raise TypeError(
            f"y must be a pandas Series or DataFrame, got {type(y).__name__}. Values alone become "
            "one by pd.Series(values)."
        )
    if not y.size:
        raise ValueError(f"y must hold at least one value, got shape {y.shape}.")
    if isinstance(y.index, pd.MultiIndex):
        return _indexed(y, id, time)
    if isinstance(y, pd.Series):
        form = Form("series", pd.Index([y.name], dtype=object), time=y.index.name, target=y.name)
        return _in_time(y.to_frame(), form)
    if {*id_columns(id), time} & {*y.columns}:
        return _long(y, id, time, target)
    if not y.columns.is_unique:
        twice = y.columns[y.columns.duplicated()].unique().tolist()
        raise ValueError(f"y must have a name for each series, got columns {twice} more than once.")
    return _in_time(y, Form("wide", y.columns, time=y.index.name))


def _in_time(frame: pd.DataFrame, form: Form) -> Rows:
    """A frame indexed by time."""
    import pandas as pd

    source, sort = "the index of y", "y.sort_index()"
    if form.kind == "long":
        source, sort = f"the times of y ({form.time!r})", f"y.sort_values({form.time!r})"
    index = time_index(frame.index, source)
    codes = np.zeros(len(index), int)
    check_ascending(index, codes, form.ids[:1], source, sort)
    if isinstance(frame.index, pd.RangeIndex):
        form = replace(form, ranged=True, freq=frame.index.step)
    elif isinstance(index, pd.DatetimeIndex):
        form = replace(form, freq=index.freq)
    wide = form.kind == "wide"
    hint = " A long frame needs columns named by id=, time= and target=." if wide else ""
    columns = [
        numbers(frame.iloc[:, i], f"series {name!r}" if wide else "y", hint=hint)
        for i, name in enumerate(frame.columns)
    ]
    return Rows(index, codes, np.stack(columns, axis=1), form)


def _indexed(y: pd.Series | pd.DataFrame, id: Hashable, time: Hashable) -> Rows:
    """Rows indexed by series and time."""
    import pandas as pd

    names, times = series_and_time(y.index, id, time, "y")
    if isinstance(y, pd.DataFrame) and y.shape[1] != 1:
        raise ValueError(
            "y must have one column of values beside the index of series and time, "
            f"got {y.columns.tolist()[:10]}. Name those that are covariates: fit(y, X=[...])."
        )
    column = y.iloc[:, 0] if isinstance(y, pd.DataFrame) else y
    form = Form(
        "indexed",
        pd.Index([]),
        id=tuple(names.names) if names.nlevels > 1 else names.name,
        time=times.name,
        target=column.name,
        columns=tuple(y.index.names),
        frame=isinstance(y, pd.DataFrame),
    )
    return _by_series(names, times, column, form, "y.sort_index()")


def _long(y: pd.DataFrame, id: Hashable, time: Hashable, target: Hashable) -> Rows:
    """One row a step, with columns for series, time and value."""
    import pandas as pd

    columns = id_columns(id)
    if {*y.columns} == {time, target}:  # one series, that has no name
        form = Form("long", pd.Index([None], dtype=object), None, time, target, tuple(y.columns))
        return _in_time(y.set_index(time)[[target]], form)
    if time in y.columns and not {*columns, target} & {*y.columns}:
        others = ", ".join(repr(column) for column in y.columns if column != time)
        raise ValueError(
            f"y has the times, {time!r}, and none of the columns {', '.join(map(repr, columns))} "
            f"and {target!r}, but {others or 'no other'}. Name those of series and value by id= "
            "and target=; where each is a series, index a frame of pandas by time, "
            f"set_index({time!r}), and bring one of polars into long form, unpivot(index={time!r}, "
            f"variable_name={columns[0]!r}, value_name={target!r})."
        )
    for argument, column in [*(("id", c) for c in columns), ("time", time), ("target", target)]:
        check_long_column(y, argument, column, "y")
    wanted = [*columns, time, target]
    further = [column for column in y.columns if column not in wanted]
    if further:
        raise ValueError(
            f"y must have the columns {', '.join(map(repr, wanted[:-1]))} and {target!r} alone, "
            f"got also {further[:10]}. Name those that are covariates, and those that describe "
            f"series: fit(y, X=[...], static=[...]); or leave them out: y[{wanted}]."
        )
    named = columns[0] if len(columns) == 1 else tuple(columns)
    form = Form("long", pd.Index([]), named, time, target, columns=tuple(y.columns))
    sort = f"y.sort_values({wanted[:-1]})"
    return _by_series(ids_of(y, id, "y"), y[time], y[target], form, sort)


def id_columns(id: Any) -> list[Hashable]:
    """The columns that name the series: one, or each of a list or tuple.

    Example:
        >>> id_columns("shop"), id_columns(["shop", "item"])
        (['shop'], ['shop', 'item'])
    """
    return list(id) if isinstance(id, list | tuple) else [id]


def ids_of(frame: pd.DataFrame, id: Any, source: str) -> pd.Index:
    """The series of each row by its columns; where several name it, of tuples.

    Raises:
        ValueError: for a row that names none; it calls the frame `source`.
    """
    import pandas as pd

    columns = id_columns(id)
    several = len(columns) > 1
    return checked_ids(
        pd.MultiIndex.from_frame(frame[columns]) if several else pd.Index(frame[columns[0]]), source
    )


def checked_ids(ids: pd.Index, source: str) -> pd.Index:
    """The series of each row as they are given.

    Raises:
        ValueError: for a row that names none; it calls the frame `source`.
    """
    missing = np.any([ids.get_level_values(k).isna() for k in range(ids.nlevels)], axis=0)
    if missing.any():
        raise ValueError(
            f"{source} must name a series in each row, got none in row {int(missing.argmax())}."
        )
    return ids


def series_and_time(
    index: pd.Index, id: Any, time: Hashable, source: str
) -> tuple[pd.Index, pd.Index]:
    """The series and the time of each row, from the levels of an index: by their names where it has
    those, else the time is the last.

    Raises:
        ValueError: for too many levels, or a row that names no series; it calls the frame `source`.
    """
    import pandas as pd

    columns, names = id_columns(id), list(index.names)
    order = [*range(index.nlevels)]
    if time in names and {*columns} == {*names} - {time} and len({*names}) == len(names):
        order = [names.index(name) for name in [*columns, time]]
    elif index.nlevels != 2:
        raise ValueError(
            f"{source} must be indexed by time, or by series and time, got {index.nlevels} index "
            f"levels {names}. Where several name a series, name them by id=[...]."
        )
    *ids, times = (index.get_level_values(level) for level in order)
    several = len(ids) > 1
    return checked_ids(pd.MultiIndex.from_arrays(ids) if several else ids[0], source), times


def id_values(ids: pd.Index, id: Any) -> dict[Hashable, pd.Index]:
    """The columns that name the series of some rows; none where id is None."""
    if id is None:
        return {}
    columns = id_columns(id)
    return {name: ids.get_level_values(level) for level, name in enumerate(columns)}


def _by_series(
    ids: pd.Index,
    times: pd.Index | pd.Series,
    column: pd.Series,
    form: Form,
    sort: str,
) -> Rows:
    """Rows of several series, the rows of each brought together in the order in which they are."""

    names = ids[~ids.duplicated()]  # in order of appearance
    codes = names.get_indexer(ids)
    source = "the times of y" if form.time is None else f"the times of y ({form.time!r})"
    index = time_index(times, source)
    values = numbers(column, f"{form.target!r} of y", ids)
    order = np.argsort(codes, kind="stable")
    index, codes, values = index[order], codes[order], values[order]
    check_ascending(index, codes, names.tolist(), source, sort)
    return Rows(index, codes, values, replace(form, ids=names))


def check_long_column(frame: pd.DataFrame, argument: str, column: Hashable, source: str) -> None:
    """Raises ValueError where a long frame lacks a column; the message offers the nearest."""
    remedy = f" Rename it, or name it by {argument}=."
    known_column(argument, column, frame.columns, source, remedy)


def numbers(
    column: pd.Series, source: str, ids: pd.Index | pd.Series | None = None, hint: str = ""
) -> np.ndarray:
    """The values as float64, NaN where missing. Errors call the column `source`."""
    import pandas as pd

    if column.dtype == object:  # numbers all the same, or some and None
        with suppress(TypeError, ValueError):
            if not any(isinstance(value, str) for value in column):
                column = pd.to_numeric(column)
    if not pd.api.types.is_numeric_dtype(column) or column.dtype.kind == "c":
        row = _first_not_a_number(column)
        series = "" if ids is None else f" of series {pd.Index(ids)[row]!r}"
        raise ValueError(
            f"{source} must hold numbers, got {column.dtype} ({column.iloc[row]!r} in row {row}"
            f"{series}). Encode it as numbers, or convert it by pd.to_numeric.{hint}"
        )
    return column.to_numpy(dtype="float64", na_value=np.nan)


def _first_not_a_number(column: pd.Series) -> int:
    """The first row that a conversion to numbers would fail at, else 0."""
    import pandas as pd

    with suppress(TypeError, ValueError):
        failing = pd.to_numeric(column.astype(object), errors="coerce").isna() & column.notna()
        return int(np.argmax(failing))
    return 0
