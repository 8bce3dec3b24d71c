"""Series of pandas, one or many and in any form, as arrays on a regular grid of time."""

from __future__ import annotations

import warnings
from collections.abc import Hashable
from typing import TYPE_CHECKING, Any

import numpy as np

from seqkit.timeseries.axis import TimeAxis, axis_of, steps_on
from seqkit.timeseries.frame_layouts import Rows, take_apart
from seqkit.timeseries.frequency import infer_frequency
from seqkit.timeseries.index import frequency, listed, series, ticks
from seqkit.timeseries.panel import Panel

if TYPE_CHECKING:
    import pandas as pd

# More steps than this for each row, and a million in all, are not gaps but another frequency.
SPARSE = 100
# And more than this, and so many in all, may be.
MOSTLY, LEAST = 2, 20


def read_series(
    y: pd.Series | pd.DataFrame,
    freq: Any = None,
    id: Hashable = "unique_id",
    time: Hashable = "ds",
    target: Hashable = "y",
) -> Panel:
    """Reads one or many series from a Series, a wide frame or a long one.

    - A Series indexed by dates, periods or integers is one series.
    - A wide frame is indexed so, with a series a column.
    - A long frame has a row a step, and columns that name series, time and value; or it, or a
      Series, is indexed by series and time. Rows of different series may be mixed, those of one
      must ascend in time.

    All series have one frequency; they may start and end at different times. What is missing
    between two values becomes NaN. Missing values before the first value of a series are dropped,
    those after the last are kept: the forecast begins after the last row.

    Args:
        y: the series.
        freq: the frequency, as pandas names it, or a whole number where the time is integers.
            Default: that of the index if it has one, else inferred (see `infer_frequency`).
        id, time, target: names of the columns of a long frame.

    Raises:
        TypeError: for anything but a Series or a frame.
        ValueError: for an empty y; timestamps that are missing, of several time zones, unsorted,
            repeated, or on no regular grid; values that are not numbers, or infinite; a series
            without any value; columns that are not there, repeated, or too many. The message has
            the name of the series and the timestamps.

    Example:
        >>> import pandas as pd
        >>> from seqkit.timeseries.panel import write
        >>> months = pd.to_datetime(["2024-01-31", "2024-02-29", "2024-04-30"])
        >>> panel = read_series(pd.Series([1.0, 2.0, 4.0], months, name="sales"))
        >>> panel.values, panel.freq
        ([array([ 1.,  2., nan,  4.])], <MonthEnd>)
        >>> write(panel, [[5.0, 6.0]])
        2024-05-31    5.0
        2024-06-30    6.0
        Name: sales, dtype: float64
    """
    rows = take_apart(y, id, time, target)
    names = rows.form.ids.tolist()
    axis = axis_of(rows.index, _frequency(rows, freq, names))
    firsts = np.flatnonzero(np.diff(rows.codes, prepend=-1))  # the first row of each series
    first, _ = axis.ordinals(rows.index[firsts])
    steps, there = steps_on(axis, rows.index, first[rows.codes])
    if not there.all():
        _raise_off_grid(rows, ~there, names, axis)
    lengths = steps[np.r_[firsts[1:], len(steps)] - 1] + 1
    if lengths.sum() > max(SPARSE * len(steps), 1e6):
        raise ValueError(
            f"y has {lengths.sum():,} steps of frequency {_name(axis.freq)!r}, of which "
            f"{len(steps):,} are there: nearly all would be missing. Resample y to a regular grid, "
            "or give another frequency by freq=."
        )
    if lengths.sum() > max(MOSTLY * len(steps), LEAST):
        warnings.warn(
            f"y has {lengths.sum():,} steps of frequency {_name(axis.freq)!r}, of which only "
            f"{len(steps):,} are there. If that is not its frequency, give another by freq=, and "
            "see that its dates are read as you mean them.",
            stacklevel=4,
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
    panel = Panel(values, names, first, axis, rows.form)
    return _from_first_value(panel)


def _frequency(rows: Rows, freq: Any, names: list) -> Any:
    """The frequency asked for, that of the index, or the inferred one."""
    if freq is not None:
        return frequency(freq, rows.index)
    if rows.form.freq is not None:
        return rows.form.freq
    inferred = infer_frequency(rows.index, rows.codes)
    if inferred is not None:
        return inferred
    neighbours = rows.codes[1:] == rows.codes[:-1]
    if not neighbours.any():
        raise ValueError(
            "The frequency of y cannot be inferred from one timestamp a series, such as "
            f"{rows.index[0]} of {series(names[0])}. Give it by freq=."
        )
    differences = np.diff(ticks(rows.index))[neighbours]
    values, counts = np.unique(differences, return_counts=True)
    odd = np.flatnonzero(neighbours)[differences % values[counts.argmax()] != 0]
    i, common = odd[0], np.flatnonzero(neighbours)[differences == values[counts.argmax()]][0]
    raise ValueError(
        "The frequency of y cannot be inferred: "
        f"most timestamps are {rows.index[common + 1] - rows.index[common]} apart, but in "
        f"{series(names[rows.codes[i]])} {rows.index[i + 1]} follows {rows.index[i]}. "
        "Resample y to a regular grid, or give the frequency by freq=."
    )


def _raise_off_grid(rows: Rows, off: np.ndarray, names: list, axis: TimeAxis) -> None:
    code = rows.codes[np.argmax(off)]
    of_series = rows.codes == code
    first, wrong = rows.index[of_series][0], rows.index[of_series & off]
    raise ValueError(
        f"The timestamps of {series(names[code])} must lie on a grid of frequency "
        f"{_name(axis.freq)!r}, whole steps after the first, {first}; got {listed(wrong)}. "
        "Resample y to a regular grid, or give another frequency by freq=."
    )


def _name(freq: Any) -> Any:
    return getattr(freq, "freqstr", freq)


def _from_first_value(panel: Panel) -> Panel:
    """Without what is missing before the first value of each series."""
    skipped = np.zeros(len(panel.values), "int64")
    for i, x in enumerate(panel.values):
        there = ~np.isnan(x)
        if not there.any():
            raise ValueError(
                "Every series must hold at least one value, got only missing ones "
                f"in {series(panel.names[i])}. Leave it out."
            )
        if np.isinf(x).any():
            begin, count = np.zeros(len(panel.values), int), np.zeros(len(panel.values), int)
            count[i] = len(x)
            when = panel.timestamps(begin, count)[np.isinf(x)]
            raise ValueError(
                "Values must be finite or missing, got infinite ones in "
                f"{series(panel.names[i])} at {listed(when)}."
            )
        skipped[i] = there.argmax()
    if not skipped.any():
        return panel
    values = [x[k:] for x, k in zip(panel.values, skipped, strict=True)]
    first = panel.first + skipped * panel.axis.step
    return Panel(values, panel.names, first, panel.axis, panel.form)
