"""Files that hold a table, read as a data frame, and the columns that users name in them."""

from __future__ import annotations

import difflib
import os
from typing import TYPE_CHECKING

from seqkit.readers.paths import existing_file

if TYPE_CHECKING:
    import pandas as pd

TABLE_SUFFIXES = (".csv", ".parquet")


def read_table(path: str | os.PathLike[str]) -> pd.DataFrame:
    """The table in a `.csv` or `.parquet` file; levels of a named index become columns.

    Raises:
        FileNotFoundError: for a missing file.
        ValueError: for another suffix, a file that is not of its format, or a table without rows.
    """
    import pandas as pd

    path = existing_file(path)
    suffix = path.suffix.lower()
    if suffix not in TABLE_SUFFIXES:
        raise ValueError(f"path must end in {' or '.join(TABLE_SUFFIXES)}, got {path}")
    try:
        if suffix == ".parquet":
            frame = pd.read_parquet(path)
        else:  # in one pass: reading in pieces may give a column two types
            frame = pd.read_csv(path, encoding="utf-8-sig", low_memory=False)
    except (ValueError, OSError) as error:
        raise ValueError(f"{path} cannot be read as a {suffix} table: {error}") from error
    if any(level is not None for level in frame.index.names):
        frame = frame.reset_index()
    if frame.empty:
        raise ValueError(f"{path}: expected at least one row below the header, got none")
    return frame


def check_column(
    frame: pd.DataFrame, argument: str, column: str, path: str | os.PathLike[str]
) -> None:
    """Raises ValueError if the frame lacks the column; the message offers the nearest one.

    Args:
        frame: the table.
        argument: the argument by which the user named the column.
        column: its name.
        path: the file that the frame is from.
    """
    if column in frame.columns:
        return
    names = [str(name) for name in frame.columns]
    by_lower = {name.lower(): name for name in names}
    nearest = difflib.get_close_matches(str(column).lower(), by_lower, n=1)
    hint = f" Did you mean {by_lower[nearest[0]]!r}?" if nearest else ""
    without = " For data without labels pass label=None." if argument == "label" else ""
    raise ValueError(
        f"{argument}: {path} has no column {column!r}, but {', '.join(map(repr, names[:20]))}"
        f"{', ...' if len(names) > 20 else ''}.{hint}{without}"
    )
