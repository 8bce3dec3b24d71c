"""Data as sequences: readers of files, data sets that the package index serves, and batches."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqkit.lazy import lazy_names

if TYPE_CHECKING:
    from seqkit.data.files import LabelledSequences, read_sequences
    from seqkit.data.japanese_vowels import JapaneseVowels, load_japanese_vowels
    from seqkit.data.long_table import read_long
    from seqkit.data.packaged import CacheError, DownloadError
    from seqkit.data.ts_format import read_ts

__all__ = [
    "CacheError",
    "DownloadError",
    "JapaneseVowels",
    "LabelledSequences",
    "load_japanese_vowels",
    "read_long",
    "read_sequences",
    "read_ts",
]

__getattr__, __dir__ = lazy_names(
    __name__,
    {
        "CacheError": "packaged",
        "DownloadError": "packaged",
        "JapaneseVowels": "japanese_vowels",
        "LabelledSequences": "files",
        "load_japanese_vowels": "japanese_vowels",
        "read_long": "long_table",
        "read_sequences": "files",
        "read_ts": "ts_format",
    },
)
