"""The names of cells, and what else is taken for a cell."""

import keras
import pytest

from seqkit import layers
from seqkit.layers import recurrent_layer
from tests.conformance.runs import UNITS, inputs

NAMES = {
    "simple_rnn": layers.SimpleRNN,
    "lstm": layers.LSTM,
    "peephole_lstm": layers.PeepholeLSTM,
    "gru": layers.GRU,
    "carousel_lstm": layers.LSTM,
    "keras_simple_rnn": keras.layers.SimpleRNN,
    "keras_lstm": keras.layers.LSTM,
    "keras_gru": keras.layers.GRU,
}


def test_all_names_are_known_here():
    assert set(layers.CELLS) == set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_name(name):
    layer = recurrent_layer(name, UNITS, return_sequences=True, dropout=0.1)
    assert type(layer) is NAMES[name]
    assert (layer.units, layer.return_sequences, layer.dropout) == (UNITS, True, 0.1)
    assert layer(inputs()).shape == (4, 5, UNITS)


def test_carousel_has_neither_forget_gate_nor_peepholes():
    layer = recurrent_layer("carousel_lstm", UNITS)
    assert not layer.forget_gate
    assert not layer.peepholes


def test_options_come_before_those_of_the_name():
    assert recurrent_layer("carousel_lstm", UNITS, forget_gate=True).forget_gate


@pytest.mark.parametrize("layer_class", [keras.layers.LSTM, layers.GRU])
def test_layer_class(layer_class):
    layer = recurrent_layer(layer_class, UNITS, return_state=True)
    assert type(layer) is layer_class
    assert layer.return_state


class DecayCell(keras.layers.Layer):
    """A user's own cell."""

    def __init__(self, units, rate=0.5, **kwargs):
        super().__init__(**kwargs)
        self.units = self.state_size = self.output_size = units
        self.rate = rate

    def call(self, inputs, states):
        new = self.rate * states[0] + keras.ops.sum(inputs, -1, keepdims=True)
        return new, [new]


def test_cell_class_of_the_user():
    layer = recurrent_layer(DecayCell, UNITS, rate=0.25, return_sequences=True, name="decay")
    assert type(layer) is keras.layers.RNN
    assert (layer.cell.rate, layer.name) == (0.25, "decay")
    assert layer(inputs()).shape == (4, 5, UNITS)


@pytest.mark.parametrize(
    ("typed", "nearest"),
    [("ltsm", "lstm"), ("LSTM", "lstm"), ("peephole", "peephole_lstm"), ("rnn", "simple_rnn")],
)
def test_unknown_name_offers_the_nearest(typed, nearest):
    with pytest.raises(ValueError, match=f"Did you mean '{nearest}'"):
        recurrent_layer(typed, UNITS)


def test_unknown_name_lists_all():
    with pytest.raises(ValueError, match="'carousel_lstm'") as error:
        recurrent_layer("xyzzy", UNITS)
    assert "Did you mean" not in str(error.value)


@pytest.mark.parametrize("cell", [7, None, dict, layers.GRUCell(UNITS), layers.GRU(UNITS)])
def test_anything_else_is_refused(cell):
    with pytest.raises(TypeError, match="cell must be a name"):
        recurrent_layer(cell, UNITS)
