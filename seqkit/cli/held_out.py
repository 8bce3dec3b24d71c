"""A part of the user's data that is held out to test on."""

from __future__ import annotations

from typing import Any

import numpy as np


def held_out(
    y: Any, fraction: float, seed: int, *, name: str, column: str, nouns: str, groups: Any = None
) -> tuple[np.ndarray, np.ndarray]:
    """Rows to keep, and rows to test on: as many of each class, or whole groups.

    Args:
        y: the class of each row.
        fraction: of the rows to test on.
        seed: of the draw.
        name: what errors call the data.
        column: the option that names the classes.
        nouns: what errors call the rows.
        groups: the group of each row; or None.

    Raises:
        ValueError: where that cannot be.
    """
    from sklearn.model_selection import GroupShuffleSplit, StratifiedShuffleSplit

    classes, counts = np.unique(y, return_counts=True)
    single = classes[counts < 2].tolist()
    if groups is None and single and len(classes) > 1:
        raise ValueError(
            f"{column}: to hold out a part, {name} must have two {nouns} of each class, got one of "
            f"{len(single)} of {len(classes)} classes, such as {single[0]!r}. Name another column, "
            "leave out such classes, or give --test-csv."
        )
    kind = StratifiedShuffleSplit if groups is None else GroupShuffleSplit
    splitter = kind(1, test_size=fraction, random_state=seed)
    try:
        ((kept, test),) = splitter.split(np.zeros(len(y)), y, groups)
    except ValueError as error:
        raise ValueError(
            f"{name}: cannot hold out --test-fraction {fraction} of {len(y)} {nouns}. "
            f"{error} Give more {nouns}, or --test-csv."
        ) from error
    return kept, test
