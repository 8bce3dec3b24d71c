"""The embedded Reber grammar: what it draws it accepts, and nothing else."""

from __future__ import annotations

import numpy as np
import pytest

from recipes.parts.experiments.grammar import (
    SYMBOLS,
    embedded_string,
    next_symbols,
    one_hot,
    training_and_test,
)


def test_a_string_that_is_drawn_is_accepted_and_its_symbols_were_legal():
    rng = np.random.default_rng(0)
    strings = [embedded_string(rng) for _ in range(500)]
    for string in strings:
        legal = next_symbols(string)
        assert len(legal) == len(string) - 1
        assert all(s in symbols for s, symbols in zip(string[1:], legal, strict=True))
        assert string[1] == string[-2] == legal[-2]
    # By hand: the shortest strings have 9 symbols, and either start is as likely.
    assert min(map(len, strings)) == 9
    assert 200 < sum(string[1] == "T" for string in strings) < 300


def test_every_way_through_the_grammar_is_drawn():
    rng = np.random.default_rng(0)
    seen = {string for string in (embedded_string(rng) for _ in range(2000)) if len(string) == 9}
    inner = ("BTXSE", "BPVVE")
    assert seen == {f"B{outer}{string}{outer}E" for outer in "TP" for string in inner}


@pytest.mark.parametrize(
    ("string", "place"),
    [
        ("BTBTXSEPE", "place 7"),  # the second symbol does not come back
        ("BTBTXSE", "place 7"),
        ("BXBTXSETE", "place 1"),
        ("BTBTVSETE", "place 4"),
        ("BTBTXSETEE", "place 8"),
        ("", "place 0"),
    ],
)
def test_other_strings_are_refused(string, place):
    with pytest.raises(ValueError, match=place):
        next_symbols(string)


def test_nothing_is_tested_that_was_trained_on():
    trained, tested = training_and_test(100, 12, np.random.default_rng(0))
    assert len(trained) == len(tested) == 100
    assert not set(trained) & set(tested)
    assert max(map(len, [*trained, *tested])) <= 12


def test_strings_as_numbers():
    x, valid = one_hot(["BTBTXSETE", "BPBTXSETE"[:3]], 10)
    assert x.shape == (2, 10, 7)
    assert valid.sum(1).tolist() == [8, 2]
    assert "".join(SYMBOLS[k] for k in x[0, :8].argmax(1)) == "BTBTXSET"
    assert (x.sum(-1) == valid).all()
