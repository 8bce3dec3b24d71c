"""Conformal calibration: what is added to quantiles so that they hold the share they should."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

BEYOND = 10  # residuals of a step that lie beyond the outermost levels: of fewer they jump about


def conformal_shifts(residuals: np.ndarray, levels: Sequence[float]) -> np.ndarray:
    """The shifts that are added to the scaled quantiles of each step, (H, n).

    Split conformal, each side for itself (Romano, Patterson & Candes 2019, section 4): the k-th
    smallest of w residuals y - q, with k = ceil((w + 1) level) from the median up, and
    floor((w + 1) level) below it.

    Args:
        residuals: of w windows, (w, H, n), NaN where the truth is missing.
        levels: of the n quantiles.

    Raises:
        ValueError: for fewer residuals than a level needs.

    Example:
        >>> residuals = np.arange(9.0).reshape(9, 1, 1)
        >>> conformal_shifts(residuals, [0.9])
        array([[8.]])
    """
    columns = [_ranked(residuals[..., k], level) for k, level in enumerate(levels)]
    return np.stack(columns, axis=-1)


def paired_shifts(residuals: np.ndarray, levels: Sequence[float]) -> np.ndarray:
    """The shifts that are added to the scaled quantiles of each step, (H, n), alike on both sides.

    Split conformal of intervals (Romano, Patterson & Candes 2019, section 3): the two bounds of a
    central interval move apart by the k-th smallest of w scores max(lower - y, y - upper). A trend
    that all series share in the windows, and that does not go on, moves one side no further than
    the other; nor does it move the median. A level without its opposite is shifted by itself.

    Args:
        residuals: of w windows, (w, H, n), NaN where the truth is missing.
        levels: of the n quantiles.

    Raises:
        ValueError: for fewer residuals than a level needs.

    Example:
        >>> residuals = np.arange(-4.0, 5).reshape(9, 1, 1).repeat(2, axis=-1)  # of bounds at 0
        >>> paired_shifts(residuals, [0.1, 0.9])
        array([[-4.,  4.]])
    """
    columns = {round(level, 9): k for k, level in enumerate(levels)}
    shifts = np.zeros((residuals.shape[1], len(levels)))
    for level, k in columns.items():
        opposite = columns.get(round(1 - level, 9))
        if opposite is None:
            shifts[:, k] = _ranked(residuals[..., k], level)
        elif opposite > k:
            scores = np.maximum(-residuals[..., k], residuals[..., opposite])
            apart = _ranked(scores, abs(1 - 2 * level))
            shifts[:, k], shifts[:, opposite] = -apart, apart
    return shifts


def calibrating_windows(counts: np.ndarray, horizon: int, levels: Sequence[float]) -> int:
    """The newest windows of each series to hold back, so that there are enough residuals: as few as
    do, at most a horizon's; 0 where that is not enough, or would leave less than half of all.

    Args:
        counts: windows of each series, (n,).
        horizon: steps of a window, H.
        levels: of quantiles.

    Example:
        >>> calibrating_windows(np.array([90, 120, 40]), 24, [0.1, 0.5, 0.9])
        0
        >>> calibrating_windows(np.full(10, 90), 24, [0.1, 0.5, 0.9])
        10
    """
    for windows in range(1, horizon + 1):
        older = np.maximum(counts - horizon - windows + 1, 0).sum()
        if older < counts.sum() / 2:
            break
        if np.minimum(counts, windows).sum() >= _needed(levels):
            return windows
    return 0


def gives_enough(residuals: np.ndarray, levels: Sequence[float]) -> bool:
    """Whether there are as many residuals (w, H, n) of each step as make quantiles steady."""
    return bool((np.isfinite(residuals).sum(0) >= _needed(levels)).all())


def _needed(levels: Sequence[float]) -> int:
    tail = min(min(level, 1 - level) for level in levels)
    return BEYOND * math.ceil(round(1 / tail, 6))


def _ranked(residuals: np.ndarray, level: float) -> np.ndarray:
    """The residual of each step at the rank of the level, (H,), of those that are there (w, H)."""
    shifts = np.empty(residuals.shape[1])
    for h, column in enumerate(residuals.T):
        ordered = np.sort(column[np.isfinite(column)])
        n = len(ordered)
        rank = math.ceil((n + 1) * level) if level >= 0.5 else math.floor((n + 1) * level)
        if not 1 <= rank <= n:
            needed = math.ceil(1 / min(level, 1 - level)) - 1
            raise ValueError(
                f"calibration_windows must give at least {needed} residuals a step for level "
                f"{level:g}, got {n} at step {h + 1}. Fit with more, or ask for milder levels."
            )
        shifts[h] = ordered[rank - 1]
    return shifts
