"""Classes: their order, their weights, and their positions; one a sample as a target."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from scipy.special import entr
from sklearn.utils.class_weight import compute_class_weight

from seqkit.checks import did_you_mean
from seqkit.estimators.targets import GraphFunction, Objective, UnseenClass
from seqkit.estimators.targets.label_lists import label_lists
from seqkit.estimators.targets.labels import ANOTHER_FORM, read_labels
from seqkit.saving.records import Part, record
from seqkit.text.characters import utf8
from seqkit.training.step_losses import label_loss
from seqkit.types import Targets, Tensor


@record
@dataclass
class Classes(Part):
    """The classes that y may hold.

    Args:
        class_weight: weight of each class, as in scikit-learn.
        expected: all classes that y may bring later, or None for those of the first y.
        labels: the classes, sorted, (K,).
        weights: of the classes in the loss, (K,), or None for all alike.
    """

    class_weight: Mapping[Any, float] | str | None = None
    expected: Targets = None
    labels: np.ndarray = field(default_factory=lambda: np.zeros(0))
    weights: np.ndarray | None = None

    def __len__(self) -> int:
        """The number of classes."""
        return len(self.labels)

    def learn(self, chunks: Iterable[np.ndarray]) -> np.ndarray:
        """Learns the classes, and their weights, of labels that come in pieces.

        Returns:
            How often each class occurs, (K,).
        """
        parts = [np.unique(labels, return_counts=True) for labels in chunks]
        known, place = np.unique(np.concatenate([part[0] for part in parts]), return_inverse=True)
        counts = np.bincount(place, np.concatenate([part[1] for part in parts]), len(known))
        if self.expected is not None:
            expected = np.unique(self.expected)
            counts = np.array([counts[known == label].sum() for label in expected])
            known, self.expected = expected, None
        elif len(known) < 2:
            raise ValueError(
                f"y must hold at least 2 classes, got 1 class: {known.tolist()[0]!r} everywhere."
            )
        self.labels, weight = known, self.class_weight
        if isinstance(weight, str) and weight == "balanced":
            self.weights = (counts.sum() / len(known) / counts).astype(np.float32)
        elif weight is not None:
            weights = compute_class_weight(weight, classes=known, y=known)
            self.weights = weights.astype(np.float32)
        return counts

    def positions(self, labels: np.ndarray, place: str = "y") -> np.ndarray:
        """The positions of labels among the classes.

        Args:
            labels: (n,).
            place: what errors call them.

        Raises:
            UnseenClass: for a label that is none of the classes.
        """
        unseen = np.setdiff1d(labels, self.labels)
        if len(unseen):
            shown = ", ".join(map(repr, self.labels[:10].tolist()))
            raise UnseenClass(
                f"{place} has {unseen.tolist()[0]!r}, which is not among the classes that fit "
                f"learned, {shown}{', ...' if len(self) > 10 else ''}."
                f"{did_you_mean(unseen[0], map(str, self.labels))}"
            )
        return np.searchsorted(self.labels, labels).astype(np.int32)

    def served(self) -> Tensor:
        """The classes as an export gives them: integers stay, others become strings."""
        if self.labels.dtype.kind in "iu":
            return tf.constant(self.labels, tf.int64)
        return tf.constant(self.names())

    def names(self) -> list[bytes]:
        """The classes as text, for a graph."""
        return [utf8(str(label)) for label in self.labels]


@record
@dataclass
class ClassTarget(Part):
    """A class for each sample.

    Args:
        classes: which there are.
        label_smoothing: share of each label's probability that the loss spreads over all classes.
    """

    classes: Classes
    label_smoothing: float = 0.0
    multilabel = False
    nouns = ("label", "labels")

    def read(self, y: Targets) -> np.ndarray:
        """y as labels (n,)."""
        if label_lists(y) is not None:
            raise ValueError(ANOTHER_FORM)
        labels, multilabel = read_labels(y)
        if multilabel:
            raise ValueError(ANOTHER_FORM)
        return labels

    def learn(self, chunks: Iterable[np.ndarray]) -> None:
        """Learns the classes."""
        self.classes.learn(chunks)

    def encode(self, values: np.ndarray, sequences: list[np.ndarray]) -> np.ndarray:
        """Positions among the classes, (n,)."""
        return self.classes.positions(values)

    def weigh(self, targets: np.ndarray, weights: np.ndarray) -> np.ndarray:
        """Sample weights times those of the classes."""
        return weights if self.classes.weights is None else weights * self.classes.weights[targets]

    def strata(self, targets: np.ndarray) -> np.ndarray:
        """The classes."""
        return targets

    def constant_loss(self, targets: np.ndarray, weights: np.ndarray) -> float:
        """The entropy of the classes' shares."""
        totals = np.bincount(targets, weights, len(self.classes))
        smoothing = self.label_smoothing
        shares = (1 - smoothing) * totals / totals.sum() + smoothing / len(totals)
        return float(entr(shares).sum() * weights.mean())

    def objective(self) -> Objective:
        """Cross-entropy."""
        # A metric's object, not its name: of a name Keras makes the variables while it traces the
        # training step, and has to trace it once more.
        metric = keras.metrics.SparseCategoricalAccuracy(name="accuracy")
        return Objective(label_loss(self.label_smoothing), [metric])

    def functions(self, model: keras.Model) -> Mapping[str, GraphFunction]:
        """Probabilities (B, K)."""
        return {"probabilities": lambda batch: model(batch, training=False)}

    def decide(self, probabilities: np.ndarray) -> np.ndarray:
        """The most probable class of each sample, (n,)."""
        return self.classes.labels[probabilities.argmax(1)]

    def served(self, model: keras.Model) -> Callable[[Tensor], dict[str, Tensor]]:
        """Probabilities, and the most probable class."""

        def answer(batch: Tensor) -> dict[str, Tensor]:
            probabilities = model(batch, training=False)
            label = tf.gather(self.classes.served(), tf.argmax(probabilities, axis=1))
            return {"probabilities": probabilities, "label": label}

        return answer
