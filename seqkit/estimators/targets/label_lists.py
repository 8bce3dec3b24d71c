"""Labels of a sample as a list or a set of them: any number, and none too."""

from __future__ import annotations

from collections.abc import Sequence
from numbers import Number
from typing import Any

import numpy as np

from seqkit.estimators.targets.labels import is_missing

SETS = (set, frozenset)
COLLECTIONS = (list, tuple, np.ndarray, *SETS)
HINT = "Write the labels of each sample as a list, [] for none."


def is_matrix(y: Any) -> bool:
    """Whether y has two dimensions, as indicators have."""
    return getattr(y, "ndim", 1) == 2


def label_lists(y: Any, *, expected: bool = False) -> list[list[Any]] | None:
    """The labels of each sample; None where y is of another form.

    Rows of one length are a matrix, unless they are sets or hold several strings each: a column, or
    indicators.

    Args:
        y: of any form.
        expected: whether y is known to be lists, so that rows of one length are no matrix.

    Raises:
        ValueError, TypeError: for lists beside what is none, labels that are missing or no classes,
            or of different types, with the place of the first; where lists are expected also for
            another form.

    Example:
        >>> label_lists([["a"], {"b"}, []])
        [['a'], ['b'], []]
        >>> label_lists(["a", "b"]), label_lists([[0, 1], [1, 1]])
        (None, None)
    """
    samples = _samples(y)
    lists = [isinstance(sample, COLLECTIONS) for sample in samples or ()]
    if samples is None or not (expected or any(lists)):
        return None
    if not expected and all(lists) and _is_like_a_matrix(samples):
        return None
    for i, sample in enumerate(samples):
        if not lists[i]:
            raise TypeError(f"y[{i}] must be a list of labels, got {sample!r}. {HINT}")
    rows = [sorted(s, key=str) if isinstance(s, SETS) else list(s) for s in samples]
    _check(rows)
    return rows


def _samples(y: Any) -> list[Any] | None:
    """The entries of y; None where they cannot be lists."""
    if is_matrix(y) or not hasattr(y, "__len__") or isinstance(y, str | bytes | dict | set):
        return None
    if hasattr(y, "dtype") and y.dtype != object:
        return None
    samples = y.tolist() if hasattr(y, "iloc") else y
    return [
        list(sample) if hasattr(sample, "to_numpy") and hasattr(sample, "__len__") else sample
        for sample in samples
    ]


def _is_like_a_matrix(samples: Sequence[Any]) -> bool:
    if any(isinstance(sample, SETS) or getattr(sample, "ndim", 1) != 1 for sample in samples):
        return False
    lengths = {len(sample) for sample in samples}
    numbers = all(isinstance(value, Number | np.generic) for s in samples for value in s)
    strings = any(isinstance(value, str) for s in samples for value in s)
    return len(lengths) == 1 and lengths != {0} and (lengths == {1} or (numbers and not strings))


def _check(rows: list[list[Any]]) -> None:
    """Raises an error with the place of the first label that is none."""
    first: tuple[str, Any] | None = None
    for i, row in enumerate(rows):
        for k, label in enumerate(row):
            place = f"y[{i}][{k}]"
            if is_missing(label):
                raise ValueError(f"{place} is missing, {label!r}. {HINT}")
            if hasattr(label, "__len__") and not isinstance(label, str | bytes):
                raise TypeError(f"{place} must be one label, got {label!r}. {HINT}")
            if isinstance(label, float | np.floating) and label % 1:
                raise ValueError(
                    f"{place} is {label!r}, and classes are strings or whole numbers. To predict "
                    "numbers use SequenceRegressor."
                )
            first = first or (place, label)
            if isinstance(label, Number) != isinstance(first[1], Number):
                raise TypeError(
                    f"{place} is {label!r}, and {first[0]} is {first[1]!r}: labels must be all of "
                    "one type. Write them all as strings."
                )
