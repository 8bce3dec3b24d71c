"""Losses and accuracy over the steps of sequences, padding left out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from seqkit.decoding import crf_loss
from seqkit.training.examples import NO_LABEL
from seqkit.types import Tensor


class SequenceLoss(keras.losses.Loss):
    """A loss summed over the steps of a sequence, by the mean length of the training's.

    So every step counts the same, whatever batch its sequence is in. Padding is what has no label:
    Keras's own mask, which not every version passes on, is not asked for. Weights are of the
    sequences, (B, 1), or of their steps, (B, T).

    Args:
        of_sequence: from labels (B, T), `NO_LABEL` at padding, outputs, and the weights of steps
            (B, T) or None, to losses (B,).
        mean_length: of the training's sequences.
    """

    def __init__(self, of_sequence: Callable[..., Tensor], mean_length: float) -> None:
        super().__init__(name="loss", reduction="sum_over_batch_size")
        self.of_sequence = of_sequence
        self.mean_length = mean_length

    def __call__(
        self, y_true: Tensor, y_pred: Tensor, sample_weight: Tensor | None = None
    ) -> Tensor:
        labels = tf.cast(y_true, tf.int32)
        one_a_sequence = sample_weight is None or sample_weight.shape[-1] == 1
        losses = self.of_sequence(labels, y_pred, None if one_a_sequence else sample_weight)
        losses /= self.mean_length
        if one_a_sequence and sample_weight is not None:
            losses *= tf.cast(sample_weight[:, 0], losses.dtype)
        return tf.reduce_mean(losses)


@keras.saving.register_keras_serializable("seqkit")
class SmoothedCrossEntropy(keras.losses.Loss):
    """Cross-entropy of labels, integers (...), of which a share is spread over all classes.

    Szegedy et al. 2016, section 7: (1 - e) times that of the label, and e times the mean of those
    of all K classes.

    Args:
        smoothing: e, in [0, 1).

    Example:
        >>> even = np.array([[0.5, 0.5]], "float32")
        >>> loss = SmoothedCrossEntropy(0.2)(np.array([0]), even)
        >>> round(float(loss), 4)  # log 2
        0.6931
    """

    def __init__(self, smoothing: float, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.smoothing = smoothing

    def call(self, y_true: Any, y_pred: Any) -> Any:
        of_label = keras.losses.sparse_categorical_crossentropy(y_true, y_pred)
        probabilities = keras.ops.clip(y_pred, keras.config.epsilon(), 1.0)
        of_all = -keras.ops.mean(keras.ops.log(probabilities), -1)
        return (1 - self.smoothing) * of_label + self.smoothing * of_all

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "smoothing": self.smoothing}


def label_loss(smoothing: float) -> keras.losses.Loss | str:
    """The loss of one label in K."""
    if not smoothing:
        return "sparse_categorical_crossentropy"
    return SmoothedCrossEntropy(smoothing, name="loss")


def step_loss(
    mean_length: float, label_weights: np.ndarray | None, smoothing: float = 0.0
) -> SequenceLoss:
    """Cross-entropy of each step's label, weighted by its label's weight (K,) if there are any, and
    smoothed by a share."""
    smoothed = SmoothedCrossEntropy(smoothing).call
    plain = keras.losses.sparse_categorical_crossentropy
    weights = None if label_weights is None else tf.constant(label_weights)

    def of_sequence(labels: Tensor, probabilities: Tensor, of_steps: Tensor | None) -> Tensor:
        known = tf.maximum(labels, 0)
        of_step = (smoothed if smoothing else plain)(known, probabilities)
        if weights is not None:
            of_step *= tf.gather(weights, known)
        if of_steps is not None:
            of_step *= tf.cast(of_steps, of_step.dtype)
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
    """Accuracy over the steps that have a label; weights are (B, 1) or (B, T)."""

    def update_state(
        self, y_true: Tensor, y_pred: Tensor, sample_weight: Tensor | None = None
    ) -> None:
        labels = tf.cast(y_true, tf.int32)
        right = tf.cast(tf.argmax(y_pred, -1, tf.int32) == labels, tf.float32)
        weight = tf.cast(labels != NO_LABEL, tf.float32)
        if sample_weight is not None:
            weight *= tf.cast(sample_weight, tf.float32)
        super().update_state(right, weight)
