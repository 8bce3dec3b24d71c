"""One reader for the files that seqkit knows, chosen by suffix."""

from __future__ import annotations

import os
from typing import Any, NamedTuple

import numpy as np

from seqkit.data.long_table import read_long
from seqkit.data.paths import existing_file
from seqkit.data.table_file import TABLE_SUFFIXES
from seqkit.data.ts_format import read_ts


class LabelledSequences(NamedTuple):
    """Series (T_i, d), labels (n,) or None, and the names of the series (n,)."""

    X: list[np.ndarray]
    y: np.ndarray | None
    ids: np.ndarray


def read_sequences(path: str | os.PathLike[str], **columns: Any) -> LabelledSequences:
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
        >>> folder = tempfile.TemporaryDirectory()
        >>> path = pathlib.Path(folder.name, "walks.ts")
        >>> _ = path.write_text("@data" + chr(10) + "0.1,0.2,0.4:1,2,3")
        >>> X, y, ids = read_sequences(path)
        >>> X[0].shape, y, ids
        ((3, 2), None, array([0]))
    """
    path = existing_file(path)
    suffix = path.suffix.lower()
    if suffix in TABLE_SUFFIXES:
        return LabelledSequences(*read_long(path, **columns))
    if suffix != ".ts":
        known = ", ".join((".ts", *TABLE_SUFFIXES))
        raise ValueError(f"path must end in one of {known}, got {path}. Convert it to one of them.")
    if columns:
        raise TypeError(f"{', '.join(columns)}: a .ts file such as {path} has no named columns")
    X, y = read_ts(path)
    return LabelledSequences(X, y, np.arange(len(X)))
