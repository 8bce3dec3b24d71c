"""Options of cells and layers, each declared once: as a field of a dataclass.

The fields of a cell's equations are its own options; `CellOptions` are those of all cells,
`LayerOptions` those of all layers. A field's metadata says which module of Keras reads a value that
users write, "tanh" say, and writes it into a config; without it a value is taken as it is.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any

import keras

_READER = "reader"

# The metadata of an option that is a function of one tensor, an initialiser and so on, or its name.
ACTIVATION = {_READER: keras.activations}
INITIALIZER = {_READER: keras.initializers}
REGULARIZER = {_READER: keras.regularizers}
CONSTRAINT = {_READER: keras.constraints}


@dataclass(frozen=True)
class CellOptions:
    """The options of all cells, which `seqkit.layers.RecurrentCell` describes."""

    use_bias: bool = True
    kernel_initializer: Any = field(default="glorot_uniform", metadata=INITIALIZER)
    recurrent_initializer: Any = field(default="orthogonal", metadata=INITIALIZER)
    bias_initializer: Any = field(default="zeros", metadata=INITIALIZER)
    vector_initializer: Any = field(default="glorot_uniform", metadata=INITIALIZER)
    kernel_regularizer: Any = field(default=None, metadata=REGULARIZER)
    recurrent_regularizer: Any = field(default=None, metadata=REGULARIZER)
    bias_regularizer: Any = field(default=None, metadata=REGULARIZER)
    vector_regularizer: Any = field(default=None, metadata=REGULARIZER)
    kernel_constraint: Any = field(default=None, metadata=CONSTRAINT)
    recurrent_constraint: Any = field(default=None, metadata=CONSTRAINT)
    bias_constraint: Any = field(default=None, metadata=CONSTRAINT)
    vector_constraint: Any = field(default=None, metadata=CONSTRAINT)
    dropout: float = 0.0
    recurrent_dropout: float = 0.0
    initial_state: str = "zeros"
    seed: int | None = None


@dataclass(frozen=True)
class LayerOptions:
    """The options of all layers, which `seqkit.layers.RecurrentLayer` describes."""

    return_sequences: bool = False
    return_state: bool = False
    go_backwards: bool = False
    stateful: bool = False
    unroll: bool = False
    zero_output_for_mask: bool = False
    activity_regularizer: Any = field(default=None, metadata=REGULARIZER)
    tbptt_steps: int | None = None


@dataclass(frozen=True)
class Option:
    """One option of a constructor.

    Attributes:
        name: of the argument.
        default: as users would write it.
        reader: `keras.activations` and the like; None for a value that is taken as it is.
    """

    name: str
    default: Any
    reader: Any = None

    def read(self, value: Any) -> Any:
        """From what users write, or from a config."""
        return value if self.reader is None else self.reader.get(value)

    def written(self, value: Any) -> Any:
        """As it stands in a config."""
        return value if self.reader is None else self.reader.serialize(value)


def options_of(owner: str, *declarations: type) -> dict[str, Option]:
    """The options that dataclasses declare, by name and in the order of a constructor's arguments.

    Users of Keras's layers pass options by position: those of Keras come in Keras's order, then all
    others.

    Args:
        owner: the name of the layer's class, which Keras may have too; else the order is that of
            `keras.layers.LSTM`.
        declarations: dataclasses.
    """
    declared = []
    for field_ in (f for declaration in declarations for f in fields(declaration)):
        option = Option(field_.name, field_.default, field_.metadata.get(_READER))
        if callable(option.default):
            option = replace(option, default=option.written(option.default))
        declared.append(option)
    namesake = getattr(keras.layers, owner, keras.layers.LSTM)
    order = list(inspect.signature(namesake.__init__).parameters)
    declared.sort(key=lambda o: order.index(o.name) if o.name in order else len(order))
    return {option.name: option for option in declared}


def given_options(
    options: Iterable[str], by_position: tuple[Any, ...], by_name: Mapping[str, Any], owner: str
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The options that a constructor was given, and what else it was given by name.

    Args:
        options: their names, in the order of the arguments after `units`.
        by_position, by_name: the constructor's arguments after `units`.
        owner: the class's name, for errors.

    Raises:
        TypeError: for more arguments than there are options, or one that is given twice.
    """
    names = list(options)
    if len(by_position) > len(names):
        raise TypeError(
            f"{owner} takes units and at most {len(names)} options by position, got "
            f"{len(by_position)}: {by_position!r}."
        )
    given = dict(zip(names, by_position, strict=False))
    twice = [name for name in given if name in by_name]
    if twice:
        raise TypeError(f"{owner} got {twice[0]} both by position and by name.")
    given |= {name: value for name, value in by_name.items() if name in names}
    return given, {name: value for name, value in by_name.items() if name not in names}


class ConstructorSignature:
    """The signature of a class, for `help` and editors; not of its instances, which are called with
    tensors.
    """

    def __init__(self, options: Mapping[str, Option]) -> None:
        kind = inspect.Parameter.POSITIONAL_OR_KEYWORD
        self._signature = inspect.Signature(
            [
                inspect.Parameter("units", kind),
                *(inspect.Parameter(o.name, kind, default=o.default) for o in options.values()),
                inspect.Parameter("kwargs", inspect.Parameter.VAR_KEYWORD),
            ]
        )

    def __get__(self, instance: Any, owner: type) -> inspect.Signature:
        if instance is not None:
            raise AttributeError("__signature__")
        return self._signature
