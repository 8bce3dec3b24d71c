"""Recurrent sequence modelling for Keras on TensorFlow, from one gate to a served model."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqkit.lazy import lazy_names

if TYPE_CHECKING:
    import seqkit.data as data
    import seqkit.decoding as decoding
    import seqkit.estimators as estimators
    import seqkit.inspection as inspection
    import seqkit.layers as layers
    import seqkit.metrics as metrics
    import seqkit.models as models
    import seqkit.serving as serving
    import seqkit.text as text
    from seqkit.estimators import (
        Seq2SeqForecaster,
        Seq2SeqTranslator,
        SequenceClassifier,
        SequenceRegressor,
        SequenceTagger,
        TextClassifier,
        load,
    )

from seqkit.version import VERSION

__version__ = VERSION

__all__ = [
    "Seq2SeqForecaster",
    "Seq2SeqTranslator",
    "SequenceClassifier",
    "SequenceRegressor",
    "SequenceTagger",
    "TextClassifier",
    "data",
    "decoding",
    "estimators",
    "inspection",
    "layers",
    "load",
    "metrics",
    "models",
    "serving",
    "text",
]

_PACKAGES = (
    "data",
    "decoding",
    "estimators",
    "inspection",
    "layers",
    "metrics",
    "models",
    "serving",
    "text",
)
_CLASSES = (
    "Seq2SeqForecaster",
    "Seq2SeqTranslator",
    "SequenceClassifier",
    "SequenceRegressor",
    "SequenceTagger",
    "TextClassifier",
)

__getattr__, __dir__ = lazy_names(
    __name__,
    {**dict.fromkeys((*_CLASSES, "load"), "estimators"), **dict.fromkeys(_PACKAGES, "")},
)
