"""Panels: many series, each on a regular grid of time."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from seqkit.checks import count
from seqkit.timeseries.messages import series_named
from seqkit.timeseries.series_forms import Form
from seqkit.timeseries.time_axis import TimeAxis

if TYPE_CHECKING:
    import pandas as pd

    from seqkit.timeseries.time_axis import Frequency


@dataclass(frozen=True, eq=False)
class Panel:
    """Series on a grid of time.

    Attributes:
        values: n arrays (T_i,) float64, NaN where a value is missing; the first never is.
        names: of the n series; [None] for a Series without a name.
        first: ordinals on the axis of the first values, (n,) int64.
        axis: turns ordinals into timestamps.
        form: how the series came.
        stride: steps that all rows are apart, or a divisor of those; 1 where few rows tell.
    """

    values: list[np.ndarray]
    names: list[Hashable]
    first: np.ndarray
    axis: TimeAxis
    form: Form
    stride: int = 1

    @property
    def freq(self) -> Frequency:
        """The frequency: an offset of pandas, or an integer."""
        return self.axis.freq

    @property
    def lengths(self) -> np.ndarray:
        """T_i, (n,)."""
        return np.array([len(x) for x in self.values])

    @property
    def starts(self) -> pd.Index:
        """The timestamps of the first values, an index (n,)."""
        return self.axis.timestamps(self.first)

    def without_last(self, steps: int) -> Panel:
        """The series up to some steps before their ends, to see what they would have forecast.

        Raises:
            TypeError, ValueError: for steps that are no integer of at least 1.
            ValueError: for a series that would have no value left.
        """
        count("steps", steps)
        values = [x[:-steps] for x in self.values]
        for name, x in zip(self.names, values, strict=True):
            if np.isnan(x).all():
                raise ValueError(
                    f"steps must leave a value of every series, got {steps}: {series_named(name)} "
                    "has none before them."
                )
        return replace(self, values=values)

    def timestamps(self, begin: np.ndarray | int, steps: np.ndarray | int) -> pd.Index:
        """The timestamps of some steps of each series, of one series after another.

        Args:
            begin: the first of the steps, (n,) or a number; 0 is the first value of a series.
            steps: how many, (n,) or a number.
        """
        n = len(self.values)
        counts = np.broadcast_to(np.asarray(steps), n)
        firsts = self.first + np.broadcast_to(np.asarray(begin), n) * self.axis.step
        ends = np.cumsum(counts)
        position = np.arange(counts.sum()) - np.repeat(ends - counts, counts)
        return self.axis.timestamps(np.repeat(firsts, counts) + position * self.axis.step)
