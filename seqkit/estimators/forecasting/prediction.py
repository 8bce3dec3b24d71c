"""What a fitted forecaster says of the future: points, quantiles, intervals and paths."""

from __future__ import annotations

import dataclasses
import math
import os
import warnings
from collections.abc import Sequence
from typing import Any

import numpy as np
import tensorflow as tf
from sklearn.utils.validation import check_is_fitted

from seqkit import checks
from seqkit.estimators.forecasting.parameters import check_levels
from seqkit.estimators.forecasting.series_data import CovariateReader
from seqkit.layers.engine.dispatch import recurrence_path
from seqkit.models.forecasting.forecaster import PATHS, Forecaster
from seqkit.serving.export import export
from seqkit.timeseries.calendar_features import calendar_in_graph
from seqkit.timeseries.forecast_frames import to_pandas
from seqkit.timeseries.panel import Panel
from seqkit.training.randomness import generator_of
from seqkit.training.windows import SeriesData, Windows, all_windows

BATCH = 1024  # windows forecast at once


class ForecastPrediction:
    """The part of the forecaster that forecasts and exports."""

    horizon: int
    head: str
    levels: Any
    calibration_windows: int
    random_state: Any
    model_: Forecaster
    season_: int | None
    lookback_: int
    _panel: Panel
    _data: SeriesData
    _reader: CovariateReader
    _predictors: dict[Any, Any]
    _calibrated: dict[tuple[float, ...], np.ndarray]
    _kept_shifts: Any

    def predict(
        self, y: Any = None, X: Any = None, horizon: int | None = None, *, static: Any = None
    ) -> Any:
        """The steps after the end of each series, in the form in which y came.

        Parameters
        ----------
        y : Series, DataFrame or None
            The past, of these series or of new ones. None: the training data.
        X : DataFrame, Series or None
            Covariates: the known ones of the steps to forecast, and of the past those that fit has
            not seen.
        horizon : int or None
            Steps; None: those of the estimator. More are forecast from the forecasts before.
        static : DataFrame or None
            As in fit, for new series.

        Returns
        -------
        A Series or a frame as y was, at the timestamps that follow.
        """
        panel, data, steps = self._past(y, X, horizon, static)
        found = self._forecasts("forecast", data, steps)
        return self._written(panel, found)

    def predict_quantiles(
        self,
        levels: Sequence[float] | None = None,
        y: Any = None,
        X: Any = None,
        horizon: int | None = None,
        *,
        static: Any = None,
    ) -> Any:
        """Quantiles of each step, a column a level.

        Those of a head of quantiles, between its levels on a straight line; those of a
        distribution; or what `calibration_windows` found the truth to be above the forecast.

        Parameters
        ----------
        levels : list of float or None
            Fractions in (0, 1), ascending. None: the estimator's.
        y, X, horizon, static
            As in predict. Steps beyond the estimator's horizon are quantiles of sampled paths where
            the head is a distribution. Others follow the point forecasts before, as if those were
            certain: a warning says so.

        Returns
        -------
        A frame; of a wide y its columns are pairs of series and level.
        """
        chosen = self._checked_levels(self.levels if levels is None else levels)
        panel, data, steps = self._past(y, X, horizon, static)
        found = self._quantile_forecasts(data, steps, chosen)
        return self._written(panel, found, chosen)

    def predict_interval(
        self,
        coverage: float = 0.8,
        y: Any = None,
        X: Any = None,
        horizon: int | None = None,
        *,
        static: Any = None,
    ) -> Any:
        """An interval for each step, that leaves as much above as below.

        Parameters
        ----------
        coverage : float
            The share of the truth that it should hold.
        y, X, horizon, static
            As in predict_quantiles.

        Returns
        -------
        A frame with columns "lower" and "upper".
        """
        checks.inner_fraction("coverage", coverage)
        tail = (1 - coverage) / 2
        chosen = self._checked_levels([tail, 1 - tail])
        panel, data, steps = self._past(y, X, horizon, static)
        found = self._quantile_forecasts(data, steps, chosen)
        return self._written(panel, found, ["lower", "upper"])

    def sample_paths(
        self,
        n_paths: int = 100,
        y: Any = None,
        X: Any = None,
        horizon: int | None = None,
        *,
        static: Any = None,
    ) -> Any:
        """Futures drawn from the distribution that the head is, a column each.

        Autoregressive, each step is drawn given those drawn before; with direct decoding the steps
        within a horizon are independent. An int as random_state draws the same again.

        Parameters
        ----------
        n_paths : int
            Paths of each series.
        y, X, horizon, static
            As in predict.
        """
        checks.count("n_paths", n_paths)
        check_is_fitted(self, "model_")
        if not self.model_.head.draws:
            raise ValueError(
                "sample_paths needs a distribution, head='gaussian', 'student_t' or "
                f"'negative_binomial', got head={self.head!r}."
            )
        panel, data, steps = self._past(y, X, horizon, static)
        values = self._paths(data, steps, n_paths)
        return to_pandas(panel, np.swapaxes(values, 1, 2), range(n_paths))

    def _paths(self, data: SeriesData, steps: int, n_paths: int) -> np.ndarray:
        """Paths drawn of each series, (n, n_paths, steps)."""
        rng = generator_of(self.random_state)
        n, found = len(data.values), []
        for k in range(-(-steps // self.horizon)):
            # After the first horizon each path goes on as a series of its own.
            drawn = self._run("sample", data, paths=1 if k else n_paths, rng=rng)
            paths = drawn.reshape(n * n_paths, self.horizon)
            data = _longer(data if k else _repeated(data, n_paths), paths)
            found.append(paths.reshape(n, n_paths, self.horizon))
        return np.concatenate(found, 2)[:, :, :steps]

    def export(self, directory: str | os.PathLike[str]) -> str:
        """Writes a SavedModel that TensorFlow Serving serves, in the next version's folder.

        Its signature `serving_default` takes `history`, float32 (batch, time, channels), of any
        number of steps: the value first, in original units, NaN where it is missing; then the
        columns of past and of known covariates. Where the model has such it takes `future` (batch,
        horizon, known), `static` (batch, numbers), `categories`, strings (batch, columns), and, for
        features of the calendar, `timestamps`, strings (batch, time + horizon) of local time such
        as 2024-05-31T13:30, of the history and of the steps to forecast. It gives `forecast`
        (batch, horizon) and, where predict_quantiles does, `quantiles` (batch, horizon, levels).

        Parameters
        ----------
        directory : path
            The model's folder. Versions are its subfolders 1, 2, and so on.

        Returns
        -------
        The folder written, directory/<version>. It appears complete or not at all.
        """
        check_is_fitted(self, "model_")
        model = self.model_
        calendar = self._reader.calendar
        given = model.known - 2 * len(calendar)
        channels = 1 + model.past + given
        specs = [tf.TensorSpec((None, None, channels), tf.float32, "history")]
        if given:
            specs.append(tf.TensorSpec((None, self.horizon, given), tf.float32, "future"))
        if calendar:
            specs.append(tf.TensorSpec((None, None), tf.string, "timestamps"))
        if model.static:
            specs.append(tf.TensorSpec((None, model.static), tf.float32, "static"))
        if model.embeddings:
            specs.append(tf.TensorSpec((None, len(model.embeddings)), tf.string, "categories"))
        names = [spec.name for spec in specs]
        levels = [round(float(level), 9) for level in self.levels]
        shifts = self._shifts(levels)
        tables = [_numbers_of(values) for values in self._reader.categories.values()]

        def serve(*tensors: tf.Tensor) -> dict[str, tf.Tensor]:
            inputs = dict(zip(names, tensors, strict=True))
            if calendar:
                inputs = _with_calendar(inputs, calendar, self.horizon)
            history = inputs["history"]
            channels = history.shape[-1]
            missing = tf.fill([tf.shape(history)[0], self.lookback_, channels], math.nan)
            inputs["history"] = tf.concat([missing, history], 1)[:, -self.lookback_ :]
            if tables:
                texts = tf.unstack(inputs["categories"], axis=1)
                found = [table.lookup(text) for table, text in zip(tables, texts, strict=True)]
                inputs["categories"] = tf.stack(found, 1)
            answer = {"forecast": model.forecast(inputs)}
            if self._has_quantiles():
                answer["quantiles"] = model.quantiles(inputs, levels, shifts)
            return answer

        return export(directory, model, {"serving_default": (serve, specs)}, tables)

    # What is forecast from.

    def _read(self, y: Any) -> Panel:
        raise NotImplementedError

    def _past(
        self, y: Any, X: Any, horizon: int | None, static: Any
    ) -> tuple[Panel, SeriesData, int]:
        """The series with covariates for whole horizons, and the steps that are wanted."""
        check_is_fitted(self, "model_")
        steps = self.horizon if horizon is None else horizon
        checks.count("horizon", steps)
        panel = self._panel if y is None else self._read(y)
        whole = -(-steps // self.horizon) * self.horizon
        # Only what is wanted must be known; the rest of the last horizon is cut off.
        data = self._reader.read(panel, X, static, steps, self._data if y is None else None)
        if data.known is not None and whole > steps:
            rows = [np.pad(k, ((0, whole - steps), (0, 0)), mode="edge") for k in data.known]
            data = dataclasses.replace(data, known=rows)
        return panel, data, steps

    # Forecasts.

    def _forecasts(
        self, name: str, data: SeriesData, steps: int, levels: Sequence[float] = ()
    ) -> np.ndarray:
        """What a function of the model gives, (n, steps, ...), one horizon after the other, each
        from the forecasts before."""
        found = []
        for start in range(0, steps, self.horizon):
            found.append(self._run(name, data, levels=levels))
            if start + self.horizon < steps:
                points = found[-1] if name == "forecast" else self._run("forecast", data)
                data = _longer(data, points)
        return np.concatenate(found, 1)[:, :steps]

    def _quantile_forecasts(
        self, data: SeriesData, steps: int, levels: Sequence[float]
    ) -> np.ndarray:
        """Quantiles of each step, (n, steps, levels)."""
        if steps <= self.horizon:
            return self._forecasts("quantiles", data, steps, levels)
        if not self.model_.head.draws:
            warnings.warn(
                f"Quantiles beyond horizon={self.horizon} take the forecasts before for certain, "
                "and are too close together. Fit with a longer horizon, or a distribution as head.",
                stacklevel=3,
            )
            return self._forecasts("quantiles", data, steps, levels)
        found = self._forecasts("quantiles", data, self.horizon, levels)
        later = self._paths(data, steps, PATHS)[:, :, self.horizon :]
        return np.concatenate([found, np.moveaxis(np.quantile(later, levels, axis=1), 0, 2)], 1)

    def _written(self, panel: Panel, found: np.ndarray, columns: Any = None) -> Any:
        """Forecasts in the form of y; with a warning of series that have none, having no value
        where the model looks."""
        nothing = np.isnan(found).reshape(len(found), -1).any(1)
        if nothing.any():
            names = [repr(panel.names[i]) for i in np.flatnonzero(nothing)]
            warnings.warn(
                f"{len(names)} of {len(found)} series have no value in their last lookback="
                f"{self.lookback_} steps, and no forecast: {', '.join(names[:5])}"
                f"{', ...' if len(names) > 5 else ''}. In long form, without rows for missing "
                "values, each is forecast from its own end.",
                stacklevel=3,
            )
        return to_pandas(panel, found, columns)

    def _run(
        self,
        name: str,
        data: SeriesData,
        places: tuple[np.ndarray, np.ndarray] | None = None,
        levels: Sequence[float] = (),
        paths: int = 0,
        rng: np.random.Generator | None = None,
    ) -> np.ndarray:
        """What a function of the model gives for each series; or for windows, given by their series
        and ends."""
        if places is None:
            places = np.arange(len(data.values)), data.lengths
        windows = Windows(data, self.lookback_, self.horizon, *places)
        shifts = self._shifts(levels) if name == "quantiles" else None
        key = (name, tuple(levels), paths)
        if key not in self._predictors:
            functions = {
                "forecast": lambda x, y, seed: self.model_.forecast(x),
                "quantiles": lambda x, y, seed: self.model_.quantiles(x, levels, shifts),
                "residuals": lambda x, y, seed: self.model_.residuals(x, y, levels),
                "sample": lambda x, y, seed: self.model_.sample(x, paths, seed),
            }

            def run(*arguments: Any) -> tf.Tensor:
                with recurrence_path("compiled"):
                    return functions[name](*arguments)

            shapes = windows.batch(places[0][:1], places[1][:1])
            x, y = tf.nest.map_structure(
                lambda v: tf.TensorSpec([None, *v.shape[1:]], v.dtype), shapes
            )
            made = tf.function(run, autograph=False)
            seed = tf.TensorSpec([2], tf.int32)
            self._predictors[key] = made.get_concrete_function(x, y, seed)
        found = []
        for inputs, truth in windows.batches(BATCH):
            seed = tf.constant(
                np.zeros(2) if rng is None else rng.integers(2**31, size=2), tf.int32
            )
            found.append(self._predictors[key](inputs, truth, seed).numpy())
        return np.concatenate(found)

    # Quantiles.

    def _has_quantiles(self) -> bool:
        return self.head != "point" or self.calibration_windows > 0

    def _checked_levels(self, levels: Any) -> list[float]:
        check_levels("levels", levels)
        if not self._has_quantiles():
            raise ValueError(
                "Quantiles and intervals need head='quantiles' or a distribution, or "
                "calibration_windows above 0; the estimator was fitted with head='point' and none."
            )
        return [round(float(level), 9) for level in levels]

    def _shifts(self, levels: Sequence[float]) -> np.ndarray | None:
        """What calibration adds to the scaled quantiles of each step, (H, n); None without it.

        Split conformal, each side for itself (Romano, Patterson & Candes 2019, section 4): the
        k-th smallest of n residuals y - q, with k = ceil((n + 1) level) from the median up, and
        floor((n + 1) level) below it.
        """
        if not self.calibration_windows or not self._has_quantiles():
            return None
        if self._kept_shifts is not None:
            known, shifts = self._kept_shifts
            return np.stack([np.interp(levels, known, row) for row in shifts])
        key = tuple(levels)
        if key not in self._calibrated:
            lengths = self._data.lengths
            shortest = min(self.lookback_, 2)
            places = all_windows(lengths, shortest, self.horizon, 0, self.calibration_windows)
            residuals = self._run("residuals", self._data, places, levels)  # (w, H, n)
            self._calibrated[key] = np.stack(
                [_ranked(residuals[..., k], level) for k, level in enumerate(levels)], axis=-1
            )
        return self._calibrated[key]


def _ranked(residuals: np.ndarray, level: float) -> np.ndarray:
    """The residual of each step at the rank of the level, (H,), of those that are there (w, H)."""
    found = np.empty(residuals.shape[1])
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
        found[h] = ordered[rank - 1]
    return found


def _numbers_of(values: Sequence[Any]) -> tf.lookup.StaticHashTable:
    """From a category, as a string, to its number; 0 for an unknown one."""
    keys, numbers = [str(value) for value in values], list(range(1, len(values) + 1))
    pairs = tf.lookup.KeyValueTensorInitializer(keys, numbers, tf.string, tf.int32)
    return tf.lookup.StaticHashTable(pairs, default_value=0)


def _with_calendar(
    inputs: dict[str, tf.Tensor], names: Sequence[str], horizon: int
) -> dict[str, tf.Tensor]:
    """Inputs whose timestamps have become known covariates, the last ones."""
    rest = dict(inputs)
    features = calendar_in_graph(rest.pop("timestamps"), names)  # (B, T + H, 2 names)
    history = rest["history"]
    expected = tf.shape(history)[1] + horizon
    tf.debugging.assert_equal(
        tf.shape(features)[1],
        expected,
        "timestamps must be of the steps of the history and of the horizon",
    )
    past, future = features[:, :-horizon], features[:, -horizon:]
    future = tf.ensure_shape(future, [None, horizon, future.shape[-1]])
    known = [rest["future"], future] if "future" in rest else [future]
    return rest | {"history": tf.concat([history, past], -1), "future": tf.concat(known, -1)}


def _repeated(data: SeriesData, times: int) -> SeriesData:
    """Each series several times over, one after the other."""

    def repeat(values: Any) -> Any:
        if values is None:
            return None
        if isinstance(values, np.ndarray):
            return np.repeat(values, times, 0)
        return [v for v in values for _ in range(times)]

    return SeriesData(*(repeat(getattr(data, f.name)) for f in dataclasses.fields(data)))


def _longer(data: SeriesData, points: np.ndarray) -> SeriesData:
    """The series with their forecasts; past-only covariates are not known for them."""
    values = [np.concatenate([v, p]) for v, p in zip(data.values, points, strict=True)]
    past = data.past
    if past is not None:
        missing = np.full((points.shape[1], past[0].shape[1]), np.nan)
        past = [np.concatenate([rows, missing]) for rows in past]
    return dataclasses.replace(data, values=values, past=past)
