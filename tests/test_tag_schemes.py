"""Schemes of tags: which one labels are of, and what it rules out."""

from __future__ import annotations

import itertools

import pytest

from seqkit.tag_schemes import SCHEMES, breaks, invalid_transitions, scheme_of
from tests.conformance.tasks import written


@pytest.mark.parametrize(
    ("tags", "scheme"),
    [
        ("O B-A I-A", "BIO"),
        ("O B-A I-A E-A S-A", "BIOES"),
        ("S-A O", "BIOES"),
        ("B-A B-B L-B O", "BILOU"),
        ("U-A O", "BILOU"),
        ("B-A E-A U-A", None),
        ("O B I", None),
        ("NOUN VERB O", None),
        ("0 1", None),
    ],
)
def test_the_scheme_of_labels(tags, scheme):
    assert scheme_of(tags.split()) == scheme


def sequences_of_spans(steps: int):
    """All ways to lay spans of two types onto steps."""
    if steps == 0:
        yield []
    for length in range(1, steps + 1):
        for rest in sequences_of_spans(steps - length):
            for kind in "XY" if length > 1 else "XYO":
                moved = [(k, a + length, b + length) for k, a, b in rest]
                yield moved if kind == "O" else [(kind, 0, length), *moved]


@pytest.mark.parametrize("scheme", SCHEMES)
def test_what_is_ruled_out_is_what_no_spans_are_written_as(scheme):
    ways = [written(found, 4, scheme) for found in sequences_of_spans(4)]
    tags = sorted({tag for way in ways for tag in way})
    forbidden = {
        tuple(None if k is None else tags[k] for k in pair)
        for pair in invalid_transitions(tags, scheme)
    }
    valid = [
        list(row)
        for row in itertools.product(tags, repeat=4)
        if not forbidden & set(itertools.pairwise([None, *row, None]))
    ]
    assert valid == sorted(ways)
    assert all(breaks(*pair, scheme) for pair in forbidden)
