"""Covariates on the grid of their series."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from seqkit.timeseries.covariates import align_covariates
from seqkit.timeseries.read_series import read_series

NAN = float("nan")
DAYS = pd.date_range("2024-03-29", periods=6, tz="Europe/Berlin")
PANEL = read_series(
    pd.DataFrame(
        {
            "unique_id": ["a", "a", "b", "b"],
            "ds": DAYS[[0, 2, 1, 2]],
            "y": [1.0, 2, 3, 4],
        }
    )
)
SHARED = pd.DataFrame({"price": [0.0, 1, 2, 3, 4, 5], "promo": [True, False] * 3}, DAYS)
LONG = pd.concat([SHARED.assign(unique_id=i) for i in "bac"]).rename_axis("ds").reset_index()
LONG.loc[LONG["unique_id"] == "b", "price"] += 10


def test_the_same_for_all_series():
    values, features = align_covariates(PANEL, SHARED, horizon=2)
    assert features == ["price", "promo"]
    assert values[0].tolist() == [[0, 1], [1, 0], [2, 1], [3, 0], [4, 1]]
    assert values[1].tolist() == [[1, 0], [2, 1], [3, 0], [4, 1]]
    past = align_covariates(PANEL, SHARED["price"])
    assert [x[:, 0].tolist() for x in past.values] == [[0, 1, 2], [1, 2]]
    assert past.features == ["price"]


@pytest.mark.parametrize("indexed", [False, True])
def test_long(indexed):
    X = LONG.sample(frac=1, random_state=0).sort_values("ds", kind="stable")
    if indexed:
        X = X.set_index(["unique_id", "ds"])
    values, features = align_covariates(PANEL, X, horizon=1, features=["price"])
    assert features == ["price"]
    assert [x[:, 0].tolist() for x in values] == [[0, 1, 2, 3], [11, 12, 13]]


def test_columns_of_a_wide_frame_are_series():
    panel = read_series(pd.DataFrame({"a": [1.0, 2], "b": [3.0, 4]}))
    X = pd.DataFrame({"unique_id": ["b", "b", "a", "a"], "ds": [1, 2, 1, 2], "x": [1, 2, 3, 4]})
    values = align_covariates(panel, X, horizon=1).values
    np.testing.assert_array_equal(values[0][:, 0], [NAN, 3, 4])
    np.testing.assert_array_equal(values[1][:, 0], [NAN, 1, 2])


def test_past_may_be_missing():
    X = SHARED[["price"]].iloc[[0, 3]]
    values = align_covariates(PANEL, X, horizon=1).values
    np.testing.assert_array_equal(values[0][:, 0], [0, NAN, NAN, 3])
    np.testing.assert_array_equal(values[1][:, 0], [NAN, NAN, 3])


def test_other_zone_and_unit():
    X = SHARED.set_axis(DAYS.tz_convert("UTC").as_unit("ns"))
    for one, other in zip(
        align_covariates(PANEL, X, 2).values, align_covariates(PANEL, SHARED, 2).values, strict=True
    ):
        np.testing.assert_array_equal(one, other)


def test_periods():
    months = pd.period_range("2024-01", periods=5, freq="M")
    panel = read_series(pd.Series([1.0, 2], months[:2]))
    X = pd.Series(range(5), months)
    assert align_covariates(panel, X, 3).values[0].T.tolist() == [[0, 1, 2, 3, 4]]
    with pytest.raises(ValueError, match=r"of the kind of y, period\[M\], got period\[Q-DEC\]"):
        align_covariates(panel, X.set_axis(months.asfreq("Q")).iloc[[0, 3]])


@pytest.mark.parametrize(
    "X, options, message",
    [
        (SHARED, {"horizon": 5}, "'price', 'promo' .* 'a' at 2024-04-04 .*2024-04-05.* 1 other"),
        (
            SHARED.assign(price=[1, 1, 1, 1, NAN, 1]),
            {"horizon": 2},
            "know the 'price' of .*'a' at 2",
        ),
        (LONG[LONG["unique_id"] != "a"], {}, "rows for every series, got none for 1 of 2: 'a'"),
        (LONG.drop(columns="ds"), {}, "time: X has no column 'ds'"),
        (SHARED, {"features": ["prize"]}, r"no column 'prize', .*Did you mean 'price'\?"),
        (SHARED, {"features": []}, "at least one column"),
        (SHARED.assign(promo="yes"), {}, "column 'promo' of X must hold numbers.*'yes' in row 0"),
        (SHARED.assign(price=np.inf), {}, "infinite one in column 'price' at 2024-03-29"),
        (SHARED[::-1], {}, "the index of X must ascend"),
        (SHARED.iloc[[0, 0]], {}, "the index of X must hold each timestamp once"),
        (pd.concat([LONG, LONG]), {}, r"the times of X \('ds'\) must ascend.*'a'.*X.sort_values"),
        (SHARED.tz_localize(None), {}, "must have the time zone of y, Europe/Berlin, got None"),
        (SHARED.reset_index(drop=True), {}, "of the kind of y, datetime64.*, got int64"),
        (SHARED.iloc[:0], {}, "at least one row"),
        (SHARED, {"horizon": 0}, "horizon must be an integer of at least 1, got 0"),
        (SHARED.set_axis(["a", "a"], axis=1), {}, r"name for each column, got \['a'\]"),
    ],
)
def test_bad_input(X, options, message):
    with pytest.raises(ValueError, match=message):
        align_covariates(PANEL, X, **options)


def test_not_of_pandas():
    with pytest.raises(TypeError, match="X must be a pandas Series or DataFrame, got ndarray"):
        align_covariates(PANEL, np.ones(3))
