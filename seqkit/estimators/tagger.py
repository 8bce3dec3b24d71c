"""Tagging: a label for every step of a sequence."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from sklearn.utils.class_weight import compute_class_weight
from sklearn.utils.validation import check_is_fitted

from seqkit.decoding import marginals, viterbi
from seqkit.estimators import parameters as p
from seqkit.estimators.base import SequenceEstimator
from seqkit.estimators.numeric import SCALING, NumericInput, numeric_source
from seqkit.estimators.sklearn_callbacks import with_callbacks
from seqkit.estimators.step_labels import chain_loss, encode_steps, step_accuracy, step_loss
from seqkit.estimators.texts import TextInput
from seqkit.estimators.token_lists import is_text, joined
from seqkit.metrics import token_accuracy
from seqkit.models.tagger import sequence_tagger
from seqkit.serving.export import export


class Labels:
    """What fitting finds about the labels."""

    classes_: np.ndarray
    _is_text: bool


@p.estimator
class SequenceTagger(Labels, TextInput, NumericInput, SequenceEstimator):
    """A recurrent tagger: one label for each token of a text, or each step of a sequence.

    Parameters
    ----------
    {parameters}

    Attributes
    ----------
    classes_ : array (K,)
        The labels, sorted.
    vocabulary_ : list of str
        The known tokens, the most frequent first, where X was texts.
    n_features_in_ : int
        Features a step, where X was numbers.
    n_iter_ : int
        Epochs trained.
    best_epoch_ : int
        The epoch, from 1, whose weights the model has.
    history_ : dict of lists
        Loss and, without a CRF, accuracy of each epoch.
    model_ : keras.Model
        From ids (B, T), or numbers (B, T, d), to probabilities (B, T, K); with a CRF to the scores
        of a chain (B, T, K, K).

    Notes
    -----
    X is a list of token lists; a list of strings, whose tokens blanks separate; or numeric
    sequences as for `SequenceClassifier`, arrays (n, T, d) or lists of (T_i, d). y has a list of
    labels for each sample, one a step.

    `predict` gives a list of arrays. Of a text longer than max_length the steps past it get the
    most frequent label of the training, and in training they are left out.

    A linear-chain CRF (Lafferty et al. 2001) scores labels together with their predecessors: it
    is trained by the forward algorithm, predicts the best whole sequence by the Viterbi
    algorithm, and gives marginal probabilities by forward-backward. With labels of the BIO scheme
    it rules out an I- without its beginning.

    Examples
    --------
    >>> import seqkit
    >>> X = [["a", "b", "a"], ["b", "a"], ["a"]] * 10
    >>> y = [["A", "B", "A"], ["B", "A"], ["A"]] * 10
    >>> model = seqkit.SequenceTagger("gru", units=8, epochs=15, random_state=0).fit(X, y)
    >>> [labels.tolist() for labels in model.predict([["b", "b", "a"], ["a", "b"]])]
    [['B', 'B', 'A'], ['A', 'B']]
    """

    scaling: str | None = SCALING
    crf: bool = p.parameter(
        p.flag,
        "bool",
        "Whether a linear-chain CRF is put on top of the network.",
        default=False,
    )
    class_weight: Any = p.parameter(
        p.anything,
        'dict, "balanced" or None',
        "Weight of the steps of each label, as in scikit-learn; not with a CRF, which has no loss "
        "for a step.",
        default=None,
    )

    _stepwise = True

    @with_callbacks
    def fit(
        self, X: Any, y: Any, sample_weight: Any = None, *, validation_data: Any = None
    ) -> SequenceTagger:
        """Trains on sequences X and the labels y of their steps.

        Parameters
        ----------
        X : list of token lists, list of str, or numeric sequences
            See Notes of the class.
        y : list of lists (T_i,)
            Labels of any sortable type.
        sample_weight : array (n,) or None
            Weight of each sequence in the loss.
        validation_data : (X, y) or (X, y, sample_weight) or None
            Data whose loss is recorded, and which early stopping watches.
        """
        if self.crf and self.class_weight is not None:
            raise ValueError(
                "class_weight must be None with crf=True: a CRF has no loss for a single step. "
                "Use sample_weight, or crf=False."
            )
        self._fit(X, y, sample_weight, validation_data)
        return self

    def partial_fit(
        self, X: Any, y: Any, classes: Any = None, sample_weight: Any = None
    ) -> SequenceTagger:
        """One pass over these data, from where the last one ended.

        What is learned of X beside the weights (scaling, vocabulary) is learned in the first call.

        Parameters
        ----------
        X, y, sample_weight
            As in fit.
        classes : array (K,) or None
            All labels that later calls may bring; default: those of the first y.
        """
        self._expected_classes = classes
        try:
            self._partial_fit(X, y, sample_weight)
        finally:
            self.__dict__.pop("_expected_classes", None)
        return self

    def predict(self, X: Any) -> list[np.ndarray]:
        """The label of each step: a list of arrays (T_i,).

        Parameters
        ----------
        X : list of token lists, list of str, or numeric sequences
            See Notes of the class.
        """
        positions = self._run("labels", X)
        return [self.classes_[row] for row in self._whole(X, positions, self._most_frequent)]

    def predict_proba(self, X: Any) -> list[np.ndarray]:
        """The probability of each label at each step: a list of arrays (T_i, K).

        Parameters
        ----------
        X : list of token lists, list of str, or numeric sequences
            See Notes of the class.
        """
        certain = np.eye(len(self.classes_), dtype=np.float32)[self._most_frequent]
        return self._whole(X, self._run("probabilities", X), certain)

    def score(self, X: Any, y: Any, sample_weight: Any = None) -> float:
        """The share of steps whose label is right. `seqkit.metrics` has other scores.

        Parameters
        ----------
        X : list of token lists, list of str, or numeric sequences
            See Notes of the class.
        y : list of lists (T_i,)
            The true labels.
        sample_weight : array (n,) or None
            Weight of the steps of each sequence.
        """
        return token_accuracy([list(row) for row in y], self.predict(X), sample_weight)

    def export(self, directory: str | os.PathLike[str]) -> str:
        """Writes a SavedModel that TensorFlow Serving serves, in the next version's folder.

        Signature `serving_default`: `inputs`, strings (batch,) whose tokens blanks separate, or
        float32 (batch, time, d), rows ending in NaN; to `labels`, strings (batch, T), empty after
        the end of a row, and `probabilities`, float32 (batch, T, K).

        Parameters
        ----------
        directory : path
            The model's folder. Versions are its subfolders 1, 2, and so on.

        Returns
        -------
        The folder written, directory/<version>. It appears complete or not at all.
        """
        check_is_fitted(self)
        names = tf.constant([*(str(c) for c in self.classes_), ""])
        spec, sequences, assets = self._serving_input()
        functions = self._functions()

        def serve(inputs: tf.Tensor) -> dict[str, tf.Tensor]:
            batch = sequences(inputs)
            found = tf.where(_valid(batch), functions["labels"](batch), len(self.classes_))
            return {
                "labels": tf.gather(names, found),
                "probabilities": functions["probabilities"](batch),
            }

        return export(directory, self.model_, {"serving_default": (serve, [spec])}, assets)

    def _serving_input(self) -> Any:
        return self._serving_texts() if self._is_text else NumericInput._serving_input(self)

    def _mode(self) -> str:
        return "whitespace"

    def _read(self, X: Any, *, reset: bool) -> tuple[list[np.ndarray], Any]:
        text = is_text(X)
        if not reset and text != self._is_text:
            kind = "texts" if self._is_text else "numeric sequences"
            raise TypeError(f"X must be {kind}, as in fit.")
        if not text:
            read = NumericInput._read(self, X, reset=reset)
        else:
            read = self._read_texts(joined(X), reset=reset), None
        self._is_text = text
        return read

    def _encode_targets(self, y: Any, sequences: list[np.ndarray], *, reset: bool) -> Any:
        known = None if reset else self.classes_
        if reset and getattr(self, "_expected_classes", None) is not None:
            known = np.unique(self._expected_classes)
        cut = self._tokenizing["max_length"] if self._is_text else None
        self.classes_, targets = encode_steps(y, sequences, known, cut)
        if reset:
            counts = np.bincount(np.concatenate(targets), minlength=len(self.classes_))
            self._most_frequent = int(counts.argmax())
            self._mean_length = float(np.mean([len(row) for row in targets]))
            self._label_weights = None
            if self.class_weight is not None:
                labels = self.classes_[np.concatenate(targets)]
                weights = compute_class_weight(self.class_weight, classes=self.classes_, y=labels)
                self._label_weights = weights.astype(np.float32)
        return targets

    def _whole(self, X: Any, rows: list[np.ndarray], fill: Any) -> list[np.ndarray]:
        """Rows as long as their samples: steps past max_length are filled."""
        cut = self._tokenizing["max_length"] if self._is_text else None
        if cut is None:
            return rows
        lengths = [len(text.encode().split()) for text in joined(X)]
        return [
            row if len(row) == n else np.concatenate([row, np.stack([fill] * (n - len(row)))])
            for row, n in zip(rows, lengths, strict=True)
        ]

    def _architecture(self, sequences: list[np.ndarray]) -> dict[str, Any]:
        source = self._token_source() if self._is_text else numeric_source(sequences, self.scaling)
        return {
            "source": source,
            "labels": [str(c) for c in self.classes_] if self.crf else len(self.classes_),
            "crf": bool(self.crf),
            **self._encoder_options(),
        }

    def _build(self, architecture: dict[str, Any], draw_seed: Any) -> keras.Model:
        return sequence_tagger(**architecture, draw_seed=draw_seed)

    def _make_model(self, draw_seed: Any) -> None:
        super()._make_model(draw_seed)
        if self._is_text:
            self._begin_embeddings()

    def _compile(self, model: keras.Model) -> None:
        if self._architecture_["crf"]:
            loss, metrics = chain_loss(self._mean_length), []
        else:
            loss = step_loss(self._mean_length, self._label_weights)
            metrics = [step_accuracy()]
        model.compile(self._new_optimizer(), loss=loss, weighted_metrics=metrics)

    def _functions(self) -> dict[str, Callable[[tf.Tensor], tf.Tensor]]:
        def outputs(batch: tf.Tensor) -> tf.Tensor:
            return self.model_(batch, training=False)

        if not self._architecture_["crf"]:
            return {
                "labels": lambda batch: tf.argmax(outputs(batch), -1, tf.int32),
                "probabilities": outputs,
            }
        return {
            "labels": lambda batch: tf.maximum(viterbi(outputs(batch), _valid(batch))[0], 0),
            "probabilities": lambda batch: marginals(outputs(batch), _valid(batch)),
        }

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.two_d_array = False
        tags.input_tags.three_d_array = tags.input_tags.string = True
        return tags


def _valid(batch: tf.Tensor) -> tf.Tensor:
    """Which steps of a batch are not padding, (B, T)."""
    if batch.dtype.is_integer:
        return batch != 0
    return tf.logical_not(tf.reduce_all(tf.math.is_nan(batch), -1))
