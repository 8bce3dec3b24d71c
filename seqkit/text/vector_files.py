"""Files of word vectors, as word2vec, GloVe and fastText write them in text form."""

from __future__ import annotations

import os
from collections.abc import Collection

import numpy as np

from seqkit.text.characters import NFC, normalized


def read_vectors(
    path: str | os.PathLike[str],
    tokens: Collection[str],
    capitals: dict[str, str] | None = None,
    normalization: str | None = NFC,
) -> dict[str, np.ndarray]:
    """The vectors of some tokens; the others of the file are never in memory.

    Args:
        path: a text file, a token and its numbers a line, with blanks between; a first line of two
            whole numbers, as word2vec and fastText write it, is passed over.
        tokens: those that are wanted, in their normal form.
        capitals: is told of tokens of the file that are wanted in lower case alone, by those; None:
            nobody asks.
        normalization: the form of Unicode in which the file is read, "NFC"; None: as it is.

    Returns:
        A vector float32 (D,) by token, of the tokens that the file has.

    Raises:
        FileNotFoundError: for a missing file.
        ValueError: for a file of another form, or vectors of different sizes; it names the line.

    Example:
        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     path = os.path.join(folder, "vectors.txt")
        ...     with open(path, "w") as file:
        ...         _ = file.write("2 3\\na 1 2 3\\nb 4 5 6\\n")
        ...     read_vectors(path, ["b"])
        {'b': array([4., 5., 6.], dtype=float32)}
    """
    if not os.path.isfile(path):
        raise FileNotFoundError(
            "embeddings must be 'cooccurrence', vectors by token, or a file of them; there is no "
            f"file {os.fspath(path)!r}."
        )
    wanted, size = set(tokens), 0
    vectors: dict[str, np.ndarray] = {}
    with open(path, encoding="utf-8", errors="replace") as file:
        for number, line in enumerate(file, 1):
            text = normalized(line.rstrip(), normalization)
            # GloVe's largest files have tokens with blanks within.
            token, *entries = text.rsplit(" ", size) if size else text.split(" ")
            if number == 1 and len(entries) == 1 and token.isdigit() and entries[0].isdigit():
                continue
            size = size or len(entries)
            if capitals is not None and token not in wanted and (small := token.lower()) in wanted:
                capitals[small] = token
            if token not in wanted or token in vectors:
                continue
            try:
                vectors[token] = np.array(entries, np.float32)
            except ValueError:
                vectors[token] = np.zeros(0, np.float32)
            if vectors[token].shape != (size,) or size < 2:
                raise ValueError(
                    f"embeddings must be a text file of a token and its numbers a line; line "
                    f"{number} of {os.fspath(path)!r} is {line[:60]!r}. A binary file: save it "
                    "in text form."
                )
    return vectors
