"""Dropout of inputs and of the recurrence: one mask for all steps of a sequence."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from seqkit import layers
from seqkit.layers.engine import recurrence
from tests.conformance.cells import all_cells, each_structure
from tests.conformance.runs import (
    FEATURES,
    STEPS,
    assert_close,
    inputs,
    randomized,
    states,
    values_and_gradients,
    variables,
)

DROPPED = {"dropout": 0.3, "recurrent_dropout": 0.4, "seed": 3}


def linear_rnn(units, **options):
    """h_t = x_t + h_{t-1}, so that outputs show the masks."""
    return layers.SimpleRNN(
        units,
        activation="linear",
        kernel_initializer="identity",
        recurrent_initializer="identity",
        return_sequences=True,
        **options,
    )


@all_cells
def test_inactive_at_inference(variant):
    plain, dropping = variant.layer(), variant.layer(**DROPPED)
    plain(inputs()), dropping(inputs())
    dropping.set_weights(plain.get_weights())
    assert_close([dropping(inputs()), dropping(inputs(), training=False)], [plain(inputs())] * 2, 0)
    assert np.abs(dropping(inputs(), training=True) - plain(inputs())).max() > 1e-3


def test_inputs_lose_the_same_features_at_every_step():
    layer = layers.SimpleRNN(
        64,
        activation="linear",
        kernel_initializer="identity",
        recurrent_initializer="zeros",
        return_sequences=True,
        dropout=0.25,
    )
    outputs = layer(tf.ones([8, STEPS, 64]), training=True).numpy()
    assert_close([outputs], [np.repeat(outputs[:, :1], STEPS, 1)], 0)
    assert set(np.round(np.unique(outputs), 4)) == {0, np.float32(1.3333)}
    assert outputs[:, 0].mean() == pytest.approx(1, abs=0.15)
    assert np.abs(outputs[0] - outputs[1]).max() > 0


def test_states_lose_the_same_units_at_every_step():
    layer = linear_rnn(64, recurrent_dropout=0.25)
    outputs = layer(
        tf.zeros([8, STEPS, 64]), initial_state=[tf.ones([8, 64])], training=True
    ).numpy()
    first = outputs[:, :1]
    assert_close([outputs], [first ** np.arange(1, STEPS + 1)[:, None]], 1e-5)
    assert set(np.round(np.unique(first), 4)) == {0, np.float32(1.3333)}
    assert first.mean() == pytest.approx(1, abs=0.15)


@pytest.mark.parametrize("option", ["dropout", "recurrent_dropout"])
def test_expectation_is_preserved(option):
    layer = linear_rnn(2, **{option: 0.5})
    x = tf.ones([4000, 1, 2])
    outputs = layer(x, initial_state=[tf.ones([4000, 2])], training=True)
    assert outputs.numpy().mean() == pytest.approx(2, abs=0.1)


@each_structure
def test_seed_reproduces(variant):
    def outputs(seed):
        layer = variant.layer(**{**DROPPED, "seed": seed})
        layer.build((None, STEPS, FEATURES))
        randomized(layer)
        return [layer(inputs(), training=True) for _ in range(2)]

    first, again, other = outputs(1), outputs(1), outputs(2)
    assert_close(first, again, 0)
    assert np.abs(first[0] - first[1]).max() > 0
    assert np.abs(first[0] - other[0]).max() > 0


@each_structure
@pytest.mark.parametrize("long", [False, True])
def test_paths_agree_with_the_same_masks(variant, long, monkeypatch):
    if long:  # as sequences whose pre-activations are formed again
        monkeypatch.setattr(recurrence, "LARGEST_SAVED_BYTES", 0)
    """Values and gradients, in float64; the masks come from the layers' seed."""
    found = []
    weights = None
    for path in ("compiled", "portable"):
        layer = variant.layer(
            **DROPPED,
            return_sequences=True,
            return_state=True,
            go_backwards=True,
            dtype="float64",
        )
        layer.build((None, STEPS, FEATURES))
        weights = weights or layer.get_weights()
        layer.set_weights(weights)
        x, state = inputs("float64"), states(variant.states, "float64")

        def call(layer=layer, x=x, state=state, path=path):
            with layers.recurrence_path(path):
                return layer(x, initial_state=state, training=True)

        values, gradients = values_and_gradients(call, [x, *state, *variables(layer)])
        found.append([*values, *gradients])
    assert_close(*found, 1e-9)


@each_structure
def test_cell_steps_with_the_same_mask_until_it_is_reset(variant):
    cell = variant.cell(**DROPPED)
    x, state = inputs()[:, 0], states(variant.states)
    first, again = (cell(x, state, training=True)[0] for _ in range(2))
    assert_close([first], [again], 0)
    cell.reset_dropout_mask()
    cell.reset_recurrent_dropout_mask()
    assert np.abs(cell(x, state, training=True)[0] - first).max() > 0


@each_structure
def test_cell_in_keras_rnn_drops_as_the_layer_does(variant):
    ours = variant.layer(**DROPPED, return_sequences=True)
    theirs = keras.layers.RNN(variant.cell(**DROPPED), return_sequences=True)
    for layer in (ours, theirs):
        layer.build((None, STEPS, FEATURES))
    theirs.set_weights(ours.get_weights())
    assert_close([ours(inputs(), training=True)], [theirs(inputs(), training=True)], 1e-6)


def test_masks_change_from_batch_to_batch_in_training():
    layer = linear_rnn(FEATURES, dropout=0.5, seed=1)
    step = tf.function(lambda x: layer(x, training=True))
    x = tf.ones([16, 1, FEATURES])
    assert np.abs(step(x) - step(x)).max() > 0
