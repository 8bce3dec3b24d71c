"""Examples in memory, sequences with targets and weights, as batches by length."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

import numpy as np
import tensorflow as tf

from seqkit.training.bucketing import (
    bucketed_batches,
    count_batches,
    pad,
    rows_of_a_batch,
    steps_a_shape,
)

NO_LABEL = -1  # the target of padding steps, where each step has one

# Sequences (of pairs: sources and previous tokens), targets, weights.
Batch: TypeAlias = tuple[np.ndarray | tuple[np.ndarray, ...], np.ndarray, np.ndarray]
Signature: TypeAlias = tuple[tf.TensorSpec | tuple[tf.TensorSpec, ...], ...]


def as_dataset(
    batches: Callable[[], Iterable[tuple[object, ...]]], signature: Signature
) -> tf.data.Dataset:
    """The batches of each pass, made while the model works on those before.

    Autotuning, which has nothing to tune here, is off: its thread sleeps for twice as long each
    time, up to a minute, and the end of a pass would wait for it.

    Args:
        batches: begins a pass.
        signature: what a batch is.
    """
    options = tf.data.Options()
    options.autotune.enabled = False
    dataset = tf.data.Dataset.from_generator(batches, output_signature=signature)
    return dataset.prefetch(1).with_options(options)


@dataclass(frozen=True)
class Examples:
    """Sequences with their targets.

    Attributes:
        sequences: list of numbers (T_i, d), or of token ids (T_i,).
        targets: an array with one row a sequence, (n, ...); or a list of one label a step, (T_i,).
        weights: of the sequences, (n,); or a list of those of the steps, (T_i,).
    """

    sequences: list[np.ndarray]
    targets: Any
    weights: Any

    def __len__(self) -> int:
        return len(self.sequences)

    def __add__(self, other: Examples) -> Examples:
        return replace(
            self,
            sequences=self.sequences + other.sequences,
            targets=_joined(self.targets, other.targets),
            weights=_joined(self.weights, other.weights),
        )

    @property
    def stepwise(self) -> bool:
        """Whether each step has a target."""
        return isinstance(self.targets, list)

    @property
    def lengths(self) -> np.ndarray:
        """The lengths by which examples are sorted into buckets, (n,)."""
        return np.array([len(s) for s in self.sequences])

    def take(self, rows: np.ndarray) -> Examples:
        """The examples of these rows."""
        return replace(
            self,
            sequences=_taken(self.sequences, rows),
            targets=_taken(self.targets, rows),
            weights=_taken(self.weights, rows),
        )

    def batch(self, rows: np.ndarray, length: int, batch_size: int) -> Batch:
        """These rows, padded to a length: sequences, targets, weights.

        The weights are (B,); where each step has a target (B, 1) for sequences, (B, T) for steps.

        A batch of fewer rows than batch_size is filled up with rows of weight zero, so that the
        compiler sees one shape a length.
        """
        weights = _taken(self.weights, rows)
        if isinstance(weights, list):
            weights = pad(weights, length, batch_size, fill=0)
        else:
            weights = np.pad(weights, (0, batch_size - len(rows)))
            # One rank whatever the weights are: of two TensorFlow would make an unknown one.
            weights = weights[:, None] if self.stepwise else weights
        filled = self.take(np.resize(rows, batch_size))
        targets = filled.targets
        if filled.stepwise:
            targets = pad(targets, length, batch_size, fill=NO_LABEL)
        return pad(filled.sequences, length, batch_size), targets, weights

    def signature(self, batch_size: int) -> Signature:
        """The shapes and dtypes of a batch."""
        step, target = self.sequences[0], self.targets[0]
        shape = (None,) if self.stepwise else np.shape(target)
        weight = (None if isinstance(self.weights, list) else 1,) if self.stepwise else ()
        return (
            tf.TensorSpec(
                (batch_size, None, *step.shape[1:]),
                tf.float32 if step.dtype.kind == "f" else step.dtype,
            ),
            tf.TensorSpec((batch_size, *shape), target.dtype),
            tf.TensorSpec((batch_size, *weight), tf.float32),
        )

    def dataset(self, batch_size: int, rng: np.random.Generator | None = None) -> tf.data.Dataset:
        """Batches by length, shuffled anew at each pass where there is a generator."""
        batch_size = rows_of_a_batch(batch_size, len(self))
        lengths = self.lengths

        def batches() -> Iterator[Batch]:
            for rows, length in bucketed_batches(lengths, batch_size, rng):
                yield self.batch(rows, length, batch_size)

        dataset = as_dataset(batches, self.signature(batch_size))
        count = count_batches(lengths, batch_size)
        return dataset.apply(tf.data.experimental.assert_cardinality(count))

    def dilution(self, batch_size: int) -> float:
        """Rows of all batches by examples: by what the rows of weight zero make a mean smaller."""
        return self.batches_a_pass(batch_size) * rows_of_a_batch(batch_size, len(self)) / len(self)

    def batches_a_pass(self, batch_size: int) -> int:
        """Batches of one pass."""
        return count_batches(self.lengths, rows_of_a_batch(batch_size, len(self)))

    def steps_a_shape(self, batch_size: int) -> float:
        """Steps of a recurrence in one pass for each shape of batch."""
        return steps_a_shape(self.lengths, rows_of_a_batch(batch_size, len(self)))


def _taken(values: Any, rows: np.ndarray) -> Any:
    """These rows of an array, or of a list."""
    return [values[i] for i in rows] if isinstance(values, list) else values[rows]


def _joined(values: Any, more: Any) -> Any:
    """Two arrays, or two lists, one after the other."""
    return values + more if isinstance(values, list) else np.concatenate([values, more])
