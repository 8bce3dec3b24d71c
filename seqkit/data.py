"""Data as sequences: readers of files, data sets that the package index serves, and batches."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqkit.lazy import lazy_names

if TYPE_CHECKING:
    from seqkit.datasets.bible import Verses, load_bible
    from seqkit.datasets.bible_pairs import TextPairs, bible_pairs
    from seqkit.datasets.cmudict import Pronunciations, listed_pronunciations, load_cmudict
    from seqkit.datasets.critics_snippets import CriticsSnippets, load_critics_snippets
    from seqkit.datasets.forecasting_sets import ForecastingSet, load_m1, load_m3, load_tourism
    from seqkit.datasets.japanese_vowels import JapaneseVowels, load_japanese_vowels
    from seqkit.datasets.load import load
    from seqkit.datasets.package_index import CacheError, DownloadError
    from seqkit.datasets.splits import part_of
    from seqkit.datasets.tfds_sets import load_tfds
    from seqkit.datasets.topic_texts import TopicTexts, load_reuters, load_twenty_newsgroups
    from seqkit.datasets.written_dates import make_dates
    from seqkit.readers.conll import read_conll
    from seqkit.readers.long_tables import read_long
    from seqkit.readers.sequence_files import LabelledSequences, read_sequences
    from seqkit.readers.ts_format import read_ts
    from seqkit.readers.tsv_pairs import read_tsv_pairs
    from seqkit.timeseries.calendar import calendar_features

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
    "seqkit",
    {
        "CacheError": "datasets.package_index",
        "CriticsSnippets": "datasets.critics_snippets",
        "DownloadError": "datasets.package_index",
        "ForecastingSet": "datasets.forecasting_sets",
        "JapaneseVowels": "datasets.japanese_vowels",
        "LabelledSequences": "readers.sequence_files",
        "Pronunciations": "datasets.cmudict",
        "TextPairs": "datasets.bible_pairs",
        "TopicTexts": "datasets.topic_texts",
        "Verses": "datasets.bible",
        "bible_pairs": "datasets.bible_pairs",
        "calendar_features": "timeseries.calendar",
        "listed_pronunciations": "datasets.cmudict",
        "load": "datasets.load",
        "load_bible": "datasets.bible",
        "load_cmudict": "datasets.cmudict",
        "load_critics_snippets": "datasets.critics_snippets",
        "load_japanese_vowels": "datasets.japanese_vowels",
        "load_m1": "datasets.forecasting_sets",
        "load_m3": "datasets.forecasting_sets",
        "load_reuters": "datasets.topic_texts",
        "load_tfds": "datasets.tfds_sets",
        "load_tourism": "datasets.forecasting_sets",
        "load_twenty_newsgroups": "datasets.topic_texts",
        "make_dates": "datasets.written_dates",
        "part_of": "datasets.splits",
        "read_conll": "readers.conll",
        "read_long": "readers.long_tables",
        "read_sequences": "readers.sequence_files",
        "read_ts": "readers.ts_format",
        "read_tsv_pairs": "readers.tsv_pairs",
    },
)
