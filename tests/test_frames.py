"""Columns of other libraries' frames by their types, as pandas has them."""

from __future__ import annotations

import datetime
import decimal

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from seqkit.frames import as_pandas

NOON = datetime.datetime(2024, 1, 31, 12, 30, 0, 250_000)
BERLIN = "Europe/Berlin"
COLUMNS = {
    "Int64": (pl.Int64, [2**60 + 1, None], [2**60 + 1, pd.NA]),
    "UInt8": (pl.UInt8, [255, None], [255, pd.NA]),
    "int32": (pl.Int32, [1, 2], [1, 2]),
    "float64": (pl.Float64, [0.5, None], [0.5, np.nan]),
    "float32": (pl.Float32, [0.5, 2], [0.5, 2]),
    "boolean": (pl.Boolean, [True, None], [True, pd.NA]),
    "bool": (pl.Boolean, [True, False], [True, False]),
    "datetime64[us]": (pl.Datetime("us"), [NOON, None], [pd.Timestamp(NOON), pd.NaT]),
    f"datetime64[us, {BERLIN}]": (
        pl.Datetime("us", BERLIN),
        [NOON, None],
        [pd.Timestamp(NOON, tz=BERLIN), pd.NaT],
    ),
    "datetime64[s]": (pl.Date, [NOON.date(), None], [pd.Timestamp(NOON.date()), pd.NaT]),
    "timedelta64[us]": (
        pl.Duration("us"),
        [datetime.timedelta(hours=1), None],
        [pd.Timedelta(hours=1), pd.NaT],
    ),
}
PLAIN = {
    "decimals": (pl.Decimal(10, 2), [decimal.Decimal("0.25"), None], [0.25, np.nan]),
    "strings": (pl.String, ["a", None], ["a", None]),
    "categories": (pl.Categorical, ["a", "b"], ["a", "b"]),
    "lists": (pl.List(pl.String), [["a", "b"], []], [["a", "b"], []]),
    "numbers": (pl.List(pl.Float64), [[0.5], [1.0, 2.0]], [[0.5], [1.0, 2.0]]),
    "times": (pl.Time, [NOON.time()] * 2, [NOON.time()] * 2),
}


def made(kind, values):
    if kind == pl.Datetime("us", BERLIN):
        return pl.Series("x", values, pl.Datetime("us")).dt.replace_time_zone(BERLIN)
    return pl.Series("x", values, kind)


@pytest.mark.parametrize("library", ["polars", "arrow"])
@pytest.mark.parametrize("column", [*COLUMNS, *PLAIN])
def test_columns_keep_their_types(column, library):
    kind, values, expected = {**COLUMNS, **PLAIN}[column]
    frame = made(kind, values).to_frame()
    found = as_pandas(frame if library == "polars" else frame.to_arrow())
    assert list(found.columns) == ["x"]
    if column in COLUMNS:
        assert str(found["x"].dtype) == column
    for value, right in zip(found["x"].tolist(), expected, strict=True):
        assert (
            (pd.isna(value) and pd.isna(right))
            if np.ndim(right) == 0 and pd.isna(right)
            else value == right
        )


def test_a_column_by_itself():
    found = as_pandas(pl.Series("speed", [1, 2]))
    pd.testing.assert_series_equal(found, pd.Series([1, 2], name="speed"))
    assert as_pandas(pl.Series([1, 2])).name is None
    for column in (pa.chunked_array([[1, None], [3]]), pa.array([1, None, 3])):
        assert as_pandas(column).tolist() == [1, pd.NA, 3]


def test_a_batch_of_arrow_is_a_frame():
    found = as_pandas(pa.record_batch([[1, None], ["a", "b"]], names=["x", "name"]))
    assert found["x"].tolist() == [1, pd.NA]
    assert found["name"].tolist() == ["a", "b"]


@pytest.mark.parametrize(
    "values", [None, [1], "text", np.zeros(3), pd.DataFrame({"x": [1]}), pd.Series([1]), {"a": 1}]
)
def test_all_else_is_handed_on(values):
    assert as_pandas(values) is values


def test_a_subclass_of_pandas_keeps_its_index():
    class Mine(pd.DataFrame):
        pass

    frame = Mine({"x": [1]}, index=["a"])
    assert as_pandas(frame) is frame


def test_what_is_not_in_memory_is_refused():
    with pytest.raises(TypeError, match=r"in memory, got a LazyFrame of polars.*\.collect\(\)"):
        as_pandas(pl.LazyFrame({"x": [1]}))


def test_columns_of_one_name_are_refused():
    with pytest.raises(ValueError, match="(?i)unique|duplicate"):
        as_pandas(pa.table([[1], [2]], names=["x", "x"]))
