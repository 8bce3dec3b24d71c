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
    states = variant.states
    rng, size, squares, moved = np.random.default_rng(0), 1e-6, np.zeros(5), 0.0
    alone = variant.layer(2, dtype="float64", return_sequences=True, return_state=True)
    alone(SEQUENCES)
    alone.set_weights(layer.get_weights())
    for _ in range(8):
        moves = [rng.normal(size=(3, 2)) for _ in range(states)]
        moved += sum(np.square(m).sum() for m in moves)
        for t in range(1, 6):
            ends = [
                np.concatenate(alone(SEQUENCES[:, :t], initial_state=[s * m for m in moves])[1:], 1)
                for s in (size, -size)
            ]
            squares[t - 1] += np.square((ends[0] - ends[1]) / (2 * size)).sum()
    np.testing.assert_allclose(found[1:], np.sqrt(squares / moved), rtol=1e-5)
