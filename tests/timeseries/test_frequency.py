"""The frequency that is inferred from timestamps, gaps and all."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd
import pytest

from seqkit.timeseries.frequency import infer_frequency
from seqkit.timeseries.read_series import read_series
from seqkit.timeseries.time_axis import axis_of
from tests.timeseries.test_time_axis import FREQUENCIES, index_of


@pytest.mark.filterwarnings("ignore:A future version of pandas will return a BaseOffset")
@pytest.mark.parametrize("freq", FREQUENCIES)
def test_inferred_as_pandas_does(freq):
    index = index_of(freq)
    expected = pd.tseries.frequencies.to_offset(pd.infer_freq(index))
    assert infer_frequency(index._with_freq(None), np.zeros(60, int)) == expected


@pytest.mark.parametrize("freq", [f for f in FREQUENCIES if f not in ("bh", "WOM-3FRI")])
def test_gaps_do_not_change_the_frequency(freq):
    """A third is left out, but for the first eight."""
    index = index_of(freq)
    kept = index[[i for i in range(60) if i < 8 or i % 3]]
    inferred = infer_frequency(kept, np.zeros(len(kept), int))
    assert axis_of(index, inferred).step == axis_of(index, index.freq).step
    assert pd.date_range(index[0], periods=60, freq=inferred).equals(index)


def test_frequency_of_series_together():
    """Each has gaps; none alone shows the month."""
    index = pd.DatetimeIndex(["2024-01-01", "2024-03-01", "2024-04-01", "2024-02-01", "2024-03-01"])
    codes = np.array([0, 0, 0, 1, 1])
    assert infer_frequency(index, codes) == pd.offsets.MonthBegin()
    assert infer_frequency(index[[0, 3]], np.array([0, 1])) is None


def test_weekdays_that_never_occur_are_named():
    days = pd.date_range("2024-01-07", periods=60, freq="D")
    week = days[days.day_of_week.isin([6, 0, 1, 2, 3])]
    remedy = "no Friday and no Saturday.*weekmask='Mon Tue Wed Thu Sun'"
    with pytest.warns(UserWarning, match=remedy):
        panel = read_series(pd.Series(1.0, week))
    assert panel.freq == pd.offsets.Day()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        read_series(pd.Series(1.0, week), "D")
        read_series(pd.Series(1.0, days[:14]))
        read_series(pd.Series(1.0, week[:5]))
