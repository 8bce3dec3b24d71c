"""What holds for every sequence: padding, the order of a batch, and cutting in two."""

import functools

import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from tests.conformance.cells import CELLS, each_structure
from tests.conformance.runs import BATCH, FEATURES, STEPS, assert_close, randomized

TOLERANCE = 1e-5

few = settings(max_examples=8, derandomize=True)
numbers = st.floats(-3, 3, width=32)
sequences = arrays.arrays("float32", (BATCH, STEPS, FEATURES), elements=numbers)
lengths = st.lists(st.integers(0, STEPS), min_size=BATCH, max_size=BATCH)


@functools.cache
def layer_of(name, go_backwards=False):
    variant = next(c for c in CELLS if c.name == name)
    layer = variant.layer(return_sequences=True, return_state=True, go_backwards=go_backwards)
    layer.build((None, STEPS, FEATURES))
    return randomized(layer)


@each_structure
@few
@given(x=sequences, padding=numbers, ends=lengths, extra=st.integers(0, 3), backwards=st.booleans())
def test_padding_never_changes_a_result(variant, x, padding, ends, extra, backwards):
    layer = layer_of(variant.name, backwards)
    valid = tf.sequence_mask(ends, STEPS)[:, :, None]
    _, *expected = layer(tf.where(valid, x, 0.0), lengths=ends)
    more = tf.fill([BATCH, extra, FEATURES], padding)
    padded = tf.concat([tf.where(valid, x, padding), more], 1)
    _, *found = layer(padded, lengths=ends)
    assert_close(found, expected, TOLERANCE)


@each_structure
@few
@given(x=sequences, ends=lengths, order=st.permutations(range(BATCH)))
def test_order_of_a_batch_never_changes_a_result(variant, x, ends, order):
    layer = layer_of(variant.name)
    expected = [tf.gather(v, order) for v in layer(x, lengths=ends)]
    found = layer(tf.gather(x, order), lengths=tf.gather(ends, order))
    assert_close(found, expected, TOLERANCE)


@each_structure
@few
@given(x=sequences, cut=st.integers(1, STEPS - 1), backwards=st.booleans())
def test_cutting_a_sequence_never_changes_a_result(variant, x, cut, backwards):
    layer = layer_of(variant.name, backwards)
    expected = layer(x)
    pieces = [x[:, :cut], x[:, cut:]]
    if backwards:
        pieces.reverse()
    first, *state = layer(pieces[0])
    second, *final = layer(pieces[1], initial_state=state)
    assert_close([tf.concat([first, second], 1), *final], expected, TOLERANCE)
