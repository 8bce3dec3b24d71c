"""Predictions for a folder of parquet files, file by file, on one process or a cluster."""

from __future__ import annotations

import contextlib
import hashlib
import os
import time
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from seqkit import checks
from seqkit.extras import require
from seqkit.readers.parquet_batches import parquet_files
from seqkit.scale.arrow_predictor import INTERVAL, ArrowPredictor
from seqkit.scale.partitions import Answered, Partition, answer, mark_for
from seqkit.scale.schemas import check_files
from seqkit.temporaries import remove_stale

ENGINES = ("local", "dask")
BAD_ROWS = ("refuse", "set_aside")
ROWS = 16_384
SET_ASIDE = "set_aside"


class PartitionError(RuntimeError):
    """Files have no answers; those of the others are written.

    Attributes:
        errors: by file, why.
        report: what was done.
    """

    def __init__(self, errors: dict[Path, str], report: FolderReport) -> None:
        shown = "\n".join(f"  {message}" for message in list(errors.values())[:5])
        more = f"\n  and {len(errors) - 5} more" if len(errors) > 5 else ""
        super().__init__(
            f"{len(errors)} of {report.files} files have no answers, the others are written:\n"
            f"{shown}{more}\nMend them and run the same again: what is finished is skipped."
        )
        self.errors, self.report = errors, report


@dataclass(frozen=True)
class FolderReport:
    """The account of what was done with a folder.

    Attributes:
        files: of the folder.
        skipped: of these, whose answers were there.
        rows: of answers that were written.
        set_aside: rows that were not answered.
        seconds: that it took.
    """

    files: int
    skipped: int
    rows: int
    set_aside: int
    seconds: float

    def __str__(self) -> str:
        """One line.

        Example:
            >>> print(FolderReport(8, 2, 6000, 1, 1.5))
            6,000 rows of 6 files in 1.5 s, 4,000 a second; 2 files were finished, 1 row set aside
        """
        done = self.files - self.skipped
        speed = self.rows / max(self.seconds, 1e-9)
        text = f"{self.rows:,} rows of {_counted(done, 'file')} in {self.seconds:.1f} s"
        text += f", {speed:,.0f} a second"
        more = []
        if self.skipped:
            was = "was" if self.skipped == 1 else "were"
            more.append(f"{_counted(self.skipped, 'file')} {was} finished")
        if self.set_aside:
            more.append(f"{_counted(self.set_aside, 'row')} set aside")
        return text + ("; " + ", ".join(more) if more else "")


def predict_folder(
    model: str | os.PathLike[str],
    data: str | os.PathLike[str],
    output: str | os.PathLike[str],
    inputs: str | Sequence[str] | None = None,
    *,
    engine: str = "local",
    workers: int = 1,
    address: str | None = None,
    bad_rows: str = "refuse",
    rows: int = ROWS,
    every: bool = False,
    keep: Sequence[str] | None = None,
    covariates: Sequence[str] | None = None,
    static: Sequence[str] | None = None,
    horizon: int | None = None,
    coverage: float = INTERVAL,
) -> FolderReport:
    """Writes a model's answers to each parquet file of a folder into a file of the same name.

    A file of answers appears complete or not at all, in the order of its rows. Run again, after a
    kill say, what is finished is skipped. Where a file cannot be answered the others are.

    Args:
        model: the path of a saved estimator.
        data: the folder; or one file. Of a forecaster, a row a step, all of a series in one file.
        output: the folder of answers, which is made.
        inputs, every, keep, covariates, static, horizon, coverage: as of `ArrowPredictor`.
        engine: "local", this process; or "dask", several, where one that dies is replaced.
        workers: processes of a cluster that is started on this machine. Default: 1.
        address: of a Dask scheduler, "tcp://host:8786" say, whose workers see the same folders;
            None: one is started here, which only this machine can reach. Default: None.
        bad_rows: what is done with rows that `predict` refuses: "refuse", the file then has no
            answers; or "set_aside", they are written into output/set_aside, with the reason.
        rows: that are read at once; a forecaster reads a file at once. Default: 16,384.

    Returns:
        The number of files and rows, and the seconds.

    Raises:
        PartitionError: where files have no answers; the others have.
        FileExistsError: where the output holds other answers.
        ValueError: for files without the columns, or of other types than the first; for a series
            in two files.
        MissingExtraError: without pyarrow, or distributed.
    """
    for name, value, known in (("engine", engine, ENGINES), ("bad_rows", bad_rows, BAD_ROWS)):
        checks.one_of(*known)(name, value)
    checks.count("workers", workers)
    checks.count("rows", rows)
    if engine == "dask":
        require("distributed", "predict_folder with engine='dask'")
    elif workers > 1 or address is not None:
        raise ValueError("workers and address need engine='dask', got engine='local'.")
    predictor = ArrowPredictor(
        model,
        inputs,
        every=every,
        keep=keep,
        covariates=covariates,
        static=static,
        horizon=horizon,
        coverage=coverage,
    )
    files = parquet_files(data)
    check_files(files, predictor)
    partitions = _partitions(files, Path(output), predictor, bad_rows, rows)
    started = time.perf_counter()
    waiting = [partition for partition in partitions if not partition.finished]
    done: Generator[tuple[Partition, Answered | Exception]]
    if engine == "local":
        done = _here(predictor, waiting)
    else:
        from seqkit.scale.dask_engine import on_cluster

        done = on_cluster(predictor, waiting, workers, address)
    errors: dict[Path, str] = {}
    answered = Answered(0, 0)
    with contextlib.closing(done):
        for partition, outcome in done:
            if isinstance(outcome, Exception):
                errors[partition.source] = _told(partition, outcome)
                remove_stale(partition.output.parent, partition.output.name)  # of dead processes
            else:
                answered = Answered(*map(sum, zip(answered, outcome, strict=True)))
    seconds = time.perf_counter() - started
    report = FolderReport(len(files), len(files) - len(waiting), *answered, seconds)
    if errors:
        raise PartitionError(errors, report)
    return report


def _partitions(
    files: list[Path], output: Path, predictor: ArrowPredictor, bad_rows: str, rows: int
) -> list[Partition]:
    output = output.absolute()
    output.mkdir(parents=True, exist_ok=True)
    if output == files[0].parent.absolute():
        raise ValueError(f"output must be another folder than data, got {output} for both.")
    depends_on: dict[str, Any] = {
        name: value for name, value in vars(predictor).items() if name != "model"
    }
    depends_on["model"] = hashlib.sha256(Path(predictor.model).read_bytes()).hexdigest()
    aside = output / SET_ASIDE if bad_rows == "set_aside" else None
    return [
        Partition(
            source=file.absolute(),
            output=output / file.name,
            set_aside=None if aside is None else aside / file.name,
            rows=rows,
            mark=mark_for(file, depends_on),
        )
        for file in files
    ]


def _here(
    predictor: ArrowPredictor, partitions: Sequence[Partition]
) -> Generator[tuple[Partition, Answered | Exception]]:
    for partition in partitions:
        try:
            yield partition, answer(predictor, partition)
        except (ValueError, TypeError, OSError) as error:
            yield partition, error


def _told(partition: Partition, error: Exception) -> str:
    message = str(error)
    return message if str(partition.source) in message else f"{partition.source}: {message}"


def _counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}" + ("" if count == 1 else "s")
