"""Recurrent sequence modelling for Keras on TensorFlow, from one gate to a served model."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqkit.lazy import lazy_names

if TYPE_CHECKING:
    import seqkit.data as data
    import seqkit.estimators as estimators
    import seqkit.layers as layers
    import seqkit.models as models
    import seqkit.serving as serving
    from seqkit.estimators import SequenceClassifier

__version__ = "0.1.0"

__all__ = ["SequenceClassifier", "data", "estimators", "layers", "models", "serving"]

__getattr__, __dir__ = lazy_names(
    __name__,
    {
        "SequenceClassifier": "estimators",
        **dict.fromkeys(("data", "estimators", "layers", "models", "serving"), ""),
    },
)
