"""The trainings of a forecaster's fit, and the calibration that goes with them."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

import keras
import numpy as np

from seqkit.estimators.forecasting.calibration import (
    calibrating_windows,
    gives_enough,
    paired_shifts,
)
from seqkit.estimators.forecasting.forecasts import Ends
from seqkit.estimators.forecasting.series_input import GivenSeries
from seqkit.estimators.given import Stage
from seqkit.estimators.plans.training_plan import batch_size_for, plan_for, stops_early
from seqkit.models.forecasting.answers import with_median
from seqkit.training.windows import SeriesData, Windows

if TYPE_CHECKING:
    from seqkit.estimators.forecaster import Seq2SeqForecaster

UNTIL = 0.75  # of a training the newest windows are held back, where they are to calibrate


def stages_of(
    forecaster: Seq2SeqForecaster, data: SeriesData, given: GivenSeries, epochs: int | None
) -> Iterator[Stage]:
    """The trainings of a fit: one, and one more where a calibrated model is trained anew.

    A calibration that is left open takes what early stopping holds out. Without that the newest
    windows are held back from the first part of the training, and calibrate the model of then; the
    last part, at low learning rates, is on all windows.
    """
    target, panel = forecaster._target, forecaster._input.panel
    assert panel is not None
    stops = stops_early(forecaster, int(data.lengths.sum()))
    held_out = forecaster.validation_fraction if stops.value else None
    rest = held_out, forecaster._input.weights(given)
    left_out = 0 if target.kept_levels else target.calibration_windows
    refit = bool(left_out and forecaster.calibration_refit)
    kept, validation = target.windows(data, panel, left_out, *rest)
    early: _EarlyWeights | None = None
    if target.calibrates_itself and validation is None:
        plan = plan_for(forecaster, kept, batch_size_for(forecaster, kept), epochs)
        passes = math.floor(UNTIL * plan.passes)
        counts = np.bincount(kept.series)
        newest = calibrating_windows(counts, target.horizon, target.levels) if passes else 0
        if newest:
            kept = dataclasses.replace(kept, older=_older(kept, newest), older_passes=passes)
            early = _EarlyWeights(passes)
    yield Stage(kept, validation, stops, [early] if early else [], last=not refit)
    functions = forecaster._functions
    parts = [] if validation is None else [(validation.series, validation.ends)]
    if left_out:
        parts.append(functions.calibrating())
    if parts and epochs != 1:  # which says nothing yet
        functions.judge(*parts)
    levels = with_median(target.levels)
    if refit:
        shifts = functions.shifts(levels)
        assert shifts is not None  # for there are windows to calibrate on
        _keep(forecaster, left_out, levels, shifts)
        yield Stage(*target.windows(data, panel, 0, *rest), stops_early=stops)
    elif target.calibrates_itself and validation is not None:
        _calibrate(forecaster, parts[0])
    elif early is not None and early.weights is not None:
        model, weights = forecaster.model_, forecaster.model_.get_weights()
        model.set_weights(early.weights)
        try:
            ends = _newest(kept, newest)
            functions.judge(ends)
            _calibrate(forecaster, ends)
        finally:
            model.set_weights(weights)


def _newest(windows: Windows, count: int) -> Ends:
    """So many of the windows of each series, the newest ones."""
    of_each = windows.ends > windows.data.lengths[windows.series] - windows.horizon - count
    return windows.series[of_each], windows.ends[of_each]


def _older(windows: Windows, newest: int) -> np.ndarray:
    """Positions of those that touch no value which so many of the newest windows forecast."""
    last = windows.data.lengths[windows.series] - windows.horizon
    return np.flatnonzero(windows.ends <= last - windows.horizon - newest + 1)


class _EarlyWeights(keras.callbacks.Callback):
    """Keeps the weights that a model has after some passes.

    Args:
        passes: how many.
    """

    def __init__(self, passes: int) -> None:
        super().__init__()
        self.passes = passes
        self.weights: list[np.ndarray] | None = None

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        if epoch + 1 == self.passes:
            self.weights = self.model.get_weights()


def _calibrate(forecaster: Seq2SeqForecaster, ends: Ends) -> None:
    """Keeps what calibrates the model as it is, where there are enough residuals."""
    levels = with_median(forecaster._target.levels)
    residuals = forecaster._functions.residuals(ends, levels)
    if gives_enough(residuals, levels):
        windows = int(np.bincount(ends[0]).max())
        _keep(forecaster, windows, levels, paired_shifts(residuals, levels))


def _keep(
    forecaster: Seq2SeqForecaster, windows: int, levels: list[float], shifts: np.ndarray
) -> None:
    forecaster._target = forecaster._target.calibrated(windows, levels, shifts)
    forecaster._functions = forecaster._compiled_functions()  # which a model that goes on keeps
