"""Whether what a dataclass holds is what it declares: out of a file may come anything."""

from __future__ import annotations

import dataclasses
import functools
import types
from collections.abc import Collection, Mapping
from typing import Any, Union, get_args, get_origin, get_type_hints


def check_declared(value: Any, names: Collection[str] | None = None) -> None:
    """Refuses a dataclass whose fields are not there, or not of the types that it declares.

    Args:
        value: the dataclass.
        names: of the fields; None: all, and then there must be nothing else.

    Raises:
        TypeError: for the first such field.

    Example:
        >>> from seqkit.models.stems import Stem
        >>> check_declared(Stem("segments", 2, 3))
        >>> check_declared(Stem("segments", "2", 3))
        Traceback (most recent call last):
        TypeError: stride of Stem must be <class 'int'>, got str
    """
    cls: Any = type(value)
    fields = [field.name for field in dataclasses.fields(value)]
    for name in () if names is not None else vars(value).keys() - {*fields}:
        raise TypeError(f"{cls.__name__} has no field {name}")
    for name in fields if names is None else names:
        if not hasattr(value, name):
            raise TypeError(f"{cls.__name__} needs a field {name}")
        hint, held = _hints(cls)[name], getattr(value, name)
        if not _is(held, hint):
            raise TypeError(f"{name} of {cls.__name__} must be {hint}, got {type(held).__name__}")


@functools.cache
def _hints(cls: type) -> dict[str, Any]:
    return get_type_hints(cls)


def _is(value: Any, hint: Any) -> bool:
    """Whether a value is of a type; of a type that is none of the plain ones it always is."""
    kind: Any = get_origin(hint) or hint
    parts = get_args(hint)
    if kind in (Union, types.UnionType):
        return any(_is(value, part) for part in parts)
    if kind is Any or not isinstance(kind, type) or getattr(kind, "_is_protocol", False):
        return True
    if kind in (int, float) and isinstance(value, bool):
        return False
    if kind is float:
        return isinstance(value, int | float)
    return isinstance(value, kind) and _holds(value, kind, parts)


def _holds(value: Any, kind: type, parts: tuple[Any, ...]) -> bool:
    """Whether what a list, a tuple or a dict holds is of the types that are declared."""
    if kind is list:
        return all(_is(item, part) for part in parts for item in value)
    if kind is tuple and parts[-1:] == (...,):
        return all(_is(item, parts[0]) for item in value)
    if kind is tuple and parts:
        return len(value) == len(parts) and all(map(_is, value, parts))
    if issubclass(kind, Mapping) and parts:
        return all(_is(k, parts[0]) and _is(v, parts[1]) for k, v in value.items())
    return True
