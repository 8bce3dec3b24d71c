"""Edit distance of two sequences."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

import numpy as np


def edit_distance(first: Sequence[Hashable], second: Sequence[Hashable]) -> int:
    """The fewest insertions, deletions and substitutions that make one sequence the other.

    Levenshtein's distance, by dynamic programming over rows. D[i, j] is the distance of the first i
    tokens from the first j:

        D[i, j] = min(D[i-1, j-1] + (first[i] != second[j]), D[i-1, j] + 1, D[i, j-1] + 1)

    All of a row but its last term is elementwise; that one is a running minimum, as
    D[i, j] = min over k <= j of (row[k] + j - k).

    Example:
        >>> edit_distance("kitten", "sitting")
        3
        >>> edit_distance(["a", "dog"], ["a", "big", "dog"])
        1
    """
    numbers: dict[Hashable, int] = {}
    one, other = (
        np.array([numbers.setdefault(token, len(numbers)) for token in tokens], dtype=np.int64)
        for tokens in (first, second)
    )
    columns = np.arange(len(other) + 1)
    row = columns  # (len(second) + 1,)
    for i, token in enumerate(one, 1):
        best = np.empty_like(row)
        best[0] = i
        best[1:] = np.minimum(row[:-1] + (other != token), row[1:] + 1)
        row = np.minimum.accumulate(best - columns) + columns
    return int(row[-1])
