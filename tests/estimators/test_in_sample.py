"""Weights of series in a fit, and forecasts over the training data."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import seqkit

DAYS = pd.date_range("2024-01-01", periods=30, freq="D", name="ds")
T = np.arange(30)
Y = pd.DataFrame({"a": 5 + np.sin(T), "b": 50 + 9 * np.cos(T)}, DAYS)


def new(**options) -> seqkit.Seq2SeqForecaster:
    small = {"horizon": 3, "lookback": 7, "units": 4, "epochs": 2, "random_state": 0}
    return seqkit.Seq2SeqForecaster(**{**small, **options})


def long(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.reset_index().melt("ds", var_name="unique_id", value_name="y")


@pytest.mark.parametrize("weighting", ["mase", None])
def test_a_series_without_weight_is_not_learned_from(weighting):
    model = new(weighting=weighting).fit(Y, sample_weight={"b": 0.0, "a": 1.0})
    other = Y.assign(b=np.random.default_rng(0).permutation(Y["b"]))
    again = new(weighting=weighting).fit(other, sample_weight=pd.Series([1.0, 0.0], ["a", "b"]))
    for one, two in zip(model.model_.get_weights(), again.model_.get_weights(), strict=True):
        np.testing.assert_allclose(one, two, rtol=1e-5, atol=1e-6)
    losses = [
        new(weighting=weighting, epochs=1, learning_rate=1e-9).fit(Y, sample_weight=weight)
        for weight in (None, {"a": 2.0, "b": 2.0})
    ]
    np.testing.assert_allclose(losses[1].history_["loss"], 2 * losses[0].history_["loss"][0])
    model.partial_fit(Y, sample_weight={"a": 1, "b": 2})


@pytest.mark.parametrize(
    ("weight", "error", "message"),
    [
        ({"a": 1.0}, ValueError, "sample_weight must have a weight for each series, got none.*'b'"),
        ({"a": 1.0, "b": -1.0}, ValueError, "at least 0.*-1.0 for series 'b'"),
        ({"a": 1.0, "b": np.nan}, ValueError, "at least 0.*nan for series 'b'"),
        ({"a": 0.0, "b": 0.0}, ValueError, "above 0 for at least one series"),
        (pd.Series([1.0, 1.0, 2.0], ["a", "b", "a"]), ValueError, "one weight for each.*'a'"),
        ([1.0, 2.0], TypeError, "a dict or a Series.*by the names of the series, got list"),
        ({"a": "x", "b": 1.0}, ValueError, "sample_weight must hold numbers"),
    ],
)
def test_weights_that_are_none(weight, error, message):
    with pytest.raises(error, match=message):
        new().fit(Y, sample_weight=weight)


@pytest.mark.parametrize("steps", [1, 3])
def test_each_step_is_forecast_from_what_came_before(steps):
    X = pd.DataFrame({"price": np.cos(np.arange(40))}, pd.date_range(DAYS[0], periods=40))
    model = new().fit(Y, X)
    found = model.predict_in_sample(steps)
    assert found.index.equals(Y.index)
    assert found.columns.equals(Y.columns)
    first = 1 + steps
    assert found[:first].isna().all(axis=None)
    for place in (first, 12, 29):
        expected = model.predict(Y[: place - steps + 1], X).iloc[steps - 1]
        np.testing.assert_allclose(found.iloc[place], expected, rtol=1e-4)


def test_forms_of_forecasts_in_sample():
    model = new(calibration_windows=4).fit(Y)
    wide = model.predict_in_sample()
    rows = long(Y)[3:]  # the first series begins later
    found = new(calibration_windows=4).fit(rows).predict_in_sample()
    assert found[["unique_id", "ds"]].equals(rows[["unique_id", "ds"]].reset_index(drop=True))
    assert found["y"].isna().sum() == 4
    one = new().fit(Y["a"]).predict_in_sample()
    assert (one.name, len(one)) == ("a", 30)
    assert seqkit.metrics.mae(Y[5:], wide[5:]) > 0
    ragged = Y.copy()
    ragged.iloc[:4, 1] = np.nan
    found = new().fit(ragged).predict_in_sample()
    assert found.isna().sum().tolist() == [2, 6]
    with pytest.raises(ValueError, match="steps must be at most horizon=3, got 4"):
        model.predict_in_sample(4)
