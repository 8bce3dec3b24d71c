"""Batches by length: nothing is lost, little is padded, and few shapes come out."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seqkit.training.bucketing import bucket_lengths, bucketed_batches, pad, rounded_length

lengths_of_series = st.lists(st.integers(1, 300), min_size=1, max_size=400).map(np.array)


@given(lengths=lengths_of_series, batch_size=st.integers(1, 8), seed=st.none() | st.integers(0, 9))
def test_every_sequence_is_in_one_batch_that_is_long_enough(lengths, batch_size, seed):
    rng = None if seed is None else np.random.default_rng(seed)
    batches = list(bucketed_batches(lengths, batch_size, rng))
    rows = np.concatenate([rows for rows, _ in batches])
    np.testing.assert_array_equal(np.sort(rows), np.arange(len(lengths)))
    assert all(len(rows) <= batch_size for rows, _ in batches)
    assert all(lengths[rows].max() <= length for rows, length in batches)


@given(lengths=lengths_of_series, batch_size=st.integers(1, 8))
def test_buckets_are_worth_their_compilation(lengths, batch_size):
    bounds = bucket_lengths(lengths, batch_size)
    assert bounds == sorted(set(bounds))
    assert bounds[-1] == lengths.max()
    if len(bounds) > 1:
        counts = np.bincount(np.searchsorted(bounds, lengths), minlength=len(bounds))
        assert counts.min() >= 8 * batch_size


def test_long_tails_are_not_padded_for_everybody():
    lengths = np.random.default_rng(0).geometric(0.02, 5000)
    work = sum(len(rows) * length for rows, length in bucketed_batches(lengths, 32))
    assert work < 0.4 * len(lengths) * lengths.max()


def test_shuffling_changes_from_pass_to_pass_and_repeats_with_the_seed():
    lengths = np.repeat([5, 20], 100)

    def passes(seed: int) -> list[list[int]]:
        rng = np.random.default_rng(seed)
        return [
            np.concatenate([rows for rows, _ in bucketed_batches(lengths, 4, rng)]).tolist()
            for _ in range(2)
        ]

    first, second = passes(0)
    assert first != second
    assert [first, second] == passes(0)


def test_pad():
    batch = pad([np.ones((2, 1)), np.ones((3, 1))], length=4, rows=3)
    assert np.isfinite(batch).sum(1).ravel().tolist() == [2, 3, 0]


@pytest.mark.parametrize("length", range(1, 400, 7))
def test_rounded_lengths_pad_at_most_a_quarter(length):
    rounded = rounded_length(length)
    assert length <= rounded <= max(length * 1.25 + 1, 4)
    assert rounded_length(rounded) == rounded
