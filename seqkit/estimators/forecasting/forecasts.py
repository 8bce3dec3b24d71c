"""Forecasts of a fitted model, any number of steps ahead: points, quantiles and paths."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import Any

import numpy as np
import tensorflow as tf

from seqkit import checks
from seqkit.estimators.forecasting.against_naive import warn_if_behind
from seqkit.estimators.forecasting.calibration import conformal_shifts
from seqkit.estimators.forecasting.future_steps import FEWEST, FutureSteps
from seqkit.estimators.forecasting.series_input import SeriesInput
from seqkit.layers.engine.dispatch import InferencePath, PathOfInference, recurrence_path
from seqkit.models.forecasting.answers import MEDIAN, with_median
from seqkit.models.forecasting.forecaster import PATHS, Forecaster
from seqkit.timeseries.messages import series_listed
from seqkit.timeseries.panel import Panel
from seqkit.training.programs.shared_functions import SHARED
from seqkit.training.randomness import generator_of
from seqkit.training.windows import SeriesData, Windows, all_windows
from seqkit.types import Tensor
from seqkit.warning import warn

BATCH = 1024  # windows forecast at once
Ends = tuple[np.ndarray, np.ndarray]  # windows, by their series and the lengths of their histories


class Forecasts:
    """Runs the functions of a fitted model, compiled when they are first used.

    Args:
        model: the fitted model.
        series: what it was fitted on, which calibrates it.
        target: what it forecasts.
        kind: gives, for what a function depends on beside the model's weights, the same for all
            models of a kind; None where that is not known.
    """

    def __init__(
        self,
        model: Forecaster,
        series: SeriesInput,
        target: FutureSteps,
        kind: Callable[[Any], Hashable] = lambda parts: None,
    ) -> None:
        self._model, self._series, self._target, self._kind = model, series, target, kind
        self._compiled: dict[Any, Any] = {}
        self._path = InferencePath()
        self._calibrated: dict[tuple[float, ...], np.ndarray] = {}

    def points(self, data: SeriesData, steps: int) -> np.ndarray:
        """The forecast of each step, (n, steps)."""
        return self._one_horizon_after_the_other("forecast", data, steps)

    def quantiles(self, data: SeriesData, steps: int, levels: Sequence[float]) -> np.ndarray:
        """Quantiles of each step, (n, steps, levels)."""
        horizon = self._target.horizon
        if steps <= horizon:
            return self._one_horizon_after_the_other("quantiles", data, steps, levels)
        if not self._model.head.draws:
            warn(
                f"Quantiles beyond horizon={horizon} take the forecasts before for certain, "
                "and are too close together. Fit with a longer horizon, or a distribution as head."
            )
            return self._one_horizon_after_the_other("quantiles", data, steps, levels)
        first = self._one_horizon_after_the_other("quantiles", data, horizon, levels)
        later = self.paths(data, steps, PATHS)[:, :, horizon:]
        return np.concatenate([first, np.moveaxis(np.quantile(later, levels, axis=1), 0, 2)], 1)

    def paths(self, data: SeriesData, steps: int, n_paths: int) -> np.ndarray:
        """Paths drawn of each series, (n, n_paths, steps)."""
        rng = generator_of(self._target.seed)
        n, horizon = len(data.values), self._target.horizon
        data = data.tail(self._target.lookback)  # which is copied for each path
        parts: list[np.ndarray] = []
        for k in range(-(-steps // horizon)):
            # After the first horizon each path goes on as a series of its own.
            drawn = self.run("sample", data, paths=1 if k else n_paths, rng=rng)
            paths = drawn.reshape(n * n_paths, horizon)
            data = (data if k else data.repeated(n_paths)).continued(paths)
            parts.append(paths.reshape(n, n_paths, horizon))
        return np.concatenate(parts, 2)[:, :, :steps]

    def in_sample(self, steps: int) -> list[np.ndarray]:
        """The forecast of each value of the fit's series from what came until some steps before it,
        n arrays (T_i,), NaN where that is too little."""
        data, horizon = self._series.data, self._target.horizon
        assert data is not None
        checks.count("steps", steps)
        if steps > horizon:
            raise ValueError(f"steps must be at most horizon={horizon}, got {steps}.")
        lengths = data.lengths
        forecasts = [np.full(length, np.nan) for length in lengths]
        series, ends = all_windows(lengths, min(self._target.lookback, FEWEST), steps)
        if len(series):
            last = self.run("forecast", data, (series, ends))[:, steps - 1]
            flat = np.concatenate(forecasts)
            flat[(np.cumsum(lengths) - lengths)[series] + ends + steps - 1] = last
            forecasts = np.split(flat, np.cumsum(lengths)[:-1])
        return forecasts

    def judge(self, *held_out: Ends) -> None:
        """Warns where windows that were held out in training are forecast worse than by the
        seasonal naive forecast."""
        data = self._series.data
        assert data is not None
        series, ends = map(np.concatenate, zip(*held_out, strict=True))
        points = self.run("forecast", data, (series, ends))
        windows = "in the windows that were held out"
        warn_if_behind(points, data.values, series, ends, self._target.season, windows)

    def calibrating(self) -> Ends:
        """The newest windows of each series, as many as are to calibrate."""
        target, data = self._target, self._series.data
        assert data is not None
        shortest = min(target.lookback, FEWEST)
        newest = target.calibration_windows
        return all_windows(data.lengths, shortest, target.horizon, newest=newest)

    def shifts(self, levels: Sequence[float]) -> np.ndarray | None:
        """The shifts that calibration adds to scaled quantiles, (H, n); None without it."""
        target = self._target
        if not target.calibration_windows:
            return None
        if target.kept_levels is not None and target.kept_shifts is not None:
            known = target.kept_levels
            return np.stack([np.interp(levels, known, row) for row in target.kept_shifts])
        key = tuple(levels)
        if key not in self._calibrated:
            residuals = self.residuals(self.calibrating(), levels)
            self._calibrated[key] = conformal_shifts(residuals, levels)
        return self._calibrated[key]

    def residuals(self, ends: Ends, levels: Sequence[float]) -> np.ndarray:
        """How far the truth of the fit's windows lies above scaled quantiles, (w, H, n)."""
        data = self._series.data
        assert data is not None
        residuals = self.run("residuals", data, ends, levels)
        # Of windows without spread alone there are none.
        return residuals if np.isfinite(residuals).any() else np.zeros_like(residuals)

    def run(
        self,
        name: str,
        data: SeriesData,
        ends: Ends | None = None,
        levels: Sequence[float] = (),
        paths: int = 0,
        rng: np.random.Generator | None = None,
    ) -> np.ndarray:
        """Values of a function of the model for each series; or for windows.

        Args:
            name: "forecast", "quantiles", "residuals" or "sample".
            data: the series.
            ends: of the windows; None: the end of each series.
            levels: of quantiles and residuals.
            paths: drawn of each window.
            rng: draws them.
        """
        target = self._target
        if name == "forecast" and target.calibration_windows:
            return self.run("quantiles", data, ends, [MEDIAN])[..., 0]
        if name == "quantiles" and target.calibration_windows and MEDIAN not in levels:
            around = with_median(levels)
            columns = [around.index(level) for level in levels]
            return self.run(name, data, ends, around)[..., columns]
        if ends is None:
            data = data.tail(target.lookback)
            ends = np.arange(len(data.values)), data.lengths
        windows = Windows(data, target.lookback, target.horizon, *ends)
        shifts = self.shifts(levels) if name == "quantiles" else None
        if shifts is None:
            shifts = np.zeros((target.horizon, len(levels)))
        parts = []
        for inputs, truth in windows.batches(BATCH):
            shape = name, tuple(levels), paths, len(truth)
            path = self._path.next(shape, target.lookback + target.horizon)
            function = self._function(name, windows, levels, paths, path)
            seed = np.zeros(2) if rng is None else rng.integers(2**31, size=2)
            arguments = (tf.constant(shifts, tf.float32), tf.constant(seed, tf.int32))
            parts.append(function(inputs, truth, *arguments).numpy())
        return np.concatenate(parts)

    def _function(
        self,
        name: str,
        windows: Windows,
        levels: Sequence[float],
        paths: int,
        path: PathOfInference,
    ) -> Any:
        """From inputs, the truth, shifts (H, n) and a seed to what the model gives."""
        key = (name, tuple(levels), paths, path)
        if key not in self._compiled:
            model = self._model
            # Unshifted quantiles do not cross; only shifted ones are sorted.
            calibrated = self._target.calibration_windows > 0
            functions = {
                "forecast": lambda x, y, shifts, seed: model.forecast(x),
                "quantiles": lambda x, y, shifts, seed: model.quantiles(
                    x, levels, shifts if calibrated else None
                ),
                "residuals": lambda x, y, shifts, seed: model.residuals(x, y, levels),
                "sample": lambda x, y, shifts, seed: model.sample(x, paths, seed),
            }

            one = windows.batch(windows.series[:1], windows.ends[:1])
            x, y = tf.nest.map_structure(
                lambda v: tf.TensorSpec([None, *v.shape[1:]], v.dtype), one
            )
            shifts = tf.TensorSpec([self._target.horizon, len(levels)], tf.float32)
            seed = tf.TensorSpec([2], tf.int32)
            specs = x, y, shifts, seed
            kind = self._kind((name, tuple(levels), paths, calibrated)) if path == "stock" else None
            shared = SHARED.of(kind, functions[name], model)

            def run(*arguments: Any) -> Tensor:
                with recurrence_path(path):
                    return functions[name](*arguments)

            own = tf.function(run, autograph=False).get_concrete_function
            self._compiled[key] = own(*specs) if shared is None else shared.concrete(*specs)
        return self._compiled[key]

    def _one_horizon_after_the_other(
        self, name: str, data: SeriesData, steps: int, levels: Sequence[float] = ()
    ) -> np.ndarray:
        """Values of a function of the model, (n, steps, ...), each from the forecasts before."""
        horizon = self._target.horizon
        data = data.tail(self._target.lookback)  # which each horizon copies
        parts: list[np.ndarray] = []
        for start in range(0, steps, horizon):
            parts.append(self.run(name, data, levels=levels))
            if start + horizon < steps:
                points = parts[-1] if name == "forecast" else self.run("forecast", data)
                data = data.continued(points)
        return np.concatenate(parts, 1)[:, :steps]


def warn_of_missing(panel: Panel, forecasts: np.ndarray, lookback: int) -> None:
    """Warns of series that have no forecast, having no value where the model looks."""
    nothing = np.isnan(forecasts).reshape(len(forecasts), -1).any(1)
    if nothing.any():
        names = [panel.names[i] for i in np.flatnonzero(nothing)]
        warn(
            f"{len(names)} of {len(forecasts)} series have no value in their last lookback="
            f"{lookback} steps, and no forecast: {series_listed(names)}. In long form, without "
            "rows for missing values, each is forecast from its own end."
        )
