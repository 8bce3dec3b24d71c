"""One reader for all files of sequences; the suffix chooses the format."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from seqkit.readers.long_tables import read_long
from seqkit.readers.tables import TABLE_SUFFIXES
from seqkit.readers.ts_format import read_ts
from seqkit.readers.user_files import existing_file


class LabelledSequences(NamedTuple):
    """Series X, each (T_i, d); labels y (n,) or None; and the names of the series, ids (n,)."""

    X: list[np.ndarray]
    y: np.ndarray | None
    ids: np.ndarray


def read_sequences(
    path: str | os.PathLike[str],
    *,
    instance: str = "instance",
    time: str = "time",
    label: str | None = "label",
    features: Sequence[str] | None = None,
    separator: str = ",",
    decimal: str = ".",
    encoding: str = "utf-8",
) -> LabelledSequences:
    """Reads time series, and their labels, from a `.ts`, `.csv` or `.parquet` file.

    Args:
        path: the file.
        instance, time, label, features: columns of a table, as in `read_long`. A `.ts` file has
            no columns to be named.
        separator, decimal, encoding: of a `.csv` file, as in `read_long`.

    Returns:
        Series X, each (T_i, d) float32; labels y or None; and ids: the instances of a table, or the
        positions of the cases of a `.ts` file.

    Raises:
        FileNotFoundError: for a missing file; the message offers the nearest name.
        ValueError: for an unknown suffix, or a file that is not of its format.
        TypeError: for a column, or a form of a `.csv` file, of a file that has none.

    Example:
        >>> import pathlib, tempfile
        >>> folder = tempfile.TemporaryDirectory()
        >>> path = pathlib.Path(folder.name, "walks.ts")
        >>> _ = path.write_text("@data" + chr(10) + "0.1,0.2,0.4:1,2,3")
        >>> X, y, ids = read_sequences(path)
        >>> X[0].shape, y, ids
        ((3, 2), None, array([0]))
        >>> folder.cleanup()
    """
    path = existing_file(path)
    suffix = path.suffix.lower()
    if suffix in TABLE_SUFFIXES:
        form = {"separator": separator, "decimal": decimal, "encoding": encoding}
        return LabelledSequences(*read_long(path, instance, time, label, features, **form))
    if suffix != ".ts":
        known = ", ".join((".ts", *TABLE_SUFFIXES))
        raise ValueError(f"path must end in one of {known}, got {path}. Convert it to one of them.")
    columns = {"instance": instance, "time": time, "label": label}
    named = [name for name, column in columns.items() if column not in (name, None)]
    if features is not None:
        named.append("features")
    given = {
        "separator": (separator, ","),
        "decimal": (decimal, "."),
        "encoding": (encoding, "utf-8"),
    }
    named += [name for name, (value, default) in given.items() if value != default]
    if named:
        raise TypeError(
            f"{', '.join(named)}: a .ts file such as {path} has no named columns. "
            "Leave the argument out."
        )
    X, y = read_ts(path)
    return LabelledSequences(X, y, np.arange(len(X)))
