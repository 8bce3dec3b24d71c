"""Covariates and descriptions of series, as the forecaster reads them."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from seqkit.checks import did_you_mean
from seqkit.estimators.forecasting.categories import (
    are_categories,
    encoded,
    known_numbers,
    levels_of,
    numbered,
)
from seqkit.estimators.forecasting.static_table import by_series, rows_of
from seqkit.frames import as_pandas
from seqkit.readers.long_form import id_and_time, with_series_as_column
from seqkit.saving.records import Part, record
from seqkit.timeseries.calendar_features import calendar_features
from seqkit.timeseries.covariates import Covariates, align_covariates
from seqkit.timeseries.messages import series_listed, series_named
from seqkit.timeseries.panel import Panel
from seqkit.timeseries.series_forms import id_columns, ids_of, series_and_time
from seqkit.training.windows import SeriesData
from seqkit.warning import warn


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
        levels: the columns of X that are categories, each with its values. They are numbered from
            1; others, and what is missing, are 0, none of them.
        moments: mean and standard deviation of each column, by kind.
    """

    calendar: list[str]
    past: list[Hashable]
    id: Hashable | Sequence[Hashable]
    time: Hashable
    known: list[Hashable] = field(default_factory=list)
    static: list[Hashable] = field(default_factory=list)
    categories: dict[Hashable, list[Any]] = field(default_factory=dict)
    moments: dict[str, tuple[list[float], list[float]]] = field(default_factory=dict)
    levels: dict[Any, list[Any]] = field(default_factory=dict)

    def architecture(self) -> dict[str, Any]:
        """All that a model must know of the covariates."""
        return {
            "past": len(self.past),
            "known": len(self.known) + 2 * len(self.calendar),
            "static": len(self.static),
            "categories": [len(values) + 1 for values in self.categories.values()],
            "moments": self.moments,
            "levels": self.levels_a_channel,
        }

    @property
    def columns(self) -> list[Hashable]:
        """Those of X."""
        return [*self.known, *self.past]

    @property
    def columns_in_order(self) -> list[Any]:
        """The same as a history has them."""
        return [*self.past, *self.known]

    @property
    def levels_a_channel(self) -> dict[str, list[int]]:
        """How many categories each past and known covariate has; 0 for a number."""

        def counts(columns: list[Any]) -> list[int]:
            return [len(self.levels.get(column, ())) for column in columns]

        calendar = [0] * 2 * len(self.calendar)
        return {"past": counts(self.past), "known": counts(self.known) + calendar}

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
            frame = self._frame(X)
            if frame.columns.is_unique:  # else refused below
                self.levels = {c: levels_of(frame[c]) for c in columns if are_categories(frame[c])}
        if static is not None:
            static = by_series(static, self.id)
            numeric = static.select_dtypes("number").columns
            self.static = list(numeric)
            for column in static.columns.difference(numeric, sort=False):
                self.categories[column] = levels_of(static[column])
        data = self.read(panel, X, static)
        if self._leaves_out_levels(data):
            data = self.read(panel, X, static)
        for column in (c for c, levels in self.levels.items() if not levels):
            raise ValueError(
                f"X must have values at the times of y, got none in column {column!r}."
            )
        if data.past is not None:
            _check_present(data.past, self.past)
        if data.known is not None:
            _check_present(data.known, [*self.known, *self.calendar * 2])
        for name in ("past", "known", "static"):
            values = getattr(data, name)
            if values is not None:
                table = np.concatenate(values) if isinstance(values, list) else values
                self.moments[name] = _moments(table, self.levels_a_channel.get(name, ()))
        return data

    def _leaves_out_levels(self, data: SeriesData) -> bool:
        """Leaves out categories that X does not have at the times of y; whether there are such."""
        kept = {}
        for columns, tables in ((self.past, data.past), (self.known, data.known)):
            for k, column in enumerate(columns):
                if column in self.levels and tables is not None:
                    numbers = {*np.unique(np.concatenate([rows[:, k] for rows in tables]))}
                    levels = enumerate(self.levels[column], 1)
                    kept[column] = [level for number, level in levels if number in numbers]
        changed = kept != self.levels
        self.levels = kept
        return changed

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
        unknown: dict[Any, list[Any]] = {}
        if X is not None:
            X, unknown = encoded(self._frame(X), self.levels)
        if self.past:
            past = [np.full((n, len(self.past)), np.nan) for n in panel.lengths]
            if X is not None and (seen is None or set(self.past) <= set(self._frame(X).columns)):
                past = align_covariates(panel, X, None, self.past, **options).values
            past = _filled(past, seen.past if seen else None)
        if self.known and X is None:
            assert seen is not None
            assert seen.known is not None
            known = [rows[:, : len(self.known)].copy() for rows in seen.known]
        elif self.known:
            known = align_covariates(panel, X, horizon, self.known, **options).values
        _know(past, self.past, unknown)
        _know(known, self.known, unknown)
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

    def aligned(self, panel: Panel, table: Any, columns: Sequence[Hashable] | None) -> Covariates:
        """Columns of a table in the form of X at the steps of the series; None: all of them."""
        frame, names = self._frame(table), self._long_columns(table)
        return align_covariates(panel, frame, None, columns, **names)

    def warn_of_others(self, panel: Panel, X: Any, static: Any) -> None:
        """Warns of series of X and static that y does not have: their names may be misspelt."""
        ids_by_source: dict[str, pd.Index] = {}
        if X is not None and (ids := self._series_of(X)) is not None:
            ids_by_source["X"] = ids
        if static is not None:
            ids_by_source["static"] = by_series(static, self.id).index
        known = {*panel.names}
        for source, ids in ids_by_source.items():
            others = [name for name in ids.unique() if name not in known]
            if others and len(others) < ids.nunique():  # of none in common an error will say so
                warn(
                    f"{source} has {len(others)} series that y does not have, which are not read: "
                    f"{series_listed(others)}."
                )

    def _series_of(self, X: Any) -> pd.Index | None:
        """The series of each row of X; None where all have the same covariates."""
        frame, columns = self._frame(X), self._long_columns(X)
        if isinstance(frame.index, pd.MultiIndex):
            return series_and_time(frame.index, **columns, source="X")[0]
        ids = id_columns(columns["id"])
        return ids_of(frame, columns["id"], "X") if {*ids} <= {*frame.columns} else None

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
        names: list[Hashable] = []
        if X is not None:
            frame = self._frame(X)
            names = [*frame.columns, *frame.index.names]
        id, time = id_and_time(names, self.id, self.time) or (self.id, self.time)
        return {"id": id, "time": time}

    def keys(self, X: Any) -> list[Hashable]:
        """The columns, or index levels, that name the series and the time in a frame like X."""
        id, time = self._long_columns(X).values()
        return [*id_columns(id), time]

    def _check_columns(self, X: Any, wanted: Sequence[Hashable]) -> None:
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
            numbers = rows[self.static].to_numpy(np.float64)
            if not np.isfinite(numbers).all():
                i, k = np.argwhere(~np.isfinite(numbers))[0]
                raise ValueError(
                    f"static must hold finite numbers, got {numbers[i, k]} for "
                    f"{series_named(panel.names[i])} in column {self.static[k]!r}."
                )
        if self.categories:
            columns_of_codes = [
                known_numbers(*numbered(rows[column], values), column, "static")
                for column, values in self.categories.items()
            ]
            codes = np.stack(columns_of_codes, axis=1).astype(np.int32)
        return numbers, codes


def _know(
    tables: Sequence[np.ndarray] | None, columns: Sequence[Any], unknown: dict[Any, list[Any]]
) -> None:
    """Lets categories that fit has not seen be none, with a warning."""
    for k, column in enumerate(columns if tables is not None else ()):
        if unknown.get(column) and tables is not None:
            numbers = np.concatenate([rows[:, k] for rows in tables])
            numbers = known_numbers(numbers, unknown[column], column, "X")
            ends = np.cumsum([len(rows) for rows in tables])
            for rows, part in zip(tables, np.split(numbers, ends[:-1]), strict=True):
                rows[:, k] = part


def _check_present(tables: Sequence[np.ndarray], columns: Sequence[Hashable]) -> None:
    """Raises ValueError where X has nothing of a column at the times of any series."""
    nothing = np.all([np.isnan(rows).all(axis=0) for rows in tables], axis=0)
    if nothing.any():
        raise ValueError(
            f"X must have values at the times of y, got none in column "
            f"{columns[int(nothing.argmax())]!r}."
        )


def _moments(table: np.ndarray, levels: Sequence[int]) -> tuple[list[float], list[float]]:
    """Means and standard deviations of the columns, what is missing left out; 0 and 1 of those that
    number categories."""
    present = np.isfinite(table)
    count = np.maximum(present.sum(axis=0), 1)
    # Distances from a value that is there: those of a constant column are 0, not rounded sums.
    first = np.take_along_axis(table, present.argmax(axis=0)[None], axis=0)[0]
    first = np.where(np.isfinite(first), first, 0.0)
    apart = np.where(present, table - first, 0.0)
    shift = apart.sum(axis=0) / count
    mean = first + shift
    squares = np.where(present, apart - shift, 0) ** 2
    deviation = np.sqrt(squares.sum(axis=0) / count)
    number = np.array([*levels] or [0] * len(mean)) == 0
    deviation = np.where((deviation > 0) & number, deviation, 1.0)
    return np.where(number, mean, 0.0).tolist(), deviation.tolist()


def _filled(given: Sequence[np.ndarray], seen: Sequence[np.ndarray] | None) -> Sequence[np.ndarray]:
    """The values given; what is missing of them as it was seen, for as long as it was."""
    if seen is None:
        return given
    for rows, known in zip(given, seen, strict=True):
        part = rows[: len(known)]
        part[:] = np.where(np.isnan(part), known[: len(part)], part)
    return given
