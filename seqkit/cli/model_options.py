"""Options of the command line for the parameters of an estimator, made of their declarations."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from seqkit.checks import did_you_mean
from seqkit.cli.declarations import (
    Declared,
    declared_parameters,
    shown_kind,
    shown_value,
    value_of,
)

# Objects of Python, or a course that one command does not have.
NOT_HERE = ("callbacks", "warm_start")
# The same command gives the same model.
OWN_DEFAULTS: dict[str, Any] = {"random_state": 0}
PREFIX = "parameter:"  # of their names in a namespace


def option(name: str) -> str:
    """The option that stands for a name of Python.

    Example:
        >>> option("batch_size")
        '--batch-size'
    """
    return f"--{name.replace('_', '-')}"


def add_model_options(parser: Any, estimator: str, columns: Collection[str] = ()) -> None:
    """Adds an option for each parameter of an estimator; those that are not given leave no trace.

    Args:
        parser: the parser, or a group of one.
        estimator: the name of its class.
        columns: names of parameters that are columns of the table, and among the options for these.
    """
    for declared in declared_parameters(estimator).values():
        if declared.name not in (*NOT_HERE, *columns):
            add_parameter(parser, declared)
    add_settings(parser)


def add_settings(parser: Any) -> None:
    """Adds --set, which reaches every parameter of an estimator."""
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="any parameter of the estimator, by its name in Python, such as preset=best; may be "
        "repeated",
    )


def add_parameter(parser: Any, declared: Declared) -> None:
    """Adds the option of one parameter."""
    default = OWN_DEFAULTS.get(declared.name, declared.default)
    help = f"{declared.text} [{shown_value(default)}]".replace("%", "%%")
    common = {"dest": PREFIX + declared.name, "default": argparse.SUPPRESS, "help": help}
    if declared.kind == "bool":
        action = argparse.BooleanOptionalAction
        parser.add_argument(option(declared.name), action=action, **common)
    else:
        parser.add_argument(
            option(declared.name),
            type=_reader(declared),
            metavar=shown_kind(declared),
            **common,
        )


def _reader(declared: Declared) -> Callable[[str], Any]:
    return lambda text: value_of(declared, text)


def given_parameters(options: argparse.Namespace, estimator: str) -> dict[str, Any]:
    """The parameters that a command names, those of --set after the others.

    Raises:
        ValueError: for a --set that is not NAME=VALUE, or of a parameter that there is not.
    """
    given = {
        name.removeprefix(PREFIX): value
        for name, value in vars(options).items()
        if name.startswith(PREFIX)
    }
    return {**given, **settings(options, estimator)}


def settings(options: argparse.Namespace, estimator: str) -> dict[str, Any]:
    """The parameters that --set names.

    Raises:
        ValueError: for one that is not NAME=VALUE, or of a parameter that there is not.
    """
    given: dict[str, Any] = {}
    known = declared_parameters(estimator)
    for text in options.set:
        name, equals, value = text.partition("=")
        if not equals:
            raise ValueError(f"--set must be NAME=VALUE, such as --set units=32, got {text!r}.")
        check_known("--set", [name], estimator)
        given[name] = value_of(known[name], value)
    return given


def check_known(argument: str, names: Collection[str], estimator: str) -> None:
    """Raises ValueError for a name that is no parameter of the estimator."""
    known = [name for name in declared_parameters(estimator) if name not in NOT_HERE]
    for name in names:
        if name not in known:
            raise ValueError(
                f"{argument}: {estimator} has no parameter {name!r} that a command can set."
                f"{did_you_mean(name, known) or ' Known are ' + ', '.join(known) + '.'}"
            )


def new_estimator(estimator: str, parameters: Mapping[str, Any]) -> Any:
    """An estimator with these parameters, checked.

    Raises:
        ValueError, TypeError: for a parameter that is out of its range; it is named as an option.
    """
    import seqkit

    with named_as_options(declared_parameters(estimator)):
        model = getattr(seqkit, estimator)(**{**OWN_DEFAULTS, **parameters})
        model.check_parameters()
    return model


@contextmanager
def named_as_options(names: Collection[str]) -> Iterator[None]:
    """Lets errors that begin with one of these names begin with its option."""
    try:
        yield
    except (ValueError, TypeError) as error:
        text = str(error)
        first = re.match(r"(each of )?(\w+)\b", text)
        if first and first[2] in names:
            text = (first[1] or "") + option(first[2]) + text[first.end() :]
        raise type(error)(text) from error
