"""Recurrent sequence modelling for Keras on TensorFlow, from one gate to a served model."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqkit.lazy import lazy_names

if TYPE_CHECKING:
    from seqkit import data as data
    from seqkit import decoding as decoding
    from seqkit import distributed as distributed
    from seqkit import estimators as estimators
    from seqkit import inspection as inspection
    from seqkit import layers as layers
    from seqkit import metrics as metrics
    from seqkit import models as models
    from seqkit import scale as scale
    from seqkit import serving as serving
    from seqkit import text as text
    from seqkit.environment import show_versions as show_versions
    from seqkit.estimators import Seq2SeqForecaster as Seq2SeqForecaster
    from seqkit.estimators import Seq2SeqTranslator as Seq2SeqTranslator
    from seqkit.estimators import SequenceClassifier as SequenceClassifier
    from seqkit.estimators import SequenceRegressor as SequenceRegressor
    from seqkit.estimators import SequenceTagger as SequenceTagger
    from seqkit.estimators import TextClassifier as TextClassifier
    from seqkit.estimators import load as load

from seqkit.version import VERSION

__version__ = VERSION

__all__, __getattr__, __dir__ = lazy_names(
    __name__,
    {
        "seqkit": (
            "data",
            "decoding",
            "distributed",
            "estimators",
            "inspection",
            "layers",
            "metrics",
            "models",
            "scale",
            "serving",
            "text",
        ),
        "seqkit.environment": ("show_versions",),
        "seqkit.estimators": (
            "Seq2SeqForecaster",
            "Seq2SeqTranslator",
            "SequenceClassifier",
            "SequenceRegressor",
            "SequenceTagger",
            "TextClassifier",
            "load",
        ),
    },
)
