"""Exported models: how they are written, checked, described to operations, and asked.

Importing this package imports nothing heavy.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqkit.lazy import lazy_names

if TYPE_CHECKING:
    from seqkit.serving.exporting import export as export

__all__, __getattr__, __dir__ = lazy_names(
    __name__,
    {
        "seqkit.serving.exporting": ("export",),
    },
)
