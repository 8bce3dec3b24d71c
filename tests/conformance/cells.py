"""The cells that every conformance test of the layers runs over. A new cell is tested by being
listed here."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import pytest

from seqkit import layers


@dataclass(frozen=True)
class Variant:
    """A layer class with options that change its equations or its weights."""

    name: str
    layer_class: type[layers.RecurrentLayer]
    options: dict[str, Any] = field(default_factory=dict)

    def layer(self, units: int = 4, **more: Any) -> layers.RecurrentLayer:
        return self.layer_class(units, **{**self.options, **more})

    def cell(self, units: int = 4, **more: Any) -> layers.RecurrentCell:
        return self.layer_class.cell_class(units, **{**self.options, **more})

    @property
    def states(self) -> int:
        """How many states the cell has."""
        return len(self.cell().equations.state)


CELLS = [
    Variant("simple_rnn", layers.SimpleRNN),
    Variant("simple_rnn_relu", layers.SimpleRNN, {"activation": "relu"}),
    Variant("simple_rnn_sigmoid", layers.SimpleRNN, {"activation": "sigmoid"}),
    Variant("simple_rnn_no_bias", layers.SimpleRNN, {"use_bias": False}),
    Variant("lstm", layers.LSTM),
    Variant("lstm_no_bias", layers.LSTM, {"use_bias": False}),
    Variant("lstm_hard_sigmoid", layers.LSTM, {"recurrent_activation": "hard_sigmoid"}),
    Variant("lstm_peepholes", layers.LSTM, {"peepholes": True}),
    Variant("lstm_no_input_gate", layers.LSTM, {"input_gate": False}),
    Variant("lstm_no_forget_gate", layers.LSTM, {"forget_gate": False}),
    Variant("lstm_no_output_gate", layers.LSTM, {"output_gate": False}),
    Variant("lstm_coupled", layers.LSTM, {"coupled_gates": True}),
    Variant("lstm_coupled_peepholes", layers.LSTM, {"coupled_gates": True, "peepholes": True}),
    Variant("lstm_no_forget_peepholes", layers.LSTM, {"forget_gate": False, "peepholes": True}),
    Variant("peephole_lstm", layers.PeepholeLSTM),
    Variant("peephole_lstm_no_bias", layers.PeepholeLSTM, {"use_bias": False}),
    Variant("gru", layers.GRU),
    Variant("gru_no_bias", layers.GRU, {"use_bias": False}),
    Variant("gru_reset_before", layers.GRU, {"reset_after": False}),
    Variant("gru_reset_before_no_bias", layers.GRU, {"reset_after": False, "use_bias": False}),
]

# One of each structure: one state or two, elementwise weights, apart and gated products.
STRUCTURES = ("simple_rnn", "peephole_lstm", "gru", "gru_reset_before")


def params(names: Iterable[str] | None = None) -> list[Any]:
    """Arguments of `pytest.mark.parametrize("variant", ...)`: all cells, or those named."""
    chosen = None if names is None else set(names)
    return [pytest.param(c, id=c.name) for c in CELLS if chosen is None or c.name in chosen]


all_cells = pytest.mark.parametrize("variant", params())
each_structure = pytest.mark.parametrize("variant", params(STRUCTURES))
all_paths = pytest.mark.parametrize("path", ["compiled", "stock", "portable"])
