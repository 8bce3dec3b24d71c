"""The loaders of the forecasting competitions."""

from __future__ import annotations

import pytest

from seqkit.data import load_m1, load_m3, load_tourism
from tests.datasets.made_up import FILES


@pytest.fixture
def cache(serve):
    return serve(*FILES["forecasting_sets"])


def test_test_follows_train(cache):
    m3 = load_m3()
    assert list(m3.train) == list(m3.test) == ["unique_id", "ds", "y"]
    assert m3.train.to_numpy().tolist() == [
        *[["M3", 1, 0.0], ["M3", 2, 1.0], ["M3", 3, 2.0]],
        *[["M2", 1, 0.0], ["M2", 2, 1.0]],
    ]
    assert m3.test.to_numpy().tolist() == [
        *[["M3", 4, 3.5], ["M3", 5, 4.5]],
        *[["M2", 3, 2.5], ["M2", 4, 3.5]],
    ]
    assert m3.train["y"].dtype == m3.test["y"].dtype == float
    assert m3.train["ds"].dtype == m3.test["ds"].dtype == "int64"


@pytest.mark.parametrize(
    "load, period, horizon, seasonal_period",
    [
        (load_m3, "other", 2, 1),
        (load_m3, "quarterly", 3, 4),
        (load_m1, "yearly", 1, 1),
        (load_m1, "monthly", 2, 12),
        (load_tourism, "monthly", 4, 12),
        (load_tourism, "yearly", 2, 1),
    ],
)
def test_periods(load, period, horizon, seasonal_period, cache):
    chosen = load(period)
    assert (chosen.horizon, chosen.seasonal_period) == (horizon, seasonal_period)
    assert chosen.train["unique_id"].str[0].unique().tolist() == [period[0].upper()]


@pytest.mark.parametrize(
    "load, period, message",
    [
        (load_m3, "month", r"period must be .* other, got 'month'. Did you mean 'monthly'\?"),
        (load_tourism, "other", "period must be one of monthly, quarterly, yearly, got 'other'"),
        (load_m1, 12, "got 12"),
    ],
)
def test_unknown_period(load, period, message):
    with pytest.raises(ValueError, match=message):
        load(period)
