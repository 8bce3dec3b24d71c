"""python -m seqkit.distributed --workers 2 script.py: trains one model in several processes."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from seqkit.distributed.launching import launch


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m seqkit.distributed",
        description="Runs a script in several processes of this machine, which train each model "
        "together. Only the first one's output is shown; all write to stderr.",
    )
    parser.add_argument("--workers", type=int, required=True, help="processes, at least 2")
    parser.add_argument("script", help="a file of Python")
    parser.add_argument("arguments", nargs=argparse.REMAINDER, help="of the script")
    options = parser.parse_args(arguments)
    if options.workers < 2:
        parser.error(f"--workers must be at least 2, got {options.workers}")
    if not Path(options.script).is_file():
        parser.error(f"script must be a file of Python, and there is no {options.script!r}")
    return launch(options.script, options.arguments, workers=options.workers)


if __name__ == "__main__":
    sys.exit(main())
