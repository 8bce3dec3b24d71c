"""The verb predict: the rows of a table, with what a model says of each."""

from __future__ import annotations

import argparse
import itertools
import sys
from collections.abc import Iterator, Sequence
from typing import Any

from seqkit.cli.command_line import Parser
from seqkit.cli.csv_form import add_form_options
from seqkit.cli.models import add_model, loaded
from seqkit.cli.table_options import (
    add_known_columns,
    given_columns,
    parts_of,
    settled,
    source_name,
)
from seqkit.cli.tasks import task_of
from seqkit.cli.tasks.task import Samples, SampleTask, Table
from seqkit.cli.verbs.predict_folder import add_folder_options, is_of_folder, predict_files

TEXT = "what a model says of each row of a table, beside the table's own columns"


def parser(prog: str, arguments: Sequence[str]) -> argparse.ArgumentParser:
    """The parser of its options."""
    made = Parser(
        prog=prog,
        description="Add what a model says to a table: predictions and probabilities. All other "
        "columns stay as they are written. From standard input to standard output rows are read, "
        "answered and written some at a time, in memory that does not grow with them.",
    )
    add_model(made)
    data = made.add_argument_group("data")
    data.add_argument(
        "--csv", default="-", metavar="FILE", help=".csv, .tsv or .parquet [-: stdin]"
    )
    data.add_argument("--output", default="-", metavar="FILE", help="of the same kinds [-: stdout]")
    data.add_argument("--prefix", default="", metavar="TEXT", help="of the names of new columns")
    data.add_argument(
        "--every-probability", action="store_true", help="a column for each class too"
    )
    data.add_argument(
        "--one-row",
        action="store_true",
        help="of a table with a row a step: a row a sequence, its first",
    )
    data.add_argument(
        "--chunk-rows",
        type=int,
        metavar="N",
        help="read at once; 0: all [10000 of standard input and of large files, else all]",
    )
    add_known_columns(data)
    add_form_options(data)
    add_folder_options(made)
    return made


def run(options: argparse.Namespace) -> None:
    """Reads, predicts and writes, part by part."""
    (predict_files if is_of_folder(options) else _predict_table)(options)


def _predict_table(options: argparse.Namespace) -> None:
    from seqkit.cli.tables import TableWriter, in_words, with_columns

    form = settled(options)
    decimal = form.get("decimal", ".")
    writer = TableWriter(
        options.output,
        separator=form.get("separator"),
        encoding=form.get("encoding", "utf-8"),
    )
    model = loaded(options.model)
    task = task_of(model)
    if not isinstance(task, SampleTask):
        raise ValueError(f"{options.model} forecasts series: use the verb forecast.")
    unanswered = 0
    with writer:
        for table, samples in _parts(options, model, task):
            answers = _of_rows(task, model, samples, every=options.every_probability)
            frame = table.frame
            new = {
                options.prefix + name: values
                if writer.suffix == ".parquet"
                else in_words(values, decimal)
                for name, values in answers.items()
            }
            frame = with_columns(frame, new)
            if options.one_row:
                frame = frame[~_repeated(samples)]
            writer.write(frame)
            unanswered += int((samples.of_row < 0).sum())
    if unanswered:
        print(f"{unanswered} rows have no text, and no prediction.", file=sys.stderr)


def _parts(
    options: argparse.Namespace, model: Any, task: SampleTask
) -> Iterator[tuple[Table, Samples]]:
    """The table, some rows and their samples at a time."""
    from seqkit.cli.tables import one_by_one, rows_at_once

    form = settled(options)
    columns = {**task.column_names(model), **given_columns(options, task)}
    source = source_name(options.csv)
    at_once = rows_at_once(options.csv, options.chunk_rows)
    frames = parts_of(options.csv, form, at_once)
    first = next(frames)
    id = task.id_column(model, list(first.columns))
    rows = 0
    frames = itertools.chain([first], frames)
    for frame in one_by_one(frames, id, source) if id and at_once else frames:
        table = Table(frame, source, columns, form.get("decimal", "."), rows)
        yield table, task.read(table, labelled=False, model=model)
        rows += len(frame)


def _of_rows(
    task: SampleTask, model: Any, samples: Samples, *, every: bool
) -> dict[str, list[Any]]:
    """The answers as columns of the table, nothing for rows that are no sample."""
    names = ["predicted"]
    answers: dict[str, list[Any]] = {name: [] for name in names}
    if samples.count:
        answers = task.answers(model, samples.X, every=every)
    stepwise = samples.count and isinstance(answers["predicted"][0], list)
    columns: dict[str, list[Any]] = {name: [] for name in answers}
    seen = [0] * samples.count
    for sample in samples.of_row.tolist():
        for name, values in answers.items():
            if sample < 0:
                columns[name].append(None)
            else:
                value = values[sample]
                columns[name].append(value[seen[sample]] if stepwise else value)
        if sample >= 0:
            seen[sample] += 1
    return columns


def _repeated(samples: Samples) -> Any:
    """Whether a row is of a sample that has one above."""
    import pandas as pd

    return pd.Series(samples.of_row).duplicated().to_numpy()
