"""Capitals and punctuation marks of a text as labels of its words, and back."""

from __future__ import annotations

import re
from collections.abc import Iterable

MARKS = ",.;:?!"


def labelled(text: str) -> tuple[list[str], list[str]]:
    """The words of a text, in lower case and without marks, and their labels.

    Brackets are left out. Of several marks in a row the last one counts.

    Example:
        >>> labelled("And the LORD said, (Moses!) Hear.")
        (['and', 'the', 'lord', 'said', 'moses', 'hear'], ['Xx', 'x', 'XX', 'x,', 'Xx!', 'Xx.'])
    """
    tokens, labels = [], []
    for written in re.sub(r"[()]", "", text).split():
        word = written.rstrip(MARKS + "-")
        if word:
            capital = "Xx" if len(word) == 1 or not word.isupper() else "XX"
            tokens.append(word.lower())
            marks = [mark for mark in written[len(word) :] if mark in MARKS]
            labels.append("".join([capital if word[0].isupper() else "x", *marks[-1:]]))
    return tokens, labels


def restored(tokens: Iterable[str], labels: Iterable[str]) -> str:
    """The text that words and their labels stand for.

    Example:
        >>> restored(["and", "the", "lord", "said", "hear"], ["Xx", "x", "XX", "x,", "Xx."])
        'And the LORD said, Hear.'
    """
    words = []
    for token, label in zip(tokens, labels, strict=True):
        shape, mark = parts(label)
        start = token[0].upper() + token[1:] if shape == "Xx" else token
        words.append((token.upper() if shape == "XX" else start) + mark)
    return " ".join(words)


def parts(label: str) -> tuple[str, str]:
    """How a word is written, and the mark that follows it, or "".

    Example:
        >>> parts("Xx,"), parts("x")
        (('Xx', ','), ('x', ''))
    """
    shape = label.rstrip(MARKS)
    return shape, label[len(shape) :]
