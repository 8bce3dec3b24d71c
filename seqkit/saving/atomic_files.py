"""Files that appear complete or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from seqkit.temporaries import prefix_for, remove_stale


@contextmanager
def whole_file(path: Path) -> Iterator[IO[bytes]]:
    """A file to write, beside the path; it takes the path's place once it is on the disk.

    If writing fails, for a full disk say, what was at the path stays. What writers that were
    killed left beside the path is removed.

    Raises:
        OSError: where there is no writing; it names the path.

    Example:
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     path = Path(folder) / "a.txt"
        ...     with whole_file(path) as file:
        ...         _ = file.write(b"whole")
        ...     path.read_text()
        'whole'
    """
    remove_stale(path.parent, path.name)
    descriptor, name = tempfile.mkstemp(prefix=prefix_for(path.name), dir=path.parent)
    partial = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        partial.chmod(0o666 & ~_umask())  # that of mkstemp's files is their owner's alone
        os.replace(partial, path)
    except OSError as error:
        if error.errno is None or error.filename not in (None, name):
            raise
        raise type(error)(error.errno, error.strerror, str(path)) from error
    finally:
        partial.unlink(missing_ok=True)


def check_writable(folder: Path, expected: str, given: str) -> None:
    """Makes a folder, if it is not there, and a file in it that is gone again.

    Args:
        folder: where a file is to be written, later.
        expected: what the error says the argument must be.
        given: the argument.

    Raises:
        OSError: where that cannot be.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise type(error)(error.errno, f"{expected} ({error.strerror})", given) from error


def _umask() -> int:
    current = os.umask(0)
    os.umask(current)
    return current
