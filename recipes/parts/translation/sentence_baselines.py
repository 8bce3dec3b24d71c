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


def nearest_neighbour(
    train_sources: Sequence[str], train_targets: Sequence[str], sources: Sequence[str]
) -> tuple[list[str], np.ndarray]:
    """Translates each source as the training source that is most like it.

    Likeness is the cosine of TF-IDF weights of words and pairs of words, in lower case. Of several
    as like, the first; a source without any known word has the first of all, with a cosine of 0.

    Args:
        train_sources, train_targets: texts and their translations.
        sources: texts to be translated.

    Returns:
        The translations, and the cosines (n,). Rows of a cosine below HARD_COSINE are hard.

    Raises:
        ValueError: for training texts of unequal numbers, or without words.

    Example:
        >>> nearest_neighbour(["Va !", "Viens ici !"], ["Go!", "Come here!"], ["Viens ici."])
        (['Come here!'], array([1.]))
    """
    from sklearn.feature_extraction.text import TfidfVectorizer

    if len(train_sources) != len(train_targets):
        raise ValueError(
            "train_sources and train_targets must have equal lengths, got "
            f"{len(train_sources)} and {len(train_targets)}."
        )
    # Also words of one letter, which scikit-learn's own pattern leaves out.
    weights = TfidfVectorizer(ngram_range=(1, 2), token_pattern=r"(?u)\b\w+\b")
    # Rows have length 1: products are cosines. (words, n_train)
    trained = weights.fit_transform(train_sources).T.tocsr()
    nearest = np.zeros(len(sources), dtype=int)
    cosines = np.zeros(len(sources))
    for start in range(0, len(sources), _CHUNK):
        rows = slice(start, start + _CHUNK)
        alike = (weights.transform(sources[rows]) @ trained).toarray()  # (chunk, n_train)
        nearest[rows], cosines[rows] = alike.argmax(axis=1), alike.max(axis=1)
    return [train_targets[k] for k in nearest], np.minimum(cosines, 1)
