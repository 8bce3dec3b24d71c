"""Series with what is known of them, their forecasts, and how good these are."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

BOUNDS = ("lower", "upper")


@dataclass(frozen=True)
class SeriesFrame:
    """Series with all that is known of them, as the forecaster takes them.

    Attributes:
        frame: long, or of one series, in the order of time; each column of its type.
        keys: the columns that name the series and the time, the time last.
        target: the column of the values.
        covariates: those that are known for the steps to forecast, or for the past.
        static: those that describe a series.
        texts: those of both that hold texts.
        rows: the rows of the table that those of the frame were.
    """

    frame: pd.DataFrame
    keys: list[str]
    target: str
    covariates: list[str]
    static: list[str]
    texts: list[str]
    rows: np.ndarray

    def fit(self, model: Any) -> None:
        """Trains a forecaster on them."""
        from seqkit.cli.fitting import fit_whole

        fit_whole(model, self.frame, self.covariates or None, static=self.static or None)

    def apart(self) -> tuple[Any, Any, Any]:
        """The series, the covariates and the descriptions as frames of their own, or None."""
        from seqkit.estimators.forecasting.one_frame import taken_apart

        ids = self.keys[:-1]
        id = None if not ids else ids[0] if len(ids) == 1 else ids
        named = self.covariates or None, self.static or None
        return taken_apart(self.frame, *named, id or "unique_id", self.keys[-1])

    def series(self) -> Any:
        """The number of each row's series."""
        if len(self.keys) == 1:
            return np.zeros(len(self.frame), int)
        return self.frame.groupby(self.keys[:-1], sort=False, dropna=False).ngroup().to_numpy()

    def without_last(self, steps: int) -> SeriesFrame:
        """The same without the last values of each series; covariates stay."""
        series, known = self.series(), self.frame[self.target].notna().to_numpy()
        rows = np.arange(len(series))
        ends = np.full(series.max() + 1, -1)
        np.maximum.at(ends, series, np.where(known, rows, -1))
        later = rows > ends[series] - steps
        if self.covariates:
            blank = self.frame.assign(**{self.target: self.frame[self.target].mask(later)})
            return replace(self, frame=blank)
        return replace(self, frame=self.frame[~later].reset_index(drop=True))


def forecast(model: Any, series: SeriesFrame | None, steps: int | None, coverage: float) -> Any:
    """Forecasts and intervals, a row a step: the keys of the series, forecast, lower, upper.

    Args:
        model: the fitted forecaster.
        series: the past; None: the training data.
        steps: None: the horizon.
        coverage: of the intervals, of a model that has such.
    """
    from seqkit.scale.forecasts import forecast_rows

    y, X, static = (None, None, None) if series is None else series.apart()
    return forecast_rows(model, y, X, static, steps, coverage)


def scores(
    model: Any, past: SeriesFrame, whole: SeriesFrame, forecasts: pd.DataFrame
) -> tuple[dict[str, float], dict[str, float], pd.DataFrame]:
    """How good forecasts are, and those of the last season beside them; and both with the truth.

    Args:
        model: the forecaster.
        past: the series without what was forecast.
        whole: the series with it.
        forecasts: the forecasts.
    """
    from seqkit import metrics

    keys = whole.keys
    truth = whole.frame[[*keys, whole.target]].rename(columns={whole.target: "truth"})
    forecasts = forecasts.merge(truth, on=keys, how="left")
    season = model.season_ or 1
    histories = {
        name: values[np.isfinite(values)]
        for name, values in _by_series(past.frame, keys, past.target).items()
    }
    parts = {
        c: _by_series(forecasts, keys, c) for c in ("truth", "forecast", *BOUNDS) if c in forecasts
    }
    names = [
        name
        for name, values in parts["forecast"].items()
        if np.isfinite(values).all() and len(histories.get(name, ())) > 1
    ]
    if not names or not np.isfinite(np.concatenate([parts["truth"][n] for n in names])).any():
        raise ValueError("no series has values after its past, and forecasts of them, to compare.")
    arrays = {
        column: np.stack([by_name[name] for name in names]) for column, by_name in parts.items()
    }
    before = [histories[name] for name in names]
    steps = arrays["truth"].shape[1]
    naive = np.stack([np.resize(x[-min(season, len(x)) :], steps) for x in before])

    def measured(values: np.ndarray) -> dict[str, float]:
        measures: dict[str, Callable[[], Any]] = {
            "smape": lambda: metrics.smape(arrays["truth"], values),
            "mae": lambda: metrics.mae(arrays["truth"], values),
        }
        if any(len(x) > season and np.ptp(x) > 0 for x in before):
            mase = partial(metrics.mase, arrays["truth"], values, before, season)
            measures = {"mase": mase, **measures}
        return {name: float(measure()) for name, measure in measures.items()}

    of_model = measured(arrays["forecast"])
    if "lower" in arrays:
        lower, upper = (arrays[bound] for bound in BOUNDS)
        of_model["coverage"] = float(metrics.coverage(arrays["truth"], lower, upper))
    return of_model, measured(naive), forecasts


def _by_series(frame: pd.DataFrame, keys: Sequence[str], column: str) -> Mapping[Any, np.ndarray]:
    if len(keys) == 1:
        return {None: frame[column].to_numpy(float)}
    ids = list(keys[:-1])
    return {
        name: values.to_numpy(float)
        for name, values in frame.groupby(ids, sort=False, dropna=False)[column]
    }
