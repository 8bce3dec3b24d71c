"""Sources of streams: TensorFlow's datasets, and batches from a function; read some rows at once.

From a dataset of single elements many cross into Python together, batched by TensorFlow: each alone
costs more than a step of a small model.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from typing import Any, TypeAlias

import numpy as np
import tensorflow as tf

from seqkit.frames import as_pandas
from seqkit.readers.batches import Batches

CHUNK = 2048  # rows that are read at once, and shuffled among each other
UNBATCH = "Give dataset.unbatch()."

# Sequences, targets, weights; None for what there is not.
Chunk: TypeAlias = tuple[Any, Any, Any]
Source: TypeAlias = "tf.data.Dataset | Batches"


def is_stream(X: object) -> bool:
    """Whether X is read in parts: a tf.data.Dataset, or `Batches`."""
    return isinstance(X, tf.data.Dataset | Batches)


def as_stream(X: Any, name: str = "X", *, once: bool = False) -> Any:
    """A function that begins a pass as `Batches`; anything else as it is.

    Args:
        X: what a user gave.
        name: what errors call it.
        once: whether it is read once alone, so that an iterator does.

    Raises:
        TypeError: for an iterator that is to be read several times, and a dataset of pyarrow.

    Example:
        >>> as_stream([1, 2])
        [1, 2]
        >>> list(as_stream(lambda: iter([([1], [0])])))
        [([1], [0])]
    """
    if type(X).__module__ == "pyarrow._dataset":
        raise TypeError(
            f"{name} must say which columns are sequences and targets, and a dataset of pyarrow "
            "does not. Give seqkit.data.parquet_batches(folder, inputs=..., targets=...)."
        )
    if hasattr(X, "__next__"):
        if not once:
            raise TypeError(
                f"{name} must be read several times, and an iterator, got {type(X).__name__}, can "
                "be read once. Give the function that begins it, such as a generator function, "
                "without calling it."
            )
        return Batches(lambda: X)
    is_function = callable(X) and not isinstance(X, type | Batches)
    return Batches(X) if is_function and not hasattr(X, "__len__") else X


def is_endless(source: Source) -> bool:
    """Whether a source says that it never ends, as `dataset.repeat()` does."""
    if isinstance(source, Batches):
        return False
    return int(source.cardinality()) == tf.data.INFINITE_CARDINALITY


def known_rows(source: Source, *, batched: bool) -> int | None:
    """The rows of a pass, where the source says so."""
    if isinstance(source, Batches):
        return source.rows
    said = int(source.cardinality())
    return None if said < 0 or batched else said


def has_batches(spec: Any, *, stepwise: bool, token_lists: bool) -> bool:
    """Whether elements of a dataset are batches, by their ranks; one sequence, where both may be.

    Args:
        spec: of an element (x, y), (x, y, weight), or x.
        stepwise: whether each step of a sequence has a target.
        token_lists: whether a text may be a list of tokens.

    Example:
        >>> number = tf.TensorSpec((None, 5, 2))
        >>> has_batches((number, tf.TensorSpec((None,))), stepwise=False, token_lists=True)
        True
    """
    x, *others = spec if isinstance(spec, tuple) else (spec,)
    y = others[0].shape if others and hasattr(others[0], "shape") else tf.TensorShape(None)
    rank = x.shape.rank
    if rank is None:
        return False
    of_steps = stepwise and y.rank == 2 and y[-1] != 1
    if x.dtype == tf.string:
        return rank == 2 or (rank == 1 and (of_steps or (not token_lists and y.rank != 0)))
    return rank == 3 or (rank == 2 and of_steps)


def chunks_of(source: Source, name: str, *, batched: bool) -> Iterator[tuple[Any, ...]]:
    """Rows of a source, some at a time: a column for each part of an element.

    Args:
        source: of elements or batches.
        name: what errors call it.
        batched: whether elements of a dataset are batches.

    Raises:
        ValueError: for a source without a row.
    """
    if isinstance(source, Batches):
        chunks: Iterator[tuple[Any, ...]] = _of_batches(source, name)
        kind = "pass over its batches"
    else:
        chunks = _of_dataset(source, batched=batched)
        kind = "tf.data.Dataset"
    first = next(chunks, None)
    if first is None:
        raise ValueError(
            f"{name} must hold at least one sample, got 0 samples: the {kind} is empty."
        )
    yield from itertools.chain([first], chunks)


def _of_batches(batches: Batches, name: str) -> Iterator[tuple[Any, ...]]:
    for batch in batches:
        parts = tuple(map(as_pandas, batch if isinstance(batch, tuple) else (batch,)))
        if len(parts) not in (1, 2, 3):
            raise ValueError(
                f"{name} must give batches (X, y) or (X, y, sample_weight), got a tuple of "
                f"{len(parts)}."
            )
        if all(part is None or not hasattr(part, "__len__") or len(part) for part in parts):
            yield parts


def _of_dataset(dataset: tf.data.Dataset, *, batched: bool) -> Iterator[tuple[Any, ...]]:
    spec = dataset.element_spec
    specs = spec if isinstance(spec, tuple) else (spec,)
    if not batched:
        if not all(map(_can_be_batched, specs)):
            yield from _one_by_one(dataset)
            return
        dataset = dataset.ragged_batch(CHUNK)
    for element in dataset:
        columns = tuple(map(_rows, element if isinstance(element, tuple) else (element,)))
        if len(columns[0]):
            yield columns


def _can_be_batched(spec: Any) -> bool:
    known = isinstance(spec, tf.TensorSpec | tf.RaggedTensorSpec) and spec.shape.rank is not None
    return known and not (isinstance(spec, tf.RaggedTensorSpec) and spec.ragged_rank > 0)


def _one_by_one(dataset: tf.data.Dataset) -> Iterator[tuple[Any, ...]]:
    """Chunks of elements whose kinds TensorFlow does not batch, or not without their ranks."""
    elements = iter(dataset.as_numpy_iterator())
    while chunk := list(itertools.islice(elements, CHUNK)):
        rows = [e if isinstance(e, tuple) else (e,) for e in chunk]
        yield tuple([_text(value) for value in column] for column in zip(*rows, strict=True))


def _rows(column: Any) -> Any:
    """The rows of a batch: an array of numbers, where these are alike; else a list."""
    if not isinstance(column, tf.RaggedTensor):
        values = column.numpy()
        # Of two dimensions it would be a table, whose columns have names.
        return (
            _text(values) if values.dtype == object else values if values.ndim != 2 else [*values]
        )
    splits = column.row_splits.numpy().tolist()
    inner, flat = column.values, column.flat_values.numpy()
    if column.ragged_rank == 1:
        values = _text(flat) if flat.dtype == object else flat
        return [values[start:end] for start, end in itertools.pairwise(splits)]
    if column.ragged_rank == 2 and flat.dtype != object:  # steps, and features of unknown number
        ends = inner.row_splits.numpy().tolist()
        return [
            flat[ends[start] : ends[end]].reshape(
                end - start, (ends[end] - ends[start]) // max(end - start, 1)
            )
            for start, end in itertools.pairwise(splits)
        ]
    return [_text(np.array(row, dtype=object)) for row in column.to_list()]


def _text(value: Any) -> Any:
    """Strings rather than bytes, which TensorFlow's are."""
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if isinstance(value, np.ndarray) and value.dtype == object:
        return [_text(v) for v in value]
    return value


def limited(chunks: Iterable[Chunk], rows: float) -> Iterator[Chunk]:
    """The first rows of chunks, so many.

    Example:
        >>> list(limited([([1, 2], [0, 0], None), ([3, 4], [1, 1], None)], 3))
        [([1, 2], [0, 0], None), ([3], [1], None)]
    """
    for X, y, weights in chunks:
        if len(y) < rows or hasattr(X, "iloc"):  # a frame may have a row a step
            yield X, y, weights
        else:
            most = int(min(rows, len(y)))
            yield X[:most], y[:most], None if weights is None else weights[:most]
        rows -= len(y)
        if rows <= 0:
            return
