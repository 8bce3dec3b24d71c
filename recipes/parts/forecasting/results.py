"""Scores of forecasts, their table, and the files of the forecasting recipe."""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from seqkit.cli.fitting import fit_whole
from seqkit.cli.printed_tables import print_table, spread
from seqkit.cli.run_folder import RunFolder

from ..models import config_of
from .future import SHOWN, future_of
from .series import Task

if TYPE_CHECKING:
    import pandas as pd

TITLES = {"mase": "MASE", "smape": "sMAPE", "rmsse": "RMSSE", "coverage": "coverage"}


@dataclass
class Result:
    """The forecasts of a method.

    Attributes:
        name: what the table calls it.
        runs: its scores, once or once a seed.
        values: forecasts (n, H), of the first run.
        lower, upper: bounds of the intervals of 80 %, or None.
    """

    name: str
    runs: list[dict[str, float]]
    values: np.ndarray
    lower: np.ndarray | None = None
    upper: np.ndarray | None = None

    def mean(self, key: str) -> float:
        return float(np.mean([run[key] for run in self.runs]))

    def shown(self, key: str) -> str:
        """A score over runs; empty where the method has none."""
        if key not in self.runs[0]:
            return ""
        values = [run[key] for run in self.runs]
        if key == "coverage":
            return spread(values, 1)
        digits = 2 if key == "smape" else 3
        return spread([value / 100 for value in values], digits).removesuffix(" %")

    def line(self) -> str:
        """The scores of the last run."""
        last = Result(self.name, self.runs[-1:], self.values)
        figures = [f"{title} {last.shown(key)}" for key, title in TITLES.items() if last.shown(key)]
        return ", ".join([*figures, f"{self.runs[-1]['seconds']:.1f} s"])


@dataclass
class Outcome:
    """A model trained once a seed: what it forecast, and the first one."""

    result: Result
    model: Any


def scores(task: Task, values: Any, lower: Any = None, upper: Any = None) -> dict[str, float]:
    from seqkit.metrics import coverage, mase, rmsse, smape

    measured = {
        "mase": mase(task.truth, values, task.histories, task.season),
        "smape": smape(task.truth, values),
        "rmsse": rmsse(task.truth, values, task.histories),
    }
    if lower is not None:
        measured["coverage"] = coverage(task.truth, lower, upper)
    return measured


def name_of(model: Any) -> str:
    """The name of a forecaster in tables.

    Example:
        >>> from seqkit import Seq2SeqForecaster
        >>> name_of(Seq2SeqForecaster(units=8))
        'gru, 8 units x 1, quantiles'
    """
    from seqkit.estimators.plans.training_plan import size_for

    members = size_for(model)
    several = f"{members} x " if members > 1 else ""
    return f"{several}{model.cell}, {model.units} units x {model.layers}, {model.head}"


def train(task: Task, make: Callable[[int], Any], seeds: Iterable[int]) -> Outcome:
    """Trains the forecaster that `make` gives for each seed, and prints how it did.

    Raises:
        KeyboardInterrupt: for Ctrl-C, as `fit_whole`.
    """
    outcome = None
    for seed in seeds:
        model = make(seed)  # the first imports TensorFlow, which is not timed
        name = name_of(model)
        started = time.perf_counter()
        fit_whole(model, task.train, task.covariates, static=task.static)
        future = future_of(model, task)
        columns = [future[c].to_numpy() for c in ("y", "lower", "upper") if c in future]
        values, *bounds = (column.reshape(task.truth.shape) for column in columns)
        seconds = time.perf_counter() - started
        run = {"seed": seed, **scores(task, values, *bounds), "seconds": seconds}
        if outcome is None:
            outcome = Outcome(Result(name, [], values, *bounds), model)
        outcome.result.runs.append(run)
        print(f"{name}, seed {seed}: {outcome.result.line()}", flush=True)
    assert outcome is not None
    return outcome


def report(baselines: Sequence[Result], model: Result, own: bool = False) -> list[str]:
    """Prints who is ahead, and the table; returns the names of the baselines that are, by MASE.

    Args:
        baselines, model: what is compared.
        own: whether the data are the user's, and known so far that a future.csv will have the
            baselines ahead.
    """
    best = min(baselines, key=lambda result: result.mean("mase"), default=None)
    ahead = [r.name for r in baselines if r.mean("mase") < model.mean("mase")]
    if best is not None:
        pair = f"{best.shown('mase')} and {model.shown('mase')}"
        if ahead:
            where = " future.csv has its forecasts too." if own else ""
            print(f"The baseline {best.name} is ahead of {model.name} in MASE: {pair}.{where}")
        else:
            print(f"No baseline is ahead of {model.name} in MASE: {best.name} has {pair}.")
    results = [*baselines, model]
    rows = [
        [r.name, *(r.shown(key) for key in TITLES), f"{r.mean('seconds'):.1f}"] for r in results
    ]
    print_table(["method", *TITLES.values(), "seconds"], rows)
    for key in ("mase", "smape", "rmsse"):
        before = [r.name for r in results if r.mean(key) < model.mean(key)]
        if before:
            print(f"In {TITLES[key]} the recurrent model is behind {', '.join(before)}.")
    return ahead


def write(
    output: RunFolder,
    options: argparse.Namespace,
    task: Task,
    baselines: Sequence[Result],
    outcome: Outcome,
) -> dict[str, Any]:
    """Writes all that is known of an outcome; returns its metrics."""
    result = outcome.result
    metrics = {
        "data": task.name,
        "baselines": {baseline.name: baseline.runs[0] for baseline in baselines},
        "runs": result.runs,
    }
    output.write_json("config", config_of(options, outcome.model))
    output.write_json("metrics", metrics)
    output.write_training(outcome.model)
    output.write_csv("forecasts", forecasts_of(task, result, baselines))
    draw(output, task, result, baselines)
    return metrics


def forecasts_of(task: Task, result: Result, baselines: Sequence[Result]) -> dict[str, Any]:
    """The columns of the table of forecasts, a row a step."""
    columns: dict[str, Any] = {name: task.test[name] for name in ("unique_id", "ds", "y")}
    columns["ds"] = columns["ds"].astype(str)  # days without the hour
    columns["forecast"] = result.values.ravel()
    if result.lower is not None and result.upper is not None:
        columns |= {"lower": result.lower.ravel(), "upper": result.upper.ravel()}
    return columns | {baseline.name: baseline.values.ravel() for baseline in baselines}


def draw(output: RunFolder, task: Task, result: Result, baselines: Sequence[Result]) -> None:
    """Writes forecasts.png, of some series, and error_by_horizon.png."""
    from seqkit.inspection import plot_error_by_horizon, plot_forecast

    interval = truth = None
    if result.lower is not None:
        bounds = task.long({"lower": result.lower, "upper": result.upper})
        interval = task.some(bounds, SHOWN)
    known = task.test[task.test["y"].notna()]
    if len(known):
        truth = task.some(known, SHOWN)
    output.write_figure(
        "forecasts",
        plot_forecast(
            task.some(task.train, SHOWN),
            task.some(task.long({"y": result.values}), SHOWN),
            interval,
            truth,
            last=3 * max(task.horizon, task.season),
            freq=task.freq,
        ),
    )
    scale = scales(task)
    frames = {r.name: _backtest(task, r.values, scale.index) for r in [result, *baselines]}
    figure = plot_error_by_horizon(frames, scale=scale)
    figure.axes[0].set_ylabel("mean absolute scaled error")
    output.write_figure("error_by_horizon", figure)


def scales(task: Task) -> pd.Series:
    """The errors by which MASE divides, for each series that has them."""
    import pandas as pd

    means = {}
    for name, x in zip(task.ids, task.histories, strict=True):
        differences = np.abs(x[task.season :] - x[: -task.season])
        differences = differences[~np.isnan(differences)]
        if differences.any():
            means[name] = float(differences.mean())
    return pd.Series(means)


def _backtest(task: Task, values: np.ndarray, ids: Any) -> pd.DataFrame:
    """Forecasts of some series as a backtest of one window."""
    frame = task.long({"y": task.truth, "forecast": values})
    return frame.assign(cutoff=0)[frame["unique_id"].isin(ids)]
