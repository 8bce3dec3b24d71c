"""The names of cells that users type, and the layers they stand for."""

from __future__ import annotations

import difflib
from typing import Any

import keras

from seqkit.layers.gru import GRU
from seqkit.layers.lstm import LSTM, PeepholeLSTM
from seqkit.layers.simple_rnn import SimpleRNN

# name: (layer class, the options that the name stands for)
CELLS: dict[str, tuple[type[keras.layers.RNN], dict[str, Any]]] = {
    "simple_rnn": (SimpleRNN, {}),
    "lstm": (LSTM, {}),
    "peephole_lstm": (PeepholeLSTM, {}),
    "gru": (GRU, {}),
    "carousel_lstm": (LSTM, {"forget_gate": False}),
    # Keras's own, as they are: cuDNN on a GPU.
    "keras_simple_rnn": (keras.layers.SimpleRNN, {}),
    "keras_lstm": (keras.layers.LSTM, {}),
    "keras_gru": (keras.layers.GRU, {}),
}


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
    if isinstance(cell, str):
        check_cell(cell)
        layer_class, fixed = CELLS[cell]
        return layer_class(units, **{**fixed, **options})
    check_cell(cell)
    if issubclass(cell, keras.layers.RNN):
        return cell(units, **options)
    layer_names = ("return_sequences", "return_state", "go_backwards", "stateful", "name")
    layer_options = {name: options.pop(name) for name in layer_names if name in options}
    return keras.layers.RNN(cell(units, **options), **layer_options)


def check_cell(cell: Any) -> None:
    """Raises ValueError or TypeError where `recurrent_layer` does not know the cell."""
    if isinstance(cell, str):
        if cell not in CELLS:
            nearest = difflib.get_close_matches(cell.lower(), CELLS, n=1, cutoff=0.4)
            hint = f" Did you mean {nearest[0]!r}?" if nearest else ""
            raise ValueError(
                f"cell must be one of {', '.join(map(repr, CELLS))}, or a Keras RNN layer class, "
                f"got {cell!r}.{hint}"
            )
    elif not (isinstance(cell, type) and issubclass(cell, keras.layers.Layer)):
        raise TypeError(
            "cell must be a name, a subclass of keras.layers.RNN, or a cell class, "
            f"got {cell!r}. To use a configured cell, subclass it."
        )
