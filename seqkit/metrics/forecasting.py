"""Errors of forecasts, as the forecasting competitions measure them.

Forecasts are arrays (n, H): n series, H steps ahead. Or truth and forecasts are tables of pandas in
any form that the forecaster gives, a Series, wide, long, or indexed by series and time: they are
matched by their labels, in the order of the forecasts, and a step that the truth lacks is missing.
Each function takes the mean over the steps of each series, then over series. Steps of which the
truth is missing (NaN) do not count.

- Hyndman & Koehler 2006, "Another look at measures of forecast accuracy": MASE.
- M4 (Makridakis, Spiliotis & Assimakopoulos 2020): sMAPE in per cent, MASE.
- M5 (Makridakis, Spiliotis & Assimakopoulos 2022): RMSSE.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from seqkit.checks import as_numbers, count
from seqkit.metrics.tables import histories_before, matched
from seqkit.warning import warn


def mae(y_true: ArrayLike, y_pred: ArrayLike, per_series: bool = False) -> Any:
    """Mean absolute error.

    Args:
        y_true: the truth, (n, H), NaN where it is missing; or a table.
        y_pred: the forecasts, (n, H); or a table, as `predict` gives it.
        per_series: True for the n values of the series. Default False: their mean.

    Returns:
        A number, or an array (n,) with NaN for a series without any truth. The mean leaves such
        series out, with a warning.

    Raises:
        ValueError: for other shapes, infinite values, forecasts that are missing, or no truth; for
            tables of other series, of times of another kind, or beside arrays.

    Example:
        >>> mae([[1.0, 2.0], [3.0, 5.0]], [[1.0, 4.0], [3.0, 4.0]])
        0.75
    """
    error = _errors(y_true, y_pred)
    return _over_series(_over_steps(np.abs(error)), per_series)


def rmse(y_true: ArrayLike, y_pred: ArrayLike, per_series: bool = False) -> Any:
    """Root mean squared error: the root for each series, then the mean over series.

    Args, Returns, Raises: as for `mae`.

    Example:
        >>> rmse([[1.0, 2.0], [3.0, 5.0]], [[2.0, 3.0], [3.0, 5.0]])
        0.5
    """
    error = _errors(y_true, y_pred)
    return _over_series(np.sqrt(_over_steps(error**2)), per_series)


def smape(y_true: ArrayLike, y_pred: ArrayLike, per_series: bool = False) -> Any:
    """Symmetric mean absolute percentage error of M3 and M4, from 0 to 200 per cent.

        sMAPE = 200 / H sum_h |y_h - f_h| / (|y_h| + |f_h|)

    A step at which truth and forecast are both 0 counts as 0. M3 divides by y + f, which is the
    same for its series, all above zero.

    Args, Returns, Raises: as for `mae`.

    Example:
        >>> smape([[100.0, 0.0]], [[300.0, 0.0]])
        50.0
    """
    true, pred = _true_and_forecast(y_true, y_pred)
    return _over_series(_over_steps(percentage_errors(true, pred)), per_series)


def percentage_errors(true: np.ndarray, pred: np.ndarray) -> np.ndarray:
    """The terms of sMAPE, each from 0 to 200; NaN where the truth is missing.

    Example:
        >>> percentage_errors(np.array([100.0, 0.0]), np.array([300.0, 0.0]))
        array([100.,   0.])
    """
    size = np.abs(true) + np.abs(pred)
    return 200 * np.divide(np.abs(true - pred), size, out=np.zeros_like(size), where=size != 0)


def mase(
    y_true: ArrayLike,
    y_pred: ArrayLike,
    histories: Any,
    seasonal_period: int = 1,
    per_series: bool = False,
) -> Any:
    """Mean absolute scaled error: 1 is as wrong as the seasonal naive forecast was one step ahead.

        MASE = 1 / H sum_h |y_h - f_h| / q,   q = 1 / (T - m) sum_{t>m} |x_t - x_{t-m}|

    Args:
        y_true, y_pred: as for `mae`.
        histories: for each series the values x before the forecast, (T_i,); or, where y_pred is
            one, a table, of which what is not before the forecast is left out. Missing values (NaN)
            leave out the differences that they are part of.
        seasonal_period: m, the steps in a season; 12 for months. Default 1.
        per_series: True for the n values of the series. Default False: their mean.

    Returns:
        A number, or an array (n,). It is NaN for a series of which the scale is undefined: its
        history repeats the same season, or is not longer than one. The mean leaves such series out,
        with a warning.

    Raises:
        ValueError: as for `mae`, and where no series has a scale.
        TypeError, ValueError: for a season that is no integer of at least 1.

    Example:
        >>> mase([[4.0, 4.0]], [[3.0, 3.0]], [[1.0, 3.0, 1.0]])
        0.5
    """
    error = _errors(y_true, y_pred)
    before = histories_before(histories, y_pred)
    scale = _scales(before, seasonal_period, len(error), squared=False)
    return _over_series(_over_steps(np.abs(error)) / scale, per_series)


def rmsse(
    y_true: ArrayLike,
    y_pred: ArrayLike,
    histories: Any,
    seasonal_period: int = 1,
    per_series: bool = False,
) -> Any:
    """Root mean squared scaled error of M5.

        RMSSE = sqrt(1 / H sum_h (y_h - f_h)^2 / (1 / (T - m) sum_{t>m} (x_t - x_{t-m})^2))

    M5 has m = 1 and begins each history with the first sale: cut the zeros before it off.

    Args, Returns, Raises: as for `mase`.

    Example:
        >>> rmsse([[4.0, 4.0]], [[3.0, 3.0]], [[1.0, 3.0, 1.0]])
        0.5
    """
    error = _errors(y_true, y_pred)
    before = histories_before(histories, y_pred)
    scale = _scales(before, seasonal_period, len(error), squared=True)
    return _over_series(np.sqrt(_over_steps(error**2) / scale), per_series)


def _errors(y_true: ArrayLike, y_pred: ArrayLike) -> np.ndarray:
    """y_true - y_pred, (n, H), NaN where the truth is missing."""
    true, pred = _true_and_forecast(y_true, y_pred)
    return true - pred


def _true_and_forecast(y_true: ArrayLike, y_pred: ArrayLike) -> tuple[np.ndarray, np.ndarray]:
    """Both as arrays (n, H)."""
    y_true, y_pred = matched(y_true=y_true, y_pred=y_pred)
    true, pred = forecasts(y_true, "y_true", missing=True), forecasts(y_pred, "y_pred")
    if true.shape != pred.shape:
        raise ValueError(
            f"y_true and y_pred must have the same shape, got {true.shape} and {pred.shape}."
        )
    return true, pred


def forecasts(values: ArrayLike, name: str, missing: bool = False) -> np.ndarray:
    """The values as an array (n, H), checked; errors call it `name`."""
    array = as_numbers(name, values)
    if array.ndim != 2 or not array.size:
        alone = f" For one series give {name}[None]." if array.ndim == 1 and array.size else ""
        raise ValueError(f"{name} must be an array (series, steps), got {array.shape}.{alone}")
    wrong = np.isinf(array) if missing else ~np.isfinite(array)
    if wrong.any():
        i, h = np.argwhere(wrong)[0]
        raise ValueError(f"{name} must be finite, got {array[i, h]} for series {i}, step {h}.")
    return array


def _scales(
    histories: Sequence[ArrayLike], seasonal_period: int, n: int, squared: bool
) -> np.ndarray:
    """The mean absolute or squared seasonal difference of each history, (n,); NaN if undefined."""
    count("seasonal_period", seasonal_period)
    m = int(seasonal_period)
    if len(histories) != n:
        raise ValueError(
            f"histories must hold one series for each row of y_true, {n}, got {len(histories)}."
        )
    scales = np.full(n, np.nan)
    for i, history in enumerate(histories):
        x = as_numbers(f"histories[{i}]", history)
        if x.ndim != 1:
            raise ValueError(f"histories[{i}] must be one series (T,), got shape {x.shape}.")
        if np.isinf(x).any():
            raise ValueError(f"histories[{i}] must be finite or NaN, got an infinite value.")
        difference = np.abs(x[m:] - x[:-m])
        difference = difference[~np.isnan(difference)]
        # Else there is none, or all are zero but for rounding.
        if (difference > 1e-12 * np.nanmax(np.abs(x), initial=0)).any():
            scales[i] = np.mean(difference**2 if squared else difference)
    return scales


def _over_steps(terms: np.ndarray) -> np.ndarray:
    """The mean over the steps that have a truth, (n, H) -> (n,); NaN where no step has one."""
    known = ~np.isnan(terms)
    steps = known.sum(axis=1)
    total = np.where(known, terms, 0).sum(axis=1)
    return np.divide(total, steps, out=np.full(len(terms), np.nan), where=steps > 0)


def _over_series(values: np.ndarray, per_series: bool) -> Any:
    """The values of the series, (n,), or the mean of those that are defined."""
    if per_series:
        return values
    defined = ~np.isnan(values)
    if not defined.any():
        raise ValueError(
            "The measure is defined for none of the series: each lacks the truth, or a history "
            "that is longer than a season and changes."
        )
    if not defined.all():
        left_out = np.flatnonzero(~defined)
        warn(
            f"The mean leaves out {len(left_out)} of {len(values)} series for which the measure is "
            f"undefined (no truth, or a history that is too short or constant): rows "
            f"{', '.join(map(str, left_out[:10]))}{', ...' if len(left_out) > 10 else ''}."
        )
    return float(values[defined].mean())
