"""Texts to ids and ids to texts, both in the graph, as a model that writes text needs them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
import tensorflow as tf

from seqkit.text.characters import NFC, check_normalization
from seqkit.text.longest_match import longest_match
from seqkit.text.marking import MODES, split, written
from seqkit.text.reserved_ids import PADDING, RESERVED, UNKNOWN
from seqkit.text.token_table import token_table
from seqkit.text.tokenizer import encoded_in_chunks
from seqkit.types import Tensor, Texts

CHUNK = 1024
UNKNOWN_TEXT = "⁇"  # U+2047, as SentencePiece writes it


class TextCodec:
    """Turns texts into ids and back.

    Id 0 is padding and 1 an unknown token; the vocabulary's tokens follow; the last id is the
    end of a sequence. Encoded and decoded, a text of known tokens is the same in the form in which
    it is read, but for its blanks: runs of blanks are one space, and none is at the beginning or
    end; and for characters that nobody sees, such as byte order marks, which are dropped. Only
    "char" keeps both.

    Args:
        vocabulary: the known tokens, in the order of their ids; see `learn_vocabulary`. In
            the form in which texts are read.
        mode: "subword": words and punctuation marks, cut into the vocabulary's pieces, the longest
            first; "word": words and punctuation marks, of scripts without blanks letters; "char":
            characters; "whitespace": what blanks separate, phonemes say. In the first two a token
            carries "▁" where a blank is before it, and a "▁" in a text is read as "_".
        lowercase: whether texts are read in lower case.
        normalization: the form of Unicode in which texts are read, "NFC"; None: as they come.

    Raises:
        ValueError: for an unknown mode or form, or tokens that are empty or occur twice.

    Example:
        >>> codec = TextCodec(["▁", "▁un", "do", "ing", "!", "▁do"])
        >>> ids = codec.ids(tf.constant(["undoing  do!"]))
        >>> ids.to_list()
        [[3, 4, 5, 7, 6]]
        >>> codec.texts(ids.to_tensor()).numpy().tolist()
        [b'undoing do!']
        >>> codec.decode(codec.encode(["do undo?"])), codec.end_id, len(codec)
        (['do undo⁇'], 8, 9)
    """

    def __init__(
        self,
        vocabulary: Sequence[str],
        mode: str = "subword",
        lowercase: bool = False,
        normalization: str | None = NFC,
    ) -> None:
        check_normalization("normalization", normalization)
        if mode not in MODES:
            raise ValueError(f"mode must be one of {MODES}, got {mode!r}.")
        self.vocabulary, self.mode = list(vocabulary), mode
        self.lowercase, self.normalization = lowercase, normalization
        wrong = [token for token, n in Counter(self.vocabulary).items() if n > 1 or not token]
        if wrong:
            raise ValueError(
                "vocabulary must be distinct tokens, none of them empty, got these empty or more "
                f"than once: {wrong[:5]}. Drop them."
            )
        self._longest = max(map(len, self.vocabulary), default=0)
        unknown = f" {UNKNOWN_TEXT}" if mode in ("word", "whitespace") else UNKNOWN_TEXT
        known = [written(token, mode) for token in self.vocabulary]
        # Padding and the end are not seen.
        self._written = np.array([text.encode() for text in ["", unknown, *known, ""]], object)
        self._table = token_table(self.vocabulary)

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.vocabulary, self.mode, self.lowercase, self.normalization)

    @property
    def resources(self) -> list[tf.lookup.StaticHashTable]:
        """The lookup table, which an export must track."""
        return [self._table]

    @property
    def end_id(self) -> int:
        """The id that ends a sequence."""
        return len(self.vocabulary) + RESERVED

    def __len__(self) -> int:
        """The number of ids; padding, unknown and the end included."""
        return self.end_id + 1

    def ids(self, texts: Texts) -> tf.RaggedTensor:
        """Ids of each text (n,), ragged int32 (n, None), without the end; usable in a graph."""
        return self._ids_of(split(texts, self.mode, self.lowercase, self.normalization))

    def _ids_of(self, tokens: tf.RaggedTensor) -> tf.RaggedTensor:
        if self.mode != "subword":
            return tokens.with_values(self._table.lookup(tokens.values))
        words, word_of_token = tf.unique(tokens.values)
        pieces = longest_match(words, self._table, self._longest, UNKNOWN)
        return tokens.with_values(tf.gather(pieces, word_of_token)).merge_dims(1, 2)

    def texts(self, ids: Tensor) -> Tensor:
        """The text of each row of ids (..., L), strings (...); usable in a graph.

        Padding and the end are skipped; an unknown token is written as "⁇".
        """
        texts = tf.strings.reduce_join(tf.gather(tf.constant(self._written), ids), axis=-1)
        if self.mode == "char":
            return texts
        # The first token has a blank before it, and a model may write several blanks in a row.
        return tf.strings.strip(tf.strings.regex_replace(texts, " +", " "))

    def encode(self, texts: Sequence[str]) -> list[np.ndarray]:
        """Ids of each text, outside of a graph: a list of int32 (T_i,), without the end.

        Raises:
            TypeError: for anything but a list of strings.
        """
        if isinstance(texts, str | bytes):
            raise TypeError("texts must be a list of strings, got one. Use [text].")
        for i, text in enumerate(texts):
            if not isinstance(text, str):
                raise TypeError(f"texts[{i}] must be a string, got {text!r}.")
        return encoded_in_chunks(self.ids, texts)

    def decode(self, ids: Sequence[Sequence[int] | np.ndarray]) -> list[str]:
        """The text of each sequence of ids, outside of a graph.

        Raises:
            TypeError: for anything but a list of sequences.
            ValueError: for an id that is none of this codec's.
        """
        for i, row in enumerate(ids):
            if not np.ndim(row) == 1:
                raise TypeError(f"ids[{i}] must be a sequence of ids, got {row!r}.")
            if len(row) and not 0 <= np.min(row) <= np.max(row) < len(self):
                raise ValueError(
                    f"ids[{i}] must be from 0 to {len(self) - 1}, got {np.min(row)} to "
                    f"{np.max(row)}."
                )
        decoded: list[str] = []
        for start in range(0, len(ids), CHUNK):
            rows = ids[start : start + CHUNK]
            padded = np.full((len(rows), max(map(len, rows))), PADDING, np.int32)  # (n, L)
            for to, row in zip(padded, rows, strict=True):
                to[: len(row)] = row
            texts = self.texts(tf.constant(padded))
            decoded += [text.decode("utf-8", "replace") for text in texts.numpy()]
        return decoded
