"""The names of series: one rule for y, X and static."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import seqkit

DAYS = pd.date_range("2024-01-01", periods=20, freq="D")
NUMBERS = np.arange(20.0)


def new(**options) -> seqkit.Seq2SeqForecaster:
    small = {"horizon": 2, "lookback": 4, "units": 4, "epochs": 1, "random_state": 0}
    return seqkit.Seq2SeqForecaster(**{**small, **options})


def long(*names, column="unique_id") -> pd.DataFrame:
    parts = [
        pd.DataFrame({column: name, "ds": DAYS, "y": NUMBERS * (k + 1)})
        for k, name in enumerate(names)
    ]
    return pd.concat(parts, ignore_index=True)


def static_of(model) -> list[list[float]]:
    return model._input.data.static.tolist()


@pytest.mark.parametrize("column", ["unique_id", "instance"])
def test_static_is_read_by_the_names_in_its_column(column):
    static = pd.DataFrame({"size": [5.0, 7.0, 6.0], column: [2, 0, 1]})
    model = new().fit(long(0, 1, 2, column=column), static=static)
    assert static_of(model) == [[7.0], [6.0], [5.0]]
    assert model._input.covariates.static == ["size"]
    wide = pd.DataFrame({0: NUMBERS, 1: NUMBERS, 2: NUMBERS}, DAYS)
    assert static_of(new().fit(wide, static=static)) == [[7.0], [6.0], [5.0]]
    indexed = static.set_index(column)
    assert static_of(new().fit(long(0, 1, 2), static=indexed)) == [[7.0], [6.0], [5.0]]
    other = long(1, column=column)
    assert model.predict(other, static=static).equals(model.predict(other, static=indexed))


@pytest.mark.parametrize(
    ("static", "message"),
    [
        (
            {"unique_id": ["a", "c"], "size": [1.0, 2.0]},
            r"row for each.*'unique_id' or the index.*got none for 1 of 2: 'b'.*has 'a', 'c'",
        ),
        (
            {"unique_id": ["a", None], "size": [1.0, 2.0]},
            r"static must name a series.*none in row 1",
        ),
        ({"unique_id": ["a", "b", "a"], "size": [1.0] * 3}, r"one row for each series.*'a'"),
        ({"size": [1.0, 2.0]}, r"got none for 2 of 2: 'a', 'b'.*has 0, 1"),
        ({"unique_id": ["a", "b"]}, "static must have a column beside"),
    ],
)
def test_a_series_that_static_does_not_name(static, message):
    with pytest.raises(ValueError, match=message):
        new().fit(long("a", "b"), static=pd.DataFrame(static))


def test_a_row_of_X_without_a_series():
    X = long("a", "b").rename(columns={"y": "price"})
    X.loc[3, "unique_id"] = None
    with pytest.raises(ValueError, match="X must name a series in each row, got none in row 3"):
        new(past_covariates=["price"]).fit(long("a", "b"), X)


def test_levels_of_an_index_are_found_by_name():
    y = long("a", "b")
    expected = new().fit(y).predict().set_index(["unique_id", "ds"])["y"]
    for index in (["unique_id", "ds"], ["ds", "unique_id"]):
        found = new().fit(y.set_index(index)).predict()
        assert list(found.index.names) == index
        assert found["y"].reorder_levels(["unique_id", "ds"]).equals(expected)
    found = new().fit(y.set_index("unique_id")).predict()
    assert found.set_index(["unique_id", "ds"])["y"].equals(expected)
    X = y.rename(columns={"y": "price"})
    models = [
        new(past_covariates=["price"]).fit(y, given)
        for given in (X, X.set_index(["ds", "unique_id"]), X.set_index("unique_id"))
    ]
    assert all(m.predict().equals(models[0].predict()) for m in models)


def stores() -> pd.DataFrame:
    y = pd.concat([long(1, 2, column="item").assign(store=s) for s in ("north", "south")])
    return y.reset_index(drop=True)[["store", "item", "ds", "y"]]


def test_several_columns_name_a_series(tmp_path):
    y, id = stores(), ["store", "item"]
    joined = y.assign(unique_id=y["store"] + y["item"].astype(str)).drop(columns=id)
    static = pd.DataFrame(
        {"item": [2, 1, 2, 1], "size": [1.0, 2.0, 3.0, 4.0], "store": ["south"] * 2 + ["north"] * 2}
    )
    X = y.rename(columns={"y": "price"})
    model = new(id=id, past_covariates=["price"]).fit(y, X, static=static)
    assert static_of(model) == [[4.0], [3.0], [2.0], [1.0]]
    found = model.predict()
    assert list(found.columns) == ["store", "item", "ds", "y"]
    assert found.dtypes.equals(y.dtypes)
    assert found[id].drop_duplicates().values.tolist() == y[id].drop_duplicates().values.tolist()
    alike = joined.rename(columns={"y": "price"})
    named = static.assign(unique_id=static["store"] + static["item"].astype(str)).drop(columns=id)
    same = new(past_covariates=["price"]).fit(joined, alike, static=named)
    np.testing.assert_array_equal(found["y"], same.predict()["y"])
    assert seqkit.load(model.save(tmp_path / "model")).predict().equals(found)
    indexed = model.predict(y.set_index([*id, "ds"]), X.set_index([*id, "ds"]), static=static)
    np.testing.assert_array_equal(indexed["y"], found["y"])
    assert indexed.index.names == [*id, "ds"]
    assert model.predict(y, X, static=static.set_index(["item", "store"])).equals(found)
    table = model.backtest(y, X, static=static, windows=1)
    assert list(table.columns[:6]) == ["store", "item", "cutoff", "ds", "y", "forecast"]
    with pytest.raises(ValueError, match=r"none for 1 of 4: \('south', 2\)"):
        model.predict(y, X, static=static[1:])
    with pytest.raises(ValueError, match="static has no column 'item'"):
        model.predict(y, X, static=static.drop(columns="item"))
    with pytest.raises(ValueError, match="id: y has no column 'item'"):
        new(id=id).fit(y.drop(columns="item"))


@pytest.mark.parametrize("id", [[], ["a", "a"], [["a"]]])
def test_columns_that_cannot_name_a_series(id):
    with pytest.raises((ValueError, TypeError), match="id must be the name of a column, or a list"):
        new(id=id).fit(stores())


def test_times_and_values_alone_are_one_series(tmp_path):
    y = pd.DataFrame({"ds": DAYS, "y": NUMBERS})
    X = y.rename(columns={"y": "price"})
    model = new(past_covariates=["price"]).fit(y, X)
    found = model.predict()
    assert list(found.columns) == ["ds", "y"]
    assert found["ds"].tolist() == list(DAYS[-1] + pd.to_timedelta([1, 2], "D"))
    series = pd.Series(NUMBERS, DAYS)
    same = new(past_covariates=["price"]).fit(series, X.set_index("ds"))
    np.testing.assert_array_equal(found["y"], same.predict())
    assert seqkit.load(model.save(tmp_path / "model")).predict().equals(found)
    assert "unique_id" in model.backtest(y, X, windows=1)
    with pytest.raises(ValueError, match="static must have a row.*'unique_id'"):
        new().fit(y, static=pd.DataFrame({"size": [1.0]}))


def test_further_columns_are_to_be_given_as_X():
    y = long("a", "b").assign(price=1.0)
    with pytest.raises(ValueError, match=r"fit\(y\[\['unique_id', 'ds', 'y'\]\], y.drop\(columns"):
        new().fit(y)
