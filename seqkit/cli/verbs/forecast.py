"""The verb forecast: the steps that follow series."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import Any

from seqkit import checks
from seqkit.cli.command_line import Parser
from seqkit.cli.csv_form import add_form_options
from seqkit.cli.models import add_model, loaded
from seqkit.cli.table_options import add_known_columns, given_columns, settled, whole_table
from seqkit.cli.tasks import task_of
from seqkit.cli.tasks.forecasting import Forecasting

TEXT = "the steps that follow series, with intervals"


def parser(prog: str, arguments: Sequence[str]) -> argparse.ArgumentParser:
    """The parser of its options."""
    made = Parser(
        prog=prog,
        description="Write the steps that follow the series that a model was trained on, or those "
        "of another table of the same columns, with an interval for each. Rows of the table "
        "without a value are steps to forecast; their other columns stay.",
    )
    add_model(made)
    data = made.add_argument_group("data")
    data.add_argument("--csv", metavar="FILE", help=".csv, .tsv or .parquet; - is standard input")
    data.add_argument("--output", default="-", metavar="FILE", help="of the same kinds [-: stdout]")
    data.add_argument("--horizon", type=int, metavar="N", help="steps [as it was trained]")
    data.add_argument(
        "--coverage", type=float, default=0.8, metavar="X", help="of the intervals [0.8]"
    )
    add_known_columns(data)
    add_form_options(data)
    return made


def run(options: argparse.Namespace) -> None:
    """Forecasts, and writes a row a step."""
    from seqkit.cli.tables import TableWriter

    form = settled(options)
    checks.optional(checks.count)("--horizon", options.horizon)
    checks.inner_fraction("--coverage", options.coverage)
    if form and options.csv is None:
        raise ValueError(f"--{next(iter(form))} is of a CSV file: it needs --csv")
    writer = TableWriter(
        options.output,
        separator=form.get("separator"),
        encoding=form.get("encoding", "utf-8"),
    )
    model = loaded(options.model)
    task = task_of(model)
    if not isinstance(task, Forecasting):
        raise ValueError(f"{options.model} is of {task.name}: use the verb predict.")
    from seqkit.cli.tasks.series_frames import forecast

    columns = {**task.column_names(model), **given_columns(options, task)}
    series, others = None, None
    if options.csv is not None:
        table = whole_table(options.csv, form, columns)
        series = task.read(table, model)
        others = _others(table.frame, series)
    elif columns["covariates"]:
        named = ", ".join(columns["covariates"])
        raise ValueError(
            f"--csv is needed, for the model reads {named}: give the past, and below it the steps "
            "to forecast without a value."
        )
    forecasts = forecast(model, series, options.horizon, options.coverage)
    with writer:
        writer.write(_written(forecasts, others, writer.suffix, form.get("decimal", ".")))


def _others(frame: Any, series: Any) -> Any:
    """The columns of the table that are not forecast, by the keys as they were read."""
    kept = [c for c in frame.columns if c not in (*series.keys, series.target)]
    keys = series.frame[series.keys]
    return keys.assign(**{c: frame[c].to_numpy()[series.rows] for c in kept}) if kept else None


def _written(forecasts: Any, others: Any, suffix: str, decimal: str) -> Any:
    import pandas as pd

    from seqkit.cli.training import in_columns

    if others is not None:
        keys = [c for c in others.columns if c in forecasts.columns]
        forecasts = forecasts.merge(others, on=keys, how="left")
        for name in others.columns:
            if name not in keys:
                forecasts[name] = (
                    forecasts[name].astype(object).where(forecasts[name].notna(), None)
                )
    return forecasts if suffix == ".parquet" else pd.DataFrame(in_columns(forecasts, decimal))
