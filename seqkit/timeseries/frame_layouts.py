"""Forms in which users hold series: one Series, a wide frame or a long one, taken apart and put
together again."""

from __future__ import annotations

import difflib
from collections.abc import Hashable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from seqkit.timeseries.index import check_ascending, time_index

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Form:
    """How y came.

    Attributes:
        kind: "series", "wide", "long", or "indexed" by series and time.
        ids: what the series are called, an index of pandas (n,).
        id, time, target: names of the columns, or of index levels; target also of the Series.
        columns: of a long frame, in their order.
        frame: whether an indexed form is a frame and not a Series.
        ranged: whether the time was a RangeIndex.
        freq: that of the time index, if it had one.
    """

    kind: str
    ids: Any
    id: Hashable = "unique_id"
    time: Hashable = "ds"
    target: Hashable = "y"
    columns: tuple[Hashable, ...] = ()
    frame: bool = True
    ranged: bool = False
    freq: Any = None


class Rows(NamedTuple):
    """Values in time, of one series after another; wide: (m, n), the same times for all series."""

    index: Any  # timestamps, (m,)
    codes: np.ndarray  # (m,), the series of each row; wide: zeros
    values: np.ndarray  # (m,) or (m, n)
    form: Form


def take_apart(y: Any, id: Hashable, time: Hashable, target: Hashable) -> Rows:
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


def put_together(
    form: Form, index: Any, values: np.ndarray, columns: Sequence[Hashable] | None
) -> pd.Series | pd.DataFrame:
    """Values (n, H, C) in the form of y; C is 1 where `columns` is None.

    Args:
        form: how y came.
        index: timestamps (n * H,), of one series after another.
        values: (n, H, C).
        columns: names of the C values of a step.
    """
    import pandas as pd

    n, horizon, count = values.shape
    flat = values.reshape(n * horizon, count)
    if form.kind in ("series", "wide"):
        times = _time_levels(index[:horizon], form)
        if form.kind == "series" and columns is None:
            return pd.Series(flat[:, 0], times, name=form.target)
        if form.kind == "series":
            return pd.DataFrame(flat, times, list(columns or ()))
        table = values.transpose(1, 0, 2).reshape(horizon, n * count)
        names = form.ids if columns is None else _crossed(form.ids, columns)
        return pd.DataFrame(table, times, names)
    ids = form.ids.repeat(horizon)
    names = [form.target] if columns is None else list(columns)
    if form.kind == "indexed":
        levels = pd.MultiIndex.from_arrays([ids, index], names=[form.id, form.time])
        if columns is None and not form.frame:
            return pd.Series(flat[:, 0], levels, name=form.target)
        return pd.DataFrame(flat, levels, names)
    frame = pd.DataFrame({form.id: ids, form.time: index})
    frame = frame.join(pd.DataFrame(flat, columns=names))
    if columns is None:
        return frame[list(form.columns)]
    keys = [column for column in form.columns if column != form.target]
    return frame[[*keys, *names]]


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
        *("indexed", None, y.index.names[0], y.index.names[1], column.name),
        frame=isinstance(y, pd.DataFrame),
    )
    return _by_series(names, times, column, form, "y.sort_index()")


def _long(y: pd.DataFrame, id: Hashable, time: Hashable, target: Hashable) -> Rows:
    """One row a step, with columns for series, time and value."""
    for argument, column in {"id": id, "time": time, "target": target}.items():
        check_long_column(y, argument, column, "y")
    further = [column for column in y.columns if column not in (id, time, target)]
    if further:
        raise ValueError(
            f"y must have the columns {id!r}, {time!r} and {target!r} alone, got also "
            f"{further[:10]}. Give covariates as X."
        )
    form = Form("long", None, id, time, target, columns=tuple(y.columns))
    sort = f"y.sort_values([{id!r}, {time!r}])"
    return _by_series(y[id], y[time], y[target], form, sort)


def _by_series(ids: Any, times: Any, column: Any, form: Form, sort: str) -> Rows:
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
    if column in frame.columns:
        return
    names = [str(name) for name in frame.columns]
    nearest = difflib.get_close_matches(str(column), names, n=1)
    hint = f" Did you mean {nearest[0]!r}?" if nearest else ""
    raise ValueError(
        f"{argument}: {source} has no column {column!r}, but {', '.join(map(repr, names[:20]))}"
        f"{', ...' if len(names) > 20 else ''}.{hint} Rename it, or name it by {argument}=."
    )


def numbers(column: pd.Series, source: str, ids: Any = None, hint: str = "") -> np.ndarray:
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


def _time_levels(index: Any, form: Form) -> Any:
    """The time index of the result, as that of y was."""
    import pandas as pd

    if form.ranged:
        step = int(index[1] - index[0]) if len(index) > 1 else 1
        return pd.RangeIndex(index[0], index[-1] + step, step, name=form.time)
    index = index.rename(form.time)
    if isinstance(index, pd.DatetimeIndex) and form.freq is not None:
        with suppress(ValueError):  # a time that the clock jumps over
            index.freq = form.freq
    return index


def _crossed(ids: pd.Index, columns: Sequence[Hashable]) -> pd.MultiIndex:
    """Columns (series, value)."""
    import pandas as pd

    keys = [(*(i if isinstance(i, tuple) else (i,)), column) for i in ids for column in columns]
    return pd.MultiIndex.from_tuples(keys, names=[*ids.names, None])
