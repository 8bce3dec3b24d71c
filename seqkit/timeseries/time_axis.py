"""Regular grids of time: timestamps as whole numbers and back.

On an axis the timestamps of a series are `start + k * step`, k = 0, 1, ..., with whole numbers in
the place of timestamps. A number stands for, by frequency:

    IntegerAxis   the index itself
    PeriodAxis    the ordinal of a period
    InstantAxis   ticks of UTC, for hours and less: a day of daylight saving has 23 or 25 of them
    WallAxis      ticks of the clock on the wall, for days and weeks: 09:00 stays 09:00
    CalendarAxis  the position in the calendar, for months, quarters, business days and so on
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

import numpy as np

from seqkit.timeseries.calendar_steps import CalendarAxis, WallAxis, within_day
from seqkit.timeseries.fixed_steps import InstantAxis, IntegerAxis, PeriodAxis, Unit

if TYPE_CHECKING:
    import pandas as pd

    # An integer for timestamps that are integers, else an offset.
    Frequency: TypeAlias = int | pd.offsets.BaseOffset


class TimeAxis(Protocol):
    """The common face of all axes.

    Attributes:
        freq: an integer, or a pandas offset.
        step: difference between the ordinals of neighbours in a series.
    """

    @property
    def freq(self) -> Frequency: ...

    @property
    def step(self) -> int: ...

    def ordinals(self, index: Any) -> tuple[np.ndarray, np.ndarray]:
        """Ordinals (m,) int64, and whether each timestamp is one of the axis, (m,) bool.

        The index is of the kind that the axis is made from.
        """
        ...

    def timestamps(self, ordinals: np.ndarray) -> pd.Index:
        """The index (m,) of the ordinals."""
        ...


def axis_of(index: pd.Index, freq: Frequency) -> TimeAxis:
    """The axis of a frequency that an index of timestamps lies on.

    Args:
        index: all timestamps, not empty: integers, periods or instants.
        freq: an integer for integers, else a pandas offset.
    """
    import pandas as pd

    if isinstance(freq, int):
        return IntegerAxis(freq, index.to_numpy().dtype)
    if not isinstance(index, pd.DatetimeIndex):
        return PeriodAxis(freq)
    unit: Unit = index.unit
    if isinstance(freq, pd.offsets.Day | pd.offsets.Week):
        return WallAxis(freq, index.tz, unit)
    if isinstance(freq, pd.offsets.Tick):
        units: tuple[Unit, ...] = ("s", "ms", "us", "ns")
        while pd.Timedelta(freq) % pd.Timedelta(1, unit):  # 1 ms where the unit is s
            unit = units[units.index(unit) + 1]
        return InstantAxis(freq, index.tz, unit)
    wall = index.tz_localize(None)
    earliest = wall.min() if within_day(freq) else wall.min().normalize()
    anchor = freq.base.rollforward(earliest)  # the earliest timestamp, if it is on the grid
    ticks = (wall - wall.normalize()).as_unit(unit).asi8
    values, counts = np.unique(ticks, return_counts=True)
    time_of_day = 0 if within_day(freq) else int(values[counts.argmax()])
    return CalendarAxis(freq, index.tz, unit, anchor, time_of_day)


def steps_on(axis: TimeAxis, index: pd.Index, starts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """How many steps each timestamp is from an ordinal, and whether it is a whole number of them.

    Args:
        axis: the axis.
        index: timestamps, (m,).
        starts: ordinals, (m,) or ().
    """
    ordinals, on_axis = axis.ordinals(index)
    steps, rest = np.divmod(ordinals - starts, axis.step)
    on_grid = on_axis & (rest == 0)
    if not on_grid.all():
        # The clock on the wall is put forward: a timestamp that does not exist came an hour late.
        near = np.round((ordinals - starts) / axis.step).astype("int64")
        late = np.asarray(axis.timestamps(starts + near * axis.step) == index)
        steps, on_grid = np.where(on_grid, steps, near), on_grid | late
    return steps, on_grid


def steps_in_series(
    axis: TimeAxis, index: pd.Index, codes: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The steps of each timestamp after the first of its series.

    Args:
        axis: the axis.
        index: timestamps (m,), of one series after another.
        codes: (m,), the series of each timestamp, numbered from 0 in the order of the rows.

    Returns:
        The steps (m,); whether each is a whole number of them (m,); and the ordinals of the first
        timestamps, (n,).
    """
    first, _ = axis.ordinals(index[np.flatnonzero(np.diff(codes, prepend=-1))])
    steps, on_grid = steps_on(axis, index, first[codes])
    return steps, on_grid, first
