"""Fingerprints: all that a traced program depends on, in a form that can be compared."""

from __future__ import annotations

import dataclasses
import functools
import types
from collections.abc import Hashable, Mapping
from typing import Any

import keras
import numpy as np

from seqkit.models.sources import IN_VARIABLES

# What a model has in variables, which each training sets, and names, which Keras counts on.
_IN_VARIABLES = ("seed", "learning_rate", "name")


class Unknown(TypeError):
    """Something of which it is not known what it depends on."""


def fingerprint(value: Any, known: Mapping[int, str] | None = None) -> Hashable:
    """The same for values that make the same program, and another one for all that may not.

    Args:
        value: plain data, arrays, classes, Keras objects with a config, and functions of this
            package or Keras with what they close over.
        known: by `id`, names that stand for objects.

    Raises:
        Unknown: for anything else, such as a function of a user's.

    Example:
        >>> adam = keras.optimizers.Adam
        >>> fingerprint([adam(0.1), {"a": 1}]) == fingerprint([adam(0.2), {"a": 1}])
        True
        >>> fingerprint(adam(beta_1=0.8)) == fingerprint(adam())
        False
        >>> fingerprint(1) == fingerprint(1.0)
        False
    """
    fingerprint_of = functools.partial(fingerprint, known=known)
    kind = type(value)
    if known and id(value) in known:
        return known[id(value)]
    if value is None or isinstance(value, bool | int | str | bytes | type):
        return kind, value
    if isinstance(value, float):
        return kind, value.hex()  # NaN is equal to itself here
    if isinstance(value, np.ndarray | np.generic) and value.dtype.kind in "biufSU":
        return kind, value.dtype.str, value.shape, value.tobytes()
    if isinstance(value, np.ndarray) and value.dtype.kind == "O":
        return kind, value.shape, fingerprint_of(value.tolist())
    if isinstance(value, list | tuple):
        return kind, tuple(fingerprint_of(item) for item in value)
    if isinstance(value, Mapping):
        return kind, tuple(
            (fingerprint_of(key), fingerprint_of(item)) for key, item in value.items()
        )
    if dataclasses.is_dataclass(value):
        return kind, tuple(
            getattr(value, f.name) is None
            if f.metadata == IN_VARIABLES
            else fingerprint_of(getattr(value, f.name))
            for f in dataclasses.fields(value)
        )
    if isinstance(value, functools.partial):
        return (
            kind,
            fingerprint_of(value.func),
            fingerprint_of(value.args),
            fingerprint_of(value.keywords),
        )
    if isinstance(value, types.MethodType):
        return kind, fingerprint_of(value.__func__), fingerprint_of(value.__self__)
    if isinstance(value, types.FunctionType):
        return _of_function(value, fingerprint_of)
    if hasattr(value, "get_config"):
        return kind, _of_config(value.get_config(), fingerprint_of)
    if _is_ours(kind.__module__):
        return kind, fingerprint_of(vars(value))
    raise Unknown(f"{kind.__module__}.{kind.__qualname__}")


def _of_config(config: Mapping[str, Any], fingerprint_of: Any) -> Hashable:
    rate = config.get("learning_rate")
    schedule = rate if isinstance(rate, keras.optimizers.schedules.LearningRateSchedule) else None
    kept = {key: item for key, item in config.items() if key not in _IN_VARIABLES}
    return fingerprint_of(kept), fingerprint_of(rate if isinstance(rate, dict) else schedule)


def _of_function(function: types.FunctionType, fingerprint_of: Any) -> Hashable:
    if not _is_ours(function.__module__) and not function.__module__.startswith("keras."):
        raise Unknown(f"{function.__module__}.{function.__qualname__}")
    closed_over = tuple(fingerprint_of(cell.cell_contents) for cell in function.__closure__ or ())
    defaults = fingerprint_of((function.__defaults__, function.__kwdefaults__))
    return function.__code__, defaults, closed_over


def _is_ours(module: str) -> bool:
    return module.split(".")[0] == "seqkit"
