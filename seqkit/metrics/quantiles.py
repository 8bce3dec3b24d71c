"""Scores of forecast quantiles and intervals."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from seqkit.checks import as_numbers
from seqkit.frames import as_pandas
from seqkit.metrics.forecasting import forecasts
from seqkit.metrics.tables import bound_tables, is_table, level_tables, matched


def pinball_loss(
    y_true: ArrayLike, y_pred: ArrayLike, levels: Sequence[float], per_level: bool = False
) -> Any:
    """Mean pinball (quantile) loss (Koenker & Bassett 1978).

        PL_q = q (y - f)        where y >= f
               (1 - q) (f - y)  elsewhere

    For q = .5 it is half the absolute error. M5 also divides it by the mean absolute difference of
    each history. Steps of which the truth is missing do not count.

    Args:
        y_true: the truth, (n, H), NaN where it is missing; or a table, matched by its labels.
        y_pred: the forecast quantiles, (n, H, Q); or a table, as `predict_quantiles` gives it.
        levels: the Q levels, between 0 and 1.
        per_level: True for the Q means over all steps of all series. Default False: their mean.

    Raises:
        ValueError: for other shapes or levels, values that are not finite, or no truth at all.

    Example:
        >>> pinball_loss([[10.0]], [[[8.0, 14.0]]], [0.1, 0.9], per_level=True)
        array([0.2, 0.4])
    """
    true, loss = _pinball(y_true, y_pred, levels)
    means = loss[~np.isnan(true)].mean(axis=0)  # (Q,)
    return means if per_level else float(means.mean())


def weighted_quantile_loss(
    y_true: ArrayLike, y_pred: ArrayLike, levels: Sequence[float], per_level: bool = False
) -> Any:
    """Quantile loss over the size of the truth, known as wQL (Salinas et al. 2020).

        wQL_q = 2 sum PL_q / sum |y|,   sums over all steps of all series

    The mean over levels .1, .2, ..., .9 is close to CRPS over the size of the truth.

    Args, Raises: as for `pinball_loss`; ValueError too where all of the truth is zero.

    Example:
        >>> weighted_quantile_loss([[10.0]], [[[8.0, 14.0]]], [0.1, 0.9])
        0.06
    """
    true, loss = _pinball(y_true, y_pred, levels)
    known = ~np.isnan(true)
    size = np.abs(true[known]).sum()
    if size == 0:
        raise ValueError("y_true must not be all zero: the quantile loss is divided by its size.")
    losses = 2 * loss[known].sum(axis=0) / size  # (Q,)
    return losses if per_level else float(losses.mean())


def coverage(
    y_true: ArrayLike, lower: ArrayLike, upper: ArrayLike | None = None, per_series: bool = False
) -> Any:
    """The share of the truth that lies within intervals, bounds included.

    Args:
        y_true: the truth, (n, H). NaN where it is missing: such steps do not count.
        lower, upper: the bounds of the intervals, (n, H). All three may be tables; or lower is a
            frame with both, as `predict_interval` gives it, and upper None, the default.
        per_series: True for an array (n,), with NaN for a series without truth. Default False:
            the share over all steps of all series.

    Raises:
        ValueError: for other shapes, bounds that are not finite or cross, or no truth at all.

    Example:
        >>> coverage([[1.0, 2.0, 3.0, 9.0]], [[0.0, 0.0, 0.0, 0.0]], [[4.0, 4.0, 4.0, 4.0]])
        0.75
    """
    if upper is None:
        lower, upper = bound_tables(lower)
    y_true, lower, upper = matched(y_true=y_true, lower=lower, upper=upper)
    true = forecasts(y_true, "y_true", missing=True)
    low, high = forecasts(lower, "lower"), forecasts(upper, "upper")
    if not true.shape == low.shape == high.shape:
        raise ValueError(
            "y_true, lower and upper must have the same shape, "
            f"got {true.shape}, {low.shape} and {high.shape}."
        )
    if (low > high).any():
        i, h = np.argwhere(low > high)[0]
        raise ValueError(
            f"lower must not be above upper, got {low[i, h]} and {high[i, h]} for series {i}, "
            f"step {h}."
        )
    inside = (low <= true) & (true <= high)
    steps = (~np.isnan(true)).sum(axis=1)
    if per_series:
        return np.divide(inside.sum(axis=1), steps, out=np.full(len(true), np.nan), where=steps > 0)
    if not steps.any():
        raise ValueError("y_true must hold at least one value, got only missing ones.")
    return float(inside.sum() / steps.sum())


def _pinball(
    y_true: ArrayLike, y_pred: ArrayLike, levels: Sequence[float]
) -> tuple[np.ndarray, np.ndarray]:
    """The truth (n, H), and the loss of each quantile (n, H, Q)."""
    q = np.asarray(levels, float)
    if q.ndim != 1 or not q.size or not ((q > 0) & (q < 1)).all():
        raise ValueError(f"levels must be numbers between 0 and 1, got {levels!r}.")
    y_true, y_pred = as_pandas(y_true), as_pandas(y_pred)
    if is_table(y_true) or is_table(y_pred):
        tables = level_tables(y_pred, levels) if hasattr(y_pred, "columns") else [y_pred]
        pairs = [matched(y_true=y_true, y_pred=table) for table in tables]
        y_true, y_pred = pairs[0][0], np.stack([pred for _, pred in pairs], axis=-1)
    true = forecasts(y_true, "y_true", missing=True)
    quantiles = as_numbers("y_pred", y_pred)
    if quantiles.shape != (*true.shape, len(q)):
        raise ValueError(
            f"y_pred must hold a quantile for each step and level, {(*true.shape, len(q))}, "
            f"got shape {quantiles.shape}."
        )
    if not np.isfinite(quantiles).all():
        i, h, k = np.argwhere(~np.isfinite(quantiles))[0]
        raise ValueError(
            f"y_pred must be finite, got {quantiles[i, h, k]} for series {i}, step {h}, "
            f"level {q[k]}."
        )
    if np.isnan(true).all():
        raise ValueError("y_true must hold at least one value, got only missing ones.")
    error = true[:, :, None] - quantiles
    return true, np.maximum(q * error, (q - 1) * error)
