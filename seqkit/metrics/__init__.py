"""Scores of predicted sequences. Importing this package imports nothing heavy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqkit.lazy import lazy_names

if TYPE_CHECKING:
    from seqkit.metrics.forecasting import mae as mae
    from seqkit.metrics.forecasting import mase as mase
    from seqkit.metrics.forecasting import rmse as rmse
    from seqkit.metrics.forecasting import rmsse as rmsse
    from seqkit.metrics.forecasting import smape as smape
    from seqkit.metrics.levenshtein import edit_distance as edit_distance
    from seqkit.metrics.quantiles import coverage as coverage
    from seqkit.metrics.quantiles import pinball_loss as pinball_loss
    from seqkit.metrics.quantiles import weighted_quantile_loss as weighted_quantile_loss
    from seqkit.metrics.span_scores import span_f1 as span_f1
    from seqkit.metrics.span_scores import span_report as span_report
    from seqkit.metrics.span_scores import spans as spans
    from seqkit.metrics.tagging import sequence_accuracy as sequence_accuracy
    from seqkit.metrics.tagging import token_accuracy as token_accuracy
    from seqkit.metrics.tagging import token_f1 as token_f1
    from seqkit.metrics.translation import Score as Score
    from seqkit.metrics.translation import bleu as bleu
    from seqkit.metrics.translation import chrf as chrf
    from seqkit.metrics.translation import error_rate as error_rate
    from seqkit.metrics.translation import exact_match as exact_match
    from seqkit.metrics.translation import sequence_error_rate as sequence_error_rate

__all__, __getattr__, __dir__ = lazy_names(
    __name__,
    {
        "seqkit.metrics.forecasting": ("mae", "mase", "rmse", "rmsse", "smape"),
        "seqkit.metrics.levenshtein": ("edit_distance",),
        "seqkit.metrics.quantiles": ("coverage", "pinball_loss", "weighted_quantile_loss"),
        "seqkit.metrics.span_scores": ("span_f1", "span_report", "spans"),
        "seqkit.metrics.tagging": ("sequence_accuracy", "token_accuracy", "token_f1"),
        "seqkit.metrics.translation": (
            "Score",
            "bleu",
            "chrf",
            "error_rate",
            "exact_match",
            "sequence_error_rate",
        ),
    },
)
