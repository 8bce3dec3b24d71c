"""The form of a user's CSV file, as recipes take it: separator, decimal, encoding."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

FORM = ("separator", "decimal", "encoding")


def add_form_options(data: Any) -> None:
    """Adds the options to a group of them."""
    data.add_argument(
        "--separator",
        type=lambda text: text.replace("\\t", "\t"),
        metavar="CHAR",
        help=r"between the columns of a CSV file, such as ';' or '\t' [,]",
    )
    data.add_argument("--decimal", metavar="CHAR", help="before decimals in it, such as ',' [.]")
    data.add_argument("--encoding", metavar="NAME", help="of a CSV file, such as latin-1 [utf-8]")


def form_of(options: argparse.Namespace) -> dict[str, str]:
    """Those of the options that were given, as readers of tables take them."""
    given = {name: getattr(options, name) for name in FORM}
    return {name: value for name, value in given.items() if value is not None}


def check_form(parser: argparse.ArgumentParser, options: argparse.Namespace, file: str) -> None:
    """Ends the program with a message where a form is given without the option `file`."""
    if getattr(options, file) is None:
        for name in form_of(options):
            parser.error(f"--{name} is of a CSV file: it needs --{file}")


@contextmanager
def told_as_options(*columns: str, **called: str) -> Iterator[None]:
    """Lets errors of readers name the options of a command instead of arguments of Python.

    Args:
        columns: arguments of the reader that are options besides those of the form.
        called: arguments of the reader whose options have another name, and that name.
    """
    options = {name: name for name in (*FORM, *columns)} | called
    form, names = "|".join(FORM), "|".join(options)

    def option(match: re.Match[str]) -> str:
        return f"--{options[match[1]]}"

    try:
        yield
    except ValueError as error:
        text = str(error).replace(" For data without labels pass label=None.", "")
        text = re.sub(rf"\b({names})=", lambda match: option(match) + " ", text)
        text = re.sub(rf"\b({form})(?= must | and decimal must )", option, text)
        raise ValueError(
            re.sub(rf"^({names}): ", lambda match: option(match) + ": ", text)
        ) from error
