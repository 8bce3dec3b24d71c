"""Runs of the recipes that classify: training over seeds, the table, and the files."""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from seqkit.cli.fitting import fit_whole
from seqkit.cli.printed_tables import print_table, spread
from seqkit.cli.run_folder import RunFolder

METRICS = ("accuracy", "macro_f1")


class Task(NamedTuple):
    """Samples to learn from and to test on: X are series or texts, y their labels."""

    name: str
    X: Any
    y: Any
    X_test: Any
    y_test: Any


def of_one_kind(y: np.ndarray, y_test: np.ndarray) -> list[np.ndarray]:
    """The labels of two files, as text where one of them has text: of "007" and "1" in a file, and
    "1" alone in the other, which would be a number there.

    Example:
        >>> [labels.tolist() for labels in of_one_kind(np.array(["007", "1"]), np.array([1]))]
        [['007', '1'], ['1']]
    """
    parts = [y, y_test]
    numeric = [part.dtype.kind in "iuf" for part in parts]
    if numeric[0] == numeric[1]:
        return parts
    return [
        part.astype(str) if number else part for part, number in zip(parts, numeric, strict=True)
    ]


@dataclass
class Outcome:
    """A model, trained once a seed.

    Attributes:
        name: what the table calls it.
        runs: seed, accuracy, macro F1 and seconds of each training.
        model: the first one.
        predicted: its labels for the test part.
    """

    name: str
    runs: list[dict[str, float]]
    model: Any
    predicted: np.ndarray

    def values(self, metric: str) -> list[float]:
        return [run[metric] for run in self.runs]


def scores(truth: Any, predicted: Any) -> dict[str, float]:
    from sklearn.metrics import accuracy_score, f1_score

    return {
        "accuracy": float(accuracy_score(truth, predicted)),
        "macro_f1": float(f1_score(truth, predicted, average="macro")),
    }


def train(name: str, task: Task, make: Callable[[int], Any], seeds: Iterable[int]) -> Outcome:
    """Trains the estimator that `make` gives for each seed, and prints how it did.

    Raises:
        KeyboardInterrupt: for Ctrl-C, as `fit_whole`.
    """
    outcome = None
    for seed in seeds:
        model = make(seed)  # the first imports TensorFlow, which is not timed
        started = time.perf_counter()
        fit_whole(model, task.X, task.y)
        predicted = model.predict(task.X_test)
        seconds = time.perf_counter() - started
        run = {"seed": seed, **scores(task.y_test, predicted), "seconds": seconds}
        print(f"{name}, seed {seed}: accuracy {run['accuracy']:.4f}, {seconds:.1f} s", flush=True)
        if outcome is None:
            outcome = Outcome(name, [], model, predicted)
        outcome.runs.append(run)
    assert outcome is not None
    return outcome


def report(name: str, baseline: Mapping[str, float], outcomes: Sequence[Outcome]) -> None:
    """Prints the table, the baseline first, and says who is behind it."""
    rows = [[name, *(spread([baseline[metric]]) for metric in METRICS), ""]]
    for outcome in outcomes:
        seconds = np.mean(outcome.values("seconds"))
        figures = (spread(outcome.values(metric)) for metric in METRICS)
        rows.append([outcome.name, *figures, f"{seconds:.1f}"])
    print_table(["model", "accuracy", "macro F1", "seconds"], rows)
    behind = [o.name for o in outcomes if np.mean(o.values("accuracy")) < baseline["accuracy"]]
    if len(outcomes) == 1 and behind:
        print("The recurrent model is behind its baseline on this data.")
    elif behind:
        print(f"Behind the baseline on this data: {'; '.join(behind)}.")


def write(
    output: RunFolder,
    options: argparse.Namespace,
    task: Task,
    baseline: Mapping[str, float],
    outcome: Outcome,
    **columns: Any,
) -> dict[str, Any]:
    """Writes all that is known of an outcome; returns its metrics.

    Args:
        output: folder of the run.
        columns: more columns for the table of predictions.
    """
    metrics = {"data": task.name, "baseline": baseline, "runs": outcome.runs}
    output.write_json("config", vars(options))
    output.write_json("metrics", metrics)
    output.write_training(outcome.model)
    probabilities = outcome.model.predict_proba(task.X_test).max(1)
    predictions = {"label": task.y_test, "predicted": outcome.predicted}
    output.write_csv("predictions", {**predictions, "probability": probabilities, **columns})
    output.write_confusion(task.y_test, outcome.predicted)
    # The body of a request as TensorFlow Serving's REST interface takes it.
    rows = range(0, len(task.X_test), max(1, len(task.X_test) // 5))
    examples = [{"inputs": np.asarray(task.X_test[k]).tolist()} for k in rows[:5]]
    output.write_json("request", {"signature_name": "serving_default", "instances": examples})
    return metrics
