"""How good a forecaster was: forecasts from several ends of the past, beside what came."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from sklearn.base import clone
from sklearn.utils.validation import check_is_fitted

from seqkit import checks
from seqkit.estimators.parameters import check_parameters
from seqkit.metrics import mase
from seqkit.timeseries.messages import series_named
from seqkit.timeseries.panel import Panel
from seqkit.training.windows import SeriesData

if TYPE_CHECKING:
    import pandas as pd


class Backtest:
    """The part of the forecaster that scores itself."""

    horizon: int
    season_: int | None
    lookback_: int
    _panel: Panel
    _data: SeriesData
    _reader: Any

    def score(self, y: Any, X: Any = None, *, static: Any = None) -> float:
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
        check_is_fitted(self, "model_")
        panel = self._read(y)
        after = _continued(self._panel, panel)
        if after is None:
            short = [n for n, v in zip(panel.names, panel.values, strict=True) if len(v) < 3]
            if short or (panel.lengths <= self.horizon).any():
                raise ValueError(
                    "y must go on after the training data, series by series, or hold series longer "
                    f"than horizon={self.horizon}; got {panel.lengths.min()} steps of "
                    f"{series_named(panel.names[int(panel.lengths.argmin())])}."
                )
            data = self._reader.read(panel, X, static)
            first = panel.lengths - self.horizon
        else:
            panel, first, places = after
            data = self._reader.read(panel, X, static, None, self._data.of(places))
        rows = -(-(panel.lengths - first) // self.horizon)
        series = np.repeat(np.arange(len(first)), rows)
        step = np.arange(rows.sum()) - np.repeat(np.cumsum(rows) - rows, rows)
        ends = first[series] + step * self.horizon
        found = self._run("forecast", data, (series, ends))
        truth = _after(panel.values, series, ends, self.horizon)
        # Where a series has no value in the history there is no forecast.
        known = np.isfinite(found).all(1)
        if not known.any():
            raise ValueError("y has no series with a value before the steps to forecast.")
        series, found, truth = series[known], found[known], truth[known]
        histories = [panel.values[i][: first[i]] for i in series]
        return -float(mase(truth, found, histories, self.season_ or 1))

    def backtest(
        self,
        y: Any = None,
        X: Any = None,
        *,
        static: Any = None,
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
        too short for a window are not in it.
        """
        import pandas as pd

        if not refit:
            check_is_fitted(self, "model_")
        check_parameters(self)
        checks.count("windows", windows)
        checks.optional(checks.count)("step", step)
        panel = self._panel if y is None and hasattr(self, "_panel") else self._read(y)
        if y is None and not refit:
            warnings.warn(
                "The model was fitted to the data of this backtest: its errors are smaller than "
                "those to come. Use refit=True, or give a y that it has not seen.",
                stacklevel=2,
            )
        wanted = self._reader.columns if hasattr(self, "_reader") else []
        if refit and X is None and wanted:  # new models would be fitted without a word
            raise ValueError(f"X must hold the columns {wanted}, as in fit, where refit=True.")
        chosen = None
        if self._has_quantiles() or levels is not None:
            chosen = self._checked_levels(self.levels if levels is None else levels)
        model: Any = self
        if not refit:
            data = self._reader.read(panel, X, static, None, self._data if y is None else None)
        parts = []
        for k in reversed(range(windows)):
            before = self.horizon + k * (step or self.horizon)
            ends = panel.lengths - before
            series = np.flatnonzero(ends >= 2)
            if not len(series):
                raise ValueError(
                    f"windows={windows} reach back {before} steps before the end of each series, "
                    f"and the longest has {panel.lengths.max()}. Use fewer windows, or a smaller "
                    "step."
                )
            if refit:
                model = self._until(panel, before, X, static)
                data = model._reader.read(panel, X, static)
            places = (series, ends[series])
            columns = [model._run("forecast", data, places)[..., None]]
            if chosen:
                columns.append(model._run("quantiles", data, places, chosen))
            parts.append(_table(panel, *places, np.concatenate(columns, -1), chosen or []))
        return pd.concat(parts, ignore_index=True)

    def _until(self, panel: Panel, before: int, X: Any, static: Any) -> Any:
        """A new model, fitted to the series as they were some steps before their ends."""
        values = [x[:-before] for x in panel.values]
        kept = [i for i, x in enumerate(values) if len(x) >= 2 and np.isfinite(x).any()]
        past = replace(
            panel,
            values=[values[i] for i in kept],
            names=[panel.names[i] for i in kept],
            first=panel.first[kept],
            form=replace(panel.form, ids=panel.form.ids[kept]),
        )
        model: Any = clone(self)
        model._fit(past, X, static)
        return model

    # What the forecaster has.

    levels: Any
    _read: Any
    _run: Any
    _has_quantiles: Any
    _checked_levels: Any


def _continued(before: Panel, after: Panel) -> tuple[Panel, np.ndarray, list[int]] | None:
    """The series of both in one, how many steps of each came before, and their places there; None
    where a series is not in `before`, or begins in it."""
    places = [before.names.index(n) if n in before.names else -1 for n in after.names]
    if min(places) < 0 or type(before.axis) is not type(after.axis):
        return None
    firsts, there = before.axis.ordinals(after.starts)
    steps, rest = np.divmod(firsts - before.first[places], before.axis.step)
    lengths = before.lengths[places]
    if (steps < lengths).any() or rest.any() or not np.all(there):
        return None
    values = [
        np.concatenate([before.values[i], np.full(step - len(before.values[i]), np.nan), v])
        for i, step, v in zip(places, steps, after.values, strict=True)
    ]
    joined = replace(after, values=values, first=before.first[places], axis=before.axis)
    return joined, lengths, places


def _after(
    values: Sequence[np.ndarray], series: np.ndarray, ends: np.ndarray, horizon: int
) -> np.ndarray:
    """What came after each end, (w, H), NaN where nothing did."""
    found = np.full((len(series), horizon), np.nan)
    for row, (i, end) in enumerate(zip(series, ends, strict=True)):
        came = values[i][end : end + horizon]
        found[row, : len(came)] = came
    return found


def _table(
    panel: Panel, series: np.ndarray, ends: np.ndarray, found: np.ndarray, levels: list[float]
) -> pd.DataFrame:
    """A row for each step of each window."""
    import pandas as pd

    horizon = found.shape[1]
    form = panel.form
    some = replace(panel, values=[panel.values[i] for i in series], first=panel.first[series])
    names = pd.Index(np.array([*panel.names, None], dtype=object)[:-1][series])
    table = pd.DataFrame({"unique_id" if form.kind in ("series", "wide") else form.id: names})
    table = table.loc[table.index.repeat(horizon)].reset_index(drop=True)
    cutoffs = some.timestamps(ends - 1, 1)
    table["cutoff"] = cutoffs.repeat(horizon)
    table["ds" if form.time is None else form.time] = some.timestamps(ends, horizon)
    table["y"] = _after(panel.values, series, ends, horizon).ravel()
    table["forecast"] = found[..., 0].ravel()
    for k, level in enumerate(levels):
        table[level] = found[..., k + 1].ravel()
    return table
