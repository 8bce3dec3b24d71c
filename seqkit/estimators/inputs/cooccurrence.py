"""First vectors of tokens, from what stands near what in the texts that a model is trained on."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from seqkit.text.reserved_ids import RESERVED

WINDOW = 5  # tokens apart that count as near
SPREAD = 0.3  # standard deviation of the entries
SMOOTHING = 0.75  # of the frequencies of what stands near


def cooccurrence_vectors(
    rows: Sequence[np.ndarray], tokens: int, dimension: int
) -> tuple[np.ndarray, np.ndarray] | None:
    """Vectors of the tokens, from what stands near what in the texts (Levy et al. 2015).

    A matrix counts how often two tokens are at most five apart, near ones for more. Of it the
    positive pointwise mutual information is taken, log p(a, b) / (p(a) p(b)), with p(b) smoothed,
    and of that the leading singular vectors. Labels play no part.

    Args:
        rows: the token ids of each text, (T_i,).
        tokens: number of ids, V, padding and unknown included.
        dimension: entries of a vector, D.

    Returns:
        Vectors float32 (V, D), zeros for tokens without one; and which tokens have one, those that
        occur twice, bool (V,). None for fewer of them than `dimension`, or texts of one token.

    Example:
        >>> rows = [np.array([2, 3, 4, 5]), np.array([2, 3, 5, 4])]
        >>> vectors, known = cooccurrence_vectors(rows, tokens=6, dimension=2)
        >>> vectors.shape, known.tolist()
        ((6, 2), [False, False, True, True, True, True])
    """
    import scipy.sparse
    from sklearn.utils.extmath import randomized_svd

    counts = np.bincount(np.concatenate(rows), minlength=tokens)
    known = (counts > 1) & (np.arange(tokens) >= RESERVED)
    if known.sum() <= dimension or max(map(len, rows)) < 2:
        return None
    place = np.full(tokens, -1)
    place[known] = np.arange(known.sum())
    placed = [place[row] for row in rows]
    near = scipy.sparse.csr_matrix((known.sum(), known.sum()))
    for apart in range(1, WINDOW + 1):
        left = np.concatenate([row[:-apart] for row in placed])
        right = np.concatenate([row[apart:] for row in placed])
        both = (left >= 0) & (right >= 0)
        weights = np.full(both.sum(), 1 / apart)
        near += scipy.sparse.coo_matrix((weights, (left[both], right[both])), near.shape)
    near = (near + near.T).tocoo()
    totals = np.asarray(near.sum(1)).ravel()
    smoothed = totals**SMOOTHING / (totals**SMOOTHING).sum()
    information = np.log(near.data / (totals[near.row] * smoothed[near.col]))
    near.data = np.maximum(information, 0)
    left_vectors, values, _ = randomized_svd(near.tocsr(), dimension, random_state=0)
    left_vectors *= np.sqrt(values)
    if not left_vectors.std() > 0:
        return None
    vectors = np.zeros((tokens, dimension), np.float32)
    vectors[known] = left_vectors * (SPREAD / left_vectors.std())
    return vectors, known
