"""Gradients of gradients, such as gradient penalties need: right on both paths, never zero."""

import numpy as np
import pytest
import tensorflow as tf

from seqkit import layers
from tests.conformance import plain
from tests.conformance.cells import all_paths, each_structure, params
from tests.conformance.runs import (
    MASK,
    STEPS,
    UNITS,
    assert_close,
    inputs,
    normal,
    randomized,
    states,
    variables,
)

TOLERANCE = 1e-9


def penalty_gradients(call, sources):
    """Gradients of the squared length of the gradients of a loss."""
    with tf.GradientTape() as outer:
        outer.watch(sources)
        with tf.GradientTape() as inner:
            inner.watch(sources)
            loss = tf.add_n([tf.reduce_sum(v**2) for v in call()])
        first = inner.gradient(loss, sources)
        penalty = tf.add_n([tf.reduce_sum(g**2) for g in first])
    return [penalty, *outer.gradient(penalty, sources)]


def built(variant, **options):
    layer = variant.layer(return_sequences=True, return_state=True, dtype="float64", **options)
    layer.build(inputs().shape)
    return randomized(layer)


@all_paths
@each_structure
def test_equal_autodiff_of_the_equations(variant, path):
    layer = built(variant, go_backwards=True)
    x, state = inputs("float64"), states(variant.states, "float64")
    mask = tf.constant(MASK)

    def ours():
        with layers.recurrence_path(path):
            return layer(x, initial_state=state, mask=mask)

    def theirs():
        outputs, final = plain.run(variant, x, state, variables(layer), mask, True)
        return outputs, *final

    sources = [x, *state, *variables(layer)]
    found, expected = penalty_gradients(ours, sources), penalty_gradients(theirs, sources)
    assert_close(found, expected, TOLERANCE)
    assert all(np.abs(g).max() > 0 for g in found)


@pytest.mark.parametrize("variant", params(["simple_rnn", "gru_reset_before"]))
def test_in_a_graph(variant):
    """As a training step with a gradient penalty has them, by the default path."""
    layer = built(variant)
    x, state = inputs("float64"), states(variant.states, "float64")
    sources = [x, *state, *variables(layer)]

    def gradients():
        return penalty_gradients(lambda: layer(x, initial_state=state), sources)

    assert_close(tf.function(gradients)(), gradients(), TOLERANCE)


def test_of_the_last_output_equal_finite_differences():
    layer = layers.PeepholeLSTM(UNITS, dtype="float64")
    layer.build((None, STEPS, 3))
    randomized(layer)
    x, direction = inputs("float64"), tf.constant(normal(4, STEPS, 3, seed=5, dtype="float64"))

    def gradient(x):
        with layers.recurrence_path("compiled"), tf.GradientTape() as tape:
            tape.watch(x)
            loss = tf.reduce_sum(layer(x) ** 2)
        return tape.gradient(loss, x)

    with tf.GradientTape() as tape:
        tape.watch(x)
        slope = tf.reduce_sum(gradient(x) * direction)
    found = tape.gradient(slope, x)
    step = 1e-5
    expected = (gradient(x + step * direction) - gradient(x - step * direction)) / (2 * step)
    assert_close([found], [expected], 1e-6)
