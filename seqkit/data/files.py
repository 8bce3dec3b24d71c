"""One reader for the files that seqkit knows, chosen by suffix."""

from __future__ import annotations

import os
from typing import Any, NamedTuple

import numpy as np

from seqkit.data import long_table
from seqkit.data.paths import existing_file
from seqkit.data.ts_format import read_ts


class Sequences(NamedTuple):
    """Series (T_i, d), labels (n,) or None, and the names of the series (n,)."""

    X: list[np.ndarray]
    y: np.ndarray | None
    ids: np.ndarray


def read_sequences(path: str | os.PathLike[str], **columns: Any) -> Sequences:
    """Reads time series from a `.ts`, `.csv` or `.parquet` file.

    Args:
        path: the file.
        columns: for tables: `instance`, `time`, `label`, `features`, as in `read_long`.

    Returns:
        Series X, each (T_i, d) float32; labels y or None; and ids, which for a `.ts` file are the
        positions of the cases.

    Raises:
        FileNotFoundError: for a missing file; the message offers the nearest name.
        ValueError: for an unknown suffix, or a file that is not of its format.
        TypeError: for columns of a file that has none.

    Example:
        >>> import pathlib, tempfile
        >>> path = pathlib.Path(tempfile.mkdtemp(), "walks.ts")
        >>> _ = path.write_text("@data" + chr(10) + "0.1,0.2,0.4:1,2,3")
        >>> X, y, ids = read_sequences(path)
        >>> X[0].shape, y, ids
        ((3, 2), None, array([0]))
    """
    path = existing_file(path)
    suffix = path.suffix.lower()
    if suffix in long_table.SUFFIXES:
        return Sequences(*long_table.read_long(path, **columns))
    if suffix != ".ts":
        known = ", ".join((".ts", *long_table.SUFFIXES))
        raise ValueError(f"path must end in one of {known}, got {path}. Convert it to one of them.")
    if columns:
        raise TypeError(f"{', '.join(columns)}: a .ts file such as {path} has no named columns")
    X, y = read_ts(path)
    return Sequences(X, y, np.arange(len(X)))
