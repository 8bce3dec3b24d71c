"""Folders of parquet files: every file answered, whole or not at all, and once."""

from __future__ import annotations

import functools
import os
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from pyarrow import parquet

import seqkit
from seqkit.scale import ArrowPredictor, PartitionError, predict_folder
from seqkit.scale import partitions as partitions_module
from tests.estimators.toy import untrained


@functools.cache
@untrained()
def classifier() -> seqkit.SequenceClassifier:
    """For tests that leave it as it is."""
    model = seqkit.SequenceClassifier("gru", units=4, epochs=1, random_state=0)
    return model.fit([[[0.0], [1.0]], [[1.0]]], ["up", "down"])


@pytest.fixture
def model(tmp_path) -> str:
    return classifier().save(tmp_path / "model.seqkit")


@pytest.fixture
def data(tmp_path) -> Path:
    """Three files, one of them without rows."""
    folder = tmp_path / "data"
    folder.mkdir()
    rng = np.random.default_rng(0)
    for k, rows in enumerate((7, 0, 5)):
        x = [rng.normal(size=rng.integers(1, 5)).tolist() for _ in range(rows)]
        ids = pa.array([f"{k}{i}" for i in range(rows)], pa.string())
        table = pa.table({"id": ids, "x": pa.array(x, pa.list_(pa.float64()))})
        parquet.write_table(table, folder / f"part-{k}.parquet")
    return folder


def answers(folder: Path) -> pa.Table:
    return pa.concat_tables(parquet.read_table(p) for p in sorted(folder.glob("*.parquet")))


def test_answers_are_those_of_one_table(model, data, tmp_path):
    report = predict_folder(model, data, tmp_path / "out", "x", rows=3)
    assert (report.files, report.skipped, report.rows, report.set_aside) == (3, 0, 12, 0)
    whole = pa.concat_tables(parquet.read_table(p) for p in sorted(data.glob("*.parquet")))
    expected = ArrowPredictor(model, "x")(whole)
    found = answers(tmp_path / "out")
    assert found["id"].to_pylist() == expected["id"].to_pylist()
    assert found["predicted"].to_pylist() == expected["predicted"].to_pylist()
    np.testing.assert_allclose(found["probability"], expected["probability"], rtol=1e-6)


def test_what_is_finished_is_skipped(model, data, tmp_path, monkeypatch):
    out = tmp_path / "out"
    predict_folder(model, data, out, "x")
    (out / "part-2.parquet").unlink()
    asked = []
    answer = partitions_module.answer

    def watched(predictor, partition):
        asked.append(partition.source.name)
        return answer(predictor, partition)

    monkeypatch.setattr("seqkit.scale.folders.answer", watched)
    report = predict_folder(model, data, out, "x")
    assert asked == ["part-2.parquet"]
    assert (report.skipped, report.rows) == (2, 5)
    assert str(report).startswith("5 rows of 1 file in")


@pytest.mark.parametrize("what", ["model", "options", "file", "kind"])
def test_other_answers_are_never_taken_for_these(model, data, tmp_path, what):
    out = tmp_path / "out"
    predict_folder(model, data, out, "x")
    options = {}
    if what == "model":
        with untrained():
            other = seqkit.SequenceClassifier("gru", units=4, epochs=1, random_state=1)
            other.fit([[[0.0], [1.0]], [[1.0]]], ["up", "down"]).save(model)
    elif what == "options":
        options = {"every": True}
    elif what == "file":
        os.utime(data / "part-0.parquet", ns=(1, 1))
    else:
        (out / "part-0.parquet").write_text("id,x\n")
    before = (out / "part-0.parquet").read_bytes()
    with pytest.raises(FileExistsError, match=r"part-0\.parquet, which holds other answers"):
        predict_folder(model, data, out, "x", **options)
    assert (out / "part-0.parquet").read_bytes() == before


def with_bad_rows(data: Path) -> None:
    x = [[1.0], [float("inf")], [2.0, 3.0], None, [0.5]]
    table = pa.table({"id": list("abcde"), "x": pa.array(x, pa.list_(pa.float64()))})
    parquet.write_table(table, data / "part-1.parquet")


def test_a_bad_row_is_named_and_the_other_files_are_answered(model, data, tmp_path):
    with_bad_rows(data)
    out = tmp_path / "out"
    with pytest.raises(PartitionError, match=r"1 of 3 files .*\n.*part-1\.parquet, row 2: ") as got:
        predict_folder(model, data, out, "x")
    assert sorted(p.name for p in out.iterdir()) == ["part-0.parquet", "part-2.parquet"]
    assert got.value.report.rows == 12
    assert [path.name for path in got.value.errors] == ["part-1.parquet"]


def test_bad_rows_are_set_aside_with_the_reason(model, data, tmp_path):
    with_bad_rows(data)
    out = tmp_path / "out"
    report = predict_folder(model, data, out, "x", bad_rows="set_aside", rows=2)
    assert (report.rows, report.set_aside) == (15, 2)
    assert parquet.read_table(out / "part-1.parquet")["id"].to_pylist() == ["a", "c", "e"]
    aside = parquet.read_table(out / "set_aside" / "part-1.parquet").to_pylist()
    assert [row["id"] for row in aside] == ["b", "d"]
    assert "inf" in aside[0]["reason"]
    assert "a value is missing" in aside[1]["reason"]
    assert predict_folder(model, data, out, "x", bad_rows="set_aside").skipped == 3


def test_a_full_disk_leaves_nothing(model, data, tmp_path, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(PartitionError, match="No space left on device"):
        predict_folder(model, data, tmp_path / "out", "x")
    assert list((tmp_path / "out").iterdir()) == []


def test_files_that_do_not_fit_are_refused_before_any_is_answered(model, data, tmp_path):
    parquet.write_table(pa.table({"x": ["text"]}), data / "part-3.parquet")
    with pytest.raises(ValueError, match=r"part-3\.parquet: column 'x' must be of one type"):
        predict_folder(model, data, tmp_path / "out", "x")
    parquet.write_table(pa.table({"z": [1]}), data / "part-3.parquet")
    with pytest.raises(ValueError, match=r"part-3\.parquet has no column 'x'"):
        predict_folder(model, data, tmp_path / "out", "x")
    (data / "part-3.parquet").write_text("not parquet")
    with pytest.raises(ValueError, match=r"part-3\.parquet must be a parquet file"):
        predict_folder(model, data, tmp_path / "out", "x")
    assert not list((tmp_path).glob("out/*"))


@pytest.mark.parametrize(
    "options, message",
    [
        ({"engine": "spark"}, "engine must be 'local' or 'dask'"),
        ({"bad_rows": "drop"}, "bad_rows must be 'refuse' or"),
        ({"workers": 2}, "workers and address need engine='dask'"),
        ({"rows": 0}, "rows must be"),
    ],
    ids=["engine", "bad_rows", "workers", "rows"],
)
def test_bad_options(model, data, tmp_path, options, message):
    with pytest.raises(ValueError, match=message):
        predict_folder(model, data, tmp_path / "out", "x", **options)
    with pytest.raises(ValueError, match="output must be another folder than data"):
        predict_folder(model, data, data, "x")
    with pytest.raises(FileNotFoundError, match="which has none"):
        predict_folder(model, tmp_path, tmp_path / "out", "x")


def series(name: str, steps: int) -> pd.DataFrame:
    days = pd.date_range("2024-01-01", periods=steps)
    return pd.DataFrame({"unique_id": name, "ds": days, "y": np.arange(steps) % 7.0})


@untrained()
def test_forecasts_of_series_in_many_files(tmp_path):
    frame = pd.concat([series(name, 20) for name in "abcd"])
    model = seqkit.Seq2SeqForecaster(3, units=2, epochs=1, random_state=0).fit(frame)
    path, data = model.save(tmp_path / "model.seqkit"), tmp_path / "data"
    data.mkdir()
    frame[frame["unique_id"] < "c"].to_parquet(data / "0.parquet")
    frame[frame["unique_id"] >= "c"].to_parquet(data / "1.parquet")
    predict_folder(path, data, tmp_path / "out")
    found = answers(tmp_path / "out").to_pandas()
    pd.testing.assert_series_equal(found["forecast"], model.predict()["y"], check_names=False)
    frame[:5].to_parquet(data / "2.parquet")
    with pytest.raises(ValueError, match=r"all of a series in one file, got 'a' in .*0\.parquet"):
        predict_folder(path, data, tmp_path / "more")


@pytest.mark.always
def test_a_cluster_answers_as_one_process_does(model, data, tmp_path):
    with_bad_rows(data)
    local, dask = tmp_path / "local", tmp_path / "dask"
    here = predict_folder(model, data, local, "x", bad_rows="set_aside")
    there = predict_folder(model, data, dask, "x", bad_rows="set_aside", engine="dask", workers=1)
    assert (here.rows, here.set_aside) == (there.rows, there.set_aside)
    assert answers(dask).equals(answers(local))
    assert answers(dask / "set_aside").equals(answers(local / "set_aside"))
    again = predict_folder(model, data, dask, "x", bad_rows="set_aside", engine="dask")
    assert again.skipped == 3


@pytest.mark.slow
def test_a_file_that_kills_processes_is_named_and_the_others_are_answered(
    model, data, tmp_path, monkeypatch
):
    # Each process that reads the file ends at once, as one does that is out of memory.
    poison = tmp_path / "sitecustomize.py"
    poison.write_text(
        "import os\n"
        "import seqkit.scale.partitions as p\n"
        "tables = p._tables\n"
        "def deadly(predictor, partition):\n"
        "    if partition.source.name == 'part-1.parquet':\n"
        "        os._exit(1)\n"
        "    return tables(predictor, partition)\n"
        "p._tables = deadly\n"
    )
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path}{os.pathsep}{os.environ.get('PYTHONPATH', '')}")
    with pytest.raises(PartitionError, match=r"part-1\.parquet: each process .* died"):
        predict_folder(model, data, tmp_path / "out", "x", engine="dask", workers=2)
    found = sorted(p.name for p in (tmp_path / "out").iterdir())
    assert found == ["part-0.parquet", "part-2.parquet"]


@pytest.mark.slow
def test_no_scheduler_at_the_address(model, data, tmp_path, monkeypatch):
    monkeypatch.setattr("seqkit.scale.dask_engine.TIMEOUT", "2s")
    with pytest.raises(ConnectionError, match=r"got 'tcp:.*:9', where none answers"):
        predict_folder(
            model, data, tmp_path / "out", "x", engine="dask", address="tcp://127.0.0.1:9"
        )
