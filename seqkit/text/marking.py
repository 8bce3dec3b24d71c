"""Tokens that know whether a blank came before them, so that text can be put together again."""

from __future__ import annotations

import tensorflow as tf

from seqkit.text import tokenizer
from seqkit.text.characters import BLANKS, NFC, UNSPACED, cleaned, token_pattern
from seqkit.types import Texts

MARK = "▁"  # U+2581, as SentencePiece writes a blank (Kudo and Richardson 2018, arXiv:1808.06226)
MODES = ("subword", "word", "char", "whitespace")

# A word or any other character, as the tokenizer of classifiers has it; with its mark. Pieces are
# learned of whole phrases.
_TOKEN = {
    mode: rf"({MARK}?(?:{token_pattern(blank=MARK, phrases=mode == 'subword')}))"
    for mode in ("word", "subword")
}


@tokenizer.traced_once
def split(
    texts: Texts, mode: str, lowercase: bool, normalization: str | None = NFC
) -> tf.RaggedTensor:
    """The tokens of each text (n,), ragged (n, None).

    In the modes "word" and "subword" a token is marked where a blank, or the text's beginning, is
    before it; a mark of the text's own becomes "_". Of scripts without blanks a word is one letter,
    unmarked where a text begins with it, so that a letter is one token wherever it stands; pieces
    are of whole phrases. Bytes that are not UTF-8, and NUL in lower case, become U+FFFD.

    Example:
        >>> tokens = split(tf.constant(["Don't go,  Bob (now)!"]), "word", False)
        >>> [token.decode() for token in tokens[0].numpy()]
        ["▁Don't", '▁go', ',', '▁Bob', '▁(', 'now', ')', '!']
        >>> [token.decode() for token in split(tf.constant(["好 好"]), "word", False)[0].numpy()]
        ['好', '▁好']
        >>> split(tf.constant(["AH0 B  "]), "whitespace", False).to_list()
        [[b'AH0', b'B']]
    """
    if mode in ("char", "whitespace"):
        return tokenizer.split(texts, mode, lowercase, normalization)
    texts = cleaned(texts, lowercase=lowercase, normalization=normalization, visible=True)
    texts = tf.strings.regex_replace(texts, MARK, "_")
    texts = tf.strings.regex_replace(tf.strings.join([" ", texts]), BLANKS, MARK)
    texts = tf.strings.regex_replace(texts, f"{MARK}$", "")
    if mode == "word":
        texts = tf.strings.regex_replace(texts, f"^{MARK}({UNSPACED})", r"\1")
    return tf.strings.split(tf.strings.regex_replace(texts, _TOKEN[mode], r"\1 "))


def written(token: str, mode: str) -> str:
    """A token as it stands in a text, with the blank before it.

    Example:
        >>> written("▁go", "subword"), written("AH0", "whitespace"), written("▁", "char")
        (' go', ' AH0', '▁')
    """
    if mode == "whitespace":
        return " " + token
    return token if mode == "char" else token.replace(MARK, " ")
