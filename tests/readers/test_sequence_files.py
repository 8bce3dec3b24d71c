"""One reader for all files, and what importing the package costs."""

from __future__ import annotations

import subprocess
import sys

import pytest

import seqkit.data
from seqkit.data import read_long, read_sequences, read_ts

CSV = "instance,time,label,x\na,1,walk,1\na,2,walk,2\n"


def test_suffix_chooses_the_reader(tmp_path):
    (tmp_path / "walks.ts").write_text("@classLabel true walk\n@data\n1,2:walk\n")
    (tmp_path / "walks.csv").write_text(CSV)
    for path, name in ((tmp_path / "walks.ts", 0), (str(tmp_path / "walks.csv"), "a")):
        read = read_sequences(path)
        assert read.X[0].tolist() == [[1], [2]]
        assert read.y.tolist() == ["walk"]
        assert read.ids.tolist() == [name]


def test_columns_reach_the_table(tmp_path):
    (tmp_path / "walks.csv").write_text(CSV.replace("label", "gait"))
    assert read_sequences(tmp_path / "walks.csv", label="gait").y.tolist() == ["walk"]


def test_ts_has_no_columns(tmp_path):
    (tmp_path / "walks.ts").write_text("@data\n1\n")
    with pytest.raises(TypeError, match=r"label: a \.ts file .* has no named columns"):
        read_sequences(tmp_path / "walks.ts", label="gait")
    with pytest.raises(TypeError, match="features: a"):
        read_sequences(tmp_path / "walks.ts", features=["x"])
    X, y, _ = read_sequences(tmp_path / "walks.ts", label=None, features=None)
    assert (X[0].tolist(), y) == ([[1]], None)


def test_unknown_suffix(tmp_path):
    (tmp_path / "walks.xlsx").write_text("")
    with pytest.raises(ValueError, match=r"one of \.ts, \.csv, \.parquet, got .*walks\.xlsx"):
        read_sequences(tmp_path / "walks.xlsx")


@pytest.mark.parametrize("read", [read_sequences, read_ts, read_long])
def test_missing_file(read, tmp_path):
    (tmp_path / "walks_train.csv").write_text(CSV)
    with pytest.raises(FileNotFoundError, match=r"walks_tran\.csv.*mean 'walks_train\.csv'\?"):
        read(tmp_path / "walks_tran.csv")
    with pytest.raises(FileNotFoundError, match=r"no file .*other\.csv$"):
        read(tmp_path / "other.csv")
    with pytest.raises(FileNotFoundError, match=r"the folder .*nowhere does not exist"):
        read(tmp_path / "nowhere" / "walks.csv")
    with pytest.raises(IsADirectoryError, match="expected a file, got the folder"):
        read(tmp_path)


def test_public_names_exist():
    assert set(seqkit.data.__all__) <= set(dir(seqkit.data))
    for name in seqkit.data.__all__:
        assert getattr(seqkit.data, name).__name__ == name


def test_importing_is_light():
    heavy = "{'tensorflow', 'tensorflow_datasets', 'keras', 'pandas', 'sklearn'}"
    names = ", ".join(seqkit.data.__all__)
    code = f"import sys; from seqkit.data import {names}; print({heavy} & set(sys.modules))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout == "set()\n"
