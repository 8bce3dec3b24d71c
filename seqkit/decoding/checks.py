"""Checks of what the decoders are given."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from typing import Any


def check_at_least(name: str, value: Any, least: int) -> int:
    """Asks for an integer not below `least`, and returns it as an `int`."""
    try:
        number = operator.index(value)
    except TypeError:
        number = None
    if number is None or isinstance(value, bool) or number < least:
        raise ValueError(f"{name} must be an integer of at least {least}, got {value!r}.")
    return number


def check_number(name: str, value: Any, expected: str, valid: Callable[[float], bool]) -> float:
    """Asks for a finite number that is `valid`, and returns it as a `float`."""
    try:
        number = float(value)
    except (TypeError, ValueError):
        number = math.nan
    if isinstance(value, str) or not math.isfinite(number) or not valid(number):
        raise ValueError(f"{name} must be {expected}, got {value!r}.")
    return number
