"""Keras models made of recurrent layers."""

from seqkit.models.classifier import sequence_classifier
from seqkit.models.encoder import encode_sequence
from seqkit.models.padding import PaddingMask
from seqkit.models.pooling import MaskedPooling

__all__ = ["MaskedPooling", "PaddingMask", "encode_sequence", "sequence_classifier"]
