"""A label for every step as a target."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from seqkit.decoding import marginals, viterbi
from seqkit.estimators.inputs.frames import is_frame
from seqkit.estimators.targets import GraphFunction, Objective
from seqkit.estimators.targets.classes import Classes
from seqkit.estimators.targets.labels import is_missing
from seqkit.models.padding import valid_steps
from seqkit.saving.records import Part, record
from seqkit.training.step_losses import chain_loss, step_accuracy, step_loss


@record
@dataclass
class StepLabelTarget(Part):
    """A label for each step of each sample.

    Args:
        classes: the labels that there are.
        crf: whether a linear-chain CRF scores labels together with their predecessors.
        cut: steps to which longer texts are cut, and their labels with them; None for no limit.
        most_frequent: position of the most frequent label of the training.
        mean_length: of the sequences of the training.
        rules_out: whether the CRF may rule out an I- without its beginning.
    """

    classes: Classes
    crf: bool
    cut: int | None
    most_frequent: int = 0
    mean_length: float = 1.0
    rules_out: bool = False
    nouns = ("list of labels", "lists of labels")

    def read(self, y: Any) -> list[np.ndarray]:
        """The labels of each sample, arrays (T_i,)."""
        return check_labels(y)

    def learn(self, chunks: Iterable[list[np.ndarray]]) -> None:
        """Learns the classes, and the scheme of spans that they follow."""
        sequences = 0
        self.rules_out = self.crf

        def labels() -> Iterable[np.ndarray]:
            nonlocal sequences
            for rows in chunks:
                sequences += len(rows)
                self.rules_out = self.rules_out and all(map(spans_begin_with_b, rows))
                yield np.concatenate(rows)

        counts = self.classes.learn(labels())
        self.most_frequent = int(counts.argmax())
        self.mean_length = float(counts.sum()) / sequences

    def encode(self, values: list[np.ndarray], sequences: list[np.ndarray]) -> list[np.ndarray]:
        """Positions among the classes, (T_i,) each.

        Raises:
            ValueError: where a sample has more or fewer labels than steps.
        """
        positions = []
        for i, (row, sequence) in enumerate(zip(values, sequences, strict=True)):
            steps = len(sequence)
            if len(row) != steps and not (len(row) > steps == self.cut):
                raise ValueError(
                    f"y[{i}] has {len(row)} labels, and X[{i}] has {steps} steps; every step "
                    "needs one label."
                )
            positions.append(self.classes.positions(row[:steps], f"y[{i}]"))
        return positions

    def weigh(self, targets: list[np.ndarray], weights: np.ndarray) -> np.ndarray:
        """The sample weights: those of the classes are in the loss, step by step."""
        return weights

    def strata(self, targets: list[np.ndarray]) -> None:
        """None: a sample has many labels."""

    def objective(self) -> Objective:
        """Cross-entropy of each step, or the negative log likelihood of whole sequences."""
        if self.crf:
            return Objective(chain_loss(self.mean_length), [])
        loss = step_loss(self.mean_length, self.classes.weights)
        return Objective(loss, [step_accuracy()])

    def functions(self, model: keras.Model) -> Mapping[str, GraphFunction]:
        """Positions of labels (B, T), and probabilities (B, T, K)."""

        def outputs(batch: tf.Tensor) -> tf.Tensor:
            return model(batch, training=False)

        if not self.crf:
            return {
                "labels": lambda batch: tf.argmax(outputs(batch), -1, tf.int32),
                "probabilities": outputs,
            }
        return {
            "labels": lambda batch: tf.maximum(viterbi(outputs(batch), valid_steps(batch))[0], 0),
            "probabilities": lambda batch: marginals(outputs(batch), valid_steps(batch)),
        }

    def served(self, model: keras.Model) -> Callable[[tf.Tensor], dict[str, tf.Tensor]]:
        """Labels as strings, empty after the end of a row, and probabilities."""
        functions = self.functions(model)

        def answer(batch: tf.Tensor) -> dict[str, tf.Tensor]:
            names = tf.constant([*map(str, self.classes.labels), ""])
            labels = tf.where(valid_steps(batch), functions["labels"](batch), len(self.classes))
            return {
                "labels": tf.gather(names, labels),
                "probabilities": functions["probabilities"](batch),
            }

        return answer


def check_labels(y: Any) -> list[np.ndarray]:
    """The labels of each sequence, arrays (T_i,).

    Args:
        y: a list of lists of labels, one a step.

    Raises:
        ValueError: where a label is missing.
        TypeError: for anything but lists of labels.

    Example:
        >>> [row.tolist() for row in check_labels([["b", "a"], ["b"]])]
        [['b', 'a'], ['b']]
    """
    if is_frame(y):  # of lists, or a label in each cell
        y = y.iloc[:, 0] if y.shape[1] == 1 else y.to_numpy()
    rows = list(y.tolist() if hasattr(y, "iloc") else y)
    labels = []
    for i, row in enumerate(rows):
        if isinstance(row, str) or not hasattr(row, "__len__"):
            raise TypeError(
                f"y[{i}] must be a list of labels, one a step, got {row!r}. The labels of one "
                "sequence alone are [y]."
            )
        if getattr(row, "ndim", 1) == 2 and row.shape[1] == 1:  # of y (n, T, 1)
            row = row[:, 0]
        if getattr(row, "ndim", 1) != 1:
            raise ValueError(
                f"y[{i}] must have one label a step, got an array of shape {tuple(row.shape)}. Of "
                "one-hot labels give y.argmax(-1)."
            )
        missing = [k for k, label in enumerate(row) if is_missing(label)]
        if missing:
            raise ValueError(f"y[{i}][{missing[0]}] is missing; every step needs a label.")
        labels.append(np.asarray(row))
    return labels


def spans_begin_with_b(row: np.ndarray) -> bool:
    """Whether each label I-type follows B-type or I-type, as the scheme BIO has it.

    In the older scheme IOB a span begins with I-, and with B- only right after another one.

    Example:
        >>> spans_begin_with_b(np.array(["B-NP", "I-NP", "O"]))
        True
        >>> spans_begin_with_b(np.array(["I-NP", "I-NP", "O"]))
        False
    """
    labels = [str(label) for label in row]
    pairs = zip(["O", *labels], labels, strict=False)
    return all(not b.startswith("I-") or (a[:1] in "BI" and a[1:] == b[1:]) for a, b in pairs)
