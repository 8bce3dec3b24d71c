"""Forms in which users hold series, one Series, a wide frame or a long one, taken apart."""

from __future__ import annotations

from collections.abc import Hashable
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

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
        id, time, target: names of the columns, or of index levels; target also of the Series.
        columns: of a long frame, in their order.
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
        return _indexed(y)
    if isinstance(y, pd.Series):
        form = Form("series", pd.Index([y.name], dtype=object), time=y.index.name, target=y.name)
        return _in_time(y.to_frame(), form)
    if id in y.columns or time in y.columns:
        return _long(y, id, time, target)
    if not y.columns.is_unique:
        twice = y.columns[y.columns.duplicated()].unique().tolist()
        raise ValueError(f"y must have a name for each series, got columns {twice} more than once.")
    return _in_time(y, Form("wide", y.columns, time=y.index.name))


def _in_time(frame: pd.DataFrame, form: Form) -> Rows:
    """A frame indexed by time."""
    import pandas as pd

    index = time_index(frame.index, "the index of y")
    codes = np.zeros(len(index), int)
    check_ascending(index, codes, form.ids[:1], "the index of y", "y.sort_index()")
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


def _indexed(y: pd.Series | pd.DataFrame) -> Rows:
    """Rows indexed by series and time."""
    import pandas as pd

    if y.index.nlevels != 2:
        raise ValueError(
            "y must be indexed by time, or by series and time, "
            f"got {y.index.nlevels} index levels {list(y.index.names)}."
        )
    if isinstance(y, pd.DataFrame) and y.shape[1] != 1:
        raise ValueError(
            "y must have one column of values beside the index of series and time, "
            f"got {y.columns.tolist()[:10]}. Give covariates as X."
        )
    column = y.iloc[:, 0] if isinstance(y, pd.DataFrame) else y
    names, times = (y.index.get_level_values(level) for level in (0, 1))
    form = Form(
        *("indexed", pd.Index([]), y.index.names[0], y.index.names[1], column.name),
        frame=isinstance(y, pd.DataFrame),
    )
    return _by_series(names, times, column, form, "y.sort_index()")


def _long(y: pd.DataFrame, id: Hashable, time: Hashable, target: Hashable) -> Rows:
    """One row a step, with columns for series, time and value."""
    import pandas as pd

    for argument, column in {"id": id, "time": time, "target": target}.items():
        check_long_column(y, argument, column, "y")
    further = [column for column in y.columns if column not in (id, time, target)]
    if further:
        raise ValueError(
            f"y must have the columns {id!r}, {time!r} and {target!r} alone, got also "
            f"{further[:10]}. Give covariates as X."
        )
    form = Form("long", pd.Index([]), id, time, target, columns=tuple(y.columns))
    sort = f"y.sort_values([{id!r}, {time!r}])"
    return _by_series(y[id], y[time], y[target], form, sort)


def _by_series(
    ids: pd.Index | pd.Series,
    times: pd.Index | pd.Series,
    column: pd.Series,
    form: Form,
    sort: str,
) -> Rows:
    """Rows of several series, the rows of each brought together in the order in which they are."""
    import pandas as pd

    codes, names = pd.factorize(ids)
    if (codes < 0).any():
        raise ValueError(
            f"y must name a series in each row, got none in row {int(np.argmax(codes < 0))}."
        )
    source = "the times of y" if form.time is None else f"the times of y ({form.time!r})"
    index = time_index(times, source)
    values = numbers(column, f"{form.target!r} of y", ids)
    order = np.argsort(codes, kind="stable")
    index, codes, values = index[order], codes[order], values[order]
    check_ascending(index, codes, names.tolist(), source, sort)
    return Rows(index, codes, values, replace(form, ids=pd.Index(names)))


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
