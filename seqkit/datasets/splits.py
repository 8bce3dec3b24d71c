"""The part of the data that a sample is in, by a rule instead of a generator of random numbers."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

PARTS = ("train", "valid", "test")


def part_of(key: str) -> str:
    """The part that a key falls into: "train" for 85 % of keys, "valid" for 5 %, "test" for 10 %.

    Samples with the same key are in the same part, on every machine and in every version; adding
    samples moves none. The rule: the first eight hexadecimal digits of the key's SHA-256 (UTF-8),
    as a number, modulo 20; 0 and 1 are "test", 2 is "valid".

    Example:
        >>> [part_of(word) for word in ("one", "two", "five")]
        ['train', 'valid', 'test']
    """
    remainder = int(hashlib.sha256(key.encode()).hexdigest()[:8], 16) % 20
    return "test" if remainder < 2 else "valid" if remainder == 2 else "train"


def rows_of_parts(keys: Sequence[str]) -> dict[str, list[int]]:
    """The rows of each part, in order.

    Example:
        >>> rows_of_parts(["one", "five", "one"])
        {'train': [0, 2], 'valid': [], 'test': [1]}
    """
    rows: dict[str, list[int]] = {part: [] for part in PARTS}
    known = {key: part_of(key) for key in set(keys)}
    for row, key in enumerate(keys):
        rows[known[key]].append(row)
    return rows
