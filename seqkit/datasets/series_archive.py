"""Series of the UCR and UEA archives, with a class or a number each, and the archives' split.

The wheel of aeon (BSD licence) holds some of its sets: outlines, motions, power demand, and others
(Dau et al. 2019, arXiv:1810.07758; Bagnall et al. 2018, arXiv:1811.00075; for those with a number
Tan et al. 2021, doi:10.1007/s10618-021-00745-9).
"""

from __future__ import annotations

import os
from typing import NamedTuple

import numpy as np

from seqkit.checks import did_you_mean
from seqkit.datasets.package_index import Wheel, member
from seqkit.readers.ts_format import read_ts

WHEEL = Wheel("aeon", "1.6.0", "d05227086706f80111ac5fee8de4d5d3115bb3bcfd1c786c8629393055816409")
_MEMBER = "aeon/datasets/data/{0}/{0}_{1}.ts"

# By our name, the archive's.
WITH_CLASSES = {
    "acsf1": "ACSF1",
    "arrow_head": "ArrowHead",
    "basic_motions": "BasicMotions",
    "gun_point": "GunPoint",
    "italy_power_demand": "ItalyPowerDemand",
    "osu_leaf": "OSULeaf",
    "pickup_gesture": "PickupGestureWiimoteZ",
}
WITH_NUMBERS = {"cardano_sentiment": "CardanoSentiment", "covid_3_month": "Covid3Month"}
NAMES = {**WITH_CLASSES, **WITH_NUMBERS}


class ArchiveSet(NamedTuple):
    """The archive's split: series (T_i, d) float32, and a class, a string, or a number each."""

    X_train: list[np.ndarray]
    y_train: np.ndarray
    X_test: list[np.ndarray]
    y_test: np.ndarray


def load_archive_set(name: str, cache_dir: str | os.PathLike[str] | None = None) -> ArchiveSet:
    """Loads a set of the archives.

    The first call fetches 6 MB from the package index; later ones need no network.

    Args:
        name: "acsf1", "arrow_head", "basic_motions", "gun_point", "italy_power_demand", "osu_leaf"
            or "pickup_gesture", which have classes; "cardano_sentiment" or "covid_3_month", which
            have numbers.
        cache_dir: where the fetched file is kept. Default: the environment variable SEQKIT_CACHE,
            else the user's cache folder.

    Raises:
        ValueError: for an unknown name; the message offers the nearest.
        DownloadError: if the file cannot be fetched; the message says what can be done.
        CacheError: if the cache folder cannot be read or written.

    Example:
        >>> gun_point = load_archive_set("gun_point")  # doctest: +SKIP
        >>> len(gun_point.X_train), gun_point.X_train[0].shape  # doctest: +SKIP
        (50, (150, 1))
    """
    if name not in NAMES:
        known = ", ".join(map(repr, NAMES))
        raise ValueError(f"name must be one of {known}, got {name!r}.{did_you_mean(name, NAMES)}")
    parts: list[list[np.ndarray] | np.ndarray] = []
    for split in ("TRAIN", "TEST"):
        path = _MEMBER.format(NAMES[name], split)
        X, y = read_ts(member(WHEEL, path, cache_dir).decode().splitlines(), name=path)
        assert y is not None
        parts += [X, y.astype(np.float64) if name in WITH_NUMBERS else y]
    return ArchiveSet(*parts)  # type: ignore[arg-type]
