"""Measures of forecasts, by hand and by definition."""

from __future__ import annotations

import warnings

import numpy as np
import pytest

from seqkit.metrics import (
    coverage,
    mae,
    mase,
    pinball_loss,
    rmse,
    rmsse,
    smape,
    weighted_quantile_loss,
)

NAN = float("nan")
Y = np.array([[3.0, 5.0], [10.0, -2.0]])
F = np.array([[4.0, 3.0], [10.0, 2.0]])
HISTORIES = [[1.0, 2.0, 4.0], np.array([0.0, 10.0])]


@pytest.mark.parametrize(
    "values, expected",
    [
        (mae(Y, F, per_series=True), [1.5, 2]),
        (rmse(Y, F, per_series=True), [np.sqrt(2.5), np.sqrt(8)]),
        # 200 / 2 (1/7 + 2/8); 200 / 2 (0 + 4/4)
        (smape(Y, F, per_series=True), [100 * (1 / 7 + 1 / 4), 100]),
        # scales 1.5 and 10
        (mase(Y, F, HISTORIES, per_series=True), [1, 0.2]),
        # squared scales (1 + 4) / 2 and 100
        (rmsse(Y, F, HISTORIES, per_series=True), [1, np.sqrt(0.08)]),
    ],
)
def test_by_hand(values, expected):
    np.testing.assert_allclose(values, expected, rtol=1e-14)


@pytest.mark.parametrize("measure", [mae, rmse, smape])
def test_mean_over_series(measure):
    assert measure(Y, F) == pytest.approx(measure(Y, F, per_series=True).mean(), rel=1e-14)
    assert isinstance(measure(Y.tolist(), F.tolist()), float)


@pytest.mark.parametrize("measure", [mase, rmsse])
def test_scale_free(measure):
    """Another unit of a series changes nothing."""
    first = measure(Y, F, HISTORIES, per_series=True)
    again = measure(1e3 * Y, 1e3 * F, [1e3 * np.array(x) for x in HISTORIES], per_series=True)
    np.testing.assert_allclose(first, again, rtol=1e-12)


@pytest.mark.parametrize("measure", [mase, rmsse])
def test_seasonal_naive_forecast_of_its_own_history_scores_one(measure):
    x = np.random.default_rng(0).normal(size=36)
    assert measure(x[None, 12:], x[None, :-12], [x], 12) == pytest.approx(1, rel=1e-14)


def test_missing_truth_does_not_count():
    y = np.array([[3.0, NAN], [10.0, -2.0]])
    np.testing.assert_array_equal(mae(y, F, per_series=True), [1, 2])
    np.testing.assert_allclose(mase(y, F, HISTORIES, per_series=True), [2 / 3, 0.2])
    y[0, 0] = NAN
    with pytest.warns(UserWarning, match=r"leaves out 1 of 2 series .*: rows 0\."):
        assert mae(y, F) == 2
    np.testing.assert_array_equal(mae(y, F, per_series=True), [NAN, 2])


def test_missing_history_leaves_out_differences():
    history = [1.0, NAN, 5.0, 8.0]
    assert mase([[1.0]], [[4.0]], [history]) == 1


@pytest.mark.parametrize("history", [[2.0, 2.0, 2.0], [2.0], [], [1.0, NAN, 2.0]])
@pytest.mark.parametrize("measure", [mase, rmsse])
def test_undefined_scale(measure, history):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        values = measure(Y, F, [history, [0.0, 10.0]], per_series=True)
    assert np.isnan(values).tolist() == [True, False]
    with pytest.warns(UserWarning, match="undefined .*rows 0"):
        assert measure(Y, F, [history, [0.0, 10.0]]) == values[1]
    with pytest.raises(ValueError, match="defined for none of the series"):
        measure(Y[:1], F[:1], [history])


def test_constant_season():
    """A history that repeats its season has no seasonal scale, but one of single steps."""
    history = [1.0, 2.0, 1.0, 2.0]
    assert np.isnan(mase([[1.0]], [[2.0]], [history], 2, per_series=True))
    assert mase([[1.0]], [[2.0]], [history]) == 1


def test_pinball_by_hand():
    y, quantiles = [[10.0, NAN]], [[[8.0, 14.0], [0.0, 0.0]]]
    np.testing.assert_allclose(pinball_loss(y, quantiles, [0.1, 0.9], per_level=True), [0.2, 0.4])
    assert pinball_loss(y, quantiles, [0.1, 0.9]) == pytest.approx(0.3)
    losses = weighted_quantile_loss(y, quantiles, [0.1, 0.9], per_level=True)
    np.testing.assert_allclose(losses, [0.04, 0.08])
    assert weighted_quantile_loss(y, quantiles, [0.1, 0.9]) == pytest.approx(0.06)


def test_pinball_agrees_with_scikit_learn():
    from sklearn.metrics import mean_pinball_loss

    random = np.random.default_rng(0)
    y, f = random.normal(size=(2, 5, 3))
    for level in (0.05, 0.5, 0.8):
        expected = mean_pinball_loss(y.ravel(), f.ravel(), alpha=level)
        assert pinball_loss(y, f[:, :, None], [level]) == pytest.approx(expected, rel=1e-12)


def test_coverage():
    y = [[0.0, 1.0, 2.0], [3.0, NAN, 5.0], [NAN] * 3]
    low, high = np.full((3, 3), 1.0), np.full((3, 3), 3.0)
    np.testing.assert_allclose(coverage(y, low, high, per_series=True), [2 / 3, 0.5, NAN])
    assert coverage(y, low, high) == 3 / 5


@pytest.mark.parametrize(
    "call, message",
    [
        (lambda: mae([1.0, 2.0], [1.0, 2.0]), r"y_true must be .*\(2,\)\. For one .* y_true\[None"),
        (lambda: mae(np.ones((0, 3)), np.ones((0, 3))), r"y_true must be .* got \(0, 3\)"),
        (lambda: mae(Y, F[:1]), r"the same shape, got \(2, 2\) and \(1, 2\)"),
        (lambda: mae(F, np.where(Y > 4, NAN, Y)), "y_pred .* got nan for series 0, step 1"),
        (lambda: smape(Y / 0.0, F), "y_true must be finite, got inf for series 0, step 0"),
        (lambda: mae([[NAN]], [[1.0]]), "defined for none of the series"),
        (lambda: mase(Y, F, HISTORIES[:1]), "one series for each row of y_true, 2, got 1"),
        (
            lambda: mase(Y, F, HISTORIES, 0),
            "seasonal_period must be an integer of at least 1, got 0",
        ),
        (lambda: mase(Y, F, [[[1.0]], [1.0]]), r"histories\[0\] must be one series"),
        (lambda: mase(Y, F, [[np.inf, 1], [1.0]]), r"histories\[0\] must be finite or NaN"),
        (lambda: pinball_loss(Y, F, [0.5]), r"\(2, 2, 1\), got shape \(2, 2\)"),
        (lambda: pinball_loss(Y, F[..., None], [1]), r"between 0 and 1, got \[1\]"),
        (lambda: pinball_loss(Y, F[..., None], []), r"between 0 and 1, got \[\]"),
        (lambda: pinball_loss(Y, F[..., None] * NAN, [0.5]), "nan for series 0, step 0, level 0.5"),
        (lambda: pinball_loss([[NAN]], [[[1.0]]], [0.5]), "at least one value"),
        (lambda: weighted_quantile_loss([[0.0]], [[[1.0]]], [0.5]), "must not be all zero"),
        (lambda: coverage(Y, F, F[:1]), "lower and upper must have the same shape"),
        (lambda: coverage(Y, F + 1, F), "got 5.0 and 4.0 for series 0, step 0"),
        (lambda: coverage([[NAN]], [[1.0]], [[2.0]]), "at least one value"),
    ],
)
@pytest.mark.filterwarnings("ignore:divide by zero")
def test_bad_input(call, message):
    with pytest.raises(ValueError, match=message):
        call()


DATES = np.array([["2020", "NaT"]], "M8[s]")
MASKED = np.ma.masked_equal([[1.0, -999.0]], -999)


@pytest.mark.parametrize(
    ("values", "error", "message"),
    [
        (DATES, TypeError, "must be numbers, got dates or durations"),
        (DATES - DATES[0, 0], TypeError, "must be numbers, got dates or durations"),
        ([["a", "b"]], TypeError, "must be numbers, got text"),
        (MASKED, ValueError, r"is masked at \[0, 1\]"),
        ([MASKED[0]], ValueError, r"\[0\] is masked at \[1\]"),
    ],
)
def test_dates_and_masked_values_are_no_numbers(values, error, message):
    one = np.ones((1, 2))
    calls = {
        "y_true": lambda: mae(values, one),
        "y_pred": lambda: smape(one, values),
        r"histories\[0\]": lambda: mase(one, one, [np.ma.asanyarray(values)[0]]),
        "lower": lambda: coverage(one, values, one),
        "upper": lambda: coverage(one, one, values),
    }
    for name, call in calls.items():
        wanted = message if "[" not in name else message.split(" at ")[0].replace(r"\[0\] ", "")
        with pytest.raises(error, match=f"{name} ?{wanted}"):
            call()
    levels = np.ma.asanyarray(values)[..., None]
    with pytest.raises(error, match="y_pred (is masked|must be numbers)"):
        pinball_loss(one, levels, [0.5])


def test_missing_values_of_pandas_are_missing():
    assert mae(np.array([[1, None, 3]], object), [[1.0, 5.0, 4.0]]) == 0.5


def test_a_season_is_whole():
    with pytest.raises(TypeError, match="seasonal_period must be an integer of .*, got 1.5"):
        mase(Y, F, HISTORIES, 1.5)
