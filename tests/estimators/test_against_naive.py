"""Forecasts that are behind the seasonal naive one are told."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd
import pytest

import seqkit

MONTHS = pd.period_range("2018-01", periods=48, freq="M")
T = np.arange(48)
# It repeats itself but for little: what is untrained is worse than the year before.
SEASONS = pd.Series(100 + 30 * np.sin(T * np.pi / 6), MONTHS) + np.random.default_rng(0).normal(
    size=48
)
STEPS = pd.Series(T % 2 * 10.0, MONTHS)  # the last value is always wrong


def new(**options) -> seqkit.Seq2SeqForecaster:
    small = {"horizon": 4, "lookback": 14, "units": 4, "epochs": 2, "random_state": 0}
    return seqkit.Seq2SeqForecaster(**{**small, "head": "point", "batch_size": 16, **options})


def said(call) -> list[str]:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        call()
    return [str(w.message) for w in caught if "behind the naive" in str(w.message)]


def test_a_backtest_of_one_short_series():
    worse = new(epochs=1, seasonal_residual=False, learning_rate=1e-6).fit(SEASONS[:-8])
    with pytest.warns(UserWarning, match="the value of a season before, in this backtest") as found:
        table = worse.backtest(SEASONS, windows=2)
    naive = SEASONS.shift(12)[table["ds"]].to_numpy()
    ours, theirs = (np.abs(table["y"] - f).mean() for f in (table["forecast"], naive))
    scale = np.abs(SEASONS.diff(12)).mean()
    assert f"is {ours / scale:.3g}, that of the naive forecast {theirs / scale:.3g}." in str(
        found[0].message
    )


@pytest.mark.parametrize("refit", [False, True])
def test_windows_that_a_fit_holds_out(refit):
    worse = new(epochs=2, seasonal_residual=False, learning_rate=1e-6)
    worse.set_params(calibration_windows=9, calibration_refit=refit, early_stopping=not refit)
    (message,) = said(lambda: worse.fit(SEASONS))
    assert "in the windows that were held out" in message
    worse.set_params(calibration_windows=0, early_stopping=False, warm_start=True)
    assert said(lambda: worse.fit(SEASONS)) == []  # nothing is held out


def test_what_is_no_worse_is_not_told():
    better = new(season=None, epochs=12, learning_rate=0.02, lookback=4).fit(STEPS[:-8])
    assert said(lambda: better.backtest(STEPS, windows=2)) == []
    constant = pd.Series(7.0, MONTHS)
    assert said(lambda: better.backtest(constant, windows=1)) == []
