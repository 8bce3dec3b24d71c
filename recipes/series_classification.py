"""Classify numeric sequences: who is speaking, from twelve numbers a frame, or your own data.

    python -m recipes.series_classification
    python -m recipes.series_classification --train my_train.csv --test my_test.csv --cell gru

By default: Japanese Vowels (Kudo et al. 1999), 9 speakers, 12 cepstrum coefficients, 7-29 frames.
Own data: `.ts` files of the UCR/UEA archive, or long tables (CSV, parquet), a row a time step, with
columns for the instance, the time and the label; all other columns are features.
The baseline is a logistic regression on the zero-padded, flattened sequences.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from typing import Any

import numpy as np

from seqkit.cells import CELLS
from seqkit.cli.command_line import check_runs_and_cell, exit_code, recipe_parser
from seqkit.cli.csv_form import add_form_options, check_form, form_of, told_as_options
from seqkit.cli.model_options import add_settings, settings
from seqkit.cli.run_folder import RunFolder
from seqkit.cli.tensorflow_log import import_quietly

from .parts.classification.runs import Task, of_one_kind, report, scores, train, write

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
    model = parser.add_argument_group("model")
    model.add_argument("--cell", default="lstm", help=f"one of {', '.join(CELLS)}")
    model.add_argument("--units", type=int, default=64, help="units a layer and direction")
    model.add_argument("--layers", type=int, default=1, help="recurrent layers")
    model.add_argument("--one-way", action="store_true", help="do not read from the end as well")
    model.add_argument("--dropout", type=float, default=0.2, help="fraction dropped in training")
    model.add_argument("--epochs", type=int, help="passes over the data [some 500 steps]")
    model.add_argument("--batch-size", type=int, help="sequences a step [16, of many 32]")
    model.add_argument("--learning-rate", type=float, default=0.005, help="of Adam, at its height")
    run = parser.add_argument_group("run")
    add_settings(run)
    run.add_argument("--seed", type=int, default=0, help="of the first run")
    run.add_argument("--seeds", type=int, default=1, help="number of runs, for mean and spread")
    run.add_argument("--output", default="runs/series_classification", help="folder for results")
    run.add_argument("--export", metavar="DIR", help="folder for a SavedModel of the first run")
    options = parser.parse_args(arguments)
    if (options.train is None) != (options.test is None):
        parser.error("--train and --test go together: give both files, or neither")
    check_form(parser, options, "train")
    check_runs_and_cell(parser, options)
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


def flat(sequences: Any, longest: int) -> np.ndarray:
    """The sequences with zeros behind them, in rows of `longest` steps."""
    rows = np.zeros((len(sequences), longest, sequences[0].shape[1]))
    for row, x in zip(rows, sequences, strict=True):
        row[: len(x)] = x[:longest]
    return rows.reshape(len(rows), -1)


def baseline(X: Any, y: Any, X_test: Any) -> np.ndarray:
    """Labels from a logistic regression on the zero-padded, flattened sequences."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    longest = max(len(x) for x in X)
    model = make_pipeline(StandardScaler(), LogisticRegression(max_iter=2000))
    return model.fit(flat(X, longest), y).predict(flat(X_test, longest))


def estimator(options: argparse.Namespace, seed: int) -> Any:
    import_quietly()
    from seqkit import SequenceClassifier

    model = SequenceClassifier(
        cell=options.cell,
        units=options.units,
        layers=options.layers,
        bidirectional=not options.one_way,
        dropout=options.dropout,
        epochs=options.epochs,
        batch_size=options.batch_size,
        learning_rate=options.learning_rate,
        random_state=seed,
    )
    return model.set_params(**settings(options, "SequenceClassifier"))


def run(options: argparse.Namespace) -> dict[str, Any]:
    """Trains, compares with the baseline, prints a table, writes all; returns the metrics."""
    estimator(options, options.seed).check_parameters()  # before anything takes its time
    task = load(options)
    output = RunFolder(options.output)
    lengths = [len(x) for x in [*task.X, *task.X_test]]
    print(
        f"{task.name}: {len(task.X)} training and {len(task.X_test)} test sequences of "
        f"{task.X[0].shape[1]} features, length {min(lengths)}-{max(lengths)}, "
        f"{len(np.unique(task.y))} classes",
        flush=True,
    )
    base = scores(task.y_test, baseline(task.X, task.y, task.X_test))
    direction = "" if options.one_way else "bidirectional "
    name = f"{direction}{options.cell}, {options.units} units x {options.layers}"
    seeds = range(options.seed, options.seed + options.seeds)
    outcome = train(name, task, lambda seed: estimator(options, seed), seeds)
    report("logistic regression", base, [outcome])
    metrics = write(output, options, task, base, outcome)
    print(f"Results are in {output.folder}/")
    if options.export:
        print(f"Exported {outcome.model.export(options.export)}")
    return metrics


def main(arguments: Sequence[str] | None = None) -> int:
    return exit_code(run, parse(arguments))


if __name__ == "__main__":
    sys.exit(main())
