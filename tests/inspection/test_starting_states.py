import keras
import numpy as np

import seqkit
from seqkit.inspection import initial_state_influence, initial_states
from tests.conformance.cells import all_cells

SEQUENCES = np.random.default_rng(0).normal(size=(3, 5, 2)).astype("float32")


def model_of(layer):
    return keras.Sequential([keras.Input((None, 2)), layer])


def test_learned_states_are_those_of_the_weights():
    layer = seqkit.layers.LSTM(2, initial_state="learned", name="recurrent")
    model = model_of(layer)
    layer.cell.initial_vectors[1].assign([0.5, -1.0])
    found = initial_states(model, SEQUENCES)["recurrent"]
    np.testing.assert_array_equal(found["h"], np.zeros((3, 2)))
    np.testing.assert_array_equal(found["c"], [[0.5, -1.0]] * 3)


def test_a_linear_recurrence_forgets_by_its_eigenvalue():
    layer = seqkit.layers.SimpleRNN(2, activation="linear")
    model = model_of(layer)
    kernel, _, bias = layer.get_weights()
    layer.set_weights([kernel, 0.5 * np.eye(2), bias])
    found = initial_state_influence(model, SEQUENCES)
    np.testing.assert_allclose(found["influence"], 0.5 ** np.arange(6), rtol=1e-5)


@all_cells
def test_influence_is_that_of_moving_the_state(variant):
    layer = variant.layer(2, dtype="float64", name="recurrent", return_sequences=True)
    model = keras.Sequential([keras.Input((None, 2), dtype="float64"), layer])
    found = initial_state_influence(model, SEQUENCES)["influence"].to_numpy()
    assert found.shape == (6,)
    alone = variant.layer(2, dtype="float64", return_state=True)
    alone(SEQUENCES)
    alone.set_weights(layer.get_weights())
    # One batch: moves of the states either way, read up to each step, of every sequence.
    size, moves, (rows, steps, _) = 1e-6, 8, SEQUENCES.shape
    shape = (moves, 2, steps, rows)
    drawn = np.random.default_rng(0).normal(size=(moves, variant.states, 1, 1, rows, 2))
    directions = np.moveaxis(drawn, 1, 0)
    signs = np.array([size, -size])[:, None, None, None]
    read = np.arange(steps) <= np.arange(steps)[:, None]  # (read up to, step)
    ends = alone(
        np.broadcast_to(SEQUENCES, (*shape[:3], *SEQUENCES.shape)).reshape(-1, steps, 2),
        mask=np.broadcast_to(read[:, None], (*shape, steps)).reshape(-1, steps),
        initial_state=[np.broadcast_to(signs * d, (*shape, 2)).reshape(-1, 2) for d in directions],
    )[1:]
    ahead, back = np.moveaxis(np.concatenate(ends, 1).reshape(*shape, -1), 1, 0)
    squares = np.square((ahead - back) / (2 * size)).sum(axis=(0, 2, 3))
    moved = np.square(directions).sum()
    np.testing.assert_allclose(found[1:], np.sqrt(squares / moved), rtol=1e-5)
