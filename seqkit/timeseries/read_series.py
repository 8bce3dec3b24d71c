"""Reader of series of pandas, one or many in any form, onto a regular grid of time."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NoReturn

import numpy as np

from seqkit.frames import as_pandas
from seqkit.timeseries.frequency import (
    check_frequency,
    infer_frequency,
    name_of,
    warn_of_weekdays,
)
from seqkit.timeseries.messages import listed, series_named
from seqkit.timeseries.panel import Panel
from seqkit.timeseries.series_forms import Rows, take_apart
from seqkit.timeseries.time_axis import TimeAxis, axis_of, steps_in_series
from seqkit.timeseries.time_index import ticks
from seqkit.warning import warn

if TYPE_CHECKING:
    import datetime

    import pandas as pd

    from seqkit.timeseries.time_axis import Frequency

# Steps for each row, and in all: more than these are not gaps but another frequency.
REFUSED_STEPS_A_ROW, REFUSED_STEPS = 100, 1_000_000
# More than these may be.
DOUBTED_STEPS_A_ROW, DOUBTED_STEPS = 2, 20
# Differences between rows from which a frequency shows.
FEWEST_THAT_TELL = 3


def read_series(
    y: pd.Series | pd.DataFrame,
    freq: Frequency | str | datetime.timedelta | None = None,
    id: Hashable = "unique_id",
    time: Hashable = "ds",
    target: Hashable = "y",
) -> Panel:
    """Reads one or many series from a Series, a wide frame or a long one.

    - A Series indexed by dates, periods or integers is one series.
    - A wide frame is indexed so, with a series a column.
    - A long frame has a row a step, and columns that name series, time and value; or it, or a
      Series, is indexed by series and time. Rows of different series may be mixed, those of one
      must ascend in time. One with time and value alone is one series.

    All series have one frequency; they may start and end at different times. What is missing
    between two values becomes NaN. Missing values before the first value of a series are dropped,
    those after the last are kept: the forecast begins after the last row.

    Args:
        y: the series.
        freq: the frequency, as pandas names it, or a whole number where the time is integers.
            Default: that of the index if it has one, else inferred (see `infer_frequency`).
        id, time, target: names of the columns of a long frame; where several name a series, id is
            a list of them, and a series is called by a tuple.

    Raises:
        TypeError: for anything but a Series or a frame.
        ValueError: for an empty y; timestamps that are missing, of several time zones, unsorted,
            repeated, or on no regular grid; values that are not numbers, or infinite; a series
            without any value; columns that are not there, repeated, or too many. The message has
            the name of the series and the timestamps.

    Example:
        >>> import pandas as pd
        >>> from seqkit.timeseries.forecast_frames import to_pandas
        >>> months = pd.to_datetime(["2024-01-31", "2024-02-29", "2024-04-30"])
        >>> panel = read_series(pd.Series([1.0, 2.0, 4.0], months, name="sales"))
        >>> panel.values, panel.freq
        ([array([ 1.,  2., nan,  4.])], <MonthEnd>)
        >>> to_pandas(panel, [[5.0, 6.0]])
        2024-05-31    5.0
        2024-06-30    6.0
        Name: sales, dtype: float64
    """
    rows = take_apart(as_pandas(y), id, time, target)
    names = rows.form.ids.tolist()
    axis = axis_of(rows.times, _frequency(rows, freq, names))
    steps, on_grid, first = steps_in_series(axis, rows.times, rows.codes)
    if not on_grid.all():
        _raise_off_grid(rows, ~on_grid, names, axis)
    lengths = steps[np.flatnonzero(np.diff(rows.codes, append=-1))] + 1
    if lengths.sum() > max(REFUSED_STEPS_A_ROW * len(steps), REFUSED_STEPS):
        raise ValueError(
            f"y has {lengths.sum():,} steps of frequency {name_of(axis.freq)!r}, of which "
            f"{len(steps):,} are there: nearly all would be missing. Resample y to a regular grid, "
            "or give another frequency by freq=."
        )
    if lengths.sum() > max(DOUBTED_STEPS_A_ROW * len(steps), DOUBTED_STEPS):
        warn(
            f"y has {lengths.sum():,} steps of frequency {name_of(axis.freq)!r}, of which only "
            f"{len(steps):,} are there. If that is not its frequency, give another by freq=, and "
            "see that its dates are read as you mean them."
        )
    if rows.values.ndim == 2:
        table = np.full((lengths[0], len(names)), np.nan)
        table[steps] = rows.values
        values = list(table.T.copy())
        first = np.repeat(first, len(names))
    else:
        flat = np.full(lengths.sum(), np.nan)
        flat[(np.cumsum(lengths) - lengths)[rows.codes] + steps] = rows.values
        values = np.split(flat, np.cumsum(lengths)[:-1])
    panel = Panel(values, names, first, axis, rows.form, _stride(rows, steps))
    return _from_first_value(panel)


def _frequency(rows: Rows, freq: Any, names: list[Hashable]) -> Frequency:
    """The frequency asked for, that of the index, or the inferred one."""
    if freq is not None:
        return check_frequency(freq, rows.times)
    if rows.form.freq is not None:
        return rows.form.freq
    inferred = infer_frequency(rows.times, rows.codes)
    if inferred is None:
        _raise_not_inferred(rows, names)
    warn_of_weekdays(inferred, rows.times)
    return inferred


def _stride(rows: Rows, steps: np.ndarray) -> int:
    """The greatest common divisor of the steps from row to row; 1 where few rows tell."""
    apart = np.diff(steps)[rows.codes[1:] == rows.codes[:-1]]
    tell = len(apart) >= (FEWEST_THAT_TELL if rows.form.freq is None else 1)
    return int(np.gcd.reduce(apart)) if tell else 1


def _raise_not_inferred(rows: Rows, names: list[Hashable]) -> NoReturn:
    """Raises ValueError with the first timestamps that are no multiple of the common step apart."""
    neighbours = rows.codes[1:] == rows.codes[:-1]
    if not neighbours.any():
        raise ValueError(
            "The frequency of y cannot be inferred from one timestamp a series, such as "
            f"{rows.times[0]} of {series_named(names[0])}. Give it by freq=."
        )
    differences = np.diff(ticks(rows.times))[neighbours]
    values, counts = np.unique(differences, return_counts=True)
    most_common, rows_before = values[counts.argmax()], np.flatnonzero(neighbours)
    i = rows_before[differences % most_common != 0][0]
    common = rows_before[differences == most_common][0]
    raise ValueError(
        "The frequency of y cannot be inferred: "
        f"most timestamps are {rows.times[common + 1] - rows.times[common]} apart, but in "
        f"{series_named(names[rows.codes[i]])} {rows.times[i + 1]} follows {rows.times[i]}. "
        "Resample y to a regular grid, or give the frequency by freq=."
    )


def _raise_off_grid(rows: Rows, off: np.ndarray, names: list[Hashable], axis: TimeAxis) -> NoReturn:
    code = rows.codes[np.argmax(off)]
    same_series = rows.codes == code
    first, wrong = rows.times[same_series][0], rows.times[same_series & off]
    raise ValueError(
        f"The timestamps of {series_named(names[code])} must lie on a grid of frequency "
        f"{name_of(axis.freq)!r}, whole steps after the first, {first}; got {listed(wrong)}. "
        "Resample y to a regular grid, or give another frequency by freq=."
    )


def _from_first_value(panel: Panel) -> Panel:
    """The panel without the missing values before the first value of each series."""
    skipped = np.zeros(len(panel.values), "int64")
    for i, x in enumerate(panel.values):
        known = ~np.isnan(x)
        if not known.any():
            raise ValueError(
                "Every series must hold at least one value, got only missing ones "
                f"in {series_named(panel.names[i])}. Leave it out."
            )
        if np.isinf(x).any():
            steps = np.zeros(len(panel.values), int)
            steps[i] = len(x)
            when = panel.timestamps(0, steps)[np.isinf(x)]
            raise ValueError(
                "Values must be finite or missing, got infinite ones in "
                f"{series_named(panel.names[i])} at {listed(when)}."
            )
        skipped[i] = known.argmax()
    if not skipped.any():
        return panel
    values = [x[k:] for x, k in zip(panel.values, skipped, strict=True)]
    first = panel.first + skipped * panel.axis.step
    return replace(panel, values=values, first=first)
