"""One door to all data sets, by name."""

from __future__ import annotations

import difflib
from collections.abc import Callable
from functools import partial
from typing import Any

from seqkit.datasets.bible import load_bible
from seqkit.datasets.bible_pairs import bible_pairs
from seqkit.datasets.cmudict import load_cmudict
from seqkit.datasets.critics_snippets import load_critics_snippets
from seqkit.datasets.forecasting_sets import load_m1, load_m3, load_tourism
from seqkit.datasets.japanese_vowels import load_japanese_vowels
from seqkit.datasets.topic_texts import load_reuters, load_twenty_newsgroups

# What the package index serves: name -> its loader.
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
}
TFDS_PREFIX = "tfds:"


def load(name: str, **options: Any) -> Any:
    """Loads a data set by name.

    Args:
        name: "bible", "bible_pairs", "cmudict", "critics_snippets", "japanese_vowels",
            "reuters_r8", "reuters_r52" or "twenty_newsgroups", which the package index serves, as
            it does "m1_", "m3_" and "tourism_" followed by "monthly", "quarterly" or "yearly", and
            "m3_other"; or, after "tfds:", the name of a data set of TensorFlow Datasets, such as
            "tfds:imdb_reviews" or "tfds:imdb_reviews/plain_text:1.0.0".
        options: what the loader of the data set takes, such as `cache_dir`; for TensorFlow Datasets
            those of `tfds.load`, such as `split` and `data_dir`.

    Returns:
        What the loader returns; for TensorFlow Datasets a `tf.data.Dataset` of pairs, or a
        dictionary of them if no split is named (see `load_tfds`).

    Raises:
        ValueError: for an unknown name; the message offers the nearest.
        DownloadError: if the data cannot be fetched; the message says what can be done.
        CacheError: if the cache folder cannot be read or written.

    Example:
        >>> load("bibel")
        Traceback (most recent call last):
        ValueError: name: there is no data set 'bibel'. Did you mean 'bible'? ...
    """
    if isinstance(name, str) and name.startswith(TFDS_PREFIX):
        from seqkit.datasets.tfds_sets import load_tfds

        return load_tfds(name.removeprefix(TFDS_PREFIX), **options)
    if name not in LOADERS:
        nearest = difflib.get_close_matches(str(name), LOADERS, n=1)
        hint = f" Did you mean {nearest[0]!r}?" if nearest else ""
        raise ValueError(
            f"name: there is no data set {name!r}.{hint} Known are {', '.join(LOADERS)}, and those "
            f"of TensorFlow Datasets after {TFDS_PREFIX!r}, such as 'tfds:imdb_reviews'."
        )
    return LOADERS[name](**options)
