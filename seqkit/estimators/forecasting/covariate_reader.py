"""Covariates and descriptions of series, as the forecaster reads them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from seqkit.checks import did_you_mean
from seqkit.estimators.forecasting.static_table import by_series, rows_of
from seqkit.frames import as_pandas
from seqkit.readers.long_form import id_and_time, with_series_as_column
from seqkit.saving.records import Part, record
from seqkit.timeseries.calendar_features import calendar_features
from seqkit.timeseries.covariates import align_covariates
from seqkit.timeseries.messages import series_named
from seqkit.timeseries.panel import Panel
from seqkit.timeseries.series_forms import id_columns
from seqkit.training.windows import SeriesData


@record
@dataclass
class CovariateReader(Part):
    """Learns what covariates there are, and reads them again at prediction.

    Args:
        calendar: features of the timestamps, known for the future.
        past: columns of X that are known for the past alone.
        id, time: columns of long frames; where several name a series, id is a list of them.
        known: columns of X that are known for the future.
        static: numeric columns of the table of series.
        categories: its other columns, each with its values; others are read as none of them.
        moments: mean and standard deviation of each column, by kind.
    """

    calendar: list[str]
    past: list[Any]
    id: Any
    time: Any
    known: list[Any] = field(default_factory=list)
    static: list[Any] = field(default_factory=list)
    categories: dict[Any, list[Any]] = field(default_factory=dict)
    moments: dict[str, tuple[list[float], list[float]]] = field(default_factory=dict)

    @property
    def columns(self) -> list[Any]:
        """Those of X."""
        return [*self.known, *self.past]

    def learn(self, panel: Panel, X: Any, static: Any) -> SeriesData:
        """Finds out about the columns; returns what `read` then returns for the same."""
        X, static = as_pandas(X), as_pandas(static)
        if X is None and self.past:
            raise ValueError(f"past_covariates names {self.past}, columns of X, but X is None.")
        if X is not None:
            id, time = self._long_columns(X).values()
            columns = [c for c in self._frame(X).columns if c not in [*id_columns(id), time]]
            absent = [c for c in self.past if c not in columns]
            if absent:
                raise ValueError(f"past_covariates: X has no column {absent[0]!r}, but {columns}.")
            self.known = [c for c in columns if c not in self.past]
        if static is not None:
            static = by_series(static, self.id)
            numeric = static.select_dtypes("number").columns
            self.static = list(numeric)
            for column in static.columns.difference(numeric, sort=False):
                self.categories[column] = sorted(static[column].dropna().unique().tolist(), key=str)
        data = self.read(panel, X, static)
        if data.past is not None:
            _check_there(data.past, self.past)
        if data.known is not None:
            _check_there(data.known, [*self.known, *self.calendar * 2])
        for name in ("past", "known", "static"):
            values = getattr(data, name)
            if values is not None:
                table = np.concatenate(values) if isinstance(values, list) else values
                self.moments[name] = _moments(table)
        return data

    def read(
        self,
        panel: Panel,
        X: Any,
        static: Any,
        horizon: int | None = None,
        seen: SeriesData | None = None,
    ) -> SeriesData:
        """The series with their covariates, known ones for `horizon` steps more.

        Args:
            panel: the series.
            X, static: covariates, as for fit.
            horizon: steps after the end of each series that X must know.
            seen: the same series as they were in fit, whose covariates need not be given again.

        Raises:
            ValueError: where something is missing that fit had.
        """
        X, static = as_pandas(X), as_pandas(static)
        past: Sequence[np.ndarray] | None = None
        known: Sequence[np.ndarray] | None = None
        options = self._long_columns(X)
        as_seen = seen and not horizon and np.array_equal(panel.lengths, seen.lengths)
        if X is not None and not self.columns:
            raise ValueError("X must be None: the model was fitted without covariates.")
        if static is not None and not (self.static or self.categories):
            raise ValueError("static must be None: the model was fitted without it.")
        if X is None and ((self.past and seen is None) or (self.known and not as_seen)):
            raise ValueError(f"X must hold the columns {self.columns}, as in fit.")
        if X is not None:
            self._check_columns(X, [*self.known, *([] if seen else self.past)])
        if self.past:
            past = [np.full((n, len(self.past)), np.nan) for n in panel.lengths]
            if X is not None and (seen is None or set(self.past) <= set(self._frame(X).columns)):
                past = align_covariates(panel, self._frame(X), None, self.past, **options).values
            past = _filled(past, seen.past if seen else None)
        if self.known and X is None:
            assert seen is not None
            assert seen.known is not None
            known = [rows[:, : len(self.known)].copy() for rows in seen.known]
        elif self.known:
            known = align_covariates(panel, self._frame(X), horizon, self.known, **options).values
        if self.calendar:
            counts = panel.lengths + (horizon or 0)
            features = calendar_features(panel.timestamps(0, counts), self.calendar, cyclic=True)
            dates = np.split(features, np.cumsum(counts)[:-1])
            known = dates if known is None else list(map(np.hstack, zip(known, dates, strict=True)))
        if known is not None:
            known = _filled(known, seen.known if seen else None)
        if static is None and seen is not None:
            numbers, codes = seen.static, seen.categories
        else:
            numbers, codes = self._described(panel, static)
        return SeriesData(panel.values, past, known, numbers, codes)

    def _frame(self, X: Any) -> pd.DataFrame:
        """X as a frame; series that its index names are a column."""
        if isinstance(X, pd.Series):
            return X.to_frame("X" if X.name is None else X.name)
        if not isinstance(X, pd.DataFrame):
            raise TypeError(f"X must be a pandas Series or DataFrame, got {type(X).__name__}.")
        frame: Any = with_series_as_column(X, self.id)
        return frame

    def _long_columns(self, X: Any) -> dict[str, Any]:
        """The columns of X that name the series and the time."""
        names: list[Any] = []
        if X is not None:
            frame = self._frame(X)
            names = [*frame.columns, *frame.index.names]
        id, time = id_and_time(names, self.id, self.time) or (self.id, self.time)
        return {"id": id, "time": time}

    def _check_columns(self, X: Any, wanted: Sequence[Any]) -> None:
        columns = list(self._frame(X).columns)
        for column in wanted:
            if column not in columns:
                raise ValueError(
                    f"X must hold the columns {self.columns}, as in fit; it has no "
                    f"{column!r}, but {columns}.{did_you_mean(column, columns)}"
                )

    def _described(self, panel: Panel, static: Any) -> tuple[Any, Any]:
        columns = [*self.static, *self.categories]
        if not columns:
            return None, None
        if static is None:
            raise ValueError(f"static must hold the columns {columns}, as in fit, got None.")
        static = by_series(static, self.id)
        absent = [c for c in columns if c not in static.columns]
        if absent:
            raise ValueError(f"static has no column {absent[0]!r}, but {list(static.columns)}.")
        rows = rows_of(static, panel.names, self.id)
        numbers = codes = None
        if self.static:
            numbers = rows[self.static].to_numpy(np.float32)
            if not np.isfinite(numbers).all():
                i, k = np.argwhere(~np.isfinite(numbers))[0]
                raise ValueError(
                    f"static must hold finite numbers, got {numbers[i, k]} for "
                    f"{series_named(panel.names[i])} in column {self.static[k]!r}."
                )
        if self.categories:
            codes = np.stack(
                [
                    pd.Index(values).get_indexer(pd.Index(rows[column])) + 1
                    for column, values in self.categories.items()
                ],
                axis=1,
            ).astype(np.int32)
        return numbers, codes


def _check_there(tables: Sequence[np.ndarray], columns: Sequence[Any]) -> None:
    """Raises ValueError where X has nothing of a column at the times of any series."""
    nothing = np.all([np.isnan(rows).all(axis=0) for rows in tables], axis=0)
    if nothing.any():
        raise ValueError(
            f"X must have values at the times of y, got none in column "
            f"{columns[int(nothing.argmax())]!r}."
        )


def _moments(table: np.ndarray) -> tuple[list[float], list[float]]:
    """Means and standard deviations of the columns, what is missing left out."""
    there = np.isfinite(table)
    count = np.maximum(there.sum(axis=0), 1)
    mean = np.where(there, table, 0).sum(axis=0) / count
    squares = np.where(there, table - mean, 0) ** 2
    deviation = np.sqrt(squares.sum(axis=0) / count)
    return mean.tolist(), np.where(deviation > 0, deviation, 1.0).tolist()


def _filled(given: Sequence[np.ndarray], seen: Sequence[np.ndarray] | None) -> Sequence[np.ndarray]:
    """The values given; what is missing of them as it was seen, for as long as it was."""
    if seen is None:
        return given
    for rows, known in zip(given, seen, strict=True):
        part = rows[: len(known)]
        part[:] = np.where(np.isnan(part), known[: len(part)], part)
    return given
