"""A y at prediction that has another frequency than that of the fit."""

from __future__ import annotations

import functools

import numpy as np
import pandas as pd
import pytest

import seqkit


def series(freq: str | None, steps: int = 30, start: str = "2024-01-01") -> pd.Series:
    if freq is None:
        return pd.Series(np.arange(steps, dtype=float))
    return pd.Series(np.arange(steps, dtype=float), pd.date_range(start, periods=steps, freq=freq))


@functools.cache
def fitted(freq: str | None) -> seqkit.Seq2SeqForecaster:
    model = seqkit.Seq2SeqForecaster(horizon=2, lookback=4, units=4, epochs=1, season=None)
    return model.fit(series(freq))


def unlabelled(y: pd.Series) -> pd.Series:
    return y.set_axis(pd.DatetimeIndex(y.index, freq=None))


@pytest.mark.filterwarnings("ignore:y has 204 steps:UserWarning")
@pytest.mark.parametrize(
    ("freq", "y", "message"),
    [
        ("h", series("2h"), "'h', got '2h'"),
        ("h", series("2h", 2), "'h', got '2h'"),
        ("h", unlabelled(series("2h")), "'h', got '2h'"),
        ("D", unlabelled(series("W-MON")), "'D', got '7D'"),
        ("2h", series("h"), "'2h', got 'h'"),
        ("5D", series("4D"), "'5D', got '4D'"),
        ("h", series("30min").to_period(), "'h', got '30min'"),
        (None, series("D"), "integers 1 apart, got 'D'"),
        (
            None,
            pd.Series([1.0, 2.0, 3.0], pd.RangeIndex(0, 6, 2)),
            "1 apart, got integers 2 apart",
        ),
    ],
)
def test_both_frequencies_are_named(freq, y, message):
    with pytest.raises(ValueError, match=f"y must have the frequency of the fit, .*{message}"):
        fitted(freq).predict(y)


def test_gaps_are_no_other_frequency():
    y = series("h", 12)
    holes = y.copy()
    holes.iloc[1::2] = np.nan
    gaps = [unlabelled(y).iloc[rows] for rows in ([0, 2, 4, 7], [0, 2])]
    for given in (y, holes, *gaps, y.reset_index(drop=True)):
        assert np.isfinite(fitted("h").predict(given)).all()
    months = seqkit.Seq2SeqForecaster(horizon=1, lookback=4, units=4, epochs=1).fit(series("ME"))
    assert months.predict(series("MS")).index[0] == pd.Timestamp("2026-07-01")
