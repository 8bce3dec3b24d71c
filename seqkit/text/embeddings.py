"""Pretrained vectors of tokens, in the order of a vocabulary."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from seqkit.text.characters import NFC, normalized
from seqkit.text.reserved_ids import RESERVED


def check_vectors(name: str, value: object) -> None:
    """Raises TypeError for anything but a mapping from tokens, or gensim's KeyedVectors."""
    if not isinstance(value, Mapping) and not hasattr(value, "key_to_index"):
        raise TypeError(
            f"{name} must be a dict of vectors by token, got {type(value).__name__}. Of a matrix "
            "make one by dict(zip(words, matrix))."
        )


def in_capitals(embeddings: Any, vocabulary: Sequence[str]) -> dict[str, str]:
    """Tokens of a vocabulary in lower case that vectors are given for in capitals, and how.

    Example:
        >>> in_capitals({"Film": [1.0], "good": [1.0]}, ["film", "good"])
        {'film': 'Film'}
    """
    check_vectors("embeddings", embeddings)
    wanted, written = set(vocabulary), getattr(embeddings, "key_to_index", embeddings)
    lower = {w.lower(): w for w in written if isinstance(w, str) and w != w.lower()}
    return {token: lower[token] for token in wanted & lower.keys()}


def aligned_embeddings(
    embeddings: Mapping[str, np.ndarray | Sequence[float]],
    vocabulary: Sequence[str],
    normalization: str | None = NFC,
) -> tuple[np.ndarray, np.ndarray]:
    """Vectors in the order of the ids.

    Args:
        embeddings: a vector (D,) by token, also as KeyedVectors of gensim.
        vocabulary: the tokens, which have the ids from 2.
        normalization: the form of Unicode of the tokens: "NFC", whose vectors may be those of
            accents composed or decomposed; None: those of the tokens as they are.

    Returns:
        Vectors float32 (V + 2, D), zeros for tokens without one; and which tokens have one, bool
        (V + 2,).

    Raises:
        TypeError: for anything but a mapping.
        ValueError: for vectors of different sizes, or none for any token of the vocabulary.

    Example:
        >>> vectors, known = aligned_embeddings({"b": [1.0, 2.0]}, ["a", "b"])
        >>> vectors[3].tolist(), known.tolist()
        ([1.0, 2.0], [False, False, False, True])
    """
    check_vectors("embeddings", embeddings)
    vector_of_id = {}
    for i, token in enumerate(vocabulary, RESERVED):
        for form in (token, normalized(token, normalization, "NFD")):
            if form in embeddings:
                vector_of_id[i] = embeddings[form]
                break
    if not vector_of_id:
        raise ValueError(
            "embeddings must have a vector for some token of the training texts, got none among "
            f"{len(embeddings)} tokens. Mind upper and lower case (lowercase=True)."
        )
    token_of_shape = {np.shape(v): vocabulary[i - RESERVED] for i, v in vector_of_id.items()}
    if len(token_of_shape) != 1 or len(next(iter(token_of_shape))) != 1:
        got = [f"{shape} of {token!r}" for shape, token in token_of_shape.items()]
        raise ValueError(
            f"embeddings must be vectors of one size, (D,) each, got {', '.join(got[:3])}. Leave "
            "out those of another size."
        )
    (size,) = next(iter(token_of_shape))
    vectors = np.zeros((len(vocabulary) + RESERVED, size), np.float32)
    known = np.zeros(len(vectors), bool)
    for i, vector in vector_of_id.items():
        vectors[i], known[i] = vector, True
    if not np.isfinite(vectors).all():
        raise ValueError("embeddings must be finite numbers, got NaN or infinity in some vector.")
    return vectors, known
