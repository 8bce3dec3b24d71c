"""Requests to an exported forecaster: of series, and made-up ones that show the form."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import tensorflow as tf

from seqkit.estimators.forecasting.future_steps import FutureSteps
from seqkit.estimators.forecasting.series_input import SeriesInput
from seqkit.serving.series_rows import request_of, timestamps

STEPS_SHOWN = 36  # of a made-up history, at most
ROWS = 2


def request_of_series(
    y: Any, series: SeriesInput, target: FutureSteps, specs: Sequence[tf.TensorSpec]
) -> dict[str, np.ndarray]:
    """The inputs by which an export forecasts series.

    Args:
        y: the series, as `predict` takes them.
        series, target: the parts of the forecaster.
        specs: of the inputs.

    Raises:
        ValueError: where the model reads covariates too.
    """
    others = [spec.name for spec in specs if spec.name not in ("history", "timestamps")]
    if others or specs[0].shape[-1] != 1:
        names = ", ".join(spec.name for spec in specs)
        raise ValueError(
            f"example must be a dict of arrays by the names of the inputs, {names}, where the "
            "model reads covariates; or None."
        )
    reads_times = len(specs) > 1
    return request_of(series.read(y), target.horizon if reads_times else None)


def made_up_request(
    series: SeriesInput, target: FutureSteps, specs: Sequence[tf.TensorSpec]
) -> dict[str, np.ndarray]:
    """Waves about the level of the first series; covariates at their means, or the first of their
    categories; the timestamps before the end of that series.

    Args:
        series, target: the parts of the forecaster.
        specs: of the inputs.
    """
    panel, covariates = series.panel, series.covariates
    assert panel is not None
    steps = min(target.lookback, STEPS_SHOWN)
    levels = covariates.levels
    means = {
        column: mean
        for kind, columns in (("past", covariates.past), ("known", covariates.known))
        for column, mean in zip(columns, covariates.moments.get(kind, ([],))[0], strict=False)
    }
    channels = [means[c] for c in covariates.columns_in_order if c not in levels]
    values: dict[str, Any] = {
        "history": np.concatenate(
            [_waves(series, panel.values[0], steps)[..., None], _repeated(channels, steps)], -1
        ),
        "future": _repeated(
            [means[c] for c in covariates.known if c not in levels], target.horizon
        ),
        "history_categories": _repeated(
            [str(levels[c][0]) for c in covariates.columns_in_order if c in levels], steps
        ),
        "future_categories": _repeated(
            [str(levels[c][0]) for c in covariates.known if c in levels], target.horizon
        ),
        "static": _repeated(covariates.moments.get("static", ([],))[0], 1)[:, 0],
        "categories": _repeated([str(c[0]) for c in covariates.categories.values()], 1)[:, 0],
    }
    if any(spec.name == "timestamps" for spec in specs):
        values["timestamps"] = np.repeat(timestamps(panel, steps, target.horizon)[:1], ROWS, 0)
    return {
        spec.name: np.asarray(
            values[spec.name], object if spec.dtype == tf.string else spec.dtype.as_numpy_dtype
        )
        for spec in specs
    }


def _waves(series: SeriesInput, values: np.ndarray, steps: int) -> np.ndarray:
    """Two histories that the series' input does not refuse, (2, T)."""
    level, spread = np.nanmean(values), np.nanstd(values) or 1.0
    angles = np.arange(steps) * np.pi / 6 + np.array([[0.0], [np.pi / 2]])
    waves = level + spread * np.sin(angles)
    lowest = 0.0 if series.transform == "log" or series.counts else -np.inf
    waves = np.maximum(waves, max(lowest, -np.inf if series.minimum is None else series.minimum))
    if series.counts:
        return np.round(waves)
    return np.vectorize(lambda value: float(f"{value:.5g}"))(waves)


def _repeated(row: Sequence[Any], steps: int) -> np.ndarray:
    """The same values at each step, (2, T, n)."""
    values = np.array(row, object if row and isinstance(row[0], str) else float)
    return np.broadcast_to(values, (ROWS, steps, len(row)))
