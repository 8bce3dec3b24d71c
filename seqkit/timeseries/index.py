"""Timestamps as users give them, as a pandas index that can be counted on."""

from __future__ import annotations

import re
import warnings
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import pandas as pd


def time_index(values: Any, source: str) -> Any:
    """Timestamps as an index of integers, a DatetimeIndex or a PeriodIndex.

    Dates written as text are read if all have one form.

    Args:
        values: an index, or a column.
        source: what errors call it.

    Raises:
        ValueError: for anything else, missing timestamps, or more than one time zone.
    """
    import pandas as pd

    index = pd.Index(values)
    if index.dtype == object:
        index = index.infer_objects()
    if not index.hasnans and (index.dtype == object or pd.api.types.is_string_dtype(index.dtype)):
        index = _parsed(index, source)
    if index.hasnans:
        row = int(np.argmax(index.isna()))
        raise ValueError(f"{source} must hold a timestamp in each row, got none in row {row}.")
    if isinstance(index, pd.DatetimeIndex | pd.PeriodIndex):
        return index
    if pd.api.types.is_datetime64_any_dtype(index.dtype):  # of Arrow
        return pd.DatetimeIndex(index.to_list())
    if pd.api.types.is_integer_dtype(index.dtype):
        return pd.Index(
            index.to_numpy(index.dtype if isinstance(index.dtype, np.dtype) else "int64")
        )
    raise ValueError(
        f"{source} must hold dates, periods or integers, got {index.dtype} ({index[0]!r} first). "
        "Convert it by pd.to_datetime, or number the steps by integers."
    )


def _parsed(index: pd.Index, source: str) -> pd.DatetimeIndex:
    import pandas as pd

    codes, different = pd.factorize(index)  # the same dates may stand for many series
    zones = {getattr(value, "tzinfo", None) for value in different}
    if len(zones) > 1:
        names = ", ".join(sorted(map(str, zones)))
        raise ValueError(
            f"{source} must have one time zone, got {names}. Convert all timestamps to one by "
            "pd.to_datetime(..., utc=True)."
        )
    day_first = _day_first(different, source)
    try:
        with warnings.catch_warnings():
            # Where pandas finds no common form it warns, and guesses each date on its own.
            warnings.simplefilter("error", UserWarning)
            return pd.DatetimeIndex(pd.to_datetime(pd.Index(different), dayfirst=day_first))[codes]
    except (ValueError, TypeError, UserWarning) as error:
        raise ValueError(
            f"{source} must hold dates of one form and one time zone, such as 2024-01-31 12:00, or "
            f"integers; got {index[0]!r} first ({error})."
        ) from error


def _day_first(texts: Any, source: str) -> bool:
    """Whether dates such as 01.02.2018 and 01/02/2018 begin with the day.

    With points they do; otherwise a number above 12 tells.

    Raises:
        ValueError: where nothing tells.
    """
    form = re.compile(r"\s*(\d{1,2})([./-])(\d{1,2})[./-]\d{4}\b")
    found = [form.match(text) for text in texts if isinstance(text, str)]
    dates = [match for match in found if match]
    if not dates:
        return False
    if dates[0][2] == "." or any(int(date[1]) > 12 for date in dates):
        return True
    if not any(int(date[3]) > 12 for date in dates):
        raise ValueError(
            f"{source} has dates such as {dates[0][0]!r} whose day and month cannot be told apart. "
            "Write them as 2018-01-31, or convert them by pd.to_datetime with a format."
        )
    return False


def ticks(index: Any) -> np.ndarray:
    """Whole numbers in the order of the timestamps, (m,) int64; instants in UTC."""
    import pandas as pd

    if isinstance(index, pd.DatetimeIndex | pd.PeriodIndex):
        return index.asi8
    return index.to_numpy("int64")


def check_ascending(index: Any, codes: np.ndarray, names: Any, source: str, remedy: str) -> None:
    """Raises ValueError unless the timestamps of each series ascend.

    Args:
        index: timestamps (m,), of one series after another.
        codes: (m,), the series of each timestamp.
        names: of the series.
        source: what errors call the timestamps.
        remedy: how to sort them.
    """
    steps = np.diff(ticks(index))
    wrong = (codes[1:] == codes[:-1]) & (steps <= 0)
    if not wrong.any():
        return
    descends = wrong & (steps < 0)
    first = int(np.argmax(descends if descends.any() else wrong))
    name = names[codes[first]]
    if descends.any():
        raise ValueError(
            f"{source} must ascend, got {index[first + 1]} after {index[first]} in "
            f"{series(name)}. Sort it: {remedy}."
        )
    repeated = index[1:][wrong & (codes[1:] == codes[first])].unique()
    raise ValueError(
        f"{source} must hold each timestamp once, got {listed(repeated)} more than once in "
        f"{series(name)}. Remove or average the repeated rows."
    )


def series(name: Any) -> str:
    """What messages call a series; one alone may have no name.

    Example:
        >>> series("shop 3"), series(None)
        ("series 'shop 3'", 'y')
    """
    return "y" if name is None else f"series {name!r}"


def listed(timestamps: Any, most: int = 5) -> str:
    """The first few, for a message."""
    more = len(timestamps) - most
    return ", ".join(map(str, timestamps[:most])) + (f" and {more} more" if more > 0 else "")


def frequency(freq: Any, index: Any) -> Any:
    """A frequency given by a user, checked against the kind of the timestamps.

    Raises:
        ValueError: for one that pandas does not know, that goes back or stands still, or that is
            not of this kind.
    """
    import pandas as pd

    if isinstance(index, pd.DatetimeIndex | pd.PeriodIndex):
        periods = isinstance(index, pd.PeriodIndex)
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
