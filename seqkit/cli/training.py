"""The course of a training from a table: what is held out, the scores, and the files."""

from __future__ import annotations

import argparse
import time
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from seqkit.cli.fitting import fit_whole
from seqkit.cli.held_out import held_out
from seqkit.cli.printed_tables import print_table
from seqkit.cli.results import Results
from seqkit.cli.table_options import settled, whole_table
from seqkit.cli.tables import in_words
from seqkit.cli.tasks.forecasting import Forecasting
from seqkit.cli.tasks.series_frames import SeriesFrame, forecast, scores
from seqkit.cli.tasks.task import Samples, SampleTask, Table, taken

SHOWN = 6  # series in a picture
COVERAGE = 0.8


def of_samples(
    options: argparse.Namespace,
    task: SampleTask,
    model: Any,
    columns: Mapping[str, Any],
    results: Results,
) -> None:
    """Trains on samples, and tests on others. Writes metrics, predictions and pictures."""
    table = whole_table(options.csv, settled(options), columns)
    samples = _read(task, table, model)
    if options.test_csv:
        test_table = whole_table(options.test_csv, settled(options), columns)
        test = _read(task, test_table, model)
        X, y = samples.X, samples.y
        X_test, y_test = test.X, test.y
    elif options.test_fraction:
        kept, out = _divided(options, task, samples, table, model)
        (X, y), (X_test, y_test) = taken(samples, kept), taken(samples, out)
    else:
        X, y, X_test, y_test = samples.X, samples.y, None, None
    targets = task.targets(y, table.decimal)
    tested = 0 if y_test is None else len(y_test)
    print(f"{table.source}: {len(y)} {task.nouns} to learn from, {tested} to test on", flush=True)
    model.columns_ = task.to_keep(columns, samples)
    seconds = _timed(lambda: fit_whole(model, X, targets))
    metrics: dict[str, Any] = {"data": table.source, "trained_on": len(y), "seconds": seconds}
    if y_test is not None:
        answers = task.answers(model, X_test)
        truth = task.truth(model, y_test, table.decimal)
        base, of_base = task.baseline(targets, truth, X_test)
        of_model = task.scores(truth, answers)
        _report(task.estimator, of_model, base, of_base, seconds)
        metrics |= {"tested_on": len(y_test), "test": of_model, "baseline": {base: of_base}}
        keys = samples.keys[:1]
        results.write_table("predictions", _predictions(keys, X_test, truth, answers))
        if results.draws:
            for name, figure in task.pictures(truth, answers).items():
                results.write_figure(name, figure)
    results.write_metrics(metrics)


def _read(task: SampleTask, table: Table, model: Any) -> Samples:
    samples = task.read(table, labelled=True, model=model)
    if samples.left_out:
        rows = len(table.frame)
        print(
            f"{table.source}: left out {samples.left_out} of {rows} rows, as they lack what is to "
            "be read or to be said"
        )
    return samples


def _divided(
    options: argparse.Namespace, task: SampleTask, samples: Samples, table: Table, model: Any
) -> tuple[np.ndarray, np.ndarray]:
    """The samples to keep, and those to test on."""
    seed = model.random_state if isinstance(model.random_state, int) else 0
    strata = task.targets(samples.y, table.decimal) if task.strata else np.zeros(samples.count)
    return held_out(
        strata,
        options.test_fraction,
        seed,
        name=table.source,
        column="--target",
        nouns=task.nouns,
    )


def _timed(work: Any) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _report(
    model: str,
    of_model: Mapping[str, float],
    baseline: str,
    of_baseline: Mapping[str, float],
    seconds: float,
) -> None:
    names = list(of_model)
    rows = [
        [baseline, *in_words(of_baseline.get(name) for name in names), ""],
        [model, *in_words(of_model.values()), f"{seconds:.1f}"],
    ]
    print_table(["model", *(name.replace("_", " ") for name in names), "seconds"], rows)


def _predictions(
    keys: Sequence[str], X: Any, truth: Any, answers: Mapping[str, Sequence[Any]]
) -> dict[str, list[Any]]:
    """The columns of predictions.csv: a row a sample, or a row a step of each.

    Args:
        keys: the column of a frame X that names samples, if one does.
        X: the samples.
        truth: what is right.
        answers: what the model says.
    """
    predicted = list(answers["predicted"])
    stepwise = bool(predicted) and isinstance(predicted[0], list) and isinstance(truth[0], list)
    named: dict[str, Any] = {"label": truth, **answers}
    if not hasattr(X, "columns"):
        named = {"text": X, **named}
    for key in keys:
        named = {key: X[key].drop_duplicates().tolist(), **named}
    if not stepwise:
        return {name: in_words(values) for name, values in named.items()}
    flat = {name: in_words(v for row in rows for v in row) for name, rows in named.items()}
    return {"sequence": [k for k, row in enumerate(predicted) for _ in row], **flat}


def of_series(
    options: argparse.Namespace,
    task: Forecasting,
    model: Any,
    columns: Mapping[str, Any],
    results: Results,
) -> None:
    """Trains on series: first without their last steps, to test on these; then on all."""
    if options.test_csv:
        raise ValueError(
            "--test-csv is not of forecasting, which tests on the last steps of each series of "
            "--csv. `evaluate` tests a model on another table."
        )
    table = whole_table(options.csv, settled(options), columns)
    whole = task.read(table, model)
    count, values = int(whole.series().max()) + 1, int(whole.frame[whole.target].notna().sum())
    print(f"{table.source}: {count} series, {values} values, horizon {model.horizon}", flush=True)
    metrics: dict[str, Any] = {"data": table.source, "series": count, "values": values}
    if options.test_fraction:
        past = whole.without_last(model.horizon)
        seconds = _timed(lambda: past.fit(model))
        forecasts = forecast(model, past, None, COVERAGE)
        of_model, naive, forecasts = scores(model, past, whole, forecasts)
        base = "the last season again" if model.season_ else "the last value again"
        _report(task.estimator, of_model, base, naive, seconds)
        metrics |= {"seconds": seconds, "test": of_model, "baseline": {base: naive}}
        results.write_table("forecasts", in_columns(forecasts))
        _draw(results, "forecasts", model, past, forecasts)
    seconds = _timed(lambda: whole.fit(model))
    metrics["seconds_of_final_training"] = seconds
    model.columns_ = {**columns, "texts": whole.texts}
    try:
        future = forecast(model, whole, None, COVERAGE)
    except ValueError as error:
        print(f"No forecasts of what follows: {error}")
    else:
        results.write_table("future", in_columns(future))
        _draw(results, "future", model, whole, future)
    results.write_metrics(metrics)


def in_columns(forecasts: Any, decimal: str = ".") -> dict[str, list[str]]:
    """Forecasts as columns of a table: times as they are read, without an hour where none has."""
    return {
        str(name): in_words(
            forecasts[name].tolist()
            if forecasts[name].dtype.kind in "fiub"
            else forecasts[name].astype(str),
            decimal,
        )
        for name in forecasts
    }


def _draw(results: Results, name: str, model: Any, past: SeriesFrame, forecasts: Any) -> None:
    """Draws the forecasts of the first series, after their past."""
    if not results.draws:
        return
    from seqkit.inspection import plot_forecast

    *ids, time_column = past.keys
    if len(ids) > 1:
        return
    history = past.frame[[*past.keys, past.target]].dropna()
    shown = forecasts.rename(columns={"forecast": past.target})
    if ids:
        first = forecasts[ids[0]].drop_duplicates()[:SHOWN]
        history, shown = (f[f[ids[0]].isin(first)] for f in (history, shown))
    names: dict[str, Any] = {"id": ids[0]} if ids else {}
    interval = shown[[*past.keys, "lower", "upper"]] if "lower" in shown else None
    truth = None
    if "truth" in shown and shown["truth"].notna().any():
        truth = shown[[*past.keys, "truth"]].dropna().rename(columns={"truth": past.target})
    figure = plot_forecast(
        history,
        shown[[*past.keys, past.target]],
        interval,
        truth,
        freq=model.freq,
        time=time_column,
        target=past.target,
        **names,
    )
    results.write_figure(name, figure)
