"""Scores of a beam's finished hypotheses (Wu et al. 2016, arXiv:1609.08144, equation 14).

    s(Y, X)  = log P(Y | X) / lp(Y) + cp(X; Y)
    lp(Y)    = ((5 + |Y|) / 6)^alpha
    cp(X; Y) = beta * sum_i log min(sum_j p_ij, 1)

|Y| counts the output steps, so the end token is one of them; p_ij is the attention of step j to
source position i. A sum below 1e-10 counts as 1e-10, for no hypothesis is ruled out by it.
"""

from __future__ import annotations

import tensorflow as tf

from seqkit.checks import checked, nonnegative
from seqkit.types import Tensor

LEAST_COVERAGE = 1e-10


class Ranking:
    """Scores of hypotheses.

    Args:
        length_penalty: alpha, at least 0.
        coverage_penalty: beta, at least 0.
        source_mask: valid source positions (B, S), or None for all.

    Raises:
        ValueError: for penalties below 0.
    """

    def __init__(
        self, length_penalty: float, coverage_penalty: float, source_mask: Tensor | None
    ) -> None:
        self.alpha = float(checked(nonnegative, "length_penalty", length_penalty))
        self.beta = float(checked(nonnegative, "coverage_penalty", coverage_penalty))
        self.source_mask = None if source_mask is None else tf.cast(source_mask, bool)
        if self.source_mask is not None and self.source_mask.shape.rank != 2:
            raise ValueError(
                "source_mask must have shape (batch, source positions), got "
                f"{tuple(self.source_mask.shape)}."
            )

    def score(self, log_p: Tensor, steps: Tensor, coverage: Tensor | None) -> Tensor:
        """s(Y, X) of hypotheses (B, K) of `steps` output steps.

        Args:
            log_p: (B, K).
            steps: |Y|, of any shape that fits log_p.
            coverage: sum_j p_ij, (B, K, S), or None without a coverage penalty.
        """
        scores = log_p / self._lp(steps)
        if coverage is None:
            return scores
        terms = tf.math.log(tf.clip_by_value(coverage, LEAST_COVERAGE, 1.0))
        if self.source_mask is not None:
            terms = tf.where(self.source_mask[:, None], terms, 0.0)
        return scores + self.beta * tf.reduce_sum(terms, 2)

    def bound(self, log_p: Tensor, limit: Tensor) -> Tensor:
        """A score that no continuation of at most `limit` steps can exceed.

        log P only falls, and it is at most 0, so the largest divisor is the best; cp is at most 0.
        """
        return log_p / self._lp(limit)

    def _lp(self, steps: Tensor) -> Tensor:
        return ((5.0 + tf.cast(steps, tf.float32)) / 6.0) ** self.alpha
