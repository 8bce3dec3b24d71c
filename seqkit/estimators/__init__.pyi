"""scikit-learn's face of the models: estimators with fit and predict."""

# Made by `make stubs` of the classes as they are at run time.
import os
from collections.abc import Hashable, Mapping, Sequence
from typing import Any, Literal

import keras
import numpy as np
import pandas as pd
import tensorflow as tf
from pandas.tseries.offsets import BaseOffset
from sklearn.base import BaseEstimator, ClassifierMixin, RegressorMixin
from typing_extensions import Self

from seqkit.estimators.forecasting.series_input import Past, Series, Static, Table, Weights
from seqkit.estimators.plans.choices import Choice
from seqkit.estimators.saved_estimators import load as load
from seqkit.readers.batches import Batches
from seqkit.serving.exporting import Optimization
from seqkit.serving.formats.writing import Format
from seqkit.text import TextCodec, Tokenizer
from seqkit.text.word_pieces import WordPieces
from seqkit.types import Inputs, RandomState, Targets

__all__ = [
    "Seq2SeqForecaster",
    "Seq2SeqTranslator",
    "SequenceClassifier",
    "SequenceRegressor",
    "SequenceTagger",
    "TextClassifier",
    "load",
]

class Seq2SeqForecaster(BaseEstimator):
    """A recurrent encoder-decoder that forecasts many steps ahead: pandas in, pandas out.

    An encoder reads the past of each series, a decoder writes its next `horizon` steps. One model
    is fitted to all series, each window scaled by its own level.

    Parameters
    ----------
    horizon : int, default=12
        Steps to forecast.
    lookback : int or None, default=None
        Steps of the past that a forecast reads. None: three seasons, or three horizons where there
        is no season.
    cell : str or class, default='gru'
        'simple_rnn', 'lstm', 'peephole_lstm', 'gru', 'carousel_lstm', 'keras_simple_rnn',
        'keras_lstm', 'keras_gru' (those with keras_ are Keras's own); a Keras RNN layer class; or a
        cell class.
    units : int, default=64
        Units of each layer and direction.
    layers : int, default=1
        Recurrent layers, one upon the other.
    bidirectional : False, default=False
        The encoder reads the past in its order.
    dropout : float, default=0.0
        Fraction of each recurrent layer's outputs dropped in training.
    recurrent_dropout : float, default=0.0
        Fraction of the state dropped inside each layer in training.
    tbptt_steps : int or None, default=None
        Truncated back-propagation through time: the steps through which a gradient reaches back, in
        windows of so many, each of which goes on from the state in which that before ended. What
        recurrent layers keep for it grows with the window, not with the sequence. Cells of seqkit
        alone; of models with a decoder the encoder's. None: through all steps.
    preset : {"fast", "balanced", "best"}, default='balanced'
        What is chosen for epochs, max_steps and ensemble_size where they are None. "fast": 0.4
        times the steps and passes, one model; "balanced": 1 times the steps and passes, one model;
        "best": 2 times the steps and passes, 5 models.
    ensemble_size : int or None, default=None
        Models that are trained from different first weights, and whose answers are averaged:
        probabilities, values, forecasts, quantiles. None: as preset says.
    epochs : int or None, default=None
        Passes over the data, at most. None: as many as max_steps gives.
    max_steps : int or None, default=None
        Training steps, batches, at most. None: where epochs is None as well, 500 in whole passes,
        at least four, times what preset says.
    batch_size : int or None, default=None
        Windows a step. None: 32 of up to 10,000 windows, 256 of more.
    optimizer : str or keras.optimizers.Optimizer, default='adam'
        A name of Keras; or an instance, which is used as it is configured.
    learning_rate : float or keras.optimizers.schedules.LearningRateSchedule, default=0.003
        Step size of an optimiser given by name.
    learning_rate_schedule : {"cosine", "constant"}, default='cosine'
        Of a learning_rate that is a number: "cosine" raises it over the first tenth of the steps to
        learning_rate, then lets it fall to 0 along half a cosine (Loshchilov & Hutter 2017).
        Constant in partial_fit, and where callbacks set the rate.
    clipnorm : float or None, default=1.0
        Norm to which each weight's gradient is clipped, with an optimiser given by name.
    weight_decay : float or None, default=None
        Part of each weight but biases that is taken off at each step, times the learning rate
        (decoupled, Loshchilov & Hutter 2019), with an optimiser given by name. None: what the
        optimiser has, which is none but of adamw.
    use_ema : bool, default=False
        Whether the model has moving averages of the weights (Polyak & Juditsky 1992), with an
        optimiser given by name. They are what is evaluated, kept and exported; a training that goes
        on goes on from the weights themselves.
    ema_momentum : float, default=0.99
        Of the averages: the part that stays at each step.
    early_stopping : {"auto", True, False}, default=False
        Whether to stop when the loss of the last part of each series no longer falls, and keep the
        best weights. That part, the newest, is not trained on. "auto": where there are more than
        10,000 values.
    validation_fraction : float, default=0.1
        Part of each series held out for early stopping, at its end; at least the horizon.
    n_iter_no_change : int, default=10
        Epochs without a better validation loss after which training stops.
    callbacks : list of keras.callbacks.Callback or None, default=None
        Callbacks passed to Keras's fit.
    random_state : int, numpy RandomState or Generator, or None, default=None
        An int gives the same model again on the same machine.
    verbose : int, default=0
        1 shows a progress bar, 2 a line an epoch.
    warm_start : bool, default=False
        Whether fit goes on from the fitted model. Parameters of the training are then taken as they
        are; what the model was made with stays, and a warning names what has changed of it.
    season : int, "auto" or None, default='auto'
        Steps of a season: the decoder reads the values one and two seasons before. "auto": that of
        the frequency (12 for months, 7 for days, 24 for hours); None: none.
    seasonal_residual : {"auto", True, False}, default='auto'
        Whether the network models what the seasonal naive forecast misses. "auto": where there is a
        season, but not for counts.
    scaling : {"auto", "mean", "standard", "robust"} or None, default='auto'
        Of each window: by the mean of |y|; mean and standard deviation; median and quartiles. By
        the last two a history without spread is forecast as its constant. "auto": "mean" for
        counts, else "standard".
    transform : {"log", "difference"} or None, default=None
        Before scaling: log(1 + y), for values of at least 0; or the change since the last value.
    minimum : float or None, default=None
        The least that a value can be, such as 0 of sales: no forecast, quantile or path is below.
        None: none, or 0 with transform='log'.
    decoding : {"direct", "autoregressive"}, default='direct'
        Whether the decoder writes all steps at once, or each from the one before.
    scheduled_sampling : float, default=0.0
        Autoregressive: share of the true values before that training replaces by forecasts.
    attention : {"bahdanau", "luong"} or None, default=None
        Of the decoder's outputs over the encoder's: additive or multiplicative.
    head : {"point", "quantiles", "gaussian", "student_t", "negative_binomial"}, default='quantiles'
        What is forecast of each step: a number, quantiles that cannot cross, or a distribution; the
        last is one of counts.
    levels : list of float, default=(0.1, 0.5, 0.9)
        Levels of the head of quantiles, and those that predict_quantiles and the export give.
    calibration_windows : int or "auto", default='auto'
        Windows at the end of each series that are not trained on, but calibrate quantiles and
        intervals (split conformal); 0: none. "auto": of the head of quantiles, what early stopping
        holds out, or else the newest windows, on which the last quarter of the training is then
        too; none where they are too few.
    calibration_refit : bool, default=False
        Whether, once calibrated, the model is trained anew on all windows, for twice the time. What
        calibration adds is kept for `levels`, and lies on straight lines between them.
    loss : {"absolute_error", "squared_error", "huber"}, default='absolute_error'
        Of the head of points.
    weighting : "mase" or None, default='mase'
        Of the series in the loss: errors in units of each series' mean seasonal difference, as MASE
        has them; or all windows alike, in units of their scaling. Distributions have a likelihood
        as loss, of which None is true.
    calendar : list of str, default=()
        Features of the timestamps, known for the future: of second, minute, hour, day_of_week,
        day_of_month, day_of_year, week, month, quarter.
    past_covariates : list, default=()
        Columns of X that are known for the past alone.
    freq : str, pandas offset, int or None, default=None
        Frequency of the series; None: as their index has it, or inferred.
    id : str or list of str, default='unique_id'
        Column of a long frame, and of static, that names the series, or a list of several; instead
        of "unique_id", "instance" is read too.
    time : str, default='ds'
        Column of a long frame that holds the timestamps.
    target : str, default='y'
        Column of a long frame that holds the values.

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

    horizon: int
    lookback: int | None
    cell: str | type[keras.layers.Layer]
    units: int
    layers: int
    bidirectional: bool
    dropout: float
    recurrent_dropout: float
    tbptt_steps: int | None
    preset: str
    ensemble_size: int | None
    epochs: int | None
    max_steps: int | None
    batch_size: int | None
    optimizer: str | keras.optimizers.Optimizer
    learning_rate: float | keras.optimizers.schedules.LearningRateSchedule
    learning_rate_schedule: str
    clipnorm: float | None
    weight_decay: float | None
    use_ema: bool
    ema_momentum: float
    early_stopping: Any
    validation_fraction: float
    n_iter_no_change: int
    callbacks: Sequence[keras.callbacks.Callback] | None
    random_state: RandomState
    verbose: int
    warm_start: bool
    season: int | Literal["auto"] | None
    seasonal_residual: bool | str
    scaling: str | None
    transform: str | None
    minimum: float | None
    decoding: str
    scheduled_sampling: float
    attention: str | None
    head: str
    levels: Sequence[float]
    calibration_windows: int | str
    calibration_refit: bool
    loss: str
    weighting: str | None
    calendar: Sequence[str]
    past_covariates: Sequence[Hashable]
    freq: str | int | BaseOffset | None
    id: Hashable | Sequence[Hashable]
    time: Hashable
    target: Hashable
    model_: keras.Model
    history_: dict[str, list[float]]
    chosen_: dict[str, Choice]
    n_iter_: int
    best_epoch_: int
    def __init__(
        self,
        horizon: int = 12,
        lookback: int | None = None,
        *,
        cell: str | type[keras.layers.Layer] = "gru",
        units: int = 64,
        layers: int = 1,
        bidirectional: bool = False,
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        tbptt_steps: int | None = None,
        preset: str = "balanced",
        ensemble_size: int | None = None,
        epochs: int | None = None,
        max_steps: int | None = None,
        batch_size: int | None = None,
        optimizer: str | keras.optimizers.Optimizer = "adam",
        learning_rate: float | keras.optimizers.schedules.LearningRateSchedule = 0.003,
        learning_rate_schedule: str = "cosine",
        clipnorm: float | None = 1.0,
        weight_decay: float | None = None,
        use_ema: bool = False,
        ema_momentum: float = 0.99,
        early_stopping: Any = False,
        validation_fraction: float = 0.1,
        n_iter_no_change: int = 10,
        callbacks: Sequence[keras.callbacks.Callback] | None = None,
        random_state: RandomState = None,
        verbose: int = 0,
        warm_start: bool = False,
        season: int | Literal["auto"] | None = "auto",
        seasonal_residual: bool | str = "auto",
        scaling: str | None = "auto",
        transform: str | None = None,
        minimum: float | None = None,
        decoding: str = "direct",
        scheduled_sampling: float = 0.0,
        attention: str | None = None,
        head: str = "quantiles",
        levels: Sequence[float] = (0.1, 0.5, 0.9),
        calibration_windows: int | str = "auto",
        calibration_refit: bool = False,
        loss: str = "absolute_error",
        weighting: str | None = "mase",
        calendar: Sequence[str] = (),
        past_covariates: Sequence[Hashable] = (),
        freq: str | int | BaseOffset | None = None,
        id: Hashable | Sequence[Hashable] = "unique_id",
        time: Hashable = "ds",
        target: Hashable = "y",
    ) -> None: ...
    @property
    def season_(self) -> int | None:
        """Steps of a season."""
    @property
    def lookback_(self) -> int:
        """Steps of the past that a forecast reads."""
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
    def check_parameters(self) -> None:
        """Raises what `fit` would raise for the parameters, before any work.

        Raises
        ------
        ValueError, TypeError
            For the first parameter that is out of its range, or at odds with another.
        """
    def training_batch(self, y: Any, X: Any = None, *, static: Any = None) -> tuple[Any, Any, Any]:
        """Up to 64 windows at random as `model_` is trained on them: inputs, targets, weights.

        Parameters
        ----------
        y, X, static
            As in fit.
        """
    def export(
        self: Any,
        directory: str | os.PathLike[str],
        *,
        format: Format = "saved_model",
        steps: int | None = None,
        optimize: Optimization | None = None,
        signatures: Sequence[str] | None = None,
        include_example: bool = True,
        example: Any = None,
        metrics: Mapping[str, float] | None = None,
    ) -> str:
        """Writes a SavedModel that TensorFlow Serving serves, in the next version's folder.

        Its signatures are described in the Notes of the class. They refuse what `predict` refuses,
        by an error that names the argument and its rows. Beside the graph are `model_card.json`,
        which tells what the model is, in `assets.extra` labels and vocabularies, and requests by
        which a server warms the model up. `seqkit.serving.verify` checks such a folder.

        Models of numbers are written in other formats too. Such a file is asked before it is
        written, with the example and rows made of it, one and many, of one step and of many, and
        must answer as the model does. It has one signature, and raises no errors: a row that
        `predict` refuses is answered with NaN, labels with "" or the least integer.

        Parameters
        ----------
        directory : path
            The model's folder. Versions are its subfolders 1, 2, and so on.
        format : {"saved_model", "onnx", "litert"}
            "onnx": model.onnx, for ONNX Runtime and others; `seqkit[onnx]` has what converts it.
            "litert": model.tflite, for devices: one row a call, of a fixed number of steps;
            `seqkit[litert]`.
        steps : int or None
            Steps of the rows of a "litert" file; shorter ones end in NaN, histories begin with it.
            None: those that a forecaster looks back.
        optimize : "xla", optional
            Has recurrent layers compiled, by a server that does so, once for each shape of batch:
            calls of a shape after its first are the fastest. By default all runs on TensorFlow's
            stock operations, on any server.
        signatures : list of str or None
            Names of the signatures to write. None: those of the Notes. Of numeric sequences there
            is "lengths" too, whose rows end where a second input, `lengths`, says.
        include_example : bool
            Whether the card has an example of each signature, a request and its answer, and a
            server warms up with it.
        example : sequences, dict of arrays, or None
            A few rows as `predict` takes them, of which the first four are the example; or the
            inputs of the signatures by name. None: rows made up of what the fit learned, so that no
            data of the training leave with the model.
        metrics : dict or None
            Scores on data that the fit has not seen, for the card: name to number.

        Returns
        -------
        The folder written, directory/<version>. It appears complete or not at all.

        Raises
        ------
        ValueError
            For a signature that there is not, for an example that the model refuses, and for
            another format of a model that reads strings.
        seqkit.extras.MissingExtraError
            Where what converts to this format is not installed.
        seqkit.serving.FailedConversion
            For a model that has operations that the format lacks, or that would answer otherwise.
        """
    def save(self, path: str | os.PathLike[str]) -> str:
        """Writes the fitted estimator into one file, which `seqkit.load` reads.

        The file holds numbers and text, no code; it appears complete or not at all. Callbacks are
        not saved; of a `random_state` only an int is.

        Parameters
        ----------
        path : path
            The file; an older one is replaced. Its name may be any, such as model.seqkit.

        Returns
        -------
        The path.
        """
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
    def get_params(self, deep: bool = True) -> dict[str, Any]:
        """The parameters, by name."""

    def set_params(self, **params: Any) -> Self:
        """Sets parameters, by name, and returns the estimator."""

class Seq2SeqTranslator(BaseEstimator):
    """A recurrent encoder-decoder: strings in, strings out.

    An encoder reads the source; a decoder, with attention or without, writes the target token by
    token (Sutskever et al. 2014; Bahdanau et al. 2015; Luong et al. 2015).

    Parameters
    ----------
    cell : str or class, default='gru'
        'simple_rnn', 'lstm', 'peephole_lstm', 'gru', 'carousel_lstm', 'keras_simple_rnn',
        'keras_lstm', 'keras_gru' (those with keras_ are Keras's own); a Keras RNN layer class; or a
        cell class.
    units : int, default=256
        Units of each layer of the decoder.
    layers : int, default=1
        Recurrent layers, one upon the other.
    bidirectional : bool, default=True
        Whether each layer of the encoder also reads sequences from their end.
    dropout : float, default=0.2
        Fraction of each recurrent layer's outputs dropped in training.
    recurrent_dropout : float, default=0.0
        Fraction of the state dropped inside each layer in training.
    tbptt_steps : int or None, default=None
        Truncated back-propagation through time: the steps through which a gradient reaches back, in
        windows of so many, each of which goes on from the state in which that before ended. What
        recurrent layers keep for it grows with the window, not with the sequence. Cells of seqkit
        alone; of models with a decoder the encoder's. None: through all steps.
    preset : {"fast", "balanced", "best"}, default='balanced'
        What is chosen for epochs, max_steps and ensemble_size where they are None. "fast": 0.4
        times the steps and passes, one model; "balanced": 1 times the steps and passes, one model;
        "best": 2 times the steps and passes, 5 models.
    ensemble_size : int or None, default=None
        Models that are trained from different first weights, and whose answers are averaged:
        probabilities, values, forecasts, quantiles. None: as preset says.
    epochs : int or None, default=None
        Passes over the data, at most. None: as many as max_steps gives.
    max_steps : int or None, default=None
        Training steps, batches, at most. None: where epochs is None as well, 20 passes, times what
        preset says.
    batch_size : int or None, default=64
        Pairs a step.
    optimizer : str or keras.optimizers.Optimizer, default='adam'
        A name of Keras; or an instance, which is used as it is configured.
    learning_rate : float or keras.optimizers.schedules.LearningRateSchedule, default=0.002
        Step size of an optimiser given by name.
    learning_rate_schedule : {"cosine", "constant"}, default='cosine'
        Of a learning_rate that is a number: "cosine" raises it over the first tenth of the steps to
        learning_rate, then lets it fall to 0 along half a cosine (Loshchilov & Hutter 2017).
        Constant in partial_fit, and where callbacks set the rate.
    clipnorm : float or None, default=1.0
        Norm to which each weight's gradient is clipped, with an optimiser given by name.
    weight_decay : float or None, default=None
        Part of each weight but biases that is taken off at each step, times the learning rate
        (decoupled, Loshchilov & Hutter 2019), with an optimiser given by name. None: what the
        optimiser has, which is none but of adamw.
    use_ema : bool, default=False
        Whether the model has moving averages of the weights (Polyak & Juditsky 1992), with an
        optimiser given by name. They are what is evaluated, kept and exported; a training that goes
        on goes on from the weights themselves.
    ema_momentum : float, default=0.99
        Of the averages: the part that stays at each step.
    early_stopping : {"auto", True, False}, default='auto'
        Whether to stop when the loss of validation data no longer falls, and keep the best weights.
        The data are fit's validation_data, or else held out. "auto": where validation_data are
        given, or there are more than 10,000 examples in memory.
    validation_fraction : float, default=0.1
        Fraction held out for early stopping.
    n_iter_no_change : int, default=10
        Epochs without a better validation loss after which training stops.
    callbacks : list of keras.callbacks.Callback or None, default=None
        Callbacks passed to Keras's fit.
    random_state : int, numpy RandomState or Generator, or None, default=None
        An int gives the same model again on the same machine.
    verbose : int, default=0
        1 shows a progress bar, 2 a line an epoch.
    warm_start : bool, default=False
        Whether fit goes on from the fitted model. Parameters of the training are then taken as they
        are; what the model was made with stays, and a warning names what has changed of it.
    encoder_units : int or None, default=None
        Units of each layer and direction of the encoder; None for as many.
    tokens : {"subword", "word", "char"}, default='subword'
        What strings are read and written by: pieces of words learned by byte-pair encoding; words
        and punctuation marks, of scripts without blanks letters; or characters. Lists of tokens are
        taken as they are.
    target_tokens : {"subword", "word", "char"} or None, default=None
        What targets are written by, where it is not `tokens`.
    max_tokens : int or None, default=4000
        Size of each side's vocabulary; None for all tokens, though not with subwords.
    min_frequency : int, default=1
        Times that a token, of subwords a character, must occur in training to be known.
    max_length : int or None, default=128
        Tokens of a source or target, at most. None for no limit.
    truncate : bool, default=True
        Whether longer ones are cut, with a warning that counts them; or refused, in the export too.
    lowercase : bool, default=False
        Whether sources are read in lower case.
    normalization : {"NFC", None}, default='NFC'
        The form of Unicode in which sources and targets are read. "NFC": "é" is one character,
        whether it was written as one or as an e with an accent. None: they are read and written as
        they come, and the two are different.
    embedding_dim : int, default=256
        Size of each token's vector.
    embedding_dropout : float, default=0.2
        Fraction of the vectors' entries dropped in training.
    attention : {"bahdanau", "luong"} or None, default='luong'
        How the decoder reads the encoder's outputs; None hands it the final state alone.
    attention_score : {"dot", "general", "concat"}, default='general'
        How Luong's attention compares the decoder's state with the encoder's outputs; used only if
        attention='luong'.
    input_feeding : bool, default=False
        Whether Luong's decoder also reads what it attended to at the step before. Slower: it trains
        step by step.
    feed_context : bool, default=False
        Whether the encoder's final state is part of the decoder's input at every step.
    tie_embeddings : bool, default=True
        Whether the target's vectors are the output's weights too.
    label_smoothing : float, default=0.1
        Share of each target's probability that is spread over all tokens in training.
    scheduled_sampling : float, default=0.0
        Share of the decoder's inputs that training draws from its own predictions.
    beam_width : int, default=5
        Hypotheses that the search keeps; 1 is greedy search.
    n_best : int, default=1
        Translations that the export's signature `beam` gives; 1 for as many as its beam is wide.
    length_penalty : float, default=1.0
        Exponent by which a beam search favours long outputs (Wu et al. 2016).
    coverage_penalty : float, default=0.0
        Weight by which a beam search favours outputs that attend to all of the source (ibid.).
    no_repeat_ngram : int, default=0
        Length of n-grams that may not occur twice in an output; 0 for none.
    checkpoint_dir : path or None, default=None
        Folder for the state of training after each epoch. A fit that was interrupted goes on from
        there, to the same result; one that ends removes it.

    Attributes
    ----------
    source_vocabulary_, target_vocabulary_ : list of str
        The known tokens of each side; a "▁" stands for the blank before a word.
    source_codec_, target_codec_ : seqkit.text.TextCodec
        From strings to ids and back, as the export does it.
    chosen_ : dict
        What was chosen for each parameter that was left open: its `value`, and the `reason`.
    n_iter_ : int
        Epochs trained.
    best_epoch_ : int
        The epoch, from 1, whose weights the model has.
    history_ : dict of lists
        Loss and perplexity of each epoch.
    model_ : seqkit.models.EncoderDecoder
        The Keras model.

    Notes
    -----
    X and y are lists, arrays or Series of strings, or lists of token lists (phonemes, say), each
    side as it likes; predictions come in the form of y. tf.data streams of pairs of strings are
    read at each pass and never held in memory.

    Texts of both sides are read in Unicode's normal form C, letters and their accents composed,
    unless normalization=None.
    With tokens="word" each letter of a script that puts no blanks between words, such as Han, Kana
    and Thai, is a token of its own, and is written without a blank before it. Texts that are cut
    into words already are given as token lists.
    Unknown characters are read as one unknown token each, and never written. An empty source, which
    fit refuses, is translated as an empty one. Outputs are at most as long, relative to their
    sources, as the longest of the training.

    The export has two signatures, both from `inputs`, strings (batch,). `serving_default` gives
    `outputs`, strings (batch,), and `scores`, float32 (batch,), as `predict` does; `beam` gives the
    best ones of a beam, (batch, n) each. Lists of tokens are strings with blanks between tokens.

    Examples
    --------
    >>> import seqkit
    >>> X = ["un chat", "un chien", "le chat", "le chien"] * 10
    >>> y = ["a cat", "a dog", "the cat", "the dog"] * 10
    >>> model = seqkit.Seq2SeqTranslator(units=16, embedding_dim=16, epochs=30, learning_rate=0.01,
    ...                                  random_state=0).fit(X, y)
    >>> model.predict(["le chien", "un chat"])
    ['the dog', 'a cat']
    """

    cell: str | type[keras.layers.Layer]
    units: int
    layers: int
    bidirectional: bool
    dropout: float
    recurrent_dropout: float
    tbptt_steps: int | None
    preset: str
    ensemble_size: int | None
    epochs: int | None
    max_steps: int | None
    batch_size: int
    optimizer: str | keras.optimizers.Optimizer
    learning_rate: float | keras.optimizers.schedules.LearningRateSchedule
    learning_rate_schedule: str
    clipnorm: float | None
    weight_decay: float | None
    use_ema: bool
    ema_momentum: float
    early_stopping: bool | str
    validation_fraction: float
    n_iter_no_change: int
    callbacks: Sequence[keras.callbacks.Callback] | None
    random_state: RandomState
    verbose: int
    warm_start: bool
    encoder_units: int | None
    tokens: str
    target_tokens: str | None
    max_tokens: int | None
    min_frequency: int
    max_length: int | None
    truncate: bool
    lowercase: bool
    normalization: str | None
    embedding_dim: int
    embedding_dropout: float
    attention: str | None
    attention_score: str
    input_feeding: bool
    feed_context: bool
    tie_embeddings: bool
    label_smoothing: float
    scheduled_sampling: float
    beam_width: int
    n_best: int
    length_penalty: float
    coverage_penalty: float
    no_repeat_ngram: int
    checkpoint_dir: str | os.PathLike[str] | None
    model_: keras.Model
    history_: dict[str, list[float]]
    chosen_: dict[str, Choice]
    n_iter_: int
    best_epoch_: int
    def __init__(
        self,
        cell: str | type[keras.layers.Layer] = "gru",
        *,
        units: int = 256,
        layers: int = 1,
        bidirectional: bool = True,
        dropout: float = 0.2,
        recurrent_dropout: float = 0.0,
        tbptt_steps: int | None = None,
        preset: str = "balanced",
        ensemble_size: int | None = None,
        epochs: int | None = None,
        max_steps: int | None = None,
        batch_size: int = 64,
        optimizer: str | keras.optimizers.Optimizer = "adam",
        learning_rate: float | keras.optimizers.schedules.LearningRateSchedule = 0.002,
        learning_rate_schedule: str = "cosine",
        clipnorm: float | None = 1.0,
        weight_decay: float | None = None,
        use_ema: bool = False,
        ema_momentum: float = 0.99,
        early_stopping: bool | str = "auto",
        validation_fraction: float = 0.1,
        n_iter_no_change: int = 10,
        callbacks: Sequence[keras.callbacks.Callback] | None = None,
        random_state: RandomState = None,
        verbose: int = 0,
        warm_start: bool = False,
        encoder_units: int | None = None,
        tokens: str = "subword",
        target_tokens: str | None = None,
        max_tokens: int | None = 4000,
        min_frequency: int = 1,
        max_length: int | None = 128,
        truncate: bool = True,
        lowercase: bool = False,
        normalization: str | None = "NFC",
        embedding_dim: int = 256,
        embedding_dropout: float = 0.2,
        attention: str | None = "luong",
        attention_score: str = "general",
        input_feeding: bool = False,
        feed_context: bool = False,
        tie_embeddings: bool = True,
        label_smoothing: float = 0.1,
        scheduled_sampling: float = 0.0,
        beam_width: int = 5,
        n_best: int = 1,
        length_penalty: float = 1.0,
        coverage_penalty: float = 0.0,
        no_repeat_ngram: int = 0,
        checkpoint_dir: str | os.PathLike[str] | None = None,
    ) -> None: ...
    @property
    def source_codec_(self) -> TextCodec:
        """From sources to ids."""
    @property
    def target_codec_(self) -> TextCodec:
        """From ids to targets."""
    @property
    def source_vocabulary_(self) -> list[str]:
        """The known tokens of sources; a "▁" stands for the blank before a word."""
    @property
    def target_vocabulary_(self) -> list[str]:
        """The known tokens of targets; a "▁" stands for the blank before a word."""
    def fit(
        self,
        X: Inputs,
        y: Targets = None,
        sample_weight: Targets = None,
        *,
        validation_data: Sequence[Inputs] | tf.data.Dataset | Batches | None = None,
        steps_per_epoch: int | None = None,
    ) -> Self:
        """Trains on sequences X and their targets y.

        Parameters
        ----------
        X : sequences, tf.data.Dataset, or seqkit.data.Batches
            See Notes of the class. A dataset has elements (x, y) or (x, y, weight), one example
            each or batches; a function that begins a pass over batches does as well. Such are read
            at each pass, and never held in memory.
        y : targets
            See Notes of the class. None where X is a dataset or batches.
        sample_weight : array (n,) or None
            Weight of each sample in the loss.
        validation_data : (X, y), (X, y, sample_weight), tf.data.Dataset, Batches, or None
            Data whose loss is recorded, and which early stopping watches.
        steps_per_epoch : int or None
            Batches of an epoch of a dataset or of batches, which the next epoch goes on from; one
            that repeats for ever needs it. Of data whose number is not known an epoch's are what
            scales, vocabularies and classes are learned of. None: all.

        Returns
        -------
        The estimator.
        """
    def check_parameters(self) -> None:
        """Raises what `fit` would raise for the parameters, before any work.

        Raises
        ------
        ValueError, TypeError
            For the first parameter that is out of its range, or at odds with another.
        MissingExtraError
            For subwords, without the package that learns them.
        """
    def training_batch(self, X: Any, y: Any = None) -> tuple[Any, Any, Any]:
        """One batch of X and y as `model_` is trained on it, for tools that take Keras models.

        Parameters
        ----------
        X, y
            As in fit. Without y there are inputs alone.

        Returns
        -------
        Inputs, padded to the longest sequence; targets and weights, or None and None without y.
        """
    def export(
        self,
        directory: str | os.PathLike[str],
        *,
        format: Format = "saved_model",
        optimize: Optimization | None = None,
        signatures: Sequence[str] | None = None,
        include_example: bool = True,
        example: Any = None,
        metrics: Mapping[str, float] | None = None,
        **search: Any,
    ) -> str:
        """Writes a SavedModel that TensorFlow Serving serves, in the next version's folder.

        Its signatures are described in the Notes of the class.

        Parameters
        ----------
        directory : path
            The model's folder. Versions are its subfolders 1, 2, and so on.
        format : {"saved_model"}
            Others are for models that read numbers.
        optimize : "xla", optional
            Has the encoder compiled, by a server that does so, once for each shape of batch:
            calls of a shape after its first are the fastest. By default all runs on TensorFlow's
            stock operations, on any server.
        signatures : list of str or None
            Names of the signatures to write, serving_default and beam. None: both.
        include_example, example, metrics
            As of the other estimators: whether the card has an example, of which sources, and
            scores on data that the fit has not seen.
        **search
            Options of the search other than those of the fit: beam_width, n_best, length_penalty,
            coverage_penalty, no_repeat_ngram.

        Returns
        -------
        The folder written, directory/<version>. It appears complete or not at all.
        """
    def save(self, path: str | os.PathLike[str]) -> str:
        """Writes the fitted estimator into one file, which `seqkit.load` reads.

        The file holds numbers and text, no code; it appears complete or not at all. Callbacks are
        not saved; of a `random_state` only an int is.

        Parameters
        ----------
        path : path
            The file; an older one is replaced. Its name may be any, such as model.seqkit.

        Returns
        -------
        The path.
        """
    def predict(
        self,
        X: Inputs,
        *,
        beam_width: int | None = None,
        n_best: int | None = None,
        length_penalty: float | None = None,
        coverage_penalty: float | None = None,
        no_repeat_ngram: int | None = None,
        return_scores: bool = False,
        return_attention: bool = False,
    ) -> Any:
        """The translation of each source.

        Parameters
        ----------
        X : list of str, or of token lists
            See Notes of the class.
        beam_width : int or None
            1 is greedy search. None: as the estimator was fitted with.
        n_best : int or None
            Number of translations of each source, the best first, no text twice. Where the beam has
            fewer, the last are empty, of score -inf. None: one, not in a list.
        length_penalty, coverage_penalty, no_repeat_ngram
            As the parameters of these names. None: as the estimator was fitted with.
        return_scores : bool
            Whether to return scores too: log-probabilities, with the penalties of the search.
        return_attention : bool
            Whether to return the best translation's attention too.

        Returns
        -------
        A list of n strings (or token lists); or of n lists of n_best of them. With scores or
        attention a tuple: translations, scores (n,) or (n, n_best), and a list of n `AttentionMap`.
        """
    def partial_fit(self, X: Inputs, y: Targets, sample_weight: Targets = None) -> Self:
        """One pass over these pairs, from where the last one ended.

        The vocabularies are learned in the first call. A warning says which share of later targets
        they lack, which is trained as unknown tokens and never written.

        Parameters
        ----------
        X, y, sample_weight
            As in fit.
        """
    def score(
        self, X: Inputs, y: Targets = None, metric: str = "bleu", tokenize: str | None = None
    ) -> float:
        """How good the translations of X are.

        Parameters
        ----------
        X : list of str, or of token lists, or tf.data.Dataset of pairs
            The sources.
        y : list of str, or of token lists, or of lists of several of these, or None
            The right translations, one each or several; None where X has them.
        metric : {"bleu", "chrf", "exact_match"}
            BLEU and chrF from 0 to 100, as sacreBLEU computes them; or the share that is right.
            BLEU counts runs of four words: of shorter texts, such as dates, take another.
        tokenize : str or None
            How BLEU finds words: a tokenisation of sacreBLEU, such as "zh" for Chinese, or "char"
            for any script without blanks between words. None: "13a", for words between blanks; or
            "char", with a warning, where most of y is of such scripts.
        """
    def get_params(self, deep: bool = True) -> dict[str, Any]:
        """The parameters, by name."""

    def set_params(self, **params: Any) -> Self:
        """Sets parameters, by name, and returns the estimator."""

class SequenceClassifier(ClassifierMixin, BaseEstimator):
    """A recurrent classifier of numeric sequences of any length.

    Parameters
    ----------
    cell : str or class, default='lstm'
        'simple_rnn', 'lstm', 'peephole_lstm', 'gru', 'carousel_lstm', 'keras_simple_rnn',
        'keras_lstm', 'keras_gru' (those with keras_ are Keras's own); a Keras RNN layer class; or a
        cell class.
    units : int, default=64
        Units of each layer and direction.
    layers : int, default=1
        Recurrent layers, one upon the other.
    bidirectional : bool, default=True
        Whether each layer also reads sequences from their end.
    dropout : float, default=0.2
        Fraction of each recurrent layer's outputs dropped in training.
    recurrent_dropout : float, default=0.0
        Fraction of the state dropped inside each layer in training.
    tbptt_steps : int or None, default=None
        Truncated back-propagation through time: the steps through which a gradient reaches back, in
        windows of so many, each of which goes on from the state in which that before ended. What
        recurrent layers keep for it grows with the window, not with the sequence. Cells of seqkit
        alone; of models with a decoder the encoder's. None: through all steps.
    preset : {"fast", "balanced", "best"}, default='balanced'
        What is chosen for epochs, max_steps and ensemble_size where they are None. "fast": 0.4
        times the steps and passes, one model; "balanced": 1 times the steps and passes, one model;
        "best": 2 times the steps and passes, 5 models.
    ensemble_size : int or None, default=None
        Models that are trained from different first weights, and whose answers are averaged:
        probabilities, values, forecasts, quantiles. None: as preset says.
    epochs : int or None, default=None
        Passes over the data, at most. None: as many as max_steps gives.
    max_steps : int or None, default=None
        Training steps, batches, at most. None: where epochs is None as well, 500 in whole passes,
        at least four, times what preset says.
    batch_size : int or None, default=None
        Sequences a step. None: 16 of up to 512 sequences, 32 of more.
    optimizer : str or keras.optimizers.Optimizer, default='adam'
        A name of Keras; or an instance, which is used as it is configured.
    learning_rate : float or keras.optimizers.schedules.LearningRateSchedule, default=0.005
        Step size of an optimiser given by name.
    learning_rate_schedule : {"cosine", "constant"}, default='cosine'
        Of a learning_rate that is a number: "cosine" raises it over the first tenth of the steps to
        learning_rate, then lets it fall to 0 along half a cosine (Loshchilov & Hutter 2017).
        Constant in partial_fit, and where callbacks set the rate.
    clipnorm : float or None, default=1.0
        Norm to which each weight's gradient is clipped, with an optimiser given by name.
    weight_decay : float or None, default=None
        Part of each weight but biases that is taken off at each step, times the learning rate
        (decoupled, Loshchilov & Hutter 2019), with an optimiser given by name. None: what the
        optimiser has, which is none but of adamw.
    use_ema : bool, default=False
        Whether the model has moving averages of the weights (Polyak & Juditsky 1992), with an
        optimiser given by name. They are what is evaluated, kept and exported; a training that goes
        on goes on from the weights themselves.
    ema_momentum : float, default=0.99
        Of the averages: the part that stays at each step.
    early_stopping : {"auto", True, False}, default='auto'
        Whether to stop when the loss of validation data no longer falls, and keep the best weights.
        The data are fit's validation_data, or else held out. "auto": where validation_data are
        given, or there are more than 10,000 examples in memory.
    validation_fraction : float, default=0.1
        Fraction held out for early stopping.
    n_iter_no_change : int, default=10
        Epochs without a better validation loss after which training stops.
    callbacks : list of keras.callbacks.Callback or None, default=None
        Callbacks passed to Keras's fit.
    random_state : int, numpy RandomState or Generator, or None, default=None
        An int gives the same model again on the same machine.
    verbose : int, default=0
        1 shows a progress bar, 2 a line an epoch.
    warm_start : bool, default=False
        Whether fit goes on from the fitted model. Parameters of the training are then taken as they
        are; what the model was made with stays, and a warning names what has changed of it.
    pooling : str or tuple of str, default=('last', 'mean', 'max')
        How the outputs of all steps become one vector: "last", the last of each direction; "mean"
        or "max" over the steps; "attention", a learned weighted mean; or a tuple of some, which are
        concatenated.
    class_weight : dict, "balanced" or None, default=None
        Weight of each class, as in scikit-learn.
    label_smoothing : float, default=0.0
        Share of each label's probability that is spread over all classes in the loss (Szegedy et
        al. 2016).
    scaling : {"standard", None}, default='standard'
        Whether each feature is standardised with the mean and variance found in fit.
    stem : {"auto", "segments", "convolution", None}, default='auto'
        What shortens sequences before the recurrent layers: "segments", overlapping pieces, each
        embedded linearly (SegRNN, Lin et al. 2023); "convolution", two layers of filters before the
        segments (after DeepConvLSTM, Ordóñez & Roggen 2016); None: each step is read by itself.
        "auto": segments where the median length is 64 steps or more.
    stride : int or None, default=None
        Steps from one segment to the next, of which each has two strides. None: 4 to 16 by the
        median length, more above 3,200 steps. Without a stem it has no part.
    augmentation : str, tuple of str or None, default=None
        What changes each sequence at random each time that it is trained on, and never else:
        "jitter", noise; "scaling", a factor for each feature; "window_slicing", a window of nine
        tenths stretched to the whole length; "time_warping", faster here and slower there; or a
        tuple of some. None: nothing.
    id : str, default='unique_id'
        Column of a long frame that names the series; instead of "unique_id", "instance" is read
        too.
    time : str, default='ds'
        Column of a long frame that holds the times; instead of "ds", "time" is read too.

    Attributes
    ----------
    classes_ : array (K,)
        The labels, sorted; for indicators, the columns of y.
    n_features_in_ : int
        Features a step; for an array (n, T), its columns, as scikit-learn counts them.
    feature_names_in_ : array of str
        Columns of the features, where X was a frame.
    chosen_ : dict
        What was chosen for each parameter that was left open: its `value`, and the `reason`.
    n_iter_ : int
        Epochs trained.
    best_epoch_ : int
        The epoch, from 1, whose weights the model has.
    history_ : dict of lists
        Loss and accuracy of each epoch.
    model_ : keras.Model
        From (B, T, d), rows ending in NaN, to probabilities (B, K).

    Notes
    -----
    X is an array (n, T, d); an array or frame (n, T), which is one feature; a list of arrays
    (T_i, d); or a long frame, a row a step, with columns `id` and `time`, or indexed by the two.
    Then y has one label a sequence, in the order in which the frame first names them, or is a
    Series indexed by them.

    Shorter sequences of an array (n, T, d) end in NaN: last steps that are NaN in all features are
    padding, in lists and long frames too. NaN anywhere else, or in an array (n, T), is an error
    that names its place.

    Sequences are bucketed by length; padding never changes a result. Ctrl-C after the first epoch
    ends fit with a warning and keeps the best weights so far.

    y has one label a sequence, of any sortable type. Where any number of labels may apply it is an
    indicator matrix (n, K), or has a list or set of labels for each sequence, [] for none;
    `predict` gives indicators of both, whose columns are `classes_`.

    The export's signature: `inputs`, float32 (batch, time, d), rows ending in NaN where they are
    shorter; to `probabilities`, float32 (batch, K), and `label` (batch,), int64 where y was
    integers, else strings. With several there is no `label`, but `labels`, the classes, in each
    row (batch, K).

    Examples
    --------
    >>> import numpy as np, seqkit
    >>> rng = np.random.default_rng(0)
    >>> X = [rng.normal(size=(rng.integers(5, 9), 2)) for _ in range(40)]
    >>> y = ["up" if x.sum() > 0 else "down" for x in X]
    >>> model = seqkit.SequenceClassifier("gru", units=8, epochs=40, random_state=0).fit(X, y)
    >>> model.score(X, y) > 0.9
    True
    """

    cell: str | type[keras.layers.Layer]
    units: int
    layers: int
    bidirectional: bool
    dropout: float
    recurrent_dropout: float
    tbptt_steps: int | None
    preset: str
    ensemble_size: int | None
    epochs: int | None
    max_steps: int | None
    batch_size: int | None
    optimizer: str | keras.optimizers.Optimizer
    learning_rate: float | keras.optimizers.schedules.LearningRateSchedule
    learning_rate_schedule: str
    clipnorm: float | None
    weight_decay: float | None
    use_ema: bool
    ema_momentum: float
    early_stopping: bool | str
    validation_fraction: float
    n_iter_no_change: int
    callbacks: Sequence[keras.callbacks.Callback] | None
    random_state: RandomState
    verbose: int
    warm_start: bool
    pooling: str | Sequence[str]
    class_weight: Mapping[Any, float] | str | None
    label_smoothing: float
    scaling: str | None
    stem: str | None
    stride: int | None
    augmentation: str | Sequence[str] | None
    id: str
    time: str
    model_: keras.Model
    history_: dict[str, list[float]]
    chosen_: dict[str, Choice]
    n_iter_: int
    best_epoch_: int
    def __init__(
        self,
        cell: str | type[keras.layers.Layer] = "lstm",
        *,
        units: int = 64,
        layers: int = 1,
        bidirectional: bool = True,
        dropout: float = 0.2,
        recurrent_dropout: float = 0.0,
        tbptt_steps: int | None = None,
        preset: str = "balanced",
        ensemble_size: int | None = None,
        epochs: int | None = None,
        max_steps: int | None = None,
        batch_size: int | None = None,
        optimizer: str | keras.optimizers.Optimizer = "adam",
        learning_rate: float | keras.optimizers.schedules.LearningRateSchedule = 0.005,
        learning_rate_schedule: str = "cosine",
        clipnorm: float | None = 1.0,
        weight_decay: float | None = None,
        use_ema: bool = False,
        ema_momentum: float = 0.99,
        early_stopping: bool | str = "auto",
        validation_fraction: float = 0.1,
        n_iter_no_change: int = 10,
        callbacks: Sequence[keras.callbacks.Callback] | None = None,
        random_state: RandomState = None,
        verbose: int = 0,
        warm_start: bool = False,
        pooling: str | Sequence[str] = ("last", "mean", "max"),
        class_weight: Mapping[Any, float] | str | None = None,
        label_smoothing: float = 0.0,
        scaling: str | None = "standard",
        stem: str | None = "auto",
        stride: int | None = None,
        augmentation: str | Sequence[str] | None = None,
        id: str = "unique_id",
        time: str = "ds",
    ) -> None: ...
    @property
    def classes_(self) -> np.ndarray:
        """The labels, sorted; for indicators, the columns of y."""
    @property
    def n_features_in_(self) -> int:
        """Features a step; for an array (n, T), its columns."""
    @property
    def feature_names_in_(self) -> np.ndarray:
        """Columns of the features, where X was a frame."""
    def fit(
        self,
        X: Inputs,
        y: Targets = None,
        sample_weight: Targets = None,
        *,
        validation_data: Sequence[Inputs] | tf.data.Dataset | Batches | None = None,
        steps_per_epoch: int | None = None,
    ) -> Self:
        """Trains on sequences X and their targets y.

        Parameters
        ----------
        X : sequences, tf.data.Dataset, or seqkit.data.Batches
            See Notes of the class. A dataset has elements (x, y) or (x, y, weight), one example
            each or batches; a function that begins a pass over batches does as well. Such are read
            at each pass, and never held in memory.
        y : targets
            See Notes of the class. None where X is a dataset or batches.
        sample_weight : array (n,) or None
            Weight of each sample in the loss.
        validation_data : (X, y), (X, y, sample_weight), tf.data.Dataset, Batches, or None
            Data whose loss is recorded, and which early stopping watches.
        steps_per_epoch : int or None
            Batches of an epoch of a dataset or of batches, which the next epoch goes on from; one
            that repeats for ever needs it. Of data whose number is not known an epoch's are what
            scales, vocabularies and classes are learned of. None: all.

        Returns
        -------
        The estimator.
        """
    def check_parameters(self) -> None:
        """Raises what `fit` would raise for the parameters, before any work.

        Raises
        ------
        ValueError, TypeError
            For the first parameter that is out of its range, or at odds with another.
        """
    def training_batch(self, X: Any, y: Any = None) -> tuple[Any, Any, Any]:
        """One batch of X and y as `model_` is trained on it, for tools that take Keras models.

        Parameters
        ----------
        X, y
            As in fit. Without y there are inputs alone.

        Returns
        -------
        Inputs, padded to the longest sequence; targets and weights, or None and None without y.
        """
    def export(
        self: Any,
        directory: str | os.PathLike[str],
        *,
        format: Format = "saved_model",
        steps: int | None = None,
        optimize: Optimization | None = None,
        signatures: Sequence[str] | None = None,
        include_example: bool = True,
        example: Any = None,
        metrics: Mapping[str, float] | None = None,
    ) -> str:
        """Writes a SavedModel that TensorFlow Serving serves, in the next version's folder.

        Its signatures are described in the Notes of the class. They refuse what `predict` refuses,
        by an error that names the argument and its rows. Beside the graph are `model_card.json`,
        which tells what the model is, in `assets.extra` labels and vocabularies, and requests by
        which a server warms the model up. `seqkit.serving.verify` checks such a folder.

        Models of numbers are written in other formats too. Such a file is asked before it is
        written, with the example and rows made of it, one and many, of one step and of many, and
        must answer as the model does. It has one signature, and raises no errors: a row that
        `predict` refuses is answered with NaN, labels with "" or the least integer.

        Parameters
        ----------
        directory : path
            The model's folder. Versions are its subfolders 1, 2, and so on.
        format : {"saved_model", "onnx", "litert"}
            "onnx": model.onnx, for ONNX Runtime and others; `seqkit[onnx]` has what converts it.
            "litert": model.tflite, for devices: one row a call, of a fixed number of steps;
            `seqkit[litert]`.
        steps : int or None
            Steps of the rows of a "litert" file; shorter ones end in NaN, histories begin with it.
            None: those that a forecaster looks back.
        optimize : "xla", optional
            Has recurrent layers compiled, by a server that does so, once for each shape of batch:
            calls of a shape after its first are the fastest. By default all runs on TensorFlow's
            stock operations, on any server.
        signatures : list of str or None
            Names of the signatures to write. None: those of the Notes. Of numeric sequences there
            is "lengths" too, whose rows end where a second input, `lengths`, says.
        include_example : bool
            Whether the card has an example of each signature, a request and its answer, and a
            server warms up with it.
        example : sequences, dict of arrays, or None
            A few rows as `predict` takes them, of which the first four are the example; or the
            inputs of the signatures by name. None: rows made up of what the fit learned, so that no
            data of the training leave with the model.
        metrics : dict or None
            Scores on data that the fit has not seen, for the card: name to number.

        Returns
        -------
        The folder written, directory/<version>. It appears complete or not at all.

        Raises
        ------
        ValueError
            For a signature that there is not, for an example that the model refuses, and for
            another format of a model that reads strings.
        seqkit.extras.MissingExtraError
            Where what converts to this format is not installed.
        seqkit.serving.FailedConversion
            For a model that has operations that the format lacks, or that would answer otherwise.
        """
    def save(self, path: str | os.PathLike[str]) -> str:
        """Writes the fitted estimator into one file, which `seqkit.load` reads.

        The file holds numbers and text, no code; it appears complete or not at all. Callbacks are
        not saved; of a `random_state` only an int is.

        Parameters
        ----------
        path : path
            The file; an older one is replaced. Its name may be any, such as model.seqkit.

        Returns
        -------
        The path.
        """
    def partial_fit(
        self, X: Inputs, y: Targets, classes: Targets = None, sample_weight: Targets = None
    ) -> Self:
        """One pass over these data, from where the last one ended.

        What is learned of X beside the weights (scaling, vocabulary) is learned in the first call.

        Parameters
        ----------
        X, y
            As in fit.
        classes : array (K,) or None
            All classes that later calls may bring; default: those of the first y.
        sample_weight
            As in fit.
        """
    def predict(self, X: Inputs) -> np.ndarray:
        """The most probable class of each sequence, (n,); or which labels apply, (n, K).

        Where several labels may apply these are 1 for a probability above one half, else 0, in the
        order of `classes_`, whether y was such a matrix or lists: `classes_[row > 0]` are the
        labels of a row.

        Parameters
        ----------
        X : sequences
            See Notes of the class.
        """
    def predict_proba(self, X: Inputs) -> np.ndarray:
        """The probability of each class, in the order of `classes_`, (n, K).

        Parameters
        ----------
        X : sequences
            See Notes of the class.
        """
    def score(self, X: Inputs, y: Targets, sample_weight: Any = None) -> float:
        """The share of sequences whose class is right; or of those whose labels all are.

        Parameters
        ----------
        X : sequences
            See Notes of the class.
        y : labels
            The true ones, as fit takes them.
        sample_weight : array (n,) or None
            Weight of each sequence.
        """
    def get_params(self, deep: bool = True) -> dict[str, Any]:
        """The parameters, by name."""

    def set_params(self, **params: Any) -> Self:
        """Sets parameters, by name, and returns the estimator."""

class SequenceRegressor(RegressorMixin, BaseEstimator):
    """A recurrent regressor: from numeric sequences of any length to a number, or several.

    Parameters
    ----------
    cell : str or class, default='lstm'
        'simple_rnn', 'lstm', 'peephole_lstm', 'gru', 'carousel_lstm', 'keras_simple_rnn',
        'keras_lstm', 'keras_gru' (those with keras_ are Keras's own); a Keras RNN layer class; or a
        cell class.
    units : int, default=64
        Units of each layer and direction.
    layers : int, default=1
        Recurrent layers, one upon the other.
    bidirectional : bool, default=True
        Whether each layer also reads sequences from their end.
    dropout : float, default=0.2
        Fraction of each recurrent layer's outputs dropped in training.
    recurrent_dropout : float, default=0.0
        Fraction of the state dropped inside each layer in training.
    tbptt_steps : int or None, default=None
        Truncated back-propagation through time: the steps through which a gradient reaches back, in
        windows of so many, each of which goes on from the state in which that before ended. What
        recurrent layers keep for it grows with the window, not with the sequence. Cells of seqkit
        alone; of models with a decoder the encoder's. None: through all steps.
    preset : {"fast", "balanced", "best"}, default='balanced'
        What is chosen for epochs, max_steps and ensemble_size where they are None. "fast": 0.4
        times the steps and passes, one model; "balanced": 1 times the steps and passes, one model;
        "best": 2 times the steps and passes, 5 models.
    ensemble_size : int or None, default=None
        Models that are trained from different first weights, and whose answers are averaged:
        probabilities, values, forecasts, quantiles. None: as preset says.
    epochs : int or None, default=None
        Passes over the data, at most. None: as many as max_steps gives.
    max_steps : int or None, default=None
        Training steps, batches, at most. None: where epochs is None as well, 500 in whole passes,
        at least four, times what preset says.
    batch_size : int or None, default=None
        Sequences a step. None: 16 of up to 512 sequences, 32 of more.
    optimizer : str or keras.optimizers.Optimizer, default='adam'
        A name of Keras; or an instance, which is used as it is configured.
    learning_rate : float or keras.optimizers.schedules.LearningRateSchedule, default=0.005
        Step size of an optimiser given by name.
    learning_rate_schedule : {"cosine", "constant"}, default='cosine'
        Of a learning_rate that is a number: "cosine" raises it over the first tenth of the steps to
        learning_rate, then lets it fall to 0 along half a cosine (Loshchilov & Hutter 2017).
        Constant in partial_fit, and where callbacks set the rate.
    clipnorm : float or None, default=1.0
        Norm to which each weight's gradient is clipped, with an optimiser given by name.
    weight_decay : float or None, default=None
        Part of each weight but biases that is taken off at each step, times the learning rate
        (decoupled, Loshchilov & Hutter 2019), with an optimiser given by name. None: what the
        optimiser has, which is none but of adamw.
    use_ema : bool, default=False
        Whether the model has moving averages of the weights (Polyak & Juditsky 1992), with an
        optimiser given by name. They are what is evaluated, kept and exported; a training that goes
        on goes on from the weights themselves.
    ema_momentum : float, default=0.99
        Of the averages: the part that stays at each step.
    early_stopping : {"auto", True, False}, default='auto'
        Whether to stop when the loss of validation data no longer falls, and keep the best weights.
        The data are fit's validation_data, or else held out. "auto": where validation_data are
        given, or there are more than 10,000 examples in memory. Of 30 to 1,000 a fifth is held out
        of a first training, which counts the passes that do best on it, and a second one makes as
        many over all: numbers that hold much noise are learned by heart otherwise. Not where epochs
        or max_steps are given.
    validation_fraction : float, default=0.1
        Fraction held out for early stopping.
    n_iter_no_change : int, default=10
        Epochs without a better validation loss after which training stops.
    callbacks : list of keras.callbacks.Callback or None, default=None
        Callbacks passed to Keras's fit.
    random_state : int, numpy RandomState or Generator, or None, default=None
        An int gives the same model again on the same machine.
    verbose : int, default=0
        1 shows a progress bar, 2 a line an epoch.
    warm_start : bool, default=False
        Whether fit goes on from the fitted model. Parameters of the training are then taken as they
        are; what the model was made with stays, and a warning names what has changed of it.
    pooling : str or tuple of str, default=('last', 'mean', 'max')
        How the outputs of all steps become one vector: "last", the last of each direction; "mean"
        or "max" over the steps; "attention", a learned weighted mean; or a tuple of some, which are
        concatenated.
    scaling : {"standard", None}, default='standard'
        Whether each feature is standardised with the mean and variance found in fit.
    stem : {"auto", "segments", "convolution", None}, default='auto'
        What shortens sequences before the recurrent layers: "segments", overlapping pieces, each
        embedded linearly (SegRNN, Lin et al. 2023); "convolution", two layers of filters before the
        segments (after DeepConvLSTM, Ordóñez & Roggen 2016); None: each step is read by itself.
        "auto": segments where the median length is 64 steps or more.
    stride : int or None, default=None
        Steps from one segment to the next, of which each has two strides. None: 4 to 16 by the
        median length, more above 3,200 steps. Without a stem it has no part.
    augmentation : str, tuple of str or None, default=None
        What changes each sequence at random each time that it is trained on, and never else:
        "jitter", noise; "scaling", a factor for each feature; "window_slicing", a window of nine
        tenths stretched to the whole length; "time_warping", faster here and slower there; or a
        tuple of some. None: nothing.
    id : str, default='unique_id'
        Column of a long frame that names the series; instead of "unique_id", "instance" is read
        too.
    time : str, default='ds'
        Column of a long frame that holds the times; instead of "ds", "time" is read too.
    loss : {"squared_error", "absolute_error", "huber"}, default='squared_error'
        The loss that is minimised, on standardised targets.

    Attributes
    ----------
    n_features_in_ : int
        Features a step; for an array (n, T), its columns, as scikit-learn counts them.
    feature_names_in_ : array of str
        Columns of the features, where X was a frame.
    chosen_ : dict
        What was chosen for each parameter that was left open: its `value`, and the `reason`.
    n_iter_ : int
        Epochs trained.
    best_epoch_ : int
        The epoch, from 1, whose weights the model has.
    history_ : dict of lists
        Loss of each epoch, on standardised targets.
    model_ : keras.Model
        From (B, T, d), rows ending in NaN, to standardised targets (B, M).

    Notes
    -----
    X is as for `SequenceClassifier`; y is numbers (n,), or (n, M) for several. Targets are
    standardised for the training, each with its mean and standard deviation; predictions are in the
    original units.

    The export's signature: `inputs`, float32 (batch, time, d), rows ending in NaN where they are
    shorter; to `values`, float32 (batch, M), in the units of y.

    Examples
    --------
    >>> import numpy as np, seqkit
    >>> rng = np.random.default_rng(0)
    >>> X = [rng.normal(size=(rng.integers(5, 9), 2)) for _ in range(60)]
    >>> y = [100 + 10 * x[:, 0].mean() for x in X]
    >>> model = seqkit.SequenceRegressor("gru", units=8, epochs=60, random_state=0).fit(X, y)
    >>> model.score(X, y) > 0.7
    True
    """

    cell: str | type[keras.layers.Layer]
    units: int
    layers: int
    bidirectional: bool
    dropout: float
    recurrent_dropout: float
    tbptt_steps: int | None
    preset: str
    ensemble_size: int | None
    epochs: int | None
    max_steps: int | None
    batch_size: int | None
    optimizer: str | keras.optimizers.Optimizer
    learning_rate: float | keras.optimizers.schedules.LearningRateSchedule
    learning_rate_schedule: str
    clipnorm: float | None
    weight_decay: float | None
    use_ema: bool
    ema_momentum: float
    early_stopping: bool | str
    validation_fraction: float
    n_iter_no_change: int
    callbacks: Sequence[keras.callbacks.Callback] | None
    random_state: RandomState
    verbose: int
    warm_start: bool
    pooling: str | Sequence[str]
    scaling: str | None
    stem: str | None
    stride: int | None
    augmentation: str | Sequence[str] | None
    id: str
    time: str
    loss: str
    model_: keras.Model
    history_: dict[str, list[float]]
    chosen_: dict[str, Choice]
    n_iter_: int
    best_epoch_: int
    def __init__(
        self,
        cell: str | type[keras.layers.Layer] = "lstm",
        *,
        units: int = 64,
        layers: int = 1,
        bidirectional: bool = True,
        dropout: float = 0.2,
        recurrent_dropout: float = 0.0,
        tbptt_steps: int | None = None,
        preset: str = "balanced",
        ensemble_size: int | None = None,
        epochs: int | None = None,
        max_steps: int | None = None,
        batch_size: int | None = None,
        optimizer: str | keras.optimizers.Optimizer = "adam",
        learning_rate: float | keras.optimizers.schedules.LearningRateSchedule = 0.005,
        learning_rate_schedule: str = "cosine",
        clipnorm: float | None = 1.0,
        weight_decay: float | None = None,
        use_ema: bool = False,
        ema_momentum: float = 0.99,
        early_stopping: bool | str = "auto",
        validation_fraction: float = 0.1,
        n_iter_no_change: int = 10,
        callbacks: Sequence[keras.callbacks.Callback] | None = None,
        random_state: RandomState = None,
        verbose: int = 0,
        warm_start: bool = False,
        pooling: str | Sequence[str] = ("last", "mean", "max"),
        scaling: str | None = "standard",
        stem: str | None = "auto",
        stride: int | None = None,
        augmentation: str | Sequence[str] | None = None,
        id: str = "unique_id",
        time: str = "ds",
        loss: str = "squared_error",
    ) -> None: ...
    @property
    def n_features_in_(self) -> int:
        """Features a step; for an array (n, T), its columns."""
    @property
    def feature_names_in_(self) -> np.ndarray:
        """Columns of the features, where X was a frame."""
    def fit(
        self,
        X: Inputs,
        y: Targets = None,
        sample_weight: Targets = None,
        *,
        validation_data: Sequence[Inputs] | tf.data.Dataset | Batches | None = None,
        steps_per_epoch: int | None = None,
    ) -> Self:
        """Trains on sequences X and their targets y.

        Parameters
        ----------
        X : sequences, tf.data.Dataset, or seqkit.data.Batches
            See Notes of the class. A dataset has elements (x, y) or (x, y, weight), one example
            each or batches; a function that begins a pass over batches does as well. Such are read
            at each pass, and never held in memory.
        y : targets
            See Notes of the class. None where X is a dataset or batches.
        sample_weight : array (n,) or None
            Weight of each sample in the loss.
        validation_data : (X, y), (X, y, sample_weight), tf.data.Dataset, Batches, or None
            Data whose loss is recorded, and which early stopping watches.
        steps_per_epoch : int or None
            Batches of an epoch of a dataset or of batches, which the next epoch goes on from; one
            that repeats for ever needs it. Of data whose number is not known an epoch's are what
            scales, vocabularies and classes are learned of. None: all.

        Returns
        -------
        The estimator.
        """
    def check_parameters(self) -> None:
        """Raises what `fit` would raise for the parameters, before any work.

        Raises
        ------
        ValueError, TypeError
            For the first parameter that is out of its range, or at odds with another.
        """
    def training_batch(self, X: Any, y: Any = None) -> tuple[Any, Any, Any]:
        """One batch of X and y as `model_` is trained on it, for tools that take Keras models.

        Parameters
        ----------
        X, y
            As in fit. Without y there are inputs alone.

        Returns
        -------
        Inputs, padded to the longest sequence; targets and weights, or None and None without y.
        """
    def export(
        self: Any,
        directory: str | os.PathLike[str],
        *,
        format: Format = "saved_model",
        steps: int | None = None,
        optimize: Optimization | None = None,
        signatures: Sequence[str] | None = None,
        include_example: bool = True,
        example: Any = None,
        metrics: Mapping[str, float] | None = None,
    ) -> str:
        """Writes a SavedModel that TensorFlow Serving serves, in the next version's folder.

        Its signatures are described in the Notes of the class. They refuse what `predict` refuses,
        by an error that names the argument and its rows. Beside the graph are `model_card.json`,
        which tells what the model is, in `assets.extra` labels and vocabularies, and requests by
        which a server warms the model up. `seqkit.serving.verify` checks such a folder.

        Models of numbers are written in other formats too. Such a file is asked before it is
        written, with the example and rows made of it, one and many, of one step and of many, and
        must answer as the model does. It has one signature, and raises no errors: a row that
        `predict` refuses is answered with NaN, labels with "" or the least integer.

        Parameters
        ----------
        directory : path
            The model's folder. Versions are its subfolders 1, 2, and so on.
        format : {"saved_model", "onnx", "litert"}
            "onnx": model.onnx, for ONNX Runtime and others; `seqkit[onnx]` has what converts it.
            "litert": model.tflite, for devices: one row a call, of a fixed number of steps;
            `seqkit[litert]`.
        steps : int or None
            Steps of the rows of a "litert" file; shorter ones end in NaN, histories begin with it.
            None: those that a forecaster looks back.
        optimize : "xla", optional
            Has recurrent layers compiled, by a server that does so, once for each shape of batch:
            calls of a shape after its first are the fastest. By default all runs on TensorFlow's
            stock operations, on any server.
        signatures : list of str or None
            Names of the signatures to write. None: those of the Notes. Of numeric sequences there
            is "lengths" too, whose rows end where a second input, `lengths`, says.
        include_example : bool
            Whether the card has an example of each signature, a request and its answer, and a
            server warms up with it.
        example : sequences, dict of arrays, or None
            A few rows as `predict` takes them, of which the first four are the example; or the
            inputs of the signatures by name. None: rows made up of what the fit learned, so that no
            data of the training leave with the model.
        metrics : dict or None
            Scores on data that the fit has not seen, for the card: name to number.

        Returns
        -------
        The folder written, directory/<version>. It appears complete or not at all.

        Raises
        ------
        ValueError
            For a signature that there is not, for an example that the model refuses, and for
            another format of a model that reads strings.
        seqkit.extras.MissingExtraError
            Where what converts to this format is not installed.
        seqkit.serving.FailedConversion
            For a model that has operations that the format lacks, or that would answer otherwise.
        """
    def save(self, path: str | os.PathLike[str]) -> str:
        """Writes the fitted estimator into one file, which `seqkit.load` reads.

        The file holds numbers and text, no code; it appears complete or not at all. Callbacks are
        not saved; of a `random_state` only an int is.

        Parameters
        ----------
        path : path
            The file; an older one is replaced. Its name may be any, such as model.seqkit.

        Returns
        -------
        The path.
        """
    def partial_fit(self, X: Inputs, y: Targets, sample_weight: Targets = None) -> Self:
        """One pass over these data, from where the last one ended.

        Scaling, that of the targets included, is learned in the first call.

        Parameters
        ----------
        X, y, sample_weight
            As in fit.
        """
    def predict(self, X: Inputs) -> np.ndarray:
        """The number of each sequence, (n,), or its numbers, (n, M), as y had them.

        Parameters
        ----------
        X : sequences
            See Notes of the class.
        """
    def score(self, X: Inputs, y: Targets, sample_weight: Targets = None) -> float:
        """The share of the variance of y that is explained, R^2; the mean over several numbers.

        Parameters
        ----------
        X : sequences
            See Notes of the class.
        y : array (n,) or (n, M)
            The true numbers, as fit takes them.
        sample_weight : array (n,) or None
            Weight of each sequence.
        """
    def get_params(self, deep: bool = True) -> dict[str, Any]:
        """The parameters, by name."""

    def set_params(self, **params: Any) -> Self:
        """Sets parameters, by name, and returns the estimator."""

class SequenceTagger(BaseEstimator):
    """A recurrent tagger: one label for each token of a text, or each step of a sequence.

    Parameters
    ----------
    cell : str or class, default='lstm'
        'simple_rnn', 'lstm', 'peephole_lstm', 'gru', 'carousel_lstm', 'keras_simple_rnn',
        'keras_lstm', 'keras_gru' (those with keras_ are Keras's own); a Keras RNN layer class; or a
        cell class.
    units : int, default=64
        Units of each layer and direction.
    layers : int, default=1
        Recurrent layers, one upon the other.
    bidirectional : bool, default=True
        Whether each layer also reads sequences from their end.
    dropout : float, default=0.2
        Fraction of each recurrent layer's outputs dropped in training.
    recurrent_dropout : float, default=0.0
        Fraction of the state dropped inside each layer in training.
    tbptt_steps : int or None, default=None
        Truncated back-propagation through time: the steps through which a gradient reaches back, in
        windows of so many, each of which goes on from the state in which that before ended. What
        recurrent layers keep for it grows with the window, not with the sequence. Cells of seqkit
        alone; of models with a decoder the encoder's. None: through all steps.
    preset : {"fast", "balanced", "best"}, default='balanced'
        What is chosen for epochs, max_steps and ensemble_size where they are None. "fast": 0.4
        times the steps and passes, one model; "balanced": 1 times the steps and passes, one model;
        "best": 2 times the steps and passes, 5 models.
    ensemble_size : int or None, default=None
        Models that are trained from different first weights, and whose answers are averaged:
        probabilities, values, forecasts, quantiles. None: as preset says.
    epochs : int or None, default=None
        Passes over the data, at most. None: as many as max_steps gives.
    max_steps : int or None, default=None
        Training steps, batches, at most. None: where epochs is None as well, 500 in whole passes,
        at least four, times what preset says.
    batch_size : int or None, default=None
        Sequences a step. None: 16 of up to 512 sequences, 32 of more.
    optimizer : str or keras.optimizers.Optimizer, default='adam'
        A name of Keras; or an instance, which is used as it is configured.
    learning_rate : float or keras.optimizers.schedules.LearningRateSchedule, default=0.005
        Step size of an optimiser given by name.
    learning_rate_schedule : {"cosine", "constant"}, default='cosine'
        Of a learning_rate that is a number: "cosine" raises it over the first tenth of the steps to
        learning_rate, then lets it fall to 0 along half a cosine (Loshchilov & Hutter 2017).
        Constant in partial_fit, and where callbacks set the rate.
    clipnorm : float or None, default=1.0
        Norm to which each weight's gradient is clipped, with an optimiser given by name.
    weight_decay : float or None, default=None
        Part of each weight but biases that is taken off at each step, times the learning rate
        (decoupled, Loshchilov & Hutter 2019), with an optimiser given by name. None: what the
        optimiser has, which is none but of adamw.
    use_ema : bool, default=False
        Whether the model has moving averages of the weights (Polyak & Juditsky 1992), with an
        optimiser given by name. They are what is evaluated, kept and exported; a training that goes
        on goes on from the weights themselves.
    ema_momentum : float, default=0.99
        Of the averages: the part that stays at each step.
    early_stopping : {"auto", True, False}, default='auto'
        Whether to stop when the loss of validation data no longer falls, and keep the best weights.
        The data are fit's validation_data, or else held out. "auto": where validation_data are
        given, or there are more than 10,000 examples in memory.
    validation_fraction : float, default=0.1
        Fraction held out for early stopping.
    n_iter_no_change : int, default=10
        Epochs without a better validation loss after which training stops.
    callbacks : list of keras.callbacks.Callback or None, default=None
        Callbacks passed to Keras's fit.
    random_state : int, numpy RandomState or Generator, or None, default=None
        An int gives the same model again on the same machine.
    verbose : int, default=0
        1 shows a progress bar, 2 a line an epoch.
    warm_start : bool, default=False
        Whether fit goes on from the fitted model. Parameters of the training are then taken as they
        are; what the model was made with stays, and a warning names what has changed of it.
    max_tokens : int or None, default=20000
        Size of the vocabulary: the most frequent tokens of the training texts; others are read as
        one unknown token. None for all.
    min_frequency : int, default=1
        Times that a token must occur in the training texts to be known.
    max_length : int or None, default=256
        Tokens read of each text: the first ones; the rest of a longer text is left out, in
        training, prediction and the export alike. None for all.
    lowercase : bool, default=True
        Whether upper and lower case are read as one.
    normalization : {"NFC", None}, default='NFC'
        The form of Unicode in which texts are read. "NFC": "é" is one character, whether it was
        written as one or as an e with an accent. None: texts are read as they come, and the two are
        different.
    embedding_dim : int, default=64
        Size of each token's vector, where embeddings are not given.
    embeddings : "cooccurrence", dict, KeyedVectors of gensim, path, or None, default=None
        What the vectors of tokens begin with. "cooccurrence": what stands near what in the training
        texts (Levy et al. 2015), where they have more known tokens than embedding_dim. Own vectors
        by token, as a dict, KeyedVectors, or a file of word2vec, GloVe or fastText in text form.
        None, and for tokens without one: random vectors.
    freeze_embeddings : bool, default=False
        Whether the vectors stay as they begin.
    embedding_dropout : float, default=0.2
        Fraction of the vectors' entries dropped in training, each for all steps of a sequence.
    token_dropout : float, default=0.1
        Fraction of the tokens that training takes for unknown.
    class_weight : dict, "balanced" or None, default=None
        Weight of each class, as in scikit-learn.
    label_smoothing : float, default=0.0
        Share of each label's probability that is spread over all classes in the loss (Szegedy et
        al. 2016).
    scaling : {"standard", None}, default='standard'
        Whether each feature is standardised with the mean and variance found in fit.
    stem : {"auto", "segments", "convolution", None}, default=None
        What shortens numeric sequences before the recurrent layers: "segments", overlapping pieces,
        each embedded linearly; "convolution", two layers of filters before the segments; "auto":
        segments where the median length is 64 steps or more. Each step still has its own label, of
        what its segment says of it and of its inputs; with bidirectional=False too it may depend on
        up to two strides of steps after it, and with filters four more. None: each step is read by
        itself.
    stride : int or None, default=None
        Steps from one segment to the next, of which each has two strides. None: 4 to 16 by the
        median length, more above 3,200 steps. Without a stem it has no part.
    tokens : {"word", "subword"}, default='word'
        What the tokens of texts are read by: as they are; or by pieces learned by byte-pair
        encoding, whose mean vector is the token's, so that words not seen in training are read by
        theirs. Labels, max_length and weights are of tokens in both.
    id : str, default='unique_id'
        Column of a long frame that names the series; instead of "unique_id", "instance" is read
        too.
    time : str, default='ds'
        Column of a long frame that holds the times; instead of "ds", "time" is read too.
    crf : bool, default=False
        Whether a linear-chain CRF is put on top of the network.

    Attributes
    ----------
    classes_ : array (K,)
        The labels, sorted.
    vocabulary_ : list of str
        The known tokens, the most frequent first, where X was texts; of subwords the characters
        come first, then what is joined; a "▁" stands for the blank before a token.
    n_features_in_ : int
        Features a step, where X was numbers.
    embeddings_found_ : float or None
        The share of the vocabulary that embeddings had vectors for; None without embeddings.
    chosen_ : dict
        What was chosen for each parameter that was left open: its `value`, and the `reason`.
    n_iter_ : int
        Epochs trained.
    best_epoch_ : int
        The epoch, from 1, whose weights the model has.
    history_ : dict of lists
        Loss and, without a CRF, accuracy of each epoch.
    model_ : keras.Model
        From ids (B, T), of subwords (B, T, P), or numbers (B, T, d), to probabilities (B, T, K);
        with a CRF to the scores of a chain (B, T, K, K).

    Notes
    -----
    X is a list of token lists; a list of strings, whose tokens blanks separate; or numeric
    sequences as for `SequenceClassifier`, arrays (n, T, d) or lists of (T_i, d). y has a list of
    labels for each sample, one a step, of any sortable type. Tokens are read in Unicode's normal
    form C, in the export too: "é" is the same character, composed or not, unless
    normalization=None. A token is what a label is of, so a string is cut at its blanks alone, in
    scripts that put none between words, too: of these give lists of words, or of letters.

    With tokens="subword" a token's vector is the mean of those of its pieces, at most 16, as
    Bojanowski et al. (2017) make words of n-grams. So the recurrence, the labels, a CRF and
    max_length stay by token, where first pieces (Devlin et al. 2019) would make rows longer.

    Of padded numeric sequences y may have labels for the steps of padding too, of any value: they
    are left out, as are their weights. `predict` answers without them.

    `predict` gives a list of arrays. Of a text longer than max_length the steps past it are left
    out in training; prediction and export give them the most frequent label of the training.

    A linear-chain CRF (Lafferty et al. 2001) scores labels together with their predecessors: it
    is trained by the forward algorithm, predicts the best whole sequence by the Viterbi
    algorithm, and gives marginal probabilities by forward-backward. With labels of the schemes BIO,
    BIOES and BILOU it rules out what no spans are written as, such as an I- without its beginning,
    where training has none of it. It takes no class_weight or label_smoothing.

    sample_weight has a number for each sequence, or a list of numbers for each, one a step. Without
    a CRF a step's loss is multiplied by its weight. With one the loss of a sequence is the sum of
    the steps' -log p(label | labels before), of which each is multiplied by its weight; a label of
    weight 0 is taken as unknown, and summed over. In both a label of weight 0 may be any of the
    classes; it counts where the classes, their "balanced" weights and their scheme are found out.

    The export's signature: `inputs`, strings (batch,) whose tokens blanks separate, or float32
    (batch, time, d), rows ending in NaN; to `labels`, strings (batch, T) whatever the
    type of y's, empty after the end of a row, and `probabilities`, float32 (batch, T, K).

    Examples
    --------
    >>> import seqkit
    >>> X = [["a", "b", "a"], ["b", "a"], ["a"]] * 10
    >>> y = [["A", "B", "A"], ["B", "A"], ["A"]] * 10
    >>> model = seqkit.SequenceTagger("gru", units=8, epochs=15, random_state=0).fit(X, y)
    >>> [labels.tolist() for labels in model.predict([["b", "b", "a"], ["a", "b"]])]
    [['B', 'B', 'A'], ['A', 'B']]
    """

    cell: str | type[keras.layers.Layer]
    units: int
    layers: int
    bidirectional: bool
    dropout: float
    recurrent_dropout: float
    tbptt_steps: int | None
    preset: str
    ensemble_size: int | None
    epochs: int | None
    max_steps: int | None
    batch_size: int | None
    optimizer: str | keras.optimizers.Optimizer
    learning_rate: float | keras.optimizers.schedules.LearningRateSchedule
    learning_rate_schedule: str
    clipnorm: float | None
    weight_decay: float | None
    use_ema: bool
    ema_momentum: float
    early_stopping: bool | str
    validation_fraction: float
    n_iter_no_change: int
    callbacks: Sequence[keras.callbacks.Callback] | None
    random_state: RandomState
    verbose: int
    warm_start: bool
    max_tokens: int | None
    min_frequency: int
    max_length: int | None
    lowercase: bool
    normalization: str | None
    embedding_dim: int
    embeddings: Any
    freeze_embeddings: bool
    embedding_dropout: float
    token_dropout: float
    class_weight: Mapping[Any, float] | str | None
    label_smoothing: float
    scaling: str | None
    stem: str | None
    stride: int | None
    tokens: str
    id: str
    time: str
    crf: bool
    model_: keras.Model
    history_: dict[str, list[float]]
    chosen_: dict[str, Choice]
    n_iter_: int
    best_epoch_: int
    def __init__(
        self,
        cell: str | type[keras.layers.Layer] = "lstm",
        *,
        units: int = 64,
        layers: int = 1,
        bidirectional: bool = True,
        dropout: float = 0.2,
        recurrent_dropout: float = 0.0,
        tbptt_steps: int | None = None,
        preset: str = "balanced",
        ensemble_size: int | None = None,
        epochs: int | None = None,
        max_steps: int | None = None,
        batch_size: int | None = None,
        optimizer: str | keras.optimizers.Optimizer = "adam",
        learning_rate: float | keras.optimizers.schedules.LearningRateSchedule = 0.005,
        learning_rate_schedule: str = "cosine",
        clipnorm: float | None = 1.0,
        weight_decay: float | None = None,
        use_ema: bool = False,
        ema_momentum: float = 0.99,
        early_stopping: bool | str = "auto",
        validation_fraction: float = 0.1,
        n_iter_no_change: int = 10,
        callbacks: Sequence[keras.callbacks.Callback] | None = None,
        random_state: RandomState = None,
        verbose: int = 0,
        warm_start: bool = False,
        max_tokens: int | None = 20000,
        min_frequency: int = 1,
        max_length: int | None = 256,
        lowercase: bool = True,
        normalization: str | None = "NFC",
        embedding_dim: int = 64,
        embeddings: Any = None,
        freeze_embeddings: bool = False,
        embedding_dropout: float = 0.2,
        token_dropout: float = 0.1,
        class_weight: Mapping[Any, float] | str | None = None,
        label_smoothing: float = 0.0,
        scaling: str | None = "standard",
        stem: str | None = None,
        stride: int | None = None,
        tokens: str = "word",
        id: str = "unique_id",
        time: str = "ds",
        crf: bool = False,
    ) -> None: ...
    @property
    def classes_(self) -> np.ndarray:
        """The labels, sorted."""
    @property
    def n_features_in_(self) -> int:
        """Features a step, where X was numbers."""
    @property
    def feature_names_in_(self) -> np.ndarray:
        """Columns of the features, where X was a frame of numbers."""
    @property
    def vocabulary_(self) -> list[str]:
        """The known tokens, the most frequent first, where X was texts."""
    @property
    def tokenizer_(self) -> Tokenizer | WordPieces:
        """From strings to ids, where X was texts."""
    @property
    def embeddings_found_(self) -> float | None:
        """The share of the vocabulary that embeddings had vectors for; None without embeddings."""
    def fit(
        self,
        X: Inputs,
        y: Targets = None,
        sample_weight: Targets = None,
        *,
        validation_data: Sequence[Inputs] | tf.data.Dataset | Batches | None = None,
        steps_per_epoch: int | None = None,
    ) -> Self:
        """Trains on sequences X and their targets y.

        Parameters
        ----------
        X : sequences, tf.data.Dataset, or seqkit.data.Batches
            See Notes of the class. A dataset has elements (x, y) or (x, y, weight), one example
            each or batches; a function that begins a pass over batches does as well. Such are read
            at each pass, and never held in memory.
        y : targets
            See Notes of the class. None where X is a dataset or batches.
        sample_weight : array (n,) or None
            Weight of each sample in the loss.
        validation_data : (X, y), (X, y, sample_weight), tf.data.Dataset, Batches, or None
            Data whose loss is recorded, and which early stopping watches.
        steps_per_epoch : int or None
            Batches of an epoch of a dataset or of batches, which the next epoch goes on from; one
            that repeats for ever needs it. Of data whose number is not known an epoch's are what
            scales, vocabularies and classes are learned of. None: all.

        Returns
        -------
        The estimator.
        """
    def check_parameters(self) -> None:
        """Raises what `fit` would raise for the parameters, before any work.

        Raises
        ------
        ValueError, TypeError
            For the first parameter that is out of its range, or at odds with another.
        MissingExtraError
            For subwords, without the package that learns them.
        """
    def training_batch(self, X: Any, y: Any = None) -> tuple[Any, Any, Any]:
        """One batch of X and y as `model_` is trained on it, for tools that take Keras models.

        Parameters
        ----------
        X, y
            As in fit. Without y there are inputs alone.

        Returns
        -------
        Inputs, padded to the longest sequence; targets and weights, or None and None without y.
        """
    def export(
        self: Any,
        directory: str | os.PathLike[str],
        *,
        format: Format = "saved_model",
        steps: int | None = None,
        optimize: Optimization | None = None,
        signatures: Sequence[str] | None = None,
        include_example: bool = True,
        example: Any = None,
        metrics: Mapping[str, float] | None = None,
    ) -> str:
        """Writes a SavedModel that TensorFlow Serving serves, in the next version's folder.

        Its signatures are described in the Notes of the class. They refuse what `predict` refuses,
        by an error that names the argument and its rows. Beside the graph are `model_card.json`,
        which tells what the model is, in `assets.extra` labels and vocabularies, and requests by
        which a server warms the model up. `seqkit.serving.verify` checks such a folder.

        Models of numbers are written in other formats too. Such a file is asked before it is
        written, with the example and rows made of it, one and many, of one step and of many, and
        must answer as the model does. It has one signature, and raises no errors: a row that
        `predict` refuses is answered with NaN, labels with "" or the least integer.

        Parameters
        ----------
        directory : path
            The model's folder. Versions are its subfolders 1, 2, and so on.
        format : {"saved_model", "onnx", "litert"}
            "onnx": model.onnx, for ONNX Runtime and others; `seqkit[onnx]` has what converts it.
            "litert": model.tflite, for devices: one row a call, of a fixed number of steps;
            `seqkit[litert]`.
        steps : int or None
            Steps of the rows of a "litert" file; shorter ones end in NaN, histories begin with it.
            None: those that a forecaster looks back.
        optimize : "xla", optional
            Has recurrent layers compiled, by a server that does so, once for each shape of batch:
            calls of a shape after its first are the fastest. By default all runs on TensorFlow's
            stock operations, on any server.
        signatures : list of str or None
            Names of the signatures to write. None: those of the Notes. Of numeric sequences there
            is "lengths" too, whose rows end where a second input, `lengths`, says.
        include_example : bool
            Whether the card has an example of each signature, a request and its answer, and a
            server warms up with it.
        example : sequences, dict of arrays, or None
            A few rows as `predict` takes them, of which the first four are the example; or the
            inputs of the signatures by name. None: rows made up of what the fit learned, so that no
            data of the training leave with the model.
        metrics : dict or None
            Scores on data that the fit has not seen, for the card: name to number.

        Returns
        -------
        The folder written, directory/<version>. It appears complete or not at all.

        Raises
        ------
        ValueError
            For a signature that there is not, for an example that the model refuses, and for
            another format of a model that reads strings.
        seqkit.extras.MissingExtraError
            Where what converts to this format is not installed.
        seqkit.serving.FailedConversion
            For a model that has operations that the format lacks, or that would answer otherwise.
        """
    def save(self, path: str | os.PathLike[str]) -> str:
        """Writes the fitted estimator into one file, which `seqkit.load` reads.

        The file holds numbers and text, no code; it appears complete or not at all. Callbacks are
        not saved; of a `random_state` only an int is.

        Parameters
        ----------
        path : path
            The file; an older one is replaced. Its name may be any, such as model.seqkit.

        Returns
        -------
        The path.
        """
    def partial_fit(
        self, X: Inputs, y: Targets, classes: Targets = None, sample_weight: Targets = None
    ) -> Self:
        """One pass over these data, from where the last one ended.

        What is learned of X beside the weights (scaling, vocabulary) is learned in the first call.

        Parameters
        ----------
        X, y
            As in fit.
        classes : array (K,) or None
            All labels that later calls may bring; default: those of the first y.
        sample_weight
            As in fit.
        """
    def predict(self, X: Inputs) -> list[np.ndarray]:
        """The label of each step: a list of arrays (T_i,).

        Parameters
        ----------
        X : list of token lists, list of str, or numeric sequences
            See Notes of the class.
        """
    def predict_proba(self, X: Inputs) -> list[np.ndarray]:
        """The probability of each label at each step: a list of arrays (T_i, K).

        Parameters
        ----------
        X : list of token lists, list of str, or numeric sequences
            See Notes of the class.
        """
    def score(self, X: Inputs, y: Targets, sample_weight: Targets = None) -> float:
        """The share of steps whose label is right. `seqkit.metrics` has other scores.

        Parameters
        ----------
        X : list of token lists, list of str, or numeric sequences
            See Notes of the class.
        y : list of lists (T_i,)
            The true labels.
        sample_weight : array (n,), list of lists (T_i,), or None
            Weight of the steps of each sequence, or of each step.
        """
    def get_params(self, deep: bool = True) -> dict[str, Any]:
        """The parameters, by name."""

    def set_params(self, **params: Any) -> Self:
        """Sets parameters, by name, and returns the estimator."""

class TextClassifier(ClassifierMixin, BaseEstimator):
    """A recurrent classifier of texts: raw strings in, classes out.

    Parameters
    ----------
    cell : str or class, default='lstm'
        'simple_rnn', 'lstm', 'peephole_lstm', 'gru', 'carousel_lstm', 'keras_simple_rnn',
        'keras_lstm', 'keras_gru' (those with keras_ are Keras's own); a Keras RNN layer class; or a
        cell class.
    units : int, default=64
        Units of each layer and direction.
    layers : int, default=1
        Recurrent layers, one upon the other.
    bidirectional : bool, default=True
        Whether each layer also reads sequences from their end.
    dropout : float or "auto", default='auto'
        Fraction of each recurrent layer's outputs dropped in training. "auto": 0.2 of up to 2,000
        training texts, 0.5 of more.
    recurrent_dropout : float, default=0.0
        Fraction of the state dropped inside each layer in training.
    tbptt_steps : int or None, default=None
        Truncated back-propagation through time: the steps through which a gradient reaches back, in
        windows of so many, each of which goes on from the state in which that before ended. What
        recurrent layers keep for it grows with the window, not with the sequence. Cells of seqkit
        alone; of models with a decoder the encoder's. None: through all steps.
    preset : {"fast", "balanced", "best"}, default='balanced'
        What is chosen for epochs, max_steps and ensemble_size where they are None. "fast": 0.4
        times the steps and passes, one model; "balanced": 1 times the steps and passes, one model;
        "best": 2 times the steps and passes, 5 models.
    ensemble_size : int or None, default=None
        Models that are trained from different first weights, and whose answers are averaged:
        probabilities, values, forecasts, quantiles. None: as preset says.
    epochs : int or None, default=None
        Passes over the data, at most. None: as many as max_steps gives.
    max_steps : int or None, default=None
        Training steps, batches, at most. None: where epochs is None as well, 500 in whole passes,
        at least four, times what preset says.
    batch_size : int or None, default=None
        Sequences a step. None: 16 of up to 512 sequences, 32 of more.
    optimizer : str or keras.optimizers.Optimizer, default='adam'
        A name of Keras; or an instance, which is used as it is configured.
    learning_rate : float or keras.optimizers.schedules.LearningRateSchedule, default=0.005
        Step size of an optimiser given by name.
    learning_rate_schedule : {"cosine", "constant"}, default='cosine'
        Of a learning_rate that is a number: "cosine" raises it over the first tenth of the steps to
        learning_rate, then lets it fall to 0 along half a cosine (Loshchilov & Hutter 2017).
        Constant in partial_fit, and where callbacks set the rate.
    clipnorm : float or None, default=1.0
        Norm to which each weight's gradient is clipped, with an optimiser given by name.
    weight_decay : float or None, default=None
        Part of each weight but biases that is taken off at each step, times the learning rate
        (decoupled, Loshchilov & Hutter 2019), with an optimiser given by name. None: what the
        optimiser has, which is none but of adamw.
    use_ema : bool, default=False
        Whether the model has moving averages of the weights (Polyak & Juditsky 1992), with an
        optimiser given by name. They are what is evaluated, kept and exported; a training that goes
        on goes on from the weights themselves.
    ema_momentum : float, default=0.99
        Of the averages: the part that stays at each step.
    early_stopping : {"auto", True, False}, default='auto'
        Whether to stop when the loss of validation data no longer falls, and keep the best weights.
        The data are fit's validation_data, or else held out. "auto": where validation_data are
        given, or there are more than 10,000 examples in memory.
    validation_fraction : float, default=0.1
        Fraction held out for early stopping.
    n_iter_no_change : int, default=10
        Epochs without a better validation loss after which training stops.
    callbacks : list of keras.callbacks.Callback or None, default=None
        Callbacks passed to Keras's fit.
    random_state : int, numpy RandomState or Generator, or None, default=None
        An int gives the same model again on the same machine.
    verbose : int, default=0
        1 shows a progress bar, 2 a line an epoch.
    warm_start : bool, default=False
        Whether fit goes on from the fitted model. Parameters of the training are then taken as they
        are; what the model was made with stays, and a warning names what has changed of it.
    pooling : str or tuple of str, default=('last', 'mean', 'max')
        How the outputs of all steps become one vector: "last", the last of each direction; "mean"
        or "max" over the steps; "attention", a learned weighted mean; or a tuple of some, which are
        concatenated.
    class_weight : dict, "balanced" or None, default=None
        Weight of each class, as in scikit-learn.
    label_smoothing : float, default=0.0
        Share of each label's probability that is spread over all classes in the loss (Szegedy et
        al. 2016).
    max_tokens : int or None, default=20000
        Size of the vocabulary: the most frequent tokens of the training texts; others are read as
        one unknown token. None for all.
    min_frequency : int, default=1
        Times that a token must occur in the training texts to be known.
    max_length : int or None, default=256
        Tokens read of each text: the first ones; the rest of a longer text is left out, in
        training, prediction and the export alike. None for all.
    lowercase : bool, default=True
        Whether upper and lower case are read as one.
    normalization : {"NFC", None}, default='NFC'
        The form of Unicode in which texts are read. "NFC": "é" is one character, whether it was
        written as one or as an e with an accent. None: texts are read as they come, and the two are
        different.
    embedding_dim : int, default=64
        Size of each token's vector, where embeddings are not given.
    embeddings : "cooccurrence", dict, KeyedVectors of gensim, path, or None, default='cooccurrence'
        What the vectors of tokens begin with. "cooccurrence": what stands near what in the training
        texts (Levy et al. 2015), where they have more known tokens than embedding_dim. Own vectors
        by token, as a dict, KeyedVectors, or a file of word2vec, GloVe or fastText in text form.
        None, and for tokens without one: random vectors.
    freeze_embeddings : bool, default=False
        Whether the vectors stay as they begin.
    embedding_dropout : float or "auto", default='auto'
        Fraction of the vectors' entries dropped in training, each for all steps of a sequence.
        "auto": 0.2 of up to 2,000 training texts, 0.5 of more.
    token_dropout : float or "auto", default='auto'
        Fraction of the tokens that training takes for unknown. "auto": 0.1 of up to 2,000 training
        texts, 0.3 of more.
    tokens : {"word", "subword", "char", "whitespace"}, default='word'
        What texts are read by: words and punctuation marks, of scripts without blanks letters;
        pieces of words learned by byte-pair encoding; characters; or what blanks separate.

    Attributes
    ----------
    classes_ : array (K,)
        The labels, sorted; for indicators, the columns of y.
    vocabulary_ : list of str
        The known tokens, the most frequent first; their ids begin at 2. Of subwords the characters
        come first, then what is joined; a "▁" stands for the blank before a word.
    tokenizer_ : seqkit.text.Tokenizer, or seqkit.text.TextCodec for subwords
        From strings to ids, as the export does it, before a text is cut to max_length.
    embeddings_found_ : float or None
        The share of the vocabulary that embeddings had vectors for; None without embeddings.
    chosen_ : dict
        What was chosen for each parameter that was left open: its `value`, and the `reason`.
    n_iter_ : int
        Epochs trained.
    best_epoch_ : int
        The epoch, from 1, whose weights the model has.
    history_ : dict of lists
        Loss and accuracy of each epoch.
    model_ : keras.Model
        From ids (B, T), 0 for padding, to probabilities (B, K).

    Notes
    -----
    X is a list, an array or a Series of strings. Words are runs of letters, digits, and what joins
    them ("don't", "twenty-one"); any other visible character is a token of its own, and so is each
    letter, with its marks, of a script that puts no blanks between words, such as Han, Kana and
    Thai. Texts that are cut into words already are read by tokens="whitespace", and may be lists of
    tokens. Texts are read in Unicode's normal form C, in the export too: "é" is the same character,
    composed or not, unless normalization=None.

    y has one label a text, of any sortable type. Where any number of labels may apply it is an
    indicator matrix (n, K), or has a list or set of labels for each text, [] for none; `predict`
    gives indicators of both, whose columns are `classes_`.

    The export's signature: `inputs`, strings (batch,), as tokens and vocabulary are part of it; to
    `probabilities`, float32 (batch, K), and `label` (batch,), int64 where y was integers, else
    strings. With several there is no `label`, but `labels`, the classes, in each row (batch, K).
    An empty string, which fit and predict refuse, gets the answer to a text without tokens there.

    Examples
    --------
    >>> import seqkit
    >>> X = ["a good film", "good, very good", "a bad film", "bad and dull"] * 10
    >>> y = ["fresh", "fresh", "rotten", "rotten"] * 10
    >>> model = seqkit.TextClassifier("gru", units=8, epochs=10, random_state=0).fit(X, y)
    >>> model.predict(["good!", "so bad"]).tolist()
    ['fresh', 'rotten']
    """

    cell: str | type[keras.layers.Layer]
    units: int
    layers: int
    bidirectional: bool
    dropout: Any
    recurrent_dropout: float
    tbptt_steps: int | None
    preset: str
    ensemble_size: int | None
    epochs: int | None
    max_steps: int | None
    batch_size: int | None
    optimizer: str | keras.optimizers.Optimizer
    learning_rate: float | keras.optimizers.schedules.LearningRateSchedule
    learning_rate_schedule: str
    clipnorm: float | None
    weight_decay: float | None
    use_ema: bool
    ema_momentum: float
    early_stopping: bool | str
    validation_fraction: float
    n_iter_no_change: int
    callbacks: Sequence[keras.callbacks.Callback] | None
    random_state: RandomState
    verbose: int
    warm_start: bool
    pooling: str | Sequence[str]
    class_weight: Mapping[Any, float] | str | None
    label_smoothing: float
    max_tokens: int | None
    min_frequency: int
    max_length: int | None
    lowercase: bool
    normalization: str | None
    embedding_dim: int
    embeddings: Any
    freeze_embeddings: bool
    embedding_dropout: Any
    token_dropout: Any
    tokens: str
    model_: keras.Model
    history_: dict[str, list[float]]
    chosen_: dict[str, Choice]
    n_iter_: int
    best_epoch_: int
    def __init__(
        self,
        cell: str | type[keras.layers.Layer] = "lstm",
        *,
        units: int = 64,
        layers: int = 1,
        bidirectional: bool = True,
        dropout: Any = "auto",
        recurrent_dropout: float = 0.0,
        tbptt_steps: int | None = None,
        preset: str = "balanced",
        ensemble_size: int | None = None,
        epochs: int | None = None,
        max_steps: int | None = None,
        batch_size: int | None = None,
        optimizer: str | keras.optimizers.Optimizer = "adam",
        learning_rate: float | keras.optimizers.schedules.LearningRateSchedule = 0.005,
        learning_rate_schedule: str = "cosine",
        clipnorm: float | None = 1.0,
        weight_decay: float | None = None,
        use_ema: bool = False,
        ema_momentum: float = 0.99,
        early_stopping: bool | str = "auto",
        validation_fraction: float = 0.1,
        n_iter_no_change: int = 10,
        callbacks: Sequence[keras.callbacks.Callback] | None = None,
        random_state: RandomState = None,
        verbose: int = 0,
        warm_start: bool = False,
        pooling: str | Sequence[str] = ("last", "mean", "max"),
        class_weight: Mapping[Any, float] | str | None = None,
        label_smoothing: float = 0.0,
        max_tokens: int | None = 20000,
        min_frequency: int = 1,
        max_length: int | None = 256,
        lowercase: bool = True,
        normalization: str | None = "NFC",
        embedding_dim: int = 64,
        embeddings: Any = "cooccurrence",
        freeze_embeddings: bool = False,
        embedding_dropout: Any = "auto",
        token_dropout: Any = "auto",
        tokens: str = "word",
    ) -> None: ...
    @property
    def classes_(self) -> np.ndarray:
        """The labels, sorted; for indicators, the columns of y."""
    @property
    def vocabulary_(self) -> list[str]:
        """The known tokens, the most frequent first; their ids begin at 2."""
    @property
    def tokenizer_(self) -> Tokenizer | TextCodec:
        """From strings to ids, as the export does it, before a text is cut to max_length."""
    @property
    def embeddings_found_(self) -> float | None:
        """The share of the vocabulary that embeddings had vectors for; None without embeddings."""
    def fit(
        self,
        X: Inputs,
        y: Targets = None,
        sample_weight: Targets = None,
        *,
        validation_data: Sequence[Inputs] | tf.data.Dataset | Batches | None = None,
        steps_per_epoch: int | None = None,
    ) -> Self:
        """Trains on sequences X and their targets y.

        Parameters
        ----------
        X : sequences, tf.data.Dataset, or seqkit.data.Batches
            See Notes of the class. A dataset has elements (x, y) or (x, y, weight), one example
            each or batches; a function that begins a pass over batches does as well. Such are read
            at each pass, and never held in memory.
        y : targets
            See Notes of the class. None where X is a dataset or batches.
        sample_weight : array (n,) or None
            Weight of each sample in the loss.
        validation_data : (X, y), (X, y, sample_weight), tf.data.Dataset, Batches, or None
            Data whose loss is recorded, and which early stopping watches.
        steps_per_epoch : int or None
            Batches of an epoch of a dataset or of batches, which the next epoch goes on from; one
            that repeats for ever needs it. Of data whose number is not known an epoch's are what
            scales, vocabularies and classes are learned of. None: all.

        Returns
        -------
        The estimator.
        """
    def check_parameters(self) -> None:
        """Raises what `fit` would raise for the parameters, before any work.

        Raises
        ------
        ValueError, TypeError
            For the first parameter that is out of its range, or at odds with another.
        MissingExtraError
            For subwords, without the package that learns them.
        """
    def training_batch(self, X: Any, y: Any = None) -> tuple[Any, Any, Any]:
        """One batch of X and y as `model_` is trained on it, for tools that take Keras models.

        Parameters
        ----------
        X, y
            As in fit. Without y there are inputs alone.

        Returns
        -------
        Inputs, padded to the longest sequence; targets and weights, or None and None without y.
        """
    def export(
        self: Any,
        directory: str | os.PathLike[str],
        *,
        format: Format = "saved_model",
        steps: int | None = None,
        optimize: Optimization | None = None,
        signatures: Sequence[str] | None = None,
        include_example: bool = True,
        example: Any = None,
        metrics: Mapping[str, float] | None = None,
    ) -> str:
        """Writes a SavedModel that TensorFlow Serving serves, in the next version's folder.

        Its signatures are described in the Notes of the class. They refuse what `predict` refuses,
        by an error that names the argument and its rows. Beside the graph are `model_card.json`,
        which tells what the model is, in `assets.extra` labels and vocabularies, and requests by
        which a server warms the model up. `seqkit.serving.verify` checks such a folder.

        Models of numbers are written in other formats too. Such a file is asked before it is
        written, with the example and rows made of it, one and many, of one step and of many, and
        must answer as the model does. It has one signature, and raises no errors: a row that
        `predict` refuses is answered with NaN, labels with "" or the least integer.

        Parameters
        ----------
        directory : path
            The model's folder. Versions are its subfolders 1, 2, and so on.
        format : {"saved_model", "onnx", "litert"}
            "onnx": model.onnx, for ONNX Runtime and others; `seqkit[onnx]` has what converts it.
            "litert": model.tflite, for devices: one row a call, of a fixed number of steps;
            `seqkit[litert]`.
        steps : int or None
            Steps of the rows of a "litert" file; shorter ones end in NaN, histories begin with it.
            None: those that a forecaster looks back.
        optimize : "xla", optional
            Has recurrent layers compiled, by a server that does so, once for each shape of batch:
            calls of a shape after its first are the fastest. By default all runs on TensorFlow's
            stock operations, on any server.
        signatures : list of str or None
            Names of the signatures to write. None: those of the Notes. Of numeric sequences there
            is "lengths" too, whose rows end where a second input, `lengths`, says.
        include_example : bool
            Whether the card has an example of each signature, a request and its answer, and a
            server warms up with it.
        example : sequences, dict of arrays, or None
            A few rows as `predict` takes them, of which the first four are the example; or the
            inputs of the signatures by name. None: rows made up of what the fit learned, so that no
            data of the training leave with the model.
        metrics : dict or None
            Scores on data that the fit has not seen, for the card: name to number.

        Returns
        -------
        The folder written, directory/<version>. It appears complete or not at all.

        Raises
        ------
        ValueError
            For a signature that there is not, for an example that the model refuses, and for
            another format of a model that reads strings.
        seqkit.extras.MissingExtraError
            Where what converts to this format is not installed.
        seqkit.serving.FailedConversion
            For a model that has operations that the format lacks, or that would answer otherwise.
        """
    def save(self, path: str | os.PathLike[str]) -> str:
        """Writes the fitted estimator into one file, which `seqkit.load` reads.

        The file holds numbers and text, no code; it appears complete or not at all. Callbacks are
        not saved; of a `random_state` only an int is.

        Parameters
        ----------
        path : path
            The file; an older one is replaced. Its name may be any, such as model.seqkit.

        Returns
        -------
        The path.
        """
    def partial_fit(
        self, X: Inputs, y: Targets, classes: Targets = None, sample_weight: Targets = None
    ) -> Self:
        """One pass over these data, from where the last one ended.

        What is learned of X beside the weights (scaling, vocabulary) is learned in the first call.

        Parameters
        ----------
        X, y
            As in fit.
        classes : array (K,) or None
            All classes that later calls may bring; default: those of the first y.
        sample_weight
            As in fit.
        """
    def predict(self, X: Inputs) -> np.ndarray:
        """The most probable class of each sequence, (n,); or which labels apply, (n, K).

        Where several labels may apply these are 1 for a probability above one half, else 0, in the
        order of `classes_`, whether y was such a matrix or lists: `classes_[row > 0]` are the
        labels of a row.

        Parameters
        ----------
        X : sequences
            See Notes of the class.
        """
    def predict_proba(self, X: Inputs) -> np.ndarray:
        """The probability of each class, in the order of `classes_`, (n, K).

        Parameters
        ----------
        X : sequences
            See Notes of the class.
        """
    def score(self, X: Inputs, y: Targets, sample_weight: Any = None) -> float:
        """The share of sequences whose class is right; or of those whose labels all are.

        Parameters
        ----------
        X : sequences
            See Notes of the class.
        y : labels
            The true ones, as fit takes them.
        sample_weight : array (n,) or None
            Weight of each sequence.
        """
    def get_params(self, deep: bool = True) -> dict[str, Any]:
        """The parameters, by name."""

    def set_params(self, **params: Any) -> Self:
        """Sets parameters, by name, and returns the estimator."""
