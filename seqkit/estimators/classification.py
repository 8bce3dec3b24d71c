"""Targets of a whole sequence that are classes: one of them a sample, or any number of labels."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from sklearn.base import ClassifierMixin
from sklearn.utils.class_weight import compute_sample_weight
from sklearn.utils.multiclass import check_classification_targets, type_of_target
from sklearn.utils.validation import assert_all_finite, column_or_1d

from seqkit.estimators.common_parameters import POOLING
from seqkit.estimators.labelled import Labelled
from seqkit.estimators.parameters import estimator
from seqkit.models.classifier import sequence_classifier
from seqkit.training.examples import Examples, check_counts


class Targets:
    """What fitting finds about the targets."""

    _multilabel: bool


@estimator
class Classification(Targets, ClassifierMixin, Labelled):
    """Base of the classifiers: a class, or labels, for each sequence."""

    pooling: Any = POOLING

    def predict(self, X: Any) -> np.ndarray:
        """The most probable class of each sequence, (n,); or the labels above one half, (n, K).

        Parameters
        ----------
        X : sequences
            See Notes of the class.
        """
        probabilities = self.predict_proba(X)
        if self._multilabel:
            return (probabilities > 0.5).astype(int)
        return self.classes_[probabilities.argmax(1)]

    def predict_proba(self, X: Any) -> np.ndarray:
        """The probability of each class, in the order of `classes_`, (n, K).

        Parameters
        ----------
        X : sequences
            See Notes of the class.
        """
        return self._run("outputs", X)

    def _answers(self, batch: tf.Tensor) -> dict[str, tf.Tensor]:
        names = _served(self.classes_)
        probabilities = self.model_(batch, training=False)
        if self._multilabel:
            return {"probabilities": probabilities, "labels": names}
        label = tf.gather(names, tf.argmax(probabilities, axis=1))
        return {"probabilities": probabilities, "label": label}

    def _learn_targets(self, chunks: Iterable[Any]) -> None:
        chunks = iter(chunks)
        first, self._multilabel = _checked(next(chunks), type(self).__name__)
        if self._multilabel:
            named = hasattr(first, "columns")
            self.classes_ = first.columns.to_numpy() if named else np.arange(np.shape(first)[1])
            return
        rest = (_checked(chunk, type(self).__name__)[0] for chunk in chunks)
        self._learn_classes(itertools.chain([first], rest))

    def _encode_targets(self, y: Any, sequences: list[np.ndarray]) -> np.ndarray:
        y, multilabel = _checked(y, type(self).__name__)
        check_counts(sequences, np.shape(y)[0], ("label", "labels"))
        if multilabel != self._multilabel:
            raise ValueError("y must be of the form of the first fit: one class a sample, or many.")
        if not multilabel:
            return self._positions(y)
        if np.shape(y)[1] != len(self.classes_):
            raise ValueError(
                f"y must have {len(self.classes_)} columns of labels, got {np.shape(y)[1]}."
            )
        return np.asarray(y).astype(np.float32)

    def _weigh(self, y: Any, samples: int, sample_weight: Any) -> np.ndarray:
        weights = super()._weigh(y, samples, sample_weight)
        if self.class_weight is None:
            return weights
        if self._multilabel:
            by_label = compute_sample_weight(self.class_weight, np.asarray(y))
            return weights * by_label.astype(np.float32)
        assert self._class_weights is not None
        return weights * self._class_weights[self._positions(column_or_1d(y))]

    def _stratify(self, examples: Examples) -> Any:
        return None if self._multilabel else examples.targets

    def _encoder_options(self) -> dict[str, Any]:
        pooling = self.pooling if isinstance(self.pooling, str) else tuple(self.pooling)
        return {**super()._encoder_options(), "pooling": pooling}

    def _source(self) -> Any:
        """The model's source for sequences such as X's."""
        raise NotImplementedError

    def _architecture(self) -> dict[str, Any]:
        return {
            "source": self._source(),
            "classes": len(self.classes_),
            "multilabel": self._multilabel,
            **self._encoder_options(),
        }

    def _build(self, architecture: dict[str, Any], draw_seed: Any) -> keras.Model:
        return sequence_classifier(**architecture, draw_seed=draw_seed)

    def _compile(self, model: keras.Model) -> None:
        kind = "binary" if self._multilabel else "sparse_categorical"
        # An object, not a name: of a name Keras makes the variables while it traces the step, and
        # has to trace it once more.
        metric = (
            keras.metrics.BinaryAccuracy(name="binary_accuracy")
            if self._multilabel
            else keras.metrics.SparseCategoricalAccuracy(name="accuracy")
        )
        model.compile(self._new_optimizer(), loss=f"{kind}_crossentropy", weighted_metrics=[metric])

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.classifier_tags.multi_label = True
        return tags


def _checked(y: Any, name: str) -> tuple[Any, bool]:
    """y as an array (n,) of labels, or indicators (n, K); and whether it is the latter."""
    if y is None:
        raise ValueError(
            f"{name} requires y to be passed, but the target y is None. y must be the labels of X."
        )
    y = y if hasattr(y, "iloc") else y.toarray() if hasattr(y, "toarray") else np.asarray(y)
    if y.ndim == 1:
        _check_none_is_missing(y)
    if type_of_target(y, input_name="y").startswith("multilabel"):
        return y, True
    labels = column_or_1d(y, warn=True)
    if labels.dtype.kind == "f":
        assert_all_finite(labels, input_name="y")
    check_classification_targets(labels)
    return labels, False


def _check_none_is_missing(y: Any) -> None:
    """Raises ValueError with the place of the first label that is missing."""
    labels = y.to_numpy() if hasattr(y, "iloc") else y
    if labels.dtype != object:
        return
    for i, label in enumerate(labels):
        is_nan = isinstance(label, float) and label != label
        if label is None or is_nan or type(label).__name__ in ("NAType", "NaTType"):
            raise ValueError(f"y[{i}] is missing, {label!r}; every sample needs a label.")


def _served(classes: np.ndarray) -> tf.Tensor:
    """The classes as the export gives them: integers stay what they are, others become strings."""
    if classes.dtype.kind in "iu":
        return tf.constant(classes, tf.int64)
    return tf.constant([str(c) for c in classes])
