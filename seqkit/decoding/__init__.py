"""From a model's scores to the sequences that they mean."""

from seqkit.decoding.crf import crf_loss, log_partition, marginals, sequence_score, viterbi

__all__ = ["crf_loss", "log_partition", "marginals", "sequence_score", "viterbi"]
