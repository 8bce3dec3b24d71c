"""The names of series: one rule for y, X and static."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd
import pytest

import seqkit
from seqkit.estimators.forecasting.one_frame import taken_apart
from tests.estimators.toy import untrained

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


@pytest.fixture(autouse=True)
def _untrained():
    with untrained():
        yield


def static_of(model) -> list[list[float]]:
    return model._input.data.static.tolist()


@pytest.mark.filterwarnings("ignore:static has:UserWarning")
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


@pytest.mark.filterwarnings("ignore:static has:UserWarning")
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


def test_further_columns_are_to_be_named():
    y = long("a", "b").assign(price=1.0)
    with pytest.raises(ValueError, match=r"also \['price'\].*fit\(y, X=\[...\], static=\[...\]\)"):
        new().fit(y)


def everything() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Two series, what is known of them, and their names' columns; rows to forecast have no y."""
    y = long("a", "b")
    y["price"] = np.sin(np.arange(40))
    y["visits"] = np.cos(np.arange(40))
    y["size"], y["kind"] = y["unique_id"].map({"a": 1.0, "b": 5.0}), y["unique_id"]
    later = y.groupby("unique_id").tail(2).index
    y.loc[later, ["y", "visits"]] = np.nan
    return y, y.drop(index=later).reset_index(drop=True)


@pytest.mark.parametrize("index", [None, "unique_id", ["unique_id", "ds"], ["ds", "unique_id"]])
def test_one_frame_is_taken_apart(index):
    frame, past = everything()
    X, y = frame.drop(columns=["y", "size", "kind"]), past[["unique_id", "ds", "y"]]
    if index:
        frame, X, y = (f.set_index(index) for f in (frame, X, y))
    if index == "unique_id":  # then it becomes a column
        X, y = X.reset_index(), y.reset_index()
    apart = taken_apart(frame, ["price", "visits"], ["size", "kind"], "unique_id", "ds")
    pd.testing.assert_frame_equal(
        apart[0].reset_index(drop=not isinstance(index, list)),
        y.reset_index(drop=not isinstance(index, list)),
    )
    pd.testing.assert_frame_equal(apart[1], X[list(apart[1])])
    assert apart[2].to_dict() == {"size": {"a": 1, "b": 5}, "kind": {"a": "a", "b": "b"}}


@pytest.mark.parametrize("index", [None, "ds"])
def test_one_series_with_its_covariates(index):
    frame, past = (f[f["unique_id"] == "a"][["ds", "y", "price"]] for f in everything())
    if index:
        frame, past = frame.set_index("ds"), past.set_index("ds")
    y, X, static = taken_apart(frame, "price", None, "unique_id", "ds")
    pd.testing.assert_frame_equal(y, past.drop(columns="price"))
    pd.testing.assert_frame_equal(X, frame.drop(columns="y"))
    assert static is None


def test_several_columns_name_the_series_of_one_frame():
    y = stores().assign(price=1.0, size=stores()["item"] * 2.0)
    series, X, static = taken_apart(y, ["price"], ["size"], ["store", "item"], "ds")
    pd.testing.assert_frame_equal(series, stores())
    assert list(X) == ["store", "item", "ds", "price"]
    assert static["size"].to_dict() == {(s, k): 2 * k for s in ("north", "south") for k in (1, 2)}


def test_one_frame_with_everything():
    frame, past = everything()
    columns: dict = {"X": ["price", "visits"], "static": ["size", "kind"]}
    model = new(past_covariates=["visits"]).fit(past, **columns)
    found = model.predict(frame, **columns)
    X = frame.drop(columns=["y", "size", "kind"])
    assert found.equals(model.predict(X=X))
    series = past[["unique_id", "ds", "y"]]
    assert model.score(frame, **columns) == model.score(series, X, static=model_static(past))
    table = model.backtest(frame, **columns, windows=1)
    assert len(table) == 4


def model_static(past: pd.DataFrame) -> pd.DataFrame:
    return past.groupby("unique_id")[["size", "kind"]].first()


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({"X": ["prise"]}, "X must name columns of y .* got 'prise'.*Did you mean 'price'"),
        ({"X": ["ds"]}, "X must name columns of y beside .* got 'ds'"),
        ({"X": ["price"], "static": ["price"]}, "must name a column once, got 'price' twice"),
        ({"X": []}, "X must name at least one column"),
        ({"X": "visits", "static": ["price"]}, "'price', which has 18 in series 'a'"),
    ],
)
def test_columns_that_are_no_covariates(columns, message):
    with pytest.raises(ValueError, match=message):
        new().fit(everything()[1].drop(columns=["size", "kind"]), **columns)


def test_names_of_columns_need_a_frame():
    with pytest.raises(TypeError, match="X must be a DataFrame; or names .* got Series"):
        new().fit(pd.Series(NUMBERS, DAYS), ["price"])
    with pytest.raises(ValueError, match="static must name columns .* a y that names its series"):
        new().fit(pd.DataFrame({"sold": NUMBERS, "size": 1.0}, DAYS), static=["size"])


def test_series_that_y_does_not_have_are_named():
    y, X = long("a", "b"), long("a", "b", "c", "B").rename(columns={"y": "price"})
    static = pd.DataFrame({"size": [1.0, 2.0, 3.0]}, ["a", "b", "d"])
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        model = new(past_covariates=["price"]).fit(y, X, static=static)
    said = [str(w.message) for w in caught if "does not have" in str(w.message)]
    assert said == [
        "X has 2 series that y does not have, which are not read: 'c', 'B'.",
        "static has 1 series that y does not have, which are not read: 'd'.",
    ]
    with pytest.warns(UserWarning, match="X has 1 series .* not read: 'a'"):
        model.predict(long("b"), X[X["unique_id"].isin(["a", "b"])], static=static[1:2])
    short = pd.concat([y, long("short")[:3]])  # too short for each end of a backtest
    same = pd.concat([X[:40], long("short").rename(columns={"y": "price"})])
    with warnings.catch_warnings():
        warnings.filterwarnings("error", message=".*does not have")
        new(past_covariates=["price"]).backtest(short, same, windows=1, step=14, refit=True)


class Name(str):
    """A name that counts how often it is compared with another object."""

    __slots__ = ()
    compared = 0

    def __eq__(self, other):
        Name.compared += 1
        return str.__eq__(self, other)

    __hash__ = str.__hash__


def test_a_score_looks_each_series_up_once():
    """Not each among all others: its time would grow with the square of their number."""

    def compared(series: int) -> int:
        def named() -> pd.Index:
            return pd.Index([Name(f"shop {k}") for k in range(series)], dtype=object)

        y = pd.DataFrame(NUMBERS[:, None] + np.arange(series), DAYS, columns=named())
        model = new().fit(y[:16])
        following = y[16:].set_axis(named(), axis=1)
        Name.compared = 0
        model.score(following)
        return Name.compared

    few, many = compared(20), compared(80)
    assert few >= 20
    assert many < 5 * few
