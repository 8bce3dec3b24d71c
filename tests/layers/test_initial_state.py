"""Where sequences start: zeros, a learned state, a random one, or the one that is given."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from seqkit import layers
from tests.conformance import plain
from tests.conformance.cells import all_cells, all_paths, each_structure, params
from tests.conformance.runs import (
    BATCH,
    FEATURES,
    STEPS,
    UNITS,
    assert_close,
    inputs,
    normal,
    randomized,
    states,
    values_and_gradients,
    variables,
)


@all_cells
def test_zeros(variant):
    layer = variant.layer()
    given = [tf.zeros([BATCH, UNITS])] * variant.states
    assert_close([layer(inputs())], [layer(inputs(), initial_state=given)], 0)


@all_paths
@pytest.mark.parametrize("variant", params(["peephole_lstm", "gru"]))
def test_learned_state_has_right_gradients(variant, path):
    layer = variant.layer(
        initial_state="learned", return_sequences=True, return_state=True, dtype="float64"
    )
    x = inputs("float64")
    layer.build(x.shape)
    assert len(layer.cell.initial_vectors) == variant.states
    randomized(layer)
    weights = variables(layer)

    def ours():
        with layers.recurrence_path(path):
            return layer(x)

    def theirs():
        start = [tf.tile(v[None], [BATCH, 1]) for v in weights[-variant.states :]]
        outputs, final = plain.run(variant, x, start, weights[: -variant.states])
        return outputs, *final

    found, d_found = values_and_gradients(ours, weights)
    expected, d_expected = values_and_gradients(theirs, weights)
    assert_close(found, expected, 1e-9)
    assert_close(d_found, d_expected, 1e-9)
    assert all(np.abs(d).max() > 0 for d in d_found[-variant.states :])


def test_learned_state_starts_at_zero_and_is_trained():
    layer = layers.LSTM(UNITS, initial_state="learned", recurrent_dropout=0.2)
    model = keras.Sequential([keras.Input((STEPS, FEATURES)), layer])
    assert not any(v.numpy().any() for v in layer.cell.initial_vectors)
    model.compile("sgd", "mse")
    model.fit(inputs(), np.ones((BATCH, UNITS)), verbose=0)
    assert all(v.numpy().all() for v in layer.cell.initial_vectors)


def test_learned_state_of_a_cell_in_keras_rnn():
    ours = layers.GRU(UNITS, initial_state="learned")
    theirs = keras.layers.RNN(layers.GRUCell(UNITS, initial_state="learned"))
    for layer in (ours, theirs):
        layer.build((None, STEPS, FEATURES))
    theirs.set_weights(randomized(ours).get_weights())
    assert_close([ours(inputs())], [theirs(inputs())], 1e-6)


@each_structure
def test_random_state_is_drawn_for_each_sequence_in_training(variant):
    layer = variant.layer(initial_state="random", seed=1)
    x = tf.zeros([BATCH, 1, FEATURES])
    first, second = layer(x, training=True), layer(x, training=True)
    assert np.abs(first - second).max() > 0
    assert np.abs(first[0] - first[1]).max() > 0
    plain_layer = variant.layer()
    plain_layer(inputs())
    layer.set_weights(plain_layer.get_weights())
    assert_close([layer(inputs())], [plain_layer(inputs())], 0)


def test_random_state_has_its_distribution():
    layer = layers.SimpleRNN(
        2, activation="linear", recurrent_initializer="identity", initial_state="random"
    )
    drawn = layer(tf.zeros([5000, 1, FEATURES]), training=True).numpy()
    assert drawn.mean() == pytest.approx(0, abs=0.01)
    assert drawn.std() == pytest.approx(0.1, abs=0.01)


@pytest.mark.parametrize("kind", ["zeros", "learned", "random"])
def test_given_state_comes_first(kind):
    layer = layers.LSTM(UNITS, initial_state=kind)
    layer.build((None, STEPS, FEATURES))
    expected = layers.LSTM(UNITS)
    expected.build((None, STEPS, FEATURES))
    expected.set_weights(randomized(layer).get_weights()[:3])
    given = states(2)
    found = layer(inputs(), initial_state=given, training=True)
    assert_close([found], [expected(inputs(), initial_state=given)], 0)


def test_given_state_may_be_numpy_or_a_single_tensor():
    layer = layers.GRU(UNITS)
    state = normal(BATCH, UNITS)
    expected = layer(inputs(), initial_state=[tf.constant(state)])
    assert_close([layer(inputs(), initial_state=[state])], [expected], 0)
    assert_close([layer(inputs(), initial_state=tf.constant(state))], [expected], 0)
