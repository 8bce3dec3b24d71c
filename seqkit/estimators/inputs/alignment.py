"""Targets and weights as the samples of X stand: in their order, and of their steps."""

from __future__ import annotations

from typing import Any

from seqkit.estimators.inputs import Samples
from seqkit.estimators.inputs.frames import is_frame


def aligned(y: Any, samples: Samples, *, stepwise: bool) -> Any:
    """Targets in the order of a long frame's instances, where they are indexed by them; of steps
    those that are no padding.

    Args:
        y: targets.
        samples: of X.
        stepwise: whether each step has a target.
    """
    instances = samples.instances
    if (
        instances is not None
        and hasattr(y, "iloc")
        and (y.index.is_unique and len(y) == len(instances) and set(y.index) == set(instances))
    ):
        y = y.loc[list(instances)]
    return without_padding(y, samples) if stepwise else y


def without_padding(rows: Any, samples: Samples) -> Any:
    """Labels or weights of steps without those of padding, whatever these are.

    A row that has one for each step of its sample as it was given, padding too, is cut to the steps
    that the sample has without; any other row stays as it is.

    Args:
        rows: one a sample, each with one value a step; or anything else, which stays as it is.
        samples: of X.

    Example:
        >>> import numpy as np
        >>> samples = Samples([np.ones((2, 1)), np.ones((1, 1))], steps=[2, 2])
        >>> without_padding([["a", "b"], ["c", None]], samples)
        [['a', 'b'], ['c']]
    """
    if samples.steps is None or not hasattr(rows, "__len__") or len(rows) != len(samples.values):
        return rows
    left = [len(x) for x in samples.values]
    if left == list(samples.steps):
        return rows
    return [
        row[:steps] if _is_row(row) and len(row) == given else row
        for row, given, steps in zip(listed(rows), samples.steps, left, strict=True)
    ]


def listed(rows: Any) -> list[Any]:
    """The rows of a list, an array, a Series of lists, or a frame of lists or of one value a cell.

    Example:
        >>> import pandas as pd
        >>> listed(pd.DataFrame({"tags": [["a"], ["b", "c"]]}))
        [['a'], ['b', 'c']]
    """
    if is_frame(rows):
        rows = rows.iloc[:, 0] if rows.shape[1] == 1 else rows.to_numpy()
    return list(rows.tolist() if hasattr(rows, "iloc") else rows)


def _is_row(row: Any) -> bool:
    return hasattr(row, "__len__") and not isinstance(row, str | bytes | dict)
