"""Checks of the parameters that estimators share, before any work is done."""

from __future__ import annotations

import numbers
from typing import Any

from seqkit.cells import check_cell


def check_parameters(estimator: Any) -> None:
    """Raises ValueError or TypeError for the first parameter that is out of its range."""
    check_cell(estimator.cell)
    for name in ("units", "layers", "epochs", "batch_size", "n_iter_no_change"):
        _check_count(getattr(estimator, name), name)
    for name in ("dropout", "recurrent_dropout"):
        _check_number(getattr(estimator, name), name, 0, 1, "a fraction in [0, 1)", high_open=True)
    if estimator.early_stopping:
        _check_number(
            estimator.validation_fraction,
            "validation_fraction",
            0,
            1,
            "a fraction in (0, 1)",
            low_open=True,
            high_open=True,
        )
    if estimator.clipnorm is not None:
        _check_number(
            estimator.clipnorm, "clipnorm", 0, None, "a number above 0, or None", low_open=True
        )
    if isinstance(estimator.learning_rate, numbers.Real):
        _check_number(
            estimator.learning_rate, "learning_rate", 0, None, "a number above 0", low_open=True
        )
    if estimator.pooling not in ("last", "mean", "max"):
        raise ValueError(f"pooling must be 'last', 'mean' or 'max', got {estimator.pooling!r}.")
    if estimator.scaling not in (None, "standard"):
        raise ValueError(f"scaling must be 'standard' or None, got {estimator.scaling!r}.")


def _check_count(value: Any, name: str) -> None:
    if isinstance(value, bool) or not isinstance(value, numbers.Integral):
        raise TypeError(f"{name} must be an integer of at least 1, got {value!r}.")
    if value < 1:
        raise ValueError(f"{name} must be an integer of at least 1, got {value!r}.")


def _check_number(
    value: Any,
    name: str,
    low: float,
    high: float | None,
    expected: str,
    *,
    low_open: bool = False,
    high_open: bool = False,
) -> None:
    if isinstance(value, bool) or not isinstance(value, numbers.Real):
        raise TypeError(f"{name} must be {expected}, got {value!r}.")
    number = float(value)
    too_low = not (number > low if low_open else number >= low)
    too_high = high is not None and not (number < high if high_open else number <= high)
    if too_low or too_high:
        raise ValueError(f"{name} must be {expected}, got {value!r}.")
