"""Data as sequences: readers of files, data sets that the package index serves, and batches."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqkit.lazy import lazy_names

if TYPE_CHECKING:
    from seqkit.data.bible import Verses, load_bible
    from seqkit.data.catalogue import load
    from seqkit.data.conll import read_conll
    from seqkit.data.critics_snippets import CriticsSnippets, load_critics_snippets
    from seqkit.data.files import LabelledSequences, read_sequences
    from seqkit.data.japanese_vowels import JapaneseVowels, load_japanese_vowels
    from seqkit.data.long_table import read_long
    from seqkit.data.packaged import CacheError, DownloadError
    from seqkit.data.tfds_sets import load_tfds
    from seqkit.data.topic_texts import TopicTexts, load_reuters, load_twenty_newsgroups
    from seqkit.data.ts_format import read_ts

__all__ = [
    "CacheError",
    "CriticsSnippets",
    "DownloadError",
    "JapaneseVowels",
    "LabelledSequences",
    "TopicTexts",
    "Verses",
    "load",
    "load_bible",
    "load_critics_snippets",
    "load_japanese_vowels",
    "load_reuters",
    "load_tfds",
    "load_twenty_newsgroups",
    "read_conll",
    "read_long",
    "read_sequences",
    "read_ts",
]

__getattr__, __dir__ = lazy_names(
    __name__,
    {
        "CacheError": "packaged",
        "CriticsSnippets": "critics_snippets",
        "DownloadError": "packaged",
        "JapaneseVowels": "japanese_vowels",
        "LabelledSequences": "files",
        "TopicTexts": "topic_texts",
        "Verses": "bible",
        "load": "catalogue",
        "load_bible": "bible",
        "load_critics_snippets": "critics_snippets",
        "load_japanese_vowels": "japanese_vowels",
        "load_reuters": "topic_texts",
        "load_tfds": "tfds_sets",
        "load_twenty_newsgroups": "topic_texts",
        "read_conll": "conll",
        "read_long": "long_table",
        "read_sequences": "files",
        "read_ts": "ts_format",
    },
)
