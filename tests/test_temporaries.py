"""What killed writers leave is removed by the next one; what others are writing stays."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from seqkit.saving.atomic_files import whole_file
from seqkit.serving.versions import versions
from seqkit.temporaries import prefix_for, remove_stale
from tests.estimators.toy import first_event, small

KILLED = """
import os, sys
from pathlib import Path
from seqkit.saving.atomic_files import whole_file
with whole_file(Path(sys.argv[1])) as file:
    file.write(b"half")
    file.flush()
    os.kill(os.getpid(), 9)
"""


def test_the_next_file_removes_what_a_killed_writer_left(tmp_path):
    path = tmp_path / "a.txt"
    for _ in range(2):
        subprocess.run([sys.executable, "-c", KILLED, str(path)], check=False, timeout=120)
    assert len(os.listdir(tmp_path)) == 1  # the second writer removed what the first had left
    with whole_file(path) as file:
        file.write(b"whole")
    assert os.listdir(tmp_path) == ["a.txt"]


def test_what_others_write_or_own_stays(tmp_path):
    mine = tmp_path / f"{prefix_for('a.txt')}x"  # of this process, which is alive
    other_host = tmp_path / ".a.txt-elsewhere-1-x"
    other_name = tmp_path / ".b.txt-notes"
    for path in (mine, other_host, other_name):
        path.write_text("kept")
    remove_stale(tmp_path, "a.txt")
    assert {p.name for p in tmp_path.iterdir()} == {mine.name, other_host.name, other_name.name}


def test_an_export_removes_what_a_killed_one_left(tmp_path):
    dead = subprocess.run(
        [
            sys.executable,
            "-c",
            "from seqkit.temporaries import prefix_for as p; print(p('incoming'))",
        ],
        check=True,
        capture_output=True,
        text=True,
        timeout=120,
    ).stdout.strip()
    (tmp_path / f"{dead}x" / "model").mkdir(parents=True)
    X, y = first_event(8)
    small(epochs=1).fit(X, y).export(tmp_path)
    assert [p.name for p in tmp_path.iterdir()] == ["1"]
    assert versions(tmp_path) == [1]


def test_an_export_is_on_the_disk_before_it_is_a_version(tmp_path, monkeypatch):
    synced = []

    def fsync(descriptor):
        assert versions(tmp_path) == []
        synced.append(os.fstat(descriptor).st_ino)

    monkeypatch.setattr(os, "fsync", fsync)
    X, y = first_event(8)
    folder = small(epochs=1).fit(X, y).export(tmp_path)
    files = [os.path.join(at, name) for at, _, names in os.walk(folder) for name in names]
    assert len(files) > 2
    assert {os.stat(file).st_ino for file in files} <= set(synced)


def test_a_full_disk_names_the_path(tmp_path):
    path = tmp_path / "model.seqkit"
    with pytest.raises(OSError, match="No space left on device") as caught, whole_file(path):
        raise OSError(28, "No space left on device")
    assert caught.value.filename == str(path)
    assert os.listdir(tmp_path) == []
