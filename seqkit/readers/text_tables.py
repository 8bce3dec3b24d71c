"""Tables as they are written: in frames of some rows, the cells of a CSV file as text."""

from __future__ import annotations

import codecs
import os
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from seqkit.extras import require
from seqkit.readers.tables import check_form, check_one_column, undecodable
from seqkit.readers.user_files import existing_file

if TYPE_CHECKING:
    import pandas as pd

STDIN = "-"
SUFFIXES = (".csv", ".tsv", ".txt", ".parquet")
ROWS = 10_000


def read_in_text(
    source: str | os.PathLike[str],
    *,
    separator: str | None = None,
    decimal: str = ".",
    encoding: str = "utf-8",
    rows: int | None = ROWS,
) -> Iterator[pd.DataFrame]:
    """The table in a file, or on standard input, a frame of some rows after the other.

    Nothing is taken for a number or for missing: "007", "NA" and "1.50" stay so, and an empty cell
    is an empty text. The columns of parquet have the types of the file. No more than a frame is in
    memory.

    Args:
        source: the file, .csv, .tsv, .txt or .parquet; or "-" for CSV on standard input.
        separator, decimal, encoding: as of `read_table`. Default: a tab of .tsv, else ","; ".";
            "utf-8".
        rows: of a frame, at most. None: all. Default 10,000.

    Raises:
        FileNotFoundError: for a missing file.
        ValueError: for another suffix, a file that is not of its format, or a table without rows.
        MissingExtraError: for parquet, without pyarrow.

    Example:
        >>> import pathlib, tempfile
        >>> folder = tempfile.TemporaryDirectory()
        >>> path = pathlib.Path(folder.name, "a.csv")
        >>> _ = path.write_text("id,n\\n007,1.50\\nNA,\\n8,2\\n")
        >>> [frame.values.tolist() for frame in read_in_text(path, rows=2)]
        [[['007', '1.50'], ['NA', '']], [['8', '2']]]
        >>> folder.cleanup()
    """
    name = "standard input" if source == STDIN else str(source)
    path = None if source == STDIN else existing_file(source)
    suffix = ".csv" if path is None else path.suffix.lower()
    if suffix not in SUFFIXES:
        raise ValueError(f"path must end in {', '.join(SUFFIXES)}, or be - , got {name}")
    separator = separator or ("\t" if suffix == ".tsv" else ",")
    check_form(separator, decimal, encoding)
    if suffix == ".parquet":
        assert path is not None
        require("pyarrow", f"{name}, a parquet file,")
        frames = _of_parquet(path, rows)
    else:
        frames = _of_csv(path, separator, encoding, rows)
    rows_read = 0
    with _explained(name, path, suffix, encoding):
        for frame in frames:
            rows_read += len(frame)
            if len(frame):
                yield frame
    if not rows_read:
        raise ValueError(f"{name}: expected at least one row below the header, got none")


@contextmanager
def _explained(name: str, path: Path | None, suffix: str, encoding: str) -> Iterator[None]:
    import pandas as pd

    wrong = (UnicodeError, pd.errors.ParserError, pd.errors.ParserWarning, pd.errors.EmptyDataError)
    try:
        yield
    except UnicodeError as error:
        if path is None:
            raise ValueError(
                f"{name}: expected {encoding}, got other bytes ({error}). Name the encoding, such "
                "as encoding='latin-1' or encoding='utf-16'."
            ) from error
        raise ValueError(undecodable(path, encoding)) from error
    except wrong as error:
        raise ValueError(f"{name} cannot be read as a {suffix} table: {error}") from error


def _of_csv(
    path: Path | None, separator: str, encoding: str, rows: int | None
) -> Iterator[pd.DataFrame]:
    import pandas as pd

    if codecs.lookup(encoding).name == "utf-8":
        encoding = "utf-8-sig"  # which takes a byte order mark for none of the text
    options: dict[str, Any] = {
        "sep": separator,
        "encoding": encoding,
        "dtype": str,
        "na_filter": False,
        "index_col": False,  # rows longer than the header are an error, and name no rows
        "chunksize": rows or sys.maxsize,
    }
    file: Path | IO[bytes] = sys.stdin.buffer if path is None else path
    with pd.read_csv(file, **options) as reader:
        while True:
            with warnings.catch_warnings():  # not over the yield, for it holds everywhere
                warnings.simplefilter("error", pd.errors.ParserWarning)
                frame = next(reader, None)
            if frame is None:
                return
            if len(frame.columns) == 1:
                check_one_column(str(frame.columns[0]), separator)
            yield frame


def _of_parquet(path: Path, rows: int | None) -> Iterator[pd.DataFrame]:
    import pandas as pd
    import pyarrow
    from pyarrow import parquet

    try:
        file = parquet.ParquetFile(path)
        for batch in file.iter_batches(batch_size=rows or max(file.metadata.num_rows, 1)):
            # Of pandas's own types a whole number beside a missing one would become a float.
            yield batch.to_pandas(types_mapper=pd.ArrowDtype)
    except pyarrow.ArrowException as error:
        raise ValueError(f"{path} cannot be read as a .parquet table: {error}") from error
