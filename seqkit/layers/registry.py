"""The recurrent layer of a cell's name, or class. The names are in `seqkit.cells`."""

from __future__ import annotations

import importlib
from typing import Any

import keras

from seqkit.cells import CELLS, check_cell


def recurrent_layer(cell: Any, units: int, **options: Any) -> keras.layers.RNN:
    """The recurrent layer of a cell name, a Keras RNN layer class, or a cell class.

    Args:
        cell: one of the registered names; a subclass of `keras.layers.RNN` such as
            `keras.layers.LSTM`; or the class of a cell that takes `units`.
        units: number of units.
        options: further arguments of the layer.

    Raises:
        ValueError: for an unknown name; the message offers the nearest one.
        TypeError: for anything else.

    Example:
        >>> recurrent_layer("gru", 8, return_sequences=True).units
        8
    """
    check_cell(cell)
    if isinstance(cell, str):
        module, name, fixed = CELLS[cell]
        layer_class = getattr(importlib.import_module(module), name)
        return layer_class(units, **{**fixed, **options})
    if issubclass(cell, keras.layers.RNN):
        return cell(units, **options)
    layer_names = ("return_sequences", "return_state", "go_backwards", "stateful", "name")
    layer_options = {name: options.pop(name) for name in layer_names if name in options}
    return keras.layers.RNN(cell(units, **options), **layer_options)
