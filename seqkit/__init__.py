"""Recurrent sequence modelling for Keras on TensorFlow, from one gate to a served model.

Public names are imported when they are first used, so that `import seqkit` stays light.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from seqkit import layers
    from seqkit.estimators.classifier import SequenceClassifier

__version__ = "0.1.0"

_MODULES = ("data", "estimators", "layers", "models", "serving")
_NAMES = {"SequenceClassifier": "seqkit.estimators.classifier"}

__all__ = ["SequenceClassifier", "__version__", "layers"]


def __getattr__(name: str) -> Any:
    if name in _MODULES:
        return importlib.import_module(f"seqkit.{name}")
    if name in _NAMES:
        return getattr(importlib.import_module(_NAMES[name]), name)
    raise AttributeError(f"module 'seqkit' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *_MODULES, *_NAMES})
