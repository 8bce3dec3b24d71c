"""Features of the calendar."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from seqkit.timeseries.calendar_features import CALENDAR, calendar_features, calendar_in_graph

HOURS = pd.date_range("2023-12-30 23:59:59", "2025-01-02", freq="h")


@pytest.mark.parametrize("name", CALENDAR)
def test_range(name):
    """2024 is a leap year; ISO weeks count to 53 in 2020."""
    index = HOURS.append(pd.date_range("2020-12-31", periods=120, freq="31s"))
    feature = calendar_features(index, [name])
    assert (feature.min(), feature.max()) == (-0.5, 0.5)
    circle = calendar_features(index, [name], cyclic=True)
    assert circle.shape == (len(index), 2)
    np.testing.assert_allclose((circle**2).sum(axis=1), 1)


def test_by_hand():
    """Thursday, week 9, 29 February 2024, 06:30."""
    at = pd.DatetimeIndex(["2024-02-29 06:30"])
    names = ["month", "quarter", "day_of_week", "hour", "day_of_year", "week", "minute"]
    expected = [1 / 11, 0, 3 / 6, 6 / 23, 59 / 365, 8 / 52, 30 / 59]
    np.testing.assert_allclose(calendar_features(at, names)[0], np.array(expected) - 0.5)


def test_circle_closes():
    """December is as near to January as February is."""
    months = pd.date_range("2024-01-01", periods=12, freq="MS")
    points = calendar_features(months, ["month"], cyclic=True)
    steps = np.linalg.norm(points - np.roll(points, 1, axis=0), axis=1)
    np.testing.assert_allclose(steps, steps[0])


def test_local_time():
    at = pd.DatetimeIndex(["2024-01-01 00:00"]).tz_localize("UTC").tz_convert("Asia/Tokyo")
    assert calendar_features(at, "hour") == pytest.approx(9 / 23 - 0.5)


def test_periods_count_from_their_start():
    quarters = pd.period_range("2024Q1", periods=4, freq="Q")
    names = ["month", "quarter", "day_of_month"]
    np.testing.assert_array_equal(
        calendar_features(quarters, names),
        calendar_features(pd.date_range("2024-01-01", periods=4, freq="QS"), names),
    )


def test_no_names():
    assert calendar_features(HOURS, []).shape == (len(HOURS), 0)


def test_bad_input():
    with pytest.raises(ValueError, match=r"got 'monht'. Did you mean 'month'\?"):
        calendar_features(HOURS, ["hour", "monht"])
    with pytest.raises(
        TypeError, match="DatetimeIndex or a PeriodIndex .* got RangeIndex of int64"
    ):
        calendar_features(pd.RangeIndex(3), ["month"])


def test_the_graph_says_the_same():
    names = list(CALENDAR)
    texts = HOURS.strftime("%Y-%m-%dT%H:%M:%S").to_numpy(str)
    found = calendar_in_graph([*texts, ""], names).numpy()
    np.testing.assert_allclose(found[:-1], calendar_features(HOURS, names, cyclic=True), atol=1e-5)
    assert np.isnan(found[-1]).all()
