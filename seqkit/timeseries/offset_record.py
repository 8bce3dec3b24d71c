"""Offsets of pandas as plain data: the name of a class, and what it was made with.

The short name of an offset does not always tell it: that of business days with a week of their own
is "C", and that of months which begin on the 15th is none that pandas reads.
"""

from __future__ import annotations

import datetime
import sys
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

    Offset = pd.offsets.BaseOffset

# The classes that are looked up in `pandas.offsets`; a name from a file is never imported.
_NAMES = """
Nano Micro Milli Second Minute Hour Day Week WeekOfMonth LastWeekOfMonth
BusinessDay BusinessHour CustomBusinessDay CustomBusinessHour
MonthBegin MonthEnd BusinessMonthBegin BusinessMonthEnd SemiMonthBegin SemiMonthEnd
CustomBusinessMonthBegin CustomBusinessMonthEnd
QuarterBegin QuarterEnd BQuarterBegin BQuarterEnd
HalfYearBegin HalfYearEnd BHalfYearBegin BHalfYearEnd
YearBegin YearEnd BYearBegin BYearEnd Easter FY5253 FY5253Quarter DateOffset
"""
OFFSETS = frozenset(_NAMES.split())


def is_offset(value: Any) -> bool:
    """Whether a value is an offset of pandas; imports nothing."""
    pandas = sys.modules.get("pandas")
    return pandas is not None and isinstance(value, pandas.offsets.BaseOffset)


def record_of_offset(offset: Offset) -> dict[str, Any]:
    """The offset as numbers, strings and lists.

    Raises:
        ValueError: for an offset of a class that is not pandas's own, or made with what is no
            plain data.

    Example:
        >>> import pandas as pd
        >>> record_of_offset(pd.DateOffset(months=1))
        {'class': 'DateOffset', 'n': 1, 'normalize': False, 'options': {'months': 1}}
        >>> offset_of(record_of_offset(pd.offsets.Week(2, weekday=3)))
        <2 * Weeks: weekday=3>
    """
    import pandas as pd

    name = type(offset).__name__
    if name in OFFSETS and getattr(pd.offsets, name, None) is type(offset):
        # A calendar is its weekmask and its holidays.
        options = {k: _plain(v) for k, v in offset.kwds.items() if k != "calendar"}
        record = {
            "class": name,
            "n": int(offset.n),
            "normalize": bool(getattr(offset, "normalize", False)),
            "options": options,
        }
        if None not in options.values() and offset_of(record) == offset:
            return record
    raise ValueError(
        "freq must be an offset of pandas itself, made with numbers, texts, times and dates, so "
        f"that files can hold it; got {offset!r}."
    )


def offset_of(record: dict[str, Any]) -> Offset:
    """The offset of a record.

    Raises:
        ValueError: for a class that is not in the table.
    """
    import pandas as pd

    name, options = record["class"], dict(record["options"])
    if name not in OFFSETS:
        raise ValueError(f"freq must be an offset of pandas, got the class {name!r}.")
    for key in {"start", "end"} & options.keys():
        options[key] = [datetime.time.fromisoformat(text) for text in options[key]]
    if "offset" in options:
        options["offset"] = pd.Timedelta(options["offset"], unit="ns")
    if "holidays" in options:
        options["holidays"] = np.array(options["holidays"], "datetime64[D]")
    offset: Offset = getattr(pd.offsets, name)(record["n"], record["normalize"], **options)
    return offset


def _plain(value: Any) -> Any:
    """The value of an option as plain data; None where it is none."""
    import pandas as pd

    if isinstance(value, bool | int | str):
        return value
    if isinstance(value, np.integer | np.bool_):
        return value.item()
    if isinstance(value, datetime.time):
        return value.isoformat()
    if isinstance(value, datetime.timedelta):
        return int(pd.Timedelta(value).as_unit("ns").value)
    if isinstance(value, np.datetime64 | datetime.date):
        return str(np.datetime64(str(value), "D"))
    if isinstance(value, list | tuple | np.ndarray):
        items = [_plain(item) for item in value]
        return None if None in items else items
    return None
