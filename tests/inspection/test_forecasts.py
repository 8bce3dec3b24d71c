"""Pictures of forecasts: what is drawn, where, and what is refused."""

from __future__ import annotations

import gc
import sys
import weakref

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

from seqkit.inspection import plot_forecast
from seqkit.timeseries.forecast_frames import to_pandas
from seqkit.timeseries.read_series import read_series

INDEXES = {
    "dates": pd.date_range("2024-01-01", periods=6, freq="D"),
    "zone": pd.date_range("2024-03-30 12:00", periods=6, freq="6h", tz="Europe/Berlin"),
    "periods": pd.period_range("2024-01", periods=6, freq="M"),
    "integers": pd.RangeIndex(6),
}
STARTS = {
    "dates": np.datetime64("2024-01-01"),
    "zone": np.datetime64("2024-03-30T11:00"),
    "periods": np.datetime64("2024-01-01"),
    "integers": 0,
}


def wide(index, names=("a", "b", "c")):
    values = np.random.default_rng(0).normal(size=(len(index), len(names)))
    return pd.DataFrame(values, index, list(names))


def long(frame):
    return frame.rename_axis("ds").reset_index().melt("ds", var_name="unique_id", value_name="y")


def indexed(frame):
    return long(frame).set_index(["unique_id", "ds"])


def lines(axes):
    return {line.get_label(): line for line in axes.lines}


@pytest.mark.parametrize("kind", INDEXES)
def test_one_series(kind):
    y = pd.Series(np.arange(6.0), INDEXES[kind], name="sales")
    figure = plot_forecast(y[:4], y[4:] + 1, truth=y[4:])
    assert isinstance(figure, Figure)
    (axes,) = figure.axes
    assert axes.get_title() == "sales"
    drawn = lines(axes)
    assert list(drawn) == ["history", "truth", "forecast"]
    assert drawn["history"].get_xdata()[0] == STARTS[kind]
    np.testing.assert_array_equal(drawn["history"].get_ydata(), [0, 1, 2, 3])
    np.testing.assert_array_equal(drawn["truth"].get_ydata(), [4, 5])
    np.testing.assert_array_equal(drawn["forecast"].get_ydata(), [5, 6])
    x = [drawn[part].get_xdata() for part in ("history", "forecast")]
    assert (np.diff(np.concatenate(x)) > np.zeros(1, "m8[s]" if kind != "integers" else int)).all()
    np.testing.assert_array_equal(x[1], drawn["truth"].get_xdata())
    figure.draw_without_rendering()


@pytest.mark.parametrize("form", [lambda frame: frame, long, indexed], ids=["wide", "long", "ids"])
@pytest.mark.parametrize("kind", INDEXES)
def test_series_in_any_form(form, kind):
    y = wide(INDEXES[kind])
    panel = read_series(form(y[:4]))
    forecast = to_pandas(panel, y[4:].T.to_numpy())
    bounds = np.stack([y[4:].T - 1, y[4:].T + 2], axis=-1)
    interval = to_pandas(panel, bounds, ["lower", "upper"])
    figure = plot_forecast(form(y[:4]), forecast, interval, form(y[4:]))
    assert [axes.get_title() for axes in figure.axes] == ["a", "b", "c"]
    for axes, name in zip(figure.axes, y, strict=True):
        drawn = lines(axes)
        np.testing.assert_array_equal(drawn["history"].get_ydata(), y[name][:4])
        np.testing.assert_array_equal(drawn["forecast"].get_ydata(), y[name][4:])
        np.testing.assert_array_equal(drawn["truth"].get_ydata(), y[name][4:])
        (band,) = axes.collections
        heights = band.get_paths()[0].vertices[:, 1]
        assert heights.min() == pytest.approx(y[name][4:].min() - 1)
        assert heights.max() == pytest.approx(y[name][4:].max() + 2)
    figure.draw_without_rendering()


def test_interval_of_one_series():
    y = pd.Series([1.0, 2.0, 3.0])
    forecast = pd.Series([4.0, 5.0], index=[3, 4])
    interval = pd.DataFrame({"lower": [3.0, 3.5], "upper": [5.0, 6.0]}, forecast.index)
    (axes,) = plot_forecast(y, forecast, interval).axes
    assert [text.get_text() for text in axes.get_legend().get_texts()] == [
        "history",
        "forecast",
        "interval",
    ]


def test_a_single_step_is_seen():
    y = pd.Series([1.0, 2.0, 3.0], name="y")
    forecast = pd.Series([4.0], index=[3])  # by another name, as there is one series
    interval = pd.DataFrame({"lower": [3.0], "upper": [5.0]}, forecast.index)
    (axes,) = plot_forecast(y, forecast, interval).axes
    assert lines(axes)["forecast"].get_marker() == "o"
    (bar,) = axes.collections
    np.testing.assert_array_equal(
        bar.get_segments(),  # type: ignore[attr-defined]
        [[[3, 3], [3, 5]]],
    )


def test_gaps_stay_gaps():
    days = pd.to_datetime(["2024-01-01", "2024-01-02", "2024-01-04", "2024-01-05"])
    y = pd.Series([1.0, 2, 4, 5], days)
    forecast = pd.Series([6.0, 7], pd.date_range("2024-01-06", periods=2))
    truth = pd.Series([6.0, np.nan], forecast.index)
    (axes,) = plot_forecast(y, forecast, truth=truth).axes
    np.testing.assert_array_equal(lines(axes)["history"].get_ydata(), [1, 2, np.nan, 4, 5])
    np.testing.assert_array_equal(lines(axes)["truth"].get_ydata(), [6, np.nan])


def test_part_of_the_history_and_of_the_series():
    y = wide(INDEXES["dates"])
    figure = plot_forecast(y[:4], y[["b", "c"]][4:], truth=y[["c"]][4:], last=2, max_series=3)
    assert [axes.get_title() for axes in figure.axes] == ["b", "c"]
    first, second = map(lines, figure.axes)
    np.testing.assert_array_equal(first["history"].get_ydata(), y["b"][2:4])
    assert "truth" not in first
    assert "truth" in second
    assert len(plot_forecast(y[:4], y[4:], max_series=1).axes) == 1
    whole = plot_forecast(y[:4], y[4:], last=100).axes[0]
    assert len(lines(whole)["history"].get_ydata()) == 4


@pytest.mark.filterwarnings("ignore:y is read as daily:UserWarning")
def test_other_names_of_columns():
    y = long(wide(INDEXES["dates"])).set_axis(["day", "shop", "sold"], axis=1)
    forecast = y.assign(day=y["day"] + pd.Timedelta(6, "D"))
    names = {"id": "shop", "time": "day", "target": "sold"}
    assert len(plot_forecast(y, forecast, **names).axes) == 3


def test_frequency_that_cannot_be_inferred():
    y = pd.Series([1.0], pd.to_datetime(["2024-01-31"]))
    forecast = pd.Series([2.0], pd.to_datetime(["2024-02-29"]))
    with pytest.raises(ValueError, match="freq="):
        plot_forecast(y, forecast)
    assert plot_forecast(y, forecast, freq="ME").axes


def test_given_axes_are_drawn_on():
    axes = Figure().subplots()
    y = pd.Series([1.0, 2.0, 3.0])
    assert plot_forecast(y[:2], y[2:], ax=axes) is axes.figure
    assert len(axes.lines) == 2
    frame = wide(INDEXES["dates"])
    with pytest.raises(ValueError, match="ax takes one series, got 3"):
        plot_forecast(frame[:4], frame[4:], ax=axes)
    with pytest.raises(TypeError, match="ax must be one Axes of matplotlib, got list"):
        plot_forecast(y[:2], y[2:], ax=[axes])


def test_names_are_no_formulae():
    frame = wide(INDEXES["dates"], ["$a_{", "b$"])
    plot_forecast(frame[:4], frame[4:]).draw_without_rendering()


def test_nothing_is_kept():
    y = pd.Series([1.0, 2.0, 3.0])
    figure = weakref.ref(plot_forecast(y[:2], y[2:]))
    gc.collect()
    assert figure() is None
    if "matplotlib.pyplot" in sys.modules:
        assert sys.modules["matplotlib.pyplot"].get_fignums() == []


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"history": [1.0]}, TypeError, "y must be a pandas Series"),
        ({"forecast": [1.0]}, TypeError, "forecast must be of a form.*got list"),
        ({"truth": "no"}, TypeError, "truth must be of a form.*got str"),
        (
            {"forecast": wide(INDEXES["dates"][4:], ["a", "x"])},
            ValueError,
            "forecast must be of series that history has, got series 'x'.* has 'a', 'b', 'c'",
        ),
        (
            {"forecast": wide(pd.RangeIndex(6, 8))},
            ValueError,
            "forecast must be of a form, and of timestamps, as history",
        ),
        ({"interval": wide(INDEXES["dates"][4:])}, ValueError, "columns 'lower' and 'upper'"),
        ({"interval": 0.8}, TypeError, "interval must be a DataFrame.*got float"),
        ({"last": 0}, ValueError, "last must be an integer of at least 1, or None, got 0"),
        (
            {"max_series": 1.5},
            TypeError,
            "max_series must be an integer of at least 1, or None, got 1.5",
        ),
    ],
)
def test_bad_input(change, error, message):
    frame = wide(INDEXES["dates"])
    with pytest.raises(error, match=message):
        plot_forecast(**{"history": frame[:4], "forecast": frame[4:], **change})


@pytest.mark.parametrize(
    ("lower", "upper", "message"),
    [
        ([np.nan, 1], [2.0, 2], "both bounds of each step"),
        ([1.0, 3], [2.0, 2], "lower below upper"),
    ],
)
def test_bad_interval(lower, upper, message):
    y = pd.Series([1.0, 2.0, 3.0, 4.0])
    interval = pd.DataFrame({"lower": lower, "upper": upper}, y.index[2:])
    with pytest.raises(ValueError, match=message):
        plot_forecast(y[:2], y[2:], interval)


@pytest.mark.parametrize("kind", [kind for kind in INDEXES if kind != "zone"])
@pytest.mark.parametrize("ids", [["shop"], ["shop", "item"], []], ids=len)
def test_names_of_columns_are_found_in_the_forecast(kind, ids):
    y = long(wide(INDEXES[kind], ["a", "b"] if ids else ["a"]))
    y["shop"], y["item"] = y.pop("unique_id"), "x"
    y = y.rename(columns={"ds": "day", "y": "sales"})[[*ids, "day", "sales"]]
    names = {"id": ids[0] if len(ids) == 1 else ids or "unique_id", "time": "day"}
    known = y[y["day"] < INDEXES[kind][4]]
    panel = read_series(known, **names, target="sales")
    n = len(panel.values)
    forecast = to_pandas(panel, np.zeros((n, 2)))
    interval = to_pandas(panel, np.tile([-1.0, 1.0], (n, 2, 1)), ["lower", "upper"])
    truth = y[y["day"] >= INDEXES[kind][4]]
    expected = plot_forecast(known, forecast, interval, truth, **names, target="sales")
    found = plot_forecast(known.assign(price=1.0), forecast, interval, truth)
    assert len(found.axes) == n
    for ours, theirs in zip(found.axes, expected.axes, strict=True):
        assert ours.get_title() == theirs.get_title()
        assert list(lines(ours)) == ["history", "truth", "forecast"]
        for label, line in lines(ours).items():
            np.testing.assert_array_equal(line.get_xydata(), lines(theirs)[label].get_xydata())


def test_names_that_columns_do_not_tell_are_asked_for():
    """Integers of which one may be the time and one the series."""
    frame = pd.DataFrame({"shop": [1, 1], "step": [0, 1], "sales": [1.0, 2.0], "note": "x"})
    with pytest.raises(ValueError, match="time"):
        plot_forecast(frame, frame)
