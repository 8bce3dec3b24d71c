"""Forecasts beside the seasonal naive one, on the windows that nothing was trained on."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from seqkit.training.windows import mase_scales, values_after
from seqkit.warning import warn

ROUNDING = 1e-5  # of forecasts in float32, in units of a series' mean seasonal difference


def naive_after(
    values: Sequence[np.ndarray], series: np.ndarray, ends: np.ndarray, horizon: int, season: int
) -> np.ndarray:
    """The seasonal naive forecasts after each end, (w, H): the value of the same step of the last
    season, NaN where there is none.

    Example:
        >>> naive_after([np.arange(5.0)], np.array([0]), np.array([3]), horizon=3, season=2)
        array([[1., 2., 1.]])
    """
    steps = np.arange(horizon)
    before = steps - season * (steps // season + 1)
    forecasts = np.full((len(series), horizon), np.nan)
    for row, (i, end) in enumerate(zip(series, ends, strict=True)):
        seen = end + before >= 0
        forecasts[row, seen] = values[i][(end + before)[seen]]
    return forecasts


def warn_if_behind(
    points: np.ndarray,
    values: Sequence[np.ndarray],
    series: np.ndarray,
    ends: np.ndarray,
    season: int | None,
    windows: str,
) -> None:
    """Warns where forecasts are worse than seasonal naive ones.

    Errors are absolute ones, in units of each series' mean seasonal difference.

    Args:
        points: the forecasts, (w, H).
        values: of the n series.
        series, ends: of the windows, (w,): the series, and the length of the history.
        season: steps of a season, or None.
        windows: what errors call the windows.
    """
    season = season or 1
    truth = values_after(values, series, ends, points.shape[1])
    naive = naive_after(values, series, ends, points.shape[1], season)
    known = np.isfinite(truth) & np.isfinite(points) & np.isfinite(naive)
    if not known.any():
        return
    scales = mase_scales(values, season)[series][:, None]
    ours, theirs = (np.mean((np.abs(truth - f) / scales)[known]) for f in (points, naive))
    if ours > theirs + ROUNDING:
        last = "the value of a season before" if season > 1 else "the last value"
        warn(
            f"Forecasts are behind the naive one, {last}, {windows}: their mean absolute scaled "
            f"error is {ours:.3g}, that of the naive forecast {theirs:.3g}. Use that one, or try "
            "more data, more max_steps, or another season or lookback."
        )
