"""Data as sequences: readers of files, data sets that the package index serves, and batches."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqkit.lazy import lazy_names

if TYPE_CHECKING:
    from seqkit.data.bible import Verses, load_bible
    from seqkit.data.catalogue import load
    from seqkit.data.cmudict import Pronunciations, listed_pronunciations, load_cmudict
    from seqkit.data.conll import read_conll
    from seqkit.data.critics_snippets import CriticsSnippets, load_critics_snippets
    from seqkit.data.dates import make_dates
    from seqkit.data.files import LabelledSequences, read_sequences
    from seqkit.data.forecasting_sets import ForecastingSet, load_m1, load_m3, load_tourism
    from seqkit.data.japanese_vowels import JapaneseVowels, load_japanese_vowels
    from seqkit.data.long_table import read_long
    from seqkit.data.packaged import CacheError, DownloadError
    from seqkit.data.parallel_text import TextPairs, bible_pairs, read_tsv_pairs
    from seqkit.data.parts import part_of
    from seqkit.data.tfds_sets import load_tfds
    from seqkit.data.time_features import calendar_features
    from seqkit.data.topic_texts import TopicTexts, load_reuters, load_twenty_newsgroups
    from seqkit.data.ts_format import read_ts

__all__ = [
    "CacheError",
    "CriticsSnippets",
    "DownloadError",
    "ForecastingSet",
    "JapaneseVowels",
    "LabelledSequences",
    "Pronunciations",
    "TextPairs",
    "TopicTexts",
    "Verses",
    "bible_pairs",
    "calendar_features",
    "listed_pronunciations",
    "load",
    "load_bible",
    "load_cmudict",
    "load_critics_snippets",
    "load_japanese_vowels",
    "load_m1",
    "load_m3",
    "load_reuters",
    "load_tfds",
    "load_tourism",
    "load_twenty_newsgroups",
    "make_dates",
    "part_of",
    "read_conll",
    "read_long",
    "read_sequences",
    "read_ts",
    "read_tsv_pairs",
]

__getattr__, __dir__ = lazy_names(
    __name__,
    {
        "CacheError": "packaged",
        "CriticsSnippets": "critics_snippets",
        "DownloadError": "packaged",
        "ForecastingSet": "forecasting_sets",
        "JapaneseVowels": "japanese_vowels",
        "LabelledSequences": "files",
        "Pronunciations": "cmudict",
        "TextPairs": "parallel_text",
        "TopicTexts": "topic_texts",
        "Verses": "bible",
        "bible_pairs": "parallel_text",
        "calendar_features": "time_features",
        "listed_pronunciations": "cmudict",
        "load": "catalogue",
        "load_bible": "bible",
        "load_cmudict": "cmudict",
        "load_critics_snippets": "critics_snippets",
        "load_japanese_vowels": "japanese_vowels",
        "load_m1": "forecasting_sets",
        "load_m3": "forecasting_sets",
        "load_reuters": "topic_texts",
        "load_tfds": "tfds_sets",
        "load_tourism": "forecasting_sets",
        "load_twenty_newsgroups": "topic_texts",
        "make_dates": "dates",
        "part_of": "parts",
        "read_conll": "conll",
        "read_long": "long_table",
        "read_sequences": "files",
        "read_ts": "ts_format",
        "read_tsv_pairs": "parallel_text",
    },
)
