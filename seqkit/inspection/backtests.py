"""Backtests: errors by step ahead of forecasts made in the past, and pictures of them.

A backtest is a long frame, as the forecaster's `backtest` gives it. A row is a step that was
forecast, with the columns

    unique_id   the series
    cutoff      the last timestamp that was known
    ds          the timestamp forecast
    y           the truth; NaN where it is missing, which does not count
    forecast
    0.1, 0.9    any quantiles, named by their level
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import numpy as np

from seqkit.checks import did_you_mean
from seqkit.frames import as_pandas
from seqkit.inspection.drawing.panels import axes_for, figure_of, finish, marker, positions
from seqkit.metrics.forecasting import percentage_errors
from seqkit.readers.long_columns import columns_of_backtest, names_of_series
from seqkit.timeseries.messages import listed
from seqkit.timeseries.series_forms import check_long_column, id_columns
from seqkit.timeseries.time_index import time_index

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MEASURES = ("mae", "rmse", "smape", "bias", "coverage")


def error_by_horizon(
    backtest: pd.DataFrame,
    measure: str = "mae",
    *,
    scale: Mapping[Hashable, float] | pd.Series | None = None,
    id: Hashable | None = None,
    time: Hashable | None = None,
) -> pd.Series:
    """The error of forecasts one step ahead, two steps ahead, and so on.

    Each is a mean over all windows of all series:

        mae       |f - y|
        rmse      the root of the mean (f - y)^2
        smape     200 |f - y| / (|f| + |y|), in per cent; 0 where both are 0
        bias      f - y: above 0 where forecasts were too high
        coverage  the share of the truth between the lowest and the highest quantile

    Args:
        backtest: the frame that `backtest` gives.
        measure: one of those. Default "mae".
        scale: for each series, what its errors are divided by, such as the mean absolute seasonal
            difference of its history: then "mae" is a mean of MASE's terms. Without it large series
            weigh most. Default: 1.
        id, time: names of the columns of series and of time; where several name a series, id is a
            list of them. Default: "unique_id" and "ds", or what is before and behind "cutoff".

    Returns:
        A Series named as the measure, indexed by the step ahead, 1 to H; NaN for a step of which no
        truth is known.

    Raises:
        TypeError: for anything but a frame.
        ValueError: for another measure, columns that are not there, or a scale that is missing or
            not above 0.

    Example:
        >>> import pandas as pd
        >>> frame = pd.DataFrame({
        ...     "unique_id": ["a"] * 4, "cutoff": [1, 1, 2, 2], "ds": [2, 3, 3, 4],
        ...     "y": [1.0, 2.0, 2.0, 5.0], "forecast": [1.0, 1.0, 3.0, 2.0],
        ... })
        >>> error_by_horizon(frame)
        step
        1    0.5
        2    2.0
        Name: mae, dtype: float64
    """
    import pandas as pd

    if measure not in MEASURES:
        raise ValueError(
            f"measure must be one of {', '.join(MEASURES)}, got {measure!r}."
            f"{did_you_mean(measure, MEASURES)}"
        )
    if scale is not None and measure in ("smape", "coverage"):
        raise ValueError(f"scale must be None for {measure}, which has none.")
    backtest = as_pandas(backtest)
    id, time = columns_of_backtest(backtest, id, time)
    _check(backtest, id, time)
    frame = _sorted(backtest, time)
    y, forecast = (frame[column].to_numpy(float) for column in ("y", "forecast"))
    if measure == "coverage":
        levels = levels_of(frame)
        if len(levels) < 2:
            raise ValueError(
                "backtest must have two columns of quantiles or more for coverage, such as 0.1 and "
                f"0.9, got {frame.columns.tolist()[:10]}."
            )
        low, high = (frame[levels[k]].to_numpy(float) for k in (0, -1))
        terms = np.where(np.isnan(y), np.nan, (low <= y) & (y <= high))
    elif measure == "smape":
        terms = percentage_errors(y, forecast)
    else:
        error = forecast - y
        if scale is not None:
            error = error / _row_scales(scale, names_of_series(frame, id))
        terms = {"mae": np.abs(error), "rmse": error**2, "bias": error}[measure]
    steps = (
        frame.groupby([*id_columns(id), "cutoff"], sort=False, dropna=False).cumcount().to_numpy()
        + 1
    )
    means = pd.Series(terms, name=measure).groupby(steps).mean().rename_axis("step")
    return means**0.5 if measure == "rmse" else means


def plot_backtest(
    backtest: pd.DataFrame,
    series: Hashable | Sequence[Hashable] | None = None,
    *,
    max_series: int = 6,
    id: Hashable | None = None,
    time: Hashable | None = None,
    ax: Axes | None = None,
) -> Figure:
    """Draws the forecasts of each window over the truth; dotted lines mark what was known.

    Where the backtest has quantiles, the band is between the lowest and the highest.

    Args:
        backtest: the frame that `backtest` gives.
        series: the name of a series, or a list of names. Default: the first ones.
        max_series: how many, where no series is named; with `ax`, one. Default 6.
        id, time: names of the columns of series and of time; where several name a series, id is a
            list of them. Default: "unique_id" and "ds", or what is before and behind "cutoff".
        ax: axes to draw on, for one series. Default: a new figure.

    Returns:
        The figure, with axes a series.

    Raises:
        TypeError: for anything but a frame, or an `ax` that is none.
        ValueError: for columns or a series that are not there, or an `ax` for several series.
    """
    import pandas as pd

    backtest = as_pandas(backtest)
    id, time = columns_of_backtest(backtest, id, time)
    _check(backtest, id, time)
    names = names_of_series(backtest, id)
    known = names.drop_duplicates().tolist()
    if series is None:
        shown = known[: 1 if ax is not None else max_series]
    else:
        shown = list(series) if isinstance(series, list | np.ndarray | pd.Index) else [series]
        for name in shown:
            if name not in known:
                raise ValueError(
                    f"series must be in the column {id!r} of backtest, got {name!r}; it has "
                    f"{listed([*map(repr, known)])}."
                )
    panels = axes_for(shown, ax)
    for axes, name in zip(panels, shown, strict=True):
        unnamed = not isinstance(name, tuple) and pd.isna(name)
        own = names.isna() if unnamed else np.array([other == name for other in names])
        _draw_windows(axes, _sorted(backtest[own], time), time)
    return finish(panels, shown, time_index(backtest[time], "the time of backtest"))


def plot_error_by_horizon(
    backtest: pd.DataFrame | Mapping[str, pd.DataFrame] | Sequence[pd.DataFrame],
    measure: str = "mae",
    *,
    scale: Mapping[Hashable, float] | pd.Series | None = None,
    id: Hashable | None = None,
    time: Hashable | None = None,
    ax: Axes | None = None,
) -> Figure:
    """Draws how errors grow with the steps ahead, a line a model.

    Args:
        backtest: the frame that `backtest` gives; or several of them, by the names of their models
            or in a list.
        measure, scale, id, time: as for `error_by_horizon`.
        ax: axes to draw on. Default: a new figure.

    Returns:
        The figure.

    Raises:
        TypeError, ValueError: as for `error_by_horizon`; ValueError too for no backtest at all.
    """
    (axes,) = axes_for([measure], ax)
    from matplotlib.ticker import MaxNLocator  # after axes_for, which checks that it is installed

    errors = {
        name: error_by_horizon(frame, measure, scale=scale, id=id, time=time)
        for name, frame in _by_model(backtest).items()
    }
    for name, error in errors.items():
        axes.plot(error.index, error, label=name, marker="." if len(error) > 1 else "o")
    axes.set(xlabel="steps ahead", ylabel=measure if scale is None else f"{measure}, scaled")
    axes.xaxis.set_major_locator(MaxNLocator("auto", integer=True))
    axes.grid(alpha=0.3)
    if len(errors) > 1:
        axes.legend()
    return figure_of(axes)


def levels_of(backtest: pd.DataFrame) -> list[Hashable]:
    """The columns of quantiles in the order of their levels; text, as of a file, will do.

    Example:
        >>> import pandas as pd
        >>> levels_of(pd.DataFrame(columns=["y", 0.9, "0.1"]))
        ['0.1', 0.9]
    """
    levels: dict[float, Hashable] = {}
    for column in backtest.columns:
        if isinstance(column, float | str):
            with suppress(ValueError):
                levels[float(column)] = column
    return [levels[level] for level in sorted(levels) if 0 < level < 1]


def _draw_windows(axes: Axes, frame: pd.DataFrame, time: Hashable) -> None:
    """Draws the windows of one series, whose rows ascend in time."""
    truth = frame.drop_duplicates(time)
    axes.plot(_at(truth[time]), truth["y"], color="0.35", label="truth", zorder=3)
    levels = levels_of(frame)
    band = "" if len(levels) < 2 else f"{levels[0]} to {levels[-1]}"
    for k, (cutoff, window) in enumerate(frame.groupby("cutoff")):
        x, forecast = _at(window[time]), window["forecast"]
        axes.axvline(_at([cutoff])[0], color="0.6", linestyle=":", linewidth=0.8, label="_cutoff")
        axes.plot(x, forecast, color="C0", label="_" if k else "forecast", marker=marker(x))
        if band:
            bounds = (window[levels[0]], window[levels[-1]])
            label = "_" if k else band
            axes.fill_between(x, *bounds, color="C0", alpha=0.2, linewidth=0, label=label)


def _sorted(frame: pd.DataFrame, time: Hashable) -> pd.DataFrame:
    return frame.iloc[np.argsort(frame[time], kind="stable")]


def _at(times: pd.Series | list[Any]) -> np.ndarray:

    return positions(time_index(times, "the time of backtest"))


def _check(backtest: Any, id: Any, time: Hashable) -> None:
    import pandas as pd

    if not isinstance(backtest, pd.DataFrame):
        raise TypeError(
            "backtest must be a DataFrame, as the forecaster's backtest gives it, got "
            f"{type(backtest).__name__}."
        )
    for argument, column in [*(("id", column) for column in id_columns(id)), ("time", time)]:
        check_long_column(backtest, argument, column, "backtest")
    for column in ("cutoff", "y", "forecast"):
        if column not in backtest.columns:
            raise ValueError(
                f"backtest must have a column {column!r}, got {backtest.columns.tolist()[:10]}."
                f"{did_you_mean(column, backtest.columns)}"
            )
    if backtest.empty:
        raise ValueError("backtest must have at least one row, got none.")


def _row_scales(scale: Mapping[Hashable, float] | pd.Series, ids: pd.Series) -> np.ndarray:
    """The scale of each row."""
    scales = np.array([dict(scale).get(name, np.nan) for name in ids], float)
    wrong = ~(np.isfinite(scales) & (scales > 0))
    if wrong.any():
        row = int(np.argmax(wrong))
        raise ValueError(
            f"scale must have a number above 0 for each series, got {scales[row]} for "
            f"{ids.iloc[row]!r}. Leave such series out."
        )
    return scales


def _by_model(
    backtest: pd.DataFrame | Mapping[str, pd.DataFrame] | Sequence[pd.DataFrame],
) -> dict[str, Any]:
    """The backtests by the names of their models; one alone has none."""
    if isinstance(backtest, Mapping):
        backtests = {str(name): frame for name, frame in backtest.items()}
    elif isinstance(backtest, list | tuple):
        backtests = {f"model {k}": frame for k, frame in enumerate(backtest, 1)}
    else:
        return {"": backtest}  # no frame: the error is that of any single one
    if not backtests:
        raise ValueError("backtest must be of at least one model, got none.")
    return backtests
