"""Forecasting: the next steps of one series, or of many."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import keras
import numpy as np
from sklearn.utils import Tags
from typing_extensions import Self

from seqkit import checks
from seqkit.estimators.base import SequenceEstimator
from seqkit.estimators.forecasting.backtest import backtest_of
from seqkit.estimators.forecasting.forecasts import Forecasts, warn_of_missing
from seqkit.estimators.forecasting.future_steps import FutureSteps
from seqkit.estimators.forecasting.parameters import (
    OF_THE_MODEL,
    ForecastParameters,
    check_together,
    head_options,
)
from seqkit.estimators.forecasting.scores import minus_mase
from seqkit.estimators.forecasting.series_input import (
    GivenSeries,
    Past,
    Series,
    SeriesInput,
    Static,
    Table,
    Weights,
)
from seqkit.estimators.forecasting.served import served_forecaster
from seqkit.estimators.forecasting.served_requests import made_up_request, request_of_series
from seqkit.estimators.forecasting.stages import stages_of
from seqkit.estimators.given import Stage
from seqkit.estimators.parameters import estimator, fitted
from seqkit.estimators.plans.choices import Choice
from seqkit.estimators.plans.kinds import kinds_of_functions
from seqkit.estimators.plans.training_plan import BatchSizes
from seqkit.estimators.sklearn_callbacks import fit_task, with_callbacks
from seqkit.models.forecasting.answers import with_median
from seqkit.models.forecasting.ensemble import ForecasterEnsemble
from seqkit.models.forecasting.forecaster import Forecaster
from seqkit.serving.exporting import Signature
from seqkit.timeseries.forecast_frames import past_to_pandas, to_pandas
from seqkit.timeseries.panel import Panel
from seqkit.training.windows import SeriesData
from seqkit.types import DrawSeed

if TYPE_CHECKING:
    import pandas as pd


@estimator
class Seq2SeqForecaster(ForecastParameters, SequenceEstimator):
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
    chosen_ : dict
        What was chosen for each parameter that was left open: its `value`, and the `reason`.
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
    one, with columns for series (none for one alone), time and value. Series may start and end at
    different times. A missing value, and what a history lacks of `lookback`, is read as 0 with a
    flag that says so, and counts in no loss; attention reads nothing before a series' first value.
    A series is trained on from a history of one season (at least two values) and a horizon on.

    X has covariates: a frame indexed by time, the same for all series, or a long one. Columns that
    past_covariates does not name must be known for the steps to forecast. Strings are categories:
    a missing one is none, and so is one that fit has not seen, with a warning.

    The signature `serving_default` of an export takes `history`, float32 (batch, time, channels),
    of any number of steps: the value first, in original units, NaN where it is missing; then the
    columns of past and of known covariates. Where the model has such it takes `future` (batch,
    horizon, known), `static` (batch, numbers), `categories`, strings (batch, columns), and, for
    features of the calendar, `timestamps`, strings (batch, time + horizon) of local time such as
    2024-05-31T13:30, of the history and of the steps to forecast. Covariates that are categories
    are not among these numbers but strings, "" for none, `history_categories` (batch, time,
    columns), past ones first, and `future_categories`. It gives `forecast` (batch, horizon) and,
    where predict_quantiles does, `quantiles` (batch, horizon, levels). float32 carries seven
    digits: it rounds 1e9 + 1 to 1e9, and so movements of some 60 off. At a high level subtract a
    constant from a history, and add it to the forecast, unless scaling is "mean" or None, or
    transform is "log", which read the level itself.

    Examples
    --------
    >>> import numpy as np, pandas as pd, seqkit
    >>> months = pd.period_range("2015-01", periods=96, freq="M")
    >>> y = pd.Series(10 + np.sin(np.arange(96) * np.pi / 6), months, name="sales")
    >>> model = seqkit.Seq2SeqForecaster(horizon=6, units=8, epochs=20, random_state=0).fit(y)
    >>> model.predict().index[0]
    Period('2023-01', 'M')
    """

    _input: SeriesInput = fitted()
    _target: FutureSteps = fitted()
    _functions: Forecasts = fitted()

    _targets = "the series to learn from"
    _ensemble = ForecasterEnsemble
    _batches = BatchSizes(until=10_000, small=32, large=256)  # windows

    @with_callbacks
    def fit(
        self, y: Series, X: Table = None, *, static: Static = None, sample_weight: Weights = None
    ) -> Self:
        """Trains on one or many series.

        Parameters
        ----------
        y : Series or DataFrame
            See Notes of the class.
        X : DataFrame, Series, list of str or None
            Covariates. See Notes of the class. A list names columns of y that they are.
        static : DataFrame, list of str or None
            A row a series, by its name in the column `id` or the index: numbers, and categories. A
            list names columns of y that hold these.
        sample_weight : dict, Series, DataFrame, str or None
            Weight of each series in the loss, by its name; or of each step, a Series or frame with
            one column in the form of X, or its name as a column of y. None: all alike.

        Returns
        -------
        The estimator.

        Raises
        ------
        ValueError
            For parameters out of range or at odds; for y, X or static that cannot be read, or hold
            too little: the message names the series.
        """
        self.check_parameters()
        with fit_task(self, self.epochs, y, X, self._fitted_state) as callbacks:
            self._fit(GivenSeries(y, X, static, sample_weight), callbacks)
        return self

    def partial_fit(
        self, y: Series, X: Table = None, *, static: Static = None, sample_weight: Weights = None
    ) -> Self:
        """One pass over the windows of these series, from where the last one ended.

        Season, lookback and the scales of covariates are learned in the first call. Afterwards
        these series are those that `predict` goes on from.

        Parameters
        ----------
        y, X, static, sample_weight
            As in fit.
        """
        return self._partial_fit(GivenSeries(y, X, static, sample_weight))

    def training_batch(  # type: ignore[override]
        self, y: Any, X: Any = None, *, static: Any = None
    ) -> tuple[Any, Any, Any]:
        """Up to 64 windows at random as `model_` is trained on them: inputs, targets, weights.

        Parameters
        ----------
        y, X, static
            As in fit.
        """
        self._check_ready()
        panel, data = self._input.past(y, X, static)
        return self._target.windows(data, panel, 0, None, None)[0].sample(64)

    def check_parameters(self) -> None:
        """Raises what `fit` would raise for the parameters, before any work.

        Raises
        ------
        ValueError, TypeError
            For the first parameter that is out of its range, or at odds with another.
        """
        super().check_parameters()
        check_together(self)

    def predict(
        self, y: Past = None, X: Table = None, horizon: int | None = None, *, static: Static = None
    ) -> Any:
        """The steps after the end of each series, in the form in which y came.

        Where quantiles are calibrated, it is their median.

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
        return self._written(panel, self._functions.points(data, steps))

    def predict_in_sample(self, steps: int = 1) -> Any:
        """The training data as the model would have forecast them, each from what came before.

        It has seen them, so errors are smaller than those of forecasts to come: `backtest` has
        those.

        Parameters
        ----------
        steps : int
            How many steps before it each is forecast, from 1 to the estimator's horizon.

        Returns
        -------
        A Series or a frame as y was, at its timestamps, NaN where too little came before.
        """
        self._check_ready()
        panel, values = self._input.panel, self._functions.in_sample(steps)
        assert panel is not None
        return past_to_pandas(panel, values)

    def predict_quantiles(
        self,
        levels: Sequence[float] | None = None,
        y: Past = None,
        X: Table = None,
        horizon: int | None = None,
        *,
        static: Static = None,
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
        self._check_ready()
        chosen = self._target.checked_levels(levels)
        panel, data, steps = self._past(y, X, horizon, static)
        return self._written(panel, self._functions.quantiles(data, steps, chosen), chosen)

    def predict_interval(
        self,
        coverage: float = 0.8,
        y: Past = None,
        X: Table = None,
        horizon: int | None = None,
        *,
        static: Static = None,
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
        self._check_ready()
        chosen = self._target.checked_levels([(1 - coverage) / 2, 1 - (1 - coverage) / 2])
        panel, data, steps = self._past(y, X, horizon, static)
        quantiles = self._functions.quantiles(data, steps, chosen)
        return self._written(panel, quantiles, ["lower", "upper"])

    def sample_paths(
        self,
        n_paths: int = 100,
        y: Past = None,
        X: Table = None,
        horizon: int | None = None,
        *,
        static: Static = None,
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
        self._check_ready()
        if not self.model_.head.draws:
            raise ValueError(
                "sample_paths needs a distribution, head='gaussian', 'student_t' or "
                f"'negative_binomial', got head={self._architecture_['head']['kind']!r}."
            )
        panel, data, steps = self._past(y, X, horizon, static)
        values = self._functions.paths(data, steps, n_paths)
        return to_pandas(panel, np.swapaxes(values, 1, 2), range(n_paths))

    def score(self, y: Series, X: Table = None, *, static: Static = None) -> float:
        """Minus the MASE of forecasts of y; above -1 is better than the seasonal naive forecast.

        Where y goes on after the training data, as in a split by time, all of it is forecast, a
        horizon at a time, each from all that came before. Of other series the last `horizon` steps
        are, from those before.

        Parameters
        ----------
        y : Series or DataFrame
            The truth.
        X : DataFrame, Series or None
            Covariates of these times.
        static : DataFrame or None
            As in fit, for new series.
        """
        self._check_ready()
        return minus_mase(self._functions, self._input, self._target, y, X, static)

    def backtest(
        self,
        y: Past = None,
        X: Table = None,
        *,
        static: Static = None,
        windows: int = 3,
        step: int | None = None,
        refit: bool = False,
        levels: Sequence[float] | None = None,
    ) -> pd.DataFrame:
        """Forecasts from several ends of the past ("rolling origin"), beside the truth.

        Parameters
        ----------
        y : Series, DataFrame or None
            The series. None: the training data.
        X, static
            As in fit.
        windows : int
            Ends from which each series is forecast; the last is `horizon` steps before its end.
        step : int or None
            Steps from one end to the next; None: the horizon.
        refit : bool
            Whether a new model is fitted before each end, to the data until then. Without, the
            fitted one forecasts them all: as it would do later only if it has not seen them.
        levels : list of float or None
            Of quantiles besides; None: those of the estimator, where it has them.

        Returns
        -------
        A frame with a row a step and columns of series ("unique_id"), "cutoff", the last time
        before the forecast, time ("ds"), "y", "forecast", and one for each level. Series that are
        too short for a window are not in it. A warning says where the forecasts are worse than
        seasonal naive ones.
        """
        return backtest_of(
            *(self, y, X, static), windows=windows, step=step, refit=refit, levels=levels
        )

    @property
    def season_(self) -> int | None:
        """Steps of a season."""
        return self._target.season

    @property
    def lookback_(self) -> int:
        """Steps of the past that a forecast reads."""
        return self._target.lookback

    # The course of a fit.

    def _learn(self, given: GivenSeries) -> SeriesData:
        self._input = SeriesInput.of(self)
        panel, X, static = self._input.given(given.series, given.X, given.static)
        self._target = FutureSteps.of(self, panel)
        return self._input.learn(panel, X, static)

    def _read(self, given: GivenSeries) -> SeriesData:
        # New parts: those of before are put back where this fit fails.
        source = self._input.going_on(self)
        panel, X, static = source.given(given.series, given.X, given.static)
        data = source.covariates.read(panel, X, static)
        self._input = dataclasses.replace(source, panel=panel, data=data)
        self._target = self._target.going_on(self, self._architecture_["head"]["kind"])
        self._functions = self._compiled_functions()
        return data

    def _of_training(self) -> tuple[str, ...]:
        levels = () if self._architecture_["head"]["kind"] == "quantiles" else ("levels",)
        calibration = ("calibration_windows", "calibration_refit")
        return (*super()._of_training(), *calibration, *levels, "id", "time", "target")

    def _stages(
        self,
        data: SeriesData,
        given: Any,
        epochs: int | None,
        rng: np.random.Generator,
        *,
        goes_on: bool,
    ) -> Iterator[Stage]:
        yield from stages_of(self, data, given, epochs)

    def _architecture(self) -> dict[str, Any]:
        return {
            **{name: getattr(self, name) for name in OF_THE_MODEL},
            **{k: getattr(self._target, k) for k in ("season", "scaling", "seasonal_residual")},
            "original_units": self.weighting == "mase",
            "head": head_options(self),
            **self._input.covariates.architecture(),
        }

    def _choices(self) -> dict[str, Choice]:
        return self._target.choices(self)

    def _build(self, architecture: dict[str, Any], draw_seed: DrawSeed | None) -> keras.Model:
        model = Forecaster(**architecture, draw_seed=draw_seed)
        model.build()
        return model

    def _compile(self, model: keras.Model) -> None:
        model.compile(self._new_optimizer())

    def _compiled_functions(self) -> Forecasts:
        kind = kinds_of_functions(self)
        return Forecasts(self.model_, self._input, self._target, kind)

    def _past(
        self, y: Past, X: Table, horizon: int | None, static: Static
    ) -> tuple[Panel, SeriesData, int]:
        """The series with covariates for whole horizons, and the steps that are wanted."""
        self._check_ready()
        steps = self._target.horizon if horizon is None else horizon
        checks.count("horizon", steps)
        panel, data = self._input.past(y, X, static, steps)
        return panel, self._target.for_whole_horizons(data, steps), steps

    def _written(self, panel: Panel, forecasts: np.ndarray, columns: Any = None) -> Any:
        """Forecasts in the form of y."""
        warn_of_missing(panel, forecasts, self.lookback_)
        return to_pandas(panel, forecasts, columns)

    def _signatures(self) -> tuple[dict[str, Signature], Sequence[Any]]:
        shifts = self._functions.shifts(with_median(self._target.levels))
        return served_forecaster(self.model_, self._input, self._target, shifts)

    def _request(self, X: Any) -> dict[str, np.ndarray]:
        specs = self._signatures()[0]["serving_default"][1]
        if X is None:
            return made_up_request(self._input, self._target, specs)
        return request_of_series(X, self._input, self._target, specs)

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.estimator_type = "regressor"
        tags.input_tags.one_d_array = tags.input_tags.allow_nan = True
        return tags
