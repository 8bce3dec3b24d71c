"""Fitted estimators as plain data: for pickle, copies, and files of our own."""

from __future__ import annotations

import contextlib
import copy
import os
from collections.abc import Callable, Iterator
from typing import Any

import keras
import numpy as np
from sklearn.utils.validation import check_is_fitted

from seqkit.saving.saved_file import write_estimator
from seqkit.training.randomness import global_state_kept


class PersistentEstimator:
    """Holds its model as an architecture and weights wherever it is copied, pickled or saved.

    A subclass has `_make_model`, which builds and compiles `model_` from `_architecture_`.
    """

    # What fitting finds. Declared here, and not beside the parameters, which are fields.
    model_: keras.Model
    history_: dict[str, list[float]]
    n_iter_: int
    best_epoch_: int
    _architecture_: dict[str, Any]
    _predictors: dict[str, Any]
    _make_model: Callable[[Any], None]

    def save(self, path: str | os.PathLike[str]) -> str:
        """Writes the fitted estimator into one file, which `seqkit.load` reads.

        The file holds numbers and text, no code; it appears complete or not at all. Callbacks are
        not saved; of a `random_state` only an int is.

        Parameters
        ----------
        path : path
            The file; an older one is replaced. Its name may be any, such as model.seqkit.

        Returns
        -------
        The path.
        """
        check_is_fitted(self)
        return write_estimator(self, path)

    def _fitted_state(self) -> dict[str, Any]:
        """The attributes that fitting found, the model and all."""
        parameters = self.get_params(deep=False)  # type: ignore[attr-defined]
        return {k: v for k, v in vars(self).items() if k not in parameters and _is_kept(k)}

    def __getstate__(self) -> dict[str, Any]:
        state: dict[str, Any] = {**super().__getstate__()}  # type: ignore
        model = state.pop("model_", None)
        for derived in ("_predictors", "_tokenizer", "_source_codec", "_target_codec"):
            state.pop(derived, None)
        if model is not None:
            state["_weights"] = [np.asarray(w) for w in model.get_weights()]
            state["_optimizer_weights"] = [np.asarray(v) for v in model.optimizer.variables]
            state["_seeds"] = [np.asarray(v) for v in _seeds(model)]
        return state

    def __setstate__(self, state: dict[str, Any]) -> None:
        state = dict(state)
        weights = state.pop("_weights", None)
        optimizer_weights = state.pop("_optimizer_weights", None)
        seeds = state.pop("_seeds", None)
        super().__setstate__(state)  # type: ignore[misc]
        if weights is None:
            return
        with global_state_kept():
            self._make_model(None)
        self.model_.set_weights(weights)
        _assign(self.model_.optimizer.variables, optimizer_weights)
        _assign(_seeds(self.model_), seeds)

    def __deepcopy__(self, memo: dict[int, Any]) -> Any:
        made = type(self).__new__(type(self))
        memo[id(self)] = made
        made.__setstate__(copy.deepcopy(self.__getstate__(), memo))
        return made

    @contextlib.contextmanager
    def _all_or_nothing(self) -> Iterator[None]:
        """Puts the estimator back as it was, all state of its model too, where this fails."""
        before = dict(vars(self))
        model = before.get("model_")
        variables = [] if model is None else [*model.optimizer.variables, *_seeds(model)]
        weights = None if model is None else model.get_weights()
        values = [np.array(v) for v in variables]
        try:
            yield
        except BaseException:
            self.__dict__.clear()
            self.__dict__.update(before)
            if model is not None:
                model.set_weights(weights)
                _assign(variables, values)
            raise


def _seeds(model: keras.Model) -> list[Any]:
    """The variables from which a model's dropouts draw: its variables that are not weights."""
    weights = {id(weight) for weight in model.weights}
    return [variable for variable in model.variables if id(variable) not in weights]


def _assign(variables: list[Any], values: list[np.ndarray] | None) -> None:
    """Gives variables their values, where these are of the same model."""
    if values is not None and len(variables) == len(values):
        for variable, value in zip(variables, values, strict=True):
            variable.assign(value)


def _is_kept(attribute: str) -> bool:
    return not attribute.startswith(("_skl_", "_callback_", "_parent_callback", "_sklearn_"))
