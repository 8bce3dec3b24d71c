"""One door to all data sets, by name."""

from __future__ import annotations

from typing import Any

from seqkit.checks import did_you_mean
from seqkit.datasets.catalogue import LOADERS
from seqkit.datasets.tfds_sets import load_tfds

TFDS_PREFIX = "tfds:"


def load(name: str, **options: Any) -> Any:
    """Loads a data set by name.

    Args:
        name: "bible", "bible_pairs", "cmudict", "critics_snippets", "japanese_vowels",
            "reuters_r8", "reuters_r52" or "twenty_newsgroups", which the package index serves, as
            it does "m1_", "m3_" and "tourism_" followed by "monthly", "quarterly" or "yearly", and
            "m3_other", and the sets of `load_archive_set`, such as "gun_point"; or, after "tfds:",
            the name of a data set of TensorFlow Datasets, such as "tfds:imdb_reviews" or
            "tfds:imdb_reviews/plain_text:1.0.0".
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
        return load_tfds(name.removeprefix(TFDS_PREFIX), **options)
    if name not in LOADERS:
        raise ValueError(
            f"name: there is no data set {name!r}.{did_you_mean(name, LOADERS)} "
            f"Known are {', '.join(LOADERS)}, and those of TensorFlow Datasets after "
            f"{TFDS_PREFIX!r}, such as 'tfds:imdb_reviews'."
        )
    return LOADERS[name](**options)
