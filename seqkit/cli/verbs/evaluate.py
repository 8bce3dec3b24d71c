"""The verb evaluate: how good a model is on a table that says what is right."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from seqkit.cli.command_line import Parser
from seqkit.cli.csv_form import add_form_options
from seqkit.cli.models import add_model, loaded
from seqkit.cli.table_options import add_known_columns, given_columns, settled, whole_table
from seqkit.cli.tasks import task_of
from seqkit.cli.tasks.forecasting import Forecasting
from seqkit.cli.tasks.task import SampleTask, Table

TEXT = "how good a model is on a table that says what is right"


def parser(prog: str, arguments: Sequence[str]) -> argparse.ArgumentParser:
    """The parser of its options."""
    made = Parser(
        prog=prog,
        description="Print the scores of a model on a table with the columns that it was trained "
        "on. A forecaster forecasts the last steps of each series from those before.",
    )
    add_model(made)
    data = made.add_argument_group("data")
    data.add_argument(
        "--csv", required=True, metavar="FILE", help=".csv, .tsv or .parquet; - is standard input"
    )
    data.add_argument("--output", metavar="FILE", help="JSON of the scores too")
    add_known_columns(data)
    add_form_options(data)
    return made


def run(options: argparse.Namespace) -> None:
    """Prints the scores, and writes them."""
    from seqkit.cli.printed_tables import print_table
    from seqkit.cli.tables import in_words

    if options.output and Path(options.output).suffix != ".json":
        raise ValueError(f"--output must end in .json, got {options.output}")
    model = loaded(options.model)
    task = task_of(model)
    columns = {**task.column_names(model), **given_columns(options, task)}
    table = whole_table(options.csv, settled(options), columns)
    if isinstance(task, Forecasting):
        measured = _of_forecasts(model, task, table)
    else:
        assert isinstance(task, SampleTask)
        measured = _of_samples(model, task, table)
    print_table(list(measured), [in_words(measured.values())])
    if options.output:
        from seqkit.saving.atomic_files import whole_file

        with whole_file(Path(options.output)) as file:
            file.write((json.dumps(measured, indent=2) + "\n").encode())


def _of_samples(model: Any, task: SampleTask, table: Table) -> dict[str, float]:
    samples = task.read(table, labelled=True, model=model)
    truth = task.truth(model, samples.y, table.decimal)
    scores = task.scores(truth, task.answers(model, samples.X))
    return {task.nouns: samples.count, **scores}


def _of_forecasts(model: Any, task: Forecasting, table: Table) -> dict[str, float]:
    from seqkit.cli.tasks.series_frames import forecast, scores

    whole = task.read(table, model)
    past = whole.without_last(model.horizon)
    forecasts = forecast(model, past, None, 0.8)
    of_model, naive, _ = scores(model, past, whole, forecasts)
    return {**of_model, **{f"naive {name}": value for name, value in naive.items()}}
