"""Pairs of token sequences, as batches for teacher forcing."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import tensorflow as tf

from seqkit.models.teacher_forcing import shifted_right
from seqkit.text.reserved_ids import PADDING
from seqkit.training.bucketing import pad, rounded_length
from seqkit.training.examples import Batch, Examples, Signature


@dataclass(frozen=True)
class Pairs(Examples):
    """Sources with their targets: lists of ids (S_i,) and (T_i,), each ending in its end token.

    Attributes:
        start_id: the token that stands before the first one of a target.
    """

    start_id: int = 0

    @property
    def lengths(self) -> np.ndarray:
        """The lengths of the targets, (n,): most of a step's work is done for them."""
        return np.array([len(t) for t in self.targets])

    def batch(self, rows: np.ndarray, length: int, batch_size: int) -> Batch:
        """These rows: (sources, previous tokens), targets, weights.

            target            le  chat  </s>        length 3
            previous tokens   </s>  le  chat

        A batch of fewer rows than batch_size is filled up with rows of weight zero.
        """
        weights = np.pad(self.weights[rows], (0, batch_size - len(rows)))
        filled = self.take(np.resize(rows, batch_size))
        longest = rounded_length(max(len(s) for s in filled.sequences))
        sources = pad(filled.sequences, longest, batch_size)
        targets = pad(filled.targets, length, batch_size)
        start = np.full((batch_size, 1), self.start_id, targets.dtype)
        previous = shifted_right(targets, start)
        previous[targets == PADDING] = PADDING
        return (sources, previous), targets, weights

    def dilution(self, batch_size: int) -> float:
        """None: the loss is a mean over tokens of a weight above zero."""
        return 1.0

    def steps_a_shape(self, batch_size: int) -> float:
        """Steps of the encoder and the decoder in one pass for each shape of batch."""
        sources = np.array([len(s) for s in self.sequences])
        both = (self.lengths.mean() + sources.mean()) / self.lengths.mean()
        shapes = len({rounded_length(n) for n in map(int, np.unique(sources))})
        return super().steps_a_shape(batch_size) * float(both) / shapes

    def signature(self, batch_size: int) -> Signature:
        """The shapes and dtypes of a batch."""
        ids = tf.TensorSpec((batch_size, None), tf.int32)
        return (ids, ids), ids, tf.TensorSpec((batch_size,), tf.float32)


def digest(chunks: Iterable[Pairs]) -> str:
    """A hash of pairs and their weights."""
    hashed = hashlib.sha256()
    for pairs in chunks:
        for row in (*pairs.sequences, *pairs.targets, pairs.weights):
            hashed.update(row.tobytes() + b"|")
    return hashed.hexdigest()
