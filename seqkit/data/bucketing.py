"""Batches of sequences of like length, so that little is padded and few shapes are compiled."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

# A bucket pays for its compilation only if it is run often enough.
FEWEST_BATCHES_A_BUCKET = 8
SHRINKAGE = 2 / 3


def bucket_lengths(lengths: np.ndarray, batch_size: int) -> list[int]:
    """The lengths to which sequences are padded, ascending; the last is the longest.

    Each bucket is about two thirds of the next one, and holds at least eight batches.

    Example:
        >>> bucket_lengths(np.repeat([10, 90], 400), batch_size=32)
        [10, 90]
        >>> bucket_lengths(np.array([10, 90]), batch_size=32)
        [90]
    """
    lengths = np.sort(lengths)
    found = [int(lengths[-1])]
    remaining = lengths
    while True:
        shorter = remaining[remaining <= found[0] * SHRINKAGE]
        fewest = FEWEST_BATCHES_A_BUCKET * batch_size
        if len(shorter) < fewest or len(remaining) - len(shorter) < fewest:
            # Too few in this bucket: widen it, as long as enough stay on either side.
            shorter = remaining[: len(remaining) - fewest]
            if len(shorter) < fewest or shorter[-1] > found[0] * SHRINKAGE:
                return found
        found.insert(0, int(shorter[-1]))
        remaining = remaining[remaining <= found[0]]


def bucketed_batches(
    lengths: np.ndarray, batch_size: int, rng: np.random.Generator | None = None
) -> Iterator[tuple[np.ndarray, int]]:
    """Indices of each batch, and the length to pad it to.

    Args:
        lengths: of the sequences, (n,).
        batch_size: sequences a batch; the last of a bucket may hold fewer.
        rng: shuffles the sequences within their buckets, and the batches; None keeps the order.
    """
    bounds = bucket_lengths(lengths, batch_size)
    bucket = np.searchsorted(bounds, lengths)
    batches = []
    for k, bound in enumerate(bounds):
        members = np.flatnonzero(bucket == k)
        if rng is not None:
            rng.shuffle(members)
        batches += [
            (members[i : i + batch_size], bound) for i in range(0, len(members), batch_size)
        ]
    order = np.arange(len(batches)) if rng is None else rng.permutation(len(batches))
    return (batches[k] for k in order)


def pad(sequences: list[np.ndarray], length: int, rows: int) -> np.ndarray:
    """The sequences (T_i, d) in one array (rows, length, d) that ends in NaN where they end."""
    batch = np.full((rows, length, sequences[0].shape[1]), np.nan, np.float32)
    for row, values in zip(batch, sequences, strict=False):
        row[: len(values)] = values
    return batch


def rounded_length(length: int) -> int:
    """The next of a few lengths an octave: at most a quarter is padding.

    Example:
        >>> [rounded_length(n) for n in (1, 5, 17, 100)]
        [4, 8, 20, 112]
    """
    step = max(4, 2 ** (max(length - 1, 1).bit_length() - 3))
    return -(-length // step) * step
