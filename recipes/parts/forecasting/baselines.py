"""Baselines of a forecaster: naive forecasts, Theta, and exponential smoothing, a series at a time.

- Hyndman & Athanasopoulos, "Forecasting: principles and practice" (3rd ed.): naive and seasonal
  naive forecasts, and their intervals (sections 5.2 and 5.5).
- Assimakopoulos & Nikolopoulos 2000, the Theta method, which won the M3 competition.
- Hyndman, Koehler, Snyder & Grose 2002: exponential smoothing chosen by AICc, as R's `ets` does.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from typing import Any, NamedTuple

import numpy as np

from seqkit.extras import require

COVERAGE = 0.8  # of the intervals
_Z = 1.2815515655446004  # the normal distribution has 90 % below it
_PATHS = 1000  # simulated for the intervals of exponential smoothing
_CHUNK = 20  # series that a process is given at a time


class Form(NamedTuple):
    """A form of exponential smoothing: each part additive, multiplicative, or left out."""

    error: str
    trend: str | None
    damped: bool
    seasonal: str | None

    def parameters(self, season: int) -> int:
        """How many numbers a fit chooses: of smoothing, first states, and the error's variance."""
        smoothing = 1 + (self.trend is not None) + self.damped + (self.seasonal is not None)
        states = 1 + (self.trend is not None) + (season - 1 if self.seasonal else 0)
        return smoothing + states + 1


# Those among which R's `ets` chooses: an additive error with a multiplicative season is unstable.
FORMS = tuple(
    Form(error, trend, damped, seasonal)
    for error in ("add", "mul")
    for trend, damped in ((None, False), ("add", False), ("add", True))
    for seasonal in (None, "add", "mul")
    if (error, seasonal) != ("add", "mul")
)


class Forecasts(NamedTuple):
    """Forecasts (n, H) and the bounds of their 80 % intervals (n, H), or None.

    `failed` counts the series that the method had no answer for: theirs are seasonal naive.
    """

    values: np.ndarray
    lower: np.ndarray | None = None
    upper: np.ndarray | None = None
    failed: int = 0


def naive(histories: Sequence[Any], horizon: int, season: int = 1, jobs: int = 2) -> Forecasts:
    """The last value, at each step."""
    return seasonal_naive(histories, horizon, 1)


def seasonal_naive(
    histories: Sequence[Any], horizon: int, season: int = 1, jobs: int = 2
) -> Forecasts:
    """The value of the same step of the last season.

    Where it is missing, that of the season before; the last value where there is none.

    Example:
        >>> seasonal_naive([[1.0, 2.0, 3.0, 4.0, 5.0]], horizon=3, season=2).values
        array([[4., 5., 4.]])
    """
    rows = [_seasonal_naive(np.asarray(x, float), horizon, season) for x in histories]
    return Forecasts(*np.stack(rows, axis=1))


def theta(histories: Sequence[Any], horizon: int, season: int = 1, jobs: int = 2) -> Forecasts:
    """The Theta method; a season that a test finds is taken out first. It gives no intervals.

    Args:
        histories: values of each series, (T_i,). Missing ones (NaN) are interpolated.
        horizon: steps to forecast.
        season: steps in a season; 1: there is none.
        jobs: number of processes.
    """
    forecasts = _in_processes(_theta, histories, horizon, season, jobs)
    return forecasts._replace(lower=None, upper=None)


def ets(histories: Sequence[Any], horizon: int, season: int = 1, jobs: int = 2) -> Forecasts:
    """Exponential smoothing, its form chosen for each series by AICc among `FORMS`.

    The first level, trend and season come from a heuristic and not from the likelihood: it takes a
    tenth of the time, and forecasts are as good. They count as parameters, as they are of the data.
    Multiplicative forms are for values above zero.

    Args:
        histories, horizon, season, jobs: as for `theta`.
    """
    return _in_processes(_ets, histories, horizon, season, jobs)


BASELINES: dict[str, Callable[..., Forecasts]] = {
    "naive": naive,
    "seasonal_naive": seasonal_naive,
    "theta": theta,
    "ets": ets,
}


def check_installed(names: Iterable[str]) -> None:
    """Raises MissingExtraError where a package is missing that one of these baselines needs."""
    for name in names:
        if BASELINES[name] in (theta, ets):
            require("statsmodels", f"the baseline {name}")


# A row of forecasts and its bounds, (3, H).
_Rows = np.ndarray


def _in_processes(
    method: Callable[[np.ndarray, int, int], _Rows],
    histories: Sequence[Any],
    horizon: int,
    season: int,
    jobs: int,
) -> Forecasts:
    """The forecasts of a method for one series at a time."""
    from joblib import Parallel, delayed, parallel_config

    series = [np.asarray(x, float) for x in histories]
    chunks = [series[k : k + _CHUNK] for k in range(0, len(series), _CHUNK)]
    with parallel_config(backend="loky", inner_max_num_threads=1):
        answers = Parallel(n_jobs=min(jobs, len(chunks)))(
            delayed(_answers)(method, chunk, horizon, season) for chunk in chunks
        )
    rows = [row for answer in answers for row in answer]
    failed = [row is None for row in rows]
    for k in np.flatnonzero(failed):
        rows[k] = _seasonal_naive(series[k], horizon, season)
    return Forecasts(*np.stack(rows, axis=1), failed=sum(failed))


def _answers(
    method: Callable[[np.ndarray, int, int], _Rows],
    series: Sequence[np.ndarray],
    horizon: int,
    season: int,
) -> list[_Rows | None]:
    """The rows of each series; None where the method fails."""
    import statsmodels.tools.sm_exceptions  # noqa: F401  it turns warnings on, so now or never

    answers: list[_Rows | None] = []
    for x in series:
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            try:
                rows = method(_interpolated(x), horizon, season)
            except (ValueError, ArithmeticError, np.linalg.LinAlgError, IndexError):
                answers.append(None)
            else:
                answers.append(rows if np.isfinite(rows).all() else None)
    return answers


def _seasonal_naive(x: np.ndarray, horizon: int, season: int) -> _Rows:
    """Forecasts and bounds, +- z s sqrt(k + 1), k full seasons ahead, s that of the residuals."""
    last = x[~np.isnan(x)][-1]
    differences = x[season:] - x[:-season]
    if np.isnan(differences).all():
        season, differences = 1, np.diff(x)
    tail = np.full(season, last)
    for k in range(min(season, len(x))):
        same = x[len(x) - 1 - k :: -season]
        present = same[~np.isnan(same)]
        tail[season - 1 - k] = present[0] if len(present) else last
    ahead = np.arange(horizon)
    values = tail[ahead % season]
    squares = differences[~np.isnan(differences)] ** 2
    deviation = math.sqrt(squares.mean()) if len(squares) else 0.0
    half = _Z * deviation * np.sqrt(ahead // season + 1)
    return np.stack([values, values - half, values + half])


def _theta(x: np.ndarray, horizon: int, season: int) -> _Rows:
    from statsmodels.tsa.forecasting.theta import ThetaModel

    if len(x) < 3:
        raise ValueError("a trend needs more values")
    seasonal = season > 1 and len(x) >= 2 * season
    model = ThetaModel(x, period=season, deseasonalize=seasonal, use_test=seasonal)
    values = np.asarray(model.fit().forecast(horizon))
    return np.stack([values] * 3)


def _ets(x: np.ndarray, horizon: int, season: int) -> _Rows:
    seasonal = season > 1 and len(x) >= 2 * season
    tried = [
        form
        for form in FORMS
        if (seasonal or not form.seasonal) and (x.min() > 0 or "mul" not in form)
    ]
    fits: list[tuple[float, Any, int]] = []
    for form in tried:
        with suppress(ValueError, ArithmeticError, np.linalg.LinAlgError):
            fits.append(_fit(x, form, season))
    criterion, best, free = min(fits, key=lambda fit: fit[0])
    if not math.isfinite(criterion):
        raise ArithmeticError("no form fits")
    # Errors, relative ones where they are multiplicative, with the deviation of those of the fit.
    deviation = math.sqrt(float(np.sum(best.resid**2)) / free)
    errors = deviation * np.random.default_rng(0).standard_normal((horizon, _PATHS))
    paths = best.simulate(horizon, anchor="end", repetitions=_PATHS, random_errors=errors)
    tail = (1 - COVERAGE) / 2
    bounds = np.quantile(paths, [tail, 1 - tail], axis=1)
    return np.stack([best.forecast(horizon), *bounds])


def _fit(x: np.ndarray, form: Form, season: int) -> tuple[float, Any, int]:
    """AICc of a form, infinite where it is undefined, the fit, and its degrees of freedom."""
    from statsmodels.tsa.exponential_smoothing.ets import ETSModel

    model = ETSModel(
        x,
        error=form.error,
        trend=form.trend,
        damped_trend=form.damped,
        seasonal=form.seasonal,
        seasonal_periods=season if form.seasonal else None,
        initialization_method="heuristic",
    )
    fit = model.fit(disp=False)
    k = form.parameters(season)
    free = len(x) - k + 1
    if free < 3 or not np.isfinite(fit.llf):
        return math.inf, fit, free
    return -2 * fit.llf + 2 * k + 2 * k * (k + 1) / (len(x) - k - 1), fit, free


def _interpolated(x: np.ndarray) -> np.ndarray:
    """Without missing values: on the line between neighbours; at the end, the last value."""
    missing = np.isnan(x)
    if not missing.any():
        return x
    steps = np.arange(len(x))
    return np.interp(steps, steps[~missing], x[~missing])
