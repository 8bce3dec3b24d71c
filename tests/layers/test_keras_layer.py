"""Our layers and cells inside what Keras has for recurrent layers."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from seqkit import layers
from tests.conformance.cells import all_cells, each_structure
from tests.conformance.runs import (
    BATCH,
    FEATURES,
    MASK,
    STEPS,
    UNITS,
    assert_close,
    inputs,
    randomized,
    states,
)

TOLERANCE = 1e-6


@pytest.mark.parametrize("masked", [True, False])
@pytest.mark.parametrize("return_sequences", [True, False])
@pytest.mark.parametrize("merge_mode", ["concat", "sum", "mul", "ave", None])
def test_bidirectional_equals_that_of_keras(merge_mode, return_sequences, masked):
    found = []
    for lstm in (layers.LSTM, keras.layers.LSTM):
        layer = keras.layers.Bidirectional(
            lstm(UNITS, return_sequences=return_sequences), merge_mode=merge_mode
        )
        layer.build((None, STEPS, FEATURES))
        randomized(layer)
        found.append(tf.nest.flatten(layer(inputs(), mask=tf.constant(MASK) if masked else None)))
    assert_close(*found, 1e-5)


def test_bidirectional_takes_and_returns_states():
    given, found = [*states(2), *states(2)], []
    for lstm in (layers.LSTM, keras.layers.LSTM):
        layer = keras.layers.Bidirectional(lstm(UNITS, return_state=True))
        layer.build((None, STEPS, FEATURES))
        randomized(layer)
        found.append(layer(inputs(), initial_state=given))
    assert len(found[0]) == 5
    assert_close(*found, 1e-5)


@all_cells
def test_cell_stepped_by_hand_equals_the_layer(variant):
    layer = variant.layer(return_sequences=True, return_state=True)
    outputs, *final = layer(inputs())
    state, rows = layer.cell.get_initial_state(BATCH), []
    for t in range(STEPS):
        row, state = layer.cell(inputs()[:, t], state)
        rows.append(row)
    assert_close([outputs, *final], [tf.stack(rows, 1), *state], TOLERANCE)


@all_cells
def test_cell_in_keras_rnn_equals_the_layer(variant):
    ours = variant.layer(return_sequences=True, return_state=True)
    theirs = keras.layers.RNN(variant.cell(), return_sequences=True, return_state=True)
    mask = tf.constant(MASK)
    ours(inputs()), theirs(inputs())
    theirs.set_weights(randomized(ours).get_weights())
    assert_close(ours(inputs(), mask=mask), theirs(inputs(), mask=mask), TOLERANCE)


@each_structure
def test_stacked_cells_equal_stacked_layers(variant):
    stack = keras.layers.RNN(
        keras.layers.StackedRNNCells([variant.cell(UNITS), variant.cell(2)]), return_sequences=True
    )
    outputs = stack(inputs())
    first = variant.layer(UNITS, return_sequences=True)
    second = variant.layer(2, return_sequences=True)
    second(first(inputs()))
    for layer, cell in zip((first, second), stack.cell.cells, strict=True):
        layer.set_weights(cell.get_weights())
    assert_close([second(first(inputs()))], [outputs], TOLERANCE)


@each_structure
@pytest.mark.parametrize("go_backwards", [True, False])
def test_stateful(variant, go_backwards):
    """Two calls continue one sequence; after `reset_state` they start again."""
    whole = variant.layer(return_sequences=True, go_backwards=go_backwards)
    expected = whole(inputs())
    layer = variant.layer(return_sequences=True, go_backwards=go_backwards, stateful=True)
    layer.build((BATCH, 2, FEATURES))
    layer.set_weights(whole.get_weights())
    pieces = [inputs()[:, :2], inputs()[:, 2:]]
    if go_backwards:
        pieces.reverse()
    for _ in range(2):
        found = tf.concat([layer(piece) for piece in pieces], 1)
        assert_close([found], [expected], TOLERANCE)
        layer.reset_state()


def test_stateful_needs_a_fixed_batch():
    layer = layers.GRU(UNITS, stateful=True)
    with pytest.raises(ValueError, match="batch size"):
        layer.build((None, STEPS, FEATURES))
    layer = layers.GRU(UNITS, stateful=True)
    layer(inputs())
    with pytest.raises(ValueError, match="batch size"):
        layer(inputs(batch=BATCH + 1))


def test_stateful_training_carries_the_state_on():
    layer = layers.LSTM(UNITS, stateful=True)
    model = keras.Sequential([keras.Input(batch_shape=(2, STEPS, FEATURES)), layer])
    model.compile("sgd", "mse")
    model.fit(inputs().numpy(), np.zeros((BATCH, UNITS)), batch_size=2, verbose=0)
    assert all(np.abs(v.numpy()).max() > 0 for v in layer.states)


@each_structure
@pytest.mark.parametrize("return_sequences", [True, False])
def test_unrolled_equals_looped(variant, return_sequences):
    options = {"return_sequences": return_sequences, "return_state": True}
    looped, unrolled = variant.layer(**options), variant.layer(unroll=True, **options)
    looped(inputs()), unrolled(inputs())
    unrolled.set_weights(looped.get_weights())
    mask = tf.constant(MASK)
    assert_close(unrolled(inputs(), mask=mask), looped(inputs(), mask=mask), TOLERANCE)


@pytest.mark.parametrize("layer_class", [layers.GRU, layers.PeepholeLSTM])
def test_layer_itself_can_be_made_a_function(layer_class):
    layer = layer_class(UNITS, go_backwards=True)
    assert_close([tf.function(layer)(inputs())], [layer(inputs())], TOLERANCE)
    cell, state = layer.cell, layer.cell.get_initial_state(BATCH)
    found = tf.function(cell)(inputs()[:, 0], state)
    assert_close(tf.nest.flatten(found), tf.nest.flatten(cell(inputs()[:, 0], state)), TOLERANCE)


def test_unrolling_needs_a_fixed_number_of_steps():
    layer = layers.GRU(UNITS, unroll=True)
    layer.build((None, STEPS, FEATURES))
    with pytest.raises(ValueError, match="unroll"):
        tf.function(layer).get_concrete_function(tf.TensorSpec([None, None, FEATURES]))


@each_structure
def test_dynamic_batch_and_time(variant):
    sequences = keras.Input((None, FEATURES))
    layer = variant.layer(return_sequences=True, return_state=True)
    model = keras.Model(sequences, layer(sequences))
    assert model.outputs[0].shape == (None, None, UNITS)
    for batch, steps in ((4, 5), (1, 5), (3, 2)):
        x = inputs(batch=batch, steps=steps)
        assert_close(model.predict(x, verbose=0), layer(x), TOLERANCE)


def test_shapes_are_known_before_any_data():
    outputs, h, c = layers.LSTM(UNITS, return_sequences=True, return_state=True)(
        keras.Input((STEPS, FEATURES))
    )
    assert outputs.shape == (None, STEPS, UNITS)
    assert h.shape == c.shape == (None, UNITS)
    assert layers.LSTM(UNITS)(keras.Input((STEPS, FEATURES))).shape == (None, UNITS)


def test_wrong_rank_is_refused():
    with pytest.raises(ValueError, match="ndim=3"):
        layers.GRU(UNITS)(tf.zeros([2, 3]))


def test_masks_of_layers_before_are_used():
    tokens = np.array([[1, 2, 3, 0, 0], [4, 0, 0, 0, 0]])
    embedding = keras.layers.Embedding(5, FEATURES, mask_zero=True)
    layer = layers.PeepholeLSTM(UNITS)
    found = keras.Sequential([embedding, layer])(tokens)
    assert_close([found], [layer(embedding(tokens), lengths=[3, 1])], TOLERANCE)


def test_encoder_state_starts_a_decoder_in_a_functional_model():
    source, target = keras.Input((None, FEATURES)), keras.Input((None, FEATURES))
    encoder, decoder = layers.LSTM(UNITS, return_state=True), layers.LSTM(UNITS)
    _, *state = encoder(source)
    model = keras.Model([source, target], decoder(target, initial_state=state))
    x = inputs()
    _, *expected_state = encoder(x)
    expected = decoder(x, initial_state=expected_state)
    assert_close([model([x, x])], [expected], TOLERANCE)
    model.compile("sgd", "mse")
    before = encoder.get_weights()
    model.fit([x, x], np.zeros((BATCH, UNITS)), verbose=0)
    assert any(np.abs(a - b).max() > 0 for a, b in zip(encoder.get_weights(), before, strict=True))
