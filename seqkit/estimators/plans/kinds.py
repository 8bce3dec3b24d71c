"""Kinds of models: those whose training steps, or functions, differ in variables alone."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any

import keras

from seqkit.training.programs.fingerprint import Unknown, fingerprint
from seqkit.training.programs.twins import TWINS

if TYPE_CHECKING:
    from seqkit.estimators.base import SequenceEstimator


def trained_model(estimator: SequenceEstimator) -> AbstractContextManager[keras.Model]:
    """A model to train in the place of the estimator's, which has its state at the end."""
    build = estimator._compiled_model
    return TWINS.trained_for(estimator.model_, kind_of_training(estimator), build)


def kind_of_training(estimator: SequenceEstimator) -> Hashable:
    """A value of all that the training step of the estimator's model depends on; None where that is
    not known, or where callbacks see the model while it is trained."""
    compiled_here = type(estimator)._compile.__module__.startswith("seqkit.")
    if not compiled_here or estimator.callbacks or getattr(estimator, "_skl_callbacks", None):
        return None
    model = estimator.model_
    parts = type(estimator._target), estimator._architecture_, model.optimizer, model.loss
    try:
        return type(estimator), fingerprint(parts)
    except Unknown:
        return None


def kinds_of_functions(estimator: SequenceEstimator) -> Callable[[Any], Hashable]:
    """Says of a function of the estimator's model what it depends on, but for the model's weights:
    None where that is not known."""
    kind, architecture = type(estimator), estimator._architecture_
    known = {id(estimator.model_): "model"}

    def kind_of(function: Any) -> Hashable:
        try:
            return kind, fingerprint((architecture, function), known)
        except Unknown:
            return None

    return kind_of
