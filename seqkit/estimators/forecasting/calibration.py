"""Conformal calibration: what is added to quantiles so that they hold the share they should."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np


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
