"""Forecast many series by one recurrent model: visitors of a tourism board, or your own table.

    python -m recipes.forecasting
    python -m recipes.forecasting --dataset m3 --cell lstm
    python -m recipes.forecasting --csv sales.csv --time day --value sold --id shop --horizon 14
    python -m recipes.forecasting --csv sales.csv --time day --value sold --id shop --horizon 14 \\
        --covariates price promo --static region

By default: the 366 monthly series of the tourism competition (Athanasopoulos et al. 2011), 24
months ahead; `--dataset m3`: the 1,428 monthly series of M3, 18 months ahead.

Own data: a table (CSV, parquet), a row a step. The last --horizon steps of each series are held out
to test on; then a model learns from all steps and forecasts those that follow, in future.csv. That
model is the one that --export writes. With --covariates the steps to forecast have rows too, with
covariates and without a value. "NA" and "007" stay so in --id and --static.

The baselines are naive forecasts, Theta, and exponential smoothing chosen by AICc, each fitted to
one series at a time. MASE is in units of the seasonal naive error, RMSSE in those of the naive one,
as M5 has it; coverage is the share of the truth within the intervals of 80 %.
"""

from __future__ import annotations

import argparse
import functools
import math
import sys
import time
from collections.abc import Sequence
from typing import Any

from seqkit.cells import CELLS
from seqkit.checks import did_you_mean
from seqkit.cli.command_line import check_counts, check_runs_and_cell, exit_code, recipe_parser
from seqkit.cli.csv_form import add_form_options, check_form
from seqkit.cli.fitting import fit_whole
from seqkit.cli.model_options import add_settings, settings
from seqkit.cli.run_folder import MODEL, RunFolder
from seqkit.cli.tensorflow_log import import_quietly

from .parts.forecasting.baselines import BASELINES, check_installed
from .parts.forecasting.future import LEVELS, write_future, write_request
from .parts.forecasting.results import Result, report, scores, train, write
from .parts.forecasting.series import DATASETS, Task, load

HEADS = ("point", "quantiles", "gaussian", "student_t", "negative_binomial")
_COMMON: dict[str, Any] = {
    "lookback": 36,
    "units": 64,
    "dropout": 0.0,
    "scaling": "standard",
    "transform": None,
    "seasonal_residual": True,
    "batch_size": 256,
    "learning_rate": 0.003,
    "calibration_windows": 1,
}
# Chosen by how well the last steps before the test parts were forecast.
PRESETS: dict[str, dict[str, Any]] = {
    "tourism": {
        **_COMMON,
        "scaling": "mean",
        "learning_rate": 0.001,
        "epochs": 4,
        "calibration_windows": 0,
    },
    "m3": {**_COMMON, "epochs": 4},
    # Three seasons or horizons of the past; few windows need many passes.
    "own": {
        **_COMMON,
        "lookback": None,
        "seasonal_residual": False,
        "batch_size": 64,
        "epochs": 30,
        "calibration_windows": 0,  # one series has too few windows
    },
}
COUNTS = {"scaling": "mean", "transform": None, "seasonal_residual": False}  # must stay counts
QUICK = {"seeds": 1, "epochs": 2, "baselines": ["naive", "seasonal_naive"]}  # a first look


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = recipe_parser(f"{__package__}.forecasting", __doc__)
    data = parser.add_argument_group("data")
    source = data.add_mutually_exclusive_group()
    source.add_argument("--dataset", choices=DATASETS, help="[tourism]")
    source.add_argument("--csv", metavar="FILE", help="own series: .csv or .parquet")
    data.add_argument("--time", metavar="COL", help="column of dates, or of whole numbers [ds]")
    data.add_argument("--value", metavar="COL", help="column of what is forecast [y]")
    data.add_argument("--id", metavar="COL", help="column that names the series [one series]")
    data.add_argument(
        "--covariates",
        nargs="+",
        default=[],
        metavar="COL",
        help="columns of numbers that are known for the steps to forecast: give those steps rows "
        "without a value [none]",
    )
    data.add_argument(
        "--static",
        nargs="+",
        default=[],
        metavar="COL",
        help="columns that describe a series, numbers or texts [none]",
    )
    add_form_options(data)
    data.add_argument("--horizon", type=int, help="steps to forecast; --csv needs it")
    data.add_argument("--freq", help="as pandas names it, such as D or 15min [inferred]")
    data.add_argument("--season", type=int, help="steps in a season; 1: none [by frequency]")
    data.add_argument(
        "--calendar",
        type=lambda text: [name for name in text.split(",") if name],
        default=[],
        metavar="NAMES",
        help="features of the times, with commas, such as month,day_of_week [none]",
    )
    model = parser.add_argument_group("model", "without a default here: by data set")
    model.add_argument("--cell", default="gru", help=f"one of {', '.join(CELLS)} [gru]")
    model.add_argument("--units", type=int, help="of each layer")
    model.add_argument("--layers", type=int, default=1, help="recurrent layers [1]")
    model.add_argument("--lookback", type=int, help="steps of the past that a forecast reads")
    model.add_argument(
        "--head", choices=HEADS, default="quantiles", help="what is forecast [quantiles]"
    )
    model.add_argument(
        "--decoding",
        choices=("direct", "autoregressive"),
        default="direct",
        help="all steps at once, or each from the one before [direct]",
    )
    model.add_argument("--attention", choices=("bahdanau", "luong"), help="of the decoder [none]")
    model.add_argument("--scaling", choices=("mean", "standard", "robust"), help="of each window")
    model.add_argument("--transform", choices=("log", "difference"), help="before scaling")
    model.add_argument(
        "--seasonal-residual",
        action=argparse.BooleanOptionalAction,
        help="whether the network models what the seasonal naive forecast misses",
    )
    model.add_argument(
        "--calibration-windows",
        type=int,
        metavar="N",
        help="at the end of each series, held out from a first training to calibrate intervals",
    )
    model.add_argument("--dropout", type=float, help="fraction of outputs dropped in training")
    model.add_argument("--epochs", type=int, help="passes over the windows")
    model.add_argument("--batch-size", type=int, help="windows a step")
    model.add_argument("--learning-rate", type=float, help="of Adam, falling to 0 on a cosine")
    run = parser.add_argument_group("run")
    add_settings(run)
    run.add_argument(
        "--baselines",
        type=lambda text: [name for name in text.split(",") if name],
        help=f"with commas, some of {','.join(BASELINES)} [all]",
    )
    run.add_argument("--jobs", type=int, default=2, help="processes of the baselines [2]")
    run.add_argument("--quick", action="store_true", help="a first look: one run, few epochs")
    run.add_argument("--seed", type=int, default=0, help="of the first run")
    run.add_argument("--seeds", type=int, help="number of runs, for mean and spread [3]")
    run.add_argument("--output", default="runs/forecasting", help="folder for results")
    run.add_argument("--export", metavar="DIR", help="folder for a SavedModel")
    return settle(parser, parser.parse_args(arguments))


def settle(parser: argparse.ArgumentParser, options: argparse.Namespace) -> argparse.Namespace:
    """Checks what was given, and takes the rest from the preset."""
    if options.csv:
        if options.horizon is None:
            parser.error("--csv needs --horizon, the steps to forecast")
        options.time, options.value = options.time or "ds", options.value or "y"
    if options.static and not options.id:
        parser.error("--static describes series: it needs --id, the column that names them")
    own = ("time", "value", "id", "covariates", "static", "horizon", "freq", "season", "calendar")
    for name in own:
        if not options.csv and getattr(options, name) not in (None, []):
            parser.error(f"--{name} is of own data: it needs --csv")
    check_form(parser, options, "csv")
    options.dataset = None if options.csv else options.dataset or "tourism"
    preset: dict[str, Any] = {
        "seeds": 3,
        "baselines": list(BASELINES),
        **PRESETS[options.dataset or "own"],
    }
    if options.head == "negative_binomial":
        preset |= COUNTS
    if options.quick:
        preset |= QUICK
    for name, value in preset.items():
        if getattr(options, name) is None:
            setattr(options, name, value)
    counts = ("horizon", "season", "lookback", "jobs", "epochs", "batch_size")
    check_counts(parser, options, *counts)
    if options.calibration_windows < 0:
        parser.error(f"--calibration-windows must be at least 0, got {options.calibration_windows}")
    if not options.learning_rate > 0:
        parser.error(f"--learning-rate must be above 0, got {options.learning_rate}")
    for name in options.baselines:
        if name not in BASELINES:
            known = f"--baselines must be of {', '.join(BASELINES)}, got {name!r}."
            parser.error(f"{known}{did_you_mean(name, BASELINES)}")
    check_runs_and_cell(parser, options)
    return options


def estimator(options: argparse.Namespace, task: Task, seed: int) -> Any:
    """A forecaster, not fitted."""
    import_quietly()
    import keras

    from seqkit import Seq2SeqForecaster

    lookback = options.lookback or 3 * max(task.season, task.horizon)
    shortest = min(lookback, max(task.season, 2))  # history that is trained on
    windows = sum(max(0, len(x) - task.horizon - shortest + 1) for x in task.histories)
    steps = options.epochs * math.ceil(max(windows, 1) / options.batch_size)
    model = Seq2SeqForecaster(
        task.horizon,
        lookback,
        cell=options.cell,
        units=options.units,
        layers=options.layers,
        dropout=options.dropout,
        epochs=options.epochs,
        batch_size=options.batch_size,
        season=None if task.season == 1 else task.season,
        scaling=options.scaling,
        transform=options.transform,
        seasonal_residual=bool(options.seasonal_residual) and task.season > 1,
        decoding=options.decoding,
        attention=options.attention,
        head=options.head,
        levels=(*LEVELS[:1], 0.5, *LEVELS[1:]),
        calibration_windows=options.calibration_windows,
        calibration_refit=options.calibration_windows > 0,
        calendar=options.calendar,
        # The likelihood of a distribution is its loss.
        weighting="mase" if options.head in ("point", "quantiles") else None,
        freq=task.freq,
        learning_rate=keras.optimizers.schedules.CosineDecay(options.learning_rate, steps),
        random_state=seed,
    )
    return model.set_params(**settings(options, "Seq2SeqForecaster"))


def forecast_by(name: str, task: Task, jobs: int) -> Result:
    """A baseline's forecasts, and how good they are."""
    started = time.perf_counter()
    found = BASELINES[name](task.histories, task.horizon, task.season, jobs=jobs)
    seconds = time.perf_counter() - started
    measured = scores(task, found.values, found.lower, found.upper)
    result = Result(name, [{**measured, "seconds": seconds}], *found[:3])
    print(f"{name}: {result.line()}", flush=True)
    if found.failed:
        print(f"  it failed for {found.failed} series, whose forecasts are seasonal naive")
    return result


def run(options: argparse.Namespace) -> dict[str, Any]:
    """Trains, compares with the baselines, prints a table, writes all; returns the metrics."""
    check_installed(options.baselines)
    task = load(options)
    estimator(options, task, options.seed).check_parameters()  # before minutes go by
    output = RunFolder(options.output)
    print(task.sizes(), flush=True)
    names = [name for name in options.baselines if task.season > 1 or name != "seasonal_naive"]
    baselines = [forecast_by(name, task, options.jobs) for name in names]
    name = f"{options.cell}, {options.units} units x {options.layers}, {options.head}"
    seeds = range(options.seed, options.seed + options.seeds)
    make = functools.partial(estimator, options, task)
    outcome = train(name, task, make, seeds)
    report([*baselines, outcome.result], outcome.result)
    metrics = write(output, options, task, baselines, outcome)
    model = outcome.model
    if options.csv:
        whole = task.whole()
        model = estimator(options, whole, options.seed)
        fit_whole(model, whole.train, whole.covariates, static=whole.static)
        model.save(output.folder / MODEL)
        if not whole.unknown_future():
            task = whole
            write_future(output, task, model)
            file = f"{output.folder}/future.csv"
            print(f"Forecasts of what follows, by a model of all the data: {file}")
    write_request(output, task, model)
    print(f"Results are in {output.folder}/")
    if options.export:
        print(f"Exported {model.export(options.export)}")
    return metrics


def main(arguments: Sequence[str] | None = None) -> int:
    return exit_code(run, parse(arguments))


if __name__ == "__main__":
    sys.exit(main())
