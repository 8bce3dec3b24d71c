"""The baselines of forecasting."""

from __future__ import annotations

import warnings

import numpy as np
import pytest

from recipes.parts.forecasting.baselines import BASELINES, FORMS, ets, naive, seasonal_naive, theta

SEASON = 4
STEPS = np.arange(40)
PATTERN = np.array([3.0, -1.0, -4.0, 2.0])


def seasonal(level=50.0, slope=0.5, noise=0.3, seed=0):
    rng = np.random.default_rng(seed)
    return level + slope * STEPS + PATTERN[STEPS % SEASON] + noise * rng.normal(size=len(STEPS))


def test_naive_repeats_the_last_value():
    found = naive([[1.0, 2.0, 4.0], [5.0, np.nan]], horizon=3)
    np.testing.assert_array_equal(found.values, [[4, 4, 4], [5, 5, 5]])
    # Differences 1 and 2; variances grow by the step (FPP3, section 5.5).
    half = 1.2815515655 * np.sqrt(2.5) * np.sqrt([1, 2, 3])
    np.testing.assert_allclose(found.upper[0] - 4, half)
    np.testing.assert_allclose(4 - found.lower[0], half)
    np.testing.assert_array_equal(found.lower[1], found.upper[1])


def test_seasonal_naive_repeats_the_last_season():
    x = [1.0, 2.0, 3.0, 2.0, 4.0, 5.0]
    found = seasonal_naive([x], horizon=7, season=3)
    np.testing.assert_array_equal(found.values, [[2, 4, 5, 2, 4, 5, 2]])
    deviation = np.sqrt((1 + 4 + 4) / 3)
    half = 1.2815515655 * deviation * np.sqrt([1, 1, 1, 2, 2, 2, 3])
    np.testing.assert_allclose(found.upper[0] - found.values[0], half)


def test_seasonal_naive_where_values_are_missing():
    missing = [[1.0, 2.0, np.nan, 5.0], [np.nan, 2.0, np.nan, 7.0], [8.0]]
    values = seasonal_naive(missing, horizon=2, season=2).values
    np.testing.assert_array_equal(values, [[1, 5], [7, 7], [8, 8]])


def test_theta_adds_half_the_trend():
    """A line of slope 2: the forecast grows by 1 a step (Hyndman & Billah 2003)."""
    (row,) = theta([10 + 2 * STEPS], horizon=5, season=1, jobs=1).values
    np.testing.assert_allclose(np.diff(row), 1, atol=1e-6)


@pytest.mark.parametrize("method", [theta, ets])
def test_seasons_are_found(method):
    histories = [seasonal(slope=0.02, seed=k) for k in range(3)]
    found = method(histories, horizon=8, season=SEASON, jobs=1)
    assert found.values.shape == (3, 8)
    assert found.failed == 0
    ahead = np.arange(40, 48)
    truth = 50 + 0.02 * ahead + PATTERN[ahead % SEASON]
    error = np.abs(found.values - truth).mean()
    assert error < 0.4
    assert error < np.abs(seasonal_naive(histories, 8, SEASON).values - truth).mean()


def test_ets_gives_intervals():
    rng = np.random.default_rng(0)
    found = ets([rng.normal(size=60), 20 + rng.normal(size=60)], horizon=6, season=1, jobs=1)
    assert found.upper is not None
    assert found.lower is not None
    width = found.upper - found.lower
    assert found.failed == 0
    assert ((found.lower < found.values) & (found.values < found.upper)).all()
    np.testing.assert_allclose(width, 2 * 1.28, rtol=0.35)  # of noise alone


def test_simulated_intervals_are_the_same_again():
    first, second = (ets([seasonal()], horizon=3, season=SEASON, jobs=1) for _ in range(2))
    np.testing.assert_array_equal(first.upper, second.upper)


def test_the_forms_are_those_of_r():
    assert len(FORMS) == 15
    assert ("add", None, False, "mul") not in FORMS


@pytest.mark.parametrize("name", BASELINES)
def test_hard_series(name):
    histories = [
        np.zeros(30),
        np.array([1.0, 2.0]),
        np.array([5.0]),
        np.r_[seasonal()[:20], np.full(3, np.nan)],
        -seasonal(),
    ]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = BASELINES[name](histories, horizon=5, season=SEASON, jobs=1)
    assert found.values.shape == (5, 5)
    assert np.isfinite(found.values).all()
    if found.lower is not None:
        assert (found.lower <= found.upper).all()
    np.testing.assert_array_equal(found.values[2], 5)


def test_what_fails_is_seasonal_naive_and_counted():
    histories = [np.array([5.0, 6.0]), seasonal()]
    found = ets(histories, horizon=5, season=SEASON, jobs=1)
    assert found.failed == 1
    expected = seasonal_naive(histories[:1], 5, SEASON)
    np.testing.assert_array_equal(found.values[:1], expected.values)
    np.testing.assert_array_equal(found.upper[:1], expected.upper)
    assert found.values[1, 0] != seasonal()[-SEASON]


def test_processes_change_nothing():
    histories = [seasonal(seed=k) for k in range(21)]  # more than a chunk
    one, two = (theta(histories, horizon=3, season=SEASON, jobs=jobs).values for jobs in (1, 2))
    np.testing.assert_array_equal(one, two)
