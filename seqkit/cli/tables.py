"""Tables as commands take and give them: columns that are found, read as numbers, and written."""

from __future__ import annotations

import fnmatch
import os
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

import numpy as np

from seqkit.checks import known_column
from seqkit.extras import require
from seqkit.readers.tables import MISSING, decimal_comma
from seqkit.readers.text_tables import STDIN

if TYPE_CHECKING:
    import pandas as pd
    from typing_extensions import Self

LARGE = 64 * 2**20  # bytes of a file that is not read as a whole
STDOUT = STDIN


def rows_at_once(source: str, rows: int | None) -> int | None:
    """The rows that are read at once: those that are asked for, 0 for all of them; else all of a
    file that is small, and 10,000 of a large one or of standard input."""
    from seqkit.readers.text_tables import ROWS

    if rows is not None:
        return rows or None
    small = source != STDIN and os.path.getsize(source) < LARGE
    return None if small else ROWS


def whole(frames: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """Frames one below the other."""
    import pandas as pd

    return pd.concat(list(frames), ignore_index=True)


def one_by_one(frames: Iterable[pd.DataFrame], id: str, source: str) -> Iterator[pd.DataFrame]:
    """Frames of whole sequences: the rows of the last one wait for those that follow.

    Args:
        frames: of rows, those of a sequence one below the other.
        id: the column that names the sequence.
        source: what errors call the table.

    Raises:
        ValueError: for a sequence that goes on after another.
    """
    import pandas as pd

    ended: set[int] = set()  # hashes, which take less memory than names
    waiting: list[pd.DataFrame] = []
    for frame in frames:
        known_column("--id", id, frame.columns, source)
        waiting.append(frame)
        together = pd.concat(waiting, ignore_index=True)
        names = together[id].to_numpy(object)
        if (names == names[-1]).all():
            continue
        first = len(names) - 1 - int(np.argmax((names != names[-1])[::-1])) + 1
        yield _checked(together[:first], names[:first], ended, source)
        waiting = [together[first:]]
    if waiting:
        rest = pd.concat(waiting, ignore_index=True)
        yield _checked(rest, rest[id].to_numpy(object), ended, source)


def _checked(frame: pd.DataFrame, names: np.ndarray, ended: set[int], source: str) -> pd.DataFrame:
    hashes = {hash(name): name for name in dict.fromkeys(names.tolist())}
    again = ended & hashes.keys()
    if again:
        raise ValueError(
            f"{source}: the rows of {hashes[min(again)]!r} are not one below the other, as they "
            "must be where a table is read in parts. Sort it by the column of --id, or read all "
            "at once with --chunk-rows 0."
        )
    ended.update(hashes)
    return frame.reset_index(drop=True)


def chosen_columns(
    argument: str, patterns: Sequence[str], columns: Sequence[str], source: str
) -> list[str]:
    """The columns that are named, each by itself or by a pattern such as "t*".

    Raises:
        ValueError: for a name or a pattern that no column has.

    Example:
        >>> chosen_columns("--features", ["b", "t*"], ["a", "t1", "b", "t2"], "a.csv")
        ['b', 't1', 't2']
    """
    chosen: dict[str, None] = {}
    for pattern in patterns:
        if pattern in columns:
            chosen[pattern] = None
            continue
        matching = [column for column in columns if fnmatch.fnmatchcase(column, pattern)]
        if not matching:
            known_column(argument, pattern, columns, source)
        chosen.update(dict.fromkeys(matching))
    return list(chosen)


def numbers(
    column: pd.Series, option: str, source: str, *, decimal: str = ".", first_row: int = 0
) -> np.ndarray:
    """The values of a column of numbers or of texts, float64, NaN where one is missing.

    Args:
        column: the values; a text is missing where pandas's reader would say so.
        option: the option that named the column.
        source: what errors call the table.
        decimal: what is before decimals in texts. Default ".".
        first_row: rows of the table before those of the column. Default 0.

    Raises:
        ValueError: for a text that is no number; the message has its row.

    Example:
        >>> import pandas as pd
        >>> numbers(pd.Series(["1,5", "", "NA"]), "--value", "a.csv", decimal=",")
        array([1.5, nan, nan])
    """
    import pandas as pd

    if pd.api.types.is_numeric_dtype(column):
        return column.to_numpy(float, na_value=np.nan)
    texts = column.astype(object)
    present = texts.notna() & ~texts.isin(MISSING)
    plain = texts.where(present, None)
    if decimal != ".":
        plain = plain.where(~present, texts.astype(str).str.replace(decimal, ".", regex=False))
    values = pd.to_numeric(plain, errors="coerce")
    wrong = (values.isna() & present).to_numpy(bool)
    if wrong.any():
        row = int(np.argmax(wrong))
        hint = decimal_comma(texts.iloc[row]).replace("decimal=", "--decimal ")
        raise ValueError(
            f"{option}: column {column.name!r} of {source} must hold numbers, got "
            f"{texts.iloc[row]!r} in row {first_row + row + 1}.{hint}"
        )
    return values.to_numpy(float)


def in_words(values: Iterable[Any], decimal: str = ".") -> list[str]:
    """Values as cells of a table: numbers in six digits, nothing for NaN and None.

    Example:
        >>> in_words([0.1234567, np.float32(2), None, "007", 3])
        ['0.123457', '2', '', '007', '3']
    """
    words = []
    for value in values:
        if isinstance(value, float | np.floating):
            words.append("" if np.isnan(value) else f"{value:.6g}".replace(".", decimal))
        else:
            words.append("" if value is None else str(value))
    return words


class TableWriter:
    """A table that is written part by part; a file appears complete or not at all.

    Args:
        target: the file, .csv, .tsv, .txt or .parquet; or "-" for CSV on standard output.
        separator, encoding: of CSV.
    """

    def __init__(self, target: str, *, separator: str | None, encoding: str) -> None:
        suffix = ".csv" if target == STDOUT else Path(target).suffix.lower()
        if suffix not in (".csv", ".tsv", ".txt", ".parquet"):
            raise ValueError(
                f"--output must end in .csv, .tsv, .txt or .parquet, or be -, got {target}"
            )
        if suffix == ".parquet":
            require("pyarrow", f"{target}, a parquet file,")
        self.target, self.suffix, self.encoding = target, suffix, encoding
        self.separator = separator or ("\t" if suffix == ".tsv" else ",")
        self.rows = 0
        self._stack = ExitStack()
        self._parquet: Any = None

    def __enter__(self) -> Self:
        from seqkit.saving.atomic_files import whole_file

        if self.target == STDOUT:
            self._file: Any = sys.stdout.buffer
        else:
            path = Path(self.target)
            if not path.parent.is_dir():
                raise FileNotFoundError(f"--output: the folder {path.parent} does not exist")
            self._file = self._stack.enter_context(whole_file(path))
        return self

    def write(self, frame: pd.DataFrame) -> None:
        """Adds rows."""
        if self.suffix == ".parquet":
            self._write_parquet(frame)
        else:
            text = frame.to_csv(
                sep=self.separator, index=False, header=not self.rows, lineterminator="\n"
            )
            # A mark of the byte order is written once.
            name = (
                self.encoding
                if not self.rows
                else {"utf-16": "utf-16-le"}.get(self.encoding.lower(), self.encoding)
            )
            self._file.write(text.encode(name))
            self._file.flush()
        self.rows += len(frame)

    def _write_parquet(self, frame: pd.DataFrame) -> None:
        import pyarrow
        from pyarrow import parquet

        table = pyarrow.Table.from_pandas(frame, preserve_index=False)
        if self._parquet is None:
            self._parquet = parquet.ParquetWriter(self._file, table.schema)
        self._parquet.write_table(table.cast(self._parquet.schema))

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._parquet is not None:
            self._parquet.close()
        self._stack.__exit__(kind, error, trace)


def with_columns(frame: pd.DataFrame, columns: Mapping[str, Sequence[Any]]) -> pd.DataFrame:
    """The frame with further columns at its end.

    Raises:
        ValueError: for a column that it has already.
    """
    taken = [name for name in columns if name in frame.columns]
    if taken:
        raise ValueError(
            f"the table has a column {taken[0]!r} already. Give --prefix, which the names of new "
            "columns begin with."
        )
    return frame.assign(**columns)
