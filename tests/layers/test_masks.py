"""Masked steps and lengths of rows."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from seqkit import layers
from tests.conformance.cells import all_cells, all_paths, each_structure
from tests.conformance.runs import (
    BATCH,
    FEATURES,
    MASK,
    STEPS,
    UNITS,
    assert_close,
    inputs,
    normal,
    states,
)

TOLERANCE = 1e-6
LENGTHS = [3, 5, 1, 4]

backwards = pytest.mark.parametrize("go_backwards", [False, True])


@all_cells
@backwards
def test_lengths_equal_trimmed_rows(variant, go_backwards):
    """Row by row, without what lies behind its length: outputs, and the final state."""
    layer = variant.layer(return_sequences=True, return_state=True, go_backwards=go_backwards)
    outputs, *final = layer(inputs(), lengths=LENGTHS)
    for row, length in enumerate(LENGTHS):
        expected, *expected_final = layer(inputs()[row : row + 1, :length])
        # Going backwards, padding is read first.
        found = outputs[row, -length:] if go_backwards else outputs[row, :length]
        assert_close([found], [expected[0]], TOLERANCE)
        assert_close([s[row] for s in final], [s[0] for s in expected_final], TOLERANCE)


@all_paths
def test_lengths_on_all_paths(path):
    layer = layers.GRU(UNITS)
    expected = tf.concat(
        [layer(inputs()[k : k + 1, :length]) for k, length in enumerate(LENGTHS)], 0
    )
    with layers.recurrence_path(path):
        assert_close([layer(inputs(), lengths=LENGTHS)], [expected], TOLERANCE)


def test_lengths_and_mask_together():
    layer = layers.LSTM(UNITS, return_sequences=True, return_state=True)
    mask = np.ones((BATCH, STEPS), bool)
    mask[:, 0] = False
    both = mask & (np.arange(STEPS) < np.array(LENGTHS)[:, None])
    found = layer(inputs(), mask=tf.constant(mask), lengths=LENGTHS)
    assert_close(found, layer(inputs(), mask=tf.constant(both)), 0)


@pytest.mark.parametrize("dtype", ["int32", "int64", "uint8"])
def test_lengths_are_any_integers(dtype):
    layer = layers.SimpleRNN(UNITS)
    expected = layer(inputs(), lengths=LENGTHS)
    assert_close([layer(inputs(), lengths=np.array(LENGTHS, dtype))], [expected], 0)


def test_lengths_beyond_the_sequence_are_its_length():
    layer = layers.SimpleRNN(UNITS)
    assert_close([layer(inputs(), lengths=[STEPS + 3] * BATCH)], [layer(inputs())], 0)


@all_paths
def test_lengths_below_zero_are_zero(path):
    layer = layers.GRU(UNITS)
    with layers.recurrence_path(path):
        assert_close([layer(inputs(), lengths=[-2] * BATCH)], [np.zeros((BATCH, UNITS))], 0)


def test_length_zero_keeps_the_state():
    layer = layers.LSTM(UNITS, return_state=True)
    given = states(2)
    output, *final = layer(inputs(), initial_state=given, lengths=[0] * BATCH)
    assert_close(final, given, 0)
    assert not output.numpy().any()


@pytest.mark.parametrize(
    "lengths", [[3.0, 5.0, 1.0, 4.0], [[3], [5], [1], [4]], 3, [True, False, True, True]]
)
def test_wrong_lengths_are_refused(lengths):
    with pytest.raises(ValueError, match=r"lengths must be integers of shape \(batch,\)"):
        layers.GRU(UNITS)(inputs(), lengths=tf.constant(lengths))


def test_lengths_in_a_functional_model():
    sequences, lengths = keras.Input((None, FEATURES)), keras.Input((), dtype="int32")
    layer = layers.GRU(UNITS)
    model = keras.Model([sequences, lengths], layer(sequences, lengths=lengths))
    found = model([inputs(), tf.constant(LENGTHS)])
    assert_close([found], [layer(inputs(), lengths=LENGTHS)], TOLERANCE)


@all_paths
@each_structure
def test_what_is_masked_is_not_read(variant, path):
    """Numbers at masked steps reach neither results nor gradients."""
    layer = variant.layer(return_sequences=True, return_state=True)
    layer.build((None, STEPS, FEATURES))
    found = []
    for other in (0.0, 100.0):
        x = tf.where(MASK[:, :, None], inputs(), other * tf.ones_like(inputs()))
        with layers.recurrence_path(path), tf.GradientTape() as tape:
            tape.watch(x)
            values = layer(x, mask=tf.constant(MASK))
            loss = tf.add_n([tf.reduce_sum(v * v) for v in values])
        d_x, *d_weights = tape.gradient(loss, [x, *(v.value for v in layer.trainable_variables)])
        assert not d_x.numpy()[~MASK].any()
        found.append([*values, d_x, *d_weights])
    assert_close(*found, 1e-5)


@each_structure
@pytest.mark.parametrize("zero_output_for_mask", [True, False])
def test_a_row_without_a_valid_step(variant, zero_output_for_mask):
    layer = variant.layer(
        return_sequences=True, return_state=True, zero_output_for_mask=zero_output_for_mask
    )
    given = states(variant.states)
    outputs, *final = layer(inputs(), initial_state=given, mask=tf.zeros([BATCH, STEPS], tf.bool))
    assert not outputs.numpy().any()
    assert_close(final, given, 0)


@each_structure
@backwards
def test_outputs_at_masked_steps(variant, go_backwards):
    """Zeros, or the output before: zeros where there was none."""
    repeating = variant.layer(return_sequences=True, go_backwards=go_backwards)
    zeroing = variant.layer(
        return_sequences=True, go_backwards=go_backwards, zero_output_for_mask=True
    )
    mask = tf.constant(MASK)
    repeated = repeating(inputs(), mask=mask).numpy()
    zeroing.build((None, STEPS, FEATURES))
    zeroing.set_weights(repeating.get_weights())
    zeroed = zeroing(inputs(), mask=mask).numpy()
    valid = MASK[:, ::-1] if go_backwards else MASK
    assert_close([zeroed], [np.where(valid[:, :, None], repeated, 0)], 0)
    before = np.zeros((BATCH, UNITS))
    for n in range(STEPS):
        now = valid[:, n]
        assert_close([repeated[~now, n]], [before[~now]], 0)
        before = repeated[:, n]


def test_mask_of_integers_and_mask_with_a_last_axis():
    layer = layers.GRU(UNITS)
    expected = layer(inputs(), mask=tf.constant(MASK))
    assert_close([layer(inputs(), mask=tf.constant(MASK.astype("int32")))], [expected], 0)
    assert_close([layer(inputs(), mask=tf.constant(MASK[:, :, None]))], [expected], 0)


def test_masks_are_handed_on():
    x = normal(2, 4, FEATURES)
    x[0, 2:] = 0
    masked = keras.layers.Masking()(x)
    outputs = layers.GRU(UNITS, return_sequences=True)(masked)
    assert keras.src.backend.get_keras_mask(outputs).numpy().tolist() == [
        [True, True, False, False],
        [True, True, True, True],
    ]


@pytest.mark.parametrize("padding", ["left", "right"])
@each_structure
def test_a_mask_is_passed_on_in_the_order_of_the_outputs(variant, padding):
    """Stacked layers that read from the end give a padded row what they give the row alone."""
    stack = keras.Sequential(
        [
            keras.layers.Masking(),
            variant.layer(go_backwards=True, return_sequences=True),
            variant.layer(),
        ]
    )
    row = normal(1, 3, FEATURES)
    widths = ((0, 0), (2, 0) if padding == "left" else (0, 2), (0, 0))
    assert_close([stack(np.pad(row, widths))], [stack(row)], TOLERANCE)


def test_a_mask_with_states_is_reversed_too():
    layer = layers.LSTM(UNITS, go_backwards=True, return_sequences=True, return_state=True)
    outputs, *states = layer.compute_mask(inputs(), tf.constant(MASK))
    np.testing.assert_array_equal(outputs, MASK[:, ::-1])
    assert states == [None, None]


@each_structure
def test_both_directions_in_keras_hold_their_mask(variant):
    wrapped = keras.Sequential(
        [
            keras.layers.Masking(),
            keras.layers.Bidirectional(variant.layer(return_sequences=True)),
            variant.layer(),
        ]
    )
    row = normal(1, 3, FEATURES)
    assert_close([wrapped(np.pad(row, ((0, 0), (0, 2), (0, 0))))], [wrapped(row)], TOLERANCE)
