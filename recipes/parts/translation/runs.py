"""Runs of the recipes from strings to strings: training over seeds, the table, the files."""

from __future__ import annotations

import argparse
import functools
import math
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np

from seqkit.cli.fitting import fit_whole
from seqkit.cli.printed_tables import print_table, spread
from seqkit.cli.run_folder import RunFolder

from . import attention_pictures
from .options import name_of

SEARCHES = {"greedy": 1, "beam 5": 5}  # and the width of their beams
FINAL = "beam 5"  # the one whose outputs are written
FEW_STEPS = 500  # fewer in all deserve a hint
SHOWN = 10


class Task(NamedTuple):
    """Pairs to learn from, pairs of the validation loss, and pairs to test on.

    A source or target is a string or a list of tokens; an entry of `y_test` is one, or a list of
    all that are right.
    """

    name: str
    X: list[Any]
    y: list[Any]
    X_valid: list[Any]
    y_valid: list[Any]
    X_test: list[Any]
    y_test: list[Any]

    def sizes(self) -> str:
        return (
            f"{self.name}: {len(self.X)} training, {len(self.X_valid)} validation and "
            f"{len(self.X_test)} test pairs"
        )


class Figure(NamedTuple):
    """How a figure is shown: a rate, from 0 to 1, in per cent; others have a scale of 100."""

    title: str
    rate: bool = True
    lower_is_better: bool = False

    def shown(self, values: Sequence[float]) -> str:
        if self.rate:
            return spread(values)
        return spread([v / 100 for v in values]).removesuffix(" %")

    def behind(self, value: float, other: float) -> bool:
        return value > other if self.lower_is_better else value < other


Scores = dict[str, float]


@dataclass
class Outcome:
    """A model, trained once a seed.

    Attributes:
        name: what the table calls it.
        runs: of each training seed, epochs, seconds, and by search its scores.
        model: the first one.
        predicted: its outputs for the test part, by the search FINAL.
    """

    name: str
    runs: list[dict[str, Any]]
    model: Any
    predicted: list[Any]

    def values(self, search: str, figure: str) -> list[float]:
        return [run[search][figure] for run in self.runs]


def run_models(
    options: argparse.Namespace,
    task: Task,
    models: Mapping[str, argparse.Namespace],
    make: Callable[[argparse.Namespace, int, int], Any],
    baselines: Mapping[str, Scores],
    score: Callable[[Sequence[Any]], Scores],
    figures: Mapping[str, Figure],
    comment: Callable[[list[Outcome]], None] = lambda outcomes: None,
    offered: Mapping[str, Any] = MappingProxyType({}),
    **columns: Any,
) -> dict[str, Any]:
    """Trains models, prints a table, writes all; returns the metrics.

    Args:
        models: the options of each, by the folder below --output that its results are for.
        make: a translator of options, number of training pairs, and seed.
        comment: prints what is to be said below the table.
        offered: baselines with a method `predict`, by their names: baseline.joblib has the best one
            where it is ahead.
        columns: more columns for the tables of predictions.
    """
    output = RunFolder(options.output)
    seeds = range(options.seed, options.seed + options.seeds)
    outcomes = {}
    hint = few_steps(len(task.X), options.epochs, options.batch_size)
    if hint:
        print(hint, flush=True)
    for folder, of_model in models.items():
        of_seed = functools.partial(make, of_model, len(task.X))
        outcomes[folder] = train(name_of(of_model), task, of_seed, seeds, score, figures)
    compared = list(outcomes.values())
    report_ahead(output, baselines, compared, figures, offered)
    report(baselines, compared, figures)
    comment(compared)
    for folder, of_model in models.items():
        to = RunFolder(output.folder / folder)
        metrics = write(to, of_model, task, baselines, outcomes[folder], **columns)
    print(f"\n{examples_of(task, compared[0].predicted)}")
    if "" not in models:  # each has written a folder of its own
        runs = {folder: outcome.runs for folder, outcome in outcomes.items()}
        metrics = {"data": task.name, "baselines": baselines, "models": runs}
        output.write_json("metrics", metrics)
    print(f"Results are in {output.folder}/")
    if options.export:
        print(f"Exported {compared[0].model.export(options.export)}")
    return metrics


def train(
    name: str,
    task: Task,
    make: Callable[[int], Any],
    seeds: Iterable[int],
    score: Callable[[Sequence[Any]], Scores],
    figures: Mapping[str, Figure],
) -> Outcome:
    """Trains the translator that `make` gives for each seed, and prints how it did.

    Raises:
        KeyboardInterrupt: for Ctrl-C, as `fit_whole`.
    """
    outcome = None
    validation = (task.X_valid, task.y_valid) if task.X_valid else None
    for seed in seeds:
        model = make(seed)  # the first imports TensorFlow, which is not timed
        started = time.perf_counter()
        fit_whole(model, task.X, task.y, validation_data=validation)
        seconds = time.perf_counter() - started
        run: dict[str, Any] = {"seed": seed, "epochs": model.n_iter_, "seconds": seconds}
        print(f"{name}, seed {seed}: trained in {seconds:.1f} s", flush=True)
        for search, width in SEARCHES.items():
            model.predict(task.X_test, beam_width=width)  # the first call compiles: not timed
            started = time.perf_counter()
            predicted = model.predict(task.X_test, beam_width=width)
            seconds = time.perf_counter() - started
            run[search] = {**score(predicted), "seconds": seconds}
            print(f"  {search}: {_listed(run[search], figures)}", flush=True)
            if outcome is None and search == FINAL:
                outcome = Outcome(name, [], model, predicted)
        assert outcome is not None
        outcome.runs.append(run)
    assert outcome is not None
    return outcome


def few_steps(pairs: int, epochs: int, batch_size: int) -> str:
    """A hint where a training is short of steps, else nothing."""
    an_epoch = math.ceil(pairs / batch_size)
    if an_epoch * epochs >= FEW_STEPS:
        return ""
    return (
        f"{pairs} pairs are {an_epoch} steps an epoch, {an_epoch * epochs} in all, which is little "
        "to learn from: more --epochs, or a smaller --batch-size, may help."
    )


def report_ahead(
    output: RunFolder,
    baselines: Mapping[str, Scores],
    outcomes: Sequence[Outcome],
    figures: Mapping[str, Figure],
    offered: Mapping[str, Any],
) -> None:
    """Prints who is ahead in the first figure, by the search FINAL or the only one; writes a
    baseline that is."""
    key, figure = next(iter(figures.items()))
    search = FINAL if FINAL in SEARCHES else next(iter(SEARCHES))
    sign = -1 if figure.lower_is_better else 1
    best = max(outcomes, key=lambda outcome: sign * np.mean(outcome.values(search, key)))
    name = max(baselines, key=lambda name: sign * baselines[name][key])
    of_best = f"{figure.shown(best.values(search, key))}"
    of_baseline = figure.shown([baselines[name][key]])
    mean = float(np.mean(best.values(search, key)))
    is_behind = figure.behind(mean, baselines[name][key])
    file = output.write_joblib("baseline", offered.get(name) if is_behind else None)
    if is_behind:
        offer = f" It is in {file}: joblib.load reads it." if file else ""
        print(
            f"The baseline, {name}, is ahead of {best.name} in {figure.title}: {of_baseline} and "
            f"{of_best}.{offer}"
        )
    else:
        print(
            f"{best.name} is not behind its baselines in {figure.title}: {of_best}, and {name} has "
            f"{of_baseline}."
        )


def report(
    baselines: Mapping[str, Scores], outcomes: Sequence[Outcome], figures: Mapping[str, Figure]
) -> None:
    """Prints the table, the baselines first, and says who is behind them."""
    rows = [
        [name, *(figure.shown([scores[key]]) for key, figure in figures.items()), "", ""]
        for name, scores in baselines.items()
    ]
    for outcome in outcomes:
        seconds = f"{np.mean([run['seconds'] for run in outcome.runs]):.0f}"
        for search in SEARCHES:
            shown = [f.shown(outcome.values(search, key)) for key, f in figures.items()]
            decoding = f"{np.mean(outcome.values(search, 'seconds')):.1f}"
            rows.append([f"{outcome.name}, {search}", *shown, seconds, decoding])
    titles = [figure.title for figure in figures.values()]
    print_table(["model", *titles, "training, s", "test part, s"], rows)
    for outcome in outcomes:
        for name, scores in baselines.items():
            for line in _behind(outcome, scores, figures):
                print(f"{outcome.name} is behind the {name} in {line}.")


def _behind(outcome: Outcome, scores: Scores, figures: Mapping[str, Figure]) -> list[str]:
    """The figures in which an outcome is behind a baseline, and by which searches."""
    titles: dict[tuple[str, ...], list[str]] = {}
    for key, figure in figures.items():
        means = {search: float(np.mean(outcome.values(search, key))) for search in SEARCHES}
        behind = tuple(s for s, mean in means.items() if figure.behind(mean, scores[key]))
        titles.setdefault(behind, []).append(figure.title)
    lines = []
    for behind in sorted(filter(None, titles), key=len, reverse=True):
        by = " and ".join(f"by {search}" for search in behind)
        by += "".join(f", not by {search}" for search in SEARCHES if search not in behind)
        lines.append(f"{', '.join(titles[behind])}, {by}")
    return lines


def write(
    output: RunFolder,
    options: argparse.Namespace,
    task: Task,
    baselines: Mapping[str, Scores],
    outcome: Outcome,
    **columns: Any,
) -> dict[str, Any]:
    """Writes all that is known of an outcome; returns its metrics.

    Args:
        output: folder of the run.
        columns: more columns for the table of predictions.
    """
    metrics = {"data": task.name, "baselines": baselines, "runs": outcome.runs}
    output.write_json("config", vars(options))
    output.write_json("metrics", metrics)
    output.write_training(outcome.model)
    flat = {
        "source": [text_of(x) for x in task.X_test],
        "target": [text_of(y) for y in task.y_test],
        "predicted": [text_of(y) for y in outcome.predicted],
    }
    output.write_csv("predictions", {**flat, **columns})
    # The body of a request as TensorFlow Serving's REST interface takes it.
    examples = [{"inputs": flat["source"][row]} for row in rows_shown(task)[::2]]
    output.write_json("request", {"signature_name": "serving_default", "instances": examples})
    output.write_text("examples", examples_of(task, outcome.predicted))
    if outcome.model.attention is not None:
        draw_attention(output, task, outcome.model)
    return metrics


def rows_shown(task: Task) -> list[int]:
    """Rows of the test part, evenly spread."""
    count = min(SHOWN, len(task.X_test))
    return np.linspace(0, len(task.X_test) - 1, count).astype(int).tolist()


def examples_of(task: Task, predicted: Sequence[Any]) -> str:
    """Ten of the test part: source, target, and what was written."""
    return "\n".join(
        f"source  {text_of(task.X_test[row])}\n"
        f"target  {text_of(task.y_test[row])}\n"
        f"output  {text_of(predicted[row])}\n"
        for row in rows_shown(task)
    )


def draw_attention(output: RunFolder, task: Task, model: Any) -> None:
    """Writes attention.png, of the examples."""
    sources = [task.X_test[row] for row in rows_shown(task)]
    _, maps = model.predict(sources, return_attention=True)
    maps = [m for m in maps if m.target]  # an empty output attended to nothing
    if maps:
        read, written, weights = zip(*maps, strict=True)
        attention_pictures.draw(output.folder / "attention.png", read, written, weights)


def text_of(sequence: Any) -> str:
    """A string; the tokens of a list with blanks between them; several with bars."""
    if isinstance(sequence, str):
        return sequence
    if sequence and not isinstance(sequence[0], str):
        return " | ".join(text_of(one) for one in sequence)
    return " ".join(sequence)


def _listed(scores: Scores, figures: Mapping[str, Figure]) -> str:
    shown = [f"{figure.title} {figure.shown([scores[key]])}" for key, figure in figures.items()]
    return ", ".join([*shown, f"{scores['seconds']:.1f} s"])
