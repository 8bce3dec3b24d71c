"""How good predicted sequences are. Importing this package imports nothing heavy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqkit.lazy import lazy_names

if TYPE_CHECKING:
    from seqkit.metrics.span_scores import span_f1, span_report, spans
    from seqkit.metrics.tagging import sequence_accuracy, token_accuracy, token_f1

__all__ = ["sequence_accuracy", "span_f1", "span_report", "spans", "token_accuracy", "token_f1"]

__getattr__, __dir__ = lazy_names(
    __name__,
    {
        "sequence_accuracy": "tagging",
        "span_f1": "span_scores",
        "span_report": "span_scores",
        "spans": "span_scores",
        "token_accuracy": "tagging",
        "token_f1": "tagging",
    },
)
