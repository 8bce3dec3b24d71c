"""From strings to token ids with TensorFlow's own operations, so that an export holds it all."""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from itertools import islice
from typing import Protocol

import numpy as np
import tensorflow as tf

from seqkit.text.characters import (
    BLANKS,
    NFC,
    check_normalization,
    cleaned,
    token_pattern,
    utf8,
)
from seqkit.text.reserved_ids import RESERVED
from seqkit.text.token_table import token_table
from seqkit.types import Tensor, Texts

CHUNK = 4096
MODES = ("word", "char", "whitespace")

# A word, or any other visible character. Each is followed by a space, at which it is then split.
_TOKEN = rf"({token_pattern(blank=' ')})"


class Tokenizer:
    """Splits texts into tokens and looks their ids up in a vocabulary.

    Id 0 is padding and 1 an unknown token; the vocabulary's tokens follow.

    Args:
        vocabulary: the known tokens, in the order of their ids, in the form in which texts are
            read.
        mode: "word": words and punctuation marks ("don't" and "twenty-one" are one word each), of
            scripts that put no blanks between words, such as Han, Kana and Thai, letters with their
            marks; "char": characters, blanks included; "whitespace": what blanks separate. Byte
            order and direction marks, soft hyphens and the like count in "char" alone.
        lowercase: whether upper and lower case are one.
        normalization: the form of Unicode in which texts are read, "NFC"; None: as they come.

    Example:
        >>> tokenizer = Tokenizer(["good", "film", "!"])
        >>> tokenizer.ids(["Good film!", "a good one"]).to_list()
        [[2, 3, 4], [1, 2, 1]]
    """

    def __init__(
        self,
        vocabulary: Sequence[str],
        mode: str = "word",
        lowercase: bool = True,
        normalization: str | None = NFC,
    ) -> None:
        check_normalization("normalization", normalization)
        if mode not in MODES:
            raise ValueError(f"mode must be one of {MODES}, got {mode!r}.")
        self.vocabulary = list(vocabulary)
        self.mode, self.lowercase, self.normalization = mode, lowercase, normalization
        self._table = token_table(self.vocabulary)

    @property
    def resources(self) -> list[tf.lookup.StaticHashTable]:
        """The lookup table, which an export must track."""
        return [self._table]

    def __len__(self) -> int:
        """The number of ids, padding and unknown included."""
        return len(self.vocabulary) + RESERVED

    def ids(self, texts: Texts) -> tf.RaggedTensor:
        """Ids of the tokens of each text (n,), ragged int32 (n, None); usable in a graph."""
        return self._looked_up(split(texts, self.mode, self.lowercase, self.normalization))

    def _looked_up(self, tokens: tf.RaggedTensor) -> tf.RaggedTensor:
        return tokens.with_values(self._table.lookup(tokens.values))

    def lengths(self, texts: Texts) -> Tensor:
        """How many tokens each text (n,) has, those past max_length too, int32 (n,); usable in a
        graph."""
        counts = split(texts, self.mode, self.lowercase, self.normalization)
        return tf.cast(counts.row_lengths(), tf.int32)

    def encode(self, texts: Sequence[str]) -> list[np.ndarray]:
        """Ids of the tokens of each text, outside of a graph: a list of int32 (T_i,)."""
        return encoded_in_chunks(self.ids, texts)


def encoded_in_chunks(
    ids_of: Callable[[Tensor], tf.RaggedTensor], texts: Sequence[str]
) -> list[np.ndarray]:
    """The ids of each text by a function in the graph: arrays of a row a token."""
    encoded: list[np.ndarray] = []
    for start in range(0, len(texts), CHUNK):
        chunk = np.array([utf8(t) for t in texts[start : start + CHUNK]], object)
        ids = ids_of(tf.constant(chunk, tf.string))
        encoded += np.split(ids.values.numpy(), ids.row_splits.numpy()[1:-1])
    return encoded


class Split(Protocol):
    """A way to split texts (n,) into tokens."""

    def __call__(
        self, texts: Texts, mode: str, lowercase: bool, normalization: str | None = NFC
    ) -> tf.RaggedTensor:
        """The tokens of each text, ragged (n, None)."""


def traced_once(split: Split) -> Split:
    """A way to split texts (n,) that is traced once in a process for each mode: Unicode's normal
    form takes a second to trace, and graphs that call one function share it."""

    @functools.cache
    def traced(
        mode: str, lowercase: bool, normalization: str | None
    ) -> Callable[[Tensor], tf.RaggedTensor]:
        function = tf.function(
            lambda texts: split(texts, mode, lowercase, normalization), autograph=False
        )
        with tf.init_scope():
            return function.get_concrete_function(tf.TensorSpec((None,), tf.string))

    @functools.wraps(split)
    def wrapper(
        texts: Texts, mode: str, lowercase: bool, normalization: str | None = NFC
    ) -> tf.RaggedTensor:
        read = traced(mode, lowercase, normalization)
        return read(tf.convert_to_tensor(texts, tf.string))

    return wrapper


@traced_once
def split(
    texts: Texts, mode: str, lowercase: bool, normalization: str | None = NFC
) -> tf.RaggedTensor:
    """The tokens of each text (n,), ragged (n, None).

    Example:
        >>> split(tf.constant(["L'été, déjà?"]), "word", True).to_list()[0][1].decode()
        ','
        >>> [c.decode() for c in split(tf.constant(["Añ!"]), "char", True)[0].numpy()]
        ['a', 'ñ', '!']
        >>> [token.decode() for token in split(tf.constant(["看iPhone"]), "word", False)[0].numpy()]
        ['看', 'iPhone']
    """
    texts = cleaned(
        texts,
        lowercase=lowercase,
        normalization=normalization,
        visible=mode != "char",
        between_blanks=mode == "whitespace",
    )
    if mode == "char":
        return tf.strings.unicode_split(texts, "UTF-8")
    texts = tf.strings.regex_replace(texts, BLANKS, " ")
    if mode == "word":
        texts = tf.strings.regex_replace(texts, _TOKEN, r"\1 ")
    return tf.strings.split(texts)


def count_tokens(
    texts: Iterable[str], mode: str, lowercase: bool, normalization: str | None = NFC
) -> Counter[str]:
    """Counts the occurrences of each token.

    Example:
        >>> count_tokens(["a b", "A c"], "word", True).most_common(1)
        [('a', 2)]
    """
    return counted(texts, split, mode, lowercase, normalization)


def counted(
    texts: Iterable[str],
    split: Split,
    mode: str,
    lowercase: bool,
    normalization: str | None = NFC,
) -> Counter[str]:
    """The same of tokens as another `split` gives them."""
    counts: Counter[bytes] = Counter()
    left = iter(texts)
    while chunk := [utf8(t) if isinstance(t, str) else t for t in islice(left, CHUNK)]:
        tokens = split(np.array(chunk, object), mode, lowercase, normalization)
        counts.update(tokens.values.numpy())
    return Counter({token.decode(): count for token, count in counts.items()})


def most_frequent(counts: Counter[str], max_tokens: int | None) -> list[str]:
    """The vocabulary: the most frequent tokens first, those of one frequency in their own order.

    Args:
        counts: how often each token occurs.
        max_tokens: tokens kept, padding and unknown included; None for all.
    """
    ordered = sorted(counts, key=lambda token: (-counts[token], token))
    return ordered if max_tokens is None else ordered[: max(max_tokens - RESERVED, 0)]
