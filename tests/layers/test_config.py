"""Options: kept in the config and in files, and refused where they are wrong."""

import dataclasses
import inspect
from typing import Any

import keras
import pytest

from seqkit import layers
from seqkit.layers.options import ACTIVATION
from tests.conformance.cells import all_cells, each_structure
from tests.conformance.runs import FEATURES, STEPS, UNITS, assert_close, inputs, randomized

NOT_DEFAULT = {
    "dropout": 0.1,
    "recurrent_dropout": 0.2,
    "initial_state": "learned",
    "seed": 3,
    "kernel_initializer": "he_normal",
    "vector_initializer": "ones",
    "kernel_regularizer": "l2",
    "bias_constraint": "non_neg",
}


@all_cells
def test_layer_config_round_trip(variant):
    layer = variant.layer(
        **NOT_DEFAULT,
        name="a_name",
        return_sequences=True,
        return_state=True,
        go_backwards=True,
        zero_output_for_mask=True,
        activity_regularizer="l1",
        dtype="mixed_bfloat16",
    )
    again = type(layer).from_config(layer.get_config())
    assert again.get_config() == layer.get_config()
    assert again.name == "a_name"
    assert again.cell.equations == layer.cell.equations
    again = keras.layers.deserialize(keras.layers.serialize(layer))
    assert again.get_config() == layer.get_config()


@all_cells
def test_cell_config_round_trip(variant):
    cell = variant.cell(**NOT_DEFAULT)
    again = type(cell).from_config(cell.get_config())
    assert again.get_config() == cell.get_config()
    assert again.equations == cell.equations


@all_cells
def test_options_are_attributes(variant):
    layer = variant.layer(**NOT_DEFAULT)
    assert layer.units == UNITS
    assert layer.dropout == 0.1
    for name in set(variant.options) - {"activation", "recurrent_activation"}:
        assert getattr(layer, name) == variant.options[name]
    with pytest.raises(AttributeError, match="no attribute 'unheard_of'"):
        _ = layer.unheard_of


@all_cells
def test_saved_model_file_needs_no_custom_objects(variant, tmp_path):
    sequences = keras.Input((None, FEATURES))
    layer = variant.layer(initial_state="learned")
    model = keras.Model(sequences, keras.layers.Bidirectional(layer)(sequences))
    randomized(model)
    model.save(tmp_path / "model.keras")
    again = keras.models.load_model(tmp_path / "model.keras")
    assert_close(again.get_weights(), model.get_weights(), 0)
    assert_close([again(inputs())], [model(inputs())], 0)


@each_structure
def test_cells_in_keras_layers_can_be_saved(variant, tmp_path):
    cells = [variant.cell(UNITS), variant.cell(2)]
    model = keras.Sequential([keras.Input((STEPS, FEATURES)), keras.layers.RNN(cells)])
    model.save(tmp_path / "model.keras")
    again = keras.models.load_model(tmp_path / "model.keras")
    assert_close([again(inputs())], [model(inputs())], 0)


@pytest.mark.parametrize("make", [layers.SimpleRNN, layers.LSTM, layers.GRU, layers.LSTMCell])
@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"units": 0}, ValueError, "units must be an integer of at least 1, got 0"),
        ({"units": -2}, ValueError, "got -2"),
        ({"units": 2.5}, TypeError, "units must be an integer"),
        ({"units": True}, TypeError, "units must be an integer"),
        ({"units": "4"}, TypeError, "units must be an integer"),
        ({"dropout": 1.0}, ValueError, r"dropout must be a fraction in \[0, 1\), got 1.0"),
        ({"recurrent_dropout": -0.1}, ValueError, "recurrent_dropout must be a fraction"),
        ({"initial_state": "ones"}, ValueError, "initial_state must be one of 'zeros'"),
        ({"no_such_option": 1}, (TypeError, ValueError), "no_such_option"),
        ({"activation": "no_such_activation"}, ValueError, "no_such_activation"),
        ({"activation": keras.layers.PReLU()}, ValueError, "activation must be a name or a func"),
    ],
)
def test_wrong_options_are_refused(make, options, error, message):
    with pytest.raises(error, match=message):
        make(**{"units": UNITS, **options})


def test_units_are_required():
    with pytest.raises(TypeError, match="units"):
        layers.GRU()


@pytest.mark.parametrize("kind", ["learned", "random"])
def test_stateful_layers_start_from_zeros(kind):
    with pytest.raises(ValueError, match="initial_state must be 'zeros'"):
        layers.LSTM(UNITS, stateful=True, initial_state=kind)


@pytest.mark.parametrize("gate", ["input_gate", "forget_gate"])
def test_coupled_gates_need_both_gates(gate):
    with pytest.raises(ValueError, match="coupled_gates=True"):
        layers.LSTM(UNITS, coupled_gates=True, **{gate: False})


def test_switches_between_the_implementations_of_keras():
    for options in ({"implementation": 1}, {"implementation": 2}, {"use_cudnn": "auto"}):
        layer = layers.GRU(UNITS, **options)
        assert layer(inputs()).shape == (4, UNITS)
    with pytest.raises(ValueError, match="use_cudnn=True"):
        layers.LSTM(UNITS, use_cudnn=True)


def test_activation_may_be_any_function():
    layer = layers.SimpleRNN(UNITS, activation=lambda z: 0 * z + 2)
    assert (layer(inputs()).numpy() == 2).all()


def test_arguments_by_position_as_in_keras():
    assert layers.SimpleRNN(UNITS, "relu").activation is keras.activations.relu
    layer = layers.LSTM(UNITS, "relu", "hard_sigmoid")
    assert layer.recurrent_activation is keras.activations.hard_sigmoid


@pytest.mark.parametrize(
    "name", ["SimpleRNN", "LSTM", "GRU", "SimpleRNNCell", "LSTMCell", "GRUCell"]
)
def test_arguments_come_in_the_order_of_keras(name):
    of_keras = inspect.signature(getattr(keras.layers, name).__init__).parameters
    ours = list(inspect.signature(getattr(layers, name)).parameters)
    common = [n for n in of_keras if n in ours]
    assert len(common) > 15
    assert ours[: len(common) - 1] == common[:-1]  # the last, kwargs, comes after our own
    assert ours[-1] == "kwargs"


def test_signatures_show_each_option_with_its_default():
    for shown in (layers.PeepholeLSTM, layers.PeepholeLSTMCell):
        parameters = inspect.signature(shown).parameters
        assert next(iter(parameters)) == "units"
        assert parameters["recurrent_activation"].default == "sigmoid"
        assert parameters["peepholes"].default is True
        assert parameters["recurrent_initializer"].default == "orthogonal"
    assert inspect.signature(layers.LSTM).parameters["return_sequences"].default is False
    assert "return_sequences" not in inspect.signature(layers.LSTMCell).parameters


def test_metadata_and_not_the_name_says_how_an_option_is_written():
    @dataclasses.dataclass(frozen=True)
    class Equations(layers.CellEquations):
        squash: Any = dataclasses.field(default=keras.activations.sigmoid, metadata=ACTIVATION)
        last_activation: str = "none"

        gates = ("candidate",)

        def update(self, a, state, w):
            return (self.squash(a.candidate),)

    class Cell(layers.RecurrentCell):
        equations_class = Equations

    config = Cell(UNITS, squash="relu", last_activation="a word").get_config()
    assert (config["squash"], config["last_activation"]) == ("relu", "a word")
    assert Cell.from_config(config).squash is keras.activations.relu
    assert inspect.signature(Cell).parameters["squash"].default == "sigmoid"


def test_positions_beyond_the_options_and_options_given_twice():
    with pytest.raises(TypeError, match="GRUCell takes units and at most 20 options by position"):
        layers.GRUCell(UNITS, *range(21))
    with pytest.raises(TypeError, match="LSTM got activation both by position and by name"):
        layers.LSTM(UNITS, "relu", activation="tanh")
