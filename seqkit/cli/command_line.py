"""Command lines of recipes: their parsers, their checks, and their exit codes."""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Callable
from typing import Any, NoReturn

from seqkit.checks import did_you_mean


class Parser(argparse.ArgumentParser):
    """A parser whose errors are short, and offer the nearest option."""

    def error(self, message: str) -> NoReturn:
        unknown = re.match(r"unrecognized arguments: (--[^\s=]+)", message)
        choice = re.search(r"invalid choice: '(.*)' \(choose from (.*)\)", message)
        hint = ""
        if unknown:
            hint = did_you_mean(unknown[1], re.findall(r"--[\w-]+", self.format_usage()))
        elif choice:
            hint = did_you_mean(choice[1], re.findall(r"[\w.-]+", choice[2]))
        full_stop = "." if hint and not message.endswith(".") else ""
        self.exit(2, f"error: {message}{full_stop}{hint}\n{self.prog} --help lists all options.\n")


def recipe_parser(module: str, text: str | None) -> argparse.ArgumentParser:
    """A parser without options yet.

    Args:
        module: the recipe as it was called: `recipes.NAME` in a checkout, `seqkit.recipes.NAME`
            where seqkit was installed, and `None.NAME` where it is a file of its own.
        text: the recipe's docstring, whose commands are shown as they were called.
    """
    package, _, name = module.rpartition(".")
    if package in ("", "None"):
        command = f"python {os.path.basename(sys.argv[0])}"
        description = re.sub(rf"python -m recipes\.{name}\b", command, text or "")
    else:
        command = f"python -m {module}"
        description = (text or "").replace("python -m recipes.", f"python -m {package}.")
    return Parser(
        prog=command,
        description=description,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )


def check_counts(parser: argparse.ArgumentParser, options: argparse.Namespace, *names: str) -> None:
    """Ends the program with a message where an option is below 1; None is no number."""
    for name in names:
        value = getattr(options, name)
        if value is not None and value < 1:
            parser.error(f"--{name.replace('_', '-')} must be at least 1, got {value}")


def check_runs_and_cell(parser: argparse.ArgumentParser, options: argparse.Namespace) -> None:
    """Ends the program with a message where there is no such cell, or less than one run."""
    from seqkit.cells import check_cell

    check_counts(parser, options, "seeds")
    try:
        check_cell(options.cell)
    except ValueError as error:
        parser.error(f"--{error}")


def exit_code(run: Callable[[argparse.Namespace], Any], options: argparse.Namespace) -> int:
    """Runs a recipe or a command; errors that its user can mend become one line.

    Returns:
        0; 2 for such an error; 130 for Ctrl-C; 141 where nobody reads the output any more, as of
        `| head`, as a shell has it.
    """
    from seqkit.extras import MissingExtraError

    mendable = (ValueError, TypeError, OSError, RuntimeError, FloatingPointError, MissingExtraError)
    try:
        run(options)
        sys.stdout.flush()
    except KeyboardInterrupt:
        print("\nInterrupted; no results were written.", file=sys.stderr)
        return 130
    except BrokenPipeError:
        # Python writes the rest when it ends, and would complain.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return 141
    except mendable as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    return 0
