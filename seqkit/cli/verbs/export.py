"""The verb export: a SavedModel for servers, or a file of ONNX or LiteRT."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

from seqkit.cli.command_line import Parser
from seqkit.cli.models import add_model, loaded

TEXT = "a SavedModel of a model, which TensorFlow Serving serves; or ONNX, or LiteRT"


def parser(prog: str, arguments: Sequence[str]) -> argparse.ArgumentParser:
    """The parser of its options."""
    made = Parser(
        prog=prog,
        description="Write a SavedModel, or a file of another format, into the next version's "
        "folder of DIR.",
    )
    add_model(made)
    made.add_argument("directory", metavar="DIR", help="the model's folder")
    made.add_argument(
        "--format",
        choices=("saved_model", "onnx", "litert"),
        default="saved_model",
        help="onnx and litert: of models that read numbers [saved_model]",
    )
    made.add_argument(
        "--steps",
        type=int,
        metavar="N",
        help="of the rows of a litert file",
    )
    made.add_argument(
        "--no-example",
        action="store_true",
        help="keep no rows of the training as an example, for `verify` and to warm up",
    )
    made.add_argument(
        "--optimize", choices=("xla",), help="for servers that compile [for any server]"
    )
    return made


def run(options: argparse.Namespace) -> None:
    """Exports, with the scores that stand beside the model, and prints the folder."""
    model = loaded(options.model)
    of_numbers = {} if options.steps is None else {"steps": options.steps}
    folder = model.export(
        options.directory,
        format=options.format,
        **of_numbers,
        optimize=options.optimize,
        include_example=not options.no_example,
        metrics=scores_beside(options.model),
    )
    print(f"Exported {folder}")


def scores_beside(model: str) -> dict[str, float] | None:
    """The scores of its test in the metrics.json that `train` wrote beside a model, if it did."""
    path = Path(model).with_name("metrics.json")
    try:
        scores = json.loads(path.read_text(encoding="utf-8"))["test"]
        return {str(name): float(value) for name, value in scores.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
