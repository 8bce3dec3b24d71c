"""Series as an exported forecaster takes them: histories that end together, and their times."""

from __future__ import annotations

from typing import Any

import numpy as np

from seqkit.timeseries.panel import Panel

ISO = "%Y-%m-%dT%H:%M:%S"


def histories(panel: Panel) -> np.ndarray:
    """The values of each series, float32 (n, T, 1); what a shorter one lacks stands in front, NaN.

    Example:
        >>> import pandas as pd
        >>> from seqkit.timeseries.read_series import read_series
        >>> days = pd.date_range("2024-01-30", periods=3, freq="D")
        >>> y = pd.DataFrame({"a": [1.0, 2.0, 3.0], "b": [np.nan, 5.0, 6.0]}, days)
        >>> histories(read_series(y))[..., 0].tolist()
        [[1.0, 2.0, 3.0], [nan, 5.0, 6.0]]
    """
    steps = int(panel.lengths.max())
    rows = np.full((len(panel.values), steps, 1), np.nan, np.float32)
    for row, values in zip(rows, panel.values, strict=True):
        row[steps - len(values) :, 0] = values
    return rows


def timestamps(panel: Panel, steps: int, horizon: int) -> np.ndarray:
    """Times of the last steps of each series and of those to forecast, strings (n, T + H)."""
    index: Any = panel.timestamps(panel.lengths - steps, steps + horizon)
    return index.strftime(ISO).to_numpy(object).reshape(len(panel.values), -1)


def request_of(panel: Panel, horizon: int | None) -> dict[str, np.ndarray]:
    """The inputs of a forecaster that reads series alone.

    Args:
        panel: the series.
        horizon: where the model reads timestamps, the steps that it forecasts.
    """
    history = histories(panel)
    if horizon is None:
        return {"history": history}
    times = timestamps(panel, history.shape[1], horizon)
    begun = np.cumsum(~np.isnan(history[..., 0]), 1) > 0
    times[:, : history.shape[1]][~begun] = ""
    return {"history": history, "timestamps": times}
