"""Japanese Vowels: which of nine men spoke? (Kudo, Toyama & Shimbo 1999).

Each utterance of the vowels /ae/ is a series of 12 linear prediction coefficients. The data are
from the UCI and UEA archives, as the wheel of sktime (BSD licence) holds them.
"""

from __future__ import annotations

import os
from typing import NamedTuple

import numpy as np

from seqkit.datasets.package_index import Wheel, member
from seqkit.readers.ts_format import read_ts

WHEEL = Wheel("sktime", "1.2.0", "dbffc6731d2d683b668dceb5e2bbc5804bebc8446b4c580803a281684d90e4ae")
_MEMBER = "sktime/datasets/data/JapaneseVowels/JapaneseVowels_{}.ts"


class JapaneseVowels(NamedTuple):
    """The archive's split: series (T_i, 12) float32, and speakers "1" to "9"."""

    X_train: list[np.ndarray]
    y_train: np.ndarray
    X_test: list[np.ndarray]
    y_test: np.ndarray


def load_japanese_vowels(cache_dir: str | os.PathLike[str] | None = None) -> JapaneseVowels:
    """Loads Japanese Vowels: 270 series to train on and 370 to test on, of 7 to 29 steps.

    The first call fetches 8 MB from the package index; later ones need no network.

    Args:
        cache_dir: where the fetched file is kept. Default: the environment variable SEQKIT_CACHE,
            else the user's cache folder.

    Raises:
        DownloadError: if the file cannot be fetched; the message says what can be done.
        CacheError: if the cache folder cannot be read or written.

    Example:
        >>> X_train, y_train, X_test, y_test = load_japanese_vowels()  # doctest: +SKIP
        >>> len(X_train), len(X_test), X_train[0].shape  # doctest: +SKIP
        (270, 370, (20, 12))
    """
    parts: list[list[np.ndarray] | np.ndarray | None] = []
    for split in ("TRAIN", "TEST"):
        path = _MEMBER.format(split)
        parts += read_ts(member(WHEEL, path, cache_dir).decode().splitlines(), name=path)
    return JapaneseVowels(*parts)  # type: ignore[arg-type]
