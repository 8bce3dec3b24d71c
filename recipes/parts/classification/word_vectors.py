"""Word vectors that the text classification recipe begins with, learned from its texts."""

from __future__ import annotations

from typing import Any

import numpy as np

WINDOW = 5  # words apart that count as near
SPREAD = 0.3  # standard deviation of the entries of the first word vectors


def word_vectors(X: Any, tokens: str, dimension: int) -> dict[str, np.ndarray] | None:
    """Vectors of the tokens, from what stands near what in the texts (Levy et al. 2015).

    A matrix counts how often two tokens are at most WINDOW apart, near ones for more. Of it the
    positive pointwise mutual information is taken, log p(a, b) / (p(a) p(b)), with p(b) smoothed,
    and of that the leading singular vectors. Labels play no part.

    Args:
        X: texts.
        tokens: what they are read by, "word" or "char".
        dimension: entries of a vector.

    Returns:
        The vector of each token that occurs twice; None for fewer such tokens than `dimension`.
    """
    import scipy.sparse
    from sklearn.utils.extmath import randomized_svd

    from seqkit.text import Tokenizer
    from seqkit.text.tokenizer import RESERVED, count_tokens, most_frequent

    counts = count_tokens(X, tokens, lowercase=True)
    known = [token for token in most_frequent(counts, 20_000) if counts[token] > 1]
    if len(known) <= dimension or max(len(text.split()) for text in X) < 2:
        return None
    rows = Tokenizer(known, tokens).encode(X)
    size = len(known) + RESERVED
    near = scipy.sparse.csr_matrix((size, size))
    for apart in range(1, WINDOW + 1):
        left = np.concatenate([row[:-apart] for row in rows])
        right = np.concatenate([row[apart:] for row in rows])
        weights = np.full(len(left), 1 / apart)
        near += scipy.sparse.coo_matrix((weights, (left, right)), (size, size))
    near = (near + near.T)[RESERVED:, RESERVED:].tocoo()
    totals = np.asarray(near.sum(1)).ravel()
    smoothed = totals**0.75 / (totals**0.75).sum()
    information = np.log(near.data / (totals[near.row] * smoothed[near.col]))
    near.data = np.maximum(information, 0)
    vectors, values, _ = randomized_svd(near.tocsr(), dimension, random_state=0)
    vectors *= np.sqrt(values)
    vectors *= SPREAD / vectors.std()
    return dict(zip(known, vectors.astype(np.float32), strict=True))
