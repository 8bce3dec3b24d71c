"""Estimators without arguments, beside what a sceptic has, on the sets that the index serves.

    python -m benchmarks.defaults [--kinds series,numbers,texts,forecasts,generated] [--seeds N]
        [--preset best]

Each row is a set: the baselines, the estimator as mean and standard deviation over seeds, and the
seconds of its fit and prediction. Defaults were chosen on the test parts of the sets with a star,
of texts and forecasts on a part of the training data; the others were looked at once.

Baselines are logistic regression on the padded series, the nearest neighbour under dynamic time
warping, and MiniRocket (both of aeon); of numbers the mean of the training part and ridge
regression on the padded series, of texts logistic regression on TF-IDF of words and pairs of words,
of forecasts the seasonal naive one, Theta and exponential smoothing chosen by AICc.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any, NamedTuple

import numpy as np

from benchmarks.timing import print_header, print_machine, print_row
from recipes.parts.classification.baselines import Flattened
from recipes.parts.classification.baselines import of_series as logistic_regression

CELLS = ("lstm", "gru", "peephole_lstm")
CHOSEN_ON = ("gun_point", "arrow_head", "basic_motions", "italy_power_demand", "japanese_vowels")
SERIES = (*CHOSEN_ON, "osu_leaf", "acsf1", "pickup_gesture")
NUMBERS = ("covid_3_month", "cardano_sentiment")
TEXTS = ("critics_snippets", "reuters_r8", "reuters_r52", "twenty_newsgroups")
FORECASTS = ("tourism_monthly", "tourism_quarterly", "m1_monthly", "m3_monthly", "m3_quarterly")
GENERATED = (50, 400, 5000)
NOISE = (0.0, 0.5, 0.9, 1.0)  # share of the variance of 80 generated numbers


class Data(NamedTuple):
    """A set with its test part."""

    X: Any
    y: Any
    X_test: Any
    y_test: Any


def fitted_scores(make: Callable[..., Any], data: Data, seeds: int) -> tuple[str, str]:
    """Mean and spread of an estimator's score over seeds, and the seconds of a fit."""
    values, seconds = [], []
    for seed in range(seeds):
        started = time.perf_counter()
        values.append(make(random_state=seed).fit(data.X, data.y).score(data.X_test, data.y_test))
        seconds.append(time.perf_counter() - started)
    return spread(values), f"{np.mean(seconds):.0f}"


def spread(values: Iterable[float]) -> str:
    """Mean and standard deviation."""
    values = list(values)
    return f"{np.mean(values):.3f}" + (f" ± {np.std(values, ddof=1):.3f}" if values[1:] else "")


def channels_first(X: Any, longest: int) -> np.ndarray:
    """Series as aeon takes them, those that are shorter stretched to the longest."""
    grid = np.linspace(0, 1, longest)
    rows = [[np.interp(grid, np.linspace(0, 1, len(x)), column) for column in x.T] for x in X]
    return np.array(rows)


def of_series(data: Data) -> list[float]:
    """Accuracies of the baselines of series with classes."""
    from aeon.classification.convolution_based import MiniRocketClassifier
    from aeon.classification.distance_based import KNeighborsTimeSeriesClassifier

    longest = max(map(len, data.X))
    found = [logistic_regression(data.X, data.y).score(data.X_test, data.y_test)]
    X, X_test = (channels_first(part, longest) for part in (data.X, data.X_test))
    for model in (
        KNeighborsTimeSeriesClassifier(distance="dtw", distance_params={"window": 0.1}),
        MiniRocketClassifier(random_state=0),
    ):
        found.append(float(np.mean(model.fit(X, data.y).predict(X_test) == data.y_test)))
    return found


def of_numbers(data: Data) -> list[float]:
    """R2 of the baselines of series with numbers."""
    from sklearn.linear_model import RidgeCV
    from sklearn.metrics import r2_score
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    ridge = make_pipeline(Flattened(), StandardScaler(), RidgeCV(np.logspace(-2, 4, 13)))
    ridge.fit(data.X, data.y)
    mean = np.full(len(data.y_test), np.mean(data.y))
    return [r2_score(data.y_test, mean), ridge.score(data.X_test, data.y_test)]


def of_texts(data: Data) -> list[float]:
    """Accuracy of the baseline of texts."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline

    words = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, token_pattern=r"\w+")
    model = make_pipeline(words, LogisticRegression(C=30, max_iter=1000))
    return [model.fit(data.X, data.y).score(data.X_test, data.y_test)]


def load(name: str) -> Data:
    import seqkit

    found = seqkit.data.load(name)
    return Data(*(getattr(found, part) for part in ("X_train", "y_train", "X_test", "y_test")))


def texts_of(rows: int, seed: int = 0) -> Data:
    """Texts of a few words, one of which tells the class."""
    rng = np.random.default_rng(seed)
    words = np.array([f"word{k}" for k in range(300)])
    y = rng.integers(0, 2, rows + 500)
    X = []
    for label in y:
        text = list(rng.choice(words, rng.integers(5, 20)))
        text.insert(rng.integers(len(text)), ("dull", "great")[label])
        X.append(" ".join(text))
    return Data(X[:rows], y[:rows], X[rows:], y[rows:])


def numbers_of(noise: float, rows: int = 80, seed: int = 0) -> Data:
    """Random walks and their means, a share of whose variance is noise."""
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(rows + 500, 60, 2)).cumsum(axis=1).astype("float32")
    means = X[..., 0].mean(axis=1)
    known = (means - means.mean()) / means.std()
    y = np.sqrt(1 - noise) * known + np.sqrt(noise) * rng.normal(size=len(X))
    return Data(X[:rows], y[:rows], X[rows:], y[rows:])


def compare(
    kind: Kind, sets: Iterable[str], cells: Iterable[str], seeds: int, **options: Any
) -> None:
    """Prints a table: a row a set and cell, which the baselines stand before."""
    import seqkit

    make = getattr(seqkit, kind.estimator)
    print(f"\n### {kind.title}\n")
    print_header(("set", "train", *kind.baselines, "cell", "seqkit", "seconds"), left=1)
    for name in sets:
        data = kind.sets[name]()
        base = [f"{value:.3f}" for value in kind.measure(data)]
        star = "*" if name in CHOSEN_ON else ""
        for cell in cells:
            score, seconds = fitted_scores(partial(make, cell, **options), data, seeds)
            print_row((name + star, str(len(data.y)), *base, cell, score, seconds))


def forecast(names_of_sets: Iterable[str], seeds: int, **options: Any) -> None:
    """Prints the table of forecasts."""
    import seqkit
    from recipes.parts.forecasting.baselines import BASELINES
    from seqkit.metrics import coverage, mase

    names = ("seasonal_naive", "theta", "ets")
    print("\n### Forecasts: MASE, and the coverage of the intervals of 80 %\n")
    print_header(("set", "series", *names, "seqkit", "coverage", "seconds"), left=1)
    for name in names_of_sets:
        data = seqkit.data.load(name)
        horizon, season = data.horizon, data.seasonal_period
        histories = [y.to_numpy() for _, y in data.train.groupby("unique_id", sort=False)["y"]]
        truth = data.test["y"].to_numpy().reshape(len(histories), horizon)
        base = [
            mase(truth, BASELINES[known](histories, horizon, season).values, histories, season)
            for known in names
        ]
        values, coverages, seconds = [], [], []
        for seed in range(seeds):
            started = time.perf_counter()
            model = seqkit.Seq2SeqForecaster(
                horizon, season=season if season > 1 else None, random_state=seed, **options
            ).fit(data.train)
            bounds = model.predict_quantiles(levels=[0.1, 0.5, 0.9])
            low, point, high = (
                bounds[column].to_numpy().reshape(truth.shape) for column in bounds.columns[-3:]
            )
            seconds.append(time.perf_counter() - started)
            values.append(mase(truth, point, histories, season))
            coverages.append(coverage(truth, low, high))
        print_row(
            (
                name,
                str(len(histories)),
                *(f"{value:.3f}" for value in base),
                spread(values),
                spread(coverages),
                f"{np.mean(seconds):.0f}",
            )
        )


class Kind(NamedTuple):
    """One table: its title, the baselines and what measures them, the sets, and the estimator."""

    title: str
    baselines: tuple[str, ...]
    measure: Callable[[Data], list[float]]
    sets: dict[str, Callable[[], Data]]
    estimator: str


KINDS = {
    "series": Kind(
        "Series with classes: accuracy",
        ("logistic regression", "1NN-DTW", "MiniRocket"),
        of_series,
        {name: partial(load, name) for name in SERIES},
        "SequenceClassifier",
    ),
    "numbers": Kind(
        "Series with a number: R2",
        ("mean", "ridge"),
        of_numbers,
        {
            **{name: partial(load, name) for name in NUMBERS},
            **{f"walks, {noise:.0%} noise": partial(numbers_of, noise) for noise in NOISE},
        },
        "SequenceRegressor",
    ),
    "texts": Kind(
        "Texts: accuracy",
        ("TF-IDF + LR",),
        of_texts,
        {name: partial(load, name) for name in TEXTS},
        "TextClassifier",
    ),
    "generated": Kind(
        "Generated texts that one word decides: accuracy",
        ("TF-IDF + LR",),
        of_texts,
        {f"{rows} texts": partial(texts_of, rows) for rows in GENERATED},
        "TextClassifier",
    ),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    names = (*KINDS, "forecasts")
    parser.add_argument("--kinds", default=",".join(names), help="with commas [all]")
    parser.add_argument("--sets", help="with commas; of each kind only these")
    parser.add_argument("--cells", default=",".join(CELLS), help="with commas [all three]")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--preset", default="balanced", help="of the estimators [balanced]")
    options = parser.parse_args()
    kinds = options.kinds.split(",")
    if not {*kinds} <= {*names}:
        parser.error(f"--kinds must be of {', '.join(names)}, got {options.kinds!r}")
    wanted = options.sets.split(",") if options.sets else None

    def some(known: Iterable[str]) -> list[str]:
        return [name for name in known if wanted is None or name in wanted]

    print_machine()
    for name in kinds:
        if name == "forecasts":
            forecast(some(FORECASTS), options.seeds, preset=options.preset)
        else:
            kind = KINDS[name]
            cells = options.cells.split(",")
            compare(kind, some(kind.sets), cells, options.seeds, preset=options.preset)


if __name__ == "__main__":
    main()
