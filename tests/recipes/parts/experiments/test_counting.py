"""Counting languages: strings written out by hand, and what counts as their range."""

from __future__ import annotations

import numpy as np
import pytest

from recipes.parts.experiments.counting import Counting, accepted, strings_of


def test_strings_and_what_may_come_next():
    batch = strings_of("ab", [2, 1])
    read = ["".join("Sab"[k] for k in x[v].argmax(1)) for x, v in zip(*batch[:3:2], strict=True)]
    assert read == ["Saabb", "Sab"]
    # a, b, T
    expected = [[1, 0, 0], [1, 1, 0], [1, 1, 0], [0, 1, 0], [0, 0, 1]]
    assert batch.y[0].tolist() == expected
    assert batch.y[1].tolist() == [[1, 0, 0], [1, 1, 0], [0, 0, 1], [0] * 3, [0] * 3]


def test_three_letters():
    batch = strings_of("abc", [2])
    assert "".join("Sabc"[k] for k in batch.x[0].argmax(1)) == "Saabbcc"
    following = ["".join("abcT"[k] for k in np.flatnonzero(y)) for y in batch.y[0]]
    assert following == ["a", "ab", "ab", "b", "c", "c", "T"]


def test_one_symbol_too_many_or_too_few_is_refused():
    batch = strings_of("ab", [3, 3, 3])
    outputs = batch.y * 0.8 + 0.1
    outputs[1, 2, 2] = 0.6
    outputs[2, 6, 2] = 0.4
    assert accepted(outputs, batch).tolist() == [True, False, False]


class CountingTo:
    """In the place of a network: right for n up to a number."""

    def __init__(self, most: int) -> None:
        self.most = most

    def answers(self, batch):
        n = (batch.valid.sum(1) - 1) // (batch.x.shape[-1] - 1)
        return np.where((n <= self.most)[:, None, None], batch.y, 0.0)


@pytest.mark.parametrize("most", [0, 1, 50, 51, 119, 120, 500])
def test_the_range_ends_before_the_first_string_that_is_refused(most):
    assert Counting("abc").range_of(CountingTo(most), 120) == min(most, 120)
