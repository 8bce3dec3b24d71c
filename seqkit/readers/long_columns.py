"""Columns of series, time and value, found in a forecaster's frames."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from seqkit.timeseries.series_forms import id_columns

if TYPE_CHECKING:
    import pandas as pd


class LongColumns(NamedTuple):
    """The names of a long frame's columns; where several name a series, id is a list of them."""

    id: Hashable | Sequence[Hashable] | None
    time: Hashable | None
    target: Hashable | None

    def or_usual(self) -> LongColumns:
        """Those that are not known by their usual names."""
        usual = LongColumns("unique_id", "ds", "y")
        return LongColumns(*(usual[k] if name is None else name for k, name in enumerate(self)))

    def alone(self, frame: Any) -> Any:
        """These columns of a long frame, without covariates; anything else as it is."""
        columns = list(getattr(frame, "columns", ()))
        if self.time not in columns or self.target not in columns:
            return frame
        ids = [name for name in id_columns(self.id) if name in columns]
        return frame[[*ids, self.time, self.target]]


def columns_of_forecast(forecast: Any, given: LongColumns) -> LongColumns:
    """The columns of a frame as `predict` gives it: of series, of time, and of float forecasts.

    Usual names are taken first. Of others the time is what holds dates or periods, or else the only
    one of integers; the forecast is the only one of floats; all else names the series.

    Args:
        forecast: a frame of pandas; anything else, and what is not in long form, has the usual
            names.
        given: names that are known, None for others.

    Example:
        >>> import pandas as pd
        >>> frame = pd.DataFrame({"shop": ["a"], "day": pd.to_datetime(["2024"]), "sales": [1.0]})
        >>> columns_of_forecast(frame, LongColumns(None, None, None))
        LongColumns(id='shop', time='day', target='sales')
    """
    import pandas as pd

    usual = given.or_usual()
    if not isinstance(forecast, pd.DataFrame) or not isinstance(forecast.index, pd.RangeIndex):
        return usual
    kinds: dict[Hashable | None, str] = {
        column: kind_of(forecast.dtypes.iloc[k]) for k, column in enumerate(forecast.columns)
    }
    known = {*id_columns(usual.id), usual.time, usual.target}
    if not known & {*kinds} and {*kinds.values()} == {"float"}:
        return usual  # a wide frame: each column is the forecast of a series
    left = {column: kind for column, kind in kinds.items() if column not in known}
    time = usual.time if usual.time in kinds else _only(left, "time") or _only(left, "integer")
    left.pop(time, None)
    target = usual.target if usual.target in kinds else _only(left, "float")
    left.pop(target, None)
    ids: Any = usual.id
    if given.id is None and "unique_id" not in kinds and left:
        ids = next(iter(left)) if len(left) == 1 else list(left)
    return LongColumns(ids, time or usual.time, target or usual.target)


def columns_of_backtest(backtest: Any, id: Any, time: Hashable | None) -> tuple[Any, Hashable]:
    """The columns of series and of time of a frame as `backtest` gives it.

    Usual names are taken first; others stand before and behind the column "cutoff".

    Args:
        backtest: a frame of pandas; anything else has the usual names.
        id, time: names that are known, None for others.

    Example:
        >>> import pandas as pd
        >>> columns_of_backtest(pd.DataFrame(columns=["shop", "cutoff", "day", "y"]), None, None)
        ('shop', 'day')
    """
    columns = list(getattr(backtest, "columns", ()))
    cut = columns.index("cutoff") if "cutoff" in columns else None
    if id is None:
        before = columns[:cut] if cut else []
        ids = before[0] if len(before) == 1 else before
        id = "unique_id" if "unique_id" in columns or not before else ids
    if time is None:
        behind = columns[cut + 1 : cut + 2] if cut is not None else []
        time = "ds" if "ds" in columns or not behind else behind[0]
    return id, time


def names_of_series(frame: pd.DataFrame, id: Any) -> pd.Series:
    """The series of each row, a tuple where several columns name it."""
    import pandas as pd

    columns = id_columns(id)
    if len(columns) == 1:
        return frame[columns[0]]
    rows = frame[columns].itertuples(index=False, name=None)
    return pd.Series([*rows], frame.index, dtype=object)


def kind_of(dtype: Any) -> str:
    """The kind of what a column holds: "time", "float", "integer" or "other".

    Example:
        >>> import numpy as np
        >>> kind_of(np.dtype("M8[s]")), kind_of(np.dtype("int8")), kind_of(np.dtype(object))
        ('time', 'integer', 'other')
    """
    import pandas as pd

    if isinstance(dtype, pd.PeriodDtype) or pd.api.types.is_datetime64_any_dtype(dtype):
        return "time"
    if pd.api.types.is_float_dtype(dtype):
        return "float"
    return "integer" if pd.api.types.is_integer_dtype(dtype) else "other"


def _only(kinds: dict[Hashable | None, str], wanted: str) -> Hashable | None:
    """The one column of a kind, if there is one alone."""
    matching = [column for column, kind in kinds.items() if kind == wanted]
    return matching[0] if len(matching) == 1 else None
