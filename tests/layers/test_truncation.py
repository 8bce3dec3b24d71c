"""Truncated back-propagation through time against gradients cut by hand."""

import keras
import numpy as np
import pytest
import tensorflow as tf

import seqkit
from seqkit import layers
from seqkit.layers.engine.products import Sequences
from seqkit.layers.engine.truncation import _Windows
from tests.conformance.runs import (
    FEATURES,
    MASK,
    STEPS,
    UNITS,
    assert_close,
    inputs,
    projection,
    randomized,
    variables,
)

LAYERS = {
    "lstm": layers.LSTM,
    "peephole_lstm": layers.PeepholeLSTM,
    "gru": layers.GRU,
    "simple_rnn": layers.SimpleRNN,
}
PATHS = ("portable", "stock", "compiled")


def pair(name, tbptt_steps, **options):
    """A layer that truncates, and one of the same weights that does not."""
    truncated = LAYERS[name](UNITS, tbptt_steps=tbptt_steps, **options)
    plain = LAYERS[name](UNITS, **{**options, "return_sequences": True, "return_state": True})
    for layer in (truncated, plain):
        layer.build((None, STEPS, FEATURES))
    randomized(truncated)
    plain.set_weights(truncated.get_weights())
    return truncated, plain


def gradients(layer, x, mask, path):
    """The loss of weighted outputs, and its gradients by x and the weights."""

    @tf.function(autograph=False)
    def step(x):
        with tf.GradientTape() as tape:
            tape.watch(x)
            outputs = layer(x, mask=mask)
            loss = projection([outputs])
        return [loss, *tape.gradient(loss, [x, *variables(layer)])]

    with layers.recurrence_path(path):
        return [np.asarray(value) for value in step(x)]


def cut_by_hand(plain, truncated, x, mask):
    """The same with the plain layer, which is called once a window on a state that is cut off."""
    window, backwards = truncated.tbptt_steps, truncated.go_backwards

    def in_order(values):
        return None if values is None else values[:, ::-1] if backwards else values

    with tf.GradientTape() as tape:
        tape.watch(x)
        state, outputs = None, []
        read, valid = in_order(x), in_order(mask)
        for first in range(0, STEPS, window):
            part = slice(first, first + window)
            options = {"mask": None if valid is None else in_order(valid[:, part])}
            if state is not None:
                options["initial_state"] = [tf.stop_gradient(s) for s in state]
            before, (steps, *state) = state, plain(in_order(read[:, part]), **options)
            if before is not None and valid is not None:  # a layer that is given a state has zeros
                still = tf.cumsum(tf.cast(valid[:, part], tf.int32), 1) == 0
                still &= tf.reduce_any(valid[:, :first], 1)[:, None]  # zeros before a first step
                steps = tf.where(still[:, :, None], tf.stop_gradient(before[0])[:, None], steps)
            outputs.append(steps)
        result = tf.concat(outputs, 1)
        if not truncated.return_sequences:
            result = state[0]
        loss = projection([result])
    return [np.asarray(v) for v in [loss, *tape.gradient(loss, [x, *variables(plain)])]]


CASES = {
    "lstm": ("lstm", {"return_sequences": True}),
    "backwards": ("lstm", {"go_backwards": True}),
    "peepholes": ("peephole_lstm", {"return_sequences": True, "go_backwards": True}),
    "gru": ("gru", {"return_sequences": True}),
    "reset_before": ("gru", {"reset_after": False}),
    "learned": ("simple_rnn", {"return_sequences": True, "initial_state": "learned"}),
}


@pytest.mark.parametrize(
    ("case", "masked", "path"),
    [
        *((case, masked, path) for case in CASES for masked in (0, 1) for path in PATHS[:2]),
        # These take seconds to compile, for the windows and for the shorter last one.
        ("peepholes", 1, "compiled"),
        ("gru", 0, "compiled"),
    ],
)
def test_gradients_end_at_the_windows_bounds(case, masked, path):
    name, options = CASES[case]
    truncated, plain = pair(name, 3, **options)
    x, mask = inputs(), tf.constant(MASK) if masked else None
    with layers.recurrence_path("portable"):
        expected = cut_by_hand(plain, truncated, x, mask)
    assert_close(gradients(truncated, x, mask, path), expected, 1e-5)


@pytest.mark.parametrize("path", PATHS[:2])
def test_windows_that_cover_the_sequence_change_nothing(path):
    truncated, _ = pair("lstm", STEPS, return_sequences=True)
    plain = layers.LSTM(UNITS, return_sequences=True)
    plain.build((None, STEPS, FEATURES))
    plain.set_weights(truncated.get_weights())
    expected = gradients(plain, inputs(), None, path)
    assert_close(gradients(truncated, inputs(), None, path), expected, 1e-5)


def test_shorter_windows_give_another_gradient():
    one, other = pair("gru", 1)[0], pair("gru", STEPS)[0]
    other.set_weights(one.get_weights())
    found, full = (gradients(layer, inputs(), None, "stock") for layer in (one, other))
    np.testing.assert_allclose(found[0], full[0], rtol=1e-6)  # the loss is the same
    assert not np.allclose(found[1][:, 0], full[1][:, 0], atol=1e-6)


def test_windows_of_a_reversed_sequence_begin_at_its_end():
    x = tf.reshape(tf.range(7.0), (1, 7, 1))
    state = (tf.zeros((1, 1)),)
    windows = _Windows(Sequences(x, state, None, None), 3, True)
    found = [windows.part(tf.constant(w), state).x[0, :, 0].numpy().tolist() for w in range(3)]
    assert found == [[4, 5, 6], [1, 2, 3], [0]]


def test_a_truncated_gradient_is_not_differentiated_again():
    layer, _ = pair("gru", 3)

    @tf.function(autograph=False)
    def twice(x):
        with tf.GradientTape() as outer:
            outer.watch(x)
            with tf.GradientTape() as inner:
                inner.watch(x)
                loss = tf.reduce_sum(layer(x) ** 2)
            first = inner.gradient(loss, x)
        return outer.gradient(first, x)

    with pytest.raises(NotImplementedError, match="tbptt_steps must be None"):
        twice(inputs())


@pytest.mark.parametrize("value", [0, -1, 2.5, True, "3"])
def test_bad_windows(value):
    with pytest.raises((TypeError, ValueError), match="tbptt_steps"):
        layers.GRU(2, tbptt_steps=value)


def test_it_is_in_the_config():
    layer = layers.GRU(2, tbptt_steps=5)
    assert layers.GRU.from_config(layer.get_config()).tbptt_steps == 5
    wrapped = keras.layers.Bidirectional(layer)
    assert type(wrapped).from_config(wrapped.get_config()).backward_layer.tbptt_steps == 5


def test_estimators_take_it():
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(32, 12, 1)), np.arange(32) % 2
    options = {"units": 4, "epochs": 2, "random_state": 0, "pooling": "last"}
    full, cut = (
        seqkit.SequenceClassifier("gru", tbptt_steps=k, **options).fit(X, y).predict_proba(X)
        for k in (12, 2)
    )
    plain = seqkit.SequenceClassifier("gru", **options).fit(X, y).predict_proba(X)
    np.testing.assert_allclose(full, plain, atol=1e-6)
    assert not np.allclose(cut, plain, atol=1e-6)


@pytest.mark.parametrize("cell", ["keras_gru", keras.layers.LSTM])
def test_only_layers_of_ours_truncate(cell):
    with pytest.raises(ValueError, match="tbptt_steps must be None for"):
        seqkit.SequenceClassifier(cell, tbptt_steps=3).check_parameters()
