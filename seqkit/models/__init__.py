"""Keras models made of recurrent layers."""

import seqkit.backend  # noqa: F401  (refuses another one than TensorFlow)
from seqkit.models.attention_pooling import AttentionPooling
from seqkit.models.classifier import sequence_classifier, sequence_regressor
from seqkit.models.encoder import encode_sequence, encode_steps
from seqkit.models.ensemble import Ensemble
from seqkit.models.forecasting.ensemble import ForecasterEnsemble
from seqkit.models.forecasting.forecaster import Forecaster
from seqkit.models.padding import PaddingMask
from seqkit.models.pooling import LastStep, MaskedPooling
from seqkit.models.seq2seq.encoder_decoder import EncoderDecoder
from seqkit.models.seq2seq.ensemble import EncoderDecoderEnsemble
from seqkit.models.sources import NumericSource, TokenSource
from seqkit.models.standardization import Standardization
from seqkit.models.tagger import sequence_tagger
from seqkit.models.token_dropout import TokenDropout

__all__ = [
    "AttentionPooling",
    "EncoderDecoder",
    "EncoderDecoderEnsemble",
    "Ensemble",
    "Forecaster",
    "ForecasterEnsemble",
    "LastStep",
    "MaskedPooling",
    "NumericSource",
    "PaddingMask",
    "Standardization",
    "TokenDropout",
    "TokenSource",
    "encode_sequence",
    "encode_steps",
    "sequence_classifier",
    "sequence_regressor",
    "sequence_tagger",
]
