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

The model is the estimator without arguments, but for what the command names. The baselines are
naive forecasts, Theta, and exponential smoothing chosen by AICc, each fitted to one series at a
time; of own data future.csv has the forecasts of those that are ahead, too. MASE is in units of the
seasonal naive error, RMSSE in those of the naive one, as M5 has it; coverage is the share of the
truth within the intervals of 80 %.
"""

from __future__ import annotations

import argparse
import functools
import sys
import time
from collections.abc import Sequence
from typing import Any

from seqkit.checks import did_you_mean
from seqkit.cli.command_line import check_counts, exit_code, recipe_parser
from seqkit.cli.csv_form import add_form_options, check_form
from seqkit.cli.fitting import fit_whole
from seqkit.cli.model_options import given_parameters
from seqkit.cli.run_folder import MODEL, RunFolder, add_output, recorded

from .parts.forecasting.baselines import BASELINES, check_installed
from .parts.forecasting.future import write_future, write_request
from .parts.forecasting.results import Result, report, scores, train, write
from .parts.forecasting.series import DATASETS, Task, load
from .parts.models import add_estimator_options, check_runs, new_model

# Parameters of the forecaster that the data settle, or that are columns of the table.
OF_DATA = ("horizon", "season", "freq", "calendar", "id", "time", "target")
QUICK = {"seeds": 1, "baselines": ["naive", "seasonal_naive"]}  # a first look, of preset "fast"


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
        help="columns of numbers or texts that are known for the steps to forecast: give those "
        "steps rows without a value [none]",
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
    run = parser.add_argument_group("run")
    run.add_argument(
        "--baselines",
        type=lambda text: [name for name in text.split(",") if name],
        help=f"with commas, some of {','.join(BASELINES)} [all]",
    )
    run.add_argument("--jobs", type=int, default=2, help="processes of the baselines [2]")
    run.add_argument("--quick", action="store_true", help="a first look: one short run")
    run.add_argument("--seed", type=int, default=0, help="of the first run")
    run.add_argument("--seeds", type=int, help="number of runs, for mean and spread [3]")
    add_output(run, "runs/forecasting")
    run.add_argument("--export", metavar="DIR", help="folder for a SavedModel")
    add_estimator_options(parser, "Seq2SeqForecaster", elsewhere=OF_DATA)
    return settle(parser, parser.parse_args(arguments))


def settle(parser: argparse.ArgumentParser, options: argparse.Namespace) -> argparse.Namespace:
    """Checks what was given, and settles the rest."""
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
    usual = QUICK if options.quick else {"seeds": 3, "baselines": list(BASELINES)}
    for name, value in usual.items():
        if getattr(options, name) is None:
            setattr(options, name, value)
    check_counts(parser, options, "horizon", "season", "jobs")
    for name in options.baselines:
        if name not in BASELINES:
            known = f"--baselines must be of {', '.join(BASELINES)}, got {name!r}."
            parser.error(f"{known}{did_you_mean(name, BASELINES)}")
    check_runs(parser, options)
    return options


def estimator(options: argparse.Namespace, task: Task, seed: int) -> Any:
    """A forecaster, not fitted."""
    head = given_parameters(options, "Seq2SeqForecaster").get("head", "quantiles")
    # The likelihood of a distribution is its loss, of all windows alike.
    own = {} if head in ("point", "quantiles") else {"weighting": None}
    return new_model(
        options,
        "Seq2SeqForecaster",
        seed,
        horizon=task.horizon,
        season=None if task.season == 1 else task.season,
        freq=task.freq,
        calendar=options.calendar,
        preset="fast" if options.quick else "balanced",
        **own,
    )


def forecast_by(name: str, task: Task, jobs: int) -> Result:
    """A baseline's forecasts, and how good they are."""
    started = time.perf_counter()
    forecasts = BASELINES[name](task.histories, task.horizon, task.season, jobs=jobs)
    seconds = time.perf_counter() - started
    measured = scores(task, forecasts.values, forecasts.lower, forecasts.upper)
    result = Result(name, [{**measured, "seconds": seconds}], *forecasts[:3])
    print(f"{name}: {result.line()}", flush=True)
    if forecasts.failed:
        print(f"  it failed for {forecasts.failed} series, whose forecasts are seasonal naive")
    return result


def run(options: argparse.Namespace) -> dict[str, Any]:
    """Trains, compares with the baselines, prints a table, writes all; returns the metrics."""
    check_installed(options.baselines)
    task = load(options)
    estimator(options, task, options.seed)  # checks what was given, before minutes go by
    output = RunFolder(options.output)
    print(task.sizes(), flush=True)
    names = [name for name in options.baselines if task.season > 1 or name != "seasonal_naive"]
    baselines = [forecast_by(name, task, options.jobs) for name in names]
    seeds = range(options.seed, options.seed + options.seeds)
    make = functools.partial(estimator, options, task)
    outcome = train(task, make, seeds)
    whole = task.whole() if options.csv else None
    goes_on = whole is not None and not whole.unknown_future()
    ahead = report(baselines, outcome.result, goes_on)
    metrics = write(output, options, task, baselines, outcome)
    model = outcome.model
    if whole is not None:
        model = estimator(options, whole, options.seed)
        fit_whole(model, whole.train, whole.covariates, static=whole.static)
        model.save(output.folder / MODEL)
        if goes_on:
            task = whole
            forecasts = {
                name: BASELINES[name](task.histories, task.horizon, task.season, jobs=options.jobs)
                for name in ahead
            }
            write_future(output, task, model, {name: f.values for name, f in forecasts.items()})
            file = f"{output.folder}/future.csv"
            print(f"Forecasts of what follows, by a model of all the data: {file}")
    write_request(output, task, model)
    print(f"Results are in {output.folder}/")
    if options.export:
        print(f"Exported {model.export(options.export)}")
    return metrics


def main(arguments: Sequence[str] | None = None) -> int:
    return exit_code(recorded(run), parse(arguments))


if __name__ == "__main__":
    sys.exit(main())
