"""One reader for the files that seqkit knows, chosen by suffix."""

from __future__ import annotations

import os
from collections.abc import Sequence

import numpy as np

from seqkit.data.long_table import read_long
from seqkit.data.paths import existing_file
from seqkit.data.table_file import TABLE_SUFFIXES
from seqkit.data.ts_format import read_ts


def read_sequences(
    path: str | os.PathLike[str],
    *,
    instance: str = "instance",
    time: str = "time",
    label: str | None = "label",
    features: Sequence[str] | None = None,
) -> tuple[list[np.ndarray], np.ndarray | None]:
    """Reads time series, and their labels if there are any, from a `.ts`, `.csv` or `.parquet` file.

    Args:
        path: the file.
        instance, time, label, features: columns of a table, as in `read_long`, which also returns
            the names of the instances. A `.ts` file has no columns to be named.

    Returns:
        Series, each (T_i, d) float32, and labels (n,) or None.

    Raises:
        FileNotFoundError: for a missing file; the message offers the nearest name.
        ValueError: for an unknown suffix, or a file that is not of its format.
        TypeError: for a column named in a file that has none.

    Example:
        >>> import pathlib, tempfile
        >>> folder = tempfile.TemporaryDirectory()
        >>> path = pathlib.Path(folder.name, "walks.ts")
        >>> _ = path.write_text("@data" + chr(10) + "0.1,0.2,0.4:1,2,3")
        >>> X, y = read_sequences(path)
        >>> X[0].shape, y
        ((3, 2), None)
    """
    path = existing_file(path)
    suffix = path.suffix.lower()
    if suffix in TABLE_SUFFIXES:
        X, y, _ = read_long(path, instance, time, label, features)
        return X, y
    if suffix != ".ts":
        known = ", ".join((".ts", *TABLE_SUFFIXES))
        raise ValueError(f"path must end in one of {known}, got {path}. Convert it to one of them.")
    columns = {"instance": instance, "time": time, "label": label, "features": features}
    defaults = read_sequences.__kwdefaults__
    if named := [name for name, column in columns.items() if column != defaults[name]]:
        raise TypeError(
            f"{', '.join(named)}: a .ts file such as {path} has no named columns. "
            "Leave the argument out."
        )
    return read_ts(path)
