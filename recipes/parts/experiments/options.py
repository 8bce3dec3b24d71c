"""Options that all experiments have, and how they are read."""

from __future__ import annotations

import argparse
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from seqkit.cli.run_folder import add_output

from .reports import command_of
from .rows import names_of


def add_results(parser: argparse.ArgumentParser, name: str) -> None:
    """Adds the options for where the results of a recipe go."""
    add_output(parser, f"runs/{name}")
    parser.add_argument("--report", metavar="FILE", help="a page of Markdown to write")


def parsed(parser: argparse.ArgumentParser, arguments: Sequence[str] | None) -> argparse.Namespace:
    """The options, with the `command` that gives them."""
    options = parser.parse_args(arguments)
    options.command = command_of(parser.prog, arguments)
    return options


def take_preset(options: argparse.Namespace, presets: Mapping[str, Mapping[str, Any]]) -> None:
    """Gives options that were left out what their preset says."""
    for name, value in presets[options.preset].items():
        if getattr(options, name) is None:
            setattr(options, name, value)


def take_names(
    parser: argparse.ArgumentParser,
    options: argparse.Namespace,
    option: str,
    known: Collection[str],
) -> None:
    """Makes a list of an option of names with commas between them; ends the program at a name that
    is none of the known ones."""
    names = [name.strip() for name in getattr(options, option).split(",")]
    if unknown := [name for name in names if name not in known]:
        parser.error(f"--{option} must be of {', '.join(known)}, got {unknown[0]!r}")
    setattr(options, option, names)


def take_cells(
    parser: argparse.ArgumentParser, options: argparse.Namespace, known: Collection[str]
) -> None:
    """Makes a list of `cells`; ends the program at one that is none of the known ones."""
    try:
        options.cells = names_of(options.cells, known)
    except ValueError as error:
        parser.error(str(error))
