"""The tasks that a command can train for; importing this package imports nothing heavy."""

from __future__ import annotations

from seqkit.checks import did_you_mean
from seqkit.cli.tasks.forecasting import Forecasting
from seqkit.cli.tasks.series import SeriesClassification, SeriesRegression
from seqkit.cli.tasks.tagging import Tagging
from seqkit.cli.tasks.task import Task
from seqkit.cli.tasks.texts import TextClassification
from seqkit.cli.tasks.translation import Translation

TASKS: dict[str, Task] = {
    task.name: task
    for task in (
        SeriesClassification(),
        SeriesRegression(),
        TextClassification(),
        Tagging(),
        Translation(),
        Forecasting(),
    )
}


def task_named(name: str) -> Task:
    """The task of this name, with underscores too.

    Raises:
        ValueError: for another name; the message offers the nearest.
    """
    task = TASKS.get(name.replace("_", "-"))
    if task is None:
        raise ValueError(
            f"TASK must be one of {', '.join(TASKS)}, got {name!r}.{did_you_mean(name, TASKS)}"
        )
    return task


def task_of(model: object) -> Task:
    """The task of a fitted estimator."""
    name = type(model).__name__
    return next(task for task in TASKS.values() if task.estimator == name)
