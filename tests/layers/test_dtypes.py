"""Double and mixed precision on both paths."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from seqkit import layers
from tests.conformance.cells import params
from tests.conformance.runs import (
    BATCH,
    FEATURES,
    STEPS,
    UNITS,
    assert_close,
    inputs,
    randomized,
    values_and_gradients,
    variables,
)

# float32 against float64, and the half precisions against float32: a few units in the last place.
TOLERANCES = {"float64": 1e-5, "mixed_float16": 5e-3, "mixed_bfloat16": 5e-2}


@pytest.mark.parametrize("variant", params(["peephole_lstm", "gru_reset_before"]))
@pytest.mark.parametrize("policy", TOLERANCES)
def test_values_on_all_paths_equal_float32(variant, policy):
    reference = variant.layer(return_sequences=True)
    reference.build((None, STEPS, FEATURES))
    randomized(reference)
    layer = variant.layer(return_sequences=True, dtype=policy)
    layer.build((None, STEPS, FEATURES))
    layer.set_weights(reference.get_weights())
    for path in ("compiled", "portable"):
        with layers.recurrence_path(path):
            outputs = layer(tf.cast(inputs(), layer.compute_dtype))
        assert outputs.dtype == layer.compute_dtype == policy.removeprefix("mixed_")
        assert {w.dtype for w in layer.weights} == {layer.variable_dtype}
        expected = reference(inputs())
        assert_close([tf.cast(outputs, "float32")], [expected], TOLERANCES[policy])


@pytest.mark.parametrize("policy", ["mixed_float16", "mixed_bfloat16"])
def test_gradients_on_all_paths_agree(policy):
    layer = layers.PeepholeLSTM(UNITS, return_sequences=True, dtype=policy)
    layer.build((None, STEPS, FEATURES))
    randomized(layer)

    def gradients(path):
        def call():
            with layers.recurrence_path(path):
                return tf.cast(layer(tf.cast(inputs(), layer.compute_dtype)), "float32")

        return values_and_gradients(call, variables(layer))[1]

    found, expected = gradients("compiled"), gradients("portable")
    assert all(g.dtype == np.float32 for g in found)
    assert_close(found, expected, 10 * TOLERANCES[policy])


def test_mixed_precision_trains_and_stays_near_float32():
    found = []
    for policy in ("float32", "mixed_bfloat16"):
        keras.utils.set_random_seed(0)
        model = keras.Sequential(
            [
                keras.Input((STEPS, FEATURES)),
                layers.GRU(UNITS, dtype=policy),
                keras.layers.Dense(1, dtype="float32"),
            ]
        )
        model.compile(keras.optimizers.SGD(0.1), "mse")
        history = model.fit(inputs(), np.ones((BATCH, 1)), epochs=3, shuffle=False, verbose=0)
        found.append(history.history["loss"])
    assert_close([found[1]], [found[0]], 0.05)


def test_layer_follows_the_global_policy():
    before = keras.config.dtype_policy()
    try:
        keras.config.set_dtype_policy("mixed_bfloat16")
        assert layers.LSTM(UNITS)(inputs()).dtype == tf.bfloat16
    finally:
        keras.config.set_dtype_policy(before)
