"""The frequency of timestamps: checked where a user gives it, else inferred, gaps and all."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

import numpy as np

from seqkit.timeseries.time_axis import axis_of, steps_in_series
from seqkit.warning import warn

if TYPE_CHECKING:
    import pandas as pd

    from seqkit.timeseries.time_axis import Frequency

    Offset = pd.offsets.BaseOffset


WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
FEWEST_DAYS = 14  # from which a day of the week that is not there is one that never is


def check_frequency(freq: Any, index: pd.Index) -> Frequency:
    """The frequency that a user gives, checked against the kind of the timestamps.

    Raises:
        ValueError: for one that pandas does not know, that goes back or stands still, or that is
            not of this kind.
    """
    import pandas as pd

    if isinstance(index, pd.DatetimeIndex | pd.PeriodIndex):
        periods = isinstance(index, pd.PeriodIndex)
        if isinstance(freq, int):
            raise ValueError(
                "freq must be a frequency of pandas, such as 'D' or '15min', for timestamps that "
                f"are dates, got the integer {freq!r}."
            )
        try:
            to_offset = pd.tseries.frequencies.to_offset
            offset = pd.PeriodDtype(freq).freq if periods else to_offset(freq)
        except (ValueError, TypeError) as error:
            raise ValueError(
                "freq must be a frequency of pandas, such as 'D' or '15min', "
                f"got {freq!r} ({error})."
            ) from error
        if offset is None or offset.n < 1:
            raise ValueError(f"freq must go forward in time, got {freq!r}.")
        if periods and offset != index.freq:
            raise ValueError(
                f"freq must be that of the periods, {index.freqstr!r}, got {freq!r}. Convert the "
                "periods by asfreq."
            )
        return offset
    if isinstance(freq, bool) or not isinstance(freq, int | np.integer) or freq < 1:
        raise ValueError(
            f"freq must be a whole number above 0 for timestamps that are integers, got {freq!r}."
        )
    return int(freq)


def name_of(freq: Frequency) -> str | int:
    """The name of an offset; an integer as it is."""
    return freq if isinstance(freq, int) else freq.freqstr


def warn_of_weekdays(freq: Frequency, index: pd.Index) -> None:
    """Warns where days that were found to be daily lack a day of the week.

    Args:
        freq: what was inferred.
        index: the timestamps of all series.
    """
    from pandas import offsets

    if freq != offsets.Day() or len(index) < FEWEST_DAYS:
        return
    weekdays = np.unique(index.day_of_week)  # type: ignore[attr-defined]
    absent = [day for k, day in enumerate(WEEKDAYS) if k not in weekdays]
    if not absent:
        return
    week = " ".join(WEEKDAYS[k][:3] for k in weekdays)
    warn(
        f"y is read as daily, but has {' and '.join(f'no {day}' for day in absent)}: they count as "
        "missing, and are forecast. For a week without them give "
        f"freq=pd.offsets.CustomBusinessDay(weekmask={week!r}); else freq='D'."
    )


def infer_frequency(index: pd.Index, codes: np.ndarray) -> Frequency | None:
    """The frequency that all series have, or None where none is found.

    That of `pandas.infer_freq` for the longest series, if the others fit it. Else the most common
    difference between neighbours, if all others are multiples of it: then the rest are gaps. Where
    the day of the month or of the week is always the same, it is months or weeks that count.

    Args:
        index: timestamps (m,), of one series after another, ascending in each.
        codes: (m,), the series of each timestamp, numbered from 0 in the order of the rows.

    Returns:
        An integer for integers, else a pandas offset.

    Example:
        >>> import pandas as pd
        >>> index = pd.DatetimeIndex(["2024-01-31", "2024-02-29", "2024-05-31"])
        >>> infer_frequency(index, np.zeros(3, int))
        <MonthEnd>
    """
    import pandas as pd

    neighbours = codes[1:] == codes[:-1]
    if isinstance(index, pd.PeriodIndex):
        return index.freq
    if not neighbours.any():
        return None
    if not isinstance(index, pd.DatetimeIndex):
        return common_step(np.diff(index.to_numpy("int64"))[neighbours])
    longest = index[codes == np.bincount(codes).argmax()]
    for freq in (_inferred_by_pandas(longest), _by_date(index, neighbours)):
        if freq is not None and steps_in_series(axis_of(index, freq), index, codes)[1].all():
            return freq
    step = common_step(np.diff(index.asi8)[neighbours])
    if step is None:
        return None
    return pd.tseries.frequencies.to_offset(pd.Timedelta(step, unit=index.unit))


def common_step(differences: np.ndarray) -> int | None:
    """The most common difference, if all are multiples of it. Of equally common, the smallest.

    Example:
        >>> common_step(np.array([2, 2, 6])), common_step(np.array([2, 2, 3]))
        (2, None)
    """
    values, counts = np.unique(differences, return_counts=True)
    common = int(values[counts.argmax()])
    return common if common > 0 and not (values % common).any() else None


def _inferred_by_pandas(index: pd.DatetimeIndex) -> Offset | None:
    """The frequency that pandas infers for timestamps without gaps."""
    import pandas as pd

    if len(index) < 3:
        return None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a name today, an offset in pandas 4: both will do
        try:
            freq = pd.infer_freq(index)
        except ValueError:
            return None
    return None if freq is None else pd.tseries.frequencies.to_offset(freq)


def _by_date(index: pd.DatetimeIndex, neighbours: np.ndarray) -> Offset | None:
    """Months, weeks, days or business days, for at most one timestamp a day."""
    from pandas import offsets

    dates = index.tz_localize(None).normalize()
    days = (np.diff(dates.as_unit("s").asi8) // 86400)[neighbours]
    if (days < 1).any():
        return None
    months = _months(dates, neighbours)
    if months is not None:
        return months
    step = common_step(days)
    if step == 1 and (dates.day_of_week < 5).all() and _spans_weekend(dates, days, neighbours):
        return offsets.BusinessDay()
    if step is not None and step % 7 == 0 and (dates.day_of_week == dates.day_of_week[0]).all():
        return offsets.Week(step // 7, weekday=int(dates.day_of_week[0]))
    if step is not None:
        return offsets.Day(step)
    middle = dates.day == 15
    if middle.any() and (middle | (dates.day == 1)).all():
        return offsets.SemiMonthBegin()
    if middle.any() and (middle | dates.is_month_end).all():
        return offsets.SemiMonthEnd()
    return None


def _months(dates: pd.DatetimeIndex, neighbours: np.ndarray) -> Offset | None:
    """Months, quarters or years, where the day of the month is always the first, last or same."""
    from pandas import offsets

    month = np.asarray(12 * dates.year + dates.month)
    step = common_step(np.diff(month)[neighbours])
    if step is None:
        return None
    aligned = (month % step == month[0] % step).all()
    anchor = int(dates[0].month)
    # Names of quarters count from the first months of the year, or up to the last.
    first, last = (anchor - 1) % 3 + 1, (anchor - 1) % 3 + 10
    for monthly, quarterly, yearly, quarter in (
        (offsets.MonthBegin, offsets.QuarterBegin, offsets.YearBegin, first),
        (offsets.MonthEnd, offsets.QuarterEnd, offsets.YearEnd, last),
        (offsets.BusinessMonthBegin, offsets.BQuarterBegin, offsets.BYearBegin, first),
        (offsets.BusinessMonthEnd, offsets.BQuarterEnd, offsets.BYearEnd, last),
    ):
        if not all(monthly().is_on_offset(date) for date in dates.unique()):
            continue
        if aligned and step % 12 == 0:
            return yearly(step // 12, month=anchor)
        if aligned and step % 3 == 0:
            return quarterly(step // 3, startingMonth=quarter)
        return monthly(step)
    if (dates.day == dates.day[0]).all():
        return step * offsets.DateOffset(months=1)
    return None


def _spans_weekend(dates: pd.DatetimeIndex, days: np.ndarray, neighbours: np.ndarray) -> bool:
    """Whether a weekend lies between two neighbours."""
    weekday = np.asarray(dates.day_of_week)[:-1][neighbours]
    return bool((weekday + days > 5).any())
