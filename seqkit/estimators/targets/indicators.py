"""Any number of labels for each sample as a target: indicators, or lists of labels."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from scipy.special import entr
from sklearn.utils.class_weight import compute_sample_weight

from seqkit.estimators.targets import GraphFunction, Objective, check_counts
from seqkit.estimators.targets.classes import Classes
from seqkit.estimators.targets.label_lists import is_matrix, label_lists
from seqkit.estimators.targets.labels import ANOTHER_FORM, read_labels
from seqkit.saving.records import Part, record
from seqkit.types import Targets, Tensor


@record
@dataclass
class IndicatorTarget(Part):
    """An indicator for each sample and label, (n, K); or a list of labels for each sample.

    Args:
        classes: the labels: the columns of y, or those in its lists, sorted.
        label_smoothing: share of each indicator that the loss moves to one half.
        lists: whether y has lists of labels; indicators of the same labels are read too.
    """

    classes: Classes = field(default_factory=Classes)
    label_smoothing: float = 0.0
    lists: bool = False
    multilabel = True
    nouns = ("label", "labels")

    def read(self, y: Targets) -> Any:
        """y as indicators (n, K), or lists of labels."""
        if self.lists and not is_matrix(y):
            return label_lists(y, expected=True)
        if label_lists(y) is not None:
            raise ValueError(ANOTHER_FORM)
        indicators, multilabel = read_labels(y)
        if not multilabel:
            raise ValueError(ANOTHER_FORM)
        return indicators

    def learn(self, chunks: Iterable[Any]) -> None:
        """Learns the names of the columns, or the labels that there are."""
        if self.lists:
            known = np.unique([label for rows in chunks for row in rows for label in row])
            if self.classes.expected is not None:
                known = np.unique(self.classes.expected)
            if not len(known):
                raise ValueError("y must hold at least one label, got empty lists alone.")
            self.classes.labels, self.classes.expected = known, None
            return
        first = next(iter(chunks))
        named = hasattr(first, "columns")
        self.classes.labels = first.columns.to_numpy() if named else np.arange(np.shape(first)[1])

    def encode(self, values: Any, sequences: list[np.ndarray]) -> np.ndarray:
        """Indicators as numbers, (n, K)."""
        if isinstance(values, list):
            return self._marked(values)
        if np.shape(values)[1] != len(self.classes):
            raise ValueError(
                f"y must have {len(self.classes)} columns of labels, got {np.shape(values)[1]}."
            )
        return np.asarray(values).astype(np.float32)

    def _marked(self, rows: list[list[Any]]) -> np.ndarray:
        """The indicators of lists of labels, (n, K)."""
        indicators = np.zeros((len(rows), len(self.classes)), np.float32)
        labels = [label for row in rows for label in row]
        if labels:
            samples = np.repeat(np.arange(len(rows)), [len(row) for row in rows])
            indicators[samples, self.classes.positions(np.array(labels))] = 1
        return indicators

    def right(self, y: Any, predicted: np.ndarray) -> np.ndarray:
        """Which samples have just the labels that are predicted, (n,).

        Args:
            y: the truth, lists of labels; one that is none of the classes is not predicted.
            predicted: indicators (n, K).
        """
        truth = label_lists(y, expected=True) or []
        check_counts(list(predicted), len(truth), self.nouns)
        predicted_sets = [set(self.classes.labels[row > 0].tolist()) for row in predicted]
        return np.array(
            [set(row) == labels for row, labels in zip(truth, predicted_sets, strict=True)]
        )

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
        share = (1 - self.label_smoothing) * share + self.label_smoothing / 2
        return float((entr(share) + entr(1 - share)).mean() * weights.mean())

    def objective(self) -> Objective:
        """Binary cross-entropy of each label."""
        metric = keras.metrics.BinaryAccuracy(name="binary_accuracy")
        smoothing = self.label_smoothing
        return Objective(keras.losses.BinaryCrossentropy(label_smoothing=smoothing), [metric])

    def functions(self, model: keras.Model) -> Mapping[str, GraphFunction]:
        """Probabilities (B, K)."""
        return {"probabilities": lambda batch: model(batch, training=False)}

    def decide(self, probabilities: np.ndarray) -> np.ndarray:
        """The labels above one half, (n, K)."""
        return (probabilities > 0.5).astype(int)

    def served(self, model: keras.Model) -> Callable[[Tensor], dict[str, Tensor]]:
        """Probabilities, and the labels that the columns stand for."""

        def answer(batch: Tensor) -> dict[str, Tensor]:
            probabilities = model(batch, training=False)
            # A row for each sample: clients that read answers row by row expect the batch first.
            names = tf.repeat(self.classes.served()[None], tf.shape(probabilities)[0], axis=0)
            return {"probabilities": probabilities, "labels": names}

        return answer
