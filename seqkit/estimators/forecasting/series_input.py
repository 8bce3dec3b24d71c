"""The series that a forecaster learns from and forecasts: its input."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

import keras
import numpy as np
import pandas as pd

from seqkit.checks import known_column
from seqkit.estimators.forecasting.covariate_reader import CovariateReader
from seqkit.estimators.forecasting.one_frame import taken_apart
from seqkit.estimators.forecasting.parameters import ForecastParameters
from seqkit.estimators.forecasting.series_weights import (
    are_of_steps,
    series_weights,
    weights_of_steps,
)
from seqkit.frames import as_pandas
from seqkit.readers.long_form import column_in, id_and_time, with_series_as_column
from seqkit.saving.records import Part, record
from seqkit.timeseries.messages import series_named
from seqkit.timeseries.panel import Panel
from seqkit.timeseries.panel_record import check_recorded, panel_of, record_of
from seqkit.timeseries.read_series import read_series
from seqkit.timeseries.seasons import cycle_of
from seqkit.training.windows import SeriesData

# Series and frames of pandas, or of any library whose frames narwhals reads.
Series: TypeAlias = Any  # one series, or many
Past: TypeAlias = Any  # or None: the training data
Table: TypeAlias = Any  # covariates, or the columns of y that are
Static: TypeAlias = Any  # descriptions of the series, or the columns of y that are
Weights: TypeAlias = Any  # or None; of series by name, of steps, or the column of y that has them

LARGEST = 1e18  # float32, in which losses are computed, has room for its square


@dataclass(frozen=True)
class GivenSeries:
    """The arguments of a fit: y, or its panel; covariates, descriptions, weights."""

    y: Series | Panel | None
    X: Table
    static: Static
    sample_weight: Weights = None

    @property
    def series(self) -> Series | Panel | None:
        """y without the column of its weights, where it has one.

        Raises:
            TypeError, ValueError: for a name of a column that y does not have.
        """
        if not isinstance(self.sample_weight, str):
            return self.y
        y = as_pandas(self.y)
        if not isinstance(y, pd.DataFrame):
            raise TypeError(
                "sample_weight must be the name of a column of y where it is a string, and y is "
                f"a {type(y).__name__}."
            )
        known_column("sample_weight", self.sample_weight, y.columns, "y")
        return y.drop(columns=self.sample_weight)


@record
@dataclass
class SeriesInput(Part):
    """One series, or many, in any form of pandas.

    Args:
        id, time, target: columns of a long frame.
        freq: frequency of the series; None: as their index has it, or inferred.
        transform: of the values: "log" needs values of at least 0.
        minimum: the least that a value can be, or None.
        counts: whether all values must be counts.
        covariates: what else is known of the series.
        panel: the series of the fit, None before it.
        data: the same with their covariates.
    """

    id: Any
    time: Any
    target: Any
    freq: Any
    transform: str | None
    counts: bool
    covariates: CovariateReader
    panel: Panel | None = None
    data: SeriesData | None = None
    minimum: float | None = None

    @classmethod
    def of(cls, parameters: ForecastParameters) -> SeriesInput:
        """An input as the parameters of an estimator describe it."""
        return cls(
            id=parameters.id,
            time=parameters.time,
            target=parameters.target,
            freq=parameters.freq,
            transform=parameters.transform,
            minimum=parameters.minimum,
            counts=parameters.head == "negative_binomial",
            covariates=CovariateReader(
                list(parameters.calendar),
                list(parameters.past_covariates),
                parameters.id,
                parameters.time,
            ),
        )

    def going_on(self, parameters: ForecastParameters) -> SeriesInput:
        """The input of a model that is trained on: the names of columns as they are now."""
        names: dict[str, Any] = {"id": parameters.id, "time": parameters.time}
        covariates = replace(self.covariates, **names)
        return replace(self, target=parameters.target, covariates=covariates, **names)

    def read(self, y: Any) -> Panel:
        """y as a panel; after a fit, in the frequency of its series.

        Raises:
            ValueError: for a y that cannot be read, or of another frequency than the fit's, where
                `freq` does not say which it is.
        """
        y, known = as_pandas(y), self.panel
        if self.freq is not None or known is None:
            return self._panel(y, self.freq)
        own: Panel | None = None
        try:
            # A short y tells no frequency of its own, or a wrong one.
            panel = self._panel(y, known.freq)
            if panel.stride == 1:
                return panel
            freq = panel.freq * panel.stride
        except ValueError:
            with contextlib.suppress(ValueError):
                own = self._panel(y, None)
            if own is None:
                raise
            numbered = isinstance(known.freq, int)
            if not numbered and cycle_of(own) in (cycle_of(known), None):  # 1 January, not 31
                return own
            freq = own.freq
        raise ValueError(
            f"y must have the frequency of the fit, {_described(known.freq)}, got "
            f"{_described(freq)}. Bring y onto that grid, with missing values between its own "
            "where those are gaps, or fit a model to it."
        )

    def learn(self, panel: Panel, X: Any, static: Any) -> SeriesData:
        """Learns what covariates there are, and keeps the series.

        Raises:
            ValueError: where values must be counts, and are not; for a frequency or time zone that
                no file could hold.
        """
        check_recorded(panel)
        if self.counts:
            _check_counts(panel)
        self.panel = panel
        self.data = self.covariates.learn(panel, X, static)
        return self.data

    def given(self, y: Any, X: Any, static: Any) -> tuple[Panel, Any, Any]:
        """y as a panel, that of the fit where it is None; X and static as frames of their own, also
        where they name columns of y. Warns of their series that y does not have.

        Args:
            y, X, static: as the forecaster's methods take them.
        """
        if isinstance(y, Panel):  # some of the series, of which this was said
            return y, X, static
        y, X, static = map(as_pandas, (y, X, static))
        y, X, static = taken_apart(y, X, static, self.id, self.time)
        panel = self.panel if y is None and self.panel is not None else self.read(y)
        self.covariates.warn_of_others(panel, X, static)
        return panel, X, static

    def past(
        self, y: Any, X: Any, static: Any, steps: int | None = None
    ) -> tuple[Panel, SeriesData]:
        """Series with their covariates, those of the fit where y is None.

        Args:
            y, X, static: as the forecaster's methods take them.
            steps: after the end of each series, that X must know.
        """
        panel, X, static = self.given(y, X, static)
        seen = self.data if y is None else None
        return panel, self.covariates.read(panel, X, static, steps, seen)

    def weights(self, given: GivenSeries) -> np.ndarray | list[np.ndarray] | None:
        """The weights of the series of the fit, (n,), or of their steps, n arrays (T_i,).

        Raises:
            TypeError, ValueError: for weights that are none, or not of these series.
        """
        panel, sample_weight = self.panel, as_pandas(given.sample_weight)
        assert panel is not None
        if isinstance(sample_weight, str):
            y: Any = with_series_as_column(as_pandas(given.y), self.id)
            keys = self.covariates.keys(y)
            sample_weight = y[[*(key for key in keys if key in y.columns), sample_weight]]
        if not are_of_steps(sample_weight, panel):
            return series_weights(sample_weight, panel.names)
        return weights_of_steps(sample_weight, panel, self.covariates.aligned)

    def initialize(self, model: keras.Model) -> None:
        """Leaves a new model as it is."""

    def _panel(self, y: Any, freq: Any) -> Panel:
        columns = {"id": self.id, "time": self.time, "target": self.target}
        if isinstance(y, pd.Series | pd.DataFrame):
            y = with_series_as_column(y, self.id)
            known = [*y.index.names, *getattr(y, "columns", ())]
            if pair := id_and_time(known, self.id, self.time):
                columns["id"], columns["time"] = pair
            elif self.target in known:  # one series
                columns["time"] = column_in(known, self.time) or self.time
        panel = read_series(y, freq, **columns)
        for name, values in zip(panel.names, panel.values, strict=True):
            if np.nanmax(np.abs(values)) > LARGEST:
                raise ValueError(
                    f"y must hold values of at most {LARGEST:g} in size, got "
                    f"{np.nanmax(np.abs(values)):g} in {series_named(name)}. Use another unit."
                )
            if self.transform == "log" and np.nanmin(values) < 0:
                raise ValueError(
                    f"transform='log' needs values of at least 0, got {np.nanmin(values):g} in "
                    f"{series_named(name)}. Use transform=None or 'difference'."
                )
            if self.minimum is not None and np.nanmin(values) < self.minimum:
                raise ValueError(
                    f"minimum={self.minimum:g} must be the least that a value can be, got "
                    f"{np.nanmin(values):g} in {series_named(name)}. Use None or a lower one."
                )
        return panel

    # Copies and files hold the series as plain data.

    def __getstate__(self) -> dict[str, Any]:
        state = super().__getstate__()
        if self.panel is not None:
            state["panel"] = record_of(self.panel)
        if self.data is not None:
            state["data"] = {k: v for k, v in vars(self.data).items() if k != "values"}
        return state

    def __setstate__(self, state: dict[str, Any]) -> None:
        state = dict(state)
        if state["panel"] is not None:
            state["panel"] = panel_of(state["panel"])
            if state["data"] is not None:
                state["data"] = SeriesData(state["panel"].values, **state["data"])
        super().__setstate__(state)


def _described(freq: Any) -> str:
    """A frequency, as the message of an error has it."""
    return f"integers {freq} apart" if isinstance(freq, int) else repr(freq.freqstr)


def _check_counts(panel: Panel) -> None:
    """Raises ValueError where a head for counts is to learn something else."""
    for name, values in zip(panel.names, panel.values, strict=True):
        known = values[np.isfinite(values)]
        wrong = known[(known < 0) | (known != np.round(known))]
        if len(wrong):
            raise ValueError(
                "head='negative_binomial' needs counts, whole numbers of at least 0, got "
                f"{wrong[0]:g} in {series_named(name)}. Use head='student_t' or 'quantiles'."
            )
