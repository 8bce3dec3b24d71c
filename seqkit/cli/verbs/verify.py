"""The verb verify: whether an export may be served."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from seqkit.cli.command_line import Parser

TEXT = "whether an export may be served: its files, its operations, its answers"


def parser(prog: str, arguments: Sequence[str]) -> argparse.ArgumentParser:
    """The parser of its options."""
    made = Parser(
        prog=prog,
        description="Check an export by the runtime of its format, in a process without seqkit and "
        "Keras: the files are those that were exported, all operations are the runtime's, and it "
        "answers as its card says. The exit code is 1 where it should not be served.",
    )
    made.add_argument("directory", metavar="DIR", help="the model's folder, or a version's")
    made.add_argument(
        "--seconds",
        type=float,
        default=1.0,
        metavar="X",
        help="to measure each signature for; 0: not at all [1]",
    )
    return made


def run(options: argparse.Namespace) -> int:
    """Prints the report; returns 1 for an export that is not good."""
    from seqkit import serving

    verification = serving.verify(options.directory, seconds=options.seconds)
    print(verification)
    return 0 if verification.ok else 1
