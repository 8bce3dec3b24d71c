"""Metrics of forecasts in frames: matched by series and time, whatever their order and form."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import seqkit
from seqkit.metrics import coverage, mae, mase, pinball_loss, rmse, rmsse, smape
from seqkit.metrics import weighted_quantile_loss as wql

DAYS = pd.date_range("2024-01-01", periods=20, freq="D", name="ds")
RNG = np.random.default_rng(0)
Y = pd.DataFrame(RNG.normal(5, 1, (20, 2)), DAYS, columns=["b", "a"])
PAST, FUTURE = Y[:16], Y[16:]
FORECAST = FUTURE + RNG.normal(size=(4, 2))
TRUE, PRED = FUTURE.to_numpy().T, FORECAST.to_numpy().T


def long(frame: pd.DataFrame, value: str = "y") -> pd.DataFrame:
    table = frame.rename_axis("ds").reset_index().melt("ds", var_name="unique_id", value_name=value)
    return table.sort_values(["unique_id", "ds"]).reset_index(drop=True)


def indexed(frame: pd.DataFrame) -> pd.Series:
    return long(frame).set_index(["unique_id", "ds"])["y"]


FORMS = pytest.mark.parametrize("form", [lambda f: f, long, indexed], ids=["wide", "long", "index"])


@FORMS
def test_frames_of_every_form(form):
    for metric in (mae, rmse, smape):
        found = metric(form(FUTURE[["a", "b"]]), form(FORECAST))
        np.testing.assert_allclose(found, metric(TRUE, PRED))
    for scaled in (mase, rmsse):
        expected = scaled(TRUE, PRED, PAST.to_numpy().T, 7)
        assert scaled(form(Y), form(FORECAST), form(Y[["a", "b"]]), 7) == pytest.approx(expected)
    bounds = form(FORECAST - 1), form(FORECAST + 0.5)
    assert coverage(form(FUTURE), *bounds) == coverage(TRUE, PRED - 1, PRED + 0.5)


def test_values_of_each_series_come_in_the_order_of_the_forecast():
    found = mae(FUTURE[["a", "b"]], FORECAST, per_series=True)
    np.testing.assert_allclose(found, mae(TRUE, PRED, per_series=True))


def test_a_series_by_itself():
    assert mae(FUTURE["a"].rename("truth"), FORECAST["a"]) == mae(TRUE[1:], PRED[1:])
    found = mase(FUTURE["a"], FORECAST["a"], PAST["a"])
    assert found == pytest.approx(mase(TRUE[1:], PRED[1:], [PAST["a"]]))


def test_steps_without_truth_do_not_count_and_series_end_where_they_end():
    cut = long(FORECAST)[:-1]
    expected = np.abs(TRUE - PRED)
    found = mae(long(FUTURE)[1:], cut, per_series=True)
    np.testing.assert_allclose(found, [expected[1, 1:].mean(), expected[0, :-1].mean()])


def test_what_a_forecaster_gives():
    options = {"horizon": 4, "lookback": 8, "units": 4, "epochs": 1, "head": "quantiles"}
    names = {"id": "shop", "time": "day", "target": "sold"}
    model = seqkit.Seq2SeqForecaster(**options, **names).fit(PAST)
    levels = [0.1, 0.5, 0.9]
    wide = model.predict_quantiles()
    array = wide.to_numpy().reshape(4, 2, 3).transpose(1, 0, 2)
    rows = model.predict_quantiles(y=renamed(long(PAST)))
    alone = model.predict_quantiles(y=PAST["a"])
    for metric in (pinball_loss, wql):
        expected = metric(TRUE, array, levels)
        assert metric(FUTURE, wide, levels) == pytest.approx(expected)
        assert metric(renamed(long(FUTURE)), rows, levels) == pytest.approx(expected, rel=1e-4)
        assert metric(long(FUTURE), rows.set_index(["shop", "day"]), levels) == pytest.approx(
            expected, rel=1e-4
        )
        expected = metric(TRUE[1:], array[1:], levels)
        assert metric(FUTURE["a"], alone, levels) == pytest.approx(expected, rel=1e-4)
    assert mae(FUTURE, model.predict()) > 0
    interval = model.predict_interval(0.8)
    lower, upper = (interval.xs(bound, axis=1, level=1) for bound in ("lower", "upper"))
    assert 0 <= coverage(FUTURE, lower, upper) <= 1


def renamed(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.rename(columns={"unique_id": "shop", "ds": "day", "y": "sold"})


def test_columns_of_other_names():
    """As a forecaster with id="shop", time="day", target="sold" takes and gives them."""
    true, pred = renamed(long(FUTURE)), renamed(long(FORECAST))
    for forecast in (pred, pred[::-1].sort_values("day"), pred.set_index(pred.index + 5)):
        assert mae(true, forecast) == pytest.approx(mae(TRUE, PRED))
    whole = true.assign(sold=(10 * true["sold"]).round().astype(int))
    expected = mae((10 * TRUE).round(), PRED)
    assert mae(whole, pred) == pytest.approx(expected)
    assert mae(whole.assign(day=true["day"].astype("M8[s]")), pred) == pytest.approx(expected)
    assert mae(long(FUTURE), renamed(long(FORECAST))) == pytest.approx(mae(TRUE, PRED))
    periods = (t.assign(day=t["day"].dt.to_period("D")) for t in (true, pred))
    assert mae(*periods) == pytest.approx(mae(TRUE, PRED))
    found = mase(renamed(long(Y)), pred, renamed(long(PAST)), 7)
    assert found == pytest.approx(mase(TRUE, PRED, PAST.to_numpy().T, 7))
    alone = (t[t["shop"] == "a"].drop(columns="shop") for t in (true, pred))
    assert mae(*alone) == pytest.approx(mae(TRUE[1:], PRED[1:]))
    levels = pred.drop(columns="sold").assign(**{"0.1": pred["sold"], "0.9": pred["sold"] + 1})
    expected = pinball_loss(TRUE, np.stack([PRED, PRED + 1], -1), [0.1, 0.9])
    assert pinball_loss(true, levels, [0.1, 0.9]) == pytest.approx(expected)
    bounds = pred.drop(columns="sold").assign(lower=pred["sold"] - 1, upper=pred["sold"] + 0.5)
    assert coverage(true, bounds) == coverage(TRUE, PRED - 1, PRED + 0.5)


def test_several_columns_that_name_a_series():
    def apart(rows: pd.DataFrame) -> pd.DataFrame:
        item = rows["unique_id"].map({"a": 1, "b": 2})
        return renamed(rows.assign(store="north")).assign(item=item).drop(columns="shop")

    true, pred = apart(long(FUTURE)), apart(long(FORECAST))
    assert mae(true, pred) == pytest.approx(mae(TRUE, PRED))
    bounds = pred.drop(columns="sold").assign(lower=pred["sold"] - 1, upper=pred["sold"] + 0.5)
    assert coverage(true, bounds) == coverage(TRUE, PRED - 1, PRED + 0.5)
    with pytest.raises(ValueError, match=r"y_true must have the series of y_pred.*\('north', 2\)"):
        mae(true[true["item"] == 1], pred)


@pytest.mark.parametrize(
    ("true", "pred", "message"),
    [
        (FUTURE, PRED, "y_true and y_pred must all be frames.*or all arrays"),
        (TRUE, FORECAST, "y_true and y_pred must all be frames.*or all arrays"),
        (FUTURE[["a"]], FORECAST, "y_true must have the series of y_pred, got none of 'b'"),
        (FUTURE, FORECAST[["a"]], "y_pred must have the series of y_true, got none of 'b'"),
        (PAST, FORECAST, "y_true has none of the times of y_pred, such as 2024-01-17"),
        (FUTURE.to_period(), FORECAST, "timestamps of y_true must be of the kind"),
        (FUTURE.reset_index(drop=True), FORECAST, "timestamps of y_true must be of the kind"),
        (long(FUTURE).assign(z=1), long(FORECAST), "y_true must have one column of values.*'z'"),
        (
            long(FUTURE).assign(z=1).rename(columns={"unique_id": "shop"}),
            long(FORECAST),
            "y_true must have one column of values.*or make an index of series and time",
        ),
        (FUTURE, FORECAST.replace(FORECAST.iloc[0, 0], np.nan), "y_pred must be finite"),
    ],
)
def test_frames_that_do_not_match(true, pred, message):
    with pytest.raises(ValueError, match=message):
        mae(true, pred)


def test_histories_and_levels_that_are_not_there():
    with pytest.raises(ValueError, match="histories must have the series of y_pred.*'b'"):
        mase(FUTURE, FORECAST, PAST[["a"]])
    with pytest.raises(ValueError, match="y_true and y_pred must all be frames"):
        pinball_loss(FUTURE, PRED[..., None], [0.5])
    with pytest.raises(ValueError, match="histories must be a list of series"):
        mase(TRUE, PRED, PAST)
    with pytest.raises(ValueError, match="a column for each level, got none for 0.5"):
        pinball_loss(FUTURE, pd.concat({0.1: FORECAST}, axis=1).swaplevel(axis=1), [0.1, 0.5])


def test_the_bounds_of_a_frame_of_intervals():
    lower, upper = FORECAST - 1, FORECAST + 0.5
    expected = coverage(TRUE, PRED - 1, PRED + 0.5)
    wide = pd.concat({"lower": lower, "upper": upper}, axis=1).swaplevel(axis=1)
    assert coverage(FUTURE, wide) == expected
    both = long(lower, "lower").assign(upper=long(upper)["y"])
    assert coverage(long(FUTURE), both) == expected
    one = pd.DataFrame({"lower": lower["a"], "upper": upper["a"]})
    assert coverage(FUTURE["a"], one) == coverage(TRUE[1:], PRED[1:] - 1, PRED[1:] + 0.5)
    with pytest.raises(
        ValueError, match="'lower' and 'upper', as predict_interval .* got forecast"
    ):
        coverage(FUTURE["a"], pd.DataFrame({"forecast": lower["a"]}))
    with pytest.raises(ValueError, match="where upper is None, got ndarray"):
        coverage(TRUE, PRED)
