import keras
import numpy as np
import pytest

import seqkit
from seqkit.inspection import summary_table


def test_counts_are_those_by_hand():
    model = keras.Sequential(
        [
            keras.Input((None,), dtype="int32"),
            keras.layers.Embedding(10, 3, name="embedding"),
            keras.layers.Bidirectional(
                seqkit.layers.GRU(4, return_sequences=True, name="gru"), name="both"
            ),
            keras.layers.LSTM(5, name="lstm"),
            keras.layers.Dense(2, name="dense"),
        ]
    )
    table = summary_table(model, np.ones((2, 7), "int32"), repeats=2)
    gru, lstm = 3 * 4 * (3 + 4), 4 * 5 * (8 + 5)
    expected = {
        "embedding": 0,
        "forward_gru": 7 * gru,
        "backward_gru": 7 * gru,
        "lstm": 7 * lstm,
        "dense": 10,
    }
    assert table["multiply_adds"].to_dict() == {**expected, "total": sum(expected.values())}
    assert table.loc["total", "parameters"] == model.count_params()
    assert (table["milliseconds"] > 0).all()
    assert table.loc["forward_gru", "kind"] == "GRU"


def test_a_model_computes_what_it_did():
    X = np.random.default_rng(0).normal(size=(6, 5, 1))
    model = seqkit.SequenceRegressor("lstm", units=3, epochs=1, random_state=0)
    model.fit(X, np.arange(6.0))
    expected = model.predict(X)
    table = summary_table(model, X, repeats=1)
    assert table.loc["total", "parameters"] == model.model_.count_params()
    np.testing.assert_array_equal(model.predict(X), expected)


def test_repeats_are_checked():
    model = keras.Sequential([keras.Input((None, 1)), seqkit.layers.GRU(2)])
    with pytest.raises(ValueError, match="repeats"):
        summary_table(model, np.zeros((1, 2, 1)), repeats=0)
