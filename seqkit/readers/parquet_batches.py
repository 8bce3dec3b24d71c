"""Folders of parquet files as batches: a row a sample, whose sequence is a list in a cell."""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from seqkit.checks import known_column
from seqkit.extras import require
from seqkit.readers.batches import Batches

ROWS = 2048
MIXED = 4  # row groups that are read by turns where files are shuffled


def parquet_batches(
    path: str | os.PathLike[str],
    inputs: str | Sequence[str],
    targets: str | Sequence[str] | None = None,
    weights: str | None = None,
    *,
    rows: int = ROWS,
    shuffle: int | None = None,
) -> Batches:
    r"""The rows of parquet files as batches, for `fit` and `predict`; a few are in memory at once.

    Args:
        path: a file, or a folder whose .parquet files are read in the order of their names.
        inputs: the column of the sequences: texts; lists of tokens; lists of numbers (T,), or of
            lists of numbers (T, d). Or the columns of several features, each of lists (T,).
        targets: the column of the targets, or several of numbers. Default: None, to predict.
        weights: the column of the samples' weights. Default: None.
        rows: of a batch, at most. Default 2048.
        shuffle: seed by which each pass mixes row groups of all files, four at a time; None: in
            their order. Within a chunk `fit` shuffles by itself. Default: None.

    Returns:
        Batches of (X, y), (X, y, weight) or X.

    Raises:
        FileNotFoundError: where there is no parquet file.
        ValueError: for columns that a file lacks, or that are of other types in it than in the
            first; while reading, for a row without a value.
        MissingExtraError: without pyarrow.

    Example:
        >>> import pathlib, tempfile, pyarrow as pa
        >>> from pyarrow import parquet
        >>> folder = tempfile.TemporaryDirectory()
        >>> table = pa.table({"speed": [[1.0, 2.0], [3.0]], "kind": ["walk", "run"]})
        >>> parquet.write_table(table, pathlib.Path(folder.name, "part-0.parquet"))
        >>> [(X, y)] = parquet_batches(folder.name, "speed", "kind")
        >>> [x.tolist() for x in X], y
        ([[1.0, 2.0], [3.0]], ['walk', 'run'])
        >>> folder.cleanup()
    """
    require("pyarrow", "parquet_batches")
    if rows < 1:
        raise ValueError(f"rows must be at least 1, got {rows}.")
    files = parquet_files(path)
    columns = {"inputs": _names(inputs), "targets": _names(targets), "weights": _names(weights)}
    chosen = list(dict.fromkeys(itertools.chain.from_iterable(columns.values())))
    groups, count = _checked(files, columns, chosen)
    passes = itertools.count()

    def begin() -> Iterator[Any]:
        order = groups
        if shuffle is not None:
            rng = np.random.default_rng((shuffle, next(passes)))
            order = [groups[k] for k in rng.permutation(len(groups))]
        for file, first_row, batch in _batches(
            order, chosen, rows, 1 if shuffle is None else MIXED
        ):
            where = f"{file}, row"
            X = sequences_of([batch.column(name) for name in columns["inputs"]], where, first_row)
            if not columns["targets"]:
                yield X
                continue
            parts = [_values(batch.column(n), where, first_row) for n in columns["targets"]]
            y = parts[0] if isinstance(targets, str) else np.stack(parts, axis=1)
            if weights is None:
                yield X, y
            else:
                yield X, y, _values(batch.column(weights), where, first_row)

    return Batches(begin, count)


def parquet_files(path: str | os.PathLike[str]) -> list[Path]:
    """A file, or the .parquet files of a folder by name; hidden ones and those of "_" are none.

    Raises:
        FileNotFoundError: where there is none.
    """
    path = Path(path)
    if path.is_file():
        return [path]
    files = sorted(p for p in path.glob("*.parquet") if p.name[0] not in "._")
    if not files:
        raise FileNotFoundError(
            f"path must be a .parquet file, or a folder with such files, got {path}, which "
            f"{'has none' if path.is_dir() else 'is not there'}."
        )
    return files


def _names(columns: str | Sequence[str] | None) -> list[str]:
    if columns is None:
        return []
    return [columns] if isinstance(columns, str) else list(columns)


def _checked(
    files: list[Path], columns: dict[str, list[str]], chosen: list[str]
) -> tuple[list[tuple[Path, int, int]], int]:
    """The row groups of all files, each with the rows before it; and the rows of all."""
    from pyarrow import parquet

    groups: list[tuple[Path, int, int]] = []
    count = 0
    types: dict[str, Any] = {}
    for file in files:
        with parquet.ParquetFile(file) as opened:
            schema, metadata = opened.schema_arrow, opened.metadata
            for argument, names in columns.items():
                for name in names:
                    known_column(argument, name, schema.names, str(file))
            check_types(file, schema, chosen, types, files[0])
            before = 0
            for group in range(metadata.num_row_groups):
                groups.append((file, group, before))
                before += metadata.row_group(group).num_rows
            count += before
    return groups, count


def check_types(
    file: Path, schema: Any, columns: Sequence[str], types: dict[str, Any], first: Path
) -> None:
    """Raises ValueError for a column of another type in a file than in the first.

    Args:
        file: the file, of which errors tell.
        schema: its schema of Arrow.
        columns: which are read.
        types: of the columns in the first file; filled by it.
        first: the first file.
    """
    for name in columns:
        kind = schema.field(name).type
        if types.setdefault(name, kind) != kind:
            raise ValueError(
                f"{file}: column {name!r} must be of one type in all files, got {kind}, and "
                f"{types[name]} in {first}. Cast one of them."
            )


def _batches(
    order: list[tuple[Path, int, int]], columns: list[str], rows: int, mixed: int
) -> Iterator[tuple[Path, int, Any]]:
    """Arrow's batches of row groups, of some groups by turns: file, rows before, batch."""
    waiting = iter([_of_group(*group, columns, rows) for group in order])
    reading = list(itertools.islice(waiting, mixed))
    while reading:
        for group in list(reading):
            batch = next(group, None)
            if batch is not None:
                yield batch
                continue
            reading.remove(group)
            reading.extend(itertools.islice(waiting, 1))


def _of_group(
    file: Path, group: int, before: int, columns: list[str], rows: int
) -> Iterator[tuple[Path, int, Any]]:
    from pyarrow import parquet

    with parquet.ParquetFile(file) as opened:
        for batch in opened.iter_batches(rows, row_groups=[group], columns=columns):
            yield file, before, batch
            before += batch.num_rows


def sequences_of(columns: list[Any], where: str, first_row: int) -> list[Any]:
    """The sequences of columns: those of one as they are, of several as features of each step.

    Args:
        columns: arrays of Arrow, of one length.
        where, first_row: what errors say before the number of a row, and the rows before these.
    """
    lists = [_values(column, where, first_row) for column in columns]
    if len(lists) == 1:
        return list(lists[0])
    sequences = []
    for i, features in enumerate(zip(*lists, strict=True)):
        lengths = {np.shape(f) for f in features}
        if len(lengths) > 1:
            raise ValueError(
                f"{where} {first_row + i + 1}: the columns of inputs must hold lists of one "
                f"length, got {', '.join(map(str, sorted(lengths)))}."
            )
        sequences.append(np.stack(features, axis=-1))
    return sequences


def _values(column: Any, where: str, first_row: int) -> Any:
    """The values of a column: an array of numbers, a list of texts, or a list of arrays or lists.

    Raises:
        ValueError: for a row without one; the message has its number.
    """
    import pyarrow as pa

    if isinstance(column.type, pa.DictionaryType):
        column = column.dictionary_decode()
    if column.null_count:
        row = first_row + int(np.argmax(column.is_null().to_numpy(zero_copy_only=False))) + 1
        raise ValueError(
            f"{where} {row}: a value is missing. Fill it, or leave the row out of the file."
        )
    kind = column.type
    if pa.types.is_fixed_size_list(kind):
        inner = _values(column.flatten(), where, first_row)
        return list(np.reshape(inner, (len(column), kind.list_size, *np.shape(inner)[1:])))
    if pa.types.is_list(kind) or pa.types.is_large_list(kind):
        ends = column.offsets.to_numpy().tolist()
        return _rows_of(column.values, ends, where, first_row)
    if pa.types.is_floating(kind) or pa.types.is_integer(kind) or pa.types.is_boolean(kind):
        return column.to_numpy(zero_copy_only=False)
    return column.to_pylist()


def _rows_of(values: Any, ends: list[int], where: str, first_row: int) -> list[Any]:
    import pyarrow as pa

    if pa.types.is_list(values.type) or pa.types.is_large_list(values.type):
        steps = values.offsets.to_numpy()
        flat = values.values.to_numpy(zero_copy_only=False)
        rows = []
        for i, (start, end) in enumerate(itertools.pairwise(ends)):
            widths = np.diff(steps[start : end + 1])
            if len(widths) and (widths != widths[0]).any():
                raise ValueError(
                    f"{where} {first_row + i + 1}: every step must have as many numbers, got "
                    f"{sorted({*widths.tolist()})}."
                )
            width = int(widths[0]) if len(widths) else 0
            rows.append(flat[steps[start] : steps[end]].reshape(end - start, width))
        return rows
    inner: Any
    if pa.types.is_fixed_size_list(values.type):
        inner = values.values.to_numpy(zero_copy_only=False).reshape(-1, values.type.list_size)
    elif values.null_count and not pa.types.is_floating(values.type):
        inner = values.to_pylist()  # refused by what reads them, with their place
    elif pa.types.is_string(values.type) or pa.types.is_large_string(values.type):
        inner = values.to_pylist()
    else:
        inner = values.to_numpy(zero_copy_only=False)
    return [inner[start:end] for start, end in itertools.pairwise(ends)]
