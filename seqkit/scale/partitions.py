"""One file of a folder: answered some rows at a time, written whole or not at all."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from seqkit.saving.atomic_files import whole_file

if TYPE_CHECKING:
    import pyarrow as pa

    from seqkit.scale.arrow_predictor import ArrowPredictor

MARK = b"seqkit"  # of the footer of a file that is finished
REASON = "reason"


@dataclass(frozen=True)
class Partition:
    """One file, and where its answers go.

    Attributes:
        source: the file.
        output: the file of its answers.
        set_aside: the file of rows that cannot be answered; None: they are refused.
        rows: that are read at once, about.
        mark: what the answers depend on, which the output's footer keeps.
    """

    source: Path
    output: Path
    set_aside: Path | None
    rows: int
    mark: str

    @property
    def finished(self) -> bool:
        """Whether its answers are there.

        Raises:
            FileExistsError: for answers of another model, other options, or a file that has
                changed since; and for a file of another kind.
        """
        if not self.output.exists():
            return False
        if mark_of(self.output) == self.mark:
            return True
        raise FileExistsError(
            f"output has {self.output}, which holds other answers than these: of another model, "
            "with other options, or to a file that has changed. Give another folder, or remove it."
        )


class Answered(NamedTuple):
    """The rows of a partition that were answered, and those that were set aside."""

    rows: int
    set_aside: int


def mark_of(path: Path) -> str | None:
    """Reads what its answers depend on in a file's footer; None where that says nothing."""
    import pyarrow as pa
    from pyarrow import parquet

    try:
        metadata = parquet.read_metadata(path).metadata or {}
    except (pa.ArrowInvalid, OSError):
        return None
    return metadata.get(MARK, b"").decode() or None


def mark_for(source: Path, depends_on: dict[str, Any]) -> str:
    """The mark of answers to a file: its size and time, and what else they depend on."""
    stat = source.stat()
    return json.dumps(
        {**depends_on, "size": stat.st_size, "changed": stat.st_mtime_ns}, sort_keys=True
    )


def answer(predictor: ArrowPredictor, partition: Partition) -> Answered:
    """Writes the answers to a file; it is there when they are complete.

    Raises:
        ValueError: for a row that cannot be answered, unless such are set aside.
    """
    from pyarrow import parquet

    refused: list[pa.Table] = []
    rows = 0
    with whole_file(partition.output) as file:
        writer = None
        try:
            for first_row, table in _tables(predictor, partition):
                answers = _answered(predictor, partition, table, first_row, refused)
                if writer is None:
                    marked = {MARK: partition.mark.encode()}
                    schema = answers.schema.with_metadata(marked)
                    writer = parquet.ParquetWriter(file, schema)
                writer.write_table(answers.cast(schema))
                rows += answers.num_rows
        finally:
            if writer is not None:
                writer.close()
        if refused and partition.set_aside is not None:
            import pyarrow as pa

            partition.set_aside.parent.mkdir(exist_ok=True)
            with whole_file(partition.set_aside) as aside:
                parquet.write_table(pa.concat_tables(refused), aside)
    return Answered(rows, sum(table.num_rows for table in refused))


def _tables(predictor: ArrowPredictor, partition: Partition) -> Iterator[tuple[int, pa.Table]]:
    """Some rows at a time, with the number of those before; a forecaster's all at once."""
    import pyarrow as pa
    from pyarrow import parquet

    with parquet.ParquetFile(partition.source) as opened:
        if predictor.forecasts or not opened.metadata.num_rows:
            yield 0, opened.read()
            return
        first = 0
        for batch in opened.iter_batches(partition.rows):
            yield first, pa.Table.from_batches([batch])
            first += batch.num_rows


def _answered(
    predictor: ArrowPredictor,
    partition: Partition,
    table: pa.Table,
    first_row: int,
    refused: list[pa.Table],
) -> pa.Table:
    """The answers to the rows that can be answered; the others are added to those refused."""
    try:
        return predictor(table)
    except (ValueError, TypeError) as error:
        units = _units(predictor, table)
        refused_unit, why = _first_refused(predictor, table, units, error)
        if partition.set_aside is None:
            row = first_row + int(units[refused_unit][0]) + 1
            raise ValueError(f"{partition.source}, row {row}: {why}") from error
    import pyarrow as pa

    good, bad = _sorted_out(predictor, table, units)
    for rows, reason in bad:
        taken = table.take(rows)
        refused.append(taken.append_column(REASON, pa.array([reason] * taken.num_rows)))
    kept = table.take(np.concatenate([units[k] for k in good])) if good else table.slice(0, 0)
    return predictor(kept)


def _units(predictor: ArrowPredictor, table: pa.Table) -> list[np.ndarray]:
    """The rows that are answered together: each alone, or those of a series."""
    if not predictor.forecasts:
        return [np.array([row]) for row in range(table.num_rows)]
    keys = table.select(predictor.ids()).to_pandas()
    series = keys.groupby(list(keys), sort=False, dropna=False).ngroup().to_numpy()
    order = np.argsort(series, kind="stable")
    return np.split(order, np.flatnonzero(np.diff(series[order])) + 1)


def _error_of(predictor: ArrowPredictor, table: pa.Table, units: list[np.ndarray]) -> str | None:
    """The error of the rows of some units; None where they are answered."""
    try:
        predictor(table.take(np.concatenate(units)))
    except (ValueError, TypeError) as error:
        return str(error)
    return None


def _first_refused(
    predictor: ArrowPredictor, table: pa.Table, units: list[np.ndarray], error: Exception
) -> tuple[int, str]:
    """The first unit without which those before it are answered, by halves; and why."""
    low, high = 0, len(units)  # the first `low` are answered, the first `high` are not
    why = str(error)
    while high - low > 1:
        middle = (low + high) // 2
        reason = _error_of(predictor, table, units[low:middle])
        if reason is None:
            low = middle
        else:
            high, why = middle, reason
    alone = _error_of(predictor, table, units[low:high])
    return low, alone or why


def _sorted_out(
    predictor: ArrowPredictor, table: pa.Table, units: list[np.ndarray]
) -> tuple[list[int], list[tuple[np.ndarray, str]]]:
    """The units that are answered, and the rows of each other one with its reason, by halves."""
    good: list[int] = []
    bad: list[tuple[np.ndarray, str]] = []
    waiting = [(0, len(units))]
    while waiting:
        start, end = waiting.pop()
        reason = _error_of(predictor, table, units[start:end])
        if reason is None:
            good.extend(range(start, end))
        elif end - start == 1:
            bad.append((units[start], reason))
        else:
            middle = (start + end) // 2
            waiting += [(middle, end), (start, middle)]
    return good, bad
