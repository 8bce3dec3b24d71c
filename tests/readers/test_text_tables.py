"""Tables as they are written: nothing is changed, and no more is read than is asked for."""

from __future__ import annotations

import io
import sys

import pandas as pd
import pytest

from seqkit.readers.text_tables import read_in_text

TABLE = "id,n,empty\n007,1.50,\nNA,1e5,\n" + "x,2,\n" * 5


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "table.csv"
    path.write_text(TABLE)
    return path


def test_cells_stay_as_they_are_written(path):
    (frame,) = read_in_text(path)
    assert frame.iloc[0].tolist() == ["007", "1.50", ""]
    assert frame.iloc[1].tolist() == ["NA", "1e5", ""]


def test_frames_have_as_many_rows_as_are_asked_for(path):
    assert [len(frame) for frame in read_in_text(path, rows=3)] == [3, 3, 1]
    assert [len(frame) for frame in read_in_text(path, rows=None)] == [7]


def test_the_form_is_that_of_the_file(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes("ort;zahl\nKöln;1,5\n".encode("latin-1"))
    (frame,) = read_in_text(path, separator=";", encoding="latin-1")
    assert frame.values.tolist() == [["Köln", "1,5"]]
    tabs = tmp_path / "a.tsv"
    tabs.write_text("\ufeffa\tb\n1,2\t3\n", encoding="utf-8")
    (frame,) = read_in_text(tabs)
    assert frame.to_dict("list") == {"a": ["1,2"], "b": ["3"]}


def test_standard_input_is_read_as_it_is_needed(monkeypatch):
    content = b"a,b\n" + b"some text,1\n" * 200_000
    stream = io.BytesIO(content)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(stream))
    frames = read_in_text("-", rows=1000)
    assert len(next(frames)) == 1000
    assert stream.tell() < len(content) / 2
    assert sum(map(len, frames)) == 199_000


def test_parquet_keeps_its_types(tmp_path):
    pytest.importorskip("pyarrow")
    path = tmp_path / "a.parquet"
    pd.DataFrame({"id": ["007", None], "n": pd.array([1, None], "Int64")}).to_parquet(path)
    first, second = read_in_text(path, rows=1)
    assert first["id"].tolist() == ["007"]
    assert first["n"].tolist() == [1]
    assert second.isna().all(axis=None)


@pytest.mark.parametrize(
    ("content", "options", "message"),
    [
        ("a,b\n", {}, "expected at least one row below the header"),
        ("", {}, "cannot be read as a .csv table"),
        ("a,b\n1,2,3\n", {}, "cannot be read as a .csv table"),
        ("a;b\n1;2\n", {}, "give separator=';'"),
        ("a,b\n1,2\n", {"separator": "."}, "separator and decimal must differ"),
        ("a,b\nK\u00f6ln,2\n", {"encoding": "ascii"}, "line 2: expected ascii"),
    ],
)
def test_files_that_are_no_table(tmp_path, content, options, message):
    path = tmp_path / "table.csv"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(ValueError, match=message):
        list(read_in_text(path, **options))


def test_other_files(tmp_path):
    with pytest.raises(ValueError, match="must end in .csv"):
        next(read_in_text(__file__))
    with pytest.raises(FileNotFoundError, match="no file"):
        next(read_in_text(tmp_path / "none.csv"))
