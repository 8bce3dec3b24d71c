"""Batches of sequences of like length, so that little is padded and few shapes are compiled."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from seqkit.distributed.workers import worker_count
from seqkit.text.reserved_ids import PADDING

# A bucket pays for its compilation only if it is run often enough.
FEWEST_BATCHES_A_BUCKET = 8
SHRINKAGE = 3 / 4


def bucket_lengths(lengths: np.ndarray, batch_size: int) -> list[int]:
    """The lengths to which sequences are padded, ascending; the last is the longest.

    Each bucket is at most three quarters of the next one, and holds at least eight batches.

    Example:
        >>> bucket_lengths(np.repeat([10, 90], 400), batch_size=32)
        [10, 90]
        >>> bucket_lengths(np.array([10, 90]), batch_size=32)
        [90]
    """
    remaining = np.sort(lengths)
    longest = [int(remaining[-1])]
    fewest = FEWEST_BATCHES_A_BUCKET * batch_size
    while len(remaining) >= fewest:
        # Much shorter, and enough longer ones stay above.
        below = (remaining <= longest[0] * SHRINKAGE) & (remaining < remaining[-fewest])
        remaining = remaining[below]
        if len(remaining) < fewest:
            break
        longest.insert(0, int(remaining[-1]))
    return longest


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


def count_batches(lengths: np.ndarray, batch_size: int) -> int:
    """The number of batches that `bucketed_batches` makes, without making them.

    Example:
        >>> count_batches(np.repeat([10, 90], 400), batch_size=32)
        26
    """
    return int(_batches_of_buckets(lengths, batch_size)[1].sum())


def steps_a_shape(lengths: np.ndarray, batch_size: int) -> float:
    """Steps of a recurrence in one pass for each shape of batch: batches times their length.

    Example:
        >>> steps_a_shape(np.repeat([10, 90], 400), batch_size=32)
        650.0
    """
    bounds, batches = _batches_of_buckets(lengths, batch_size)
    return float((batches * bounds).mean())


def _batches_of_buckets(lengths: np.ndarray, batch_size: int) -> tuple[list[int], np.ndarray]:
    """The length of each bucket, and its number of batches."""
    bounds = bucket_lengths(lengths, batch_size)
    members = np.bincount(np.searchsorted(bounds, lengths), minlength=len(bounds))
    return bounds, -(-members // batch_size)


def rows_of_a_batch(batch_size: int, count: int) -> int:
    """Rows of each batch of `count` examples: not more than there are, and even, so that a batch
    has two halves; or as many for each worker that trains the model.

    Example:
        >>> rows_of_a_batch(32, 7), rows_of_a_batch(32, 100)
        (8, 32)
    """
    parts = math.lcm(2, worker_count())
    return min(batch_size, max(parts, -(-count // parts) * parts))


def padded_lengths(lengths: np.ndarray, bounds: list[int]) -> np.ndarray:
    """The length to which each sequence is padded, for buckets that were made of others, (n,).

    Args:
        lengths: of the sequences, (n,).
        bounds: as `bucket_lengths` gives them; a longer sequence gets a rounded length of its own.

    Example:
        >>> padded_lengths(np.array([3, 10, 17]), [8, 12])
        array([ 8, 12, 20])
    """
    bucket = np.searchsorted(bounds, lengths)
    known = np.array([*bounds, 0])[bucket]
    longer = bucket == len(bounds)
    known[longer] = [rounded_length(int(n)) for n in lengths[longer]]
    return known


def pad(
    sequences: list[np.ndarray], length: int, rows: int, fill: float | None = None
) -> np.ndarray:
    """The sequences (T_i, ...) in one array (rows, length, ...), filled up where they end.

    Args:
        sequences: of one type, each no longer than length; numbers become float32.
        length, rows: of the result.
        fill: the value of padding; None is NaN for numbers (T_i, d) and PADDING, 0, for ids (T_i,).

    Example:
        >>> pad([np.array([5, 6]), np.array([7])], 3, 2).tolist()
        [[5, 6, 0], [7, 0, 0]]
    """
    first = sequences[0]
    is_number = first.dtype.kind == "f"
    if fill is None:
        fill = np.nan if is_number else PADDING
    batch = np.full(
        (rows, length, *first.shape[1:]), fill, np.float32 if is_number else first.dtype
    )
    lengths = np.array([len(s) for s in sequences])
    if (lengths == lengths[0]).all():
        batch[: len(sequences), : lengths[0]] = sequences
    else:  # all at once: a loop over rows costs more than the model on short sequences
        batch[: len(sequences)][np.arange(length) < lengths[:, None]] = np.concatenate(sequences)
    return batch


def rounded_length(length: int) -> int:
    """The next of a few lengths an octave: at most a quarter is padding.

    Example:
        >>> [rounded_length(n) for n in (1, 5, 17, 100)]
        [4, 8, 20, 112]
    """
    step = max(4, 2 ** (max(length - 1, 1).bit_length() - 3))
    return -(-length // step) * step
