"""The verb predict for a folder of parquet files."""

from __future__ import annotations

import pyarrow as pa
import pytest
from pyarrow import parquet

import seqkit
from seqkit.cli.main import main
from tests.estimators.toy import untrained


@pytest.fixture
def model(tmp_path) -> str:
    with untrained():
        model = seqkit.TextClassifier("gru", units=2, embedding_dim=2, epochs=1, random_state=0)
        model.fit(["a good film", "a bad film"] * 3, ["good", "bad"] * 3)
    return model.save(tmp_path / "model.seqkit")


@pytest.fixture
def data(tmp_path) -> str:
    folder = tmp_path / "data"
    folder.mkdir()
    for k in range(2):
        table = pa.table({"id": [f"0{k}", "NA"], "text": ["a good film", "bad"]})
        parquet.write_table(table, folder / f"{k}.parquet")
    return str(folder)


def test_a_folder_is_answered(model, data, tmp_path, capfd):
    out = tmp_path / "out"
    command = ["predict", model, "--data", data, "--output", str(out), "--every-probability"]
    assert main(command) == 0
    assert "4 rows of 2 files in" in capfd.readouterr().err
    rows = parquet.read_table(out / "1.parquet").to_pylist()
    assert [row["id"] for row in rows] == ["01", "NA"]
    names = ["id", "predicted", "probability", "probability_bad", "probability_good"]
    assert list(rows[0]) == names
    assert main(command) == 0
    assert "2 files were finished" in capfd.readouterr().err


@pytest.mark.parametrize(
    "options, message",
    [
        (["--engine", "dask"], "--engine is of a folder: it needs --data"),
        (["--data", "x"], "--output must be a folder, where --data is one"),
        (["--data", "x", "--csv", "a.csv", "--output", "o"], "give one"),
        (["--data", "x", "--output", "o", "--one-row"], "--one-row is of a table"),
        (["--data", "nowhere", "--output", "o"], "got nowhere, which is not there"),
    ],
    ids=["engine", "output", "csv", "one_row", "nowhere"],
)
def test_bad_options(model, tmp_path, monkeypatch, capfd, options, message):
    monkeypatch.chdir(tmp_path)
    assert main(["predict", model, *options]) == 2
    assert message in capfd.readouterr().err


def test_columns_are_offered(model, data, tmp_path, capfd):
    command = ["predict", model, "--data", data, "--output", str(tmp_path / "o")]
    assert main([*command, "--inputs", "texts"]) == 2
    assert "has no column 'texts', but 'id', 'text'. Did you mean" in capfd.readouterr().err
