"""Double and mixed precision on both paths."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from seqkit import layers
from seqkit.models.attention_pooling import AttentionPooling
from seqkit.models.padding import PaddingMask
from seqkit.models.pooling import LastStep, MaskedPooling
from seqkit.models.standardization import Standardization
from seqkit.models.stems import Segments
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
    for path in ("compiled", "stock", "portable"):
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


def given_as(build, *shapes):
    """What a layer gives for whole numbers in each dtype, those of float32 first."""
    layer = build()
    numbers = [np.random.default_rng(k).integers(-2, 3, s) for k, s in enumerate(shapes)]
    types = ("float32", "int64", "int32", "uint8", "float64", "float16", "bool")
    results = {}
    for dtype in types:
        tensors = [np.abs(n) if dtype == "uint8" else n for n in numbers]
        tensors = [n != 0 if dtype == "bool" else n for n in tensors]
        as_float = [tf.constant(t.astype("float32")) for t in tensors]
        results[dtype] = [
            tf.nest.flatten(layer(*arguments))
            for arguments in ([tf.constant(t.astype(dtype)) for t in tensors], as_float)
        ]
    return results


@pytest.mark.parametrize(
    "build, shapes",
    [
        (lambda: layers.GRU(UNITS, return_state=True), [(2, 4, 2)]),
        (lambda: layers.PeepholeLSTM(UNITS, return_sequences=True), [(2, 4, 2)]),
        (lambda: layers.SimpleRNN(UNITS), [(2, 4, 2)]),
        (lambda: keras.layers.Bidirectional(layers.GRU(UNITS)), [(2, 4, 2)]),
        (lambda: layers.LSTM(UNITS, return_sequences=True), [(2, 4, 2)]),
        (lambda: layers.LSTM(UNITS, forget_gate=False), [(2, 4, 2)]),
        (lambda: keras.layers.RNN(layers.LSTMCell(UNITS)), [(2, 4, 2)]),
        (lambda: keras.layers.RNN(layers.GRUCell(UNITS)), [(2, 4, 2)]),
        (lambda: keras.layers.RNN(layers.SimpleRNNCell(UNITS)), [(2, 4, 2)]),
        (lambda: keras.layers.RNN(layers.PeepholeLSTMCell(UNITS)), [(2, 4, 2)]),
        (lambda: AttentionPooling(UNITS), [(2, 4, 2)]),
        (lambda: MaskedPooling("mean"), [(2, 4, 2)]),
        (lambda: MaskedPooling("max"), [(2, 4, 2)]),
        (lambda: LastStep(2), [(2, 4, 2)]),
        (lambda: lambda x: Segments(2)(x)[0], [(2, 5, 2)]),
        (lambda: Standardization([1.0, 2.0], [4.0, 9.0]), [(2, 4, 2)]),
        (lambda: layers.BahdanauAttention(UNITS), [(2, 3, 2), (2, 4, 5)]),
        (lambda: layers.LuongAttention(), [(2, 3, 2), (2, 4, 5)]),
        (lambda: layers.LinearChainCRF(), [(2, 4, 3)]),
    ],
    ids=[
        *("gru", "peepholes", "simple", "bidirectional", "lstm", "carousel", "lstm cell"),
        *(
            "gru cell",
            "simple cell",
            "peephole cell",
            "pooling",
            "mean",
            "max",
            "last",
            "segments",
            "standardization",
        ),
        *("bahdanau", "luong", "crf"),
    ],
)
def test_numbers_of_any_type_are_cast(build, shapes):
    for dtype, (found, expected) in given_as(build, *shapes).items():
        assert [t.dtype for t in found] == [tf.float32] * len(found), dtype
        assert_close(found, expected, 0)


@pytest.mark.parametrize("dtype", ["int64", "int32", "uint8", "bool", "float64", "float16"])
def test_padding_is_looked_for_in_numbers_of_any_type(dtype):
    numbers = np.array([[[1, 0], [0, 0], [2, 1]]]).astype(dtype)
    missing = np.zeros((1, 3), bool)
    if dtype.startswith("float"):
        numbers[0, 2] = np.nan
        missing[0, 2] = True
    values, mask = PaddingMask()(tf.constant(numbers))
    assert values.dtype == tf.float32
    np.testing.assert_array_equal(mask, ~missing)
    expected = np.nan_to_num(numbers.astype("float32"), nan=0.0)
    np.testing.assert_array_equal(values, expected)


def test_states_of_any_type_are_cast():
    layer, state = layers.LSTM(UNITS), np.ones((BATCH, UNITS), "int64")
    found = layer(inputs(), initial_state=[tf.constant(state), tf.constant(state)])
    state = tf.constant(state.astype("float32"))
    assert_close([found], [layer(inputs(), initial_state=[state, state])], 0)


def test_a_model_of_whole_numbers():
    x = keras.Input((4, 2), dtype="int64")
    model = keras.Model(x, layers.GRU(UNITS)(x))
    assert model(np.ones((2, 4, 2), "int64")).dtype == tf.float32
