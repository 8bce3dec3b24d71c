"""The languages a^n b^n and a^n b^n c^n, as strings whose next symbols are to be foreseen."""

from __future__ import annotations

import numpy as np

from .networks import AT_ONCE, Batch, Network, Shape

LONGEST = 10  # n of training
TESTED = 1000
_PART = 50  # strings that are tested at a time


def strings_of(letters: str, counts: np.ndarray, steps: int | None = None) -> Batch:
    """Strings S a^n b^n ..., and the symbols that may come next: letters, and T at the end.

    Gers & Schmidhuber (2001) ask the same: after an a another one or the first b may come; from the
    first b on all is certain.

    Args:
        letters: "ab" or "abc".
        counts: n of each string, from 1.
        steps: that strings are padded to. Default: the longest one's.

    Returns:
        x (B, T, 1 + letters), one of S and the letters a step; y (B, T, letters + 1), ones for the
        letters that may come next, and for T.
    """
    counts = np.asarray(counts)
    kinds, rows = len(letters), np.arange(len(counts))
    steps = int(kinds * counts.max() + 1) if steps is None else steps
    positions = np.arange(steps) - 1  # -1 at S
    # Which letter a step is, counted from 1; S is 0, and what is behind the end kinds + 1.
    symbols = np.clip(positions // counts[:, None] + 1, 0, kinds + 1)
    valid = symbols <= kinds
    x = np.eye(kinds + 2, dtype="float32")[symbols][..., : kinds + 1]
    following = np.concatenate([symbols[:, 1:], np.full((len(rows), 1), kinds + 1)], 1)
    y = np.eye(kinds + 2, dtype="float32")[following][..., 1:]
    y[symbols == 1] = np.eye(kinds + 1, dtype="float32")[[0]] + np.eye(kinds + 1)[[1]]
    return Batch(x, y * valid[..., None], valid)


class Counting:
    """Trains on n from 1 to 10, all ten strings a step, at a rate that falls to nothing.

    Args:
        letters: "ab" or "abc".
    """

    rows = LONGEST

    def __init__(self, letters: str) -> None:
        self.letters = letters
        self._trained = strings_of(letters, np.arange(1, LONGEST + 1))
        kinds = len(letters)
        self.shape = Shape(kinds * LONGEST + 1, kinds + 1, kinds + 1, "marks", every_step=True)

    def train(self, network: Network, sequences: int, rate: float) -> int:
        """Trains a network that has started on so many strings.

        Returns:
            The largest N of which all strings with n up to N are accepted.
        """
        batches = Batch(*(np.stack([v] * AT_ONCE) for v in self._trained[:3]))
        calls = max(1, sequences // (AT_ONCE * self.rows))
        for call in range(calls):
            network.learn_at(rate * (1 - call / calls))
            network.train(batches)
        return self.range_of(network)

    def range_of(self, network: Network, most: int = TESTED) -> int:
        """The largest N, up to `most`, of which all strings with n up to N are accepted."""
        for first in range(1, most + 1, _PART):
            batch = strings_of(self.letters, np.arange(first, min(first + _PART, most + 1)))
            refused = np.flatnonzero(~accepted(network.answers(batch), batch))
            if len(refused):
                return first + int(refused[0]) - 1
        return most


def accepted(outputs: np.ndarray, batch: Batch) -> np.ndarray:
    """Whether every symbol that may come next, and no other, is above 0.5 at every step, (B,)."""
    right = ((outputs > 0.5) == (batch.y > 0.5)).all(-1)
    return (right | ~batch.valid).all(-1)


LANGUAGES = {"ab": "a^n b^n", "abc": "a^n b^n c^n"}
