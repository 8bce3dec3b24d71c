"""The choices that a fit made where parameters left it open, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from seqkit.saving.records import record

# The value that leaves a parameter open; "auto" does of all others.
OPEN_AT = {
    "batch_size": None,
    "embeddings": "cooccurrence",
    "encoder_units": None,
    "ensemble_size": None,
    "epochs": None,
    "lookback": None,
    "max_steps": None,
    "stride": None,
    "target_tokens": None,
}


@record
@dataclass(frozen=True)
class Choice:
    """The value that a fit chose for a parameter.

    Attributes:
        value: of the parameter.
        reason: why.
    """

    value: Any
    reason: str


def chosen_for(estimator: Any, *candidates: Mapping[str, Choice]) -> dict[str, Choice]:
    """The choices for those of the estimator's parameters that are left open.

    Args:
        estimator: whose parameters are given, or left open.
        candidates: choices by parameter.
    """
    choices = {name: choice for each in candidates for name, choice in each.items()}
    given = estimator.get_params(deep=False)
    return {n: choices[n] for n in sorted(choices) if n in given and is_open(n, given[n])}


def is_open(name: str, value: Any) -> bool:
    """Whether a parameter's value leaves it to the fit.

    Example:
        >>> is_open("batch_size", None), is_open("scaling", "auto"), is_open("scaling", None)
        (True, True, False)
    """
    left = OPEN_AT.get(name, "auto")
    return value is None if left is None else isinstance(value, str) and value == left


def is_auto(value: Any) -> bool:
    """Whether a value, which may be an array, is "auto"."""
    return isinstance(value, str) and value == "auto"
