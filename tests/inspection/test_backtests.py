"""Errors by step ahead, and pictures of backtests."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

from seqkit.inspection import error_by_horizon, plot_backtest, plot_error_by_horizon
from seqkit.metrics import coverage, smape

# Forecasts of two series, from two cutoffs each, two steps ahead.
TRUTH = np.array([[[1.0, 2.0], [2.0, 4.0]], [[10.0, np.nan], [20.0, 40.0]]])  # (series, window, H)
FORECAST = np.array([[[2.0, 2.0], [2.0, 1.0]], [[12.0, 5.0], [10.0, 48.0]]])


def backtest(times=None, levels=(0.1, 0.5, 0.9)):
    times = pd.RangeIndex(4) if times is None else times
    rows = [
        {
            "unique_id": name,
            "cutoff": times[k],
            "ds": times[k + h + 1],
            "y": TRUTH[i, k, h],
            "forecast": FORECAST[i, k, h],
            **{level: FORECAST[i, k, h] + 10 * (level - 0.5) for level in levels},
        }
        for i, name in enumerate("ab")
        for k in range(2)
        for h in range(2)
    ]
    return pd.DataFrame(rows)


def test_means_by_hand():
    mae = error_by_horizon(backtest())
    assert mae.name == "mae"
    assert mae.index.name == "step"
    assert mae.index.tolist() == [1, 2]
    assert mae.tolist() == pytest.approx([(1 + 0 + 2 + 10) / 4, (0 + 3 + 8) / 3])
    assert error_by_horizon(backtest(), "bias").tolist() == pytest.approx([-7 / 4, 5 / 3])
    rmse = error_by_horizon(backtest(), "rmse").tolist()
    assert rmse == pytest.approx([np.sqrt(105 / 4), np.sqrt(73 / 3)])


def test_shares_agree_with_the_metrics():
    frame = backtest()
    true, pred = TRUTH.reshape(4, 2), FORECAST.reshape(4, 2)
    found = {name: error_by_horizon(frame, name).tolist() for name in ("smape", "coverage")}
    for h in (0, 1):
        there = ~np.isnan(true[:, h])
        truth, forecast = true[there, h][:, None], pred[there, h][:, None]
        assert found["smape"][h] == pytest.approx(smape(truth, forecast))
        assert found["coverage"][h] == coverage(truth, forecast - 4, forecast + 4)


def test_a_series_without_a_name():
    """As the forecaster's backtest of an unnamed Series has it."""
    unnamed = backtest()[:4].assign(unique_id=None)
    expected = error_by_horizon(backtest()[:4])
    pd.testing.assert_series_equal(error_by_horizon(unnamed), expected)
    assert error_by_horizon(unnamed, scale={None: 2.0}).tolist() == (expected / 2).tolist()
    assert len(plot_backtest(unnamed).axes[0].lines) == len(
        plot_backtest(backtest()[:4]).axes[0].lines
    )


def test_zero_is_no_error_of_zero():
    frame = pd.DataFrame({"unique_id": "a", "cutoff": 0, "ds": [1], "y": [0.0], "forecast": [0.0]})
    assert error_by_horizon(frame, "smape").tolist() == [0]


def test_a_step_without_truth():
    frame = backtest()
    frame.loc[frame["ds"] - frame["cutoff"] == 2, "y"] = np.nan
    assert np.isnan(error_by_horizon(frame)[2])


def test_scaled_errors():
    scaled = error_by_horizon(backtest(), scale={"a": 1.0, "b": 2.0})
    assert scaled.tolist() == pytest.approx([(1 + 0 + 1 + 5) / 4, (0 + 3 + 4) / 3])
    with pytest.raises(ValueError, match="scale must have a number above 0.*got nan for 'b'"):
        error_by_horizon(backtest(), scale=pd.Series({"a": 1.0}))
    with pytest.raises(ValueError, match="scale must be None for smape"):
        error_by_horizon(backtest(), "smape", scale={"a": 1.0, "b": 1.0})


def test_order_of_rows_is_not_asked_for():
    shuffled = backtest().sample(frac=1, random_state=0)
    pd.testing.assert_series_equal(error_by_horizon(shuffled), error_by_horizon(backtest()))


def test_other_names_of_columns():
    frame = backtest().rename(columns={"unique_id": "shop", "ds": "day"})
    for names in ({"id": "shop", "time": "day"}, {"time": "day"}, {}):
        assert error_by_horizon(frame, **names).tolist() == pytest.approx([13 / 4, 11 / 3])
    assert [axes.get_title() for axes in plot_backtest(frame).axes] == ["a", "b"]
    expected = [len(axes.lines) for axes in plot_backtest(backtest()).axes]
    assert [len(axes.lines) for axes in plot_backtest(frame).axes] == expected
    (axes,) = plot_error_by_horizon(frame).axes
    assert axes.lines[0].get_ydata().tolist() == pytest.approx([13 / 4, 11 / 3])
    with pytest.raises(ValueError, match="id: backtest has no column 'unique_id'"):
        error_by_horizon(frame.drop(columns="shop"))
    with pytest.raises(ValueError, match="id: backtest has no column 'store'"):
        error_by_horizon(frame, id="store")


def test_several_columns_may_name_a_series():
    frame = backtest().rename(columns={"unique_id": "shop", "ds": "day"})
    frame.insert(0, "item", frame.pop("shop").map({"a": 1, "b": 2}))
    frame.insert(0, "shop", "x")
    assert error_by_horizon(frame).tolist() == pytest.approx([13 / 4, 11 / 3])
    scaled = error_by_horizon(frame, scale={("x", 1): 1.0, ("x", 2): 2.0})
    assert scaled.tolist() == error_by_horizon(backtest(), scale={"a": 1.0, "b": 2.0}).tolist()
    assert len(plot_backtest(frame).axes) == 2
    assert len(plot_backtest(frame, [("x", 2)]).axes) == 1


@pytest.mark.parametrize(
    "times",
    [
        pd.date_range("2024-01-31", periods=4, freq="ME"),
        pd.date_range("2024-03-31", periods=4, freq="h", tz="Europe/Berlin"),
        pd.period_range("2024Q1", periods=4, freq="Q"),
        pd.RangeIndex(4),
    ],
    ids=["dates", "zone", "periods", "integers"],
)
def test_windows_of_each_series(times):
    figure = plot_backtest(backtest(times))
    assert [axes.get_title() for axes in figure.axes] == ["a", "b"]
    axes = figure.axes[0]
    labels = [text.get_text() for text in figure.legends[0].get_texts()]
    assert labels == ["truth", "forecast", "0.1 to 0.9"]
    truth, *others = axes.lines
    np.testing.assert_array_equal(truth.get_ydata(), [1, 2, 4])
    np.testing.assert_array_equal(others[1].get_ydata(), FORECAST[0, 0])
    np.testing.assert_array_equal(others[3].get_ydata(), FORECAST[0, 1])
    # What was known ends a step before the forecast, at the dotted line.
    known, forecast, true = (np.asarray(a.get_xdata()) for a in (*others[:2], truth))
    assert known[0] < forecast[0] == true[0]
    np.testing.assert_array_equal(others[3].get_xdata(), truth.get_xdata()[1:])
    assert len(axes.collections) == 2
    figure.draw_without_rendering()


def test_chosen_series():
    assert [axes.get_title() for axes in plot_backtest(backtest(), "b").axes] == ["b"]
    both = plot_backtest(backtest(), ["b", "a"])
    assert [axes.get_title() for axes in both.axes] == ["b", "a"]
    assert len(plot_backtest(backtest(), max_series=1).axes) == 1
    with pytest.raises(
        ValueError, match="must be in the column 'unique_id' .* got 'z'; .* 'a', 'b'"
    ):
        plot_backtest(backtest(), "z")
    axes = Figure().subplots()
    assert plot_backtest(backtest(), ax=axes) is axes.figure
    assert axes.get_title() == "a"


def test_without_quantiles_there_is_no_band():
    (axes, _) = plot_backtest(backtest(levels=())).axes
    assert not axes.collections
    with pytest.raises(ValueError, match="two columns of quantiles or more for coverage"):
        error_by_horizon(backtest(levels=(0.5,)), "coverage")


def test_errors_of_models():
    good = backtest()
    better = good.assign(forecast=good["y"].fillna(0))
    (axes,) = plot_error_by_horizon({"naive": good, "perfect": better}).axes
    assert [line.get_label() for line in axes.lines] == ["naive", "perfect"]
    np.testing.assert_allclose(axes.lines[0].get_xydata(), [[1, 13 / 4], [2, 11 / 3]])
    np.testing.assert_array_equal(axes.lines[1].get_ydata(), [0, 0])
    assert axes.get_ylabel() == "mae"
    given = Figure().subplots()
    assert plot_error_by_horizon(good, "rmse", ax=given) is given.figure
    assert given.get_legend() is None
    (axes,) = plot_error_by_horizon([good, better], scale={"a": 1.0, "b": 2.0}).axes
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["model 1", "model 2"]
    assert axes.get_ylabel() == "mae, scaled"


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: error_by_horizon(backtest(), "mape"), ValueError, "measure must be one of mae"),
        (lambda: error_by_horizon([1.0]), TypeError, "must be a DataFrame.*got list"),
        (
            lambda: error_by_horizon(backtest().drop(columns="cutoff")),
            ValueError,
            "must have a column 'cutoff'",
        ),
        (lambda: error_by_horizon(backtest()[:0]), ValueError, "at least one row"),
        (lambda: plot_error_by_horizon({}), ValueError, "at least one model"),
        (lambda: plot_error_by_horizon(3), TypeError, "must be a DataFrame.*got int"),
        (
            lambda: plot_error_by_horizon({"a": 3}),  # type: ignore[dict-item]
            TypeError,
            "must be a DataFrame.*got int",
        ),
    ],
)
def test_bad_input(call, error, message):
    with pytest.raises(error, match=message):
        call()
