"""A wheel made here, and a package index that serves it from a folder."""

from __future__ import annotations

import hashlib
import os
import zipfile
from pathlib import Path

import pytest

from seqkit.data.packaged import Wheel

MEMBER, CONTENT = "fake/data.txt", b"0.1,0.2:walk\n"


def write_wheel(path: Path) -> Path:
    """A wheel that pip accepts, with one data file."""
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("fake/__init__.py", "raise RuntimeError('imported')")
        archive.writestr(MEMBER, CONTENT)
        info = "seqkit_fake-1.0.dist-info"
        # A version of Python that nobody has: whoever reads data need not be able to run the code.
        archive.writestr(
            f"{info}/METADATA",
            "Metadata-Version: 2.1\nName: seqkit-fake\nVersion: 1.0\nRequires-Python: <3\n",
        )
        archive.writestr(
            f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        archive.writestr(f"{info}/RECORD", "")
    return path


@pytest.fixture
def wheel_file(tmp_path):
    (tmp_path / "index").mkdir()
    return write_wheel(tmp_path / "index" / "seqkit_fake-1.0-py3-none-any.whl")


@pytest.fixture
def wheel(wheel_file):
    return Wheel("seqkit-fake", "1.0", hashlib.sha256(wheel_file.read_bytes()).hexdigest())


@pytest.fixture
def index(wheel_file, monkeypatch):
    """Makes pip know this folder and nothing else."""
    for name in [name for name in os.environ if name.startswith("PIP_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(wheel_file.parent))
    return wheel_file.parent
