"""Weights of series in a fit, and forecasts over the training data."""

from __future__ import annotations

import numpy as np
import pandas as pd
import polars as pl
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


def forms_of(weights: pd.DataFrame) -> dict[str, tuple]:
    """The same series and weights of their steps: y and sample_weight, by form."""
    rows = long(Y).assign(weight=long(weights)["y"])
    indexed = rows.set_index(["unique_id", "ds"])
    return {
        "wide": (Y, weights),
        "long": (rows.drop(columns="weight"), rows.drop(columns="y")),
        "indexed": (indexed["y"], indexed["weight"]),
        "column": (rows, "weight"),
        "polars": (pl.from_pandas(rows), "weight"),
    }


@pytest.mark.parametrize("form", ["wide", "long", "indexed", "column", "polars"])
def test_a_step_without_weight_is_not_learned_from(form):
    """All windows but those that forecast the last ten steps of "a" are as without those steps."""
    weights = pd.DataFrame(1.0, DAYS, ["a", "b"])
    weights.loc[DAYS[20] :, "a"] = 0.0
    y, weight = forms_of(weights)[form]
    one_step = {"weighting": None, "horizon": 1, "epochs": 1, "max_steps": 1, "batch_size": 64}
    found = new(**one_step).fit(y, sample_weight=weight)
    gone = Y.copy()
    gone.loc[DAYS[20] :, "a"] = np.nan
    windows = found._target.windows(found._input.data, found._input.panel, 0, None)[0]
    assert len(windows) > 40
    expected = new(**one_step).fit(gone[["a", "b"]])
    np.testing.assert_allclose(found.history_["loss"], expected.history_["loss"], rtol=1e-5)
    pairs = zip(found.model_.get_weights(), expected.model_.get_weights(), strict=True)
    for one, two in pairs:
        np.testing.assert_allclose(one, two, rtol=1e-3, atol=1e-5)


@pytest.mark.parametrize("weighting", ["mase", None])
def test_weights_of_steps_multiply_their_losses(weighting):
    def losses(weight):
        options = {"weighting": weighting, "epochs": 1, "learning_rate": 1e-9}
        return new(**options).fit(Y, sample_weight=weight).history_["loss"][0]

    twice = pd.Series(2.0, DAYS)  # the same for all series
    np.testing.assert_allclose(losses(twice), 2 * losses(None), rtol=1e-5)
    by_series = pd.DataFrame({"a": 3.0, "b": 0.5}, DAYS)
    np.testing.assert_allclose(losses(by_series), losses({"a": 3.0, "b": 0.5}), rtol=1e-5)


def test_weights_of_one_series_are_by_its_times():
    y = pd.Series(np.sin(T), name="sales")
    weight = pd.Series(np.where(T < 20, 0.0, 1.0))
    for options in ({}, {"early_stopping": True}, {"ensemble_size": 2}):
        model = new(**options).fit(y, sample_weight=weight)
        assert np.isfinite(model.history_["loss"]).all()
        model.partial_fit(y, sample_weight=weight)


@pytest.mark.parametrize(
    ("weight", "error", "message"),
    [
        (pd.DataFrame({"w": -1.0, "v": 1.0}, DAYS), ValueError, "one column of weights.*'w', 'v'"),
        (pd.Series(-1.0, DAYS), ValueError, "at least 0 for each step.*-1.0 in series 'a' at 2024"),
        (pd.Series(1.0, DAYS[3:]), ValueError, "for each step of y, got nan in series 'a' at 2024"),
        (pd.Series(0.0, DAYS), ValueError, "above 0 for at least one step"),
        (pd.Series("x", DAYS), ValueError, "sample_weight must have steps as X.*hold numbers"),
        ("c", ValueError, "sample_weight: y has no column 'c', but 'a', 'b'"),
        ({"a": 1.0}, ValueError, "sample_weight must have a weight for each series, got none.*'b'"),
        ({"a": 1.0, "b": -1.0}, ValueError, "at least 0.*-1.0 for series 'b'"),
        ({"a": 1.0, "b": np.nan}, ValueError, "at least 0.*nan for series 'b'"),
        ({"a": 0.0, "b": 0.0}, ValueError, "above 0 for at least one series"),
        (pd.Series([1.0, 1.0, 2.0], ["a", "b", "a"]), ValueError, "one weight for each.*'a'"),
        ([1.0, 2.0], TypeError, "a dict or a Series.*by the names of the series.*got list"),
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
