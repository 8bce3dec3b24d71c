"""The weights of series in the loss, found by their names."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from seqkit.timeseries.messages import series_listed, series_named
from seqkit.timeseries.series_forms import numbers


def series_weights(given: Any, names: Sequence[Hashable]) -> np.ndarray | None:
    """The weight of each series, (n,); None where none is given.

    Args:
        given: a dict or a Series, by the names of the series; further names are ignored.
        names: of the series.

    Raises:
        TypeError: for anything else.
        ValueError: for a series without a weight or with two, weights that are not finite numbers
            of at least 0, or all 0.

    Example:
        >>> series_weights({"a": 1, "b": 3}, ["b", "a"])
        array([3., 1.])
    """
    if given is None:
        return None
    if not isinstance(given, Mapping | pd.Series):
        raise TypeError(
            "sample_weight must be a dict or a Series of weights by the names of the series, got "
            f"{type(given).__name__}."
        )
    weights = given if isinstance(given, pd.Series) else pd.Series(dict(given))
    if not weights.index.is_unique:
        twice = weights.index[weights.index.duplicated()].unique().tolist()
        raise ValueError(
            f"sample_weight must have one weight for each series, got more for {twice[:5]}."
        )
    rows = weights.index.get_indexer(pd.Index(names))
    absent = [name for name, row in zip(names, rows, strict=True) if row < 0]
    if absent:
        raise ValueError(
            "sample_weight must have a weight for each series, got none for "
            f"{series_listed(absent)}."
        )
    found = numbers(weights, "sample_weight")[rows]
    wrong = ~(np.isfinite(found) & (found >= 0))
    if wrong.any():
        k = int(wrong.argmax())
        raise ValueError(
            "sample_weight must hold finite numbers of at least 0, got "
            f"{found[k]} for {series_named(names[k])}."
        )
    if not found.any():
        raise ValueError("sample_weight must be above 0 for at least one series, got 0 for all.")
    return found
