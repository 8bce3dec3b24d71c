"""Inputs: how an estimator reads X, and what it learns of it.

An input is made when fit sees the first X, and kept: prediction and export read by it alone.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import Any, NamedTuple, Protocol

import keras
import numpy as np
import tensorflow as tf

from seqkit.models.sources import Source
from seqkit.types import Inputs, Tensor


class Samples(NamedTuple):
    """X, checked.

    Attributes:
        values: a sample each: texts, or arrays (T_i, d).
        instances: of a frame in long form, the name of each sample; else None.
        steps: of each sample as it was given, the padding at its end too, which values are without;
            None where there can be none.
    """

    values: list[Any]
    instances: Sequence[Hashable] | np.ndarray | None = None
    steps: Sequence[int] | None = None


class ServedInput(NamedTuple):
    """The input of an export.

    Attributes:
        spec: of the tensor that clients send.
        to_batch: from that tensor to a batch as the model takes it, in the graph.
        assets: what `to_batch` needs tracked, such as lookup tables.
    """

    spec: tf.TensorSpec
    to_batch: Callable[[Tensor], Tensor]
    assets: Sequence[object] = ()


class Reader(Protocol):
    """One form of X, read."""

    def read(self, X: Inputs) -> Samples:
        """Checks X; after the first X, that it is of the same form.

        Raises:
            ValueError, TypeError: with the place of the first fault.
        """

    def learn(self, chunks: Iterable[Samples]) -> None:
        """Learns from X, which comes whole or in pieces."""

    def encode(self, samples: Samples) -> list[np.ndarray]:
        """The sequences as batches are made of them: numbers (T_i, d), or ids (T_i,)."""

    def initialize(self, model: keras.Model) -> None:
        """Gives a new model what it begins with, such as word vectors."""


class Input(Reader, Protocol):
    """One form of X, read, modelled and served."""

    def source(self) -> Source:
        """The first layers of a model that reads these sequences."""

    def served(self) -> ServedInput:
        """The same reading within an export's graph."""

    def request(self, X: Inputs) -> dict[str, np.ndarray]:
        """X as clients of an export send it, by the name of the input."""

    def example(self) -> Inputs:
        """A few made-up sequences, such as fit has learned of: valid, and of no meaning."""
