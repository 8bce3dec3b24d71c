"""Parameters of estimators: each is declared once, with its default, its check and its text."""

from __future__ import annotations

import dataclasses
import numbers
import os
import textwrap
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from typing_extensions import dataclass_transform
else:

    def dataclass_transform(**_: Any) -> Any:
        """What typing has from Python 3.11, and matters to type checkers alone."""
        return lambda decorator: decorator


# Takes the parameter's name and value; raises TypeError or ValueError where the value is wrong.
Check = Callable[[str, Any], None]
Class = TypeVar("Class", bound=type)


def parameter(check: Check, kind: str, text: str, *, default: Any, kw_only: bool = True) -> Any:
    """A field of an estimator.

    Args:
        check: run on it before any work of a fit.
        kind: what it may be, as the documentation says it.
        text: what it does.
        default: its default.
        kw_only: whether it must be given by name.
    """
    metadata = {"check": check, "kind": kind, "text": text}
    return dataclasses.field(default=default, metadata=metadata, kw_only=kw_only)


def changed(
    of: Any, name: str, *, default: Any, text: str | None = None, kw_only: bool | None = None
) -> Any:
    """A field as another class has it, with another default, and another text where one is given.

    Args:
        of: the class, which has the field.
        name: of the field.
        default, text, kw_only: as of `parameter`.
    """
    field = {f.name: f for f in dataclasses.fields(of)}[name]
    known = field.metadata
    return parameter(
        known["check"],
        known["kind"],
        text or known["text"],
        default=default,
        kw_only=bool(field.kw_only) if kw_only is None else kw_only,
    )


@dataclass_transform(kw_only_default=True, field_specifiers=(parameter, changed))
def estimator(cls: Class) -> Class:
    """Makes `__init__`, which only stores, from the fields; and writes them into the docstring."""
    made: Any = dataclasses.dataclass(eq=False, repr=False)(cls)
    lines = []
    for field in dataclasses.fields(made):
        lines.append(f"{field.name} : {field.metadata['kind']}, default={field.default!r}")
        lines.append(textwrap.indent(textwrap.fill(field.metadata["text"], 92), "    "))
    if made.__doc__ and "{parameters}" in made.__doc__:
        made.__doc__ = made.__doc__.replace(
            "    {parameters}", textwrap.indent("\n".join(lines), "    ")
        )
    return made


def check_parameters(estimator: Any) -> None:
    """Raises ValueError or TypeError for the first parameter that is out of its range."""
    for field in dataclasses.fields(estimator):
        field.metadata["check"](field.name, getattr(estimator, field.name))


def anything(name: str, value: Any) -> None:
    """No check: whoever uses the value says what is wrong with it."""


def flag(name: str, value: Any) -> None:
    """True or False."""
    if not isinstance(value, bool | numbers.Integral) or value not in (0, 1):
        raise TypeError(f"{name} must be True or False, got {value!r}.")


def count(name: str, value: Any) -> None:
    """An integer of at least 1."""
    if isinstance(value, bool) or not isinstance(value, numbers.Integral):
        raise TypeError(f"{name} must be an integer of at least 1, got {value!r}.")
    if value < 1:
        raise ValueError(f"{name} must be an integer of at least 1, got {value!r}.")


def fraction(name: str, value: Any) -> None:
    """A number in [0, 1)."""
    _check_number(name, value, 0 <= _number(value) < 1, "a fraction in [0, 1)")


def inner_fraction(name: str, value: Any) -> None:
    """A number in (0, 1)."""
    _check_number(name, value, 0 < _number(value) < 1, "a fraction in (0, 1)")


def positive(name: str, value: Any) -> None:
    """A number above 0."""
    _check_number(name, value, 0 < _number(value) < float("inf"), "a number above 0")


def nonnegative(name: str, value: Any) -> None:
    """A number of at least 0."""
    _check_number(name, value, 0 <= _number(value) < float("inf"), "a number of at least 0")


def natural(name: str, value: Any) -> None:
    """An integer of at least 0."""
    if isinstance(value, bool) or not isinstance(value, numbers.Integral):
        raise TypeError(f"{name} must be an integer of at least 0, got {value!r}.")
    if value < 0:
        raise ValueError(f"{name} must be an integer of at least 0, got {value!r}.")


def path(name: str, value: Any) -> None:
    """A string, or what `os.PathLike` is."""
    if not isinstance(value, str | os.PathLike):
        raise TypeError(f"{name} must be a path, got {value!r}.")


def optional(check: Check) -> Check:
    """None, or what the check allows."""

    def checked(name: str, value: Any) -> None:
        if value is None:
            return
        try:
            check(name, value)
        except (TypeError, ValueError) as error:
            raise type(error)(str(error).replace(", got", ", or None, got", 1)) from None

    return checked


def one_of(*values: Any) -> Check:
    """One of these values."""
    expected = ", ".join(map(repr, values[:-1])) + " or " * (len(values) > 1) + repr(values[-1])

    def checked(name: str, value: Any) -> None:
        if not isinstance(value, str | bool | None.__class__) or value not in values:
            raise ValueError(f"{name} must be {expected}, got {value!r}.")

    return checked


def one_of_integers(*values: int) -> Check:
    """One of these integers."""

    def checked(name: str, value: Any) -> None:
        if not isinstance(value, numbers.Integral) or value not in values:
            raise ValueError(f"{name} must be one of {values}, got {value!r}.")

    return checked


def some_of(*values: str) -> Check:
    """One of these values, or a tuple of some."""
    single = one_of(*values)

    def checked(name: str, value: Any) -> None:
        if isinstance(value, tuple | list):
            if not value:
                raise ValueError(f"{name} must name at least one of {values}, got {value!r}.")
            for item in value:
                single(f"each of {name}", item)
            return
        single(name, value)

    return checked


def _number(value: Any) -> float:
    is_number = isinstance(value, numbers.Real) and not isinstance(value, bool)
    return float(value) if is_number else float("nan")


def _check_number(name: str, value: Any, right: bool, expected: str) -> None:
    if isinstance(value, bool) or not isinstance(value, numbers.Real):
        raise TypeError(f"{name} must be {expected}, got {value!r}.")
    if not right:
        raise ValueError(f"{name} must be {expected}, got {value!r}.")
