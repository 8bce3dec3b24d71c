"""The reader of tables: names stay as they are written, and files may have other forms."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from seqkit.data import read_long, read_sequences
from seqkit.readers.tables import read_table


@pytest.fixture
def write(tmp_path):
    def write(text: str, encoding: str = "utf-8"):
        path = tmp_path / "sales.csv"
        path.write_bytes(text.encode(encoding))
        return path

    return write


@pytest.mark.parametrize(
    "written",
    [
        ["007", "012"],
        ["NA", "DE"],
        ["NA", "NA"],
        ["1E5", "2E5"],
        ["nan", "inf"],
        ["1", "01"],
        ["123456789012345678901", "123456789012345678902"],
        ["True", "False"],
    ],
)
def test_names_stay_as_they_are_written(written, write):
    rows = "".join(f"{name},1.5,NA\n" for name in written)
    frame = read_table(write(f"who,x,y\n{rows}"), ["who"])
    assert frame["who"].tolist() == written
    assert frame["x"].tolist() == [1.5, 1.5]
    assert frame["y"].isna().all()


@pytest.mark.parametrize(
    "written", [["1", "20"], ["-1", "0"], ["0.5", "1.50"], ["0.25", "1e-05", "-2.5E+20"]]
)
def test_names_that_are_numbers_are_numbers(written, write):
    rows = "".join(f"{name},1\n" for name in written)
    frame = read_table(write(f"who,x\n{rows}"), ["who"])
    assert frame["who"].tolist() == [float(name) for name in written]
    assert frame["who"].dtype == (int if "." not in written[0] else float)


def test_nothing_is_no_name(write):
    for given in ("a", "1"):
        frame = read_table(write(f"who,x\n{given},1\n,2\n"), ["who", "elsewhere"])
        assert frame["who"].isna().tolist() == [False, True]
    numbers = read_table(write("who,x\n1,1\nNA,2\n"), ["who"])["who"]
    np.testing.assert_array_equal(numbers, [1, np.nan])


def test_instances_stay_as_they_are_written(write):
    path = write("instance,time,x\n007,1,1\nNA,1,2\n012,1,3\n")
    assert read_long(path, label=None)[2].tolist() == ["007", "NA", "012"]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (["007", "12"], ["007", "12"]),
        (["NA", "DE"], ["NA", "DE"]),
        (["None", "true"], ["None", "true"]),
        (["1E5", "2E5"], ["1E5", "2E5"]),
        (["7", "12"], [7, 12]),
        (["0.5", "1e-05"], [0.5, 1e-5]),
    ],
)
def test_labels_stay_as_they_are_written_unless_they_are_numbers(written, read, write):
    path = write(f"instance,time,label,x\na,1,{written[0]},1\nb,1,{written[1]},2\n")
    for reader in (read_long, read_sequences):
        assert reader(path)[1].tolist() == read


@pytest.mark.parametrize("read", [read_long, read_sequences])
def test_other_forms(read, write):
    text = "instance;time;label;x;y\nKöln;1;u;0,5;1\nKöln;2;u;1,5;2\n"
    path = write(text, "latin-1")
    X, labels, names = read(path, separator=";", decimal=",", encoding="latin-1")
    assert X[0].tolist() == [[0.5, 1], [1.5, 2]]
    assert (labels.tolist(), names.tolist()) == (["u"], ["Köln"])


def test_a_tab_and_a_mark_of_byte_order(write):
    for encoding in ("utf-8-sig", "utf-16"):
        frame = read_table(
            write("who\tx\na\t1\n", encoding),
            separator="\t",
            encoding=encoding.removesuffix("-sig"),
        )
        assert frame.columns.tolist() == ["who", "x"]


def test_numeric_names_with_a_decimal_comma(write):
    frame = read_table(write("who;x\n0,5;1\n1,5;2\n"), ["who"], separator=";", decimal=",")
    assert frame["who"].tolist() == [0.5, 1.5]


@pytest.mark.parametrize(
    "text, message",
    [
        ("day;sold\n2024-01-01;20,5\n2024-01-02;1,2\n", r"between ';': give separator=';', and"),
        ("day\tsold\n2024-01-01\t20\n", r"between '\\t': give separator='\\t'\."),
        ("day|sold\n1|2\n", r"one column, 'day\|sold'.*between '\|'"),
    ],
)
def test_another_separator_is_seen(text, message, write):
    with pytest.raises(ValueError, match=message):
        read_table(write(text))


def test_another_separator_than_that_given_is_seen(write):
    with pytest.raises(ValueError, match="between ',': give separator=','"):
        read_table(write("day,sold\n1,2\n"), separator=";")


def test_one_column_is_a_table(write):
    assert read_table(write("x\n1\n"))["x"].tolist() == [1]


def test_decimal_commas_are_seen(write):
    path = write("instance;time;x\na;1;0,5\n")
    with pytest.raises(ValueError, match=r"'0,5' in row 1\).*decimal=','"):
        read_long(path, label=None, separator=";")


def test_bytes_that_are_no_text(write):
    path = write("who,x\na,1\nKöln,2\n", "latin-1")
    with pytest.raises(ValueError, match=r"sales\.csv, line 3: .*0xf6.*encoding='latin-1'"):
        read_table(path)
    with pytest.raises(ValueError, match=r"line 3: expected ascii, got the byte 0xf6"):
        read_table(path, encoding="ascii")
    late = "who,x\n" + "a,1\n" * 100_000 + "Köln,2\n"
    with pytest.raises(ValueError, match=r"line 100002: expected utf-8"):
        read_table(write(late, "cp1252"))


@pytest.mark.parametrize(
    "options, message",
    [
        ({"encoding": "latn-1"}, "encoding must be one that Python knows.*got 'latn-1'"),
        ({"separator": ";;"}, "separator must be one character, got ';;'"),
        ({"separator": ""}, "separator must be one character"),
        ({"decimal": ""}, "decimal must be one character"),
        ({"decimal": ","}, "separator and decimal must differ, got ',' for both"),
    ],
)
def test_forms_that_cannot_be(options, message, write):
    with pytest.raises(ValueError, match=message):
        read_table(write("a,b\n1,2\n"), **options)


def test_ts_files_have_no_separator(tmp_path):
    (tmp_path / "walks.ts").write_text("@data\n1\n")
    with pytest.raises(TypeError, match=r"separator: a \.ts file"):
        read_sequences(tmp_path / "walks.ts", separator=";")


def test_parquet_has_types_of_its_own(tmp_path):
    pd.DataFrame({"who": ["007", "NA"], "x": [1, 2]}).to_parquet(tmp_path / "sales.parquet")
    assert read_table(tmp_path / "sales.parquet", ["who"])["who"].tolist() == ["007", "NA"]
