"""Values, gradients and weights against the layers that Keras has."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from seqkit import layers
from tests.conformance.cells import all_paths
from tests.conformance.runs import (
    FEATURES,
    MASK,
    STEPS,
    UNITS,
    assert_close,
    inputs,
    randomized,
    states,
    values_and_gradients,
    variables,
)

TOLERANCE = 1e-5

PAIRS = [
    pytest.param(layers.SimpleRNN, keras.layers.SimpleRNN, {}, id="simple_rnn"),
    pytest.param(layers.LSTM, keras.layers.LSTM, {}, id="lstm"),
    pytest.param(layers.GRU, keras.layers.GRU, {"reset_after": True}, id="gru"),
    pytest.param(layers.GRU, keras.layers.GRU, {"reset_after": False}, id="gru_reset_before"),
]
pairs = pytest.mark.parametrize(("our_class", "keras_class", "options"), PAIRS)


def two_layers(our_class, keras_class, options):
    ours, theirs = our_class(UNITS, **options), keras_class(UNITS, **options)
    for layer in (ours, theirs):
        layer.build((None, STEPS, FEATURES))
    randomized(theirs)
    ours.set_weights(theirs.get_weights())
    return ours, theirs


def check(ours, theirs, path="portable", *, masked=False, state_given=False):
    x = inputs()
    state = states(len(ours.state_size)) if state_given else []
    mask = tf.constant(MASK) if masked else None

    def values(layer):
        def call():
            with layers.recurrence_path(path):
                return layer(x, initial_state=state or None, mask=mask)

        return values_and_gradients(call, [x, *state, *variables(layer)])

    (found, d_found), (expected, d_expected) = values(ours), values(theirs)
    assert_close(found, expected, TOLERANCE)
    assert_close(d_found, d_expected, TOLERANCE)


@all_paths
@pairs
@pytest.mark.parametrize(("masked", "go_backwards"), [(False, False), (True, True)])
def test_outputs_and_states(our_class, keras_class, options, path, masked, go_backwards):
    options = {**options, "return_sequences": True, "return_state": True}
    ours, theirs = two_layers(our_class, keras_class, {**options, "go_backwards": go_backwards})
    check(ours, theirs, path, masked=masked)


@pairs
@pytest.mark.parametrize(
    "more",
    [
        {},
        {"go_backwards": True},
        {"return_state": True},
        {"return_sequences": True, "go_backwards": True},
        {"return_sequences": True, "zero_output_for_mask": True},
        {"return_sequences": True, "zero_output_for_mask": True, "go_backwards": True},
        {"zero_output_for_mask": True, "return_state": True},
        {"use_bias": False, "return_sequences": True},
    ],
    ids=lambda more: "-".join(more) or "last_output",
)
def test_masked(our_class, keras_class, options, more):
    ours, theirs = two_layers(our_class, keras_class, {**options, **more})
    check(ours, theirs, masked=True)


@pairs
@pytest.mark.parametrize("masked", [True, False])
@pytest.mark.parametrize("more", [{}, {"return_sequences": True}, {"zero_output_for_mask": True}])
def test_given_state(our_class, keras_class, options, more, masked):
    ours, theirs = two_layers(our_class, keras_class, {**options, **more, "return_state": True})
    check(ours, theirs, masked=masked, state_given=True)


@pairs
def test_weights_move_both_ways(our_class, keras_class, options):
    ours, theirs = our_class(UNITS, **options), keras_class(UNITS, **options)
    x = inputs()
    ours(x), theirs(x)
    expected = ours(x)
    theirs.set_weights(ours.get_weights())
    assert_close([theirs(x)], [expected], TOLERANCE)
    randomized(theirs)
    ours.set_weights(theirs.get_weights())
    assert_close([ours(x)], [theirs(x)], TOLERANCE)
    assert_close(ours.get_weights(), theirs.get_weights(), 0)


@pairs
def test_same_seed_starts_from_the_same_weights(our_class, keras_class, options):
    weights = []
    for layer_class in (our_class, keras_class):
        layer = layer_class(
            UNITS,
            kernel_initializer=keras.initializers.GlorotUniform(seed=1),
            recurrent_initializer=keras.initializers.Orthogonal(seed=2),
            **options,
        )
        layer.build((None, STEPS, FEATURES))
        weights.append(layer.get_weights())
    assert_close(*weights, 0)


@pytest.mark.parametrize(
    ("our_class", "keras_class", "options"),
    [
        (layers.SimpleRNN, keras.layers.SimpleRNN, {"dropout": 0.4, "recurrent_dropout": 0.4}),
        (layers.LSTM, keras.layers.LSTM, {"dropout": 0.4}),
        (layers.GRU, keras.layers.GRU, {"dropout": 0.4}),
    ],
)
def test_same_seed_drops_the_same(our_class, keras_class, options):
    options = {**options, "seed": 5, "return_sequences": True}
    ours, theirs = two_layers(our_class, keras_class, options)
    x = inputs()
    assert_close([ours(x, training=True)], [theirs(x, training=True)], TOLERANCE)


@pairs
def test_takes_every_argument_of_keras(our_class, keras_class, options):
    config = keras_class(UNITS, **options).get_config()
    ours = our_class(**config).get_config()
    for name in set(config) - {"implementation", "use_cudnn", "dtype"}:
        assert ours[name] == config[name], name


def test_trains_as_keras_does():
    """The same weights, data and optimizer end in the same weights."""
    x, y = inputs(batch=8).numpy(), np.ones((8, 1), "float32")
    found = []
    for pair in two_layers(layers.LSTM, keras.layers.LSTM, {}):
        keras.utils.set_random_seed(1)
        model = keras.Sequential([keras.Input((STEPS, FEATURES)), pair, keras.layers.Dense(1)])
        model.compile(keras.optimizers.SGD(0.1), "mse")
        model.fit(x, y, epochs=3, batch_size=4, shuffle=False, verbose=0)
        found.append(model.get_weights())
    assert_close(*found, TOLERANCE)
