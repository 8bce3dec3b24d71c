"""Cells compared at an equal number of parameters: all of them, and each switch of the LSTM.

    python -m recipes.cell_comparison
    python -m recipes.cell_comparison --sets vowels --cells lstm,gru --seeds 5
    python -m recipes.cell_comparison --preset full --report docs/results/cell_comparison.md

As Greff et al. (2017, arXiv:1503.04069) compare variants of the LSTM, on three sets: speakers of
Japanese Vowels, critics' snippets, and the monthly tourism series. Every cell has as many units as
its recurrent layers have parameters for, in one direction or two; all else is the same. Of snippets
and series a part is learned from, for few epochs. The baselines are a logistic regression, and the
seasonal naive forecast.

Greff et al. found that no variant is clearly ahead of the LSTM, that the forget gate and the
squashing of the output matter most, and that coupled gates and no peepholes cost nothing.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np

from seqkit.cli.command_line import check_counts, exit_code, recipe_parser
from seqkit.cli.run_folder import RunFolder, recorded
from seqkit.cli.tensorflow_log import import_quietly

from .parts.experiments.options import add_results, parsed, take_cells, take_names, take_preset
from .parts.experiments.reports import Panel, Report, mean_and_spread

CELLS = (
    "simple_rnn",
    "gru",
    "lstm",
    *(
        f"lstm, {switch}"
        for switch in (
            "without input gate",
            "without forget gate",
            "without output gate",
            "coupled gates",
            "peepholes",
            "without squashing",
        )
    ),
)
PRESETS: dict[str, dict[str, Any]] = {
    "quick": {
        "seeds": 3,
        "texts": 1000,
        "series": 60,
        "epochs": {"vowels": 20, "snippets": 5, "tourism": 4},
    },
    "full": {
        "seeds": 10,
        "texts": 2000,
        "series": 120,
        "epochs": {"vowels": 30, "snippets": 6, "tourism": 6},
    },
}
ABOUT = """\
Every cell, and the LSTM with each of its switches (Greff et al. 2017), at an equal number of
parameters of the recurrent layers: units are as many as the budget allows. Means and standard
deviations over seeds. Seconds an epoch are processor time of the fastest run."""


WAYS = {1: "one way", 2: "two ways"}


class Data(NamedTuple):
    """A set: how it is learned, and how good that is.

    Attributes:
        title: with the measure, in tables.
        budget: parameters of the recurrent layers.
        features: that they read.
        directions: that are compared.
        fit: from cell, units, directions, epochs and seed to a fitted model.
        score: of a model.
        baseline: its name and score.
        highest: whether a higher score is better.
    """

    title: str
    budget: int
    features: int
    directions: tuple[int, ...]
    fit: Callable[[Any, int, int, int, int], Any]
    score: Callable[[Any], float]
    baseline: tuple[str, float]
    highest: bool


class Run(NamedTuple):
    """One training: its score, the model's parameters, seconds an epoch."""

    score: float
    parameters: int
    seconds: float


def vowels(options: argparse.Namespace) -> Data:
    from seqkit import SequenceClassifier, data

    from .series_classification import baseline

    X, y, X_test, y_test = data.load_japanese_vowels()

    def fit(cell: Any, units: int, directions: int, epochs: int, seed: int) -> Any:
        model = SequenceClassifier(
            cell, units=units, bidirectional=directions == 2, epochs=epochs, random_state=seed
        )
        return model.fit(X, y)

    by_rule = float(np.mean(baseline(X, y).predict(X_test) == np.asarray(y_test)))
    return Data(
        "Japanese Vowels, accuracy",
        6000,
        X[0].shape[1],
        (1, 2),
        fit,
        lambda model: float(model.score(X_test, y_test)),
        ("logistic regression", by_rule),
        True,
    )


def snippets(options: argparse.Namespace) -> Data:
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline

    from seqkit import TextClassifier, data

    dataset = data.load_critics_snippets()
    chosen = np.random.default_rng(0).permutation(len(dataset.X_train))[: options.texts]
    X, y = dataset.X_train[chosen], dataset.y_train[chosen]

    def fit(cell: Any, units: int, directions: int, epochs: int, seed: int) -> Any:
        model = TextClassifier(
            cell,
            units=units,
            bidirectional=directions == 2,
            embedding_dim=32,
            epochs=epochs,
            batch_size=32,
            random_state=seed,
        )
        return model.fit(X, y)

    words = make_pipeline(TfidfVectorizer(ngram_range=(1, 2)), LogisticRegression(C=30))
    by_rule = words.fit(X, y).score(dataset.X_test, dataset.y_test)
    return Data(
        "Critics' snippets, accuracy",
        10_000,
        32,
        (1, 2),
        fit,
        lambda model: float(model.score(dataset.X_test, dataset.y_test)),
        ("logistic regression on words and pairs", float(by_rule)),
        True,
    )


def tourism(options: argparse.Namespace) -> Data:
    from seqkit import Seq2SeqForecaster, data
    from seqkit.metrics import mase

    dataset = data.load_tourism()
    names = dataset.train["unique_id"].unique()[: options.series]
    train, test = (part[part["unique_id"].isin(names)] for part in (dataset.train, dataset.test))
    histories = [train.loc[train["unique_id"] == name, "y"].to_numpy() for name in names]
    truth = test["y"].to_numpy().reshape(len(names), dataset.horizon)

    def fit(cell: Any, units: int, directions: int, epochs: int, seed: int) -> Any:
        model = Seq2SeqForecaster(
            cell=cell,
            units=units,
            horizon=dataset.horizon,
            lookback=36,
            scaling="mean",
            seasonal_residual=True,
            epochs=epochs,
            batch_size=64,
            random_state=seed,
        )
        return model.fit(train)

    def score(model: Any) -> float:
        future = model.predict().groupby("unique_id")["y"]
        forecasts = np.stack([future.get_group(name).to_numpy() for name in names])
        return float(mase(truth, forecasts, histories, dataset.seasonal_period))

    last = np.stack([x[-dataset.seasonal_period :] for x in histories])
    naive = np.tile(last, dataset.horizon // dataset.seasonal_period)
    by_rule = mase(truth, naive, histories, dataset.seasonal_period)
    return Data(
        "Tourism, monthly, MASE",
        10_000,
        2,
        (1,),
        fit,
        score,
        ("seasonal naive", float(by_rule)),
        False,
    )


SETS = {"vowels": vowels, "snippets": snippets, "tourism": tourism}


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = recipe_parser(f"{__package__}.cell_comparison", __doc__)
    parser.add_argument("--preset", choices=PRESETS, default="quick", help="[quick]")
    parser.add_argument("--sets", default=",".join(SETS), help=f"[{','.join(SETS)}]")
    parser.add_argument("--cells", help=f"rows of the tables, of {'; '.join(CELLS)} [all]")
    parser.add_argument("--seeds", type=int, help="runs a cell [3; full: 10]")
    parser.add_argument("--seed", type=int, default=0, help="of the first run [0]")
    parser.add_argument("--texts", type=int, help="snippets learned from [1,000; full: 2,000]")
    parser.add_argument("--series", type=int, help="of the tourism set [60; full: 120]")
    parser.add_argument("--epochs", type=int, help="passes over the data [by set]")
    add_results(parser, "cell_comparison")
    options = parsed(parser, arguments)
    epochs = options.epochs
    take_preset(options, PRESETS)
    check_counts(parser, options, "seeds", "texts", "series")
    if epochs is not None:
        options.epochs = epochs
        check_counts(parser, options, "epochs")
        options.epochs = dict.fromkeys(SETS, epochs)
    take_names(parser, options, "sets", SETS)
    take_cells(parser, options, CELLS)
    return options


def trained(data: Data, cell: Any, directions: int, epochs: int, seeds: Sequence[int]) -> list[Run]:
    """A training a seed, at the budget."""
    from .parts.experiments.cells import units_within

    units = units_within(data.budget, cell, data.features, directions)
    runs = []
    for seed in seeds:
        started = time.process_time()
        model = data.fit(cell, units, directions, epochs, seed)
        seconds = (time.process_time() - started) / epochs
        runs.append(Run(data.score(model), int(model.model_.count_params()), seconds))
    return runs


def verdict(runs_by_row: dict[str, list[Run]], data: Data) -> str:
    """Which row is ahead, and by how much of its spread; and the baseline beside it."""
    sign = 1 if data.highest else -1
    means = {row: float(np.mean([run.score for run in runs])) for row, runs in runs_by_row.items()}
    order = sorted(means, key=lambda row: -sign * means[row])
    best = order[0]
    spread = (
        float(np.std([run.score for run in runs_by_row[best]], ddof=1))
        if len(runs_by_row[best]) > 1
        else 0
    )
    near = [row for row in order[1:] if abs(means[row] - means[best]) <= 2 * spread]
    title, baseline = data.baseline
    ahead = sign * (means[best] - baseline) > 0
    texts = [
        f"Ahead: {best}, {means[best]:.3f}"
        + (f"; within two of its standard deviations: {'; '.join(near)}." if near else ".")
    ]
    texts.append(f"It is {'ahead of' if ahead else 'behind'} the {title}, {baseline:.3f}.")
    both = [cell for cell in CELLS if f"{cell}, {WAYS[2]}" in runs_by_row]
    if both:
        better = [
            cell
            for cell in both
            if sign * (means[f"{cell}, {WAYS[2]}"] - means[f"{cell}, {WAYS[1]}"]) > 0
        ]
        texts.append(f"Two directions are ahead of one in {len(better)} of {len(both)} cells.")
    return " ".join(texts)


def run(options: argparse.Namespace) -> dict[str, dict[str, list[Run]]]:
    """Trains every cell on every set; prints and writes the tables."""
    output = RunFolder(options.output)
    output.write_json("config", vars(options))
    import_quietly()
    from .parts.experiments.cells import COMPARED

    report = Report("Cells at an equal number of parameters", options.command, ABOUT)
    seeds = range(options.seed, options.seed + options.seeds)
    runs_by_set: dict[str, dict[str, list[Run]]] = {}
    panels = []
    for name in options.sets:
        data, epochs = SETS[name](options), options.epochs[name]
        of_set = runs_by_set.setdefault(name, {})
        measure = data.title.rpartition(", ")[-1]
        table = report.table(
            data.title, *("cell", "directions", measure, "parameters", "seconds an epoch")
        )
        for cell in options.cells:
            for directions in data.directions:
                runs = trained(data, COMPARED[cell], directions, epochs, seeds)
                of_set[f"{cell}, {WAYS[directions]}"] = runs
                score = mean_and_spread([run.score for run in runs], 3)
                fastest = min(run.seconds for run in runs)
                size = f"{runs[0].parameters:,}"
                table.add(cell, directions, score, size, f"{fastest:.2f}")
        layers = "encoder's layer" if name == "tourism" else "recurrent layers"
        table.add(data.baseline[0], "-", f"{data.baseline[1]:.3f}", "-", "-")
        table.note(
            f"{data.budget:,} parameters of the {layers} at most, {epochs} epochs, "
            f"{options.seeds} seeds. {verdict(of_set, data)}"
        )
        scores = {row: [run.score for run in runs] for row, runs in of_set.items()}
        panels.append(Panel(data.title, measure, scores, data.baseline[1], logarithmic=False))
    report.finish(output, runs_by_set, panels, options.report, line="baseline")
    return runs_by_set


def main(arguments: Sequence[str] | None = None) -> int:
    return exit_code(recorded(run), parse(arguments))


if __name__ == "__main__":
    sys.exit(main())
