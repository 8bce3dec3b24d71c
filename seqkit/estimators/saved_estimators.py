"""Estimators into files, and back."""

from __future__ import annotations

import dataclasses
import importlib
import math
import os
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from seqkit.distributed.workers import is_chief
from seqkit.estimators.sklearn_callbacks import SKLEARNS
from seqkit.saving.declared import check_declared
from seqkit.saving.model_state import optimizer_goes_on
from seqkit.saving.saved_file import Saved, opened, write_file
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


STATE = "_model_state"
# Parts that have weights of their own each.
COUNTS = ("layers", "members")
# What is a dimension of some weight of every model that has it; of the recurrent layers of one.
SIZES = {
    *("units", "encoder_units", "classes", "labels", "outputs", "features", "stride"),
    *("tokens", "source_tokens", "target_tokens", "embedding_dim", "categories"),
    *("horizon", "past", "known", "static"),
}
SQUARES = {"units", "encoder_units"}
# What a forecaster's model and its target both have.
OF_FORECASTS = {"horizon", "season", "scaling", "seasonal_residual"}
# What fitting found, and parameters do not say.
FOUND = {
    *("classes", "labels", "outputs", "features", "tokens", "source_tokens", "target_tokens"),
    *("past", "known", "static", "categories"),
}


def write_estimator(estimator: Any, path: str | os.PathLike[str]) -> str:
    """Writes a fitted estimator into a file, complete or not at all; of several workers that hold
    it, the first one does.

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
    fitted = {k: v for k, v in state.items() if k not in parameters and not k.startswith(SKLEARNS)}
    if is_chief():
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
    # The model's arrays are read once a model that they fit has been built.
    with opened(path, ESTIMATORS, later=[STATE]) as saved:
        # Whatever goes wrong from here on comes of what is in the file.
        try:
            estimator = _class_of(saved.name)(**saved.parameters)
            estimator.check_parameters()
            _check_fitted(estimator, saved.fitted)
            estimator.__setstate__({**vars(estimator), **saved.fitted})
            check_declared(estimator, _found_by_fit(estimator))
            _check_found(estimator)
        except Exception as error:  # of memory too
            raise ValueError(
                f"{path!s} is not the file of an estimator as save writes it ({error!r})."
            ) from error
    if not optimizer_goes_on(estimator.model_, saved.fitted[STATE]):
        warn(
            f"The state of the optimiser in {path!s} is of another one than optimizer="
            f"{estimator.optimizer!r}. The model predicts as it did; further training starts the "
            "optimiser anew."
        )
    return estimator


def _check_fitted(estimator: object, fitted: Mapping[str, Any]) -> None:
    """Refuses what is not fitted state, before a model is built."""
    if STATE not in fitted:
        raise ValueError("it holds no model")
    for name in fitted:
        if callable(getattr(type(estimator), name, None)):
            raise ValueError(f"its attribute {name} would take the place of a method")
    # A model is built before weights are compared: not one of a size that none of them has.
    weights = [np.shape(w) for w in fitted[STATE]["weights"]]
    largest = max((n for shape in weights if math.prod(shape) for n in shape), default=0)
    values = sum(map(math.prod, weights))
    for name, size in _sizes(fitted["_architecture_"]):
        limit = len(weights) if name in COUNTS else largest
        if size > limit or (name in SQUARES and size**2 > values):
            raise ValueError(f"{name}={size}, which its weights do not show")


def _sizes(architecture: Any) -> Iterator[tuple[str, int]]:
    """The sizes in an architecture."""
    for name, value in _fields(architecture):
        if name in SIZES or name in COUNTS:
            sizes = value if isinstance(value, list | tuple) else [value]
            yield from ((name, size) for size in sizes if isinstance(size, int))


def _fields(part: Any) -> Iterator[tuple[str, Any]]:
    """Names and values in an architecture, and in the records and dicts that it is made of."""
    fields = vars(part) if dataclasses.is_dataclass(part) else part
    for name, value in fields.items() if isinstance(fields, dict) else ():
        yield name, value
        yield from _fields(value)


def _found_by_fit(estimator: Any) -> list[str]:
    """The attributes that every fit leaves."""
    made = ("_functions",)  # of the model, once they are needed
    return [f.name for f in dataclasses.fields(estimator) if not f.init and f.name not in made]


def _check_found(estimator: Any) -> None:
    """Refuses a model that is not made for what fitting found, such as other classes."""
    for name in OF_FORECASTS & estimator._architecture_.keys():
        size, expected = estimator._architecture_[name], getattr(estimator._target, name)
        if size != expected:
            raise ValueError(f"its model is made for {name}={size}, not {expected}")
    fitting, model = map(_found, (estimator._architecture(), estimator._architecture_))
    for (name, expected), (_, size) in zip(fitting, model, strict=True):
        if size != expected:
            raise ValueError(f"its model is made for {name}={size}, not {expected}")


def _found(architecture: Any) -> Iterator[tuple[str, Any]]:
    """Counts of classes, features and tokens in an architecture."""
    for name, value in _fields(architecture):
        if name in FOUND:
            yield name, len(value) if isinstance(value, list | tuple) else value


def _class_of(name: str) -> type[Any]:
    return getattr(importlib.import_module(f"seqkit.estimators.{ESTIMATORS[name]}"), name)
