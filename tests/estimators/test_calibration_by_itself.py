"""Quantiles that a forecaster calibrates by itself, of windows that it holds back for a while."""

from __future__ import annotations

import functools
import pickle

import keras
import numpy as np
import pandas as pd
import pytest

import seqkit
from seqkit.estimators.forecasting import stages
from seqkit.estimators.forecasting.calibration import calibrating_windows
from seqkit.metrics import coverage
from seqkit.training.windows import SeriesData, Windows, all_windows

HORIZON = 4
DAYS = pd.date_range("2024-01-01", periods=104)
NOISE = pd.DataFrame(100 + 10 * np.random.default_rng(0).normal(size=(104, 100)), DAYS)
PAST, FUTURE = NOISE[:-HORIZON], NOISE[-HORIZON:]


def new(**options) -> seqkit.Seq2SeqForecaster:
    """A forecaster that learns little of its quantiles."""
    small: dict = {"horizon": HORIZON, "season": None, "lookback": 6, "units": 4, "epochs": 4}
    small |= {"learning_rate": 1e-5, "batch_size": 256, "random_state": 0, "verbose": 0}
    return seqkit.Seq2SeqForecaster(**{**small, **options})


@functools.cache
def fitted(**options) -> seqkit.Seq2SeqForecaster:
    """For tests that leave it as it is."""
    return new(**options).fit(PAST)


def covered(model: seqkit.Seq2SeqForecaster) -> float:
    interval = model.predict_interval(0.8)
    low, high = (interval.xs(side, axis=1, level=1) for side in ("lower", "upper"))
    return coverage(FUTURE.to_numpy(), low.to_numpy(), high.to_numpy())


def test_intervals_hold_the_share_that_they_should():
    assert 0.7 <= covered(fitted()) <= 0.9
    assert not 0.7 <= covered(fitted(calibration_windows=0)) <= 0.9  # nothing is learned


def test_what_was_chosen_is_said():
    chosen = fitted().chosen_["calibration_windows"]
    assert chosen.value == 1  # of each of 100 series, as 100 residuals are needed
    assert chosen.reason == "enough residuals for levels 0.1, 0.5, 0.9"
    assert "calibration_windows" not in fitted(calibration_windows=0).chosen_


@pytest.mark.parametrize("options", [{"epochs": 1}, {"levels": (0.01, 0.5)}], ids=str)
def test_too_little_to_hold_back(options):
    chosen = new(**options).fit(PAST).chosen_["calibration_windows"]
    assert chosen.value == 0
    assert chosen.reason.startswith("too few")


def test_what_early_stopping_holds_out_calibrates():
    model = new(early_stopping=True).fit(PAST)
    # A tenth of each series, of which 10 values make 7 windows.
    assert model.chosen_["calibration_windows"].value == 7
    assert 0.7 <= covered(model) <= 0.9


@pytest.mark.parametrize("counts", [[30], [5, 60, 9], [40] * 12])
@pytest.mark.parametrize("newest", [1, 3])
def test_no_value_that_calibrates_is_trained_on_before(counts, newest):
    lengths = np.array(counts) + HORIZON + 1
    series, ends = all_windows(lengths, 2, HORIZON)
    windows = Windows(SeriesData([np.zeros(n) for n in lengths]), 3, HORIZON, series, ends)
    _, calibrating = stages._newest(windows, newest)
    older = stages._older(windows, newest)
    for i, length in enumerate(lengths):
        trained_on = windows.ends[older][windows.series[older] == i] + HORIZON
        first = length - HORIZON - newest + 1  # of the values that calibrate
        assert not len(trained_on) or trained_on.max() == first
        assert calibrating[stages._newest(windows, newest)[0] == i].min() == first


def test_passes_begin_with_the_older_windows():
    data = SeriesData([np.arange(20.0)])
    windows = Windows(data, 3, 2, *all_windows(np.array([20]), 3, 2))
    windows.older, windows.older_passes = np.array([1, 2, 4]), 2
    batches = windows.dataset(5, np.random.default_rng(0)).repeat(3)
    firsts = [
        {float(value) for value, weight in zip(truth[:, 0], weights, strict=True) if weight}
        for _, truth, weights in batches
    ]
    a_pass = windows.batches_a_pass(5)
    held_back = [set.union(*firsts[k * a_pass : (k + 1) * a_pass]) for k in range(3)]
    assert held_back[0] == held_back[1] == {4.0, 5.0, 7.0}
    assert held_back[2] == {*map(float, windows.ends)}


def test_the_model_of_before_is_calibrated_and_that_of_all_windows_forecasts(monkeypatch):
    weights = []
    calibrate = stages._calibrate

    def watched(forecaster, ends):
        weights.append(forecaster.model_.get_weights())
        calibrate(forecaster, ends)

    monkeypatch.setattr(stages, "_calibrate", watched)
    at_ends = Weights()
    model = new(callbacks=[at_ends], learning_rate=0.01).fit(PAST)
    assert len(at_ends.weights) == len(model.history_["loss"]) == 4
    for early, third in zip(weights[0], at_ends.weights[2], strict=True):
        np.testing.assert_array_equal(early, third)
    for kept, last in zip(model.model_.get_weights(), at_ends.weights[3], strict=True):
        np.testing.assert_array_equal(kept, last)


class Weights(keras.callbacks.Callback):
    def __init__(self) -> None:
        super().__init__()
        self.weights: list[list[np.ndarray]] = []

    def on_epoch_end(self, epoch, logs=None) -> None:
        self.weights.append(self.model.get_weights())


def test_a_calibration_is_saved_and_goes_on(tmp_path):
    model = fitted()
    quantiles = model.predict_quantiles()
    loaded = seqkit.load(model.save(tmp_path / "model.seqkit"))
    pd.testing.assert_frame_equal(loaded.predict_quantiles(), quantiles)
    again = pickle.loads(pickle.dumps(model))
    again.partial_fit(NOISE)
    np.testing.assert_array_equal(again._target.kept_shifts, model._target.kept_shifts)
    assert again.chosen_["calibration_windows"].value == 1


@pytest.mark.parametrize("head", ["point", "gaussian"])
def test_of_the_head_of_quantiles_alone(head):
    model = new(head=head, weighting=None).fit(PAST)
    assert model.chosen_["calibration_windows"].value == 0


def test_two_ways_at_once():
    with pytest.raises(ValueError, match="calibration_refit=True needs calibration_windows as a"):
        new(calibration_refit=True).fit(PAST)
    with pytest.raises(TypeError, match="calibration_windows must be an integer .* or 'auto'"):
        new(calibration_windows="some").fit(PAST)


def test_few_series_give_more_windows_each():
    levels = [0.1, 0.5, 0.9]
    assert calibrating_windows(np.full(100, 50), 12, levels) == 1
    assert calibrating_windows(np.full(50, 50), 12, levels) == 2
    assert calibrating_windows(np.full(1, 500), 12, levels) == 0
    assert calibrating_windows(np.full(1, 500), 120, levels) == 100
    assert calibrating_windows(np.full(100, 20), 12, levels) == 0  # little would be left
