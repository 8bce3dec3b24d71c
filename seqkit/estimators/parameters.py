"""Parameters of estimators: each is declared once, with its default, its check and its text."""

from __future__ import annotations

import dataclasses
import inspect
import textwrap
from typing import TYPE_CHECKING, Any, Literal, TypeVar

import joblib
import numpy as np

from seqkit.checks import Check

if TYPE_CHECKING:
    from typing_extensions import dataclass_transform
else:

    def dataclass_transform(**_: Any) -> Any:
        """Stands in for typing's own of Python 3.11, which matters to type checkers alone."""
        return lambda decorator: decorator


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


def fitted(*, init: Literal[False] = False) -> Any:
    """The declaration of an attribute that fitting finds: it is no parameter."""
    return dataclasses.field(init=init)


def parameters_of(cls: Any) -> list[dataclasses.Field[Any]]:
    """The fields of an estimator, or its class, that are parameters."""
    return [field for field in dataclasses.fields(cls) if field.init]


def changed(
    cls: Any, name: str, *, default: Any, text: str | None = None, kw_only: bool | None = None
) -> Any:
    """A field as another class has it, with another default, and another text where one is given.

    Args:
        cls: the class, which has the field.
        name: of the field.
        default, text, kw_only: as of `parameter`.
    """
    field = {f.name: f for f in dataclasses.fields(cls)}[name]
    known = field.metadata
    return parameter(
        known["check"],
        known["kind"],
        text or known["text"],
        default=default,
        kw_only=bool(field.kw_only) if kw_only is None else kw_only,
    )


@dataclass_transform(kw_only_default=True, field_specifiers=(parameter, changed, fitted))
def estimator(cls: Class) -> Class:
    """Makes `__init__`, which only stores, from the fields; and writes them into the docstring."""
    made: Any = dataclasses.dataclass(eq=False, repr=False)(cls)
    lines = []
    for field in sorted(parameters_of(made), key=lambda field: bool(field.kw_only)):
        lines.append(f"{field.name} : {field.metadata['kind']}, default={field.default!r}")
        lines.append(textwrap.indent(textwrap.fill(field.metadata["text"], 92), "    "))
    if made.__doc__ and "{parameters}" in made.__doc__:
        # Python's compiler strips the indentation from 3.13 on.
        made.__doc__ = inspect.cleandoc(made.__doc__).replace("{parameters}", "\n".join(lines))
    return made


def comparable_parameters(estimator: object) -> dict[str, object]:
    """The parameters in a form in which equal ones compare equal, after a copy and a file too;
    without callbacks and random_state, which are objects that training changes."""
    names = [f.name for f in parameters_of(estimator)]
    names = [name for name in names if name not in ("callbacks", "random_state")]
    return {name: _comparable(getattr(estimator, name)) for name in names}


def fitted_parameters(estimator: Any) -> dict[str, object]:
    """Those of the fit, in the same form; of a fit before there was some parameter, its default."""
    defaults = {f.name: _comparable(f.default) for f in parameters_of(estimator)}
    return {**defaults, **estimator._fitted_with}


def _comparable(value: object) -> object:
    if isinstance(value, np.generic):
        return _comparable(value.item())
    if isinstance(value, list | tuple | np.ndarray):
        return [_comparable(v) for v in value]
    if hasattr(value, "get_config") and not isinstance(value, type):  # of Keras
        return [type(value).__name__, joblib.hash(value.get_config())]
    return joblib.hash(value) if isinstance(value, dict) else value


def check_parameters(estimator: object) -> None:
    """Raises ValueError or TypeError for the first parameter that is out of its range."""
    for field in parameters_of(estimator):
        field.metadata["check"](field.name, getattr(estimator, field.name))
