"""Indicators as a target: any number of labels for each sample."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from scipy.special import entr
from sklearn.utils.class_weight import compute_sample_weight

from seqkit.estimators.targets import GraphFunction, Objective
from seqkit.estimators.targets.classes import Classes
from seqkit.estimators.targets.labels import ANOTHER_FORM, read_labels
from seqkit.saving.records import Part, record


@record
@dataclass
class IndicatorTarget(Part):
    """An indicator for each sample and label, (n, K).

    Args:
        classes: the labels, which are the columns of y.
    """

    classes: Classes = field(default_factory=Classes)
    multilabel = True
    nouns = ("label", "labels")

    def read(self, y: Any) -> Any:
        """y as indicators (n, K)."""
        indicators, multilabel = read_labels(y)
        if not multilabel:
            raise ValueError(ANOTHER_FORM)
        return indicators

    def learn(self, chunks: Iterable[Any]) -> None:
        """Learns the names of the columns."""
        first = next(iter(chunks))
        named = hasattr(first, "columns")
        self.classes.labels = first.columns.to_numpy() if named else np.arange(np.shape(first)[1])

    def encode(self, values: Any, sequences: list[np.ndarray]) -> np.ndarray:
        """Indicators as numbers, (n, K)."""
        if np.shape(values)[1] != len(self.classes):
            raise ValueError(
                f"y must have {len(self.classes)} columns of labels, got {np.shape(values)[1]}."
            )
        return np.asarray(values).astype(np.float32)

    def weigh(self, targets: np.ndarray, weights: np.ndarray) -> np.ndarray:
        """Sample weights times those of their labels."""
        if self.classes.class_weight is None:
            return weights
        by_label = compute_sample_weight(self.classes.class_weight, targets.astype(int))
        return weights * by_label.astype(np.float32)

    def strata(self, targets: np.ndarray) -> None:
        """None: there may be as many combinations of labels as samples."""

    def constant_loss(self, targets: np.ndarray, weights: np.ndarray) -> float:
        """The mean entropy of each label, given or not."""
        share = np.average(targets, axis=0, weights=weights)
        return float((entr(share) + entr(1 - share)).mean() * weights.mean())

    def objective(self) -> Objective:
        """Binary cross-entropy of each label."""
        metric = keras.metrics.BinaryAccuracy(name="binary_accuracy")
        return Objective("binary_crossentropy", [metric])

    def functions(self, model: keras.Model) -> Mapping[str, GraphFunction]:
        """Probabilities (B, K)."""
        return {"probabilities": lambda batch: model(batch, training=False)}

    def decide(self, probabilities: np.ndarray) -> np.ndarray:
        """The labels above one half, (n, K)."""
        return (probabilities > 0.5).astype(int)

    def served(self, model: keras.Model) -> Callable[[tf.Tensor], dict[str, tf.Tensor]]:
        """Probabilities, and the labels that the columns stand for."""

        def answer(batch: tf.Tensor) -> dict[str, tf.Tensor]:
            probabilities = model(batch, training=False)
            # A row for each sample: clients that read answers row by row expect the batch first.
            names = tf.repeat(self.classes.served()[None], tf.shape(probabilities)[0], axis=0)
            return {"probabilities": probabilities, "labels": names}

        return answer
