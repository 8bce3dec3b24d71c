"""Forecasting: the next steps of one series, or of many."""

from __future__ import annotations

import contextlib
import warnings
from collections.abc import Sequence
from typing import Any

import numpy as np
from sklearn.base import BaseEstimator

from seqkit.estimators.forecasting.backtest import Backtest
from seqkit.estimators.forecasting.parameters import ForecastParameters, check_together
from seqkit.estimators.forecasting.prediction import ForecastPrediction
from seqkit.estimators.forecasting.series_data import CovariateReader, read
from seqkit.estimators.parameters import check_parameters, estimator
from seqkit.estimators.sklearn_callbacks import (
    CallbackSupportMixin,
    Epochs,
    callback_context,
    with_callbacks,
)
from seqkit.models.forecasting.forecaster import Forecaster
from seqkit.saving.state import PersistentEstimator
from seqkit.timeseries.messages import series_named
from seqkit.timeseries.panel import Panel
from seqkit.timeseries.panel_record import panel_of, record_of
from seqkit.timeseries.seasons import season_of
from seqkit.training.loop import train
from seqkit.training.optimizers import new_optimizer
from seqkit.training.randomness import generator_of, global_state_kept, seeds_from
from seqkit.training.windows import SeriesData, Windows, all_windows, mase_scales

FEWEST = 2  # values that a history must have


@estimator
class Seq2SeqForecaster(
    ForecastPrediction,
    Backtest,
    CallbackSupportMixin,
    PersistentEstimator,
    ForecastParameters,
    BaseEstimator,
):
    """A recurrent encoder-decoder that forecasts many steps ahead: pandas in, pandas out.

    An encoder reads the past of each series, a decoder writes its next `horizon` steps. One model
    is fitted to all series, each window scaled by its own level.

    Parameters
    ----------
    {parameters}

    Attributes
    ----------
    season_ : int or None
        Steps of a season.
    lookback_ : int
        Steps of the past that a forecast reads.
    n_iter_ : int
        Epochs trained.
    best_epoch_ : int
        The epoch, from 1, whose weights the model has.
    history_ : dict of lists
        Loss of each epoch; with weighting="mase" about the MASE within the training windows.
    model_ : seqkit.models.Forecaster
        The Keras model.

    Notes
    -----
    y is a Series, indexed by dates, periods or integers; a wide frame, a series a column; or a long
    one, with columns for series, time and value. Series may start and end at different times.
    Values that are missing between others are masked. A series is trained on from a history of one
    season (at least two values) and a horizon on; what a history lacks of `lookback` is masked.

    X has covariates: a frame indexed by time, the same for all series, or a long one. Columns that
    past_covariates does not name must be known for the steps to forecast.

    Examples
    --------
    >>> import numpy as np, pandas as pd, seqkit
    >>> months = pd.period_range("2015-01", periods=96, freq="M")
    >>> y = pd.Series(10 + np.sin(np.arange(96) * np.pi / 6), months, name="sales")
    >>> model = seqkit.Seq2SeqForecaster(horizon=6, units=8, epochs=20, random_state=0).fit(y)
    >>> model.predict().index[0]
    Period('2023-01', 'M')
    """

    @with_callbacks
    def fit(self, y: Any, X: Any = None, *, static: Any = None) -> Seq2SeqForecaster:
        """Trains on one or many series.

        Parameters
        ----------
        y : Series or DataFrame
            See Notes of the class.
        X : DataFrame, Series or None
            Covariates. See Notes of the class.
        static : DataFrame or None
            What describes each series, indexed by its name: numbers, and categories.

        Returns
        -------
        The estimator.

        Raises
        ------
        ValueError
            For parameters out of range or at odds; for y, X or static that cannot be read, or hold
            too little: the message names the series.
        """
        check_parameters(self)
        check_together(self)
        context = callback_context(self, self.epochs, y, X)
        extra = [] if context is None else [Epochs(self, context, y, X, self._fitted_state)]
        with self._all_or_nothing():
            if not self.warm_start and hasattr(self, "model_"):
                del self.model_  # what was fitted before has no part in it
            panel = self._read(y)
            self._check_counts(panel)
            self._fit(panel, X, static, extra)
        if context is not None:
            context.call_on_fit_task_end(estimator=self, X=y, y=X)
        return self

    def _fit(self, panel: Panel, X: Any, static: Any, callbacks: Sequence[Any] = ()) -> None:
        goes_on = self.warm_start and hasattr(self, "model_")
        rng = generator_of(self.random_state)
        if not goes_on:
            self.season_ = season_of(panel) if self.season == "auto" else self.season
            self.lookback_ = self.lookback or 3 * max(self.season_ or 0, self.horizon)
            self._reader = CovariateReader(self.calendar, self.past_covariates, self.id, self.time)
            data = self._reader.learn(panel, X, static)
        else:
            data = self._reader.read(panel, X, static)
        self._panel, self._data = panel, data
        self._kept_shifts: Any = None
        passes = [self.calibration_windows]
        if self.calibration_windows and self.calibration_refit:
            passes.append(0)
        for calibration in passes:
            last = calibration == passes[-1]
            windows, held_out = self._windows(data, calibration)
            with global_state_kept():
                if not goes_on:
                    self._architecture_ = self._architecture()
                    self._make_model(seeds_from(rng))
                self._forget()
                trained = train(
                    self.model_,
                    windows,
                    held_out,
                    epochs=self.epochs,
                    batch_size=self.batch_size,
                    patience=self.n_iter_no_change if held_out else None,
                    rng=rng,
                    callbacks=[*callbacks, *(self.callbacks or ())] if last else [],
                    verbose=self.verbose,
                )
            if not last:
                levels = self._checked_levels(self.levels)
                self._kept_shifts = levels, self._shifts(levels)
        self.history_ = trained.history
        self.n_iter_ = max((len(v) for v in trained.history.values()), default=0)
        self.best_epoch_ = trained.best_epoch

    def _read(self, y: Any) -> Panel:
        """y as a panel; where a model is fitted, in the frequency of its training."""
        columns = {"id": self.id, "time": self.time, "target": self.target}
        if self.freq is not None or not hasattr(self, "model_"):
            return read(y, self.freq, columns, self.transform)
        try:
            # A short y tells no frequency of its own, or a wrong one.
            return read(y, self._panel.freq, columns, self.transform)
        except ValueError:
            with contextlib.suppress(ValueError):
                panel = read(y, None, columns, self.transform)
                if season_of(panel) in (season_of(self._panel), None):  # 1 January, not 31
                    return panel
            raise

    def _check_counts(self, panel: Panel) -> None:
        """Raises ValueError where a head for counts is to learn something else."""
        if self.head != "negative_binomial":
            return
        for name, values in zip(panel.names, panel.values, strict=True):
            there = values[np.isfinite(values)]
            wrong = there[(there < 0) | (there != np.round(there))]
            if len(wrong):
                raise ValueError(
                    "head='negative_binomial' needs counts, whole numbers of at least 0, got "
                    f"{wrong[0]:g} in {series_named(name)}. Use head='student_t' or 'quantiles'."
                )

    def _windows(self, data: SeriesData, calibration: int = 0) -> tuple[Windows, Windows | None]:
        """Those to train on, without the last ones; and those held out for early stopping."""
        lengths = data.lengths
        shortest = min(self.lookback_, max(self.season_ or 1, FEWEST))
        weights = None
        if self.weighting == "mase":
            weights = 1 / mase_scales(data.values, self.season_ or 1)

        def windows(skip: Any, newest: Any = None) -> Windows:
            found = all_windows(lengths, shortest, self.horizon, skip, newest)
            sizes = (self.lookback_, self.horizon)
            teaches = self.decoding == "autoregressive"
            return Windows(data, *sizes, *found, weights, gives_truth=teaches)

        skip: Any = self.horizon + calibration - 1 if calibration else 0
        held_out = None
        if self.early_stopping:
            part = np.maximum(self.horizon, np.round(self.validation_fraction * lengths)).astype(
                int
            )
            held_out = windows(skip, part - self.horizon + 1)
            skip = skip + part
        kept = windows(skip)
        if not len(kept) or (held_out is not None and not len(held_out)):
            needed = shortest + self.horizon
            also = "".join(
                f", and {steps} for {what}"
                for what, steps in (
                    ("calibration_windows", self.horizon + calibration - 1 if calibration else 0),
                    ("early_stopping", int(part.max()) if self.early_stopping else 0),
                )
                if steps
            )
            longest = int(np.argmax(lengths))
            raise ValueError(
                f"y must have a series of at least {needed} values (a history of {shortest} and "
                f"horizon={self.horizon}){also}; the longest, "
                f"{series_named(self._panel.names[longest])}, has {lengths[longest]}."
            )
        unused = np.setdiff1d(np.arange(len(lengths)), kept.series)
        if len(unused):
            names = ", ".join(repr(self._panel.names[i]) for i in unused[:5])
            warnings.warn(
                f"{len(unused)} of {len(lengths)} series are too short to be trained on, with "
                f"fewer than {shortest + self.horizon + int(np.max(skip))} values: {names}"
                f"{', ...' if len(unused) > 5 else ''}. They are forecast all the same.",
                stacklevel=4,
            )
        return kept, held_out

    def _architecture(self) -> dict[str, Any]:
        names = ("horizon", "scaling", "transform", "seasonal_residual", "decoding", "attention")
        more = ("cell", "units", "layers", "dropout", "recurrent_dropout", "scheduled_sampling")
        reader = self._reader
        return {
            **{name: getattr(self, name) for name in (*names, *more)},
            "season": self.season_,
            "original_units": self.weighting == "mase",
            "head": self._head_options(),
            "past": len(reader.past),
            "known": len(reader.known) + 2 * len(reader.calendar),
            "static": len(reader.static),
            "categories": [len(values) + 1 for values in reader.categories.values()],
            "moments": reader.moments,
        }

    def _head_options(self) -> dict[str, Any]:
        if self.head == "point":
            return {"kind": "point", "loss": self.loss}
        if self.head == "quantiles":
            return {"kind": "quantiles", "levels": [float(q) for q in self.levels]}
        return {"kind": self.head}

    def _make_model(self, draw_seed: Any) -> None:
        a = self._architecture_
        self.model_ = Forecaster(**a, draw_seed=draw_seed)
        one_window = {
            "history": np.ones((1, self.lookback_, 1 + a["past"] + a["known"]), np.float32),
            "future": np.ones((1, a["horizon"], a["known"]), np.float32),
            "static": np.ones((1, a["static"]), np.float32),
            "categories": np.zeros((1, len(a["categories"])), np.int32),
        }
        self.model_.forecast(one_window)
        self.model_.compile(new_optimizer(self.optimizer, self.learning_rate, self.clipnorm))
        self.model_.optimizer.build(self.model_.trainable_variables)
        self._forget()

    def _forget(self) -> None:
        """What was derived from the weights before."""
        self._predictors: dict[Any, Any] = {}
        self._calibrated: dict[tuple[float, ...], np.ndarray] = {}

    # Copies and files hold the series as plain data.

    def __getstate__(self) -> dict[str, Any]:
        state = super().__getstate__()
        state.pop("_calibrated", None)
        if "_panel" in state:
            state["_panel"] = record_of(state["_panel"])
            state["_reader"] = dict(vars(state["_reader"]))
            data = {**vars(state["_data"])}
            del data["values"]  # those of the panel
            state["_data"] = data
        return state

    def __setstate__(self, state: dict[str, Any]) -> None:
        state = dict(state)
        if "_panel" in state:
            state["_panel"] = panel_of(state["_panel"])
            reader = CovariateReader.__new__(CovariateReader)
            vars(reader).update(state["_reader"])
            state["_reader"] = reader
            state["_data"] = SeriesData(state["_panel"].values, **state["_data"])
        super().__setstate__(state)

    def __sklearn_is_fitted__(self) -> bool:
        return hasattr(self, "model_")

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.estimator_type = "regressor"
        tags.input_tags.one_d_array = True
        tags.input_tags.allow_nan = True
        return tags
