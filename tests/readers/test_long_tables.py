"""The reader of long tables."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from seqkit.data import read_long


@pytest.fixture
def write(tmp_path):
    def write(text: str):
        path = tmp_path / "walks.csv"
        path.write_text(text)
        return path

    return write


@pytest.fixture
def frame():
    return pd.DataFrame(
        {
            "instance": ["b", "a", "b", "a", "a"],
            "time": [1, 10, 0, 9, 8],
            "x": [0.1, 3, 0, 2, 1],
            "label": ["run", "walk", "run", "walk", "walk"],
            "n": [1, 2, 3, 4, 5],
        }
    )


def check(X, labels, ids):
    assert [x.tolist() for x in X] == [[[0, 3], [np.float32(0.1), 1]], [[1, 5], [2, 4], [3, 2]]]
    assert X[0].dtype == np.float32
    assert labels.tolist() == ["run", "walk"]
    assert ids.tolist() == ["b", "a"]


@pytest.mark.parametrize("suffix", [".csv", ".CSV", ".parquet"])
def test_rows_are_sorted_by_time_and_instances_by_appearance(suffix, frame, tmp_path):
    path = tmp_path / f"walks{suffix}"
    if suffix == ".parquet":
        frame.to_parquet(path)
    else:
        frame.to_csv(path, index=False)
    check(*read_long(path))


def test_parquet_indexed_by_instance_and_time(frame, tmp_path):
    frame.set_index(["instance", "time"]).to_parquet(tmp_path / "walks.parquet")
    check(*read_long(tmp_path / "walks.parquet"))


def test_columns_can_be_named(write):
    path = write("\ufeffwho,when,x,y,what\n1,2,3,4,5\n1,1,6,7,5\n")
    X, labels, ids = read_long(path, instance="who", time="when", label="what", features=["y"])
    assert (X[0].tolist(), labels.tolist(), ids.tolist()) == ([[7], [4]], [5], [1])
    X, _, _ = read_long(path, instance="who", time="when", label="what", features="x")
    assert X[0].tolist() == [[6], [3]]


def test_without_labels(write):
    X, labels, _ = read_long(write("instance,time,x\n1,1,2\n"), label=None)
    assert X[0].tolist() == [[2]]
    assert labels is None


def test_missing_values_are_kept(write):
    X, _, _ = read_long(write("instance,time,x,y\n1,1,,2\n1,2,3,\n"), label=None)
    np.testing.assert_array_equal(X[0], [[np.nan, 2], [3, np.nan]])


@pytest.mark.parametrize(
    "early, middle, late",
    [
        ("9", "10", "11"),
        ("-1.5", "0", "1e3"),
        ("1700000000000000000", "1700000000000000001", "1700000000000000002"),
        ("2024-01-31", "2024-02-01", "2024-10-01"),
        ("02.01.2018", "03.01.2018", "01.02.2018"),
        ("02/01/2018", "01/02/2018", "13/02/2018"),
        ("01/13/2018", "02/01/2018", "03/01/2018"),
        ("2024-03-31 01:30:00+01:00", "2024-03-31 03:10:00+02:00", "2024-03-31 03:20:00+02:00"),
    ],
)
def test_times_are_numbers_or_dates(early, middle, late, write):
    rows = f"i,{late},3\ni,{early},1\ni,{middle},2\n"
    X, _, _ = read_long(write(f"instance,time,x\n{rows}"), label=None)
    assert X[0][:, 0].tolist() == [1, 2, 3]


@pytest.mark.parametrize("unit", ["datetime64[ns, Europe/Paris]", "timedelta64[s]", "Int64"])
def test_times_of_parquet(unit, tmp_path):
    times = pd.Series([3, 1, 2]).astype(unit)
    frame = pd.DataFrame({"instance": 0, "time": times, "x": [3, 1, 2]})
    frame.to_parquet(tmp_path / "walks.parquet")
    X, _, _ = read_long(tmp_path / "walks.parquet", label=None)
    assert X[0][:, 0].tolist() == [1, 2, 3]


@pytest.mark.parametrize(
    "text, message",
    [
        ("Instance,time,label,x\n1,1,1,1\n", "instance: .*no column 'instance'.*mean 'Instance'"),
        ("instance,times,label,x\n1,1,1,1\n", "time: .*no column 'time'.*mean 'times'"),
        ("instance,time,lable,x\n1,1,1,1\n", "label: .*'lable'.*without labels pass label=None"),
        ("instance,time,label\n1,1,1\n", "features: expected at least one column of values"),
        ("instance,time,label,x\na,2,1,1\na,1,1,1\na,2,1,3\n", r"1 repeated: \('a', 2\)"),
        ("instance,time,label,x\na,1,u,1\na,2,v,1\n", "'u' and 'v' for instance 'a'"),
        ("instance,time,label,x\na,1,u,1\na,2,,1\n", "'u' and nan for instance 'a'"),
        ("instance,time,label,x\na,1,u,1\nb,1,,1\n", "is missing for instance 'b'. Leave"),
        ("instance,time,label,x\na,1,5,1\nb,1,NA,1\n", "is missing for instance 'b'. Leave"),
        ("instance,time,label,x\na,1,u,1\n,2,u,1\n", r"'instance' \(instance\) .* row 2"),
        ("instance,time,label,x\na,1,u,1\na,,u,1\n", r"'time' \(time\) is missing in row 2"),
        ("instance,time,label,x\na,early,u,1\n", "expected numbers or dates .*got 'early' first"),
        ("instance,time,label,x\na,01/02/2018,u,1\n", "'time'.*day and month cannot be told apart"),
        ("instance,time,label,x,y\na,1,u,1,2\na,2,u,1,two\n", "got 'y' .'y' has 'two' in row 2"),
        ("instance,time,label,x,y\na,1,u,p,q\n", "got 'x', 'y' .'x' has 'p' in row 1"),
        ("instance,time,label,x\n", "expected at least one row below the header, got none"),
        ("", "walks.csv cannot be read as a .csv table: No columns"),
        ("a,b\n1,2\n1,2,3,4\n", "walks.csv cannot be read as a .csv table: .*line 3"),
    ],
)
def test_errors_say_what_is_wrong(text, message, write):
    with pytest.raises(ValueError, match=message):
        read_long(write(text))


@pytest.mark.parametrize(
    "options, message",
    [
        ({"features": ["x", "z"]}, "features: .*no column 'z'"),
        ({"features": []}, "features: expected at least one column"),
        ({"features": ["label"]}, "neither instance nor label, got 'label'"),
        ({"label": "time"}, "must be different columns"),
    ],
)
def test_columns_that_cannot_be(options, message, write):
    with pytest.raises(ValueError, match=message):
        read_long(write("instance,time,label,x\n1,1,1,1\n"), **options)


def test_a_wide_table_is_not_listed_whole(write):
    columns = ",".join(f"c{i}" for i in range(30))
    with pytest.raises(ValueError, match=r"'c19', \.\.\."):
        read_long(write(f"{columns}\n{columns}\n"))


def test_unknown_suffix(tmp_path):
    (tmp_path / "walks.xlsx").write_text("")
    with pytest.raises(ValueError, match=r"path must end in \.csv or \.parquet, got .*xlsx"):
        read_long(tmp_path / "walks.xlsx")


def test_file_that_is_no_parquet(tmp_path):
    (tmp_path / "walks.parquet").write_text("instance,time\n")
    with pytest.raises(ValueError, match=r"cannot be read as a \.parquet table"):
        read_long(tmp_path / "walks.parquet")


def test_file_in_another_encoding(tmp_path):
    (tmp_path / "walks.csv").write_bytes("instance,time,label,x\n1,1,é,1\n".encode("latin-1"))
    with pytest.raises(ValueError, match=r"walks\.csv, line 2: expected utf-8"):
        read_long(tmp_path / "walks.csv")
