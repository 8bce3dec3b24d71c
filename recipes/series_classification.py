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
import time
from collections.abc import Sequence
from typing import Any

import numpy as np

from seqkit.cells import CELLS, check_cell


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m recipes.series_classification",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    data = parser.add_argument_group("data")
    data.add_argument("--train", metavar="FILE", help=".ts, .csv or .parquet; needs --test")
    data.add_argument("--test", metavar="FILE", help=".ts, .csv or .parquet; needs --train")
    data.add_argument("--instance", default="instance", help="column that names the sequence")
    data.add_argument("--time", default="time", help="column that orders its steps")
    data.add_argument("--label", default="label", help="column of the class")
    model = parser.add_argument_group("model")
    model.add_argument("--cell", default="lstm", help=f"one of {', '.join(CELLS)}")
    model.add_argument("--units", type=int, default=64, help="units a layer and direction")
    model.add_argument("--layers", type=int, default=2, help="recurrent layers")
    model.add_argument("--one-way", action="store_true", help="do not read from the end as well")
    model.add_argument("--dropout", type=float, default=0.2, help="fraction dropped in training")
    model.add_argument("--epochs", type=int, default=30, help="passes over the data")
    model.add_argument("--batch-size", type=int, default=32, help="sequences a step")
    model.add_argument("--learning-rate", type=float, default=0.003, help="of Adam")
    run = parser.add_argument_group("run")
    run.add_argument("--seed", type=int, default=0, help="of the first run")
    run.add_argument("--seeds", type=int, default=1, help="number of runs, for mean and spread")
    run.add_argument("--output", default="runs/series_classification", help="folder for results")
    run.add_argument("--export", metavar="DIR", help="folder for a SavedModel of the first run")
    options = parser.parse_args(arguments)
    if (options.train is None) != (options.test is None):
        parser.error("--train and --test go together: give both files, or neither")
    if options.seeds < 1:
        parser.error(f"--seeds must be at least 1, got {options.seeds}")
    try:
        check_cell(options.cell)
    except ValueError as error:
        parser.error(f"--{error}")
    return options


def load(options: argparse.Namespace) -> tuple[str, Any, Any, Any, Any]:
    """Name of the data, training sequences and labels, test sequences and labels."""
    from seqkit import data

    if options.train is None:
        vowels = data.load_japanese_vowels()
        return "Japanese Vowels", *vowels
    columns = {name: getattr(options, name) for name in ("instance", "time", "label")}
    parts: list[Any] = []
    for path in (options.train, options.test):
        read = data.read_sequences(path, **({} if path.endswith(".ts") else columns))
        if read.y is None:
            raise ValueError(f"{path} has no labels; a classifier needs one for each sequence.")
        parts += [read.X, read.y]
    return f"{options.train} / {options.test}", *parts


def baseline(X: Any, y: Any, X_test: Any) -> np.ndarray:
    """Labels from a logistic regression on the zero-padded, flattened sequences."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    longest = max(len(x) for x in X)

    def flat(sequences: Any) -> np.ndarray:
        rows = np.zeros((len(sequences), longest, sequences[0].shape[1]))
        for row, x in zip(rows, sequences, strict=True):
            row[: len(x)] = x[:longest]
        return rows.reshape(len(rows), -1)

    model = make_pipeline(StandardScaler(), LogisticRegression(max_iter=2000))
    return model.fit(flat(X), y).predict(flat(X_test))


def estimator(options: argparse.Namespace, seed: int) -> Any:
    from seqkit import SequenceClassifier

    return SequenceClassifier(
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


def run(options: argparse.Namespace) -> dict[str, Any]:
    """Trains, compares with the baseline, prints a table, writes all; returns the metrics."""
    from sklearn.metrics import accuracy_score, f1_score

    from recipes.reporting import Run, print_table, spread

    name, X, y, X_test, y_test = load(options)
    output = Run(options.output)
    lengths = [len(x) for x in [*X, *X_test]]
    print(
        f"{name}: {len(X)} training and {len(X_test)} test sequences of {X[0].shape[1]} features, "
        f"length {min(lengths)}-{max(lengths)}, {len(np.unique(y))} classes",
        flush=True,
    )

    def scores(predicted: Any) -> dict[str, float]:
        return {
            "accuracy": float(accuracy_score(y_test, predicted)),
            "macro_f1": float(f1_score(y_test, predicted, average="macro")),
        }

    base = scores(baseline(X, y, X_test))
    runs: list[dict[str, float]] = []
    first = None
    for seed in range(options.seed, options.seed + options.seeds):
        model = estimator(options, seed)  # the first imports TensorFlow, which is not timed
        started = time.perf_counter()
        model.fit(X, y)
        predicted = model.predict(X_test)
        seconds = time.perf_counter() - started
        runs.append({"seed": seed, **scores(predicted), "seconds": seconds})
        print(f"seed {seed}: accuracy {runs[-1]['accuracy']:.4f}, {seconds:.1f} s", flush=True)
        if first is None:
            first = model, predicted

    assert first is not None
    model, predicted = first
    seconds = float(np.mean([r["seconds"] for r in runs]))
    ours = {k: [r[k] for r in runs] for k in ("accuracy", "macro_f1")}
    direction = "" if options.one_way else "bidirectional "
    print_table(
        ["model", "accuracy", "macro F1", "seconds"],
        [
            ["logistic regression", spread([base["accuracy"]]), spread([base["macro_f1"]]), ""],
            [
                f"{direction}{options.cell}, {options.units} units x {options.layers}",
                spread(ours["accuracy"]),
                spread(ours["macro_f1"]),
                f"{seconds:.1f}",
            ],
        ],
    )
    if np.mean(ours["accuracy"]) < base["accuracy"]:
        print("The recurrent model is behind its baseline on this data.")
    metrics = {"data": name, "baseline": base, "runs": runs}
    output.write_json("config", vars(options))
    output.write_json("metrics", metrics)
    output.write_history(model.history_)
    probabilities = model.predict_proba(X_test).max(1)
    output.write_csv(
        "predictions", {"label": y_test, "predicted": predicted, "probability": probabilities}
    )
    output.write_confusion(y_test, predicted)
    # The body of a request as TensorFlow Serving's REST interface takes it.
    examples = [{"inputs": X_test[k].tolist()} for k in range(0, len(X_test), len(X_test) // 5)]
    output.write_json("request", {"signature_name": "serving_default", "instances": examples[:5]})
    print(f"Results are in {output.folder}/")
    if options.export:
        print(f"Exported {model.export(options.export)}")
    return metrics


def main(arguments: Sequence[str] | None = None) -> int:
    options = parse(arguments)
    try:
        run(options)
    except KeyboardInterrupt:
        print("\nInterrupted; no results were written.", file=sys.stderr)
        return 130
    except (ValueError, TypeError, OSError, RuntimeError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
