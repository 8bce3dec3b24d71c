"""Baseline of tagging: a linear classifier of each word and its neighbours."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from sklearn.feature_extraction import FeatureHasher
from sklearn.linear_model import SGDClassifier
from typing_extensions import Self

from .sentences import Rows


class LinearTagger:
    """A logistic loss of a word, its two neighbours on either side, and the pairs that they form.

    Example:
        >>> tagger = LinearTagger().fit([["a", "b"], ["b"]] * 50, [["x", "y"], ["y"]] * 50)
        >>> tagger.predict([["a", "b"]])
        [['x', 'y']]
    """

    def fit(self, X: Rows, y: Rows) -> Self:
        """Learns from rows of words and rows of their labels."""
        labels = [label for row in y for label in row]
        passes = int(np.clip(2_000_000 // len(labels), 3, 50))
        options = {"max_iter": passes, "tol": None, "average": True, "n_jobs": 2, "random_state": 0}
        self.model_ = SGDClassifier(loss="log_loss", alpha=1e-6, **options)
        self.model_.fit(_hasher().transform(_features(X)), labels)
        return self

    def predict(self, X: Rows) -> Rows:
        """Rows of labels."""
        labels = iter(self.model_.predict(_hasher().transform(_features(X))).tolist())
        return [[next(labels) for _ in row] for row in X]


def _hasher() -> FeatureHasher:
    return FeatureHasher(2**20, input_type="string", alternate_sign=False)


def _features(rows: Rows) -> Iterator[list[str]]:
    """The features of each word."""
    for row in rows:
        padded = ["", "", *row, "", ""]
        for a, b, word, c, d in zip(*(padded[k:] for k in range(5)), strict=False):
            pairs = (f"1 {a} {b}", f"2 {b} {word}", f"3 {word} {c}", f"4 {c} {d}")
            yield [f"5{a}", f"6{b}", f"7{word}", f"8{c}", f"9{d}", *pairs]
