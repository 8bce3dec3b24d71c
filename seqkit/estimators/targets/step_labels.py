"""A label for every step as a target."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from seqkit.decoding import marginals, viterbi
from seqkit.estimators.inputs.alignment import listed
from seqkit.estimators.inputs.arrays import as_numpy
from seqkit.estimators.targets import GraphFunction, Objective
from seqkit.estimators.targets.classes import Classes
from seqkit.estimators.targets.labels import as_integers, is_missing
from seqkit.models.padding import valid_steps
from seqkit.saving.records import Part, record
from seqkit.tag_schemes import breaks, scheme_of
from seqkit.training.examples import NO_LABEL
from seqkit.training.step_losses import chain_loss, step_accuracy, step_loss
from seqkit.types import Targets, Tensor


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
        label_smoothing: share of each label's probability that the loss spreads over all classes.
        rules_out: whether the CRF may rule out what the labels' scheme of spans does.
    """

    classes: Classes
    crf: bool
    cut: int | None
    label_smoothing: float = 0.0
    most_frequent: int = 0
    mean_length: float = 1.0
    rules_out: bool = False
    nouns = ("list of labels", "lists of labels")

    def read(self, y: Targets) -> list[np.ndarray]:
        """The labels of each sample, arrays (T_i,)."""
        return check_labels(y)

    def learn(self, chunks: Iterable[list[np.ndarray]]) -> None:
        """Learns the classes, and the scheme of spans that they follow."""
        sequences = 0
        pairs: set[tuple[str | None, str | None]] = set()

        def labels() -> Iterable[np.ndarray]:
            nonlocal sequences
            for rows in chunks:
                sequences += len(rows)
                if self.crf:
                    pairs.update(*map(_neighbours, rows))
                yield np.concatenate(rows)

        counts = self.classes.learn(labels())
        self.most_frequent = int(counts.argmax())
        self.mean_length = float(counts.sum()) / sequences
        scheme = self._scheme
        self.rules_out = self.crf and not (scheme and any(breaks(*pair, scheme) for pair in pairs))

    def encode(self, values: list[np.ndarray], sequences: list[np.ndarray]) -> list[np.ndarray]:
        """Positions among the classes, (T_i,) each.

        Where a row is cut within a span that a CRF wants ended, its last step has no label.

        Raises:
            ValueError: where a sample has more or fewer labels than steps.
        """
        positions = []
        for i, (row, sequence) in enumerate(zip(values, sequences, strict=True)):
            steps = len(sequence)
            if not len(row) > steps == self.cut:
                check_steps(i, len(row), steps)
            positions.append(self.classes.positions(row[:steps], f"y[{i}]"))
            if len(row) > steps and self._no_end(row[steps - 1]):
                positions[i][-1] = NO_LABEL  # so its end is no end of the chain
        return positions

    @property
    def _scheme(self) -> str | None:
        """The scheme of spans that the labels are of, or None."""
        return scheme_of(map(str, self.classes.labels))

    def _no_end(self, label: object) -> bool:
        """Whether the CRF rules out a sequence that ends in this label."""
        scheme = self._scheme if self.rules_out else None
        return scheme is not None and breaks(str(label), None, scheme)

    def weigh(self, targets: list[np.ndarray], weights: Any) -> Any:
        """The weights of samples or steps: those of the classes are in the loss, step by step."""
        return weights

    def strata(self, targets: list[np.ndarray]) -> None:
        """None: a sample has many labels."""

    def constant_loss(self, targets: object, weights: np.ndarray) -> None:
        """None: not known for chains, nor for labels that are weighted."""

    def objective(self) -> Objective:
        """Cross-entropy of each step, or the negative log likelihood of whole sequences."""
        if self.crf:
            return Objective(chain_loss(self.mean_length), [])
        loss = step_loss(self.mean_length, self.classes.weights, self.label_smoothing)
        return Objective(loss, [step_accuracy()])

    def functions(self, model: keras.Model) -> Mapping[str, GraphFunction]:
        """Positions of labels (B, T), and probabilities (B, T, K)."""

        def outputs(batch: Tensor) -> Tensor:
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

    def served(self, model: keras.Model) -> Callable[[Tensor], dict[str, Tensor]]:
        """Labels as strings, empty after the end of a row, and probabilities."""
        functions = self.functions(model)

        def answer(batch: Tensor) -> dict[str, Tensor]:
            names = tf.constant([*self.classes.names(), b""])
            labels = tf.where(valid_steps(batch), functions["labels"](batch), len(self.classes))
            return {
                "labels": tf.gather(names, labels),
                "probabilities": functions["probabilities"](batch),
            }

        return answer

    def uncut(self, name: str, rows: list[np.ndarray], lengths: np.ndarray) -> list[np.ndarray]:
        """Outputs of the function of this name, of texts as long as they were before the cut: the
        steps past it have the most frequent label."""
        labels = np.asarray(self.most_frequent)
        fill = {"labels": labels, "probabilities": self._certain()}[name]
        return [
            row if len(row) == n else np.concatenate([row, np.stack([fill] * (n - len(row)))])
            for row, n in zip(rows, lengths, strict=True)
        ]

    def served_uncut(self, answer: dict[str, Tensor], lengths: Tensor) -> dict[str, Tensor]:
        """The same of an export's answer; lengths (B,)."""
        labels, probabilities = answer["labels"], answer["probabilities"]
        steps = tf.shape(labels)[1]
        past = tf.range(steps, tf.maximum(tf.reduce_max(lengths), steps)) < lengths[:, None]
        label = tf.where(past, self.classes.names()[self.most_frequent], b"")  # (B, more)
        certain = tf.where(past[..., None], self._certain(), 0.0)
        return {
            "labels": tf.concat([labels, label], 1),
            "probabilities": tf.concat([probabilities, certain], 1),
        }

    def _certain(self) -> np.ndarray:
        """The probabilities (K,) of a step that has the most frequent label."""
        return np.eye(len(self.classes), dtype=np.float32)[self.most_frequent]


def check_steps(sample: int, labels: int, steps: int) -> None:
    """Raises ValueError unless a sample has as many labels as steps."""
    if labels != steps:
        raise ValueError(
            f"y[{sample}] has {labels} labels, and X[{sample}] has {steps} steps; every step "
            "needs one label."
        )


def check_labels(y: Any) -> list[np.ndarray]:
    """The labels of each sequence, arrays (T_i,).

    Args:
        y: a list of lists of labels, one a step.

    Raises:
        ValueError: where a label is missing.
        TypeError: for anything but lists of labels, all of them strings or none.

    Example:
        >>> [row.tolist() for row in check_labels([["b", "a"], ["b"]])]
        [['b', 'a'], ['b']]
    """
    if isinstance(y, str | bytes | dict) or not hasattr(y, "__len__"):
        raise TypeError(f"y must be a list of lists of labels, one a step, got {y!r}.")
    rows = listed(y)
    labels = []
    one: Any = None  # label
    for i, row in enumerate(rows):
        if isinstance(row, str | set | frozenset | dict) or not hasattr(row, "__len__"):
            raise TypeError(
                f"y[{i}] must be a list of labels, one a step, got {row!r}. The labels of one "
                "sequence alone are [y]."
            )
        row = _of_tensor(row)
        if getattr(row, "ndim", 1) == 2 and row.shape[1] == 1:  # of y (n, T, 1)
            row = row[:, 0]
        if getattr(row, "ndim", 1) != 1:
            raise ValueError(
                f"y[{i}] must have one label a step, got an array of shape {tuple(row.shape)}. Of "
                "one-hot labels give y.argmax(-1)."
            )
        for k, label in enumerate(row):
            if is_missing(label):
                raise ValueError(f"y[{i}][{k}] is missing; every step needs a label.")
            if hasattr(label, "__len__") and not isinstance(label, str | bytes):
                raise TypeError(
                    f"y[{i}][{k}] must be one label, got {label!r}. Of one-hot labels give their "
                    "argmax; of a tf.data.Dataset of batches dataset.unbatch()."
                )
            one = label if one is None else one
            if isinstance(label, str) != isinstance(one, str):
                raise TypeError(
                    f"y[{i}][{k}] is {label!r}, where other labels are such as {one!r}. Give all "
                    "of them as strings, or all as numbers."
                )
        labels.append(as_integers(np.asarray(row)))
    return labels


def _of_tensor(row: Any) -> Any:
    """A tensor as an array, strings as str; anything else as it is."""
    if not tf.is_tensor(row):
        return row
    values = as_numpy(row)
    if values.dtype != object:
        return values
    texts = [value.decode("utf-8", "replace") for value in values.ravel()]
    return np.array(texts, object).reshape(values.shape)


def _neighbours(row: np.ndarray) -> Iterable[tuple[str | None, str | None]]:
    """Each label with the one before it; None stands before the first and after the last."""
    labels = [str(label) for label in row]
    return itertools.pairwise([None, *labels, None])
