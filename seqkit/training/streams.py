"""Examples read at each pass from a dataset or from batches; only a part is ever in memory."""

from __future__ import annotations

import functools
import itertools
import math
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import tensorflow as tf

from seqkit.readers.batches import Batches
from seqkit.training import stream_sources
from seqkit.training.bucketing import bucket_lengths, padded_lengths
from seqkit.training.examples import Batch, Examples, as_dataset
from seqkit.training.stream_sources import (
    UNBATCH,
    Chunk,
    Source,
    chunks_of,
    has_batches,
    is_endless,
    known_rows,
    limited,
)


class Stream:
    """Examples (x, y) or (x, y, weight): a dataset of one each or of batches, or `Batches`.

    Examples are read a chunk at a time; a chunk's are sorted into buckets by length and shuffled
    among each other, and what does not fill a batch waits for the next chunk. To shuffle farther,
    shuffle the source.

    Args:
        source: of examples.
        encode: from the sequences, targets and weights of a chunk to its examples.
        stepwise: whether each step of a sequence has a target.
        token_lists: whether a text may be a list of tokens. Default: True.
        steps: batches of a pass, which goes on where the one before ended; None: all of them.
        learned: with steps, the rows of which is learned where the number of all is not known.
        name: what errors call the source.

    Raises:
        ValueError: for elements of another structure, of more dimensions than those of batches, or
            for a source without an end where no steps are given.
    """

    def __init__(
        self,
        source: Source,
        encode: Callable[[Any, Any, Any], Examples],
        *,
        stepwise: bool = False,
        token_lists: bool = True,
        steps: int | None = None,
        learned: int | None = None,
        name: str = "X",
    ) -> None:
        self._source, self._encode, self._name, self._steps = source, encode, name, steps
        self._batched = self._may_be_batched = False
        if not isinstance(source, Batches):
            spec = source.element_spec
            if not isinstance(spec, tuple) or len(spec) not in (2, 3):
                raise ValueError(
                    f"{name}, a tf.data.Dataset, must have elements (x, y) or (x, y, weight), got "
                    f"{spec}. Map it to them; of a TFDS set load it with as_supervised=True."
                )
            self._batched = has_batches(spec, stepwise=stepwise, token_lists=token_lists)
            _check_ranks(spec[0], name, batched=self._batched)
            self._may_be_batched = (
                not (self._batched or stepwise or spec[0].dtype == tf.string)
            ) and all(map(_of_any_number, spec[:2]))
        if is_endless(source) and steps is None:
            raise ValueError(
                f"{name} must end, and this tf.data.Dataset repeats for ever. Leave out .repeat(), "
                "for a fit makes several passes by itself; or give fit steps_per_epoch."
            )
        self._count: int | None = None  # of the examples, once a pass has counted them
        self._opening: Chunk | None = None  # the first chunk, once it is read
        self._learned = math.inf
        if steps is not None and learned is not None and self._known_count is None:
            self._learned = learned
        self._going_on: Iterator[Batch] | None = None

    def inputs(self) -> Iterator[Any]:
        """One pass over the sequences, in chunks."""
        return (chunk[0] for chunk in self._learned_chunks())

    def targets(self) -> Iterator[Any]:
        """One pass over the targets, in chunks."""
        return (chunk[1] for chunk in self._learned_chunks())

    def pairs(self) -> Iterator[tuple[Any, Any]]:
        """One pass over sequences with their targets, in chunks."""
        return (chunk[:2] for chunk in self._learned_chunks())

    def examples(self) -> Iterator[Examples]:
        """One pass over the examples, in chunks."""
        return (self._encode(*chunk) for chunk in self._learned_chunks())

    def dataset(self, batch_size: int, rng: np.random.Generator | None = None) -> tf.data.Dataset:
        """Batches of examples of like length; each has batch_size rows, as those of `Examples`."""
        signature = self._first.signature(batch_size)
        if self._steps is None:
            return as_dataset(lambda: self._pass(batch_size, rng), signature)
        self._going_on = self._passes(batch_size, rng)
        going_on, steps = self._going_on, self._steps
        batches = as_dataset(lambda: itertools.islice(going_on, steps), signature)
        return batches.apply(tf.data.experimental.assert_cardinality(steps))

    def _passes(self, batch_size: int, rng: np.random.Generator | None) -> Iterator[Batch]:
        while True:
            yield from self._pass(batch_size, rng)

    def _pass(self, batch_size: int, rng: np.random.Generator | None) -> Iterator[Batch]:
        bounds = bucket_lengths(self._first.lengths, batch_size)
        waiting: dict[int, Examples] = {}  # by padded length
        for examples in self._whole_chunks():
            order = np.arange(len(examples))
            if rng is not None:
                rng.shuffle(order)
            lengths = padded_lengths(examples.lengths, bounds)
            for length in map(int, np.unique(lengths)):
                alike = examples.take(order[lengths[order] == length])
                alike = waiting[length] + alike if length in waiting else alike
                whole = len(alike) - len(alike) % batch_size
                for start in range(0, whole, batch_size):
                    rows = np.arange(start, start + batch_size)
                    yield alike.batch(rows, length, batch_size)
                waiting[length] = _copied(alike.take(np.arange(whole, len(alike))))
        for length, rest in waiting.items():
            if len(rest):
                yield rest.batch(np.arange(len(rest)), length, batch_size)

    def dilution(self, batch_size: int) -> float:
        """Not known before a stream is read; little, as what does not fill a batch waits."""
        return 1.0

    def batches_a_pass(self, batch_size: int) -> int | None:
        """Batches of one pass, about; None where the number of examples is not known."""
        if self._steps is not None:
            return self._steps
        count = self._known_count
        return None if count is None else -(-count // batch_size)

    def steps_a_shape(self, batch_size: int) -> float:
        """Steps of a recurrence in one pass for each shape of batch, as the first examples have it;
        infinite where the number of examples is not known."""
        count = self._known_count if self._steps is None else self._steps * batch_size
        if count is None:
            return math.inf
        return self._first.steps_a_shape(batch_size) * max(1.0, count / len(self._first))

    @property
    def _known_count(self) -> int | None:
        """The number of examples: what a pass has counted, or else the source says."""
        if self._count is not None:
            return self._count
        return known_rows(self._source, batched=self._batched)

    @functools.cached_property
    def _first(self) -> Examples:
        """The first chunk, by which shapes of batches are chosen: read once, kept for a fit."""
        opening = next(self._chunks()) if self._opening is None else self._opening
        self._opening = None, None, None  # not needed any more
        return self._encode(*opening)

    def _whole_chunks(self) -> Iterator[Examples]:
        """The examples of a pass, enough at a time to be shuffled among each other."""
        waiting: Examples | None = None
        for chunk in self._chunks():
            examples = self._encode(*chunk)
            waiting = examples if waiting is None else waiting + examples
            if len(waiting) >= stream_sources.CHUNK:
                yield waiting
                waiting = None
        if waiting is not None:
            yield waiting

    def _learned_chunks(self) -> Iterator[Chunk]:
        return limited(self._chunks(), self._learned)

    def _chunks(self) -> Iterator[Chunk]:
        count = 0
        for columns in chunks_of(self._source, self._name, batched=self._batched):
            if len(columns) == 1 or columns[1] is None:
                raise ValueError(
                    f"{self._name} must give batches (X, y) or (X, y, sample_weight), got X alone: "
                    f"a {type(columns[0]).__name__}."
                )
            X, y, *weights = columns
            if self._may_be_batched and list(map(len, X)) == list(map(len, y)):
                raise _batched(self._name, f"as many y as rows of x, {len(y[0])} in the first")
            chunk = X, y, weights[0] if weights else None
            if self._opening is None:
                self._opening = chunk
            count += len(y)
            yield chunk
        self._count = count


def chunks_of_inputs(
    source: Source, *, stepwise: bool = False, token_lists: bool = True
) -> Iterator[Any]:
    """The sequences of a source of x, or of (x, y, ...), in chunks.

    Args:
        source: of examples, or of sequences.
        stepwise, token_lists: as of `Stream`.

    Raises:
        ValueError: for an empty source, one without an end, or elements of too many dimensions.
    """
    batched = False
    if not isinstance(source, Batches):
        spec = source.element_spec
        batched = has_batches(spec, stepwise=stepwise, token_lists=token_lists)
        _check_ranks(spec[0] if isinstance(spec, tuple) else spec, "X", batched=batched)
        if is_endless(source):
            raise ValueError(
                "X must end, and this tf.data.Dataset repeats for ever. Leave out .repeat()."
            )
        if isinstance(spec, tuple):
            source = source.map(lambda x, *_: x)
    return (columns[0] for columns in chunks_of(source, "X", batched=batched))


def _copied(examples: Examples) -> Examples:
    """The same with sequences of their own: views would keep the chunk alive that they are of."""
    return replace(examples, sequences=[np.array(s) for s in examples.sequences])


def _check_ranks(spec: tf.TypeSpec, name: str, *, batched: bool) -> None:
    """Raises ValueError where a dataset's x have an axis more than any sequence has."""
    if not isinstance(spec, tf.TensorSpec | tf.RaggedTensorSpec):
        raise ValueError(f"{name}, a tf.data.Dataset, must have a tensor as x, got {spec}.")
    most = (1 if spec.dtype == tf.string else 2) + batched
    if spec.shape.rank is not None and spec.shape.rank > most:
        raise _batched(name, f"x of shape {tuple(spec.shape)}")


def _of_any_number(spec: tf.TypeSpec) -> bool:
    """Whether the values of an element are several, their number not said."""
    shape = getattr(spec, "shape", tf.TensorShape(None))
    return bool(shape.rank) and shape[0] is None


def _batched(name: str, got: str) -> ValueError:
    return ValueError(
        f"{name}, a tf.data.Dataset, must have one sequence in each element, or batches that are "
        f"known by their dimensions, got {got}. {UNBATCH}"
    )
