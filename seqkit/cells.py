"""The names of cells that users type; importing them imports neither Keras nor TensorFlow."""

from __future__ import annotations

from typing import Any

from seqkit.checks import did_you_mean

# name: (module, layer class, the options that the name stands for)
CELLS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "simple_rnn": ("seqkit.layers.simple_rnn", "SimpleRNN", {}),
    "lstm": ("seqkit.layers.lstm", "LSTM", {}),
    "peephole_lstm": ("seqkit.layers.lstm", "PeepholeLSTM", {}),
    "gru": ("seqkit.layers.gru", "GRU", {}),
    "carousel_lstm": ("seqkit.layers.lstm", "LSTM", {"forget_gate": False}),
    # Keras's own, as they are: cuDNN on a GPU.
    "keras_simple_rnn": ("keras.layers", "SimpleRNN", {}),
    "keras_lstm": ("keras.layers", "LSTM", {}),
    "keras_gru": ("keras.layers", "GRU", {}),
}


def check_cell(cell: Any) -> None:
    """Raises ValueError or TypeError where `recurrent_layer` does not know the cell."""
    if isinstance(cell, str):
        if cell not in CELLS:
            raise ValueError(
                f"cell must be one of {', '.join(map(repr, CELLS))}, or a Keras RNN layer class, "
                f"got {cell!r}.{did_you_mean(cell, CELLS, cutoff=0.4)}"
            )
        return
    import keras

    if not (isinstance(cell, type) and issubclass(cell, keras.layers.Layer)):
        raise TypeError(
            "cell must be a name, a subclass of keras.layers.RNN, or a cell class, "
            f"got {cell!r}. To use a configured cell, subclass it."
        )


def check_truncation(cell: Any, tbptt_steps: int | None) -> None:
    """Raises ValueError where a cell of others is to truncate back-propagation through time."""
    if tbptt_steps is None:
        return
    module = CELLS[cell][0] if isinstance(cell, str) else None
    if module is None:
        bases = {f"{base.__module__}.{base.__qualname__}" for base in cell.__mro__}
        ours = "seqkit.layers.layer.RecurrentLayer" in bases
    else:
        ours = module.startswith("seqkit.")
    if not ours:
        raise ValueError(
            f"tbptt_steps must be None for cell={cell!r}, which seqkit's engine does not run, got "
            f"{tbptt_steps}. Use a cell such as 'lstm' or 'gru'."
        )
