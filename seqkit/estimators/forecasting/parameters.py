"""The parameters of the forecaster."""

from __future__ import annotations

import math
import numbers
from collections.abc import Hashable, Sequence
from typing import Any, Literal

import keras
from pandas.tseries.offsets import BaseOffset

from seqkit import checks
from seqkit.estimators.common_parameters import CommonParameters
from seqkit.estimators.parameters import changed, estimator, parameter
from seqkit.estimators.plans.choices import is_auto
from seqkit.layers.attentions import ATTENTIONS
from seqkit.models.forecasting.answers import with_median
from seqkit.models.forecasting.forecaster import DECODINGS, HEADS
from seqkit.models.forecasting.heads import LOSSES
from seqkit.models.forecasting.scaling import SCALINGS, TRANSFORMS
from seqkit.timeseries.calendar_features import CALENDAR


def check_levels(name: str, value: Any) -> None:
    """Ascending fractions in (0, 1)."""
    if isinstance(value, str | float | int) or not hasattr(value, "__len__") or not len(value):
        raise TypeError(f"{name} must be a list of fractions in (0, 1), got {value!r}.")
    for level in value:
        checks.inner_fraction(f"each of {name}", level)
    if list(value) != sorted(set(value)):
        raise ValueError(f"{name} must ascend, and none may be there twice, got {value!r}.")


def _finite(name: str, value: object) -> None:
    """A number that is not infinite."""
    if isinstance(value, bool) or not isinstance(value, numbers.Real):
        raise TypeError(f"{name} must be a finite number, got {value!r}.")
    if not math.isfinite(value):
        raise ValueError(f"{name} must be a finite number, got {value!r}.")


def check_season(name: str, value: object) -> None:
    """ "auto", None, or a count of steps."""
    if isinstance(value, str) and value == "auto":
        return
    checks.optional(checks.count)(name, value)


def check_id(name: str, value: object) -> None:
    """A name of a column, or a list of several different ones."""
    columns = value if isinstance(value, list | tuple) else [value]
    if all(isinstance(c, Hashable) for c in columns) and 0 < len({*columns}) == len(columns):
        return
    raise ValueError(
        f"{name} must be the name of a column, or a list of different ones, got {value!r}."
    )


def each_of(*values: str) -> checks.Check:
    """A list of some of these values, or of none."""
    single = checks.one_of(*values)

    def checked(name: str, value: object) -> None:
        if isinstance(value, str) or not hasattr(value, "__iter__"):
            raise TypeError(f"{name} must be a list of some of {values}, got {value!r}.")
        for item in value:
            single(f"each of {name}", item)

    return checked


# What a model is made with as it is given; the rest is settled by the series.
OF_THE_MODEL = (
    "horizon",
    "transform",
    "minimum",
    "decoding",
    "attention",
    "cell",
    "units",
    "layers",
    "dropout",
    "recurrent_dropout",
    "tbptt_steps",
    "scheduled_sampling",
)


@estimator
class ForecastParameters(CommonParameters):
    """Parameters of the windows, the decoder and the head, and other defaults of common ones."""

    horizon: int = parameter(
        checks.count,
        "int",
        "Steps to forecast.",
        default=12,
        kw_only=False,
    )
    lookback: int | None = parameter(
        checks.optional(checks.count),
        "int or None",
        "Steps of the past that a forecast reads. None: three seasons, or three horizons where "
        "there is no season.",
        default=None,
        kw_only=False,
    )
    cell: str | type[keras.layers.Layer] = changed(
        CommonParameters, "cell", default="gru", kw_only=True
    )
    bidirectional: bool = parameter(
        checks.one_of(False),
        "False",
        "The encoder reads the past in its order.",
        default=False,
    )
    batch_size: int | None = changed(
        CommonParameters,
        "batch_size",
        default=None,
        text="Windows a step. None: 32 of up to 10,000 windows, 256 of more.",
    )
    learning_rate: float | keras.optimizers.schedules.LearningRateSchedule = changed(
        CommonParameters, "learning_rate", default=0.003
    )
    dropout: float = changed(CommonParameters, "dropout", default=0.0)
    early_stopping: Any = changed(
        CommonParameters,
        "early_stopping",
        default=False,
        text="Whether to stop when the loss of the last part of each series no longer falls, and "
        'keep the best weights. That part, the newest, is not trained on. "auto": where there are '
        "more than 10,000 values.",
    )
    validation_fraction: float = changed(
        CommonParameters,
        "validation_fraction",
        default=0.1,
        text="Part of each series held out for early stopping, at its end; at least the horizon.",
    )
    season: int | Literal["auto"] | None = parameter(
        check_season,
        'int, "auto" or None',
        "Steps of a season: the decoder reads the values one and two seasons before. "
        '"auto": that of the frequency (12 for months, 7 for days, 24 for hours); None: none.',
        default="auto",
    )
    seasonal_residual: bool | str = parameter(
        checks.one_of("auto", True, False),
        '{"auto", True, False}',
        'Whether the network models what the seasonal naive forecast misses. "auto": where there '
        "is a season, but not for counts.",
        default="auto",
    )
    scaling: str | None = parameter(
        checks.one_of("auto", *SCALINGS),
        '{"auto", "mean", "standard", "robust"} or None',
        "Of each window: by the mean of |y|; mean and standard deviation; median and quartiles. By "
        "the last two a history without spread is forecast as its constant. "
        '"auto": "mean" for counts, else "standard".',
        default="auto",
    )
    transform: str | None = parameter(
        checks.one_of(*TRANSFORMS),
        '{"log", "difference"} or None',
        "Before scaling: log(1 + y), for values of at least 0; or the change since the last value.",
        default=None,
    )
    minimum: float | None = parameter(
        checks.optional(_finite),
        "float or None",
        "The least that a value can be, such as 0 of sales: no forecast, quantile or path is "
        "below. None: none, or 0 with transform='log'.",
        default=None,
    )
    decoding: str = parameter(
        checks.one_of(*DECODINGS),
        '{"direct", "autoregressive"}',
        "Whether the decoder writes all steps at once, or each from the one before.",
        default="direct",
    )
    scheduled_sampling: float = parameter(
        checks.fraction,
        "float",
        "Autoregressive: share of the true values before that training replaces by forecasts.",
        default=0.0,
    )
    attention: str | None = parameter(
        checks.one_of(None, *ATTENTIONS),
        '{"bahdanau", "luong"} or None',
        "Of the decoder's outputs over the encoder's: additive or multiplicative.",
        default=None,
    )
    head: str = parameter(
        checks.one_of(*HEADS),
        '{"point", "quantiles", "gaussian", "student_t", "negative_binomial"}',
        "What is forecast of each step: a number, quantiles that cannot cross, or a distribution; "
        "the last is one of counts.",
        default="quantiles",
    )
    levels: Sequence[float] = parameter(
        check_levels,
        "list of float",
        "Levels of the head of quantiles, and those that predict_quantiles and the export give.",
        default=(0.1, 0.5, 0.9),
    )
    calibration_windows: int | str = parameter(
        checks.natural_or_auto,
        'int or "auto"',
        "Windows at the end of each series that are not trained on, but calibrate quantiles and "
        'intervals (split conformal); 0: none. "auto": of the head of quantiles, what early '
        "stopping holds out, or else the newest windows, on which the last quarter of the training "
        "is then too; none where they are too few.",
        default="auto",
    )
    calibration_refit: bool = parameter(
        checks.flag,
        "bool",
        "Whether, once calibrated, the model is trained anew on all windows, for twice the time. "
        "What calibration adds is kept for `levels`, and lies on straight lines between them.",
        default=False,
    )
    loss: str = parameter(
        checks.one_of(*LOSSES),
        '{"absolute_error", "squared_error", "huber"}',
        "Of the head of points.",
        default="absolute_error",
    )
    weighting: str | None = parameter(
        checks.one_of("mase", None),
        '"mase" or None',
        "Of the series in the loss: errors in units of each series' mean seasonal difference, as "
        "MASE has them; or all windows alike, in units of their scaling. Distributions have a "
        "likelihood as loss, of which None is true.",
        default="mase",
    )
    calendar: Sequence[str] = parameter(
        each_of(*CALENDAR),
        "list of str",
        f"Features of the timestamps, known for the future: of {', '.join(CALENDAR)}.",
        default=(),
    )
    past_covariates: Sequence[Hashable] = parameter(
        checks.anything,
        "list",
        "Columns of X that are known for the past alone.",
        default=(),
    )
    freq: str | int | BaseOffset | None = parameter(
        checks.anything,
        "str, pandas offset, int or None",
        "Frequency of the series; None: as their index has it, or inferred.",
        default=None,
    )
    id: Hashable | Sequence[Hashable] = parameter(
        check_id,
        "str or list of str",
        "Column of a long frame, and of static, that names the series, or a list of several; "
        'instead of "unique_id", "instance" is read too.',
        default="unique_id",
    )
    time: Hashable = parameter(
        checks.anything,
        "str",
        "Column of a long frame that holds the timestamps.",
        default="ds",
    )
    target: Hashable = parameter(
        checks.anything,
        "str",
        "Column of a long frame that holds the values.",
        default="y",
    )


def gives_quantiles(parameters: Any) -> bool:
    """Whether a forecaster of these parameters forecasts quantiles, too."""
    windows = parameters.calibration_windows
    return parameters.head != "point" or (not is_auto(windows) and windows > 0)


def check_together(parameters: Any) -> None:
    """Raises ValueError for parameters that are at odds with each other."""
    if parameters.scheduled_sampling and parameters.decoding != "autoregressive":
        raise ValueError(
            "scheduled_sampling needs decoding='autoregressive': a direct decoder reads no values "
            f"before. Got decoding={parameters.decoding!r}."
        )
    if parameters.calibration_refit and is_auto(parameters.calibration_windows):
        raise ValueError(
            "calibration_refit=True needs calibration_windows as a number; with 'auto' the model "
            "is trained on all windows by itself."
        )
    if parameters.seasonal_residual is True and parameters.season is None:
        raise ValueError("seasonal_residual=True needs a season, got season=None.")
    if parameters.head == "negative_binomial":
        odd = [
            f"{name}={getattr(parameters, name)!r}"
            for name, right in (
                ("scaling", parameters.scaling in ("auto", "mean", None)),
                ("transform", parameters.transform is None),
                ("seasonal_residual", parameters.seasonal_residual in ("auto", False)),
            )
            if not right
        ]
        if odd:
            raise ValueError(
                "head='negative_binomial' needs scaling='mean' or None, transform=None and "
                f"seasonal_residual=False, so that counts stay counts; got {', '.join(odd)}."
            )


def head_options(parameters: Any) -> dict[str, Any]:
    """The options of the output head that parameters ask for."""
    if parameters.head == "point":
        return {"kind": "point", "loss": parameters.loss}
    if parameters.head == "quantiles":
        return {"kind": "quantiles", "levels": with_median(parameters.levels)}
    return {"kind": parameters.head}
