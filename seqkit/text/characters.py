"""The one home of what is a blank, a word and a letter, for reading, writing and export alike.

Patterns are those of RE2, which counts only the blanks of ASCII as \\s.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Literal

import tensorflow as tf

from seqkit import checks
from seqkit.text.composition import composed
from seqkit.types import Tensor, Texts

NFC = "NFC"  # Unicode's normal form C, in which an "é" is one character
check_normalization = checks.one_of(NFC, None)

# What str.split takes for a blank: Unicode's White_Space, and the separators of ASCII.
BLANKS = r"[\x09-\x0d\x1c-\x20\x{85}\p{Z}]+"

# Unicode's Default_Ignorable_Code_Point: byte order and direction marks, soft hyphens. Not the
# joiners U+200C and U+200D, which tell words apart, nor variation selectors, which are marks.
_IGNORABLE = (
    r"[\x{ad}\x{34f}\x{61c}\x{115f}-\x{1160}\x{17b4}-\x{17b5}\x{180e}\x{200b}"
    r"\x{200e}-\x{200f}\x{202a}-\x{202e}\x{2060}-\x{206f}\x{3164}\x{feff}\x{ffa0}"
    r"\x{fff0}-\x{fff8}\x{1bca0}-\x{1bca3}\x{1d173}-\x{1d17a}\x{e0000}-\x{e00ff}]"
)

# Scripts that put no blanks between words: Chinese and Japanese, and those of the class SA of
# UAX #14, in which dictionaries tell words. Kana share the marks of length and of voice.
_SCRIPTS = (
    *("Han", "Hiragana", "Katakana", "Thai", "Lao", "Khmer", "Myanmar"),
    *("Tai_Le", "New_Tai_Lue", "Tai_Tham", "Tai_Viet", "Ahom"),
)
_MARKS_OF_KANA = r"\x{30fc}\x{ff70}\x{ff9e}\x{ff9f}"
# A letter of these; RE2 has no "both", but what is neither a non-letter nor out of a script is.
UNSPACED = "|".join([*(rf"[^\P{{{s}}}\P{{L}}]" for s in _SCRIPTS), f"[{_MARKS_OF_KANA}]"])
_OF_THESE = "".join(rf"\p{{{s}}}" for s in _SCRIPTS) + _MARKS_OF_KANA
_LETTER = rf"[^\P{{L}}{_OF_THESE}]"  # of other scripts
_FLAG = r"[\x{1f1e6}-\x{1f1ff}]{2}"


def token_pattern(blank: str, *, phrases: bool = False) -> str:
    """A pattern of one token: a word, a flag, or another visible character with what is one with
    it: marks, tones of skin, and what a joiner joins.

    A word is of letters, marks and digits, and joiners after them (UAX #29, Extend and ZWJ), held
    together by apostrophes and hyphens; in scripts without blanks it is one letter and its marks.

    Args:
        blank: the characters that separate tokens, as within brackets.
        phrases: whether letters of scripts without blanks are held together, too.
    """
    letter = r"\p{L}" if phrases else _LETTER
    letters = rf"(?:{letter}|[\p{{M}}\p{{N}}_])(?:{letter}|[\p{{M}}\p{{N}}_\x{{200c}}\x{{200d}}])*"
    word = rf"{letters}(?:['’\-]{letters})*"
    extension = rf"(?:[\p{{M}}\x{{1f3fb}}-\x{{1f3ff}}\x{{200c}}]|\x{{200d}}[^{blank}]?)*"
    alone = rf"(?:{UNSPACED})[\p{{M}}\x{{200c}}\x{{200d}}]*"
    return rf"{word}|{alone}|{_FLAG}|[^{blank}]{extension}"


_INVISIBLE = re.compile(re.sub(r"\\x\{(\w+)\}", lambda m: chr(int(m[1], 16)), _IGNORABLE))


def as_read(text: str, *, visible: bool, normalization: str | None = NFC) -> str:
    """A text in Python as `cleaned` has it in a graph, capitals and all.

    Example:
        >>> as_read("E\u0301te\u0301\ufeff", visible=True)
        'Été'
    """
    return normalized(_INVISIBLE.sub("", text) if visible else text, normalization)


def normalized(text: str, normalization: str | None, form: Literal["NFC", "NFD"] = "NFC") -> str:
    """A text in Python in a form of Unicode; as it is where `normalization` is None."""
    return text if normalization is None else unicodedata.normalize(form, text)


def utf8(text: str) -> bytes:
    """The text for a graph. Half of a surrogate pair, which UTF-8 cannot hold, becomes U+FFFD.

    Example:
        >>> utf8("a \\ud83d").decode()
        'a \ufffd'
    """
    try:
        return text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").encode()


def cleaned(
    texts: Texts,
    *,
    lowercase: bool,
    normalization: str | None = NFC,
    visible: bool = False,
    between_blanks: bool = False,
) -> Tensor:
    """Texts (n,) as all that reads them begins: valid UTF-8, in a normal form.

    Bytes that are not UTF-8, and NUL in lower case, become U+FFFD.

    Args:
        texts: strings (n,).
        lowercase: whether they lose their capitals.
        normalization: "NFC", or None for no form.
        visible: whether characters that nobody sees are dropped, which would make other words of
            words. Default: they stay.
        between_blanks: whether all that blanks separate is a token: one of such characters alone
            stays one, U+FFFD, for it may have a label.

    Example:
        >>> texts = tf.constant(["\\ufeffSoft\\u00adly", "E\\u0301"])
        >>> [t.decode() for t in cleaned(texts, lowercase=True, visible=True).numpy()]
        ['softly', 'é']
    """
    check_normalization("normalization", normalization)
    texts = tf.strings.unicode_transcode(texts, "UTF-8", "UTF-8")
    if lowercase:
        # tf.strings.lower would end the text at a NUL.
        texts = tf.strings.regex_replace(texts, r"\x00", "\ufffd")
        texts = tf.strings.lower(texts, encoding="utf-8")
    if between_blanks:
        texts = tf.strings.regex_replace(texts, BLANKS, "  ")  # each token has two of its own
        texts = tf.strings.regex_replace(texts, rf"(^| ){_IGNORABLE}+( |$)", "\\1\ufffd\\2")
    if visible:
        texts = tf.strings.regex_replace(texts, _IGNORABLE, "")
    # At the end: some letters are one character in lower case alone, and what nobody sees may stand
    # between a letter and its mark.
    return tf.convert_to_tensor(texts) if normalization is None else composed(texts)
