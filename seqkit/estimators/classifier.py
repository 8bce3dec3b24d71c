"""Classification of numeric sequences."""

from __future__ import annotations

import os
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from sklearn.base import ClassifierMixin
from sklearn.utils.class_weight import compute_class_weight
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import check_is_fitted, column_or_1d

from seqkit.estimators.base import SequenceEstimator
from seqkit.models.classifier import sequence_classifier
from seqkit.serving.export import export


class SequenceClassifier(ClassifierMixin, SequenceEstimator):
    """A recurrent classifier of numeric sequences of any length.

    Parameters
    ----------
    cell : str or class, default "lstm"
        "simple_rnn", "lstm", "peephole_lstm", "gru", "carousel_lstm"; "keras_simple_rnn",
        "keras_lstm", "keras_gru" for Keras's own; a Keras RNN layer class; or a cell class.
    units : int, default 64
        Units of each layer and direction.
    layers : int, default 1
        Recurrent layers, one upon the other.
    bidirectional : bool, default True
        Whether each layer also reads sequences from their end.
    dropout : float, default 0.2
        Fraction of each recurrent layer's outputs dropped in training.
    recurrent_dropout : float, default 0.0
        Fraction of the state dropped inside each layer in training.
    pooling : {"last", "mean", "max"}, default "last"
        How the outputs of all steps become one vector: the last of each direction, or the mean or
        maximum over the steps.
    scaling : {"standard", None}, default "standard"
        Whether each feature is standardised with the mean and variance found in fit.
    epochs : int, default 30
        Passes over the data, at most.
    batch_size : int, default 32
        Sequences a step.
    learning_rate : float or keras.optimizers.schedules.LearningRateSchedule, default 0.003
        Of the Adam optimiser.
    clipnorm : float or None, default 1.0
        Norm to which each weight's gradient is clipped.
    early_stopping : bool, default False
        Whether to hold out samples, stop when their loss no longer falls, and keep the best
        weights.
    validation_fraction : float, default 0.1
        Fraction held out for early stopping, stratified.
    n_iter_no_change : int, default 10
        Epochs without a better validation loss after which training stops.
    class_weight : dict, "balanced" or None, default None
        Weight of each class, as in scikit-learn.
    callbacks : list of keras.callbacks.Callback or None, default None
        Further callbacks of the training.
    random_state : int, numpy RandomState or Generator, or None, default None
        An int gives the same model again on the same machine.
    verbose : int, default 0
        1 shows a progress bar, 2 a line an epoch.
    warm_start : bool, default False
        Whether fit goes on from the fitted model.

    Attributes
    ----------
    classes_ : array (K,)
        The labels, sorted.
    n_features_in_ : int
        Features a step.
    n_iter_ : int
        Epochs trained.
    best_epoch_ : int
        The epoch, from 1, whose weights the model has.
    history_ : dict of lists
        Loss and accuracy of each epoch.
    model_ : keras.Model
        From (B, T, d), rows ending in NaN, to probabilities (B, K).

    Notes
    -----
    X is an array (n, T, d), an array (n, T), which is one feature, or a list of arrays (T_i, d).
    Sequences are bucketed by length; padding never changes a result. Ctrl-C during fit keeps the
    best weights so far.

    Examples
    --------
    >>> import numpy as np, seqkit
    >>> rng = np.random.default_rng(0)
    >>> X = [rng.normal(size=(rng.integers(5, 9), 2)) for _ in range(40)]
    >>> y = ["up" if x.sum() > 0 else "down" for x in X]
    >>> model = seqkit.SequenceClassifier("gru", units=8, epochs=40, random_state=0).fit(X, y)
    >>> model.score(X, y) > 0.9
    True
    """

    _stratified = True

    classes_: np.ndarray

    def __init__(
        self,
        cell: Any = "lstm",
        units: int = 64,
        layers: int = 1,
        bidirectional: bool = True,
        dropout: float = 0.2,
        recurrent_dropout: float = 0.0,
        pooling: str = "last",
        scaling: str | None = "standard",
        epochs: int = 30,
        batch_size: int = 32,
        learning_rate: Any = 0.003,
        clipnorm: float | None = 1.0,
        early_stopping: bool = False,
        validation_fraction: float = 0.1,
        n_iter_no_change: int = 10,
        class_weight: Any = None,
        callbacks: Any = None,
        random_state: Any = None,
        verbose: int = 0,
        warm_start: bool = False,
    ) -> None:
        self.cell = cell
        self.units = units
        self.layers = layers
        self.bidirectional = bidirectional
        self.dropout = dropout
        self.recurrent_dropout = recurrent_dropout
        self.pooling = pooling
        self.scaling = scaling
        self.epochs = epochs
        self.batch_size = batch_size
        self.learning_rate = learning_rate
        self.clipnorm = clipnorm
        self.early_stopping = early_stopping
        self.validation_fraction = validation_fraction
        self.n_iter_no_change = n_iter_no_change
        self.class_weight = class_weight
        self.callbacks = callbacks
        self.random_state = random_state
        self.verbose = verbose
        self.warm_start = warm_start

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> SequenceClassifier:
        """Trains on sequences X and their labels y.

        Parameters
        ----------
        X : sequences
            See Notes of the class.
        y : array (n,)
            Labels of any sortable type.
        sample_weight : array (n,) or None
            Weight of each sample in the loss.
        """
        self._fit(X, y, sample_weight)
        return self

    def predict(self, X: Any) -> np.ndarray:
        """The most probable label of each sequence, (n,)."""
        probabilities = self.predict_proba(X)
        return self.classes_[probabilities.argmax(1)]

    def predict_proba(self, X: Any) -> np.ndarray:
        """The probability of each class, in the order of `classes_`, (n, K)."""
        return self._outputs(X)

    def export(self, directory: str | os.PathLike[str]) -> str:
        """Writes a SavedModel that TensorFlow Serving serves, in the next version's folder.

        Signature `serving_default`: `inputs`, float32 (batch, time, features), rows ending in NaN
        where they are shorter; to `probabilities` (batch, K) and `label`, a string (batch,).

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
        model = self.model_

        def serve(inputs: tf.Tensor) -> dict[str, tf.Tensor]:
            probabilities = model(inputs, training=False)
            label = tf.gather(labels, tf.argmax(probabilities, axis=1))
            return {"probabilities": probabilities, "label": label}

        inputs = tf.TensorSpec((None, None, self.n_features_in_), tf.float32, "inputs")
        return export(directory, model, {"serving_default": (serve, [inputs])})

    def _encode_targets(self, y: Any, samples: int) -> np.ndarray:
        if y is None:
            raise ValueError("y must be the labels of X, requires y to be passed, got None.")
        y = column_or_1d(y, warn=True)
        if len(y) != samples:
            raise ValueError(
                f"X and y must be of the same length, got {samples} sequences and {len(y)} labels."
            )
        check_classification_targets(y)
        classes, targets = np.unique(y, return_inverse=True)
        if self.warm_start and hasattr(self, "model_"):
            unseen = np.setdiff1d(classes, self.classes_)
            if len(unseen):
                raise ValueError(
                    f"warm_start=True goes on with the classes of the first fit, but y has "
                    f"{unseen[0]!r}, which it did not. Use warm_start=False."
                )
            return np.asarray(np.searchsorted(self.classes_, y), np.int32)
        if len(classes) < 2:
            raise ValueError(
                f"y must hold at least 2 classes, got 1 class: {classes[0]!r} for all samples."
            )
        self.classes_ = classes
        return targets.astype(np.int32)

    def _weights(self, targets: np.ndarray, sample_weight: Any) -> np.ndarray:
        weights = super()._weights(targets, sample_weight)
        if self.class_weight is None:
            return weights
        labels = self.classes_[targets]
        by_class = compute_class_weight(self.class_weight, classes=self.classes_, y=labels)
        return weights * by_class[targets].astype(np.float32)

    def _build(self, sequences: list[np.ndarray], draw_seed: Any) -> keras.Model:
        mean = variance = None
        if self.scaling == "standard":
            steps = np.concatenate(sequences)
            mean, variance = steps.mean(0, np.float64), steps.var(0, np.float64)
        return sequence_classifier(
            sequences[0].shape[1],
            len(self.classes_),
            mean=mean,
            variance=variance,
            draw_seed=draw_seed,
            cell=self.cell,
            units=self.units,
            layers=self.layers,
            bidirectional=self.bidirectional,
            dropout=self.dropout,
            recurrent_dropout=self.recurrent_dropout,
            pooling=self.pooling,
        )

    def _compile(self, model: keras.Model) -> None:
        model.compile(
            self._optimizer(),
            loss="sparse_categorical_crossentropy",
            weighted_metrics=["accuracy"],
        )
