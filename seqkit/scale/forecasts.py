"""Forecasts as rows of a table: the keys of the series, forecast, lower, upper."""

from __future__ import annotations

from typing import Any

import pandas as pd

from seqkit.estimators.forecasting.parameters import gives_quantiles

BOUNDS = ("lower", "upper")


def forecast_rows(
    model: Any, y: Any, X: Any, static: Any, steps: int | None, coverage: float
) -> pd.DataFrame:
    """Forecasts and intervals, a row a step.

    Args:
        model: the fitted forecaster.
        y, X, static: as its `predict` takes them; y None: the training data.
        steps: None: the horizon.
        coverage: of the intervals, of a model that has such.
    """
    given = {"y": y, "X": X, "horizon": steps, "static": static}
    points = _in_rows(model.predict(**given), model)
    forecasts = points.rename(columns={model.target: "forecast"})
    if gives_quantiles(model):
        bounds = _in_rows(model.predict_interval(coverage, **given), model)
        forecasts = forecasts.assign(**{bound: bounds[bound].to_numpy() for bound in BOUNDS})
    return forecasts


def _in_rows(answer: Any, model: Any) -> pd.DataFrame:
    """An answer of a forecaster as a frame with the time, and the series, in columns."""
    frame = answer.to_frame(model.target) if isinstance(answer, pd.Series) else answer
    if not isinstance(frame.index, pd.RangeIndex) or model.time not in frame.columns:
        frame = frame.rename_axis(index=str(frame.index.name or model.time)).reset_index()
    return frame
