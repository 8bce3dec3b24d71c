"""Measures and data sets together give the published figures. These tests use the index."""

from __future__ import annotations

import numpy as np
import pytest

from seqkit.data import load_m1, load_m3, load_tourism
from seqkit.metrics import mase, smape

LOADERS = {"m1": load_m1, "m3": load_m3, "tourism": load_tourism}


@pytest.fixture(scope="module")
def load(tmp_path_factory):
    cache = tmp_path_factory.mktemp("cache")
    return lambda name, period: LOADERS[name](period, cache_dir=cache)


# Numbers of series and horizons, as the papers on the competitions tell.
SIZES = {
    ("m1", "monthly"): (617, 18),
    ("m1", "quarterly"): (203, 8),
    ("m1", "yearly"): (181, 6),
    ("m3", "monthly"): (1428, 18),
    ("m3", "quarterly"): (756, 8),
    ("m3", "yearly"): (645, 6),
    ("m3", "other"): (174, 8),
    ("tourism", "monthly"): (366, 24),
    ("tourism", "quarterly"): (427, 8),
    ("tourism", "yearly"): (518, 4),
}


@pytest.mark.parametrize("name, period", SIZES)
def test_sizes(name, period, load):
    train, test, horizon, _ = load(name, period)
    assert (train["unique_id"].nunique(), horizon) == SIZES[name, period]
    assert set(test.groupby("unique_id").size()) == {horizon}
    assert np.isfinite(train["y"]).all()
    assert np.isfinite(test["y"]).all()


def seasonal_naive(chosen):
    """Truth and forecast, (n, H), and the histories."""
    histories = [y.to_numpy() for _, y in chosen.train.groupby("unique_id", sort=False)["y"]]
    true = chosen.test["y"].to_numpy().reshape(len(histories), chosen.horizon)
    last = np.arange(chosen.horizon) % chosen.seasonal_period - chosen.seasonal_period
    return true, np.array([x[last] for x in histories]), histories


# MASE of the (seasonal) naive forecast at some steps and over the first of them, as Peter Ellis had
# them from R's forecast::accuracy: package Tcomp, "Analysis with the 2010 tourism forecasting
# competition data". Athanasopoulos et al. 2011 print the MAPE.
TOURISM_MASE = {
    "monthly": (
        {1: 1.29, 2: 1.50, 3: 1.47, 6: 1.55, 12: 1.16, 18: 1.89, 24: 1.57},
        {3: 1.42, 12: 1.45, 24: 1.63},
    ),
    "quarterly": ({1: 1.41, 2: 1.53, 3: 1.30, 4: 1.27, 6: 2.22, 8: 1.93}, {4: 1.38, 8: 1.70}),
    "yearly": ({1: 1.58, 2: 2.51, 3: 3.54, 4: 4.40}, {2: 2.05, 4: 3.01}),
}
TOURISM_MAPE = {"monthly": 22.56, "quarterly": 16.46, "yearly": 23.61}


@pytest.mark.parametrize("period", TOURISM_MASE)
def test_tourism(period, load):
    tourism = load("tourism", period)
    true, forecast, histories = seasonal_naive(tourism)
    assert round(100 * np.mean(np.abs(true - forecast) / true), 2) == TOURISM_MAPE[period]

    def rounded(steps):
        values = mase(true[:, steps], forecast[:, steps], histories, tourism.seasonal_period)
        return round(values, 2)

    at, up_to = TOURISM_MASE[period]
    assert {h: rounded(slice(h - 1, h)) for h in at} == at
    assert {h: rounded(slice(h)) for h in up_to} == up_to


def test_m3_monthly(load):
    """The seasonal naive forecast, as a few lines of NumPy on the file itself have it."""
    true, forecast, histories = seasonal_naive(load("m3", "monthly"))
    assert round(smape(true, forecast), 2) == 17.23
    assert round(mase(true, forecast, histories, 12), 3) == 1.146
