"""Tokens read by their pieces, so that a word that nobody has seen is not unknown."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import tensorflow as tf

from seqkit.text.characters import NFC
from seqkit.text.longest_match import longest_match
from seqkit.text.marking import MARK
from seqkit.text.reserved_ids import PADDING, RESERVED, UNKNOWN
from seqkit.text.token_table import token_table
from seqkit.text.tokenizer import encoded_in_chunks, split
from seqkit.types import Tensor, Texts

MODE = "whitespace"  # what blanks separate is a token


class WordPieces:
    """Cuts each token of texts into the pieces of a vocabulary, and looks their ids up.

    Id 0 is padding and 1 an unknown character; the vocabulary's pieces follow. Blanks separate
    tokens. A token is cut from the left, the longest piece first; the piece that begins it carries
    "▁", and a "▁" in a text is read as "_".

    Args:
        vocabulary: the known pieces, in the order of their ids, in the form in which texts are
            read; see `seqkit.text.vocabulary.learn_pieces`.
        most: pieces read of a token, P, the first ones.
        lowercase: whether upper and lower case are one.
        normalization: the form of Unicode in which texts are read, "NFC"; None: as they come.

    Example:
        >>> tokenizer = WordPieces(["▁", "▁un", "do", "ing", "▁do"], most=3)
        >>> tokenizer.ids(["undoing do"]).to_list()
        [[[3, 4, 5], [6, 0, 0]]]
    """

    def __init__(
        self,
        vocabulary: Sequence[str],
        most: int,
        lowercase: bool = True,
        normalization: str | None = NFC,
    ) -> None:
        self.vocabulary = list(vocabulary)
        self.most, self.lowercase, self.normalization = most, lowercase, normalization
        self._longest = max(map(len, self.vocabulary), default=0)
        self._table = token_table(self.vocabulary)

    @property
    def resources(self) -> list[tf.lookup.StaticHashTable]:
        """The lookup table, which an export must track."""
        return [self._table]

    def __len__(self) -> int:
        """The number of ids, padding and unknown included."""
        return len(self.vocabulary) + RESERVED

    def ids(self, texts: Texts) -> tf.RaggedTensor:
        """Ids of the pieces of the tokens of each text (n,), ragged int32 (n, None, P); usable in a
        graph."""
        return self._ids_of(self._split(texts))

    def _ids_of(self, tokens: tf.RaggedTensor) -> tf.RaggedTensor:
        words, word_of_token = tf.unique(tokens.values)
        marked = tf.strings.join([MARK, tf.strings.regex_replace(words, MARK, "_")])
        ids_of_words = longest_match(marked, self._table, self._longest, UNKNOWN)[:, : self.most]
        pieces = ids_of_words.to_tensor(PADDING, shape=[None, self.most])  # (U, P)
        return tokens.with_values(tf.gather(pieces, word_of_token))

    def lengths(self, texts: Texts) -> Tensor:
        """How many tokens each text (n,) has, int32 (n,); usable in a graph."""
        return tf.cast(self._split(texts).row_lengths(), tf.int32)

    def _split(self, texts: Texts) -> tf.RaggedTensor:
        return split(texts, MODE, self.lowercase, self.normalization)

    def encode(self, texts: Sequence[str]) -> list[np.ndarray]:
        """The same as `ids`, outside of a graph: a list of int32 (T_i, P)."""
        return encoded_in_chunks(self.ids, texts)
