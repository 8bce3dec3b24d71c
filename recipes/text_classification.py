"""Classify texts: does a critic like the film, what is the news about, or your own data.

    python -m recipes.text_classification
    python -m recipes.text_classification --dataset r8 --cell gru
    python -m recipes.text_classification --csv mine.csv --text review --label stars

By default: critics' snippets, a phrase to three sentences each, fresh or rotten (Pang & Lee 2004);
the test part is other films. `--dataset r8`: news of Reuters on one of eight topics. Own data: a
table (CSV, parquet) with a text and its label a row, or a set of TensorFlow Datasets. Where they
have no test part, a part of the texts is held out, as many of each class, or whole groups.

The model is the estimator without arguments, but for what the command names. The baseline is a
logistic regression on TF-IDF of words and pairs of words, its C chosen by cross-validation; where
it is ahead it is written to baseline.joblib beside the results.
"""

from __future__ import annotations

import argparse
import functools
import sys
from collections.abc import Sequence
from typing import Any

import numpy as np

from seqkit.cli.command_line import exit_code, recipe_parser
from seqkit.cli.csv_form import add_form_options, check_form
from seqkit.cli.run_folder import RunFolder, add_output, recorded

from .parts.classification.runs import Baseline, Task, report, train, write
from .parts.classification.texts import LOADERS, load
from .parts.models import add_estimator_options, check_runs, new_model, with_parameters

COMPARED = ("simple_rnn", "lstm", "gru", "peephole_lstm")


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = recipe_parser(f"{__package__}.text_classification", __doc__)
    data = parser.add_argument_group("data")
    source = data.add_mutually_exclusive_group()
    source.add_argument("--dataset", choices=LOADERS, help="packaged data [snippets]")
    source.add_argument("--csv", metavar="FILE", help="own data, .csv or .parquet")
    source.add_argument("--tfds", metavar="NAME", help="a data set of TensorFlow Datasets")
    data.add_argument("--text", metavar="COLUMN", help="of the texts [text]")
    data.add_argument("--label", metavar="COLUMN", help="of the classes [label]")
    data.add_argument("--test-csv", metavar="FILE", help="a table like --csv to test on")
    data.add_argument("--test-split", metavar="NAME", help="of --tfds [test, else validation]")
    data.add_argument("--data-dir", metavar="DIR", help="where prepared sets of --tfds are")
    data.add_argument("--test-fraction", type=float, default=0.2, help="held out if there is none")
    data.add_argument("--group", metavar="COLUMN", help="hold out whole groups of --csv")
    add_form_options(data)
    run = parser.add_argument_group("run")
    run.add_argument("--one-way", action="store_true", help="as --no-bidirectional")
    run.add_argument("--random-vectors", action="store_true", help="as --embeddings none")
    run.add_argument(
        "--compare",
        action="store_true",
        help=f"train {', '.join(COMPARED)}, each "
        "bidirectional and one-way; results of each are in a folder of its own",
    )
    run.add_argument(
        "--seed", type=int, default=0, help="of the first run, and of what is held out"
    )
    run.add_argument("--seeds", type=int, default=1, help="number of runs, for mean and spread")
    add_output(run, "runs/text_classification")
    run.add_argument("--export", metavar="DIR", help="folder for a SavedModel of the first run")
    add_estimator_options(parser, "TextClassifier")
    options = parser.parse_args(arguments)
    for name, needed in (
        ("group", "csv"),
        ("test_csv", "csv"),
        ("test_split", "tfds"),
        ("data_dir", "tfds"),
    ):
        if getattr(options, name) and not getattr(options, needed):
            parser.error(f"--{name.replace('_', '-')} needs --{needed}")
    for name in ("text", "label"):
        if getattr(options, name) and not (options.csv or options.tfds):
            parser.error(f"--{name} names a column of --csv or --tfds; give one of them")
    check_form(parser, options, "csv")
    if not 0 < options.test_fraction < 1:
        parser.error(f"--test-fraction must be between 0 and 1, got {options.test_fraction}")
    if options.compare and (options.one_way or options.export):
        parser.error("--compare trains many models: leave out --one-way and --export")
    check_runs(parser, options)
    own = options.csv or options.tfds
    options.dataset = None if own else options.dataset or "snippets"
    return options


def baseline(task: Task, groups: Any) -> Any:
    """A logistic regression on TF-IDF, fitted."""
    from .parts.classification.baselines import of_texts

    return of_texts(task.X, task.y, groups)


def estimator(options: argparse.Namespace, seed: int) -> Any:
    own: dict[str, Any] = {"bidirectional": False} if options.one_way else {}
    own |= {"embeddings": None} if options.random_vectors else {}
    return new_model(options, "TextClassifier", seed, **own)


def variants(options: argparse.Namespace) -> dict[str, argparse.Namespace]:
    """The models to train: folder, options."""
    if not options.compare:
        return {"": options}
    return {
        cell + ("_one_way" if one_way else ""): argparse.Namespace(
            **{**vars(with_parameters(options, cell=cell)), "one_way": one_way}
        )
        for cell in COMPARED
        for one_way in (False, True)
    }


def run(options: argparse.Namespace) -> dict[str, Any]:
    """Trains, compares with the baseline, prints a table, writes all; returns the metrics."""
    estimator(options, options.seed)  # checks what was given, before minutes go by
    task, groups = load(options)
    classes = np.unique(task.y)
    if len(classes) < 2:
        raise ValueError(
            f"{task.name}: expected at least 2 classes of training texts, got 1, {classes[0]!s}."
        )
    output = RunFolder(options.output)
    print(
        f"{task.name}: {len(task.X)} training and {len(task.X_test)} test texts, "
        f"{np.median([len(text.split()) for text in task.X]):.0f} words long in the median, "
        f"{len(classes)} classes",
        flush=True,
    )
    base = Baseline.of("logistic regression on TF-IDF", baseline(task, groups), task)
    seeds = range(options.seed, options.seed + options.seeds)
    chosen = variants(options)
    outcomes = {
        folder: train(task, functools.partial(estimator, variant), seeds)
        for folder, variant in chosen.items()
    }
    report(output, base, list(outcomes.values()))
    for folder, outcome in outcomes.items():
        to = RunFolder(output.folder / folder)
        metrics = write(to, chosen[folder], task, base, outcome, text=task.X_test)
    if options.compare:
        models = {folder: outcome.runs for folder, outcome in outcomes.items()}
        metrics = {"data": task.name, "baseline": base.scores, "models": models}
        output.write_json("metrics", metrics)
    print(f"Results are in {output.folder}/")
    if options.export:
        print(f"Exported {outcomes[''].model.export(options.export)}")
    return metrics


def main(arguments: Sequence[str] | None = None) -> int:
    return exit_code(recorded(run), parse(arguments))


if __name__ == "__main__":
    sys.exit(main())
