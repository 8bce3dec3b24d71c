"""Names of what is being written, and removal of what a killed process left under them."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
from pathlib import Path


def prefix_for(name: str) -> str:
    """The beginning of a temporary name beside what it is to become: hidden, and of this process.

    Example:
        >>> prefix_for("model.seqkit").startswith(".model.seqkit-")
        True
    """
    return f"{_of_this_host(name)}{os.getpid()}-"


def remove_stale(folder: Path, name: str) -> None:
    """Removes files and folders of such names whose process, on this host, is dead.

    What another process is writing stays, and so does what cannot be told or removed.
    """
    beginning = _of_this_host(name)
    with contextlib.suppress(OSError):
        for path in list(folder.iterdir()):
            process = path.name.removeprefix(beginning).partition("-")[0]
            if not path.name.startswith(beginning) or not process.isdecimal():
                continue
            if not _is_alive(int(process)):
                if path.is_dir() and not path.is_symlink():
                    shutil.rmtree(path, ignore_errors=True)
                else:
                    path.unlink(missing_ok=True)


def _of_this_host(name: str) -> str:
    # Processes of another host, which may share the folder, have numbers of their own.
    return f".{name}-{socket.gethostname()}-"


def _is_alive(process: int) -> bool:
    if os.name == "nt":  # signal 0 would end the process there
        return True
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        return True
    return True
