"""Data in and out of files: readers, and data sets that the package index serves."""

from seqkit.data.files import Sequences, read_sequences
from seqkit.data.japanese_vowels import JapaneseVowels, load_japanese_vowels
from seqkit.data.long_table import read_long
from seqkit.data.packaged import CacheError, DownloadError
from seqkit.data.ts_format import read_ts

__all__ = [
    "CacheError",
    "DownloadError",
    "JapaneseVowels",
    "Sequences",
    "load_japanese_vowels",
    "read_long",
    "read_sequences",
    "read_ts",
]
