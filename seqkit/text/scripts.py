"""Scripts that put no blanks between words."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import tensorflow as tf

from seqkit.text.characters import UNSPACED, utf8
from seqkit.text.tokenizer import count_tokens

LONGEST_MEAN = 4  # letters of words, without their marks, where blanks were put between them


def of_phrases(texts: Sequence[str]) -> bool:
    """Whether most of what blanks separate are whole phrases, for want of blanks.

    That is where most are of a script without blanks, and they are longer than words are, or are
    all that there is of a text.

    Args:
        texts: strings, none of them missing.

    Example:
        >>> of_phrases(["我喜欢这部电影。", "太无聊了。"]), of_phrases(["我 喜欢 这部 电影"])
        (True, False)
    """
    counts = count_tokens(texts, "whitespace", lowercase=False)
    tokens = tf.constant([utf8(token) for token in counts], tf.string)
    letters = tf.strings.regex_replace(tokens, f"({UNSPACED})|(?s:.)", r"\1")
    lengths = tf.strings.length(letters, "UTF8_CHAR").numpy()
    is_word = tf.strings.regex_full_match(tokens, r"[\p{L}\p{N}](?s:.*)").numpy()
    times = np.fromiter(counts.values(), np.int64, len(counts))
    unspaced = int(times[lengths > 0].sum())
    total = int((times * lengths).sum())
    phrases = total > LONGEST_MEAN * unspaced or total > unspaced <= len(texts)
    return 2 * unspaced > int(times[is_word].sum()) and phrases
