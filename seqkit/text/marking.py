"""Tokens that know whether a blank came before them, so that text can be put together again."""

from __future__ import annotations

import tensorflow as tf

MARK = "▁"  # U+2581, as SentencePiece writes a blank (Kudo and Richardson 2018, arXiv:1808.06226)
MODES = ("subword", "word", "char", "whitespace")

# What str.split takes for a blank. RE2 counts only the blanks of ASCII as \s.
_BLANKS = r"[\x09-\x0d\x1c-\x20\x{85}\p{Z}]+"

# A word or any other character, alone, as the tokenizer of classifiers has it; with its mark.
_TOKEN = rf"({MARK}?(?:[\p{{L}}\p{{M}}\p{{N}}_]+(?:['’\-][\p{{L}}\p{{M}}\p{{N}}_]+)*|[^{MARK}]))"


def split(texts: tf.Tensor, mode: str, lowercase: bool) -> tf.RaggedTensor:
    """The tokens of each text (n,), ragged (n, None).

    In the modes "word" and "subword" a token is marked where a blank, or the text's beginning, is
    before it; a mark of the text's own becomes "_". Bytes that are not UTF-8, and NUL in
    lower case, become U+FFFD.

    Example:
        >>> tokens = split(tf.constant(["Don't go,  Bob (now)!"]), "word", False)
        >>> [token.decode() for token in tokens[0].numpy()]
        ["▁Don't", '▁go', ',', '▁Bob', '▁(', 'now', ')', '!']
        >>> split(tf.constant(["AH0 B  "]), "whitespace", False).to_list()
        [[b'AH0', b'B']]
    """
    texts = tf.strings.unicode_transcode(texts, "UTF-8", "UTF-8")
    if lowercase:
        # tf.strings.lower would end the text at a NUL.
        texts = tf.strings.regex_replace(texts, r"\x00", "\ufffd")
        texts = tf.strings.lower(texts, encoding="utf-8")
    if mode == "char":
        return tf.strings.unicode_split(texts, "UTF-8")
    if mode == "whitespace":
        return tf.strings.split(tf.strings.regex_replace(texts, _BLANKS, " "))
    texts = tf.strings.regex_replace(texts, MARK, "_")
    texts = tf.strings.regex_replace(tf.strings.join([" ", texts]), _BLANKS, MARK)
    texts = tf.strings.regex_replace(texts, f"{MARK}$", "")
    return tf.strings.split(tf.strings.regex_replace(texts, _TOKEN, r"\1 "))


def written(token: str, mode: str) -> str:
    """A token as it stands in a text, with the blank before it.

    Example:
        >>> written("▁go", "subword"), written("AH0", "whitespace"), written("▁", "char")
        (' go', ' AH0', '▁')
    """
    if mode == "whitespace":
        return " " + token
    return token if mode == "char" else token.replace(MARK, " ")
