"""Packages that an installation may lack, because only one feature needs each."""

from __future__ import annotations

import importlib

# Package: the extra of seqkit that installs it, as pyproject.toml lists them.
EXTRAS = {
    "ai_edge_litert": "litert",
    "babel": "recipes",
    "distributed": "scale",
    "grpc": "serving",
    "matplotlib": "plots",
    "mlflow": "mlflow",
    "onnx": "onnx",
    "onnxruntime": "onnx",
    "optuna": "scale",
    "pyarrow": "parquet",
    "sacrebleu": "texts",
    "statsmodels": "forecasting",
    "tensorflow_serving": "serving",
    "tf2onnx": "onnx",
    "tokenizers": "texts",
}


class MissingExtraError(ImportError):
    """A package is not installed that a feature needs."""


def require(package: str, feature: str) -> None:
    """Imports a package of an extra, or says how to install it.

    Args:
        package: its name, one of EXTRAS.
        feature: the function, argument or recipe that needs it, as users write it.

    Raises:
        MissingExtraError: where it is not installed.

    Example:
        >>> require("sacrebleu", "metrics.bleu")
    """
    try:
        importlib.import_module(package)
    except ModuleNotFoundError as error:
        if error.name != package:
            raise  # it is installed, and lacks something itself
        raise MissingExtraError(
            f"{feature} needs {package}: python -m pip install 'seqkit[{EXTRAS[package]}]'",
            name=package,
        ) from error
