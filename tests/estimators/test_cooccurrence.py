"""First vectors from the texts: the equations of Levy et al. 2015, written plainly."""

from __future__ import annotations

import numpy as np

from seqkit.estimators.inputs.cooccurrence import SMOOTHING, SPREAD, WINDOW, cooccurrence_vectors

RNG = np.random.default_rng(0)


def test_products_of_vectors_are_the_information():
    """With as many dimensions as tokens but one, U S^(1/2) has the inner products of the matrix's
    polar part: checked through its singular vectors and values."""
    rows = [RNG.integers(2, 12, size=RNG.integers(2, 30)) for _ in range(40)]
    vectors, known = cooccurrence_vectors(rows, tokens=12, dimension=9)
    assert known.tolist() == [False] * 2 + [True] * 10

    near = np.zeros((12, 12))
    for row in rows:
        for i, a in enumerate(row):
            for j, b in enumerate(row):
                if 0 < abs(i - j) <= WINDOW:
                    near[a, b] += 1 / abs(i - j)
    near = near[2:, 2:]
    smoothed = near.sum(0) ** SMOOTHING / (near.sum(0) ** SMOOTHING).sum()
    with np.errstate(divide="ignore"):
        information = np.maximum(np.log(near / near.sum(1, keepdims=True) / smoothed), 0)
    U, S, _ = np.linalg.svd(information)
    expected = (U * S)[:, :9] @ U[:, :9].T  # what U sqrt(S) has as inner products
    found = vectors[2:] @ vectors[2:].T
    scale = np.trace(expected) / np.trace(found)
    np.testing.assert_allclose(found * scale, expected, atol=1e-3 * np.abs(expected).max())
    assert np.isclose(vectors[2:].std(), SPREAD, rtol=1e-4)


def test_tokens_that_stand_in_the_same_places_are_alike():
    # 2 and 3 stand between the same tokens, 4 and 5 between others.
    rows = [
        np.array([left, middle, right])
        for left, middle, right in [(6, 2, 7), (6, 3, 7), (8, 4, 9), (8, 5, 9)] * 20
    ]
    vectors, _ = cooccurrence_vectors(rows, tokens=10, dimension=4)
    unit = vectors / (np.linalg.norm(vectors, axis=1, keepdims=True) + 1e-9)
    assert unit[2] @ unit[3] > 0.9
    assert abs(unit[2] @ unit[4]) < 0.1


def test_too_few_tokens_or_texts_of_one_token_have_none():
    assert cooccurrence_vectors([np.array([2, 3, 2, 3])], tokens=4, dimension=2) is None
    assert cooccurrence_vectors([np.array([2]), np.array([3])] * 4, tokens=4, dimension=1) is None
