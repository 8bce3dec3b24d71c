"""The saved model that a command is given."""

from __future__ import annotations

from typing import Any

from seqkit.readers.user_files import existing_file


def add_model(parser: Any) -> None:
    """Adds the argument."""
    parser.add_argument("model", metavar="MODEL", help="file that `train` or `save` wrote")


def loaded(path: str) -> Any:
    """The estimator in a file, with TensorFlow imported quietly.

    Raises:
        FileNotFoundError, ValueError: for a file that is not there, or none of ours.
    """
    existing_file(path)  # before seconds go by
    from seqkit.cli.tensorflow_log import import_quietly

    import_quietly()
    import seqkit

    return seqkit.load(path)
