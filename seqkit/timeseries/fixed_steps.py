"""Axes of time whose steps all have one length: integers, periods, and instants."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

if TYPE_CHECKING:
    import datetime

    import pandas as pd

    Offset = pd.offsets.BaseOffset

Unit = Literal["s", "ms", "us", "ns"]


@dataclass(frozen=True)
class IntegerAxis:
    """Integers `step` apart, of a NumPy dtype; of int64 where that has no room for them."""

    freq: int
    dtype: np.dtype

    @property
    def step(self) -> int:
        return self.freq

    def ordinals(self, index: pd.Index) -> tuple[np.ndarray, np.ndarray]:
        return index.to_numpy("int64"), np.ones(len(index), bool)

    def timestamps(self, ordinals: np.ndarray) -> pd.Index:
        import pandas as pd

        limits = np.iinfo(self.dtype)
        fit = not len(ordinals) or limits.min <= ordinals.min() <= ordinals.max() <= limits.max
        return pd.Index(ordinals.astype(self.dtype if fit else np.int64))


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

    freq: pd.offsets.Tick
    tz: datetime.tzinfo | None
    unit: Unit

    @property
    def step(self) -> int:
        return ticks_of(self.freq, self.unit)

    def ordinals(self, index: pd.DatetimeIndex) -> tuple[np.ndarray, np.ndarray]:
        return index.as_unit(self.unit).asi8, np.ones(len(index), bool)

    def timestamps(self, ordinals: np.ndarray) -> pd.DatetimeIndex:
        import pandas as pd

        utc = pd.DatetimeIndex(ordinals.astype(f"M8[{self.unit}]"))
        return utc if self.tz is None else utc.tz_localize("UTC").tz_convert(self.tz)


def ticks_of(freq: pd.offsets.Tick | str, unit: Unit) -> int:
    """The length of a fixed step in units."""
    import pandas as pd

    return int(pd.Timedelta(freq) // pd.Timedelta(1, unit))
