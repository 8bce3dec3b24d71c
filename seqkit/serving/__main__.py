"""Exports a saved estimator, checks an export, and tells how it is served.

python -m seqkit.serving export model.seqkit models/sentiment
python -m seqkit.serving verify models/sentiment
python -m seqkit.serving describe models/sentiment --output deployment
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from seqkit.extras import MissingExtraError


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    """The options of the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m seqkit.serving",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(dest="command", required=True)
    written = commands.add_parser("export", help="write a saved estimator for servers and devices")
    written.add_argument("model", help="file that `save` wrote, such as model.seqkit")
    written.add_argument("directory", help="the model's folder; the next version goes into it")
    written.add_argument(
        "--format",
        choices=["saved_model", "onnx", "litert"],
        default="saved_model",
        help="onnx and litert: of models that read numbers [saved_model]",
    )
    written.add_argument("--steps", type=int, help="of the rows of a litert file")
    written.add_argument("--optimize", choices=["xla"], help="have recurrent layers compiled")
    written.add_argument("--signature", action="append", help="write this one; may be repeated")
    written.add_argument("--no-example", action="store_true", help="no example, and no warm-up")
    written.add_argument(
        "--metric", action="append", default=[], metavar="NAME=NUMBER", help="a score for the card"
    )
    checked = commands.add_parser("verify", help="check a version; exit with 1 if it is not good")
    checked.add_argument("directory", help="the model's folder, or a version's")
    checked.add_argument("--seconds", type=float, default=1.0, help="to measure each signature for")
    told = commands.add_parser("describe", help="tell how a model is served, and write the files")
    told.add_argument("directory", help="the model's folder, or a version's")
    told.add_argument("--output", help="folder to write the files into")
    options = parser.parse_args(arguments)
    if options.command == "export":
        try:
            options.metrics = {k: float(v) for k, v in (m.split("=", 1) for m in options.metric)}
        except ValueError:
            parser.error(f"--metric must be NAME=NUMBER, got {' '.join(options.metric)}")
    return options


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs a command; the exit status is 1 where a version is not good, 2 for an error."""
    options = parse(arguments)
    try:
        return {"export": _export, "verify": _verify, "describe": _describe}[options.command](
            options
        )
    except (OSError, ValueError, RuntimeError, MissingExtraError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2


def _export(options: argparse.Namespace) -> int:
    from seqkit.estimators import load

    of_numbers = {} if options.steps is None else {"steps": options.steps}
    folder = load(options.model).export(
        options.directory,
        format=options.format,
        **of_numbers,
        optimize=options.optimize,
        signatures=options.signature,
        include_example=not options.no_example,
        metrics=options.metrics,
    )
    print(folder)
    return 0


def _verify(options: argparse.Namespace) -> int:
    from seqkit.serving.verification import verify

    verification = verify(options.directory, seconds=options.seconds)
    print(verification)
    return 0 if verification.ok else 1


def _describe(options: argparse.Namespace) -> int:
    from seqkit.serving.description import describe

    description = describe(options.directory)
    if options.output is None:
        print(description)
    else:
        print("\n".join(description.write(options.output)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
