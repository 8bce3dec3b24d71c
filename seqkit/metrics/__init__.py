"""How good predicted sequences are. Importing this package imports nothing heavy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqkit.lazy import lazy_names

if TYPE_CHECKING:
    from seqkit.metrics.forecasting import mae, mase, rmse, rmsse, smape
    from seqkit.metrics.levenshtein import edit_distance
    from seqkit.metrics.quantiles import coverage, pinball_loss, weighted_quantile_loss
    from seqkit.metrics.span_scores import span_f1, span_report, spans
    from seqkit.metrics.tagging import sequence_accuracy, token_accuracy, token_f1
    from seqkit.metrics.translation import (
        Score,
        bleu,
        chrf,
        error_rate,
        exact_match,
        sequence_error_rate,
    )

__all__ = [
    "Score",
    "bleu",
    "chrf",
    "coverage",
    "edit_distance",
    "error_rate",
    "exact_match",
    "mae",
    "mase",
    "pinball_loss",
    "rmse",
    "rmsse",
    "sequence_accuracy",
    "sequence_error_rate",
    "smape",
    "span_f1",
    "span_report",
    "spans",
    "token_accuracy",
    "token_f1",
    "weighted_quantile_loss",
]

__getattr__, __dir__ = lazy_names(
    __name__,
    {
        "Score": "translation",
        "bleu": "translation",
        "chrf": "translation",
        "coverage": "quantiles",
        "edit_distance": "levenshtein",
        "error_rate": "translation",
        "exact_match": "translation",
        "mae": "forecasting",
        "mase": "forecasting",
        "pinball_loss": "quantiles",
        "rmse": "forecasting",
        "rmsse": "forecasting",
        "sequence_accuracy": "tagging",
        "sequence_error_rate": "translation",
        "smape": "forecasting",
        "span_f1": "span_scores",
        "span_report": "span_scores",
        "spans": "span_scores",
        "token_accuracy": "tagging",
        "token_f1": "tagging",
        "weighted_quantile_loss": "quantiles",
    },
)
