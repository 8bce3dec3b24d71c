"""The steps of a season, by the frequency of the series."""

from __future__ import annotations

from seqkit.timeseries.panel import Panel

# Steps of a season by the name of a frequency, without its anchor.
SEASONS = {
    **{"YE": 1, "YS": 1, "Y": 1, "BYE": 1, "BYS": 1},
    **{"QE": 4, "QS": 4, "Q": 4, "BQE": 4, "BQS": 4},
    **{"ME": 12, "MS": 12, "M": 12, "BME": 12, "BMS": 12},
    **{"W": 52, "D": 7, "B": 5, "h": 24, "min": 1440, "s": 60},
}


def season_of(panel: Panel) -> int | None:
    """The steps of a season at the frequency of the series; None for integers.

    Example:
        >>> import pandas as pd
        >>> from seqkit.timeseries.read_series import read_series
        >>> quarters = pd.date_range("2024-01-31", periods=3, freq="QE-JAN")
        >>> season_of(read_series(pd.Series([1.0, 2.0, 3.0], quarters)))
        4
    """
    cycle = cycle_of(panel)
    return None if cycle is None else max(cycle[0] // cycle[1], 1)


def cycle_of(panel: Panel) -> tuple[int, int] | None:
    """The units of a season, and those of a step, without regard to where a unit begins: the same
    for month ends and the first days of months. None for what has no season, such as integers."""
    freq = panel.freq
    if isinstance(freq, int):
        return None
    units = SEASONS.get(freq.freqstr.lstrip("0123456789").split("-")[0])
    return None if units is None else (units, freq.n)
