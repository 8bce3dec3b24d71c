"""Pictures of forecasts after the history that they continue."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from seqkit.checks import count, optional
from seqkit.frames import as_pandas
from seqkit.inspection.drawing.panels import axes_for, finish, marker, positions
from seqkit.readers.long_columns import LongColumns, columns_of_forecast
from seqkit.timeseries.messages import listed, series_named
from seqkit.timeseries.panel import Panel
from seqkit.timeseries.read_series import read_series
from seqkit.timeseries.series_forms import id_columns

if TYPE_CHECKING:
    import datetime

    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from seqkit.timeseries.time_axis import Frequency

BOUNDS = ("lower", "upper")
_Line = tuple[np.ndarray, np.ndarray]


def plot_forecast(
    history: pd.Series | pd.DataFrame,
    forecast: pd.Series | pd.DataFrame,
    interval: pd.DataFrame | None = None,
    truth: pd.Series | pd.DataFrame | None = None,
    *,
    last: int | None = None,
    max_series: int = 9,
    freq: Frequency | str | datetime.timedelta | None = None,
    id: Hashable | None = None,
    time: Hashable | None = None,
    target: Hashable | None = None,
    ax: Axes | None = None,
) -> Figure:
    """Draws forecasts after the series they continue.

    Several series have small axes of their own, in the order of the forecast.

    Args:
        history: the series, as a forecaster takes them: a Series, a wide frame or a long one.
            Those without a forecast are left out, and so are covariates beside them.
        forecast: the forecasts, as `predict` gives them.
        interval: columns "lower" and "upper", as `predict_interval` gives them.
        truth: what came afterwards; steps may be missing.
        last: how many steps of each history to draw. Default: five times those of the forecast.
        max_series: how many series to draw, the first ones. Default 9.
        freq: the frequency, where it cannot be inferred from history.
        id, time, target: names of the columns of a long frame; where several name a series, id is a
            list of them. Default: "unique_id", "ds" and "y", or what the columns of the forecast
            hold: dates or periods, floats, and names.
        ax: axes to draw on, for one series. Default: a new figure.

    Returns:
        The figure, with axes a series. `figure.axes` holds them, `figure.savefig(path)` writes it.

    Raises:
        TypeError: for anything but a Series or a frame, or an `ax` that is none.
        ValueError: for series that cannot be read, a forecast of a series that history does not
            have, an interval without its two columns, or an `ax` for several series.

    Example:
        >>> import pandas as pd
        >>> months = pd.period_range("2024-01", periods=4, freq="M")
        >>> sales = pd.Series([3.0, 4.0, 3.5, 5.0], months, name="sales")
        >>> figure = plot_forecast(sales[:3], sales[3:] - 0.5, truth=sales[3:])
        >>> [line.get_label() for line in figure.axes[0].lines]
        ['history', 'truth', 'forecast']
    """
    optional(count)("last", last)
    optional(count)("max_series", max_series)
    history, forecast = as_pandas(history), as_pandas(forecast)
    columns = columns_of_forecast(forecast, LongColumns(id, time, target))
    known = read_series(columns.alone(history), freq, *columns)
    parts = {"forecast": _read("forecast", forecast, columns, known)}
    if interval is not None:
        parts |= _bounds(as_pandas(interval), columns, known)
    if truth is not None:
        parts["truth"] = _read("truth", columns.alone(as_pandas(truth)), columns, known)
    before = _lines(known)
    longest = max(len(values) for _, values in parts["forecast"].values())
    last = last or 5 * longest
    shown = list(parts["forecast"])[:max_series]
    panels = axes_for(shown, ax)
    for axes, name in zip(panels, shown, strict=True):
        x, values = (part[-last:] for part in before[name])
        axes.plot(x, values, color="0.35", label="history", marker=marker(values))
        _draw_future(axes, {part: lines.get(name) for part, lines in parts.items()})
    return finish(panels, shown, known.starts)


def _draw_future(axes: Axes, lines: dict[str, _Line | None]) -> None:
    """Draws what comes after the history of one series; None is what is not known of it."""
    for part, style in {"truth": ("0.35", ":"), "forecast": ("C0", "-")}.items():
        line = lines.get(part)
        if line is not None:
            colour, dashes = style
            axes.plot(*line, color=colour, linestyle=dashes, label=part, marker=marker(line[1]))
    lower, upper = lines.get("lower"), lines.get("upper")
    if lower is None or upper is None:
        return
    if len(lower[0]) == 1:
        axes.vlines(*lower, upper[1], color="C0", alpha=0.4, linewidth=4, label="interval")
    else:
        axes.fill_between(*lower, upper[1], color="C0", alpha=0.2, linewidth=0, label="interval")


def _read(
    argument: str, y: pd.Series | pd.DataFrame, columns: LongColumns, known: Panel
) -> dict[Hashable, _Line]:
    """The lines of what belongs to the series of the history. Errors name the argument."""
    try:
        panel = read_series(y, known.freq, *columns)
    except (TypeError, ValueError) as error:
        raise type(error)(
            f"{argument} must be of a form, and of timestamps, as history is. {error}"
        ) from error
    if panel.form.kind == "series" and len(known.names) == 1:
        panel = replace(panel, names=known.names)
    for name in panel.names:
        if name not in known.names:
            raise ValueError(
                f"{argument} must be of series that history has, got {series_named(name)}; "
                f"history has {listed([*map(repr, known.names)])}."
            )
    return _lines(panel)


def _bounds(
    interval: pd.DataFrame, columns: LongColumns, known: Panel
) -> dict[str, dict[Hashable, _Line]]:
    """The lines of an interval's bounds."""
    parts = {}
    for bound in BOUNDS:
        y, names = _bound(interval, bound, columns)
        parts[bound] = _read("interval", y, names, known)
    lower, upper = parts.values()
    for name, (x, values) in lower.items():
        if name not in upper or not np.array_equal(x, upper[name][0]):
            raise ValueError(
                f"interval must have both bounds of each step of {series_named(name)}."
            )
        if (values > upper[name][1]).any():
            raise ValueError(
                f"interval must have lower below upper, got more in {series_named(name)}."
            )
    return parts


def _bound(
    interval: pd.DataFrame, bound: str, columns: LongColumns
) -> tuple[pd.Series | pd.DataFrame, LongColumns]:
    """One of the bounds, in the form of a series, and the names of a long frame's columns."""
    import pandas as pd

    if not isinstance(interval, pd.DataFrame):
        raise TypeError(
            "interval must be a DataFrame with columns 'lower' and 'upper', as predict_interval "
            f"gives it, got {type(interval).__name__}."
        )
    crossed = interval.columns.nlevels > 1  # (series, bound), of a wide frame
    names = interval.columns.get_level_values(-1) if crossed else interval.columns
    if not {*BOUNDS} <= {*names}:
        raise ValueError(
            "interval must have columns 'lower' and 'upper', as predict_interval gives them, got "
            f"{interval.columns.tolist()[:10]}."
        )
    if crossed:
        return interval.xs(bound, axis=1, level=-1), columns
    if {*id_columns(columns.id), columns.time} & {*interval.columns}:
        values = interval.drop(columns=[other for other in BOUNDS if other != bound])
        return values, columns._replace(target=bound)
    return interval[bound], columns


def _lines(panel: Panel) -> dict[Hashable, _Line]:
    """The positions at which the values of each series are drawn, and the values."""
    ends = np.cumsum(panel.lengths)
    where = np.split(positions(panel.timestamps(0, panel.lengths)), ends[:-1])
    return dict(zip(panel.names, zip(where, panel.values, strict=True), strict=True))
