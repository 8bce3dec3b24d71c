"""The command line of seqkit: `python -m seqkit VERB`, or `seqkit-keras VERB`."""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from collections.abc import Sequence
from typing import Any

from seqkit.checks import did_you_mean
from seqkit.cli.command_line import Parser, exit_code
from seqkit.cli.verbs import VERBS
from seqkit.version import VERSION


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the verb that the arguments begin with; returns the exit code.

    Args:
        arguments: None: those of the process.

    Returns:
        0; 1 where `verify` finds an export that should not be served; 2 for what its user can mend,
        told in one line; 130 for Ctrl-C. Wrong options end the process by SystemExit, code 2, as
        argparse does.
    """
    given = list(sys.argv[1:] if arguments is None else arguments)
    if not given or given[0].startswith("-"):
        parser().parse_args(given or ["--help"])
        return 0
    verb, *rest = given
    if verb not in VERBS:
        parser().error(f"there is no verb {verb!r}.{did_you_mean(verb, VERBS)}")
    module: Any = importlib.import_module(f"seqkit.cli.verbs.{VERBS[verb]}")

    ended: list[int | None] = []

    def run(_: argparse.Namespace) -> None:
        # A parser may read a configuration, of which errors are told as others are.
        ended.append(module.run(module.parser(f"{program()} {verb}", rest).parse_args(rest)))

    return exit_code(run, argparse.Namespace()) or ended[0] or 0


def parser() -> argparse.ArgumentParser:
    """The parser of what comes before a verb, which lists the verbs."""
    lines = [
        f"  {verb:<10} {importlib.import_module(f'seqkit.cli.verbs.{module}').TEXT}"
        for verb, module in VERBS.items()
    ]
    made = Parser(
        prog=program(),
        usage=f"{program()} VERB [options]",
        description="Sequence models on Keras: from a table to a model, and on.\n\nverbs:\n"
        + "\n".join(lines)
        + f"\n\n{program()} VERB --help lists the options of a verb.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    made.add_argument("--version", action="version", version=f"seqkit {VERSION}")
    return made


def program() -> str:
    """The command as it was called."""
    name = os.path.basename(sys.argv[0])
    return "seqkit-keras" if name.startswith("seqkit-keras") else "python -m seqkit"
