"""Targets that are classes: of one kind a sample, or any number of labels a sample."""

from __future__ import annotations

import difflib
import os
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from sklearn.base import ClassifierMixin
from sklearn.utils.class_weight import compute_class_weight, compute_sample_weight
from sklearn.utils.multiclass import check_classification_targets, type_of_target
from sklearn.utils.validation import assert_all_finite, check_is_fitted, column_or_1d

from seqkit.estimators import parameters as p
from seqkit.estimators.base import POOLING, SequenceEstimator
from seqkit.estimators.examples import Examples
from seqkit.models.classifier import sequence_classifier
from seqkit.serving.export import export


class Classes:
    """What fitting finds about the classes."""

    classes_: np.ndarray
    _multilabel: bool
    _expected_classes: Any


@p.estimator
class Classification(Classes, ClassifierMixin, SequenceEstimator):
    """Base of the classifiers: a class, or labels, for each sequence."""

    pooling: Any = POOLING
    class_weight: Any = p.parameter(
        p.anything,
        'dict, "balanced" or None',
        "Weight of each class, as in scikit-learn.",
        default=None,
    )

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

    def partial_fit(self, X: Any, y: Any, classes: Any = None, sample_weight: Any = None) -> Any:
        """One pass over these data, from where the last one ended.

        What is learned of X beside the weights (scaling, vocabulary) is learned in the first call.

        Parameters
        ----------
        X, y, sample_weight
            As in fit.
        classes : array (K,) or None
            All classes that later calls may bring; default: those of the first y.
        """
        if isinstance(self.class_weight, str):
            raise ValueError(
                f"class_weight={self.class_weight!r} needs all data at once. Give a dict, or "
                "sample_weight, to partial_fit."
            )
        self._expected_classes = classes
        try:
            self._partial_fit(X, y, sample_weight)
        finally:
            self.__dict__.pop("_expected_classes", None)
        return self

    def export(self, directory: str | os.PathLike[str]) -> str:
        """Writes a SavedModel that TensorFlow Serving serves, in the next version's folder.

        Signature `serving_default`: `inputs`, the raw sequences (see Notes of the class); to
        `probabilities`, float32 (batch, K), and `label`, a string (batch,). For targets of several
        labels `label` is left out, and `labels` are the names of all, (K,).

        Parameters
        ----------
        directory : path
            The model's folder. Versions are its subfolders 1, 2, and so on.

        Returns
        -------
        The folder written, directory/<version>. It appears complete or not at all.
        """
        check_is_fitted(self)
        labels = tf.constant([str(c) for c in self.classes_])
        spec, sequences, assets = self._serving_input()

        def serve(inputs: tf.Tensor) -> dict[str, tf.Tensor]:
            probabilities = self.model_(sequences(inputs), training=False)
            if self._multilabel:
                return {"probabilities": probabilities, "labels": labels}
            label = tf.gather(labels, tf.argmax(probabilities, axis=1))
            return {"probabilities": probabilities, "label": label}

        signatures = {"serving_default": (serve, [spec])}
        return export(directory, self.model_, signatures, assets)

    def _serving_input(self) -> tuple[tf.TensorSpec, Any, list[Any]]:
        """What is served: its spec, its way to the model's input, and what that needs tracked."""
        raise NotImplementedError

    def _encode_targets(self, y: Any, sequences: list[np.ndarray], *, reset: bool) -> np.ndarray:
        if y is None:
            raise ValueError(
                f"{type(self).__name__} requires y to be passed, but the target y is None. "
                "y must be the labels of X."
            )
        y = y if hasattr(y, "iloc") else np.asarray(y)
        if len(y) != len(sequences):
            raise ValueError(
                f"X and y must be of the same length, got {len(sequences)} sequences and "
                f"{len(y)} labels."
            )
        multilabel = type_of_target(y, input_name="y").startswith("multilabel")
        if not reset and multilabel != self._multilabel:
            raise ValueError("y must be of the form of the first fit: one class a sample, or many.")
        if multilabel:
            return self._encode_indicators(y, reset)
        y = column_or_1d(y, warn=True)
        if y.dtype.kind == "f":
            assert_all_finite(y, input_name="y")
        check_classification_targets(y)
        if not reset:
            return self._encode_known(y)
        classes = np.unique(y)
        expected = getattr(self, "_expected_classes", None)
        if expected is not None:
            self._multilabel, self.classes_ = False, np.unique(expected)
            return self._encode_known(y)
        if len(classes) < 2:
            raise ValueError(
                f"y must hold at least 2 classes, got 1 class: {classes[0]!r} for all samples."
            )
        self._multilabel, self.classes_ = False, classes
        return self._encode_known(y)

    def _encode_known(self, y: np.ndarray) -> np.ndarray:
        """The positions of the labels in `classes_`, which holds them all."""
        unseen = np.setdiff1d(y, self.classes_)
        if len(unseen):
            known = ", ".join(map(repr, self.classes_[:10].tolist()))
            nearest = difflib.get_close_matches(str(unseen[0]), map(str, self.classes_), n=1)
            hint = f" Did you mean {nearest[0]!r}?" if nearest else ""
            raise ValueError(
                f"y has {unseen[0].item()!r}, which is not among the classes of the first fit, "
                f"{known}{', ...' if len(self.classes_) > 10 else ''}.{hint} To train on other "
                "classes use fit with warm_start=False."
            )
        return np.searchsorted(self.classes_, y).astype(np.int32)

    def _encode_indicators(self, y: Any, reset: bool) -> np.ndarray:
        """Labels of several kinds a sample, an indicator matrix (n, K)."""
        if hasattr(y, "toarray"):
            y = y.toarray()
        names = y.columns.to_numpy() if hasattr(y, "columns") else np.arange(np.shape(y)[1])
        if reset:
            self._multilabel, self.classes_ = True, names
        elif len(names) != len(self.classes_):
            raise ValueError(
                f"y must have {len(self.classes_)} columns of labels, got {len(names)}."
            )
        return np.asarray(y).astype(np.float32)

    def _weigh(self, y: Any, samples: int, sample_weight: Any) -> np.ndarray:
        weights = super()._weigh(y, samples, sample_weight)
        if self.class_weight is None:
            return weights
        if self._multilabel:
            by_label = compute_sample_weight(self.class_weight, np.asarray(y))
            return weights * by_label.astype(np.float32)
        labels = column_or_1d(y)
        by_class = compute_class_weight(self.class_weight, classes=self.classes_, y=labels)
        return weights * by_class[np.searchsorted(self.classes_, labels)].astype(np.float32)

    def _stratify(self, examples: Examples) -> Any:
        return None if self._multilabel else examples.targets

    def _encoder_options(self) -> dict[str, Any]:
        pooling = self.pooling if isinstance(self.pooling, str) else tuple(self.pooling)
        return {**super()._encoder_options(), "pooling": pooling}

    def _source(self, sequences: list[np.ndarray]) -> Any:
        """The model's source for sequences such as these."""
        raise NotImplementedError

    def _architecture(self, sequences: list[np.ndarray]) -> dict[str, Any]:
        return {
            "source": self._source(sequences),
            "classes": len(self.classes_),
            "multilabel": self._multilabel,
            **self._encoder_options(),
        }

    def _build(self, architecture: dict[str, Any], draw_seed: Any) -> keras.Model:
        return sequence_classifier(**architecture, draw_seed=draw_seed)

    def _compile(self, model: keras.Model) -> None:
        kind = "binary" if self._multilabel else "sparse_categorical"
        metric = "binary_accuracy" if self._multilabel else "accuracy"
        model.compile(self._new_optimizer(), loss=f"{kind}_crossentropy", weighted_metrics=[metric])

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.classifier_tags.multi_label = True
        return tags
