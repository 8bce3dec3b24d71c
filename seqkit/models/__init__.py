"""Keras models made of recurrent layers."""

from seqkit.models.classifier import sequence_classifier
from seqkit.models.encoder import encode_sequence
from seqkit.models.padding import PaddingMask

__all__ = ["PaddingMask", "encode_sequence", "sequence_classifier"]
