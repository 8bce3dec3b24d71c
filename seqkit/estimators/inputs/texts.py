"""Texts as X: checked, tokenised, with a vocabulary learned in fit."""

from __future__ import annotations

import dataclasses
import itertools
import os
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import keras
import numpy as np
import pandas as pd
import tensorflow as tf

from seqkit.estimators.inputs import Samples, ServedInput
from seqkit.estimators.inputs.cooccurrence import cooccurrence_vectors
from seqkit.estimators.inputs.frames import text_column
from seqkit.estimators.inputs.token_lists import UNBATCH, is_text, joined
from seqkit.estimators.plans.choices import Choice, is_auto
from seqkit.estimators.plans.dropouts import Dropouts, dropouts_for, reason_for
from seqkit.estimators.text_parameters import TextParameters
from seqkit.models.ensemble import members_of
from seqkit.models.padding import valid_steps
from seqkit.models.sources import TokenSource
from seqkit.saving.records import Part, record
from seqkit.serving.requests import without_faults
from seqkit.text import TextCodec, learn_vocabulary
from seqkit.text.characters import NFC, utf8
from seqkit.text.embeddings import aligned_embeddings, in_capitals
from seqkit.text.marking import MARK
from seqkit.text.padding import padded
from seqkit.text.reserved_ids import PADDING, RESERVED
from seqkit.text.scripts import of_phrases
from seqkit.text.tokenizer import Tokenizer, count_tokens, most_frequent
from seqkit.text.vector_files import read_vectors
from seqkit.text.vocabulary import learn_pieces
from seqkit.text.word_pieces import WordPieces
from seqkit.types import Inputs, Tensor
from seqkit.warning import warn

COOCCURRENCE = "cooccurrence"
DROPOUTS = {"token_dropout": "token", "embedding_dropout": "embedding"}
MOST_TEXTS = 50_000  # of which first vectors are made
MOST_PIECES = 16  # of a token that are read
MANY_LOST = 0.01  # share of a vocabulary whose vectors lower case is said to lose
FEW_FOUND = 0.1  # share of a vocabulary below which given vectors are likely those of other texts


@record
@dataclass
class TextInput(Part):
    """Strings; or, where blanks separate the tokens, lists of tokens too.

    Args:
        mode: how texts are split: a mode of `seqkit.text.Tokenizer`; "subword", into a row of
            pieces; or "pieces", where blanks separate tokens that are read by their pieces.
        lowercase: whether upper and lower case are read as one.
        max_length: tokens read of each text, or None for all.
        max_tokens, min_frequency: which tokens become the vocabulary.
        tokens: the model's first layers; the number of tokens is set when they are known.
        vectors: what the vectors of tokens begin with, until the model has them.
        vocabulary: the known tokens, learned.
        embeddings_found: the share of the vocabulary that was given vectors; None without any.
        normalization: the form of Unicode in which texts are read, or None; files that were written
            before there was a choice do not name it.
    """

    mode: str
    lowercase: bool
    max_length: int | None
    max_tokens: int | None
    min_frequency: int
    tokens: TokenSource
    vectors: Any = None
    vocabulary: list[str] = field(default_factory=list)
    embeddings_found: float | None = None
    cooccur: bool = False  # whether first vectors were made of the texts
    count: int = 0  # of the training texts
    left_open: list[str] = field(default_factory=list)  # dropouts that their number decides
    normalization: str | None = NFC

    @classmethod
    def of(cls, parameters: TextParameters, mode: str) -> TextInput:
        """An input as the parameters of an estimator describe it."""
        of_tokens: dict[str, Any] = {name: getattr(parameters, name) for name in DROPOUTS}
        left_open = [name for name, value in of_tokens.items() if is_auto(value)]
        of_tokens.update(dict.fromkeys(left_open, 0.0))  # until the texts are counted
        return cls(
            mode=mode,
            lowercase=bool(parameters.lowercase),
            normalization=parameters.normalization,
            max_length=parameters.max_length,
            max_tokens=parameters.max_tokens,
            min_frequency=parameters.min_frequency,
            tokens=TokenSource(
                0,
                parameters.embedding_dim,
                trainable=not parameters.freeze_embeddings,
                **of_tokens,
            ),
            left_open=left_open,
            vectors=parameters.embeddings,
        )

    @cached_property
    def tokenizer(self) -> Tokenizer | TextCodec | WordPieces:
        """From strings to ids."""
        reading = self.lowercase, self.normalization
        if self.mode == "pieces":
            return WordPieces(self.vocabulary, self.tokens.pieces or 1, *reading)
        if self.mode == "subword":
            return TextCodec(self.vocabulary, self.mode, *reading)
        return Tokenizer(self.vocabulary, self.mode, *reading)

    def read(self, X: Inputs) -> Samples:
        """Checks that X holds texts."""
        if self.mode in ("whitespace", "pieces"):
            X = text_column(X)
            if not is_text(X) and not (hasattr(X, "__len__") and len(X) == 0):
                raise TypeError("X must be texts, as in fit.")
            X = joined(X)
        return Samples(check_texts(X))

    def learn(self, chunks: Iterable[Samples]) -> None:
        """Learns the vocabulary.

        Raises:
            ValueError: where no token is left for it, or embeddings do not fit it.
        """
        texts = self._counted(itertools.chain.from_iterable(chunk.values for chunk in chunks))
        first: list[str] = []  # those that vectors are made of
        if self.vectors == COOCCURRENCE:
            first = list(itertools.islice(texts, MOST_TEXTS))
            texts = itertools.chain(first, texts)
        learn = {"subword": self._pieces, "pieces": self._pieces_of_tokens}
        self.vocabulary = learn.get(self.mode, self._frequent)(texts)
        check_vocabulary("X", self.vocabulary, self.mode, self.max_tokens, self.min_frequency)
        self.__dict__.pop("tokenizer", None)
        size = len(self.vocabulary) + RESERVED
        dim = self.tokens.embedding_dim
        if self.vectors == COOCCURRENCE:
            ids = self.tokenizer.encode(first)
            if self.mode == "pieces":
                ids = [rows[rows != PADDING] for rows in ids]
            self.vectors = cooccurrence_vectors(ids, size, dim)
            self.cooccur = self.vectors is not None
        elif self.vectors is not None:
            dim = self._align_vectors()
        chosen = {name: getattr(self.dropouts, DROPOUTS[name]) for name in self.left_open}
        self.tokens = dataclasses.replace(self.tokens, tokens=size, embedding_dim=dim, **chosen)

    def _align_vectors(self) -> int:
        """Brings given vectors into the order of the vocabulary; returns their size.

        Warns where few tokens have one, or some would if texts were not read in lower case.
        """
        capitals: dict[str, str] = {}
        vectors = self.vectors
        if isinstance(vectors, str | os.PathLike):
            asked = capitals if self.lowercase else None
            vectors = read_vectors(vectors, self.vocabulary, asked, self.normalization)
        elif self.lowercase:
            capitals = in_capitals(vectors, self.vocabulary)
        self.vectors = aligned_embeddings(vectors, self.vocabulary, self.normalization)
        size, known = len(self.vocabulary), int(self.vectors[1].sum())
        self.embeddings_found = known / size
        without = np.flatnonzero(~self.vectors[1][RESERVED:])
        lost = [capitals[t] for t in (self.vocabulary[k] for k in without) if t in capitals]
        found = (
            f"embeddings have vectors for {known} of the {size} tokens of the vocabulary "
            f"({self.embeddings_found:.0%}); the others begin at random."
        )
        if len(lost) >= MANY_LOST * size:
            warn(
                f"{found} {len(lost)} of these have one in capitals alone, such as {lost[0]!r}, "
                "and lowercase=True reads none. Set lowercase=False, or give vectors by words in "
                "lower case."
            )
        elif self.embeddings_found < FEW_FOUND:
            warn(
                f"{found} Mind upper and lower case (lowercase={self.lowercase}), and that the "
                "vectors are of the texts' language."
            )
        return self.vectors[0].shape[1]

    def _counted(self, texts: Iterable[str]) -> Iterator[str]:
        """The texts; their number is known when all are read."""
        self.count = 0
        for text in texts:
            self.count += 1
            yield text

    @property
    def dropouts(self) -> Dropouts:
        """Those that the number of texts decides."""
        return dropouts_for(self.count)

    def choices(self) -> dict[str, Choice]:
        """Tells what the texts decided."""
        known = f"{len(self.vocabulary)} known tokens; of more than embedding_dim"
        return {
            "embeddings": Choice(COOCCURRENCE if self.cooccur else None, known),
            "dropout": Choice(self.dropouts.output, reason_for(self.count)),
            **{
                name: Choice(getattr(self.dropouts, part), reason_for(self.count))
                for name, part in DROPOUTS.items()
            },
        }

    def _frequent(self, texts: Iterable[str]) -> list[str]:
        """The most frequent tokens."""
        counts = count_tokens(texts, self.mode, self.lowercase, self.normalization)
        for token in [t for t, count in counts.items() if count < self.min_frequency]:
            del counts[token]
        return most_frequent(counts, self.max_tokens)

    def _pieces(self, texts: Iterable[str]) -> list[str]:
        """Pieces of words. Here no id is the end of a text; there one is counted."""
        limit = None if self.max_tokens is None else max(self.max_tokens, RESERVED + 1) + 1
        return learn_vocabulary(
            texts,
            self.mode,
            max_tokens=limit,
            min_frequency=self.min_frequency,
            lowercase=self.lowercase,
            normalization=self.normalization,
        )

    def _pieces_of_tokens(self, texts: Iterable[str]) -> list[str]:
        """Pieces of what blanks separate; and how many a token has."""
        reading = self.lowercase, self.normalization
        tokens = count_tokens(texts, "whitespace", *reading)
        counts: Counter[str] = Counter()
        for token, count in tokens.items():
            counts[MARK + token.replace(MARK, "_")] += count
        limit = None if self.max_tokens is None else max(self.max_tokens - RESERVED, 1)
        pieces = learn_pieces(counts, limit, self.min_frequency)
        rows = WordPieces(pieces, MOST_PIECES, *reading).encode(list(tokens))
        most = max((np.count_nonzero(row) for row in rows), default=1)
        self.tokens = dataclasses.replace(self.tokens, pieces=int(most))
        return pieces

    def encode(self, samples: Samples) -> list[np.ndarray]:
        """The token ids of each text.

        Raises:
            ValueError: for a text without tokens.
        """
        ids = [row[: self.max_length] for row in self.tokenizer.encode(samples.values)]
        for i, row in enumerate(ids):
            if not len(row):
                raise ValueError(
                    f"X[{i}] is an empty text, {samples.values[i]!r}; every text needs at least "
                    "one token. Leave it out."
                )
        return ids

    def source(self) -> TokenSource:
        """Ids of tokens, which become vectors."""
        return dataclasses.replace(self.tokens, tokens=len(self.vocabulary) + RESERVED)

    def initialize(self, model: keras.Model) -> None:
        """Puts the given vectors into a new model."""
        if self.vectors is None:
            return
        vectors, known = self.vectors
        for member in members_of(model):
            layer = member.get_layer("embedding")
            values = layer.get_weights()[0]
            values[known] = vectors[known]
            layer.set_weights([values])
        self.vectors = None

    def served(self) -> ServedInput:
        """Strings, tokenised in the graph."""
        tokenizer = self.tokenizer

        spec = tf.TensorSpec((None,), tf.string, "inputs")

        def to_batch(texts: Tensor) -> Tensor:
            ids = padded(tokenizer.ids(texts)[:, : self.max_length])
            fault = "have no token. Every text needs at least one; leave them out."
            return without_faults("inputs", ids, {fault: ~tf.reduce_any(valid_steps(ids), 1)})

        return ServedInput(spec, to_batch, tokenizer.resources)

    def request(self, X: Inputs) -> dict[str, np.ndarray]:
        """Texts as they are."""
        return {"inputs": as_sent(self.read(X).values)}

    def example(self) -> list[str]:
        """Texts of known tokens."""
        return example_texts(self.vocabulary, self.mode, self.max_length)


def as_sent(texts: list[str]) -> np.ndarray:
    """Texts (n,) that UTF-8 can hold.

    Example:
        >>> as_sent(["a", "b \\ud83d"]).tolist()
        ['a', 'b �']
    """
    return np.array([utf8(text).decode() for text in texts], object)


def example_texts(vocabulary: list[str], mode: str, most: int | None) -> list[str]:
    """Two texts of known tokens.

    Args:
        vocabulary: of which the first tokens are taken, of subwords the last, which are longest.
        mode: how texts are split.
        most: tokens of a text at most, or None.

    Example:
        >>> example_texts(["the", "film", "a", "."], "word", None)
        ['the film a .', 'film a']
        >>> example_texts(["a", "b", "▁", "ab", "▁ab"], "subword", None)
        ['ab ab', 'ab']
    """
    spoken = [token for token in vocabulary if token.replace(MARK, "").strip()]
    if mode in ("subword", "pieces"):
        spoken = spoken[::-1][:2]
    blank = "" if mode == "char" else " "
    rows = spoken[: min(5, most or 5)], spoken[1 : 1 + min(2, most or 2)] or spoken[:1]
    return [blank.join(token.replace(MARK, " ").strip() for token in row) for row in rows]


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
            if isinstance(text, list | tuple | np.ndarray):
                hint = UNBATCH
            raise TypeError(f"{name}[{i}] must be a string, got {text!r}.{hint}")
    return texts


def warn_of_phrases(X: Inputs, remedy: str) -> None:
    """Warns where blanks separate tokens, and strings have none between words.

    Args:
        X: texts as fit has them; lists of tokens are right by themselves.
        remedy: what the warning advises.
    """
    X = text_column(X)
    texts = [text for text in X if isinstance(text, str)] if is_text(X) else []
    if texts and of_phrases(texts):
        warn(
            "Most texts of X are of a script that puts no blanks between words, so that whole "
            f"phrases are taken for one token each. {remedy}"
        )


def check_vocabulary(
    name: str,
    vocabulary: Collection[str],
    mode: str,
    max_tokens: int | None,
    min_frequency: int,
) -> None:
    """Raises ValueError where all texts would be read as unknown tokens alone.

    Args:
        name: what errors call the texts.
        vocabulary: the known tokens.
        mode: how texts are split.
        max_tokens, min_frequency: by which they were chosen.
    """
    # Of subwords the mark of a blank is always one, and no token of a text.
    if not set(vocabulary) - ({MARK} if mode in ("subword", "pieces") else set()):
        raise ValueError(
            f"{name} must have at least one token that min_frequency={min_frequency} and "
            f"max_tokens={max_tokens} leave, got none: every text would be read as unknown. Lower "
            "min_frequency or raise max_tokens."
        )
