"""The verb predict with --data: a folder of parquet files, file by file."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from seqkit.readers.user_files import existing_file

ENGINES = ("local", "dask")
OF_FILES = ("inputs", "engine", "workers", "address", "bad_rows", "keep")


def add_folder_options(parser: argparse.ArgumentParser) -> None:
    """Adds the options."""
    of_folder = parser.add_argument_group(
        "data in a folder of parquet files, a row a sample; of a forecaster, a row a step"
    )
    of_folder.add_argument(
        "--data", metavar="FOLDER", help="whose files are answered, in files of the same names"
    )
    add = of_folder.add_argument
    add("--inputs", nargs="+", metavar="COL", help="columns of the sequences, lists or texts")
    add("--keep", nargs="*", metavar="COL", help="columns to keep [all but the inputs]")
    add("--engine", choices=ENGINES, help="this process, or a Dask cluster of several [local]")
    add("--workers", type=int, metavar="N", help="processes of the cluster [1]")
    add("--address", metavar="URL", help="of the scheduler of a cluster that is there")
    add(
        "--bad-rows",
        choices=("refuse", "set_aside"),
        help="of rows that the model refuses: the file has no answers, or they are written into "
        "OUTPUT/set_aside [refuse]",
    )


def is_of_folder(options: argparse.Namespace) -> bool:
    """Whether the command is about a folder.

    Raises:
        ValueError: for options of a folder without one, or of a table with it.
    """
    if options.data is None:
        given = [name for name in OF_FILES if getattr(options, name) is not None]
        if given:
            raise ValueError(f"--{given[0].replace('_', '-')} is of a folder: it needs --data")
        return False
    if options.csv != "-":
        raise ValueError("--csv and --data are two ways to say what is read: give one")
    if options.output == "-":
        raise ValueError("--output must be a folder, where --data is one")
    for name in ("prefix", "one_row", "chunk_rows"):
        if getattr(options, name):
            raise ValueError(f"--{name.replace('_', '-')} is of a table, and --data a folder")
    return True


def predict_files(options: argparse.Namespace) -> None:
    """Answers the files, and says how many rows there were."""
    existing_file(options.model)  # before seconds go by
    from seqkit.cli.tensorflow_log import import_quietly

    import_quietly()
    from seqkit.scale import predict_folder

    given: dict[str, Any] = {name: getattr(options, name) for name in OF_FILES}
    given |= {name: getattr(options, name, None) for name in ("covariates", "static")}
    if given["inputs"] and len(given["inputs"]) == 1:
        given["inputs"] = given["inputs"][0]
    report = predict_folder(
        options.model,
        options.data,
        options.output,
        every=options.every_probability,
        **{name: value for name, value in given.items() if value is not None},
    )
    print(report, file=sys.stderr)
