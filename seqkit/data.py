"""Data as sequences: readers of files, data sets that the package index serves, and batches."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqkit.lazy import lazy_names

if TYPE_CHECKING:
    from seqkit.datasets.bible import Verses as Verses
    from seqkit.datasets.bible import load_bible as load_bible
    from seqkit.datasets.bible_pairs import TextPairs as TextPairs
    from seqkit.datasets.bible_pairs import bible_pairs as bible_pairs
    from seqkit.datasets.cmudict import Pronunciations as Pronunciations
    from seqkit.datasets.cmudict import listed_pronunciations as listed_pronunciations
    from seqkit.datasets.cmudict import load_cmudict as load_cmudict
    from seqkit.datasets.critics_snippets import CriticsSnippets as CriticsSnippets
    from seqkit.datasets.critics_snippets import load_critics_snippets as load_critics_snippets
    from seqkit.datasets.forecasting_sets import ForecastingSet as ForecastingSet
    from seqkit.datasets.forecasting_sets import load_m1 as load_m1
    from seqkit.datasets.forecasting_sets import load_m3 as load_m3
    from seqkit.datasets.forecasting_sets import load_tourism as load_tourism
    from seqkit.datasets.japanese_vowels import JapaneseVowels as JapaneseVowels
    from seqkit.datasets.japanese_vowels import load_japanese_vowels as load_japanese_vowels
    from seqkit.datasets.load import load as load
    from seqkit.datasets.package_index import CacheError as CacheError
    from seqkit.datasets.package_index import DownloadError as DownloadError
    from seqkit.datasets.series_archive import ArchiveSet as ArchiveSet
    from seqkit.datasets.series_archive import load_archive_set as load_archive_set
    from seqkit.datasets.splits import part_of as part_of
    from seqkit.datasets.tfds_sets import load_tfds as load_tfds
    from seqkit.datasets.topic_texts import TopicTexts as TopicTexts
    from seqkit.datasets.topic_texts import load_reuters as load_reuters
    from seqkit.datasets.topic_texts import load_twenty_newsgroups as load_twenty_newsgroups
    from seqkit.datasets.written_dates import make_dates as make_dates
    from seqkit.readers.batches import Batches as Batches
    from seqkit.readers.conll import read_conll as read_conll
    from seqkit.readers.long_tables import read_long as read_long
    from seqkit.readers.parquet_batches import parquet_batches as parquet_batches
    from seqkit.readers.sequence_files import LabelledSequences as LabelledSequences
    from seqkit.readers.sequence_files import read_sequences as read_sequences
    from seqkit.readers.ts_format import read_ts as read_ts
    from seqkit.readers.tsv_pairs import read_tsv_pairs as read_tsv_pairs
    from seqkit.timeseries.calendar_features import calendar_features as calendar_features

__all__, __getattr__, __dir__ = lazy_names(
    __name__,
    {
        "seqkit.datasets.bible": ("Verses", "load_bible"),
        "seqkit.datasets.bible_pairs": ("TextPairs", "bible_pairs"),
        "seqkit.datasets.cmudict": ("Pronunciations", "listed_pronunciations", "load_cmudict"),
        "seqkit.datasets.critics_snippets": ("CriticsSnippets", "load_critics_snippets"),
        "seqkit.datasets.forecasting_sets": (
            "ForecastingSet",
            "load_m1",
            "load_m3",
            "load_tourism",
        ),
        "seqkit.datasets.japanese_vowels": ("JapaneseVowels", "load_japanese_vowels"),
        "seqkit.datasets.load": ("load",),
        "seqkit.datasets.package_index": ("CacheError", "DownloadError"),
        "seqkit.datasets.series_archive": ("ArchiveSet", "load_archive_set"),
        "seqkit.datasets.splits": ("part_of",),
        "seqkit.datasets.tfds_sets": ("load_tfds",),
        "seqkit.datasets.topic_texts": ("TopicTexts", "load_reuters", "load_twenty_newsgroups"),
        "seqkit.datasets.written_dates": ("make_dates",),
        "seqkit.readers.batches": ("Batches",),
        "seqkit.readers.conll": ("read_conll",),
        "seqkit.readers.long_tables": ("read_long",),
        "seqkit.readers.parquet_batches": ("parquet_batches",),
        "seqkit.readers.sequence_files": ("LabelledSequences", "read_sequences"),
        "seqkit.readers.ts_format": ("read_ts",),
        "seqkit.readers.tsv_pairs": ("read_tsv_pairs",),
        "seqkit.timeseries.calendar_features": ("calendar_features",),
    },
)
