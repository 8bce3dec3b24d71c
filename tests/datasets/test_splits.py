"""The rule that puts samples into parts."""

from __future__ import annotations

import hashlib

from seqkit.data import part_of
from seqkit.datasets.splits import PARTS, rows_of_parts

KEYS = [str(number) for number in range(20_000)]


def test_the_rule_is_the_published_one():
    """Results of one version of seqkit are compared with those of the next."""
    for key in KEYS[:200]:
        place = int(hashlib.sha256(key.encode()).hexdigest()[:8], 16) % 20
        assert part_of(key) == {0: "test", 1: "test", 2: "valid"}.get(place, "train")
    assert [part_of(key) for key in ("1:1", "naïve", "")] == ["train", "train", "train"]


def test_shares():
    parts = [part_of(key) for key in KEYS]
    shares = {part: parts.count(part) / len(parts) for part in PARTS}
    assert all(
        abs(shares[part] - share) < 0.01
        for part, share in {"train": 0.85, "valid": 0.05, "test": 0.1}.items()
    )


def test_rows_are_in_order_and_in_one_part():
    rows = rows_of_parts(KEYS[:100] * 2)
    assert list(rows) == list(PARTS)
    assert sorted(row for numbers in rows.values() for row in numbers) == list(range(200))
    for part, numbers in rows.items():
        assert numbers == sorted(numbers)
        assert {part_of(KEYS[row % 100]) for row in numbers} == {part}
