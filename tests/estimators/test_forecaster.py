"""The forecaster: what it learns, what it takes and gives, and what it refuses."""

from __future__ import annotations

import copy
import dataclasses
import functools
import pickle
import warnings

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.model_selection import GridSearchCV, TimeSeriesSplit

import seqkit
from seqkit.estimators import base
from seqkit.training.loop import train
from seqkit.training.windows import SeriesData
from tests.estimators.toy import untrained

MONTHS = pd.period_range("2012-01", periods=108, freq="M")
T = np.arange(108)
# Two seasonal series of different levels, and what they do next; noise that no one can foresee.
NOISE = np.random.default_rng(0).normal(size=(108, 2))
Y = pd.DataFrame(
    {
        "low": 10 + 3 * np.sin(T * np.pi / 6) + 0.02 * T,
        "high": 1000 + 200 * np.cos(T * np.pi / 6) + 2 * T,
    },
    MONTHS,
) * (1 + 0.01 * NOISE)
SMALL = {"horizon": 6, "lookback": 24, "units": 8, "batch_size": 32, "random_state": 0}
PAST, FUTURE = Y[:-6], Y[-6:]
EVENTS = pd.DataFrame({"price": np.sin(T * 1.7), "visits": np.cos(T * 0.3)}, index=MONTHS)


def new(**options) -> seqkit.Seq2SeqForecaster:
    return seqkit.Seq2SeqForecaster(**{**SMALL, "epochs": 2, **options})


@functools.cache
def fitted(**options) -> seqkit.Seq2SeqForecaster:
    """For tests that leave it as it is."""
    return new(**options).fit(PAST)


@functools.cache
def initial(**options) -> seqkit.Seq2SeqForecaster:
    """For tests that leave it as it is, whatever it has learned."""
    with untrained():
        return new(**options).fit(PAST)


@functools.cache
def priced() -> seqkit.Seq2SeqForecaster:
    """For tests that leave it as it is, whatever it has learned."""
    with untrained():
        return new().fit(PAST, EVENTS[["price"]][:-6])


SKEWED = PAST.assign(high=PAST["high"] ** 2)  # an error of one side


@functools.cache
def calibrated(**options) -> seqkit.Seq2SeqForecaster:
    """For tests that leave it as it is, whatever it has learned."""
    with untrained():
        return new(calibration_windows=10, **options).fit(SKEWED)


OTHER_LEVELS = {"lookback": None, "levels": (0.8, 0.9)}


def test_learns_more_than_the_seasonal_naive_forecast():
    model = new(epochs=40, learning_rate=0.01).fit(PAST)
    assert model.score(FUTURE) > -0.6  # half the seasonal naive error is the trend
    forecast = model.predict()
    assert forecast.columns.equals(Y.columns)
    assert forecast.index.equals(FUTURE.index)
    error = np.abs(forecast - FUTURE) / Y.mean()
    assert error.to_numpy().max() < 0.08


def test_says_the_season_and_the_lookback():
    model = initial(**OTHER_LEVELS)
    assert (model.season_, model.lookback_) == (12, 36)


def long(frame: pd.DataFrame) -> pd.DataFrame:
    """A row a step, series mixed."""
    return (
        frame.rename_axis("ds")
        .reset_index()
        .melt("ds", var_name="unique_id", value_name="y")
        .sort_values("ds", kind="stable")
        .reset_index(drop=True)
    )


def test_every_form_of_y_gives_the_same_in_its_own_form():
    model = fitted()
    wide = model.predict()
    one = model.predict(PAST["low"])
    assert isinstance(one, pd.Series)
    assert one.name == "low"
    np.testing.assert_allclose(one, wide["low"], rtol=1e-5)
    rows = model.predict(long(PAST))
    assert list(rows.columns) == ["unique_id", "ds", "y"] or set(rows.columns) == {
        "unique_id",
        "ds",
        "y",
    }
    np.testing.assert_allclose(
        rows.pivot(index="ds", columns="unique_id", values="y")[["low", "high"]], wide, rtol=1e-5
    )
    dated = model.predict(PAST.to_timestamp(how="start"), horizon=2)
    assert list(dated.index) == list(pd.to_datetime(["2020-07-01", "2020-08-01"]))
    numbered = model.predict(pd.Series(PAST["low"].to_numpy()), horizon=1)
    assert list(numbered.index) == [len(PAST)]


def test_a_series_never_seen_and_a_short_one():
    model = fitted()
    other = pd.Series([5.0, 6.0, 7.0], pd.period_range("2020-01", periods=3, freq="M"))
    found = model.predict(other)
    assert np.isfinite(found).all()
    assert list(found.index) == list(pd.period_range("2020-04", periods=6, freq="M"))


def test_further_than_the_horizon_is_forecast_from_forecasts():
    model = fitted()
    far = model.predict(horizon=14)
    np.testing.assert_allclose(far[:6], model.predict(), rtol=1e-6)
    extended = pd.concat([PAST, model.predict()])
    np.testing.assert_allclose(far[6:12], model.predict(extended), rtol=1e-4)
    assert len(far) == 14


def test_missing_values_are_masked():
    model = fitted()
    holes = PAST.copy()
    holes.iloc[[40, 80, 95], 0] = np.nan
    found = model.predict(holes)
    assert np.isfinite(found.to_numpy()).all()
    np.testing.assert_allclose(found["high"], model.predict()["high"], rtol=1e-5)


def test_series_of_different_lengths_with_holes_in_one_model():
    rows = long(PAST.assign(short=PAST["low"]))
    begin = rows["unique_id"].map({"low": "2012-01", "high": "2017-01", "short": "2020-01"})
    rows = rows[rows["ds"].astype(str) >= begin].reset_index(drop=True)
    rows.loc[rows["ds"].astype(str).isin(["2017-05", "2019-12"]), "y"] = np.nan
    with pytest.warns(UserWarning, match="1 of 3 series .* fewer than 18 values: 'short'"):
        model = new(epochs=1).fit(rows)
    assert np.isfinite(model.history_["loss"]).all()
    found = model.predict()
    assert found.groupby("unique_id").size().to_dict() == {"low": 6, "high": 6, "short": 6}
    assert np.isfinite(found["y"]).all()


# Covariates.


def test_learns_what_a_known_covariate_says():
    rng = np.random.default_rng(1)
    promotion = pd.Series(
        rng.integers(0, 2, 240), pd.date_range("2024-01-01", periods=240), name="p"
    )
    y = pd.Series(10 + 5.0 * promotion.to_numpy(), promotion.index)
    model = new(horizon=5, lookback=7, season=None, epochs=12, learning_rate=0.02)
    model.fit(y[:-5], promotion[:-5])
    found = model.predict(X=promotion[-5:])
    assert np.abs(found - y[-5:]).max() < 1
    with pytest.raises(ValueError, match="X must know the 'p' of each step.*2024-08-2"):
        model.predict(X=promotion[:-2])
    with pytest.raises(ValueError, match="X must hold the columns \\['p'\\], as in fit"):
        model.predict()


@untrained()
@pytest.mark.parametrize("kind", ["static", "past", "known"])
def test_covariates_are_centred_before_they_lose_digits(kind):
    found = []
    for offset in (0.0, 1.7e9):
        events = EVENTS[["visits"]] + offset
        static = pd.DataFrame({"size": [1.0 + offset, 5.0 + offset]}, ["low", "high"])
        given = {"static": static} if kind == "static" else {"X": events}
        past = {"past_covariates": ["visits"]} if kind == "past" else {}
        model = new(epochs=1, **past).fit(PAST, **{k: v[:102] for k, v in given.items()})
        ahead = {} if kind == "past" else given
        found.append(model.predict(PAST, **{**given, **ahead}))
    # Means are found to the digits of float64 at 1.7e9, about 2e-7.
    pd.testing.assert_frame_equal(*found, rtol=1e-4)


@pytest.mark.filterwarnings("ignore:Column 'kind' of static has:UserWarning")
@untrained()
def test_past_static_and_calendar_covariates_reach_the_forecast():
    static = pd.DataFrame({"size": [1.0, 5.0], "kind": ["a", "b"]}, ["low", "high"])
    model = new(past_covariates=["visits"], calendar=["month"]).fit(
        PAST, EVENTS[["visits"]], static=static
    )
    before = model.predict()
    np.testing.assert_allclose(model.predict(PAST, EVENTS, static=static), before, rtol=1e-5)
    for changed in (
        {"X": EVENTS.assign(visits=EVENTS["visits"] + 2)},
        {"static": static.assign(size=[9.0, 9.0])},
        {"static": static.assign(kind=["b", "z"])},  # z was not seen
        {"y": PAST.set_index(PAST.index + 3), "X": EVENTS.set_index(EVENTS.index + 3)},
    ):
        arguments = {"y": PAST, "X": EVENTS, "static": static, **changed}
        assert not np.allclose(model.predict(**arguments), before, rtol=1e-4), changed
    for absent, message in (
        ({"static": None}, "static must hold the columns \\['size', 'kind'\\]"),
        ({"static": static[["size"]]}, "static has no column 'kind'"),
        ({"static": static[:1]}, "a row for each series, .* got none for 1 of 2: 'high'"),
        ({"X": None}, "X must hold the columns \\['visits'\\]"),
        (
            {"X": EVENTS.rename(columns={"visits": "visit"})},
            "as in fit; it has no 'visits', but .* Did you mean 'visit'",
        ),
    ):
        with pytest.raises(ValueError, match=message):
            model.predict(**{"y": PAST, "X": EVENTS, "static": static, **absent})


# Quantiles and intervals.


@pytest.mark.slow
def test_intervals_hold_the_share_that_they_should():
    rng = np.random.default_rng(0)
    noise = pd.DataFrame(100 + 10 * rng.normal(size=(120, 20)))
    model = new(season=None, horizon=4, lookback=12, epochs=8, head="quantiles").fit(noise[:-4])
    interval = model.predict_interval(0.8)
    lower, upper = (interval.xs(side, axis=1, level=1) for side in ("lower", "upper"))
    inside = ((lower <= noise[-4:]) & (noise[-4:] <= upper)).to_numpy().mean()
    assert 0.65 <= inside <= 0.95
    calibrated = new(season=None, horizon=4, lookback=12, epochs=2, calibration_windows=6)
    interval = calibrated.fit(noise[:-4]).predict_interval(0.8)
    lower, upper = (interval.xs(side, axis=1, level=1) for side in ("lower", "upper"))
    inside = ((lower <= noise[-4:]) & (noise[-4:] <= upper)).to_numpy().mean()
    assert 0.65 <= inside <= 0.95


def test_calibration_is_by_rank_of_residuals():
    """On the windows that calibrate, a share of at least `level` lies below the quantile."""
    model = calibrated(head="point")
    table = model.backtest(SKEWED, windows=10, step=1, levels=[0.2, 0.8])
    for level in (0.2, 0.8):
        below = (
            (table["y"] <= table[level] * (1 + 1e-6))
            .groupby(table.groupby(["unique_id", "cutoff"]).cumcount())
            .mean()
        )
        np.testing.assert_allclose(below, level, atol=0.06)
    with pytest.raises(ValueError, match="at least 199 residuals a step .* got 20 at step 1"):
        model.predict_interval(0.99)


@pytest.mark.parametrize(
    "options",
    [
        {"head": "point"},
        {"head": "quantiles"},
        {"head": "point", "calibration_refit": True, "levels": (0.8, 0.9)},
    ],
    ids=["point", "quantiles", "refit"],
)
def test_a_calibrated_forecast_is_the_calibrated_median(options):
    model = calibrated(**options)
    point, median = model.predict(), model.predict_quantiles([0.5])
    np.testing.assert_array_equal(median, point)
    interval = model.predict_interval(0.5)
    for name in SKEWED:
        assert (interval[name, "lower"] <= point[name]).all()
        assert (point[name] <= interval[name, "upper"]).all()
    table = model.backtest(SKEWED, windows=1, levels=[0.5])
    np.testing.assert_allclose(table["forecast"], table[0.5])


def test_levels_without_the_median():
    model = initial(**OTHER_LEVELS)
    median = model.predict_quantiles([0.5, 0.8]).xs(0.5, axis=1, level=1)
    np.testing.assert_array_equal(median, model.predict())
    assert list(model.predict_quantiles(y=PAST["high"]).columns) == [0.8, 0.9]


SALES = pd.Series(np.random.default_rng(0).poisson(0.4, 108).astype(float), MONTHS)


@pytest.mark.parametrize(
    "options, least",
    [
        pytest.param({"transform": "log"}, 0, marks=pytest.mark.slow),
        pytest.param({"minimum": 0}, 0, marks=pytest.mark.slow),
        ({"minimum": -0.25}, -0.25),
        ({"transform": "log", "decoding": "autoregressive", "minimum": -1.0}, 0),
    ],
    ids=["log", "zero", "below_zero", "autoregressive"],
)
@untrained()
def test_nothing_is_below_what_values_can_be(options, least):
    model = new(epochs=1, head="gaussian", weighting=None, **options).fit(SALES)
    below = model.predict_quantiles([0.001, 0.5])
    assert below.to_numpy().min() == least
    assert model.sample_paths(50, horizon=8).to_numpy().min() == least


def test_a_minimum_above_what_there_is():
    with pytest.raises(ValueError, match="minimum=1 must be the least .* got 0 in y"):
        new(minimum=1).fit(SALES)


@pytest.mark.slow
def test_calibration_is_kept_by_a_model_of_all_windows():
    options = {"calibration_windows": 10, "levels": [0.2, 0.8]}
    split = new(**options).fit(Y)
    model = new(**options, calibration_refit=True).fit(Y)
    whole = new().fit(Y)
    assert len(model.history_["loss"]) == len(whole.history_["loss"])
    shifts = model._functions.shifts([0.2, 0.35, 0.5, 0.8])
    expected = split._functions.shifts([0.2, 0.5, 0.8])
    np.testing.assert_allclose(shifts[:, [0, 2, 3]], expected, rtol=1e-4)
    np.testing.assert_allclose(shifts[:, 1], shifts[:, [0, 2]].mean(axis=1), rtol=1e-6)
    assert not np.allclose(model.predict(), split.predict(), rtol=1e-4)
    again = pickle.loads(pickle.dumps(model))
    pd.testing.assert_frame_equal(again.predict_quantiles(), model.predict_quantiles())


def test_a_user_who_ends_the_first_training_ends_the_fit(monkeypatch):
    trainings = []

    def ended(*arguments, **options):
        trainings.append(train(*arguments, **options))
        return dataclasses.replace(trainings[-1], interrupted=True)

    monkeypatch.setattr(base, "train", ended)
    model = new(calibration_windows=10, calibration_refit=True, levels=[0.2, 0.8]).fit(Y)
    assert len(trainings) == 1
    assert model._functions.shifts([0.2, 0.5, 0.8]).any()  # of the windows that were left out


@untrained()
def test_a_calibration_is_kept_by_a_model_that_goes_on():
    options = {"calibration_windows": 10, "calibration_refit": True, "levels": [0.2, 0.8]}
    model = new(**options, epochs=1).fit(Y)
    model.partial_fit(Y + 1)
    again = pickle.loads(pickle.dumps(model))
    others = [0.3, 0.6]  # which lie on straight lines between what is kept
    pd.testing.assert_frame_equal(again.predict_quantiles(others), model.predict_quantiles(others))


def test_later_horizons_copy_the_last_steps_alone(monkeypatch):
    model, longest = initial(head="gaussian", weighting=None), []
    continued = SeriesData.continued

    def watched(data: SeriesData, points: np.ndarray) -> SeriesData:
        longest.append(int(data.lengths.max()))
        return continued(data, points)

    monkeypatch.setattr(SeriesData, "continued", watched)
    model.predict(horizon=18)
    model.sample_paths(3, horizon=12)
    assert longest
    assert max(longest) <= 24 + 6 * (18 // 6 - 1)  # lookback, and what was forecast


@pytest.mark.parametrize(
    "head", [pytest.param("gaussian", marks=pytest.mark.slow), "negative_binomial"]
)
def test_distributions_give_quantiles_and_paths(head):
    options = {"decoding": "autoregressive"} if head == "gaussian" else {"scaling": "mean"}
    model = new(head=head, weighting=None, **options).fit(PAST.round())
    quantiles = model.predict_quantiles([0.1, 0.5, 0.9], horizon=8)
    assert list(quantiles.columns) == [(n, q) for n in Y.columns for q in (0.1, 0.5, 0.9)]
    assert (np.diff(quantiles["low"], axis=1) >= 0).all()
    paths = model.sample_paths(5, horizon=8)
    assert paths.shape == (8, 10)
    pd.testing.assert_frame_equal(paths, model.sample_paths(5, horizon=8))
    assert paths["low"].nunique(axis=1).max() > 1
    if head == "negative_binomial":
        assert np.allclose(paths, np.round(paths), atol=1e-3)


def test_what_has_no_quantiles_says_so():
    for call in (
        lambda m: m.predict_interval(),
        lambda m: m.predict_quantiles(),
        lambda m: m.backtest(Y, levels=[0.5]),
    ):
        with pytest.raises(ValueError, match="need head='quantiles' or a distribution"):
            call(initial(head="point"))
    with pytest.raises(ValueError, match="sample_paths needs a distribution"):
        initial(head="point").sample_paths()


# Backtests and scores.


def test_backtest_has_a_row_for_each_step_of_each_window():
    table = initial(head="point").backtest(Y, windows=2, step=3)
    assert list(table.columns) == ["unique_id", "cutoff", "ds", "y", "forecast"]
    assert len(table) == 2 * 2 * 6
    first = table[(table["unique_id"] == "high") & (table["cutoff"] == pd.Period("2020-03", "M"))]
    assert list(first["ds"]) == list(pd.period_range("2020-04", periods=6, freq="M"))
    np.testing.assert_array_equal(first["y"], Y["high"]["2020-04":"2020-09"])
    np.testing.assert_allclose(
        first["forecast"], initial(head="point").predict(Y[:"2020-03"])["high"], rtol=1e-5
    )


def test_backtest_refits_on_the_past_alone():
    model = new()
    table = model.backtest(Y, windows=2, refit=True)
    assert not hasattr(model, "model_")
    last = table[table["cutoff"] == PAST.index[-1]]
    expected = fitted().predict()
    for name, rows in last.groupby("unique_id"):
        np.testing.assert_allclose(rows["forecast"], expected[name], rtol=1e-5)
    with pytest.warns(UserWarning, match="fitted to the data of this backtest"):
        fitted().backtest(windows=1)
    with pytest.raises(ValueError, match="windows=40 reach back 240 steps"):
        fitted().backtest(Y, windows=40)


def test_score_is_minus_the_mase_of_what_follows():
    model = fitted()
    truth, found = (frame.to_numpy().T for frame in (FUTURE, model.predict()))
    expected = seqkit.metrics.mase(truth, found, list(PAST.to_numpy().T), 12)
    assert model.score(FUTURE) == pytest.approx(-expected, rel=1e-5)
    # Series that do not follow: their last horizon, from what comes before.
    other = Y.rename(columns={"low": "a", "high": "b"})
    assert model.score(other) == pytest.approx(-expected, rel=1e-5)
    with pytest.raises(ValueError, match="longer than horizon=6"):
        model.score(other[:6])


def test_a_score_weighs_each_step_the_same():
    """Seven steps, of which a horizon has six: the last one is a seventh."""
    model = fitted()
    y = Y[-6:].copy()
    y.loc[MONTHS[-1] + 1] = Y.iloc[-12] + [0.0, 900.0]
    first, last = model.predict(), model.predict(pd.concat([PAST, y[:6]]), horizon=1)
    found = pd.concat([first, last]).to_numpy().T
    expected = seqkit.metrics.mase(y.to_numpy().T, found, list(PAST.to_numpy().T), 12)
    assert model.score(y) == pytest.approx(-expected, rel=1e-5)


def test_an_unnamed_series_in_a_backtest_and_in_messages():
    y = Y["low"].rename(None)
    errors = seqkit.inspection.error_by_horizon(priced().backtest(y, EVENTS))
    assert errors.index.tolist() == [1, 2, 3, 4, 5, 6]
    assert errors.notna().all()
    with pytest.raises(ValueError, match="missing for y at 2020-07"):
        priced().predict(y[:-6], EVENTS[["price"]][:-6])


@pytest.mark.slow
def test_grid_search_with_splits_by_time():
    search = GridSearchCV(
        new(epochs=1), {"learning_rate": [1e-6, 0.02]}, cv=TimeSeriesSplit(2, test_size=6)
    )
    search.fit(Y)
    assert search.best_params_ == {"learning_rate": 0.02}
    assert np.isfinite(search.cv_results_["mean_test_score"]).all()


# Contract.


@untrained()
def test_a_file_forecasts_the_same(tmp_path):
    static = pd.DataFrame({"size": [1.0, 5.0], "kind": ["a", "b"]}, ["low", "high"])
    model = new(calendar=["month"], head="quantiles", calibration_windows=8)
    model.fit(PAST, static=static)
    expected = model.predict_quantiles([0.3, 0.6])
    path = model.save(tmp_path / "model.seqkit")
    # Copies are made of the same state: tests/conformance has them.
    again = seqkit.load(path)
    pd.testing.assert_frame_equal(again.predict_quantiles([0.3, 0.6]), expected)
    assert again.get_params() == model.get_params()
    assert not hasattr(clone(model), "model_")


@untrained()
def test_a_frequency_as_a_parameter_is_saved(tmp_path):
    week = pd.offsets.CustomBusinessDay(weekmask="Sun Mon Tue Wed Thu")
    y = pd.Series(Y["low"].to_numpy(), pd.date_range("2024-01-01", periods=108, freq=week))
    y.index.freq = None  # type: ignore[attr-defined]
    model = new(epochs=1, freq=week).fit(y)
    path = model.save(tmp_path / "model.seqkit")
    for again in (pickle.loads(pickle.dumps(model)), copy.deepcopy(model), seqkit.load(path)):
        assert again.freq == week
    found = again.predict()
    pd.testing.assert_series_equal(found, model.predict())
    assert not set(found.index.day_of_week) & {4, 5}


@pytest.mark.slow  # the records themselves are in tests/data/test_panel_record.py
@pytest.mark.parametrize(
    "y",
    [
        PAST["low"].rename(None),
        PAST.to_timestamp(how="end").tz_localize("Europe/Berlin", nonexistent="shift_forward"),
        long(PAST).rename(columns={"unique_id": "shop", "ds": "month", "y": "sales"}),
        pd.Series(PAST["low"].to_numpy(), range(3, 3 + 2 * len(PAST), 2)),
    ],
    ids=["series", "time_zone", "long", "integers"],
)
def test_a_file_holds_the_series(y, tmp_path):
    columns = {"id": "shop", "time": "month", "target": "sales"}
    if isinstance(y.index, pd.DatetimeIndex):
        y.index = y.index.normalize()
    model = new(epochs=1, season=12, **columns).fit(y)
    again = seqkit.load(model.save(tmp_path / "model.seqkit"))
    check = pd.testing.assert_frame_equal if y.ndim == 2 else pd.testing.assert_series_equal
    check(again.predict(horizon=7), model.predict(horizon=7))


def test_an_int_as_random_state_gives_the_same_again():
    again, other = (new(random_state=seed).fit(PAST).predict() for seed in (0, 4))
    pd.testing.assert_frame_equal(again, fitted().predict())
    assert not np.allclose(again, other)


def test_early_stopping_keeps_the_best_epoch():
    model = new(early_stopping=True, n_iter_no_change=1, epochs=30, learning_rate=0.05).fit(PAST)
    losses = model.history_["val_loss"]
    assert model.n_iter_ < 30
    assert model.best_epoch_ == int(np.argmin(losses)) + 1


@pytest.mark.slow
def test_warm_start_goes_on():
    model = new(warm_start=True, epochs=3).fit(PAST)
    before = model.history_["loss"][-1]
    model.fit(Y)
    assert model.history_["loss"][0] < before
    assert model.predict().index[0] == pd.Period("2021-01", "M")


def test_a_failed_fit_leaves_the_model_as_it_was():
    model = fitted()
    before = model.predict()
    with pytest.raises(ValueError, match="only missing ones in series 'low'"):
        model.fit(PAST.assign(low=np.nan))
    pd.testing.assert_frame_equal(model.predict(), before)


# Bad input.


@pytest.mark.parametrize(
    "y, options, message",
    [
        (PAST.to_numpy(), {}, "y must be a pandas Series or DataFrame, got ndarray"),
        (PAST[::-1], {}, "must ascend"),
        (pd.concat([PAST, PAST[-1:]]), {}, "2020-06"),
        (PAST[:10], {}, "at least 18 values .* the longest, series 'low', has 10"),
        (-PAST, {"transform": "log"}, "transform='log' needs values of at least 0, got .* 'low'"),
        (PAST.assign(low=np.inf), {}, "infinite ones in series 'low'"),
        (PAST.astype(str), {}, "numbers"),
        (PAST * 1e20, {}, "y must hold values of at most 1e.18 in size, got .* in series 'low'"),
        (
            PAST,
            {"head": "negative_binomial", "scaling": "mean", "weighting": None},
            "needs counts, .* in series 'low'",
        ),
        (PAST[:30], {"calibration_windows": 20}, "and 25 for calibration_windows"),
        (PAST[:20], {"early_stopping": True}, "and 6 for early_stopping"),
    ],
    ids=lambda v: None if isinstance(v, str | dict) else "y",
)
def test_data_that_cannot_be_fitted(y, options, message):
    with pytest.raises((ValueError, TypeError), match=message):
        new(**options).fit(y)


@pytest.mark.parametrize(
    "options, message",
    [
        ({"horizon": 0}, "horizon must be an integer of at least 1, got 0"),
        ({"lookback": 2.5}, "lookback must be an integer of at least 1, or None, got 2.5"),
        ({"head": "quantile"}, "head must be 'point', 'quantiles'.* got 'quantile'"),
        ({"levels": [0.9, 0.1]}, "levels must ascend"),
        ({"levels": [0.5, 1.0]}, "each of levels must be a fraction in \\(0, 1\\), got 1.0"),
        ({"levels": 0.5}, "levels must be a list of fractions"),
        ({"minimum": "0"}, "minimum must be a finite number, or None, got '0'"),
        ({"calendar": ["moth"]}, "each of calendar must be .*'month'.* got 'moth'"),
        ({"scheduled_sampling": 0.5}, "scheduled_sampling needs decoding='autoregressive'"),
        ({"head": "negative_binomial", "scaling": "standard"}, "got scaling='standard'"),
        ({"seasonal_residual": True, "season": None}, "seasonal_residual=True needs a season"),
        ({"bidirectional": True}, "bidirectional must be False"),
        ({"past_covariates": ["visits"]}, "past_covariates names \\['visits'\\].* X is None"),
        ({"cell": "gruu"}, "gru"),
    ],
)
def test_parameters_out_of_range(options, message):
    with pytest.raises((ValueError, TypeError), match=message):
        new(**options).fit(PAST)


def test_a_constant_series_is_forecast_as_constant():
    flat = PAST.assign(low=5.0)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        model = new(epochs=1).fit(flat)
    np.testing.assert_allclose(model.predict()["low"], 5, rtol=1e-12)


@pytest.mark.parametrize(
    "options",
    [
        pytest.param({}, marks=pytest.mark.slow),
        {"transform": "log", "head": "gaussian", "decoding": "autoregressive"},
        {
            "transform": "difference",
            "scaling": "robust",
            "calibration_windows": 8,
            "weighting": None,
        },
    ],
    ids=["standard", "log", "difference"],
)
def test_constants_alone_are_forecast_as_constants(options):
    flat = pd.Series(500.0, pd.date_range("2024-01-01", periods=120))
    model = new(epochs=1, **options).fit(flat)
    np.testing.assert_allclose(model.predict(horizon=9), 500, rtol=1e-9)
    np.testing.assert_allclose(model.predict(flat / 5, horizon=9), 100, rtol=1e-9)
    if options:
        np.testing.assert_allclose(model.predict_quantiles([0.2, 0.8]), 500, rtol=1e-9)


@pytest.mark.parametrize("transform", [None, "difference"])
def test_the_error_does_not_depend_on_the_level(transform):
    days = pd.date_range("2024-01-01", periods=126)
    wave = pd.Series(50 * np.sin(np.arange(126) * 2 * np.pi / 7), days)
    levels = [0, 1e9, 1e12]
    y = pd.DataFrame({f"at {level:g}": wave + level for level in levels})
    model = new(lookback=14, epochs=12, learning_rate=0.02, transform=transform).fit(y[:-6])
    error = (model.predict() - levels).sub(wave[-6:], axis=0)
    assert (error.abs().mean() < 4).all()


@untrained()
def test_a_continuation_and_a_file_keep_a_high_level(tmp_path):
    wave = pd.DataFrame({"a": 50 * np.sin(T), "b": 50 * np.cos(T)}, MONTHS)
    model = new(head="gaussian").fit(wave + 1e12)
    low = model.predict(wave, horizon=14)
    np.testing.assert_allclose(model.predict(horizon=14) - 1e12, low, atol=0.05)
    again = seqkit.load(model.save(tmp_path / "model.seqkit"))
    pd.testing.assert_frame_equal(again.predict(), model.predict())
    paths = model.sample_paths(5) - 1e12
    np.testing.assert_allclose(paths, model.sample_paths(5, wave), atol=0.05)


def test_a_series_that_ended_long_ago_has_no_forecast():
    ended = PAST.assign(low=PAST["low"].where(np.arange(102) < 70))
    with pytest.warns(UserWarning, match=r"1 of 2 series have no value in their last.*'low'"):
        found = fitted().predict(ended)
    assert found["low"].isna().all()
    np.testing.assert_allclose(found["high"], fitted().predict()["high"], rtol=1e-5)
    rows = long(ended).dropna()
    own_end = fitted().predict(rows).set_index(["unique_id", "ds"])["y"]["low"]
    assert own_end.index[0] == MONTHS[70]
    assert own_end.notna().all()


def test_quantiles_beyond_the_horizon():
    walk = pd.Series(np.cumsum(NOISE[:, 0]), MONTHS)
    model = new(head="gaussian", season=None, epochs=10, learning_rate=0.01).fit(walk)
    bounds = model.predict_interval(0.8, horizon=18)
    widths = (bounds["upper"] - bounds["lower"]).to_numpy()
    assert widths[12:].mean() > widths[:6].mean()  # uncertainty adds up
    paths = model.sample_paths(200, horizon=18)
    np.testing.assert_allclose(bounds["upper"].iloc[-1], paths.iloc[-1].quantile(0.9), rtol=1e-6)
    with pytest.warns(UserWarning, match="Quantiles beyond horizon=6 take the forecasts before"):
        fitted().predict_quantiles(horizon=8)


def test_a_score_of_some_of_the_series_and_a_backtest_of_the_training_data():
    model, X = priced(), EVENTS[["price"]]
    alone = model.score(FUTURE[["high"]], X)
    both = model.score(FUTURE, X)
    assert alone == pytest.approx(2 * both - model.score(FUTURE[["low"]], X))
    with pytest.raises(ValueError, match=r"X must hold the columns \['price'\]"):
        model.score(FUTURE)
    with pytest.warns(UserWarning, match="was fitted to the data of this backtest"):
        assert len(model.backtest(windows=1)) == 12
    with pytest.raises(ValueError, match=r"X must hold the columns \['price'\], as in fit"):
        model.backtest(windows=1, refit=True)


def test_covariates_that_are_not_there_or_not_asked_for():
    X = pd.DataFrame({"price": np.sin(T)}, MONTHS)
    with pytest.raises(ValueError, match="X must have values at the times of y, .* column 'price'"):
        new().fit(PAST, X.set_axis(MONTHS + 600))
    with pytest.raises(ValueError, match="X must be None: the model was fitted without"):
        fitted().predict(X=X)
    with pytest.raises(ValueError, match="static must be None"):
        fitted().predict(static=pd.DataFrame({"size": [1.0, 2.0]}, ["low", "high"]))


def test_values_of_dtype_object():
    of_objects = PAST["low"].astype(object)
    np.testing.assert_allclose(fitted().predict(of_objects), fitted().predict(PAST["low"]))
