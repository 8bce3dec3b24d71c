"""Tables as commands take and give them."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from seqkit.cli.tables import (
    TableWriter,
    chosen_columns,
    numbers,
    one_by_one,
    whole,
    with_columns,
)


def parts(names, rows):
    frame = pd.DataFrame({"id": list(names), "row": np.arange(len(names))})
    return [frame[k : k + rows] for k in range(0, len(frame), rows)]


@pytest.mark.parametrize("rows", [1, 2, 3, 100])
def test_sequences_come_whole(rows):
    names = "aaabccccdd"
    found = list(one_by_one(parts(names, rows), "id", "a.csv"))
    assert whole(found)["row"].tolist() == list(range(10))
    ended: set[str] = set()
    for frame in found:
        assert not ended & {*frame["id"]}
        ended |= {*frame["id"]}


def test_a_sequence_that_goes_on_later_is_refused():
    with pytest.raises(ValueError, match="the rows of 'a' are not one below the other"):
        list(one_by_one(parts("aabba", 2), "id", "a.csv"))
    with pytest.raises(ValueError, match="^--id: a.csv has no column 'di'. Did|^--id: a.csv has"):
        list(one_by_one(parts("aa", 2), "di", "a.csv"))


def test_numbers_of_texts():
    column = pd.Series(["1.204,5".replace(".", ""), "", "NA", "-3"], name="n")
    found = numbers(column, "--value", "a.csv", decimal=",")
    np.testing.assert_array_equal(found, [1204.5, np.nan, np.nan, -3])
    typed = pd.Series(pd.array([1, None], "Int64"))
    np.testing.assert_array_equal(numbers(typed, "--value", "a.csv"), [1, np.nan])
    with pytest.raises(ValueError, match="got '1,5' in row 13.*give --decimal ','"):
        numbers(pd.Series(["1", "2", "1,5"], name="n"), "--value", "a.csv", first_row=10)


def test_columns_by_patterns():
    with pytest.raises(ValueError, match="--features: a.csv has no column 'speed'.*'sped'"):
        chosen_columns("--features", ["speed"], ["sped"], "a.csv")


def _fails_while_writing(path, frame):
    with TableWriter(str(path), separator=None, encoding="utf-8") as writer:
        writer.write(frame)
        raise ZeroDivisionError


@pytest.mark.parametrize("suffix", ["csv", "tsv", "parquet"])
def test_a_file_appears_whole_or_not_at_all(tmp_path, suffix):
    path = tmp_path / f"out.{suffix}"
    frame = pd.DataFrame({"id": ["007"], "n": ["1,5"]})
    with TableWriter(str(path), separator=None, encoding="utf-8") as writer:
        writer.write(frame)
        assert not path.exists()
        writer.write(frame)
    if suffix == "parquet":
        read = pd.read_parquet(path)
    else:
        read = pd.read_csv(path, dtype=str, sep="\t" if suffix == "tsv" else ",")
    assert read.values.tolist() == [["007", "1,5"]] * 2
    with pytest.raises(ZeroDivisionError):
        _fails_while_writing(path, frame)
    assert len(list(tmp_path.iterdir())) == 1
    assert path.stat().st_size


def test_marks_of_the_byte_order_are_written_once(tmp_path):
    path = tmp_path / "out.csv"
    with TableWriter(str(path), separator=";", encoding="utf-16") as writer:
        for _ in range(2):
            writer.write(pd.DataFrame({"a": ["ö"], "b": ["x"]}))
    assert path.read_text(encoding="utf-16") == "a;b\nö;x\nö;x\n"


def test_no_column_is_replaced():
    frame = pd.DataFrame({"predicted": ["x"]})
    with pytest.raises(ValueError, match="has a column 'predicted' already. Give --prefix"):
        with_columns(frame, {"predicted": ["y"]})
    assert list(with_columns(frame, {"mine_predicted": ["y"]})) == ["predicted", "mine_predicted"]


def test_outputs_that_are_none(tmp_path):
    with pytest.raises(ValueError, match="--output must end in"):
        TableWriter("out.xlsx", separator=None, encoding="utf-8")
    with pytest.raises(FileNotFoundError, match="--output: the folder"):
        TableWriter(str(tmp_path / "no" / "a.csv"), separator=None, encoding="utf-8").__enter__()
