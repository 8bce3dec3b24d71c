"""The verb export: a SavedModel for servers."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from seqkit.cli.command_line import Parser
from seqkit.cli.models import add_model, loaded

TEXT = "a SavedModel of a model, which TensorFlow Serving serves"


def parser(prog: str, arguments: Sequence[str]) -> argparse.ArgumentParser:
    """The parser of its options."""
    made = Parser(
        prog=prog,
        description="Write a SavedModel into the next version's folder of DIR.",
    )
    add_model(made)
    made.add_argument("directory", metavar="DIR", help="the model's folder")
    made.add_argument(
        "--optimize", choices=("xla",), help="for servers that compile [for any server]"
    )
    return made


def run(options: argparse.Namespace) -> None:
    """Exports, and prints the folder."""
    model = loaded(options.model)
    print(f"Exported {model.export(options.directory, optimize=options.optimize)}")
