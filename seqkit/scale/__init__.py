"""Predictions for tables that are larger than memory: Arrow tables, and folders of parquet files;
and searches that are pruned.

Importing this package imports nothing heavy.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import seqkit.backend  # noqa: F401  (refuses another one than TensorFlow)
from seqkit.lazy import lazy_names

if TYPE_CHECKING:
    from seqkit.scale.arrow_predictor import ArrowPredictor as ArrowPredictor
    from seqkit.scale.folders import FolderReport as FolderReport
    from seqkit.scale.folders import PartitionError as PartitionError
    from seqkit.scale.folders import predict_folder as predict_folder
    from seqkit.scale.optuna_pruning import OptunaPruning as OptunaPruning

__all__, __getattr__, __dir__ = lazy_names(
    __name__,
    {
        "seqkit.scale.arrow_predictor": ("ArrowPredictor",),
        "seqkit.scale.folders": ("FolderReport", "PartitionError", "predict_folder"),
        "seqkit.scale.optuna_pruning": ("OptunaPruning",),
    },
)
