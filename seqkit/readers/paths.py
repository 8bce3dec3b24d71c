"""Paths that users give, checked before anything is read."""

from __future__ import annotations

import difflib
import os
from pathlib import Path


def existing_file(path: str | os.PathLike[str]) -> Path:
    """The path of a file that exists.

    Raises:
        FileNotFoundError: for a missing file; the message offers the nearest name in its folder.
        IsADirectoryError: for a folder.

    Example:
        >>> existing_file("no_such_folder/walks.csv")
        Traceback (most recent call last):
        FileNotFoundError: no file no_such_folder/walks.csv: the folder no_such_folder ... not exist
    """
    path = Path(path)
    if path.is_dir():
        raise IsADirectoryError(f"expected a file, got the folder {path}. Name a file in it.")
    if path.exists():
        return path
    if not path.parent.is_dir():
        raise FileNotFoundError(f"no file {path}: the folder {path.parent} does not exist")
    names = [entry.name for entry in path.parent.iterdir() if entry.is_file()]
    nearest = difflib.get_close_matches(path.name, names, n=1)
    hint = f". Did you mean {path.parent / nearest[0]}?" if nearest else ""
    raise FileNotFoundError(f"no file {path}{hint}")
