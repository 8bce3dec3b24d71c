"""Timestamps as users give them, as a pandas index that can be counted on."""

from __future__ import annotations

import re
import warnings
from collections.abc import Hashable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from seqkit.timeseries.messages import listed, series_named

if TYPE_CHECKING:
    import pandas as pd


LARGEST = 2**62  # int64 has room for what comes after


def time_index(values: Any, source: str) -> pd.Index:
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
        integers = index.to_numpy(index.dtype if isinstance(index.dtype, np.dtype) else "int64")
        if len(integers) and max(abs(int(integers.min())), abs(int(integers.max()))) > LARGEST:
            raise ValueError(
                f"{source} must hold integers of at most 2**62 in size, got {integers.max()}. "
                "Number the steps from 0."
            )
        return pd.Index(integers)
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
    first = day_first(different, source)
    try:
        with warnings.catch_warnings():
            # Where pandas finds no common form it warns, and guesses each date on its own.
            warnings.simplefilter("error", UserWarning)
            return pd.DatetimeIndex(pd.to_datetime(pd.Index(different), dayfirst=first))[codes]
    except (ValueError, TypeError, UserWarning) as error:
        raise ValueError(
            f"{source} must hold dates of one form and one time zone, such as 2024-01-31 12:00, or "
            f"integers; got {index[0]!r} first ({error})."
        ) from error


def day_first(texts: Iterable[Any], source: str) -> bool:
    """Whether dates such as 01.02.2018 and 01/02/2018 begin with the day.

    With points they do; otherwise a number above 12 tells.

    Raises:
        ValueError: where nothing tells.
    """
    form = re.compile(r"\s*(\d{1,2})([./-])(\d{1,2})[./-]\d{4}\b")
    matches = [form.match(text) for text in texts if isinstance(text, str)]
    dates = [match for match in matches if match]
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


def ticks(index: pd.Index) -> np.ndarray:
    """Whole numbers in the order of the timestamps, (m,) int64; instants in UTC."""
    import pandas as pd

    if isinstance(index, pd.DatetimeIndex | pd.PeriodIndex):
        return index.asi8
    return index.to_numpy("int64")


def same_kind(index: pd.Index, own: pd.Index, source: str, own_source: str) -> pd.Index:
    """The timestamps, in the time zone of others.

    Args:
        index: timestamps.
        own: the others.
        source, own_source: what errors call the two.

    Raises:
        ValueError: for timestamps of another kind, or only one of them with a time zone.
    """
    import pandas as pd

    if isinstance(own, pd.DatetimeIndex) and isinstance(index, pd.DatetimeIndex):
        if (own.tz is None) == (index.tz is None):
            return index if own.tz is None else index.tz_convert(own.tz)
        raise ValueError(
            f"The timestamps of {source} must have the time zone of {own_source}, {own.tz}, got "
            f"{index.tz}. Use tz_localize."
        )
    if isinstance(own, pd.PeriodIndex) and isinstance(index, pd.PeriodIndex):
        if own.dtype == index.dtype:
            return index
    elif own.dtype.kind in "iu" and index.dtype.kind in "iu":
        return index
    raise ValueError(
        f"The timestamps of {source} must be of the kind of {own_source}, {own.dtype}, got "
        f"{index.dtype}."
    )


def rows_at(
    index: pd.Index, codes: np.ndarray | None, wanted: pd.Index, series: np.ndarray | None
) -> np.ndarray:
    """The row of each wanted timestamp, -1 where there is none.

    Args:
        index, codes: the timestamps of the rows, of one kind with those wanted, and the series of
            each, both ascending; None: all rows are of every series.
        wanted, series: the timestamps to find, and the series of each.
    """
    import pandas as pd

    if isinstance(index, pd.DatetimeIndex) and isinstance(wanted, pd.DatetimeIndex):
        finer = np.promote_types(f"M8[{index.unit}]", f"M8[{wanted.unit}]")
        unit: Any = np.datetime_data(finer)[0]
        index, wanted = index.as_unit(unit), wanted.as_unit(unit)
    have, want = ticks(index), ticks(wanted)
    if codes is not None and series is not None:
        # Series and time as one number: ascending, since the rows are.
        times, numbers_of_times = np.unique(np.append(have, want), return_inverse=True)
        have = codes * len(times) + numbers_of_times[: len(have)]
        want = series * len(times) + numbers_of_times[len(have) :]
    rows = np.clip(np.searchsorted(have, want), 0, len(have) - 1)
    return np.where(have[rows] == want, rows, -1)


def check_ascending(
    index: pd.Index,
    codes: np.ndarray,
    names: Sequence[Hashable] | pd.Index,
    source: str,
    remedy: str,
) -> None:
    """Raises ValueError unless the timestamps of each series ascend.

    Args:
        index: timestamps (m,), of one series after another.
        codes: (m,), the series of each timestamp.
        names: of the series.
        source: what errors call the timestamps.
        remedy: how to sort them.
    """
    steps = np.diff(ticks(index))
    unsorted = (codes[1:] == codes[:-1]) & (steps <= 0)
    if not unsorted.any():
        return
    descends = unsorted & (steps < 0)
    first = int(np.argmax(descends if descends.any() else unsorted))
    name = names[codes[first]]
    if descends.any():
        raise ValueError(
            f"{source} must ascend, got {index[first + 1]} after {index[first]} in "
            f"{series_named(name)}. Sort it: {remedy}."
        )
    repeated = index[1:][unsorted & (codes[1:] == codes[first])].unique()
    raise ValueError(
        f"{source} must hold each timestamp once, got {listed(repeated)} more than once in "
        f"{series_named(name)}. Remove or average the repeated rows."
    )
