"""Every cell on both paths against autodiff of its plain equations in float64."""

import pytest
import tensorflow as tf

from seqkit import layers
from seqkit.layers import recurrence_path
from seqkit.layers.engine import recurrence
from tests.conformance import plain
from tests.conformance.cells import CELLS, STRUCTURES, all_cells, each_structure, params
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
# Masks, directions and what is returned are the business of the loop that is compiled, whichever
# cell it runs: those of the cell that compiles soonest, and of one with two states, are held. The
# other cells' are by `test_values_and_gradients`, and these tests' by `make test-slow`.
COMPILED = ("simple_rnn", "peephole_lstm")
# The compiled loops of these differ from another's by a bias, which others lack too, or by an
# activation. The stock path, which has the same gradient, not compiled, is held for all.
LIKE_OTHERS = (
    "simple_rnn_sigmoid",
    "lstm_no_bias",
    "peephole_lstm_no_bias",
    "gru_reset_before_no_bias",
)


def cells_and_paths(names, compiled):
    """Cells on each path; those compiled that are not named are slow."""
    return pytest.mark.parametrize(
        ("variant", "path"),
        [
            pytest.param(
                *p.values,
                path,
                id=f"{p.id}-{path}",
                marks=[pytest.mark.slow] if path == "compiled" and p.id not in compiled else [],
            )
            for p in params(names)
            for path in ("compiled", "stock", "portable")
        ],
    )


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


@pytest.mark.always
@cells_and_paths([c.name for c in CELLS], [c.name for c in CELLS if c.name not in LIKE_OTHERS])
def test_values_and_gradients(variant, path):
    check(variant, path, masked=True, go_backwards=True)


@cells_and_paths(STRUCTURES, COMPILED)
def test_neither_a_mask_nor_backwards(variant, path):
    check(variant, path, masked=False, go_backwards=False)


@cells_and_paths(STRUCTURES, COMPILED[:1])
@pytest.mark.parametrize(("masked", "go_backwards"), [(True, False), (False, True)])
def test_masks_and_directions(variant, path, masked, go_backwards):
    check(variant, path, masked=masked, go_backwards=go_backwards)


@cells_and_paths(STRUCTURES, COMPILED)
def test_last_output_only(variant, path):
    check(variant, path, masked=True, go_backwards=False, return_sequences=False)


@each_structure
def test_long_sequences(variant, monkeypatch):
    """Pre-activations too large to be saved are formed again."""
    monkeypatch.setattr(recurrence, "LARGEST_SAVED_BYTES", 0)
    check(variant, "compiled", masked=True, go_backwards=True)


def test_long_sequences_forwards(monkeypatch):
    monkeypatch.setattr(recurrence, "LARGEST_SAVED_BYTES", 0)
    check(CELLS[0], "compiled", masked=True, go_backwards=False)


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
