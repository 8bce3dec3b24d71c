"""Tagging: a label for every step of a sequence."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from seqkit import checks
from seqkit.decoding import marginals, viterbi
from seqkit.estimators.inputs.frames import text_column
from seqkit.estimators.inputs.numeric import SCALING, NumericInput
from seqkit.estimators.inputs.texts import TextInput
from seqkit.estimators.inputs.token_lists import is_text, joined
from seqkit.estimators.labelled import Labelled
from seqkit.estimators.parameters import estimator, parameter
from seqkit.estimators.targets.step_labels import (
    chain_loss,
    check_labels,
    spans_begin_with_b,
    step_accuracy,
    step_loss,
)
from seqkit.metrics import token_accuracy
from seqkit.models.tagger import sequence_tagger
from seqkit.training.streams import is_stream


class Labels:
    """What fitting finds about the labels."""

    _is_text: bool
    _most_frequent: int
    _mean_length: float
    _rules_out: bool  # whether a CRF may rule out an I- without its beginning


@estimator
class SequenceTagger(Labels, TextInput, NumericInput, Labelled):
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
    labels for each sample, one a step, of any sortable type.

    `predict` gives a list of arrays. Of a text longer than max_length the steps past it get the
    most frequent label of the training, and in training they are left out.

    A linear-chain CRF (Lafferty et al. 2001) scores labels together with their predecessors: it
    is trained by the forward algorithm, predicts the best whole sequence by the Viterbi
    algorithm, and gives marginal probabilities by forward-backward. With labels of the BIO scheme
    it rules out an I- without its beginning, where training has none. It has no loss for a single
    step, and so takes no class_weight.

    The export's signature: `inputs`, strings (batch,) whose tokens blanks separate, or float32
    (batch, time, d), rows ending in NaN; to `labels`, strings (batch, T) whatever the
    type of y's, empty after the end of a row, and `probabilities`, float32 (batch, T, K).

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
    crf: bool = parameter(
        checks.flag,
        "bool",
        "Whether a linear-chain CRF is put on top of the network.",
        default=False,
    )
    _stepwise = True

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

    def _answers(self, batch: tf.Tensor) -> dict[str, tf.Tensor]:
        names = tf.constant([*(str(c) for c in self.classes_), ""])
        functions = self._functions()
        labels = tf.where(_valid(batch), functions["labels"](batch), len(self.classes_))
        return {
            "labels": tf.gather(names, labels),
            "probabilities": functions["probabilities"](batch),
        }

    def _serving_input(self) -> Any:
        return self._serving_texts() if self._is_text else NumericInput._serving_input(self)

    def _check(self) -> None:
        super()._check()
        if self.crf and self.class_weight is not None:
            raise ValueError(
                "class_weight must be None with crf=True: a CRF has no loss for a single step. "
                "Use sample_weight, or crf=False."
            )

    def _mode(self) -> str:
        return "whitespace"

    def _learn(self, chunks: Iterable[Any]) -> None:
        chunks = map(text_column, chunks)
        first = next(chunks)
        self._is_text = is_text(first)
        chunks = itertools.chain([first], chunks)
        if self._is_text:
            self._learn_vocabulary(map(joined, chunks))
        else:
            NumericInput._learn(self, chunks)

    def _read(self, X: Any) -> tuple[list[np.ndarray], Any]:
        X = text_column(X)
        if is_text(X) != self._is_text:
            kind = "texts" if self._is_text else "numeric sequences"
            raise TypeError(f"X must be {kind}, as in fit.")
        return (self._read_texts(joined(X)), None) if self._is_text else NumericInput._read(self, X)

    def _learn_targets(self, chunks: Iterable[Any]) -> None:
        sequences: list[int] = []
        self._rules_out = bool(self.crf)

        def labels(chunk: Any) -> np.ndarray:
            rows = check_labels(chunk)
            sequences.append(len(rows))
            self._rules_out = self._rules_out and all(map(spans_begin_with_b, rows))
            return np.concatenate(rows)

        counts = self._learn_classes(map(labels, chunks))
        self._most_frequent = int(counts.argmax())
        self._mean_length = float(counts.sum()) / sum(sequences)

    def _encode_targets(self, y: Any, sequences: list[np.ndarray]) -> list[np.ndarray]:
        rows = check_labels(y, sequences, self._tokenizing["max_length"] if self._is_text else None)
        return [self._positions(row, f"y[{i}]") for i, row in enumerate(rows)]

    def _whole(self, X: Any, rows: list[np.ndarray], fill: Any) -> list[np.ndarray]:
        """Rows as long as their samples: steps past max_length are filled."""
        cut = self._tokenizing["max_length"] if self._is_text else None
        if cut is None or is_stream(X):
            return rows
        lengths = [len(text.encode().split()) for text in joined(text_column(X))]
        return [
            row if len(row) == n else np.concatenate([row, np.stack([fill] * (n - len(row)))])
            for row, n in zip(rows, lengths, strict=True)
        ]

    def _architecture(self) -> dict[str, Any]:
        return {
            "source": self._token_source() if self._is_text else self._source(),
            "labels": [str(c) for c in self.classes_] if self._rules_out else len(self.classes_),
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
            loss = step_loss(self._mean_length, self._class_weights)
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
