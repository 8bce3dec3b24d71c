"""Texts as estimators read them: checked, tokenised, with a vocabulary learned in fit."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import pandas as pd
import tensorflow as tf

from seqkit import checks
from seqkit.estimators.parameters import estimator, parameter
from seqkit.models.sources import TokenSource
from seqkit.text.embeddings import aligned_embeddings
from seqkit.text.tokenizer import Tokenizer, count_tokens, most_frequent


class Vocabulary:
    """What fitting finds about texts."""

    vocabulary_: list[str]
    _tokenizing: dict[str, Any]


@estimator
class TextInput(Vocabulary):
    """Parameters and reading of texts.

    A subclass is an estimator too. Its model takes ids; the export takes strings.
    """

    max_tokens: int | None = parameter(
        checks.optional(checks.count),
        "int or None",
        "Size of the vocabulary: the most frequent tokens of the training texts; others are read "
        "as one unknown token. None for all.",
        default=20_000,
    )
    min_frequency: int = parameter(
        checks.count,
        "int",
        "Times that a token must occur in the training texts to be known.",
        default=1,
    )
    max_length: int | None = parameter(
        checks.optional(checks.count),
        "int or None",
        "Tokens read of each text: the first ones; the rest of a longer text is left out, in "
        "training, prediction and the export alike. None for all.",
        default=256,
    )
    lowercase: bool = parameter(
        checks.flag,
        "bool",
        "Whether upper and lower case are read as one.",
        default=True,
    )
    embedding_dim: int = parameter(
        checks.count,
        "int",
        "Size of each token's vector, where embeddings are not given.",
        default=64,
    )
    embeddings: Any = parameter(
        checks.anything,
        "dict or None",
        "Vectors by token, to begin with; tokens without one begin at random. Of a whole matrix "
        "make a dict: dict(zip(words, matrix)).",
        default=None,
    )
    freeze_embeddings: bool = parameter(
        checks.flag,
        "bool",
        "Whether the vectors stay as they begin.",
        default=False,
    )
    embedding_dropout: float = parameter(
        checks.fraction,
        "float",
        "Fraction of the vectors' entries dropped in training, each for all steps of a sequence.",
        default=0.2,
    )
    token_dropout: float = parameter(
        checks.fraction,
        "float",
        "Fraction of the tokens that training takes for unknown.",
        default=0.1,
    )

    def _mode(self) -> str:
        """How texts are split: a mode of `Tokenizer`."""
        raise NotImplementedError

    @property
    def tokenizer_(self) -> Tokenizer:
        """The fitted tokenizer."""
        if "_tokenizer" not in vars(self):
            self._tokenizer = Tokenizer(self.vocabulary_, **self._tokenizing)
        return self._tokenizer

    def _learn_vocabulary(self, chunks: Iterable[Any]) -> None:
        mode, lowercase = self._mode(), bool(self.lowercase)
        self._tokenizing = {"mode": mode, "lowercase": lowercase, "max_length": self.max_length}
        texts = itertools.chain.from_iterable(map(check_texts, chunks))
        counts = count_tokens(texts, mode, lowercase)
        for token in [t for t, count in counts.items() if count < self.min_frequency]:
            del counts[token]
        self.vocabulary_ = most_frequent(counts, self.max_tokens)
        self.__dict__.pop("_tokenizer", None)

    def _read_texts(self, X: Any) -> list[np.ndarray]:
        """The token ids of each text."""
        texts = check_texts(X)
        ids = self.tokenizer_.encode(texts)
        for i, row in enumerate(ids):
            if not len(row):
                raise ValueError(
                    f"X[{i}] is an empty text, {texts[i]!r}; every text needs at least one token. "
                    "Leave it out."
                )
        return ids

    def _token_source(self) -> TokenSource:
        dim = self.embedding_dim
        if self.embeddings is not None:
            dim = aligned_embeddings(self.embeddings, self.vocabulary_)[0].shape[1]
        return TokenSource(
            len(self.vocabulary_) + 2,
            dim,
            trainable=not self.freeze_embeddings,
            token_dropout=self.token_dropout,
            embedding_dropout=self.embedding_dropout,
        )

    def _begin_embeddings(self) -> None:
        """Puts the given vectors into a new model."""
        if self.embeddings is None:
            return
        layer = self.model_.get_layer("embedding")  # type: ignore[attr-defined]
        vectors, known = aligned_embeddings(self.embeddings, self.vocabulary_)
        values = layer.get_weights()[0]
        values[known] = vectors[known]
        layer.set_weights([values])

    def _serving_texts(self) -> tuple[tf.TensorSpec, Callable[[Any], Any], list[Any]]:
        tokenizer = self.tokenizer_
        spec = tf.TensorSpec((None,), tf.string, "inputs")
        return spec, tokenizer.padded, [tokenizer.resource]


def check_texts(X: Any, name: str = "X") -> list[str]:
    """The texts as a list of strings.

    Args:
        X: a list, array (n,) or (n, 1), Series, or frame of one column, of strings.
        name: what errors call X.

    Raises:
        TypeError: for anything but strings; the message has the place of the first.
        ValueError: for no texts, or more than one column.

    Example:
        >>> check_texts(np.array(["a", "b"]))
        ['a', 'b']
    """
    if isinstance(X, str | bytes):
        raise TypeError(f"{name} must be a list of strings, got one. Use [{name}].")
    values = X.to_numpy(dtype=object) if hasattr(X, "iloc") else X
    if isinstance(values, np.ndarray) and values.ndim == 2 and values.shape[1] == 1:
        values = values[:, 0]
    if getattr(values, "ndim", 1) != 1:
        raise ValueError(
            f"{name} must be texts (n,), got shape {values.shape}. Choose one column, or join them."
        )
    if not hasattr(values, "__len__") or isinstance(values, dict):
        raise TypeError(f"{name} must be a list of strings, got {type(X).__name__}.")
    if len(values) == 0:
        raise ValueError(f"{name} must hold at least one text, got 0 samples.")
    texts = values.tolist() if isinstance(values, np.ndarray) else list(values)
    for i, text in enumerate(texts):
        if not isinstance(text, str):
            missing = pd.api.types.is_scalar(text) and pd.isna(text)
            hint = " Fill or drop missing texts." if missing else ""
            raise TypeError(f"{name}[{i}] must be a string, got {text!r}.{hint}")
    return texts
