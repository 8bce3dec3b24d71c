"""Runs of the recipes that classify: training over seeds, the table, and the files."""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from seqkit.cli.fitting import fit_whole
from seqkit.cli.printed_tables import print_table, spread
from seqkit.cli.run_folder import RunFolder

from ..models import config_of

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


class Baseline(NamedTuple):
    """The rival of the model: its name, a fitted pipeline, and how good that is."""

    name: str
    model: Any
    scores: dict[str, float]

    @classmethod
    def of(cls, name: str, model: Any, task: Task) -> Baseline:
        """Scores the pipeline on the test part, and prints how it did."""
        measured = scores(task.y_test, model.predict(task.X_test))
        print(f"{name}: accuracy {measured['accuracy']:.4f}", flush=True)
        return cls(name, model, measured)


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


def name_of(model: Any) -> str:
    """The name of an estimator in tables.

    Example:
        >>> from seqkit import SequenceClassifier
        >>> name_of(SequenceClassifier("gru", ensemble_size=5))
        '5 x bidirectional gru, 64 units x 1'
    """
    from seqkit.estimators.plans.training_plan import size_for

    members = size_for(model)
    several = f"{members} x " if members > 1 else ""
    direction = "bidirectional " if model.bidirectional else ""
    return f"{several}{direction}{model.cell}, {model.units} units x {model.layers}"


def train(task: Task, make: Callable[[int], Any], seeds: Iterable[int]) -> Outcome:
    """Trains the estimator that `make` gives for each seed, and prints how it did.

    Raises:
        KeyboardInterrupt: for Ctrl-C, as `fit_whole`.
    """
    outcome = None
    for seed in seeds:
        model = make(seed)  # the first imports TensorFlow, which is not timed
        name = name_of(model)
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


def report(output: RunFolder, baseline: Baseline, outcomes: Sequence[Outcome]) -> None:
    """Prints who is ahead, and the table, the baseline first; writes the baseline where that is."""
    best = max(outcomes, key=lambda outcome: np.mean(outcome.values("accuracy")))
    lead = float(np.mean(best.values("accuracy"))) - baseline.scores["accuracy"]
    file = output.write_joblib("baseline", baseline.model if lead < 0 else None)
    if file:
        print(
            f"The baseline, {baseline.name}, is ahead of {best.name}, by {-100 * lead:.2f} points "
            f"of accuracy. It is in {file}: joblib.load reads it."
        )
    elif lead > 0:
        print(
            f"{best.name} is ahead of its baseline, {baseline.name}, by {100 * lead:.2f} points of "
            "accuracy."
        )
    else:
        print(f"{best.name} is as good as its baseline, {baseline.name}, in accuracy.")
    rows = [[baseline.name, *(spread([baseline.scores[metric]]) for metric in METRICS), ""]]
    for outcome in outcomes:
        seconds = np.mean(outcome.values("seconds"))
        figures = (spread(outcome.values(metric)) for metric in METRICS)
        rows.append([outcome.name, *figures, f"{seconds:.1f}"])
    print_table(["model", "accuracy", "macro F1", "seconds"], rows)
    accuracy = baseline.scores["accuracy"]
    behind = [o.name for o in outcomes if np.mean(o.values("accuracy")) < accuracy]
    if len(outcomes) > 1 and behind:
        print(f"Behind the baseline on this data: {'; '.join(behind)}.")


def write(
    output: RunFolder,
    options: argparse.Namespace,
    task: Task,
    baseline: Baseline,
    outcome: Outcome,
    **columns: Any,
) -> dict[str, Any]:
    """Writes all that is known of an outcome; returns its metrics.

    Args:
        output: folder of the run.
        columns: more columns for the table of predictions.
    """
    metrics = {"data": task.name, "baseline": baseline.scores, "runs": outcome.runs}
    output.write_json("config", config_of(options, outcome.model))
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
