"""Examples read from a `tf.data.Dataset` at each pass; only a part of them is ever in memory."""

from __future__ import annotations

import functools
import itertools
import math
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import numpy as np
import tensorflow as tf

from seqkit.training.bucketing import bucket_lengths, padded_lengths
from seqkit.training.examples import Batch, Examples, as_dataset

CHUNK = 2048


def is_stream(X: object) -> bool:
    """Whether X is a tf.data.Dataset."""
    return isinstance(X, tf.data.Dataset)


class Stream:
    """A dataset of examples (x, y) or (x, y, weight), one each: not batched.

    Examples are read a chunk at a time; a chunk's are sorted into buckets by length and shuffled
    among each other, and what does not fill a batch waits for the next chunk. To shuffle farther,
    shuffle the dataset.

    Args:
        dataset: of examples.
        encode: from the sequences, targets and weights of a chunk to its examples.
        stepwise: whether each step of a sequence has a target.
        name: what errors call the dataset.

    Raises:
        ValueError: for elements of another structure, or for batches.
    """

    def __init__(
        self,
        dataset: tf.data.Dataset,
        encode: Callable[[Any, Any, Any], Examples],
        *,
        stepwise: bool = False,
        name: str = "X",
    ) -> None:
        spec = dataset.element_spec
        if not isinstance(spec, tuple) or len(spec) not in (2, 3):
            raise ValueError(
                f"{name}, a tf.data.Dataset, must have elements (x, y) or (x, y, weight), got "
                f"{spec}. Map it to them; of a TFDS set load it with as_supervised=True."
            )
        _check_is_one_sequence(spec[0], name)
        self._dataset = dataset
        self._encode = encode
        self._name = name
        self._may_be_batched = (
            not stepwise and spec[0].dtype != tf.string and all(map(_of_any_number, spec[:2]))
        )
        self._count: int | None = None  # of the examples, once a pass has counted them

    def inputs(self) -> Iterator[list[Any]]:
        """One pass over the sequences, in chunks."""
        return (chunk[0] for chunk in self._chunks())

    def targets(self) -> Iterator[np.ndarray]:
        """One pass over the targets, in chunks."""
        return (chunk[1] for chunk in self._chunks())

    def pairs(self) -> Iterator[tuple[list[Any], Any]]:
        """One pass over sequences with their targets, in chunks."""
        return (chunk[:2] for chunk in self._chunks())

    def examples(self) -> Iterator[Examples]:
        """One pass over the examples, in chunks."""
        return (self._encode(*chunk) for chunk in self._chunks())

    def dataset(self, batch_size: int, rng: np.random.Generator | None = None) -> tf.data.Dataset:
        """Batches of examples of like length; each has batch_size rows, as those of `Examples`."""
        first = self._first
        bounds = bucket_lengths(first.lengths, batch_size)

        def batches() -> Iterator[Batch]:
            waiting: dict[int, Examples] = {}  # by padded length
            for chunk in self._chunks():
                examples = self._encode(*chunk)
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
                    waiting[length] = alike.take(np.arange(whole, len(alike)))
            for length, rest in waiting.items():
                if len(rest):
                    yield rest.batch(np.arange(len(rest)), length, batch_size)

        return as_dataset(batches, first.signature(batch_size))

    def dilution(self, batch_size: int) -> float:
        """Not known before a stream is read; little, as what does not fill a batch waits."""
        return 1.0

    def batches_a_pass(self, batch_size: int) -> int | None:
        """Batches of one pass, about; None where the number of examples is not known."""
        count = self._known_count
        return None if count is None else -(-count // batch_size)

    def steps_a_shape(self, batch_size: int) -> float:
        """Steps of a recurrence in one pass for each shape of batch, as the first examples have it;
        infinite where the number of examples is not known."""
        count = self._known_count
        if count is None:
            return math.inf
        return self._first.steps_a_shape(batch_size) * max(1.0, count / len(self._first))

    @property
    def _known_count(self) -> int | None:
        """The number of examples: what a pass has counted, or else the dataset says."""
        said = int(self._dataset.cardinality())
        return self._count if self._count is not None else said if said >= 0 else None

    @functools.cached_property
    def _first(self) -> Examples:
        """The first chunk, by which shapes of batches are chosen: read once, kept for a fit."""
        return self._encode(*next(self._chunks()))

    def _chunks(self) -> Iterator[tuple[list[Any], Any, Any]]:
        count = 0
        for elements in _in_chunks(self._dataset, self._name):
            count += len(elements)
            yield self._columns(elements)
        self._count = count

    def _columns(self, elements: list[Any]) -> tuple[list[Any], Any, Any]:
        X, y, *weights = zip(*elements, strict=True)
        if self._may_be_batched and list(map(len, X)) == list(map(len, y)):
            raise _batched(self._name, f"as many y as rows of x, {len(y[0])} in the first")
        labels = [_text(label) for label in y]
        return as_inputs(X), labels, list(weights[0]) if weights else None


def chunks_of_inputs(dataset: tf.data.Dataset) -> Iterator[list[Any]]:
    """The sequences of a dataset of x, or of (x, y, ...), in chunks.

    Raises:
        ValueError: for an empty dataset, or for batches.
    """
    spec = dataset.element_spec
    paired = isinstance(spec, tuple)
    _check_is_one_sequence(spec[0] if paired else spec, "X")
    for elements in _in_chunks(dataset, "X"):
        yield as_inputs(e[0] if paired else e for e in elements)


def _in_chunks(dataset: tf.data.Dataset, name: str) -> Iterator[list[Any]]:
    """The elements, some at a time."""
    elements = dataset.as_numpy_iterator()
    chunk = list(itertools.islice(elements, CHUNK))
    if not chunk:
        raise ValueError(
            f"{name} must hold at least one sample, got 0 samples: the tf.data.Dataset is empty."
        )
    while chunk:
        yield chunk
        chunk = list(itertools.islice(elements, CHUNK))


def _check_is_one_sequence(spec: tf.TypeSpec, name: str) -> None:
    """Raises ValueError where a dataset's x have an axis more than any sequence has."""
    if not isinstance(spec, tf.TensorSpec | tf.RaggedTensorSpec):
        raise ValueError(f"{name}, a tf.data.Dataset, must have a tensor as x, got {spec}.")
    if spec.shape.rank is not None and spec.shape.rank > (1 if spec.dtype == tf.string else 2):
        raise _batched(name, f"x of shape {tuple(spec.shape)}")


def _of_any_number(spec: tf.TypeSpec) -> bool:
    """Whether the values of an element are several, their number not said."""
    shape = getattr(spec, "shape", tf.TensorShape(None))
    return bool(shape.rank) and shape[0] is None


def _batched(name: str, got: str) -> ValueError:
    return ValueError(
        f"{name}, a tf.data.Dataset, must have one sequence in each element, got {got}, as of "
        "batches. Give dataset.unbatch()."
    )


def as_inputs(elements: Iterable[Any]) -> list[Any]:
    """Sequences as users write them: strings rather than bytes."""
    return [_text(x) for x in elements]


def _text(value: Any) -> Any:
    """TensorFlow's strings are bytes."""
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if isinstance(value, np.ndarray) and value.dtype == object:
        return [_text(v) for v in value]
    return value
