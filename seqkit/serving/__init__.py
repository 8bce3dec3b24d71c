"""Exported models: how they are written, checked, described to operations, and asked.

Importing this package imports nothing heavy.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqkit.lazy import lazy_names

if TYPE_CHECKING:
    from seqkit.serving.client import Client as Client
    from seqkit.serving.client import RefusedRequest as RefusedRequest
    from seqkit.serving.client import ServingError as ServingError
    from seqkit.serving.description import Description as Description
    from seqkit.serving.description import describe as describe
    from seqkit.serving.exporting import export as export
    from seqkit.serving.formats.checking import FailedConversion as FailedConversion
    from seqkit.serving.verification import Verification as Verification
    from seqkit.serving.verification import verify as verify

__all__, __getattr__, __dir__ = lazy_names(
    __name__,
    {
        "seqkit.serving.client": ("Client", "RefusedRequest", "ServingError"),
        "seqkit.serving.description": ("Description", "describe"),
        "seqkit.serving.exporting": ("export",),
        "seqkit.serving.formats.checking": ("FailedConversion",),
        "seqkit.serving.verification": ("Verification", "verify"),
    },
)
