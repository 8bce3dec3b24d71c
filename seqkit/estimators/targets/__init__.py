"""Targets: how an estimator reads y, the loss that it minimises, and how outputs become answers.

A target is made when fit sees the first y, and kept: prediction and export answer by it alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple, Protocol

import keras
import numpy as np

from seqkit.types import Targets, Tensor

GraphFunction = Callable[[Tensor], Tensor]


class Objective(NamedTuple):
    """The loss and metrics that a model is compiled with."""

    loss: str | keras.losses.Loss
    metrics: list[keras.metrics.Metric]


class Encoder(Protocol):
    """One form of y, read.

    Attributes:
        nouns: what errors call one target, and several.
    """

    nouns: tuple[str, str]

    def read(self, y: Targets) -> Any:
        """Checks y.

        Raises:
            ValueError, TypeError: with the place of the first fault.
        """

    def learn(self, chunks: Iterable[Any]) -> None:
        """Learns from what `read` gave, whole or in pieces."""

    def encode(self, values: Any, sequences: list[np.ndarray]) -> Any:
        """The targets as batches are made of them: an array (n, ...), or a list of (T_i,)."""

    def weigh(self, targets: Any, weights: Any) -> Any:
        """Weights of samples (n,), or of steps, times those of classes, where these have any."""

    def strata(self, targets: Any) -> np.ndarray | None:
        """Classes by which samples are held out, (n,); None to hold out any."""

    def constant_loss(self, targets: Any, weights: np.ndarray) -> float | None:
        """The least loss of a model that answers the same to everything, as a training's history
        has it; None where there is no telling.

        Args:
            targets, weights: of the examples, as `encode` and `weigh` give them.
        """


class Target(Encoder, Protocol):
    """One form of y, read, learned and answered."""

    def objective(self) -> Objective:
        """The loss and the metrics."""

    def functions(self, model: keras.Model) -> Mapping[str, GraphFunction]:
        """By name, what prediction computes of a batch of sequences."""

    def served(self, model: keras.Model) -> Callable[[Tensor], dict[str, Tensor]]:
        """The answers of an export to a batch of sequences, by name."""


class UnseenClass(ValueError):
    """A class that fit has not learned.

    Args:
        fault: what is wrong, for callers that know another way out.
    """

    def __init__(self, fault: str) -> None:
        super().__init__(f"{fault} To train on other classes use fit with warm_start=False.")
        self.fault = fault


def check_counts(samples: Sequence[object], targets: int, nouns: tuple[str, str]) -> None:
    """Raises ValueError unless there are as many targets as samples.

    Args:
        samples: of X.
        targets: their number.
        nouns: what errors call one target, and several.
    """
    if len(samples) == targets:
        return
    numeric = bool(samples) and getattr(samples[0], "ndim", 0) == 2
    hint = " If X is one sequence, give [X]." if numeric and targets == 1 else ""
    raise ValueError(
        f"X and y must be of the same length, got {len(samples)} sequences and {targets} "
        f"{nouns[targets != 1]}.{hint}"
    )
