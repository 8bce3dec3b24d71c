"""All cells, and the LSTM with each of its switches, as layer classes that estimators take; and the
units that give each the same number of parameters."""

from __future__ import annotations

from typing import Any

import keras

from seqkit import layers
from seqkit.layers import recurrent_layer

_SWITCHES: dict[str, dict[str, Any]] = {
    "without input gate": {"input_gate": False},
    "without forget gate": {"forget_gate": False},
    "without output gate": {"output_gate": False},
    "coupled gates": {"coupled_gates": True},
    "peepholes": {"peepholes": True},
    "without squashing": {"activation": "linear"},
}


def _switched(name: str, fixed: dict[str, Any]) -> type[layers.LSTM]:
    """LSTM with options that are fixed."""

    class SwitchedLSTM(layers.LSTM):
        def __init__(self, units: int, **options: Any) -> None:
            super().__init__(units, **{**options, **fixed})

    SwitchedLSTM.__name__ = SwitchedLSTM.__qualname__ = "LSTM_" + name.replace(" ", "_")
    return keras.saving.register_keras_serializable("seqkit_recipes")(SwitchedLSTM)


# By the names of rows.
COMPARED: dict[str, Any] = {
    "simple_rnn": "simple_rnn",
    "gru": "gru",
    "lstm": "lstm",
    **{f"lstm, {name}": _switched(name, fixed) for name, fixed in _SWITCHES.items()},
}


def units_within(budget: int, cell: Any, features: int, directions: int) -> int:
    """The largest number of units whose recurrent layers have no more parameters than the budget.

    Args:
        budget: parameters of the recurrent layers of all directions.
        cell: as `recurrent_layer` takes it.
        features: that the layer reads, D.
        directions: 1 or 2; each has so many units.

    Raises:
        ValueError: where one unit has more.
    """

    def parameters(units: int) -> int:
        layer = recurrent_layer(cell, units)
        layer.build((None, None, features))
        return directions * int(layer.count_params())

    units, step = 0, 1
    while parameters(units + step) <= budget:  # doubled until too many, then halved
        units, step = units + step, 2 * step
    while step := step // 2:
        if parameters(units + step) <= budget:
            units += step
    if units == 0:
        raise ValueError(
            f"budget must be at least {parameters(1)}, the parameters of one unit, got {budget}."
        )
    return units
