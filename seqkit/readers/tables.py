"""Files that hold a table, read as a data frame, and the columns that users name in them."""

from __future__ import annotations

import codecs
import os
import re
from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING, Any

from seqkit.checks import known_column
from seqkit.readers.user_files import excerpt, existing_file

if TYPE_CHECKING:
    import pandas as pd

TABLE_SUFFIXES = (".csv", ".parquet")
_SEPARATORS = (";", "\t", "|", ",")
# What pandas takes for missing, and we too unless a column holds names.
MISSING = ["", "#N/A", "#N/A N/A", "#NA", "-1.#IND", "-1.#QNAN", "-NaN", "-nan", "1.#IND"]
MISSING += ["1.#QNAN", "<NA>", "N/A", "NA", "NULL", "NaN", "None", "n/a", "nan", "null"]


def read_table(
    path: str | os.PathLike[str],
    names: Collection[str] = (),
    *,
    separator: str = ",",
    decimal: str = ".",
    encoding: str = "utf-8",
) -> pd.DataFrame:
    """The table in a `.csv` or `.parquet` file; levels of a named index become columns.

    Args:
        path: the file.
        names: columns of a `.csv` file that name something, such as a series or a class. They stay
            as they are written, "007" and "NA" too, unless all are plain numbers.
        separator, decimal, encoding: what is between the columns of a `.csv` file, what is before
            decimals, and how its characters are written. Default ",", ".", "utf-8".

    Raises:
        FileNotFoundError: for a missing file.
        ValueError: for another suffix, a file that is not of its format, or a table without rows.
    """
    import pandas as pd

    path = existing_file(path)
    suffix = path.suffix.lower()
    if suffix not in TABLE_SUFFIXES:
        raise ValueError(f"path must end in {' or '.join(TABLE_SUFFIXES)}, got {path}")
    check_form(separator, decimal, encoding)
    try:
        if suffix == ".parquet":
            frame = pd.read_parquet(path)
        else:
            frame = _read_csv(path, names, separator, decimal, encoding)
    except UnicodeError as error:
        raise ValueError(undecodable(path, encoding)) from error
    except (ValueError, OSError) as error:
        raise ValueError(f"{path} cannot be read as a {suffix} table: {error}") from error
    if any(level is not None for level in frame.index.names):
        frame = frame.reset_index()
    if frame.empty:
        raise ValueError(f"{path}: expected at least one row below the header, got none")
    return frame


def decimal_comma(text: Any) -> str:
    """A hint for the error of a text that is no number; empty where its comma is not to blame.

    Example:
        >>> decimal_comma("1.204,5"), decimal_comma("many")
        (" If commas are before decimals, give decimal=','.", '')
    """
    has_comma = re.fullmatch(r"\s*[-+]?[\d.]*,\d+\s*", str(text))
    return " If commas are before decimals, give decimal=','." if has_comma else ""


def check_form(separator: str, decimal: str, encoding: str) -> None:
    """Raises ValueError for a form that no CSV file has."""
    for argument, value in (("separator", separator), ("decimal", decimal)):
        if len(value) != 1:
            raise ValueError(f"{argument} must be one character, got {value!r}.")
    if separator == decimal:
        raise ValueError(
            f"separator and decimal must differ, got {decimal!r} for both. Where decimals follow "
            "commas, columns are mostly between semicolons: give separator=';'."
        )
    try:
        codecs.lookup(encoding)
    except LookupError as error:
        raise ValueError(
            "encoding must be one that Python knows, such as utf-8, latin-1 or utf-16, got "
            f"{encoding!r}."
        ) from error


def _read_csv(
    path: Path, names: Collection[str], separator: str, decimal: str, encoding: str
) -> pd.DataFrame:
    import pandas as pd

    if codecs.lookup(encoding).name == "utf-8":
        encoding = "utf-8-sig"  # which takes a byte order mark for none of the text
    form: dict[str, Any] = {"sep": separator, "encoding": encoding}
    header = pd.read_csv(path, nrows=0, **form).columns
    if len(header) == 1:  # further rows may have more columns, and be refused for it
        check_one_column(str(header[0]), separator)
    frame = pd.read_csv(
        path,
        dtype=dict.fromkeys(names, str),
        na_values={column: [""] if column in names else MISSING for column in header},
        keep_default_na=False,
        decimal=decimal,
        low_memory=False,  # in one pass: reading in pieces may give a column two types
        **form,
    )
    for column in frame.columns.intersection(list(names)):
        frame[column] = plain_numbers(frame[column], decimal)
    return frame


def plain_numbers(texts: pd.Series, decimal: str) -> pd.Series:
    """The texts as numbers where all are, without leading zeros, or exponents without a sign, as
    names may have: 1e-05 is a number, and 1E5 may be a name."""
    import pandas as pd

    given = texts[texts.notna() & ~texts.isin(MISSING)].astype(str)
    point = re.escape(decimal)
    plain = given.str.fullmatch(rf"-?(0|[1-9]\d{{0,17}})([{point}]\d+)?(e[-+]\d+)?", case=False)
    if not len(given) or not plain.all():
        return texts
    return pd.to_numeric(given.str.replace(decimal, ".", regex=False)).reindex(texts.index)


def check_one_column(name: str, separator: str) -> None:
    """Raises ValueError where the one column of a file seems to be several."""
    other = next((c for c in _SEPARATORS if c in name and c != separator), None)
    if other is not None:
        commas = ", and decimal=',' where numbers have decimal commas" if other == ";" else ""
        raise ValueError(
            f"expected several columns, got one column, {excerpt(name)}. They seem to be "
            f"between {other!r}: give separator={other!r}{commas}."
        )


def undecodable(path: Path, encoding: str) -> str:
    """The message for a file of another encoding."""
    content = path.read_bytes()
    try:
        content.decode(encoding)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        place, got = f", line {line}", f"the byte {content[error.start]:#04x}"
    except UnicodeError as error:
        place, got = "", str(error)
    else:
        place, got = "", "other bytes"
    return (
        f"{path}{place}: expected {encoding}, got {got}. Name the file's encoding, such as "
        "encoding='latin-1' or encoding='utf-16'."
    )


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
