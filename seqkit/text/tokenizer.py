"""From strings to token ids with TensorFlow's own operations, so that an export holds it all."""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Callable, Iterable, Sequence

import keras
import numpy as np
import tensorflow as tf

from seqkit.text.characters import BLANKS, cleaned, token_pattern, utf8
from seqkit.text.reserved_ids import RESERVED, UNKNOWN
from seqkit.types import Tensor

CHUNK = 4096
MODES = ("word", "char", "whitespace")

# A word, or any other visible character. Each is followed by a space, at which it is then split.
_TOKEN = rf"({token_pattern(blank=' ')})"


class Tokenizer:
    """Splits texts into tokens and looks their ids up in a vocabulary.

    Id 0 is padding and 1 an unknown token; the vocabulary's tokens follow.

    Args:
        vocabulary: the known tokens, in the order of their ids, in
            Unicode's normal form C, as texts are read.
        mode: "word": words and punctuation marks ("don't" and "twenty-one" are one word each);
            "char": characters, blanks included; "whitespace": what blanks separate.
        lowercase: whether upper and lower case are one.

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
    ) -> None:
        if mode not in MODES:
            raise ValueError(f"mode must be one of {MODES}, got {mode!r}.")
        self.vocabulary = list(vocabulary)
        self.mode, self.lowercase = mode, lowercase
        # The first call gives the layer's table its content, outside of any graph.
        with tf.init_scope():
            self._layer = keras.layers.StringLookup(
                vocabulary=self.vocabulary or [""], mask_token=None, num_oov_indices=1
            )
            self._layer(tf.constant([""]))  # an export takes a layer only once it is built

    @property
    def resources(self) -> list[keras.layers.Layer]:
        """The layer that holds the table, which an export must track."""
        return [self._layer]

    def __len__(self) -> int:
        """The number of ids, padding and unknown included."""
        return len(self.vocabulary) + RESERVED

    def ids(self, texts: Tensor | Sequence[str]) -> tf.RaggedTensor:
        """Ids of the tokens of each text (n,), ragged int32 (n, None); usable in a graph."""
        return self._looked_up(
            split(tf.convert_to_tensor(texts, tf.string), self.mode, self.lowercase)
        )

    def _looked_up(self, tokens: tf.RaggedTensor) -> tf.RaggedTensor:
        # The layer counts the unknown token as 0, as it keeps no id for padding.
        return tokens.with_values(tf.cast(self._layer(tokens.values), tf.int32) + UNKNOWN)

    def lengths(self, texts: Tensor | Sequence[str]) -> Tensor:
        """How many tokens each text (n,) has, those past max_length too, int32 (n,); usable in a
        graph."""
        counts = split(tf.convert_to_tensor(texts, tf.string), self.mode, self.lowercase)
        return tf.cast(counts.row_lengths(), tf.int32)

    def encode(self, texts: Sequence[str]) -> list[np.ndarray]:
        """Ids of the tokens of each text, outside of a graph: a list of int32 (T_i,)."""
        split_texts = splitter(split, self.mode, self.lowercase)
        return encoded_in_chunks(lambda chunk: self._looked_up(split_texts(chunk)), texts)


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


def split(texts: Tensor, mode: str, lowercase: bool) -> tf.RaggedTensor:
    """The tokens of each text (n,), ragged (n, None).

    Example:
        >>> split(tf.constant(["L'été, déjà?"]), "word", True).to_list()[0][1].decode()
        ','
        >>> [c.decode() for c in split(tf.constant(["Añ!"]), "char", True)[0].numpy()]
        ['a', 'ñ', '!']
    """
    texts = cleaned(texts, lowercase=lowercase, visible=mode == "word")
    if mode == "char":
        return tf.strings.unicode_split(texts, "UTF-8")
    texts = tf.strings.regex_replace(texts, BLANKS, " ")
    if mode == "word":
        texts = tf.strings.regex_replace(texts, _TOKEN, r"\1 ")
    return tf.strings.split(texts)


@functools.cache
def splitter(
    split: Callable[[Tensor, str, bool], tf.RaggedTensor], mode: str, lowercase: bool
) -> Callable[[Tensor], tf.RaggedTensor]:
    """A way to split texts, outside of graphs: traced once in a process, as Unicode's normal form
    takes a second to trace.

    Example:
        >>> splitter(split, "word", True)(tf.constant(["A b"])).to_list()
        [[b'a', b'b']]
    """

    def split_texts(texts: Tensor) -> tf.RaggedTensor:
        return split(texts, mode, lowercase)

    spec = tf.TensorSpec((None,), tf.string)
    return tf.function(split_texts, autograph=False).get_concrete_function(spec)


def count_tokens(texts: Iterable[str], mode: str, lowercase: bool) -> Counter[str]:
    """Counts the occurrences of each token.

    Example:
        >>> count_tokens(["a b", "A c"], "word", True).most_common(1)
        [('a', 2)]
    """
    split_texts = splitter(split, mode, lowercase)
    counts: Counter[str] = Counter()
    chunk: list[bytes] = []

    def add() -> None:
        tokens = split_texts(tf.constant(np.array(chunk, object), tf.string)).values.numpy()
        counts.update(token.decode("utf-8", "replace") for token in tokens)
        chunk.clear()

    for text in texts:
        chunk.append(utf8(text) if isinstance(text, str) else text)
        if len(chunk) == CHUNK:
            add()
    if chunk:
        add()
    return counts


def most_frequent(counts: Counter[str], max_tokens: int | None) -> list[str]:
    """The vocabulary: the most frequent tokens first, those of one frequency in their own order.

    Args:
        counts: how often each token occurs.
        max_tokens: tokens kept, padding and unknown included; None for all.
    """
    ordered = sorted(counts, key=lambda token: (-counts[token], token))
    return ordered if max_tokens is None else ordered[: max(max_tokens - RESERVED, 0)]
