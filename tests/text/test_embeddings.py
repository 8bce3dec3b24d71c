"""Vectors that users bring, put in the order of the ids."""

from __future__ import annotations

from collections import OrderedDict
from types import MappingProxyType

import numpy as np
import pytest

from seqkit.text.embeddings import aligned_embeddings

VECTORS = {"c": [5.0, 6.0], "a": np.array([1, 2]), "unused": (9.0, 9.0)}


@pytest.mark.parametrize("mapping", [dict, OrderedDict, MappingProxyType])
def test_rows_are_ids(mapping):
    vectors, known = aligned_embeddings(mapping(VECTORS), ["a", "b", "c"])
    assert vectors.dtype == np.float32
    # Padding, unknown, a, b, c.
    assert vectors.tolist() == [[0, 0], [0, 0], [1, 2], [0, 0], [5, 6]]
    assert known.tolist() == [False, False, True, False, True]


def test_a_zero_vector_is_known():
    _, known = aligned_embeddings({"a": [0.0]}, ["a"])
    assert known.tolist() == [False, False, True]


def test_vectors_of_no_use_may_be_of_any_size():
    vectors, _ = aligned_embeddings({"a": [1.0], "unused": [1.0, np.nan]}, ["a"])
    assert vectors.shape == (3, 1)


def test_accents_that_are_decomposed():
    vectors, known = aligned_embeddings({"e\u0301": [1.0], "ü": [2.0]}, ["é", "ü", "e"])
    assert vectors[2:, 0].tolist() == [1, 2, 0]
    assert known.tolist() == [False, False, True, True, False]


def test_accents_of_tokens_that_are_not_composed():
    vectors = {"e\u0301": [1.0], "\u00fc": [2.0]}
    _, known = aligned_embeddings(vectors, ["\u00e9", "e\u0301", "u\u0308"], None)
    assert known.tolist() == [False, False, False, True, False]


@pytest.mark.parametrize("wrong", [np.zeros((3, 2)), [("a", [1.0])], None])
def test_no_mapping(wrong):
    with pytest.raises(TypeError, match="embeddings must be a dict of vectors by token"):
        aligned_embeddings(wrong, ["a"])


@pytest.mark.parametrize("wrong", [{}, {"A": [1.0]}])
def test_no_token_has_a_vector(wrong):
    with pytest.raises(ValueError, match=f"got none among {len(wrong)} tokens"):
        aligned_embeddings(wrong, ["a"])


@pytest.mark.parametrize(
    "wrong", [{"a": [1.0], "b": [1.0, 2.0]}, {"a": 1.0, "b": 2.0}, {"a": [[1.0]], "b": [[2.0]]}]
)
def test_sizes_that_differ_or_are_no_vectors(wrong):
    with pytest.raises(ValueError, match="embeddings must be vectors of one size"):
        aligned_embeddings(wrong, ["a", "b"])


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_not_finite(value):
    with pytest.raises(ValueError, match="embeddings must be finite numbers"):
        aligned_embeddings({"a": [1.0, value]}, ["a"])
