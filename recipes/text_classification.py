"""Classify texts: does a critic like the film, what is the news about, or your own data.

    python -m recipes.text_classification
    python -m recipes.text_classification --dataset r8 --cell gru
    python -m recipes.text_classification --csv mine.csv --text review --label stars

By default: critics' snippets, a phrase to three sentences each, fresh or rotten (Pang & Lee 2004);
the test part is other films. `--dataset r8`: news of Reuters on one of eight topics. Own data: a
table (CSV, parquet) with a text and its label a row, or a set of TensorFlow Datasets. Where they
have no test part, a part of the texts is held out, as many of each class, or whole groups.

The baseline is a logistic regression on TF-IDF of words and pairs of words, its C chosen by
cross-validation. The recurrent model's word vectors begin with what stands near what in the
training texts.
"""

from __future__ import annotations

import argparse
import functools
import sys
from collections.abc import Sequence
from typing import Any

import numpy as np

from seqkit.cells import CELLS
from seqkit.cli.command_line import check_runs_and_cell, exit_code, recipe_parser
from seqkit.cli.csv_form import add_form_options, check_form
from seqkit.cli.model_options import add_settings, settings
from seqkit.cli.run_folder import RunFolder
from seqkit.cli.tensorflow_log import import_quietly

from .parts.classification.runs import Task, report, scores, train, write
from .parts.classification.texts import LOADERS, load

# Chosen by cross-validation on the training parts, that of the snippets by film.
PRESETS: dict[str, dict[str, Any]] = {
    "snippets": {
        "units": 64,
        "embedding_dim": 128,
        "min_frequency": 2,
        "dropout": 0.5,
        "embedding_dropout": 0.5,
        "token_dropout": 0.3,
        "epochs": 10,
        "batch_size": 64,
        "learning_rate": 0.002,
    },
    "r8": {
        "units": 64,
        "embedding_dim": 64,
        "min_frequency": 2,
        "dropout": 0.2,
        "embedding_dropout": 0.4,
        "token_dropout": 0.15,
        "epochs": 8,
        "batch_size": 32,
        "learning_rate": 0.002,
    },
}
OWN_DATA = "snippets"  # the preset for data of the user
COMPARED = ("simple_rnn", "lstm", "gru", "peephole_lstm")
FOLDS = 3


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
    model = parser.add_argument_group("model", "without a default here: by data set")
    model.add_argument("--cell", default="lstm", help=f"one of {', '.join(CELLS)}")
    model.add_argument("--units", type=int, help="units a layer and direction")
    model.add_argument("--layers", type=int, default=1, help="recurrent layers")
    model.add_argument("--one-way", action="store_true", help="do not read from the end as well")
    model.add_argument("--tokens", default="word", help="read texts by word or by char")
    model.add_argument("--max-length", type=int, default=256, help="tokens read of a text")
    model.add_argument("--min-frequency", type=int, help="times that a known token occurs")
    model.add_argument("--embedding-dim", type=int, help="size of a token's vector")
    model.add_argument("--random-vectors", action="store_true", help="begin with random ones")
    model.add_argument("--dropout", type=float, help="fraction of outputs dropped in training")
    model.add_argument("--embedding-dropout", type=float, help="fraction of vectors dropped")
    model.add_argument("--token-dropout", type=float, help="fraction of tokens taken for unknown")
    model.add_argument("--epochs", type=int, help="passes over the data")
    model.add_argument("--batch-size", type=int, help="texts a step")
    model.add_argument("--learning-rate", type=float, help="of Adam, falling to 0 on a cosine")
    run = parser.add_argument_group("run")
    add_settings(run)
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
    run.add_argument("--output", default="runs/text_classification", help="folder for results")
    run.add_argument("--export", metavar="DIR", help="folder for a SavedModel of the first run")
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
    check_runs_and_cell(parser, options)
    if options.learning_rate is not None and not options.learning_rate > 0:
        parser.error(f"--learning-rate must be above 0, got {options.learning_rate}")
    own = options.csv or options.tfds
    options.dataset = None if own else options.dataset or "snippets"
    for name, value in PRESETS[options.dataset or OWN_DATA].items():
        if getattr(options, name) is None:
            setattr(options, name, value)
    return options


def baseline(task: Task, groups: Any) -> tuple[np.ndarray, float]:
    """Labels from a logistic regression on TF-IDF, and its C."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import GridSearchCV, StratifiedGroupKFold, StratifiedKFold

    words = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, token_pattern=r"\w+")
    matrix = words.fit_transform(task.X)
    model = LogisticRegression(C=30, solver="newton-cg", max_iter=1000)
    folds = min(FOLDS, *np.unique(task.y, return_counts=True)[1])
    if groups is not None:
        folds = min(folds, len(np.unique(groups)))
    if folds > 1:
        kind = StratifiedKFold if groups is None else StratifiedGroupKFold
        splits = list(kind(folds, shuffle=True, random_state=0).split(matrix, task.y, groups))
        model = GridSearchCV(model, {"C": [10, 30, 100]}, cv=splits)
    model.fit(matrix, task.y)
    model = getattr(model, "best_estimator_", model)
    return model.predict(words.transform(task.X_test)), model.C


def estimator(options: argparse.Namespace, seed: int) -> Any:
    import_quietly()
    import keras

    from seqkit import TextClassifier

    # From the rate down to zero by way of half a cosine; and weights averaged over the last steps.
    def falling(epoch: int, rate: float) -> float:
        return options.learning_rate * (1 + np.cos(np.pi * epoch / options.epochs)) / 2

    model = TextClassifier(
        cell=options.cell,
        units=options.units,
        layers=options.layers,
        bidirectional=not options.one_way,
        pooling=("mean", "max"),
        dropout=options.dropout,
        tokens=options.tokens,
        max_length=options.max_length,
        min_frequency=options.min_frequency,
        embedding_dim=options.embedding_dim,
        embeddings=None if options.random_vectors else "cooccurrence",
        embedding_dropout=options.embedding_dropout,
        token_dropout=options.token_dropout,
        epochs=options.epochs,
        early_stopping=False,
        batch_size=options.batch_size,
        optimizer=keras.optimizers.Adam(options.learning_rate, clipnorm=1.0, use_ema=True),
        callbacks=[keras.callbacks.LearningRateScheduler(falling)],
        random_state=seed,
    )
    return model.set_params(**settings(options, "TextClassifier"))


def variants(options: argparse.Namespace) -> dict[str, argparse.Namespace]:
    """The models to train: folder, options."""
    if not options.compare:
        return {"": options}
    return {
        cell + ("_one_way" if one_way else ""): argparse.Namespace(
            **{**vars(options), "cell": cell, "one_way": one_way}
        )
        for cell in COMPARED
        for one_way in (False, True)
    }


def run(options: argparse.Namespace) -> dict[str, Any]:
    """Trains, compares with the baseline, prints a table, writes all; returns the metrics."""
    estimator(options, options.seed).check_parameters()  # before minutes go by
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
    predicted, C = baseline(task, groups)
    base = scores(task.y_test, predicted)
    print(f"baseline, C = {C}: accuracy {base['accuracy']:.4f}", flush=True)
    seeds = range(options.seed, options.seed + options.seeds)
    outcomes = {}
    for folder, variant in variants(options).items():
        direction = "" if variant.one_way else "bidirectional "
        name = f"{direction}{variant.cell}, {variant.units} units x {variant.layers}"
        make = functools.partial(estimator, variant)
        outcomes[folder] = train(name, task, make, seeds)
    report("logistic regression on TF-IDF", base, list(outcomes.values()))
    for folder, outcome in outcomes.items():
        variant = variants(options)[folder]
        to = RunFolder(output.folder / folder)
        metrics = write(to, variant, task, base, outcome, text=task.X_test)
    if options.compare:
        models = {folder: outcome.runs for folder, outcome in outcomes.items()}
        metrics = {"data": task.name, "baseline": base, "models": models}
        output.write_json("metrics", metrics)
    print(f"Results are in {output.folder}/")
    if options.export:
        print(f"Exported {outcomes[''].model.export(options.export)}")
    return metrics


def main(arguments: Sequence[str] | None = None) -> int:
    return exit_code(run, parse(arguments))


if __name__ == "__main__":
    sys.exit(main())
