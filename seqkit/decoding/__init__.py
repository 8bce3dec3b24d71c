"""Decoding: from a model's scores to sequences."""

import seqkit.backend  # noqa: F401  (refuses another one than TensorFlow)
from seqkit.decoding.beam import beam_search
from seqkit.decoding.chain_inference import (
    crf_loss,
    log_partition,
    marginals,
    sequence_score,
    viterbi,
)
from seqkit.decoding.greedy import greedy_search
from seqkit.decoding.hypotheses import Hypotheses, Step
from seqkit.decoding.sampling import sample

__all__ = [
    "Hypotheses",
    "Step",
    "beam_search",
    "crf_loss",
    "greedy_search",
    "log_partition",
    "marginals",
    "sample",
    "sequence_score",
    "viterbi",
]
