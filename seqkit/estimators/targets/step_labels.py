"""Labels for each step: their codes, and their loss."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from seqkit.decoding import crf_loss
from seqkit.estimators.inputs.frames import is_frame
from seqkit.training.examples import NO_LABEL, check_counts


def check_labels(
    y: Any, sequences: list[np.ndarray] | None = None, cut: int | None = None
) -> list[np.ndarray]:
    """The labels of each sequence, arrays (T_i,).

    Args:
        y: a list of lists of labels, one a step.
        sequences: what they belong to, if lengths are to be compared.
        cut: number of steps to which longer sequences were cut, and their labels will be.

    Raises:
        ValueError: where lengths differ, or a label is missing.
        TypeError: for anything but lists of labels.

    Example:
        >>> [row.tolist() for row in check_labels([["b", "a"], ["b"]])]
        [['b', 'a'], ['b']]
    """
    if y is None:
        raise ValueError(
            "SequenceTagger requires y to be passed, but the target y is None. y must be lists of "
            "labels, one a step."
        )
    if is_frame(y):  # of lists, or a label in each cell
        y = y.iloc[:, 0] if y.shape[1] == 1 else y.to_numpy()
    rows = list(y.tolist() if hasattr(y, "iloc") else y)
    if sequences is not None:
        check_counts(sequences, len(rows), ("list of labels", "lists of labels"))
    labels = []
    for i, row in enumerate(rows):
        if isinstance(row, str) or not hasattr(row, "__len__"):
            raise TypeError(
                f"y[{i}] must be a list of labels, one a step, got {row!r}. The labels of one "
                "sequence alone are [y]."
            )
        steps = len(row) if sequences is None else len(sequences[i])
        if len(row) != steps and not (len(row) > steps == cut):
            raise ValueError(
                f"y[{i}] has {len(row)} labels, and X[{i}] has {steps} steps; every step needs one "
                "label."
            )
        missing = [k for k, label in enumerate(row) if label is None or label != label]
        if missing:
            raise ValueError(f"y[{i}][{missing[0]}] is missing; every step needs a label.")
        labels.append(np.asarray(row)[:steps])
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
