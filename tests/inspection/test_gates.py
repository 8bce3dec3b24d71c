"""Gates by name, against the equations written out."""

import keras
import numpy as np
import pytest
from scipy.special import expit

import seqkit
from seqkit.inspection import gate_activations
from tests.conformance.cells import all_cells

SEQUENCES = np.random.default_rng(0).normal(size=(3, 5, 2)).astype("float32")


def model_of(layer, masked=False):
    mask = [keras.layers.Masking()] if masked else []
    return keras.Sequential([keras.Input((None, 2)), *mask, layer])


@all_cells
def test_every_gate_has_its_values_at_every_step(variant):
    layer = variant.layer(4, return_sequences=True, name="recurrent")
    model = model_of(layer)
    found = gate_activations(model, SEQUENCES)["recurrent"]
    equations = layer.cell.equations
    assert list(found.values) == [*equations.gates, *equations.state]
    assert all(values.shape == (3, 5, 4) for values in found.values.values())
    np.testing.assert_allclose(found["h"], model.predict(SEQUENCES, verbose=0), atol=1e-6)


def test_of_a_peephole_lstm():
    layer = seqkit.layers.PeepholeLSTM(4, name="recurrent", bias_initializer="normal")
    found = gate_activations(model_of(layer), SEQUENCES)["recurrent"]
    W, U, b, p_i, p_f, p_o = map(np.asarray, layer.get_weights())
    h = c = np.zeros((3, 4))
    for t in range(5):
        i, f, g, o = np.split(SEQUENCES[:, t] @ W + h @ U + b, 4, 1)
        i, f, g = expit(i + p_i * c), expit(f + p_f * c), np.tanh(g)
        c = f * c + i * g
        o = expit(o + p_o * c)
        h = o * np.tanh(c)
        for name, value in zip(found.values, (i, f, g, o, h, c), strict=True):
            np.testing.assert_allclose(found[name][:, t], value, atol=1e-6)


@pytest.mark.parametrize("reset_after", [True, False])
def test_of_a_gru(reset_after):
    layer = seqkit.layers.GRU(
        4, name="recurrent", reset_after=reset_after, bias_initializer="normal"
    )
    found = gate_activations(model_of(layer), SEQUENCES)["recurrent"]
    W, U, b = map(np.asarray, layer.get_weights())
    before, after = b if reset_after else (b, np.zeros_like(b))
    (W_z, W_r, W_c), (U_z, U_r, U_c) = np.split(W, 3, 1), np.split(U, 3, 1)
    (b_z, b_r, b_c), (d_z, d_r, d_c) = np.split(before, 3), np.split(after, 3)
    h = np.zeros((3, 4))
    for t in range(5):
        x = SEQUENCES[:, t]
        z = expit(x @ W_z + h @ U_z + b_z + d_z)
        r = expit(x @ W_r + h @ U_r + b_r + d_r)
        recurrent = r * (h @ U_c + d_c) if reset_after else (r * h) @ U_c
        c = np.tanh(x @ W_c + b_c + recurrent)
        h = z * h + (1 - z) * c
        for name, value in zip(found.values, (z, r, c, h), strict=True):
            np.testing.assert_allclose(found[name][:, t], value, atol=1e-6)


@pytest.mark.parametrize("name", ["SimpleRNN", "LSTM", "GRU"])
def test_keras_layers_have_the_gates_of_ours(name):
    ours = model_of(getattr(seqkit.layers, name)(4, name="recurrent"))
    theirs = model_of(getattr(keras.layers, name)(4, name="recurrent"))
    theirs.set_weights(ours.get_weights())
    expected, found = (gate_activations(m, SEQUENCES)["recurrent"] for m in (ours, theirs))
    assert list(found.values) == list(expected.values)
    for gate, values in expected.values.items():
        np.testing.assert_allclose(found[gate], values, atol=1e-6)


@pytest.mark.parametrize("go_backwards", [False, True])
def test_steps_are_in_the_order_of_time_and_masked_ones_empty(go_backwards):
    X = SEQUENCES.copy()
    X[1, 3:] = 0
    layer = seqkit.layers.LSTM(4, go_backwards=go_backwards, name="recurrent")
    found = gate_activations(model_of(layer, masked=True), X)["recurrent"]
    alone = gate_activations(model_of(layer), X[1:2, :3])["recurrent"]
    for name, values in alone.values.items():
        np.testing.assert_allclose(found[name][1, :3], values[0], atol=1e-6)
        assert np.isnan(found[name][1, 3:]).all()


def test_saturation_counts_the_ends():
    layer = seqkit.layers.LSTM(4, name="recurrent", unit_forget_bias=False)
    model = model_of(layer)
    kernel, recurrent, bias = layer.get_weights()
    bias[:4], bias[4:8] = -20, 20  # input gates shut, forget gates open
    layer.set_weights([kernel, recurrent, bias])
    table = gate_activations(model, SEQUENCES)["recurrent"].saturation()
    assert list(table.loc["input", ["low", "high"]]) == [1, 0]
    assert list(table.loc["forget", ["low", "high"]]) == [0, 1]
    with pytest.raises(ValueError, match="margin must be between 0 and 0.5"):
        gate_activations(model, SEQUENCES)["recurrent"].saturation(0.5)


def test_a_picture_has_a_column_a_step():
    model = model_of(seqkit.layers.LSTM(4, name="recurrent"))
    axes = gate_activations(model, SEQUENCES)["recurrent"].plot("forget", labels="abcde")
    assert [label.get_text() for label in axes.get_xticklabels()] == list("abcde")
    (picture,) = axes.get_images()
    assert picture.get_array().shape == (4, 5)


def test_of_an_estimator():
    model = seqkit.TextClassifier("gru", units=4, epochs=1, random_state=0)
    model.fit(["a b c", "c b", "b a", "a c"], [0, 1, 0, 1])
    found = gate_activations(model, ["a b c", "c"])
    assert len(found) == 2
    for gates in found.values():
        assert not np.isnan(gates["update"][0, :3]).any()
        assert np.isnan(gates["update"][1, 1:]).all()


class Unknown(keras.layers.Layer):
    state_size = output_size = 2

    def call(self, inputs, states, training=False):
        return states[0], states


def test_what_has_no_gates_is_named():
    model = model_of(keras.layers.RNN(Unknown(), name="recurrent"))
    with pytest.raises(ValueError, match="'recurrent' must have a cell whose equations"):
        gate_activations(model, SEQUENCES)
    gates = gate_activations(model_of(seqkit.layers.LSTM(4, name="recurrent")), SEQUENCES)
    with pytest.raises(KeyError, match="Did you mean 'forget'"):
        gates["recurrent"]["forgot"]
