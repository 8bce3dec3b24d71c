"""Estimators into files, and back."""

from __future__ import annotations

import importlib
import os
from collections.abc import Mapping
from typing import Any

import numpy as np

from seqkit.saving.model_state import optimizer_goes_on
from seqkit.saving.saved_file import Saved, read_file, write_file
from seqkit.warning import warn

# The class, and the module of this package that holds it.
ESTIMATORS = {
    "SequenceClassifier": "classifier",
    "SequenceRegressor": "regressor",
    "SequenceTagger": "tagger",
    "TextClassifier": "text_classifier",
    "Seq2SeqTranslator": "translator",
    "Seq2SeqForecaster": "forecaster",
}


# Parts that have weights of their own each.
COUNTS = ("layers", "members")
# What is a dimension of some weight of every model that has it.
SIZES = ("units", "classes", "tags", "outputs", "embedding_dim")


def write_estimator(estimator: Any, path: str | os.PathLike[str]) -> str:
    """Writes a fitted estimator into a file, complete or not at all.

    Raises:
        TypeError: for an estimator that is not seqkit's own, or a parameter that cannot be saved.
        OSError: where the file cannot be written.
    """
    name = type(estimator).__name__
    estimator.check_parameters()  # a file must be one that load reads
    if name not in ESTIMATORS or _class_of(name) is not type(estimator):
        raise TypeError(
            f"save writes seqkit's own estimators, and {name} is not one of them. Use joblib."
        )
    parameters = {**estimator.get_params(deep=False), "callbacks": None}
    if not isinstance(parameters["random_state"], int | np.integer):
        parameters["random_state"] = None
    state = estimator.__getstate__()
    fitted = {k: v for k, v in state.items() if k not in parameters and not k.startswith("_skl")}
    fitted.pop("_sklearn_version", None)
    write_file(path, Saved(name, parameters, fitted))
    return str(path)


def load(path: str | os.PathLike[str]) -> Any:
    """The fitted estimator in a file that its `save` wrote.

    Nothing in the file is run: it holds numbers and text, and names of seqkit's own parts.

    Args:
        path: the file.

    Returns:
        The estimator; it predicts what the saved one predicted.

    Raises:
        FileNotFoundError: for a missing file.
        ValueError: for a file that is damaged, not one of ours, or of another format version.

    Example:
        >>> import os, tempfile
        >>> import numpy as np, seqkit
        >>> X, y = np.random.default_rng(0).normal(size=(8, 5)), [0, 1] * 4
        >>> model = seqkit.SequenceClassifier("gru", units=2, epochs=1).fit(X, y)
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     again = seqkit.load(model.save(os.path.join(folder, "model.seqkit")))
        >>> np.array_equal(again.predict_proba(X), model.predict_proba(X))
        True
    """
    saved = read_file(path, ESTIMATORS)
    # Whatever goes wrong from here on comes of what is in the file.
    try:
        estimator = _class_of(saved.name)(**saved.parameters)
        estimator.check_parameters()
        _check_fitted(estimator, saved.fitted)
        estimator.__setstate__({**vars(estimator), **saved.fitted})
    except Exception as error:
        raise ValueError(
            f"{path!s} is not the file of an estimator as save writes it ({error!r})."
        ) from error
    if not optimizer_goes_on(estimator.model_, saved.fitted["_model_state"]):
        warn(
            f"The state of the optimiser in {path!s} is of another one than optimizer="
            f"{estimator.optimizer!r}. The model predicts as it did; further training starts the "
            "optimiser anew."
        )
    return estimator


def _check_fitted(estimator: object, fitted: Mapping[str, Any]) -> None:
    """Refuses what is not fitted state, before a model is built."""
    if "_model_state" not in fitted:
        raise ValueError("it holds no model")
    for name in fitted:
        if callable(getattr(type(estimator), name, None)):
            raise ValueError(f"its attribute {name} would take the place of a method")
    # A model is built before weights are compared: not one of a size that none of them has.
    weights = [np.shape(w) for w in fitted["_model_state"]["weights"]]
    largest = max((n for shape in weights for n in shape), default=0)
    architecture = fitted["_architecture_"]
    limits = {**dict.fromkeys(COUNTS, len(weights)), **dict.fromkeys(SIZES, largest)}
    for name, limit in limits.items():
        if isinstance(architecture.get(name), int) and architecture[name] > limit:
            raise ValueError(f"{name}={architecture[name]}, which its weights do not show")


def _class_of(name: str) -> type[Any]:
    return getattr(importlib.import_module(f"seqkit.estimators.{ESTIMATORS[name]}"), name)
