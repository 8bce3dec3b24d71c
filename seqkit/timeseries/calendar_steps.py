"""Axes of time whose steps the calendar decides, in local time.

Days and weeks keep the time on the clock, though a day may have 23 or 25 hours. Month ends,
quarters, years and business days are the dates of a rule, which pandas knows: the month end after
31 January is 29 February, and then comes 31 March.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from seqkit.timeseries.fixed_steps import Unit, ticks_of

if TYPE_CHECKING:
    import datetime

    import pandas as pd

    Offset = pd.offsets.BaseOffset


@dataclass(frozen=True)
class WallAxis:
    """Days or weeks, at the same time on the clock."""

    freq: Offset
    tz: datetime.tzinfo | None
    unit: Unit

    @property
    def step(self) -> int:
        import pandas as pd

        days = self.freq.n * (7 if isinstance(self.freq, pd.offsets.Week) else 1)
        return days * ticks_of("24h", self.unit)

    def ordinals(self, index: pd.DatetimeIndex) -> tuple[np.ndarray, np.ndarray]:
        wall = index.as_unit(self.unit).tz_localize(None)
        weekday = getattr(self.freq, "weekday", None)
        on_grid = np.ones(len(wall), bool) if weekday is None else wall.day_of_week == weekday
        return wall.asi8, np.asarray(on_grid)

    def timestamps(self, ordinals: np.ndarray) -> pd.DatetimeIndex:
        import pandas as pd

        return localised(pd.DatetimeIndex(ordinals.astype(f"M8[{self.unit}]")), self.tz)


@dataclass(frozen=True)
class CalendarAxis:
    """Dates of a rule, all at one time of day. Ordinals count them from the first one, `anchor`.

    Example:
        >>> import pandas as pd
        >>> axis = CalendarAxis(pd.offsets.MonthEnd(), None, "s", pd.Timestamp("2024-01-31"), 0)
        >>> axis.timestamps(np.arange(3)).strftime("%d %B").tolist()
        ['31 January', '29 February', '31 March']
    """

    freq: Offset
    tz: datetime.tzinfo | None
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
        rows = np.clip(np.searchsorted(grid, dates.asi8, "right") - 1, 0, None)
        on_grid = (grid[rows] == dates.asi8) & (wall.asi8 - dates.asi8 == self.time_of_day)
        return rows - before, on_grid

    def timestamps(self, ordinals: np.ndarray) -> pd.DatetimeIndex:
        import pandas as pd

        if not len(ordinals):
            return localised(pd.DatetimeIndex(np.zeros(0, f"M8[{self.unit}]")), self.tz)
        first, last = min(int(ordinals.min()), 0), max(int(ordinals.max()), 0)
        earlier = self._range(end=self.anchor, periods=1 - first)
        later = self._range(start=self.anchor, periods=last + 1)
        grid = np.append(earlier.asi8[:-1], later.asi8)
        ticks = grid[ordinals - first] + self.time_of_day
        return localised(pd.DatetimeIndex(ticks.astype(f"M8[{self.unit}]")), self.tz)

    def _covering(self, first: pd.Timestamp, last: pd.Timestamp) -> tuple[int, np.ndarray]:
        """The number of dates before the anchor, and the dates from the first to the last."""
        later = self._range(start=self.anchor, end=max(last, self.anchor))
        earlier = self._range(start=first, end=self.anchor) if first < self.anchor else later[:1]
        return len(earlier) - 1, np.append(earlier.asi8[:-1], later.asi8)

    def _range(self, **bounds: Any) -> pd.DatetimeIndex:
        import pandas as pd

        return pd.date_range(freq=self.freq.base, **bounds).as_unit(self.unit)


def within_day(freq: Offset) -> bool:
    """Whether an offset of the calendar has several timestamps a day: business hours."""
    import pandas as pd

    return isinstance(freq, pd.offsets.BusinessHour)


def localised(wall: pd.DatetimeIndex, tz: datetime.tzinfo | None) -> pd.DatetimeIndex:
    """Times on the wall as instants.

    Where the clock is put forward, a time that does not exist becomes the first that does; where it
    is put back, the first of two is meant.
    """
    if tz is None:
        return wall
    return wall.tz_localize(tz, ambiguous=np.ones(len(wall), bool), nonexistent="shift_forward")
