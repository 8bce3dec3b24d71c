"""Files that hold a table, read as a data frame, and the columns that users name in them."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from seqkit.checks import known_column
from seqkit.readers.user_files import existing_file

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
    remedy = " For data without labels pass label=None." if argument == "label" else ""
    known_column(argument, column, frame.columns, str(path), remedy)
