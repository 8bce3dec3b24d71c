"""Scripts that put no blanks between words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import numpy as np
import tensorflow as tf

from seqkit.text.characters import utf8
from seqkit.text.marking import MARK

_UNSPACED = r"\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}"
LONGEST_MEAN = 4  # letters of words, without their marks, where blanks were put between them


def read_as_phrases(counts: Mapping[str, int], texts: int) -> bool:
    """Whether most words are whole phrases, for want of blanks.

    That is where most words are of a script without blanks, and they are longer than words are, or
    are all that there is of a text.

    Args:
        counts: how often each token occurs, with its mark of a blank or without.
        texts: the number of texts.

    Example:
        >>> read_as_phrases({"我喜欢这部电影": 1, "。": 2, "太无聊了": 1}, 2)
        True
        >>> read_as_phrases({"我": 1, "喜欢": 1, "这部": 1, "电影": 1}, 1)
        False
    """
    tokens = tf.constant([utf8(token) for token in counts], tf.string)
    letters = tf.strings.regex_replace(tokens, rf"\p{{M}}|[^{_UNSPACED}]", "")
    lengths = tf.strings.length(letters, "UTF8_CHAR").numpy()
    is_word = tf.strings.regex_full_match(tokens, rf"{MARK}?[\p{{L}}\p{{N}}](?s:.*)").numpy()
    times = np.fromiter(counts.values(), np.int64, len(counts))
    unspaced = int(times[lengths > 0].sum())
    total = int((times * lengths).sum())
    phrases = total > LONGEST_MEAN * unspaced or total > unspaced <= texts
    return 2 * unspaced > int(times[is_word].sum()) and phrases


class Numbered:
    """Texts that are counted while they are read.

    Attributes:
        number: of those read so far.

    Example:
        >>> texts = Numbered(["a b", "c"])
        >>> list(texts), texts.number
        (['a b', 'c'], 2)
    """

    def __init__(self, texts: Iterable[str]) -> None:
        self._texts = texts
        self.number = 0

    def __iter__(self) -> Iterator[str]:
        for text in self._texts:
            self.number += 1
            yield text
