"""Forecasts after the ends of series, as a Series or frame in the form in which those came."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import numpy as np

from seqkit.checks import count
from seqkit.timeseries.panel import Panel
from seqkit.timeseries.series_forms import Form, id_columns, id_values

if TYPE_CHECKING:
    import pandas as pd


def future_timestamps(panel: Panel, horizon: int) -> pd.Index:
    """The timestamps of the `horizon` steps after the end of each series, (n * horizon,).

    In a time zone, days and longer keep the time on the clock, hours and less run on.

    Raises:
        TypeError, ValueError: for a horizon that is no integer of at least 1.

    Example:
        >>> import pandas as pd
        >>> from seqkit.timeseries.read_series import read_series
        >>> fridays = pd.date_range("2024-03-01", periods=3, freq="W-FRI")
        >>> panel = read_series(pd.Series([1.0, 2.0, 3.0], fridays))
        >>> future_timestamps(panel, 2).strftime("%a %d %B").tolist()
        ['Fri 22 March', 'Fri 29 March']
    """
    count("horizon", horizon)
    return panel.timestamps(panel.lengths, horizon)


def to_pandas(
    panel: Panel, forecasts: Any, columns: Sequence[Hashable] | None = None
) -> pd.Series | pd.DataFrame:
    """Forecasts after the end of each series, in the form in which the series came.

    Args:
        panel: the series.
        forecasts: (n, H), or (n, H, C) with `columns`.
        columns: names of C values for each step, such as levels of quantiles. They become columns
            of the result, below each series in a wide frame. Default None: one value a step.

    Raises:
        ValueError: for another shape.

    Example:
        >>> import pandas as pd
        >>> from seqkit.timeseries.read_series import read_series
        >>> days = pd.Series([1.0, 2.0], pd.period_range("2024-01-30", periods=2, freq="D"))
        >>> to_pandas(read_series(days), [[3.0, 4.0]])
        2024-02-01    3.0
        2024-02-02    4.0
        Freq: D, dtype: float64
    """
    values = np.asarray(forecasts, float)
    n, shape = len(panel.values), values.shape
    if columns is None:
        values = values[..., None]
    width = 1 if columns is None else len(columns)
    if values.ndim != 3 or values.shape[0] != n or not values.shape[1] or values.shape[2] != width:
        expected = f"({n}, H)" if columns is None else f"({n}, H, {width})"
        raise ValueError(f"forecasts must have shape {expected}, got {shape}.")
    index = future_timestamps(panel, values.shape[1])
    counts = np.full(n, values.shape[1])
    return _in_form(panel.form, index, values.reshape(-1, width), counts, columns)


def past_to_pandas(panel: Panel, values: Sequence[np.ndarray]) -> pd.Series | pd.DataFrame:
    """Values at the timestamps of the series, in the form in which those came.

    Args:
        panel: the series.
        values: n arrays (T_i,).

    Example:
        >>> import pandas as pd
        >>> from seqkit.timeseries.read_series import read_series
        >>> days = pd.Series([1.0, 2.0], pd.period_range("2024-01-30", periods=2, freq="D"))
        >>> past_to_pandas(read_series(days), [np.array([3.0, 4.0])])
        2024-01-30    3.0
        2024-01-31    4.0
        Freq: D, dtype: float64
    """
    counts, begins = panel.lengths, np.zeros(len(panel.values), int)
    if panel.form.kind == "wide":  # one index for all, which end together
        begins = counts - counts.max()
        padding = [np.full(-begin, np.nan) for begin in begins]
        values = [np.append(*pair) for pair in zip(padding, values, strict=True)]
        counts = counts - begins
    index = panel.timestamps(begins, counts)
    return _in_form(panel.form, index, np.concatenate(values)[:, None], counts, None)


def _in_form(
    form: Form,
    index: pd.Index,
    flat: np.ndarray,
    counts: np.ndarray,
    columns: Sequence[Hashable] | None,
) -> pd.Series | pd.DataFrame:
    """Values of steps in the form of y; C is 1 where `columns` is None.

    Args:
        form: that of y.
        index: timestamps (m,), of one series after another.
        flat: their values, (m, C).
        counts: steps of each series, (n,), which sum to m; of wide ones all the same.
        columns: names of the C values of a step.
    """
    import pandas as pd

    n, horizon, width = len(counts), int(counts[0]), flat.shape[1]
    if form.kind in ("series", "wide"):
        times = _time_levels(index[:horizon], form)
        if form.kind == "series" and columns is None:
            return pd.Series(flat[:, 0], times, name=form.target)
        if form.kind == "series":
            return pd.DataFrame(flat, times, list(columns or ()))
        table = flat.reshape(n, horizon, width).transpose(1, 0, 2).reshape(horizon, n * width)
        names = form.ids if columns is None else _crossed(form.ids, columns)
        return pd.DataFrame(table, times, names)
    ids = form.ids.repeat(counts)
    value_names = [form.target] if columns is None else list(columns)
    if form.kind == "indexed":
        arrays = [ids.get_level_values(level) for level in range(ids.nlevels)]
        keys = [*id_columns(form.id), form.time]
        levels = pd.MultiIndex.from_arrays([*arrays, index], names=keys)
        if form.columns and tuple(keys) != form.columns:
            levels = levels.reorder_levels(form.columns)
        if columns is None and not form.frame:
            return pd.Series(flat[:, 0], levels, name=form.target)
        return pd.DataFrame(flat, levels, value_names)
    frame = pd.DataFrame({**id_values(ids, form.id), form.time: index})
    frame = frame.join(pd.DataFrame(flat, columns=value_names))
    if columns is None:
        return frame[list(form.columns)]
    keys = [column for column in form.columns if column != form.target]
    return frame[[*keys, *value_names]]


def _time_levels(index: pd.Index, form: Form) -> pd.Index:
    """The time index of the result, as that of y was."""
    import pandas as pd

    if form.ranged:
        step = int(index[1] - index[0]) if len(index) > 1 else 1
        return pd.RangeIndex(index[0], index[-1] + step, step, name=form.time)
    index = index.rename(form.time)
    if isinstance(index, pd.DatetimeIndex) and isinstance(form.freq, pd.offsets.BaseOffset):
        with suppress(ValueError):  # a time that the clock jumps over
            index.freq = form.freq
    return index


def _crossed(ids: pd.Index, columns: Sequence[Hashable]) -> pd.MultiIndex:
    """Columns (series, value)."""
    import pandas as pd

    keys = [(*(i if isinstance(i, tuple) else (i,)), column) for i in ids for column in columns]
    return pd.MultiIndex.from_tuples(keys, names=[*ids.names, None])
