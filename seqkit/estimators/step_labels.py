"""Labels for each step: their codes, and their loss."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from seqkit.decoding import crf_loss
from seqkit.estimators.examples import NO_LABEL


def encode_steps(
    y: Any, sequences: list[np.ndarray], classes: np.ndarray | None, cut: int | None = None
) -> tuple[np.ndarray, list[np.ndarray]]:
    """The classes, and the codes of the labels of each sequence, int32 (T_i,).

    Args:
        y: labels of each step of each sequence.
        sequences: what they belong to.
        classes: the known labels, sorted; None: those of y.
        cut: number of steps to which longer sequences were cut, or None.

    Raises:
        ValueError: where lengths differ, a label is missing or not known, or there is only one.

    Example:
        >>> X = [np.zeros((2, 1)), np.zeros((1, 1))]
        >>> classes, codes = encode_steps([["b", "a"], ["b"]], X, None)
        >>> classes.tolist(), [row.tolist() for row in codes]
        (['a', 'b'], [[1, 0], [1]])
    """
    if y is None:
        raise ValueError(
            "SequenceTagger requires y to be passed, but the target y is None. y must be lists of "
            "labels, one a step."
        )
    rows = list(y.tolist() if hasattr(y, "iloc") else y)
    if len(rows) != len(sequences):
        raise ValueError(
            f"X and y must be of the same length, got {len(sequences)} sequences and {len(rows)} "
            "lists of labels."
        )
    labels = []
    for i, (row, steps) in enumerate(zip(rows, sequences, strict=True)):
        if isinstance(row, str) or not hasattr(row, "__len__"):
            raise TypeError(f"y[{i}] must be a list of labels, one a step, got {row!r}.")
        if len(row) != len(steps) and not (len(row) > len(steps) == cut):
            raise ValueError(
                f"y[{i}] has {len(row)} labels, and X[{i}] has {len(steps)} steps; every step "
                "needs one label."
            )
        missing = [k for k, label in enumerate(row) if label is None or label != label]
        if missing:
            raise ValueError(f"y[{i}][{missing[0]}] is missing; every step needs a label.")
        labels.append(np.asarray(row)[: len(steps)])
    found = np.unique(np.concatenate(labels))
    if classes is None:
        classes = found
    unseen = np.setdiff1d(found, classes)
    if len(unseen):
        i = next(i for i, row in enumerate(labels) if unseen[0] in row)
        raise ValueError(
            f"y[{i}] has the label {unseen[0].item()!r}, which was not among those of the first "
            f"fit, {', '.join(map(repr, classes.tolist()[:10]))}."
        )
    if len(classes) < 2:
        raise ValueError(f"y must hold at least 2 labels, got 1: {classes[0].item()!r} everywhere.")
    return classes, [np.searchsorted(classes, row).astype(np.int32) for row in labels]


class SequenceLoss(keras.losses.Loss):
    """A loss summed over the steps of a sequence, by the mean length of the training's.

    So every step counts the same, whatever batch its sequence is in. Padding is what has no label:
    Keras's own mask, which not every version passes on, is not asked for.

    Args:
        of_sequence: from labels (B, T), `NO_LABEL` at padding, and outputs to losses (B,).
        mean_length: of the training's sequences.
    """

    def __init__(self, of_sequence: Callable[[Any, Any], Any], mean_length: float) -> None:
        super().__init__(name="loss", reduction="sum_over_batch_size")
        self.of_sequence = of_sequence
        self.mean_length = mean_length

    def __call__(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> Any:
        losses = self.of_sequence(tf.cast(y_true, tf.int32), y_pred) / self.mean_length
        if sample_weight is not None:
            losses *= tf.cast(sample_weight, losses.dtype)
        return tf.reduce_mean(losses)


def step_loss(mean_length: float, label_weights: np.ndarray | None) -> SequenceLoss:
    """Cross-entropy of each step's label, weighted by its label's weight (K,) if there are any."""
    weights = None if label_weights is None else tf.constant(label_weights)

    def of_sequence(labels: tf.Tensor, probabilities: tf.Tensor) -> tf.Tensor:
        known = tf.maximum(labels, 0)
        of_step = keras.losses.sparse_categorical_crossentropy(known, probabilities)
        if weights is not None:
            of_step *= tf.gather(weights, known)
        return tf.reduce_sum(tf.where(labels != NO_LABEL, of_step, 0.0), axis=1)

    return SequenceLoss(of_sequence, mean_length)


def chain_loss(mean_length: float) -> SequenceLoss:
    """Negative log likelihood of a CRF's whole sequences."""
    return SequenceLoss(crf_loss, mean_length)


def step_accuracy() -> keras.metrics.Metric:
    """The share of steps whose most probable label is right."""
    return StepAccuracy(name="accuracy")


@keras.saving.register_keras_serializable("seqkit")
class StepAccuracy(keras.metrics.Mean):
    """Accuracy over the steps that have a label; weights are of sequences."""

    def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> None:
        labels = tf.cast(y_true, tf.int32)
        right = tf.cast(tf.argmax(y_pred, -1, tf.int32) == labels, tf.float32)
        weight = tf.cast(labels != NO_LABEL, tf.float32)
        if sample_weight is not None:
            weight *= tf.cast(sample_weight, tf.float32)[:, None]
        super().update_state(right, weight)
