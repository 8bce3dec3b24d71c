"""Checks of values that users give, each said once; importing them imports nothing heavy."""

from __future__ import annotations

import datetime
import difflib
import numbers
import operator
import os
from collections.abc import Callable, Hashable, Iterable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

# Takes a value's name and the value; raises TypeError or ValueError where the value is wrong.
Check = Callable[[str, Any], None]


def did_you_mean(given: Any, known: Iterable[Any], *, cutoff: float = 0.6) -> str:
    """A hint for an error message, beginning with a blank; empty where nothing known is near.

    Args:
        given: the name that is not known.
        known: the names that are.
        cutoff: how near one must be, from 0 (any) to 1 (the same).

    Example:
        >>> did_you_mean("grru", ["lstm", "gru"])
        " Did you mean 'gru'?"
        >>> did_you_mean("x", ["lstm", "gru"])
        ''
    """
    lower = {str(name).lower(): name for name in known}
    nearest = difflib.get_close_matches(str(given).lower(), lower, n=1, cutoff=cutoff)
    return f" Did you mean {lower[nearest[0]]!r}?" if nearest else ""


def anything(name: str, value: Any) -> None:
    """No check: whoever uses the value says what is wrong with it."""


def flag(name: str, value: Any) -> None:
    """True or False."""
    if not isinstance(value, bool | numbers.Integral) or value not in (0, 1):
        raise TypeError(f"{name} must be True or False, got {value!r}.")


def flag_or_auto(name: str, value: Any) -> None:
    """True, False or "auto"."""
    if isinstance(value, str) and value == "auto":
        return
    try:
        flag(name, value)
    except TypeError:
        raise TypeError(f"{name} must be True, False or 'auto', got {value!r}.") from None


def count(name: str, value: Any) -> None:
    """An integer of at least 1."""
    _check_integer(name, value, 1)


def fraction(name: str, value: Any) -> None:
    """A number in [0, 1)."""
    _check_number(name, value, 0 <= _number(value) < 1, "a fraction in [0, 1)")


def fraction_or_auto(name: str, value: Any) -> None:
    """A number in [0, 1), or "auto"."""
    if isinstance(value, str) and value == "auto":
        return
    _check_number(name, value, 0 <= _number(value) < 1, "a fraction in [0, 1) or 'auto'")


def inner_fraction(name: str, value: Any) -> None:
    """A number in (0, 1)."""
    _check_number(name, value, 0 < _number(value) < 1, "a fraction in (0, 1)")


def share(name: str, value: Any) -> None:
    """A number in (0, 1]."""
    _check_number(name, value, 0 < _number(value) <= 1, "in (0, 1]")


def positive(name: str, value: Any) -> None:
    """A number above 0."""
    _check_number(name, value, 0 < _number(value) < float("inf"), "a number above 0")


def nonnegative(name: str, value: Any) -> None:
    """A number of at least 0."""
    _check_number(name, value, 0 <= _number(value) < float("inf"), "a number of at least 0")


def natural(name: str, value: Any) -> None:
    """An integer of at least 0."""
    _check_integer(name, value, 0)


def natural_or_auto(name: str, value: Any) -> None:
    """An integer of at least 0, or "auto"."""
    if not (isinstance(value, str) and value == "auto"):
        _check_integer(name, value, 0, " or 'auto'")


def path(name: str, value: Any) -> None:
    """A string, or what `os.PathLike` is."""
    if not isinstance(value, str | os.PathLike):
        raise TypeError(f"{name} must be a path, got {value!r}.")


def checked(check: Check, name: str, value: Any) -> Any:
    """The value, where the check allows it.

    Raises:
        ValueError: where it does not, also for a value of another type.
    """
    try:
        check(name, value)
    except TypeError as error:
        raise ValueError(str(error)) from None
    return value


def column_name(name: str, value: Any) -> None:
    """A name of a column of a frame: a string, or a number."""
    if not isinstance(value, str | numbers.Integral):
        raise TypeError(f"{name} must be the name of a column, a string, got {value!r}.")


def optional(check: Check) -> Check:
    """None, or what the check allows."""

    def checked(name: str, value: Any) -> None:
        if value is None:
            return
        try:
            check(name, value)
        except (TypeError, ValueError) as error:
            raise type(error)(str(error).replace(", got", ", or None, got", 1)) from None

    return checked


def one_of(*values: Any) -> Check:
    """One of these values."""
    expected = ", ".join(map(repr, values[:-1])) + " or " * (len(values) > 1) + repr(values[-1])

    def checked(name: str, value: Any) -> None:
        if not isinstance(value, str | bool | None.__class__) or value not in values:
            raise ValueError(f"{name} must be {expected}, got {value!r}.")

    return checked


def one_of_integers(*values: int) -> Check:
    """One of these integers."""

    def checked(name: str, value: Any) -> None:
        if not isinstance(value, numbers.Integral) or value not in values:
            raise ValueError(f"{name} must be one of {values}, got {value!r}.")

    return checked


def some_of(*values: str) -> Check:
    """One of these values, or a tuple of some."""
    single = one_of(*values)

    def checked(name: str, value: Any) -> None:
        if isinstance(value, tuple | list):
            if not value:
                raise ValueError(f"{name} must name at least one of {values}, got {value!r}.")
            for item in value:
                single(f"each of {name}", item)
            return
        single(name, value)

    return checked


def known_column(
    argument: str, column: Hashable, columns: Iterable[Hashable], source: str, remedy: str = ""
) -> None:
    """Raises ValueError where a table lacks the column; the message offers the nearest.

    Args:
        argument: the argument by which the user named the column.
        column: its name.
        columns: those of the table.
        source: what errors call the table.
        remedy: what to do, beginning with a blank.
    """
    names = list(columns)
    if column in names:
        return
    listed = ", ".join(map(repr, map(str, names[:20]))) + (", ..." if len(names) > 20 else "")
    raise ValueError(
        f"{argument}: {source} has no column {column!r}, but {listed}."
        f"{did_you_mean(column, names)}{remedy}"
    )


def _is_number(value: Any) -> bool:
    return isinstance(value, numbers.Real) and not isinstance(value, bool)


def _number(value: Any) -> float:
    return float(value) if _is_number(value) else float("nan")


def _check_integer(name: str, value: Any, least: int, also: str = "") -> None:
    try:
        number = None if isinstance(value, bool) else operator.index(value)
    except TypeError:
        number = None
    if number is None:
        raise TypeError(f"{name} must be an integer of at least {least}{also}, got {value!r}.")
    if number < least:
        raise ValueError(f"{name} must be an integer of at least {least}{also}, got {value!r}.")


def _check_number(name: str, value: Any, right: bool, expected: str) -> None:
    if not _is_number(value):
        raise TypeError(f"{name} must be {expected}, got {value!r}.")
    if not right:
        raise ValueError(f"{name} must be {expected}, got {value!r}.")


def check_not_masked(name: str, values: Any) -> None:
    """Raises ValueError, with the first place, for an array that has masked values, or a list of
    such arrays."""
    import numpy as np

    if isinstance(values, list | tuple):
        for i, value in enumerate(values):
            if isinstance(value, np.ma.MaskedArray):
                check_not_masked(f"{name}[{i}]", value)
    elif np.ma.is_masked(values):
        first = ", ".join(map(str, np.argwhere(np.ma.getmaskarray(values))[0]))
        raise ValueError(
            f"{name} is masked at [{first}], and what is below a mask is no value. Fill such "
            "places (`filled`), or leave them out."
        )


def holds_times(values: np.ndarray) -> bool:
    """Whether an array holds dates, durations, or a missing one of them."""
    import numpy as np

    if values.dtype != object:
        return values.dtype.kind in "mM"
    times = (datetime.date, datetime.timedelta, np.datetime64, np.timedelta64)
    return any(isinstance(v, times) or type(v).__name__ == "NaTType" for v in values.ravel())


def check_no_times(values: np.ndarray) -> None:
    """Raises TypeError for an array that holds dates or durations, which NumPy would convert."""
    if holds_times(values):
        raise TypeError("dates or durations, which must be numbers first, such as seconds")


def array_of_numbers(values: Any) -> np.ndarray:
    """An array of the type that the values have, or of objects; pandas's missing value is NaN.

    Raises:
        TypeError: for text, dates and durations.
    """
    import numpy as np

    array = np.asarray(values)
    if array.dtype == object:  # pandas's missing value, which is not a float's
        missing = [type(v).__name__ == "NAType" for v in array.ravel()]
        array = np.where(np.reshape(missing, array.shape), np.nan, array)
    if array.dtype.kind in "US":
        raise TypeError("text")
    check_no_times(array)
    return array


def as_numbers(name: str, values: Any, dtype: Any = float) -> np.ndarray:
    """An array of numbers, NaN where one is missing. NumPy would take dates for some, and what is
    below a mask.

    Args:
        name: what errors call the values.
        values: an array, or lists of lists.
        dtype: of floats.

    Raises:
        TypeError: for anything but numbers.
        ValueError: for masked values.

    Example:
        >>> as_numbers("y", [1, None]).tolist()
        [1.0, nan]
    """
    check_not_masked(name, values)
    try:
        return array_of_numbers(values).astype(dtype)
    except (TypeError, ValueError) as error:
        detail = "rows of different lengths" if "inhomogeneous" in str(error) else error
        raise TypeError(f"{name} must be numbers, got {detail}.") from error
