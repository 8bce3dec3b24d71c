"""The data sets that the package index serves, by name."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from seqkit.datasets.bible import load_bible
from seqkit.datasets.bible_pairs import bible_pairs
from seqkit.datasets.cmudict import load_cmudict
from seqkit.datasets.critics_snippets import load_critics_snippets
from seqkit.datasets.forecasting_sets import load_m1, load_m3, load_tourism
from seqkit.datasets.japanese_vowels import load_japanese_vowels
from seqkit.datasets.series_archive import NAMES, load_archive_set
from seqkit.datasets.topic_texts import load_reuters, load_twenty_newsgroups

LOADERS: dict[str, Callable[..., Any]] = {
    "bible": load_bible,
    "bible_pairs": bible_pairs,
    "cmudict": load_cmudict,
    "critics_snippets": load_critics_snippets,
    "japanese_vowels": load_japanese_vowels,
    "m1_monthly": partial(load_m1, "monthly"),
    "m1_quarterly": partial(load_m1, "quarterly"),
    "m1_yearly": partial(load_m1, "yearly"),
    "m3_monthly": partial(load_m3, "monthly"),
    "m3_other": partial(load_m3, "other"),
    "m3_quarterly": partial(load_m3, "quarterly"),
    "m3_yearly": partial(load_m3, "yearly"),
    "reuters_r52": partial(load_reuters, 52),
    "reuters_r8": partial(load_reuters, 8),
    "tourism_monthly": partial(load_tourism, "monthly"),
    "tourism_quarterly": partial(load_tourism, "quarterly"),
    "tourism_yearly": partial(load_tourism, "yearly"),
    "twenty_newsgroups": load_twenty_newsgroups,
    **{name: partial(load_archive_set, name) for name in NAMES},
}
