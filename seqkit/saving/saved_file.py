"""The file of a fitted estimator: a zip archive of JSON and arrays, and nothing that runs.

estimator.json       what it is: format, version, class, parameters, fitted attributes
arrays/0.npy ...     its arrays, which the JSON refers to
"""

from __future__ import annotations

import contextlib
import io
import json
import math
import os
import zipfile
import zlib
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, NamedTuple

import numpy as np

from seqkit.saving.atomic_files import check_writable, whole_file
from seqkit.saving.records import decode, encode
from seqkit.version import VERSION

FORMAT = "seqkit estimator"
FORMAT_VERSION = 3
DESCRIPTION = "estimator.json"
_ARRAYS, _SUFFIX = "arrays/", ".npy"
# What a file may take in memory for each byte of it, beside a little that is always allowed; what
# is more alike than this is written as it is.
_MOST_A_BYTE, _ALLOWED = 100, 2**20


class Saved(NamedTuple):
    """The content of a file: the name of a class, its parameters and fitted attributes."""

    name: str
    parameters: Mapping[str, object]
    fitted: Mapping[str, Any]


def write_file(path: str | os.PathLike[str], saved: Saved) -> None:
    """Writes the file, complete or not at all.

    Raises:
        TypeError: for a parameter that cannot be saved.
        OSError: where the file cannot be written.
    """
    arrays: list[np.ndarray] = []
    description = {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "seqkit_version": VERSION,
        "class": saved.name,
        "parameters": {k: encode(v, arrays, k) for k, v in saved.parameters.items()},
        "fitted": {k: encode(v, arrays, k) for k, v in saved.fitted.items()},
    }
    target = Path(path)
    if target.is_dir():
        raise IsADirectoryError(f"path must be a file, and {str(target)!r} is a folder.")
    check_writable(target.parent, "path must be a file that can be written", str(target))
    with whole_file(target) as file:
        _write(file, description, arrays)


@dataclass(frozen=True)
class StoredArray:
    """An array in an open file, of which the header has been read; `np.asarray` reads it.

    Args:
        archive: the file.
        member: its name there.
        shape: of the array.
    """

    archive: zipfile.ZipFile
    member: str
    shape: tuple[int, ...]

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray:
        with self.archive.open(self.member) as file:
            return np.asarray(np.lib.format.read_array(file, allow_pickle=False), dtype)


@contextlib.contextmanager
def opened(
    path: str | os.PathLike[str], classes: Collection[str], later: Collection[str] = ()
) -> Iterator[Saved]:
    """A file, read as far as need be while it is open.

    Args:
        path: the file.
        classes: names of the estimators that it may be of.
        later: names of fitted attributes whose arrays are left in the file, `StoredArray`s.

    Raises:
        FileNotFoundError: for a missing file.
        OSError: for one that may not be opened.
        ValueError: for a file that is damaged, not one of ours, or of another format version.
    """
    if not os.path.isfile(path):
        raise FileNotFoundError(
            f"path must be a file that save wrote, and there is no file {path!s}."
        )
    with open(path, "rb") as file:  # what fails here is no fault of its content
        try:
            saved = _read(file, path, classes, later)
        except _Refused as error:
            raise ValueError(str(error)) from None
        except Exception as error:  # zip, JSON and NumPy have a dozen kinds of it
            raise ValueError(
                f"path must be a file that save wrote; {path!s} is not one, or it is damaged "
                f"({error})."
            ) from error
        yield saved


def _read(
    file: IO[bytes],
    path: str | os.PathLike[str],
    classes: Collection[str],
    later: Collection[str],
) -> Saved:
    archive = zipfile.ZipFile(file)  # which leaves the file to its owner
    _check_size(archive, DESCRIPTION)
    description = json.loads(archive.read(DESCRIPTION))
    _check(description, path, classes)
    stored = _stored_once(archive)

    def read(index: int) -> np.ndarray:
        array = stored(index)
        _check_size(archive, array.member)
        return np.asarray(array)

    return Saved(
        description["class"],
        {k: decode(v, read) for k, v in description["parameters"].items()},
        {k: decode(v, stored if k in later else read) for k, v in description["fitted"].items()},
    )


class _Refused(Exception):
    """A file that is whole, and not for us."""


def _check(description: object, path: str | os.PathLike[str], classes: Collection[str]) -> None:
    if not isinstance(description, dict) or description.get("format") != FORMAT:
        raise _Refused(f"path must be a file that save wrote, and {path!s} is another format.")
    version = description.get("format_version")
    writer = f"it was written by seqkit {description.get('seqkit_version')}"
    if type(version) is not int or version > FORMAT_VERSION:
        raise _Refused(
            f"{path!s} has format version {version}, and this seqkit {VERSION} reads up "
            f"to {FORMAT_VERSION}; {writer}. Install that version, or a newer one."
        )
    if version < FORMAT_VERSION:
        raise _Refused(
            f"{path!s} has format version {version}, which this seqkit {VERSION} no longer reads; "
            f"{writer}. Load it with that version, or fit and save again."
        )
    if description.get("class") not in classes:
        raise _Refused(
            f"{path!s} holds a {description.get('class')!r}, which this seqkit {VERSION} does not "
            f"have; known are {', '.join(classes)}."
        )


def _write(file: IO[bytes], description: dict[str, object], arrays: list[np.ndarray]) -> None:
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr(DESCRIPTION, json.dumps(description, ensure_ascii=False))
        for i, array in enumerate(arrays):
            content = io.BytesIO()
            np.lib.format.write_array(content, array, allow_pickle=False)
            name, data = f"{_ARRAYS}{i}{_SUFFIX}", content.getvalue()
            alike = len(zlib.compress(data, 1)) * _MOST_A_BYTE < len(data)
            archive.writestr(name, data, zipfile.ZIP_STORED if alike else None)


def _stored_once(archive: zipfile.ZipFile) -> Callable[[int], StoredArray]:
    """From the place of an array to what is known of it; what the description does not refer to is
    never read, and nothing twice."""
    seen: set[int] = set()

    def stored(index: int) -> StoredArray:
        member = archive.getinfo(f"{_ARRAYS}{index}{_SUFFIX}")
        if index in seen:
            raise ValueError(f"{member.filename} is referred to twice")
        seen.add(index)
        with archive.open(member) as file:
            shape, size = _header(file)
            # A header may claim what the member does not hold.
            if math.prod(shape) * size != member.file_size - file.tell():
                raise ValueError(f"{member.filename} does not hold an array of shape {shape}")
            if not _is_too_large(member):  # read through once, so that damage shows at once
                while file.read(_ALLOWED):
                    pass
        return StoredArray(archive, member.filename, shape)

    return stored


def _is_too_large(member: zipfile.ZipInfo) -> bool:
    return member.file_size > _ALLOWED + _MOST_A_BYTE * member.compress_size


def _check_size(archive: zipfile.ZipFile, name: str) -> None:
    """Raises ValueError for a member that would take far more memory than there is of it."""
    member = archive.getinfo(name)
    if _is_too_large(member):
        raise ValueError(
            f"{name} would be {member.file_size:,} bytes, of {member.compress_size:,} in the file"
        )


def _header(file: IO[bytes]) -> tuple[tuple[int, ...], int]:
    """Shape and bytes a value of an array in NumPy's format, whose content is not read."""
    version = np.lib.format.read_magic(file)
    read = {
        (1, 0): np.lib.format.read_array_header_1_0,
        (2, 0): np.lib.format.read_array_header_2_0,
    }
    shape, _, dtype = read[version](file)
    return shape, dtype.itemsize
