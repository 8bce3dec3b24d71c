"""Backtests: forecasts from several ends of the past, beside what came."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from sklearn.base import clone

from seqkit import checks
from seqkit.estimators.forecasting.against_naive import warn_if_behind
from seqkit.estimators.forecasting.forecasts import Forecasts
from seqkit.estimators.forecasting.future_steps import FEWEST, FutureSteps
from seqkit.estimators.forecasting.series_input import GivenSeries, SeriesInput
from seqkit.readers.long_form import ID
from seqkit.timeseries.panel import Panel
from seqkit.timeseries.series_forms import id_values
from seqkit.training.windows import SeriesData, values_after
from seqkit.warning import warn


class Origin(NamedTuple):
    """One end of the past: the model that forecasts from it, and the series with covariates."""

    forecasts: Forecasts
    data: SeriesData


def backtest_of(
    forecaster: Any,
    y: Any,
    X: Any,
    static: Any,
    *,
    windows: int,
    step: int | None,
    refit: bool,
    levels: Sequence[float] | None,
) -> pd.DataFrame:
    """The table of `Seq2SeqForecaster.backtest`, whose arguments these are."""
    checks.count("windows", windows)
    checks.optional(checks.count)("step", step)
    if refit:
        forecaster.check_parameters()
    else:
        forecaster._check_ready()
    is_fitted = hasattr(forecaster, "model_")
    source = forecaster._input if is_fitted else SeriesInput.of(forecaster)
    panel, X, static = source.given(y, X, static)
    if y is None and not refit:
        warn(
            "The model was fitted to the data of this backtest: its errors are smaller than "
            "those to come. Use refit=True, or give a y that it has not seen."
        )
    columns = source.covariates.columns
    if refit and X is None and columns:  # new models would be fitted without a word
        raise ValueError(f"X must hold the columns {columns}, as in fit, where refit=True.")
    target = FutureSteps.of(forecaster, panel) if refit else forecaster._target
    chosen: list[float] = []
    if target.has_quantiles or levels is not None:
        chosen = target.checked_levels(levels)
    if refit:

        def origin(before: int) -> Origin:
            model: Any = clone(forecaster)
            model._fit(GivenSeries(until(panel, before), X, static))
            return Origin(model._functions, model._input.covariates.read(panel, X, static))

    else:
        seen = forecaster._input.data if y is None else None
        fitted = Origin(forecaster._functions, source.covariates.read(panel, X, static, None, seen))

        def origin(before: int) -> Origin:
            return fitted

    step = step or target.horizon
    sizes = {"horizon": target.horizon, "windows": windows, "step": step}
    return rolling_origin(panel, origin, **sizes, season=target.season, levels=chosen)


def rolling_origin(
    panel: Panel,
    origin: Callable[[int], Origin],
    *,
    horizon: int,
    windows: int,
    step: int,
    season: int | None,
    levels: Sequence[float],
) -> pd.DataFrame:
    """A row for each step of each window of each series. Warns where they are worse than seasonal
    naive forecasts.

    Args:
        panel: the series.
        origin: from a number of steps before the end of each series to what forecasts from there.
        horizon: steps of a forecast.
        windows: ends of the past.
        step: steps from one end to the next.
        season: steps of a season, or None.
        levels: of quantiles besides.

    Raises:
        ValueError: where the windows reach back farther than any series.
    """
    parts, judged = [], []
    for k in reversed(range(windows)):
        before = horizon + k * step
        ends = panel.lengths - before
        series = np.flatnonzero(ends >= FEWEST)
        if not len(series):
            raise ValueError(
                f"windows={windows} reach back {before} steps before the end of each series, "
                f"and the longest has {panel.lengths.max()}. Use fewer windows, or a smaller step."
            )
        forecasts, data = origin(before)
        chosen = (series, ends[series])
        columns = [forecasts.run("forecast", data, chosen)[..., None]]
        if levels:
            columns.append(forecasts.run("quantiles", data, chosen, levels))
        judged.append((columns[0][..., 0], *chosen))
        parts.append(_table(panel, *chosen, np.concatenate(columns, -1), levels))
    points, series, ends = map(np.concatenate, zip(*judged, strict=True))
    warn_if_behind(points, panel.values, series, ends, season, "in this backtest")
    return pd.concat(parts, ignore_index=True)


def until(panel: Panel, before: int) -> Panel:
    """The series as they were some steps before their ends; those that had enough values then."""
    values = [x[:-before] for x in panel.values]
    kept = [i for i, x in enumerate(values) if len(x) >= FEWEST and np.isfinite(x).any()]
    return replace(
        panel,
        values=[values[i] for i in kept],
        names=[panel.names[i] for i in kept],
        first=panel.first[kept],
        form=replace(panel.form, ids=panel.form.ids[kept]),
    )


def _table(
    panel: Panel,
    series: np.ndarray,
    ends: np.ndarray,
    forecasts: np.ndarray,
    levels: Sequence[float],
) -> pd.DataFrame:
    """A row for each step of each window."""
    horizon = forecasts.shape[1]
    form = panel.form
    some = replace(panel, values=[panel.values[i] for i in series], first=panel.first[series])
    if form.kind in ("series", "wide") or form.id is None:
        names = pd.Index(np.array([*panel.names, None], dtype=object)[:-1][series])
        table = pd.DataFrame({ID: names})
    else:
        table = pd.DataFrame(id_values(form.ids[series], form.id))
    table = table.loc[table.index.repeat(horizon)].reset_index(drop=True)
    cutoffs = some.timestamps(ends - 1, 1)
    table["cutoff"] = cutoffs.repeat(horizon)
    table["ds" if form.time is None else form.time] = some.timestamps(ends, horizon)
    table["y"] = values_after(panel.values, series, ends, horizon).ravel()
    table["forecast"] = forecasts[..., 0].ravel()
    for k, level in enumerate(levels):
        table[level] = forecasts[..., k + 1].ravel()
    return table
