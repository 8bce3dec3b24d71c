"""Regular grids of time: timestamps as whole numbers and back.

On an axis the timestamps of a series are `start + k * step`, k = 0, 1, ..., with whole numbers in
the place of timestamps. What a number stands for depends on the frequency:

    IntegerAxis   the index itself
    PeriodAxis    the ordinal of a period
    InstantAxis   ticks of UTC, for hours and less: a day of daylight saving has 23 or 25 of them
    WallAxis      ticks of the clock on the wall, for days and weeks: 09:00 stays 09:00
    CalendarAxis  the place in the calendar, for months, quarters, business days and so on
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, Protocol

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

    Offset = pd.offsets.BaseOffset

Unit = Literal["s", "ms", "us", "ns"]


class TimeAxis(Protocol):
    """What all axes have.

    Attributes:
        freq: an integer, or a pandas offset.
        step: difference between the ordinals of neighbours in a series.
    """

    @property
    def freq(self) -> Any: ...

    @property
    def step(self) -> int: ...

    def ordinals(self, index: Any) -> tuple[np.ndarray, np.ndarray]:
        """Ordinals (m,) int64, and whether each timestamp is one of the axis, (m,) bool."""
        ...

    def timestamps(self, ordinals: np.ndarray) -> Any:
        """The index (m,) of the ordinals."""
        ...


@dataclass(frozen=True)
class IntegerAxis:
    """Integers `step` apart, of a NumPy dtype."""

    freq: int
    dtype: np.dtype

    @property
    def step(self) -> int:
        return self.freq

    def ordinals(self, index: pd.Index) -> tuple[np.ndarray, np.ndarray]:
        return index.to_numpy("int64"), np.ones(len(index), bool)

    def timestamps(self, ordinals: np.ndarray) -> pd.Index:
        import pandas as pd

        return pd.Index(ordinals.astype(self.dtype))


@dataclass(frozen=True)
class PeriodAxis:
    """Periods of a frequency."""

    freq: Offset

    @property
    def step(self) -> int:
        return self.freq.n

    def ordinals(self, index: pd.PeriodIndex) -> tuple[np.ndarray, np.ndarray]:
        return index.asi8, np.ones(len(index), bool)

    def timestamps(self, ordinals: np.ndarray) -> pd.PeriodIndex:
        import pandas as pd

        return pd.PeriodIndex.from_ordinals(ordinals, freq=self.freq)  # type: ignore[attr-defined]


@dataclass(frozen=True)
class InstantAxis:
    """Instants a fixed time apart."""

    freq: Offset
    tz: Any
    unit: Unit

    @property
    def step(self) -> int:
        return _ticks(self.freq, self.unit)

    def ordinals(self, index: pd.DatetimeIndex) -> tuple[np.ndarray, np.ndarray]:
        return index.as_unit(self.unit).asi8, np.ones(len(index), bool)

    def timestamps(self, ordinals: np.ndarray) -> pd.DatetimeIndex:
        import pandas as pd

        utc = pd.DatetimeIndex(ordinals.astype(f"M8[{self.unit}]"))
        return utc if self.tz is None else utc.tz_localize("UTC").tz_convert(self.tz)


@dataclass(frozen=True)
class WallAxis:
    """Days or weeks, at the same time on the clock."""

    freq: Offset
    tz: Any
    unit: Unit

    @property
    def step(self) -> int:
        import pandas as pd

        days = self.freq.n * (7 if isinstance(self.freq, pd.offsets.Week) else 1)
        return days * _ticks("24h", self.unit)

    def ordinals(self, index: pd.DatetimeIndex) -> tuple[np.ndarray, np.ndarray]:
        wall = index.as_unit(self.unit).tz_localize(None)
        weekday = getattr(self.freq, "weekday", None)
        there = np.ones(len(wall), bool) if weekday is None else wall.day_of_week == weekday
        return wall.asi8, np.asarray(there)

    def timestamps(self, ordinals: np.ndarray) -> pd.DatetimeIndex:
        import pandas as pd

        return _localised(pd.DatetimeIndex(ordinals.astype(f"M8[{self.unit}]")), self.tz)


@dataclass(frozen=True)
class CalendarAxis:
    """Dates of a rule, all at one time of day. Ordinals count them from the first one, `anchor`."""

    freq: Offset
    tz: Any
    unit: Unit
    anchor: pd.Timestamp  # without time zone
    time_of_day: int  # in ticks; 0 for offsets within a day

    @property
    def step(self) -> int:
        return self.freq.n

    def ordinals(self, index: pd.DatetimeIndex) -> tuple[np.ndarray, np.ndarray]:
        wall = index.as_unit(self.unit).tz_localize(None)
        dates = wall if within_day(self.freq) else wall.normalize()
        if not len(wall):
            return np.zeros(0, "int64"), np.zeros(0, bool)
        before, grid = self._covering(dates.min(), dates.max())
        places = np.clip(np.searchsorted(grid, dates.asi8, "right") - 1, 0, None)
        there = (grid[places] == dates.asi8) & (wall.asi8 - dates.asi8 == self.time_of_day)
        return places - before, there

    def timestamps(self, ordinals: np.ndarray) -> pd.DatetimeIndex:
        import pandas as pd

        if not len(ordinals):
            return _localised(pd.DatetimeIndex(np.zeros(0, f"M8[{self.unit}]")), self.tz)
        first, last = min(int(ordinals.min()), 0), max(int(ordinals.max()), 0)
        earlier = self._range(end=self.anchor, periods=1 - first)
        later = self._range(start=self.anchor, periods=last + 1)
        grid = np.append(earlier.asi8[:-1], later.asi8)
        ticks = grid[ordinals - first] + self.time_of_day
        return _localised(pd.DatetimeIndex(ticks.astype(f"M8[{self.unit}]")), self.tz)

    def _covering(self, first: pd.Timestamp, last: pd.Timestamp) -> tuple[int, np.ndarray]:
        """The number of dates before the anchor, and the dates from the first to the last."""
        later = self._range(start=self.anchor, end=max(last, self.anchor))
        earlier = self._range(start=first, end=self.anchor) if first < self.anchor else later[:1]
        return len(earlier) - 1, np.append(earlier.asi8[:-1], later.asi8)

    def _range(self, **bounds: Any) -> pd.DatetimeIndex:
        import pandas as pd

        return pd.date_range(freq=self.freq.base, **bounds).as_unit(self.unit)


def axis_of(index: Any, freq: Any) -> TimeAxis:
    """The axis of a frequency that an index of timestamps lies on.

    Args:
        index: all timestamps, not empty: integers, periods or instants.
        freq: an integer for integers, else a pandas offset.
    """
    import pandas as pd

    if isinstance(index, pd.PeriodIndex):
        return PeriodAxis(freq)
    if not isinstance(index, pd.DatetimeIndex):
        return IntegerAxis(freq, index.dtype)
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


def steps_on(axis: TimeAxis, index: Any, starts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """How many steps each timestamp is from an ordinal, and whether it is a whole number of them.

    Args:
        axis: the axis.
        index: timestamps, (m,).
        starts: ordinals, (m,) or ().
    """
    ordinals, there = axis.ordinals(index)
    steps, rest = np.divmod(ordinals - starts, axis.step)
    there = there & (rest == 0)
    if not there.all():
        # The clock on the wall is put forward: a timestamp that does not exist came an hour late.
        near = np.round((ordinals - starts) / axis.step).astype("int64")
        same = np.asarray(axis.timestamps(starts + near * axis.step) == index)
        steps, there = np.where(there, steps, near), there | same
    return steps, there


def within_day(freq: Offset) -> bool:
    """Whether an offset of the calendar has several timestamps a day: business hours."""
    import pandas as pd

    return isinstance(freq, pd.offsets.BusinessHour)


def _localised(wall: pd.DatetimeIndex, tz: Any) -> pd.DatetimeIndex:
    """Times on the wall as instants.

    Where the clock is put forward, a time that does not exist becomes the first that does; where it
    is put back, the first of two is meant.
    """
    if tz is None:
        return wall
    return wall.tz_localize(tz, ambiguous=np.ones(len(wall), bool), nonexistent="shift_forward")


def _ticks(freq: Any, unit: Unit) -> int:
    import pandas as pd

    return int(pd.Timedelta(freq) // pd.Timedelta(1, unit))
