"""Classify numeric sequences: who is speaking, from twelve numbers a frame, or your own data.

    python -m recipes.series_classification
    python -m recipes.series_classification --train my_train.csv --test my_test.csv --cell gru

By default: Japanese Vowels (Kudo et al. 1999), 9 speakers, 12 cepstrum coefficients, 7-29 frames.
Own data: `.ts` files of the UCR/UEA archive, or long tables (CSV, parquet), a row a time step, with
columns for the instance, the time and the label; all other columns are features.
The baseline is a logistic regression on the zero-padded, flattened sequences; where it is ahead it
is written to baseline.joblib beside the results.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from typing import Any

import numpy as np

from seqkit.cli.command_line import exit_code, recipe_parser
from seqkit.cli.csv_form import add_form_options, check_form, form_of, told_as_options
from seqkit.cli.run_folder import RunFolder, add_output, recorded

from .parts.classification.runs import Baseline, Task, of_one_kind, report, train, write
from .parts.models import add_estimator_options, check_runs, new_model

COLUMNS = ("instance", "time", "label", "features")


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = recipe_parser(f"{__package__}.series_classification", __doc__)
    data = parser.add_argument_group("data")
    data.add_argument("--train", metavar="FILE", help=".ts, .csv or .parquet; needs --test")
    data.add_argument("--test", metavar="FILE", help=".ts, .csv or .parquet; needs --train")
    data.add_argument("--instance", default="instance", help="column that names the sequence")
    data.add_argument("--time", default="time", help="column that orders its steps")
    data.add_argument("--label", default="label", help="column of the class")
    data.add_argument(
        "--features", nargs="+", metavar="COL", help="columns of the values [all others]"
    )
    add_form_options(data)
    run = parser.add_argument_group("run")
    run.add_argument("--one-way", action="store_true", help="as --no-bidirectional")
    run.add_argument("--seed", type=int, default=0, help="of the first run")
    run.add_argument("--seeds", type=int, default=1, help="number of runs, for mean and spread")
    add_output(run, "runs/series_classification")
    run.add_argument("--export", metavar="DIR", help="folder for a SavedModel of the first run")
    add_estimator_options(parser, "SequenceClassifier", elsewhere=COLUMNS)
    options = parser.parse_args(arguments)
    if (options.train is None) != (options.test is None):
        parser.error("--train and --test go together: give both files, or neither")
    check_form(parser, options, "train")
    check_runs(parser, options)
    return options


def load(options: argparse.Namespace) -> Task:
    from seqkit import data

    if options.train is None:
        vowels = data.load_japanese_vowels()
        return Task("Japanese Vowels", *vowels)
    columns = {name: getattr(options, name) for name in COLUMNS}
    parts = []
    for path in (options.train, options.test):
        of_table = {} if path.endswith(".ts") else {**columns, **form_of(options)}
        with told_as_options(*COLUMNS):
            read = data.read_sequences(path, **of_table)
        if read.y is None:
            raise ValueError(f"{path} has no labels; a classifier needs one for each sequence.")
        parts.append(read)
    (X, y, _), (X_test, y_test, _) = parts
    assert y is not None
    assert y_test is not None
    y, y_test = of_one_kind(y, y_test)
    return Task(f"{options.train} / {options.test}", X, y, X_test, y_test)


def baseline(X: Any, y: Any) -> Any:
    """A logistic regression on the zero-padded, flattened sequences, fitted."""
    from .parts.classification.baselines import of_series

    return of_series(X, y)


def estimator(options: argparse.Namespace, seed: int) -> Any:
    own = {"bidirectional": False} if options.one_way else {}
    return new_model(options, "SequenceClassifier", seed, **own)


def run(options: argparse.Namespace) -> dict[str, Any]:
    """Trains, compares with the baseline, prints a table, writes all; returns the metrics."""
    estimator(options, options.seed)  # checks what was given, before anything takes its time
    task = load(options)
    output = RunFolder(options.output)
    lengths = [len(x) for x in [*task.X, *task.X_test]]
    print(
        f"{task.name}: {len(task.X)} training and {len(task.X_test)} test sequences of "
        f"{task.X[0].shape[1]} features, length {min(lengths)}-{max(lengths)}, "
        f"{len(np.unique(task.y))} classes",
        flush=True,
    )
    base = Baseline.of("logistic regression", baseline(task.X, task.y), task)
    seeds = range(options.seed, options.seed + options.seeds)
    outcome = train(task, lambda seed: estimator(options, seed), seeds)
    report(output, base, [outcome])
    metrics = write(output, options, task, base, outcome)
    print(f"Results are in {output.folder}/")
    if options.export:
        print(f"Exported {outcome.model.export(options.export)}")
    return metrics


def main(arguments: Sequence[str] | None = None) -> int:
    return exit_code(recorded(run), parse(arguments))


if __name__ == "__main__":
    sys.exit(main())
