"""Options for a table of the user: the file, its form, and the columns."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from seqkit.cli.csv_form import FORM, told_as_options
from seqkit.cli.declarations import declared_parameters
from seqkit.cli.model_options import add_parameter, option
from seqkit.cli.tasks import TASKS
from seqkit.cli.tasks.task import Column, Table, Task

if TYPE_CHECKING:
    import pandas as pd

# Parameters of estimators that name columns of a table.
NAMED_BY_PARAMETERS = ("id", "time", "target")


def add_column_options(data: Any, task: Task) -> None:
    """Adds the options that name the columns of a task's table."""
    for name in NAMED_BY_PARAMETERS:
        declared = declared_parameters(task.estimator).get(name)
        if declared is not None:
            add_parameter(data, declared)
    for column in task.columns:
        _add(data, column)


def add_known_columns(data: Any) -> None:
    """Adds the options of all tasks, for a command that learns the task from its model."""
    columns = {column.name: column for task in TASKS.values() for column in task.columns}
    for column in columns.values():
        text = "[as it was trained]"
        _add(data, column._replace(text=f"as `train` has it {text}", default=None))


def _add(data: Any, column: Column) -> None:
    many: dict[str, Any] = {"nargs": "+"} if column.several else {}
    shown = f" [{column.default}]" if column.default else ""
    kind = "columns" if column.several else "column"
    data.add_argument(
        option(column.name),
        default=argparse.SUPPRESS,
        metavar="COL",
        help=f"{kind} {column.text}{shown}",
        **many,
    )


def given_columns(options: argparse.Namespace, task: Task) -> dict[str, Any]:
    """The columns that a command names, by option.

    Raises:
        ValueError: for an option of another task.
    """
    known = [column.name for column in task.columns]
    others = {c.name for other in TASKS.values() for c in other.columns} - {*known}
    for name in others:
        if hasattr(options, name):
            raise ValueError(
                f"{option(name)} is not of {task.name}, which has {', '.join(map(option, known))}."
            )
    return {name: getattr(options, name) for name in known if hasattr(options, name)}


def parts_of(source: str, form: Mapping[str, str], rows: int | None) -> Iterator[pd.DataFrame]:
    """The table in a file or on standard input, in frames; errors name options."""
    from seqkit.readers.text_tables import read_in_text

    with told_as_options():
        yield from read_in_text(source, rows=rows, **form)


def whole_table(source: str, form: Mapping[str, str], columns: Mapping[str, Any]) -> Table:
    """The table in a file, in one piece."""
    from seqkit.cli.tables import whole

    frame = whole(parts_of(source, form, None))
    return Table(frame, source_name(source), columns, form.get("decimal", "."))


def source_name(source: str) -> str:
    """The name that errors call a table by."""
    return "standard input" if source == "-" else source


def settled(options: argparse.Namespace, names: Iterable[str] = FORM) -> dict[str, Any]:
    """Those of the options that were given."""
    return {name: getattr(options, name) for name in names if getattr(options, name, None)}
