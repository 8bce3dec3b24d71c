"""The verb train: from a table to a model, and a folder that says how good it is."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from seqkit.cli.command_line import Parser
from seqkit.cli.configuration import check_options, read_configuration
from seqkit.cli.csv_form import FORM, add_form_options
from seqkit.cli.declarations import declared_parameters
from seqkit.cli.model_options import (
    NOT_HERE,
    add_model_options,
    check_known,
    given_parameters,
    new_estimator,
)
from seqkit.cli.run_folder import MODEL, add_output
from seqkit.cli.table_options import (
    NAMED_BY_PARAMETERS,
    add_column_options,
    given_columns,
)
from seqkit.cli.tasks import TASKS, task_named
from seqkit.cli.tasks.task import SampleTask, Task

if TYPE_CHECKING:
    from seqkit.cli.results import Results

TEXT = "learn from a table: a model in one file, and how good it is, in one folder"
OF_RUN = ("csv", "test_csv", "test_fraction", *FORM)
DEFAULTS: dict[str, Any] = {"test_fraction": 0.2}


def parser(prog: str, arguments: Sequence[str]) -> argparse.ArgumentParser:
    """The parser for the task that the arguments name, or their configuration; else one of tasks.

    Raises:
        ValueError: for a task that there is not, or a configuration that cannot be read.
    """
    task = _task_in(arguments)
    if task is None:
        return _of_all(prog)
    made = Parser(
        prog=f"{prog} {task.name}",
        description=f"Learn {task.text}. What a default is stands in brackets.",
    )
    made.add_argument("task", nargs="?", help=argparse.SUPPRESS)
    data = made.add_argument_group("data")
    data.add_argument("--csv", metavar="FILE", help=".csv, .tsv or .parquet; - is standard input")
    data.add_argument("--test-csv", metavar="FILE", help="a table like --csv to test on")
    data.add_argument(
        "--test-fraction",
        type=float,
        metavar="X",
        help="held out to test on; 0 trains on all, and tests nothing; of forecasting all but 0 "
        "holds out the last steps of each series [0.2]",
    )
    add_column_options(data, task)
    add_form_options(data)
    run = made.add_argument_group("run")
    add_output(run, None)
    run.add_argument("--config", metavar="FILE", help="config.json of a run, or .toml of its form")
    run.add_argument("--export", metavar="DIR", help="folder for a SavedModel of the model too")
    model = made.add_argument_group(f"parameters of seqkit.{task.estimator}")
    add_model_options(model, task.estimator, columns=NAMED_BY_PARAMETERS)
    made.set_defaults(known_task=task)
    return made


def _task_in(arguments: Sequence[str]) -> Task | None:
    if arguments and not arguments[0].startswith("-"):
        return task_named(arguments[0])
    first = argparse.ArgumentParser(add_help=False, exit_on_error=False)
    first.add_argument("--config")
    known, _ = first.parse_known_args(list(arguments))
    if known.config is None:
        return None
    name = read_configuration(known.config).task
    if name is None:
        raise ValueError(
            f"--config: {known.config} names no task. Write one, or name it: train TASK"
        )
    return task_named(name)


def _of_all(prog: str) -> argparse.ArgumentParser:
    lines = [f"  {task.name:<22} {task.text}" for task in TASKS.values()]
    made = Parser(
        prog=prog,
        usage=f"{prog} TASK --csv FILE --output DIR [options]\n"
        f"       {prog} --config FILE --output DIR [options]",
        description="tasks:\n" + "\n".join(lines) + f"\n\n{prog} TASK --help lists the options.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    made.add_argument("task", metavar="TASK", help="one of the tasks above")
    return made


def run(options: argparse.Namespace) -> None:
    """Trains, tests, and writes all."""
    from seqkit.cli.results import Results
    from seqkit.cli.tensorflow_log import import_quietly

    task: Task = options.known_task
    parameters, columns = _settle(options, task)
    results = Results(options.output, overwrite=options.overwrite)
    import_quietly()
    model = new_estimator(task.estimator, parameters)
    with results.logged():
        _train(options, task, model, columns, results)


def _settle(options: argparse.Namespace, task: Task) -> tuple[dict[str, Any], dict[str, Any]]:
    """Takes from the configuration what was not given; returns parameters and columns."""
    columns = {column.name: column.default for column in task.columns}
    parameters: dict[str, Any] = {}
    if options.config:
        read = read_configuration(options.config)
        if read.task is not None and task_named(read.task) is not task:
            raise ValueError(f"--config: {options.config} is of {read.task}, not of {task.name}.")
        check_options(options.config, read.options, (*OF_RUN, *columns))
        check_known(f"--config: {options.config}", read.parameters, task.estimator)
        parameters |= read.parameters
        columns |= {name: value for name, value in read.options.items() if name in columns}
        for name in OF_RUN:
            if getattr(options, name) is None:
                setattr(options, name, read.options.get(name))
    for name, value in DEFAULTS.items():
        if getattr(options, name) is None:
            setattr(options, name, value)
    for name in ("csv", "output"):
        if getattr(options, name) is None:
            raise ValueError(f"--{name} is needed: train {task.name} --csv FILE --output DIR")
    if not 0 <= options.test_fraction < 1:
        raise ValueError(
            f"--test-fraction must be at least 0 and below 1, got {options.test_fraction}"
        )
    parameters |= given_parameters(options, task.estimator)
    return parameters, columns | given_columns(options, task)


def _train(
    options: argparse.Namespace, task: Task, model: Any, columns: dict[str, Any], results: Results
) -> None:
    from seqkit.cli.tasks.forecasting import Forecasting
    from seqkit.cli.training import of_samples, of_series

    if isinstance(task, Forecasting):
        of_series(options, task, model, columns, results)
    else:
        assert isinstance(task, SampleTask)
        of_samples(options, task, model, columns, results)
    results.write_model(model)
    results.write_config(_configuration(options, task, model, columns))
    print(f"The model and its results are in {results.folder}/")
    if options.export:
        from seqkit.cli.verbs.export import scores_beside

        scores = scores_beside(str(results.folder / MODEL))
        print(f"Exported {model.export(options.export, metrics=scores)}")


def _configuration(
    options: argparse.Namespace, task: Task, model: Any, columns: dict[str, Any]
) -> dict[str, Any]:
    """All that makes the same run again."""
    from seqkit.version import VERSION

    of_run = {name: getattr(options, name) for name in OF_RUN}
    declared = declared_parameters(task.estimator)
    return {
        "seqkit": VERSION,
        "task": task.name,
        "options": {
            name: value for name, value in {**of_run, **columns}.items() if value is not None
        },
        "parameters": {name: getattr(model, name) for name in declared if name not in NOT_HERE},
    }
