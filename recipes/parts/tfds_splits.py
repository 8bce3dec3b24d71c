"""Splits of a set of TensorFlow Datasets, as recipes take it by --tfds and --data-dir."""

from __future__ import annotations

import argparse
from typing import Any


def load_splits(options: argparse.Namespace) -> tuple[str, Any, Any]:
    """The name of the set, its splits, and what is known of it.

    Raises:
        DownloadError: if it is not on disk and its host cannot be found.
    """
    from seqkit import data

    name = f"tfds:{options.tfds}"
    folder = {"data_dir": options.data_dir} if options.data_dir else {}
    try:
        splits, info = data.load(name, with_info=True, as_supervised=False, **folder)
    except data.DownloadError as error:
        # What is an argument to Python is an option here.
        raise data.DownloadError(str(error).replace("by data_dir", "by --data-dir")) from error
    return name, splits, info
