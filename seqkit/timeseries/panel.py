"""Series on a regular grid of time, and forecasts as what the series were."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from seqkit.timeseries.axis import TimeAxis
from seqkit.timeseries.frame_layouts import Form, put_together
from seqkit.timeseries.index import series


@dataclass(frozen=True, eq=False)
class Panel:
    """Series on a grid of time.

    Attributes:
        values: n arrays (T_i,) float64, NaN where a value is missing; the first never is.
        names: of the n series; [None] for a Series without a name.
        first: ordinals on the axis of the first values, (n,) int64.
        axis: turns ordinals into timestamps.
        form: how the series came.
    """

    values: list[np.ndarray]
    names: list[Hashable]
    first: np.ndarray
    axis: TimeAxis
    form: Form

    @property
    def freq(self) -> Any:
        """The frequency: an offset of pandas, or an integer."""
        return self.axis.freq

    @property
    def lengths(self) -> np.ndarray:
        """T_i, (n,)."""
        return np.array([len(x) for x in self.values])

    @property
    def starts(self) -> Any:
        """The timestamps of the first values, an index (n,)."""
        return self.axis.timestamps(self.first)

    def without_last(self, steps: int) -> Panel:
        """The series up to some steps before their ends, to see what they would have forecast.

        Raises:
            ValueError: for a series that would have no value left.
        """
        check_horizon(steps, "steps")
        values = [x[:-steps] for x in self.values]
        for name, x in zip(self.names, values, strict=True):
            if np.isnan(x).all():
                raise ValueError(
                    f"steps must leave a value of every series, got {steps}: {series(name)} has "
                    "none before them."
                )
        return replace(self, values=values)

    def timestamps(self, begin: Any, count: Any) -> Any:
        """The timestamps of `count` steps of each series, of one series after another.

        Args:
            begin: the first of the steps, (n,) or a number; 0 is the first value of a series.
            count: number of steps, (n,) or a number.
        """
        n = len(self.values)
        counts = np.broadcast_to(np.asarray(count), n)
        firsts = self.first + np.broadcast_to(np.asarray(begin), n) * self.axis.step
        ends = np.cumsum(counts)
        steps = np.arange(counts.sum()) - np.repeat(ends - counts, counts)
        return self.axis.timestamps(np.repeat(firsts, counts) + steps * self.axis.step)


def future(panel: Panel, horizon: int) -> Any:
    """The timestamps of the `horizon` steps after the end of each series, (n * horizon,).

    In a time zone, days and longer keep the time on the clock, hours and less run on.

    Raises:
        ValueError: for a horizon below 1.

    Example:
        >>> import pandas as pd
        >>> from seqkit.timeseries.panel_reader import read_series
        >>> fridays = pd.date_range("2024-03-01", periods=3, freq="W-FRI")
        >>> panel = read_series(pd.Series([1.0, 2.0, 3.0], fridays))
        >>> future(panel, 2).strftime("%a %d %B").tolist()
        ['Fri 22 March', 'Fri 29 March']
    """
    check_horizon(horizon)
    return panel.timestamps(panel.lengths, horizon)


def check_horizon(horizon: Any, name: str = "horizon") -> None:
    """Raises ValueError unless the horizon is a whole number above 0. `name` is its argument."""
    whole = isinstance(horizon, int | np.integer) and not isinstance(horizon, bool)
    if not whole or horizon < 1:
        raise ValueError(f"{name} must be a whole number above 0, got {horizon!r}.")


def write(panel: Panel, forecasts: Any, columns: Sequence[Hashable] | None = None) -> Any:
    """Forecasts after the end of each series, in the form in which the series came.

    Args:
        panel: the series.
        forecasts: (n, H), or (n, H, C) with `columns`.
        columns: names of C values for each step, such as levels of quantiles. They become columns
            of the result, below each series in a wide frame. Default None: one value a step.

    Raises:
        ValueError: for another shape.
    """
    values = np.asarray(forecasts, float)
    n, shape = len(panel.values), values.shape
    if columns is None:
        values = values[..., None]
    count = 1 if columns is None else len(columns)
    if values.ndim != 3 or values.shape[0] != n or not values.shape[1] or values.shape[2] != count:
        expected = f"({n}, H)" if columns is None else f"({n}, H, {count})"
        raise ValueError(f"forecasts must have shape {expected}, got {shape}.")
    return put_together(panel.form, future(panel, values.shape[1]), values, columns)
