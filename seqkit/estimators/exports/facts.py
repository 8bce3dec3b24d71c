"""Facts of a fit for the card of its export."""

from __future__ import annotations

import datetime
import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from seqkit.estimators.parameters import comparable_parameters, fitted_parameters
from seqkit.version import VERSION


@dataclass(frozen=True)
class Fit:
    """A fit as its export needs it.

    Attributes:
        estimator: name of the class.
        description: its first sentence.
        model: the fitted model.
        source: what reads X.
        target: what reads y.
        lists: labels and vocabularies, by the name of their file.
        parameters: those of the fit.
        chosen: what the fit chose for parameters that leave it open.
        training: its course.
    """

    estimator: str
    description: str
    model: Any
    source: Any
    target: Any
    lists: Mapping[str, list[Any]]
    parameters: Mapping[str, Any]
    chosen: Mapping[str, Any]
    training: Mapping[str, Any]


def fit_of(estimator: Any) -> Fit:
    """The fit that an estimator holds."""
    return Fit(
        estimator=type(estimator).__name__,
        description=_first_line(estimator),
        model=estimator.model_,
        source=estimator._input,
        target=estimator._target,
        lists=_lists(estimator),
        parameters=_parameters(estimator),
        chosen={name: _plain(choice.value) for name, choice in estimator.chosen_.items()},
        training={
            "epochs": _plain(estimator.n_iter_),
            "best_epoch": _plain(estimator.best_epoch_),
            "last": {
                name: _plain(values[-1]) for name, values in estimator.history_.items() if values
            },
        },
    )


def about(fit: Fit, metrics: Mapping[str, float], format: str = "saved_model") -> dict[str, Any]:
    """The model as the card tells of it, by headings."""
    return {
        "model": {
            "estimator": fit.estimator,
            "description": fit.description,
            "format": format,
            "weights": int(fit.model.count_params()),
            "exported": datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds"),
        },
        "versions": {
            "seqkit": VERSION,
            "tensorflow": tf.__version__,
            "keras": keras.__version__,
            "python": platform.python_version(),
        },
        "data": _sizes(fit),
        "parameters": dict(fit.parameters),
        "chosen": dict(fit.chosen),
        "training": dict(fit.training),
        "metrics": dict(metrics),
    }


def checked_metrics(metrics: Any) -> dict[str, float]:
    """The metrics as plain numbers.

    Raises:
        TypeError: for anything but a dict of numbers.
    """
    if metrics is None:
        return {}
    if not isinstance(metrics, Mapping):
        raise TypeError(f"metrics must be a dict, name to number, got {metrics!r}.")
    for name, value in metrics.items():
        if not isinstance(name, str) or isinstance(value, bool) or np.ndim(value) != 0:
            raise TypeError(f"metrics must be a dict, name to number, got {name!r}: {value!r}.")
        if not isinstance(value, int | float | np.number):
            raise TypeError(f"metrics[{name!r}] must be a number, got {value!r}.")
    return {name: float(value) for name, value in metrics.items()}


def _lists(estimator: Any) -> dict[str, list[Any]]:
    """Labels and vocabularies, by the name of their file."""
    lists: dict[str, list[Any]] = {}
    if hasattr(estimator, "classes_"):
        lists["labels.json"] = _plain(estimator.classes_)
    for name in ("vocabulary", "source_vocabulary", "target_vocabulary"):
        # Of a tagger of numbers asking for a vocabulary is an error.
        words = _attribute(estimator, f"{name}_")
        if words is not None:
            lists[f"{name}.json"] = list(words)
    return lists


def _sizes(fit: Fit) -> dict[str, Any]:
    """Sizes of the data that the fit read, as far as it kept them."""
    sizes: dict[str, Any] = {}
    if (channels := getattr(fit.source, "channels", None)) is not None:
        sizes |= {"features": channels, "median_steps": fit.source.median}
    if (panel := getattr(fit.source, "panel", None)) is not None:
        sizes |= {"series": len(panel.values), "steps": int(panel.lengths.sum())}
    for file, values in fit.lists.items():
        sizes[file.removesuffix(".json")] = len(values)
    return sizes


def _parameters(estimator: Any) -> dict[str, Any]:
    """The parameters of the fit; those that were set afterwards change no prediction."""
    now, compared = estimator.get_params(deep=False), comparable_parameters(estimator)
    fitted = fitted_parameters(estimator)
    return {
        name: _plain(value if compared.get(name) == fitted.get(name) else fitted.get(name))
        for name, value in now.items()
        if name != "callbacks"
    }


def _plain(value: Any) -> Any:
    """A value as JSON holds it; an object as its kind."""
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, np.generic):
        return _plain(value.item())
    if isinstance(value, np.ndarray):
        return _plain(value.tolist()) if value.ndim <= 1 else f"array {value.shape}"
    if isinstance(value, Mapping):
        return {str(k): _plain(v) for k, v in value.items()}
    if isinstance(value, Sequence | set | frozenset):
        return [_plain(v) for v in value]
    return type(value).__name__ if not isinstance(value, type) else value.__name__


def _attribute(estimator: Any, name: str) -> Any:
    try:
        return getattr(estimator, name)
    except AttributeError:
        return None


def _first_line(estimator: Any) -> str:
    text = (type(estimator).__doc__ or "").strip()
    return " ".join(text.partition("\n\n")[0].split())
