"""Every cell on both paths against autodiff of its plain equations in float64."""

import pytest
import tensorflow as tf

from seqkit import layers
from seqkit.layers import recurrence_path
from seqkit.layers.engine import recurrence
from tests.conformance import plain
from tests.conformance.cells import all_cells, all_paths, each_structure
from tests.conformance.runs import (
    MASK,
    UNITS,
    assert_close,
    inputs,
    randomized,
    states,
    values_and_gradients,
    variables,
)

TOLERANCE = 1e-9


def check(variant, path, *, masked, go_backwards, return_sequences=True):
    x, state = inputs("float64"), states(variant.states, "float64")
    mask = tf.constant(MASK) if masked else None
    layer = variant.layer(
        go_backwards=go_backwards,
        return_sequences=return_sequences,
        return_state=True,
        dtype="float64",
    )
    layer.build(x.shape)
    randomized(layer)
    sources = [x, *state, *variables(layer)]

    def ours():
        with recurrence_path(path):
            return layer(x, initial_state=state, mask=mask)

    def theirs():
        outputs, final = plain.run(variant, x, state, variables(layer), mask, go_backwards)
        return (outputs if return_sequences else outputs[:, -1]), *final

    values, gradients = values_and_gradients(ours, sources)
    expected_values, expected_gradients = values_and_gradients(theirs, sources)
    assert_close(values, expected_values, TOLERANCE)
    assert_close(gradients, expected_gradients, TOLERANCE)


@all_paths
@all_cells
def test_values_and_gradients(variant, path):
    check(variant, path, masked=True, go_backwards=True)


@all_paths
@each_structure
@pytest.mark.parametrize(("masked", "go_backwards"), [(False, False), (True, False), (False, True)])
def test_masks_and_directions(variant, path, masked, go_backwards):
    check(variant, path, masked=masked, go_backwards=go_backwards)


@all_paths
@each_structure
def test_last_output_only(variant, path):
    check(variant, path, masked=True, go_backwards=False, return_sequences=False)


@each_structure
@pytest.mark.parametrize("go_backwards", [False, True])
def test_long_sequences(variant, go_backwards, monkeypatch):
    """Pre-activations too large to be saved are formed again."""
    monkeypatch.setattr(recurrence, "LARGEST_SAVED_BYTES", 0)
    check(variant, "compiled", masked=True, go_backwards=go_backwards)


@all_cells
def test_cell_is_one_step(variant):
    """A sequence of one step is the cell called once."""
    x = inputs("float64", steps=1)
    state = states(variant.states, "float64")
    layer = variant.layer(dtype="float64", return_state=True)
    layer.build(x.shape)
    randomized(layer)
    output, *final = layer(x, initial_state=state)
    cell_output, cell_state = layer.cell(x[:, 0], state)
    assert_close([output, *final], [cell_output, *cell_state], TOLERANCE)


def test_compiled_one_step_and_one_row():
    """The smallest sequences: one step, and a batch of one row, which is not split."""
    layer = layers.PeepholeLSTM(UNITS, return_sequences=True)
    for batch, steps in ((3, 1), (1, 2)):
        x = inputs(batch=batch, steps=steps)
        expected = layer(x)
        with recurrence_path("compiled"):
            assert_close([layer(x)], [expected], 1e-6)
