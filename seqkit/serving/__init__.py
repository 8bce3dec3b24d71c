"""Export of fitted models as SavedModels for TensorFlow Serving."""

from seqkit.serving.export import export

__all__ = ["export"]
