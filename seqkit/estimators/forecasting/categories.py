"""Categories, as numbers: those of covariates in time, and those that describe series."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from seqkit.timeseries.messages import series_listed
from seqkit.warning import warn


def are_categories(column: pd.Series) -> bool:
    """Whether a column holds categories: of pandas's type for them, or strings.

    Strings of which half or more are numbers are none, but numbers that were read as text.

    Example:
        >>> [are_categories(pd.Series(v)) for v in (["none", "sale"], ["1.5", "2"], [1.5, 2.0])]
        [True, False, False]
    """
    if isinstance(column.dtype, pd.CategoricalDtype):
        return True
    if column.dtype != object and not isinstance(column.dtype, pd.StringDtype):
        return False
    distinct = column.dropna().unique()
    if not len(distinct) or not all(isinstance(value, str) for value in distinct):
        return False
    return bool(
        pd.to_numeric(pd.Series(distinct, dtype=object), errors="coerce").isna().mean() > 0.5
    )


def levels_of(column: pd.Series) -> list[Any]:
    """The categories of a column, sorted; what is missing or "" is none.

    Example:
        >>> levels_of(pd.Series(["sale", None, "coupon", "", "sale"]))
        ['coupon', 'sale']
    """
    values = column.astype(object)
    return sorted(values[_is_present(values)].unique().tolist(), key=str)


def numbered(column: pd.Series, levels: Sequence[Any]) -> tuple[np.ndarray, list[Any]]:
    """The number of each value among the levels, from 1, and 0 where it is missing or "".

    Returns:
        The numbers, an array of int (n,), -1 for the first unknown value, -2 for the second, and
        so on; and the unknown values.

    Example:
        >>> numbered(pd.Series(["b", "", "z", "a"]), ["a", "b"])
        (array([ 2,  0, -1,  1]), ['z'])
    """
    values = column.astype(object)
    present = _is_present(values).to_numpy()
    numbers = pd.Index(levels, dtype=object).get_indexer(pd.Index(values, dtype=object)) + 1
    numbers[~present] = 0
    unknown, codes = np.unique(values[present & (numbers == 0)].astype(str), return_inverse=True)
    numbers[present & (numbers == 0)] = -1 - codes
    return numbers, unknown.tolist()


def known_numbers(numbers: np.ndarray, unknown: Sequence[Any], column: Any, source: str) -> Any:
    """The numbers as `numbered` gives them, 0 for unknown values, which a warning names.

    Args:
        numbers: of the values that are used; of any shape.
        unknown: the unknown values.
        column: the name of their column.
        source: what the warning calls the frame.
    """
    if (numbers < 0).any():
        others = [unknown[k] for k in np.unique(-1 - numbers[numbers < 0].astype(int))]
        warn(
            f"Column {column!r} of {source} has categories that fit has not seen, which are read "
            f"as none of those that it has: {series_listed(others)}."
        )
    return np.where(numbers < 0, 0, numbers)


def encoded(frame: pd.DataFrame, levels: Mapping[Any, Sequence[Any]]) -> tuple[pd.DataFrame, Any]:
    """The frame with the numbers of its categories; and the unknown values by column."""
    columns = [column for column in levels if column in frame.columns]
    frame, unknown = (frame.copy() if columns else frame), {}
    for column in columns:
        numbers, unknown[column] = numbered(frame[column], levels[column])
        frame[column] = numbers.astype(float)
    return frame, unknown


def _is_present(values: pd.Series) -> pd.Series:
    """Which values are neither missing nor empty."""
    return values.notna() & (values != "")
