"""Baselines of translation: the commonest sentence, and that of the most similar source."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np

# Below this cosine a source is unlike all that was trained on: there a model has to translate,
# where in others it may remember.
HARD_COSINE = 0.5
_CHUNK = 256  # sources that are compared with all training sources at a time


def most_frequent(train_targets: Sequence[str], n: int) -> list[str]:
    """The commonest training target, n times; of several as common, the first.

    Raises:
        ValueError: without training targets.

    Example:
        >>> most_frequent(["Go.", "Come.", "Go."], 2)
        ['Go.', 'Go.']
    """
    if not len(train_targets):
        raise ValueError("train_targets must have at least one entry, got none.")
    ((target, _),) = Counter(train_targets).most_common(1)
    return [target] * n


class NearestNeighbour:
    """Translates each source as the training source that is most like it.

    Likeness is the cosine of TF-IDF weights of words and pairs of words, in lower case. Of several
    as like, the first; a source without any known word has the first of all, with a cosine of 0.

    Example:
        >>> baseline = NearestNeighbour().fit(["Va !", "Viens ici !"], ["Go!", "Come here!"])
        >>> baseline.predict(["Viens ici."]), baseline.cosines(["Viens ici."])
        (['Come here!'], array([1.]))
    """

    def fit(self, sources: Sequence[str], targets: Sequence[str]) -> NearestNeighbour:
        """Keeps texts and their translations.

        Raises:
            ValueError: for texts of unequal numbers, or without words.
        """
        from sklearn.feature_extraction.text import TfidfVectorizer

        if len(sources) != len(targets):
            raise ValueError(
                "sources and targets must have equal lengths, got "
                f"{len(sources)} and {len(targets)}."
            )
        # Also words of one letter, which scikit-learn's own pattern leaves out.
        self.weights_ = TfidfVectorizer(ngram_range=(1, 2), token_pattern=r"(?u)\b\w+\b")
        # Rows have length 1: products are cosines. (words, n_train)
        self.trained_ = self.weights_.fit_transform(sources).T.tocsr()
        self.targets_ = list(targets)
        return self

    def predict(self, sources: Sequence[str]) -> list[str]:
        """The translation of the nearest training source, of each source."""
        return [self.targets_[k] for k in self._nearest(sources)[0]]

    def cosines(self, sources: Sequence[str]) -> np.ndarray:
        """How like the nearest training source is, (n,). Below HARD_COSINE a source is hard."""
        return np.minimum(self._nearest(sources)[1], 1)

    def _nearest(self, sources: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
        nearest = np.zeros(len(sources), dtype=int)
        cosines = np.zeros(len(sources))
        for start in range(0, len(sources), _CHUNK):
            rows = slice(start, start + _CHUNK)
            alike = (self.weights_.transform(sources[rows]) @ self.trained_).toarray()
            nearest[rows], cosines[rows] = alike.argmax(axis=1), alike.max(axis=1)
        return nearest, cosines
