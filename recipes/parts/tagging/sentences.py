"""Tagged sentences for the tagging recipe: of the Bible, or of the user's files."""

from __future__ import annotations

import argparse
from typing import NamedTuple

import numpy as np

from .capitals_and_marks import labelled

WINDOW = 48  # words of running text that are read at once
# Of different kinds: history, poetry, prophecy, gospel or acts, letter; and none of those that
# repeat another, as Chronicles repeats Kings, and Matthew Mark.
TEST_BOOKS = {"Judges": 7, "Job": 18, "Daniel": 27, "John": 43, "Romans": 45}
HELD_OUT_BOOKS = {"Esther": 17, "Proverbs": 20, "Hosea": 28, "Acts": 44, "Galatians": 48}

Rows = list[list[str]]
Labelled = tuple[Rows, Rows]  # tokens, and their labels


class Parts(NamedTuple):
    """Tokens and labels: for training, held out of it for early stopping, and for testing."""

    train: Labelled
    held_out: Labelled
    test: Labelled


def load(options: argparse.Namespace) -> tuple[str, Parts]:
    """Name of the data, and its parts."""
    name, whole = bible() if options.conll is None else own(options)
    X, y = whole.train
    if options.sentences is not None and options.sentences < len(X):
        chosen = np.random.default_rng(0).permutation(len(X))[: options.sentences]
        X, y = [X[k] for k in chosen], [y[k] for k in chosen]
    # A label that training does not know has no loss.
    known = {label for row in y for label in row}
    held_out = [pair for pair in zip(*whole.held_out, strict=True) if known.issuperset(pair[1])]
    return name, Parts((X, y), ([x for x, _ in held_out], [y for _, y in held_out]), whole.test)


def bible() -> tuple[str, Parts]:
    """The King James Version. Of the free translations it is the one that has words in capitals."""
    from seqkit import data

    verses = data.load_bible("king_james")
    split = Parts(([], []), ([], []), ([], []))
    for book in np.unique(verses.books):
        part = split.train
        if book in TEST_BOOKS.values():
            part = split.test
        elif book in HELD_OUT_BOOKS.values():
            part = split.held_out
        tokens, labels = labelled(" ".join(verses.texts[verses.books == book]))
        for start in range(0, len(tokens), WINDOW):
            part[0].append(tokens[start : start + WINDOW])
            part[1].append(labels[start : start + WINDOW])
    return "King James Version", split


def own(options: argparse.Namespace) -> tuple[str, Parts]:
    """The user's files."""
    from seqkit import data

    def read(path: str) -> Labelled:
        X, y = data.read_conll(path, options.column, options.token_column)
        # CoNLL-U has words such as "10 000"; a tagger's tokens hold no blanks.
        return [["_".join(token.split()) for token in tokens] for tokens in X], y

    train, name = read(options.conll), options.conll
    if options.test_conll:
        test, name = read(options.test_conll), f"{name} / {options.test_conll}"
    else:
        train, test = last_apart(train, 5, name)
    train, held_out = last_apart(train, 10, name)
    return name, Parts(train, held_out, test)


def last_apart(pair: Labelled, divisor: int, name: str) -> tuple[Labelled, Labelled]:
    """All but the last sentences, and those: 1 / divisor of them."""
    X, y = pair
    n = max(1, len(X) // divisor)
    if n >= len(X):
        raise ValueError(f"{name}: expected enough sentences to hold some out, got {len(X)}.")
    return (X[:-n], y[:-n]), (X[-n:], y[-n:])
