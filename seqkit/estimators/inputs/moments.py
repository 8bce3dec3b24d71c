"""Mean and variance of what comes in pieces."""

from __future__ import annotations

import numpy as np


class Moments:
    """Mean and variance of each column, in float64, as rows are added (Chan et al. 1979).

    Example:
        >>> moments = Moments()
        >>> moments.add(np.array([[1.0], [2.0]]))
        >>> moments.add(np.array([[6.0]]))
        >>> moments.mean.tolist(), round(float(moments.variance[0]), 3)
        ([3.0], 4.667)
    """

    def __init__(self) -> None:
        self.rows = 0
        self.mean = np.zeros(0)
        self._squares = np.zeros(0)  # summed squared distances from the mean

    def add(self, rows: np.ndarray) -> None:
        """rows: (n, d)."""
        # Distances from the first row: those of a constant column are 0, where its mean would be
        # off by rounding, and its variance more than nothing.
        first = rows[0].astype(np.float64)
        apart = rows - first
        count, shift = len(rows), apart.mean(0)
        mean = first + shift
        squares = ((apart - shift) ** 2).sum(0)
        if not self.rows:
            self.rows, self.mean, self._squares = count, mean, squares
            return
        total = self.rows + count
        apart = mean - self.mean
        self.mean = self.mean + apart * count / total
        self._squares = self._squares + squares + apart**2 * self.rows * count / total
        self.rows = total

    @property
    def variance(self) -> np.ndarray:
        """The variance of each column, (d,)."""
        return self._squares / max(self.rows, 1)
