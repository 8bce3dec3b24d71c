"""Facts of a fitted estimator for the card of its export."""

from __future__ import annotations

import datetime
import platform
from collections.abc import Mapping, Sequence
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from seqkit.estimators.parameters import comparable_parameters
from seqkit.version import VERSION


def about(
    estimator: Any, metrics: Mapping[str, float], format: str = "saved_model"
) -> dict[str, Any]:
    """The model as the card tells of it, by headings."""
    return {
        "model": {
            "estimator": type(estimator).__name__,
            "description": _first_line(estimator),
            "format": format,
            "weights": int(estimator.model_.count_params()),
            "exported": datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds"),
        },
        "versions": {
            "seqkit": VERSION,
            "tensorflow": tf.__version__,
            "keras": keras.__version__,
            "python": platform.python_version(),
        },
        "data": _sizes(estimator),
        "parameters": _parameters(estimator),
        "chosen": {name: _plain(choice.value) for name, choice in estimator.chosen_.items()},
        "training": {
            "epochs": _plain(estimator.n_iter_),
            "best_epoch": _plain(estimator.best_epoch_),
            "last": {
                name: _plain(values[-1]) for name, values in estimator.history_.items() if values
            },
        },
        "metrics": dict(metrics),
    }


def words(estimator: Any) -> dict[str, list[Any]]:
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


def _sizes(estimator: Any) -> dict[str, Any]:
    """Sizes of the data that the fit read, as far as it kept them."""
    source = estimator._input
    sizes: dict[str, Any] = {}
    if (channels := getattr(source, "channels", None)) is not None:
        sizes |= {"features": channels, "median_steps": source.median}
    if (panel := getattr(source, "panel", None)) is not None:
        sizes |= {"series": len(panel.values), "steps": int(panel.lengths.sum())}
    for file, values in words(estimator).items():
        sizes[file.removesuffix(".json")] = len(values)
    return sizes


def _parameters(estimator: Any) -> dict[str, Any]:
    """The parameters of the fit; those that were set afterwards change no prediction."""
    now, compared = estimator.get_params(deep=False), comparable_parameters(estimator)
    fitted = estimator._fitted_with
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
