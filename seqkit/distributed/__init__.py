"""One model, trained by several processes: each computes its share of every batch.

    python -m seqkit.distributed --workers 2 script.py

Importing this package imports nothing heavy.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqkit.lazy import lazy_names

if TYPE_CHECKING:
    from seqkit.distributed.joining import join as join
    from seqkit.distributed.launching import launch as launch
    from seqkit.distributed.workers import WorkerLost as WorkerLost
    from seqkit.distributed.workers import is_chief as is_chief
    from seqkit.distributed.workers import worker_count as worker_count
    from seqkit.distributed.workers import worker_index as worker_index

__all__, __getattr__, __dir__ = lazy_names(
    __name__,
    {
        "seqkit.distributed.joining": ("join",),
        "seqkit.distributed.launching": ("launch",),
        "seqkit.distributed.workers": ("WorkerLost", "is_chief", "worker_count", "worker_index"),
    },
)
