"""The score of forecasts: of what follows the training data, or of the ends of other series."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from seqkit.estimators.forecasting.forecasts import Forecasts
from seqkit.estimators.forecasting.future_steps import FutureSteps
from seqkit.estimators.forecasting.series_input import SeriesInput
from seqkit.metrics import mase
from seqkit.timeseries.messages import series_named
from seqkit.timeseries.panel import Panel
from seqkit.training.windows import values_after


def minus_mase(
    forecasts: Forecasts, source: SeriesInput, target: FutureSteps, y: Any, X: Any, static: Any
) -> float:
    """Minus the MASE of forecasts of y, as `Seq2SeqForecaster.score` describes it.

    Args:
        forecasts, source, target: the parts of a fitted forecaster.
        y, X, static: as `score` takes them.
    """
    horizon = target.horizon
    panel, X, static = source.given(y, X, static)
    assert source.panel is not None
    assert source.data is not None
    after = _continued(source.panel, panel)
    if after is None:
        short = [n for n, v in zip(panel.names, panel.values, strict=True) if len(v) < 3]
        if short or (panel.lengths <= horizon).any():
            raise ValueError(
                "y must go on after the training data, series by series, or hold series longer "
                f"than horizon={horizon}; got {panel.lengths.min()} steps of "
                f"{series_named(panel.names[int(panel.lengths.argmin())])}."
            )
        data = source.covariates.read(panel, X, static)
        first = panel.lengths - horizon
    else:
        panel, first, positions = after
        seen = source.data.of(positions)
        data = source.covariates.read(panel, X, static, None, seen)
    rows = -(-(panel.lengths - first) // horizon)
    series = np.repeat(np.arange(len(first)), rows)
    step = np.arange(rows.sum()) - np.repeat(np.cumsum(rows) - rows, rows)
    ends = first[series] + step * horizon
    points = forecasts.run("forecast", data, (series, ends))
    truth = values_after(panel.values, series, ends, horizon)
    # Where a series has no value in the history there is no forecast.
    known = np.isfinite(points).all(1)
    if not known.any():
        raise ValueError("y has no series with a value before the steps to forecast.")
    # A row a series, so that each step weighs the same, in a last part of a horizon too.
    forecast = np.flatnonzero(np.bincount(series[known], minlength=len(first)))
    row = np.searchsorted(forecast, series[known])
    begin = (step[known] * horizon)[:, None] + np.arange(horizon)
    whole = np.zeros((2, len(forecast), rows.max() * horizon))
    whole[0] = np.nan
    whole[0][row[:, None], begin], whole[1][row[:, None], begin] = truth[known], points[known]
    histories = [panel.values[i][: first[i]] for i in forecast]
    return -float(mase(whole[0], whole[1], histories, target.season or 1))


def _continued(before: Panel, after: Panel) -> tuple[Panel, np.ndarray, list[int]] | None:
    """The series of both in one, how many steps of each came before, and their positions in
    `before`; None where a series is not in it, or begins within."""
    known = {name: position for position, name in enumerate(before.names)}
    positions = [known.get(name, -1) for name in after.names]
    if min(positions) < 0 or type(before.axis) is not type(after.axis):
        return None
    firsts, on_grid = before.axis.ordinals(after.starts)
    steps, rest = np.divmod(firsts - before.first[positions], before.axis.step)
    lengths = before.lengths[positions]
    if (steps < lengths).any() or rest.any() or not np.all(on_grid):
        return None
    values = [
        np.concatenate([before.values[i], np.full(step - len(before.values[i]), np.nan), v])
        for i, step, v in zip(positions, steps, after.values, strict=True)
    ]
    joined = replace(after, values=values, first=before.first[positions], axis=before.axis)
    return joined, lengths, positions
