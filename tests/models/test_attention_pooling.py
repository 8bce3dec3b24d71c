"""Attention pooling against its equations in numpy, and as Keras users use it."""

from __future__ import annotations

import keras
import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import softmax

from seqkit.models.attention_pooling import AttentionPooling

BATCH, STEPS, FEATURES = 4, 6, 3
LENGTHS = [6, 4, 1, 0]
MASK = np.arange(STEPS) < np.array(LENGTHS)[:, None]
SEEDED = {
    f"{name}_initializer": keras.initializers.RandomNormal(stddev=1.0, seed=k)
    for k, name in enumerate(("kernel", "bias", "query"))
}


def random(*shape: int) -> np.ndarray:
    return np.random.default_rng(0).normal(size=shape).astype("float32")


def expected_of(layer: AttentionPooling, h: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Equations 5 to 7 for one sequence (T, H) without padding."""
    u = np.tanh(h @ layer.kernel.numpy() + layer.bias.numpy())
    alpha = softmax(u @ layer.query.numpy())
    return alpha @ h, alpha


@pytest.mark.parametrize("units", [None, 5])
def test_equations(units):
    h, layer = random(BATCH, STEPS, FEATURES), AttentionPooling(units, **SEEDED)
    s, alpha = layer(h, mask=MASK, return_attention_scores=True)
    assert layer.kernel.shape == (FEATURES, units or FEATURES)
    for row, n, found, weights in zip(h, LENGTHS, s, alpha, strict=True):
        if n:
            vector, share = expected_of(layer, row[:n])
            np.testing.assert_allclose(found, vector, rtol=1e-5)
            np.testing.assert_allclose(weights[:n], share, rtol=1e-5)
        assert not weights[n:].numpy().any()
    np.testing.assert_array_equal(s[-1], np.zeros(FEATURES))


def test_without_a_mask_all_steps_count():
    h, layer = random(BATCH, STEPS, FEATURES), AttentionPooling(**SEEDED)
    np.testing.assert_allclose(layer(h), [expected_of(layer, row)[0] for row in h], rtol=1e-5)
    np.testing.assert_array_equal(layer(h), layer(h, mask=np.ones((BATCH, STEPS), bool)))


numbers = st.one_of(st.floats(-1e6, 1e6, width=32), st.just(np.nan), st.just(np.inf))


@settings(max_examples=20, derandomize=True)
@given(padding=numbers, extra=st.integers(0, 3), order=st.permutations(range(BATCH)))
def test_padding_and_the_order_of_a_batch_never_change_a_result(padding, extra, order):
    h, layer = random(BATCH, STEPS, FEATURES), AttentionPooling(**SEEDED)
    padded = np.full((BATCH, STEPS + extra, FEATURES), padding, "float32")
    padded[:, :STEPS] = np.where(MASK[:, :, None], h, padding)
    mask = np.pad(MASK, ((0, 0), (0, extra)))
    expected = tf.gather(layer(h, mask=MASK), order)
    np.testing.assert_allclose(layer(padded[order], mask=mask[order]), expected, atol=1e-6)


@pytest.mark.parametrize("policy", ["float32", "mixed_float16", "mixed_bfloat16", "float64"])
def test_precision(policy):
    h = random(2, 500, FEATURES)
    layer = AttentionPooling(**SEEDED, dtype=policy)
    s, alpha = layer(h, return_attention_scores=True)
    assert s.dtype == alpha.dtype == layer.compute_dtype
    expected = np.array([expected_of(layer, row)[0] for row in h])
    tolerance = {"float32": 1e-5, "float64": 1e-12}.get(policy, 5e-2)
    np.testing.assert_allclose(tf.cast(s, "float64"), expected, atol=tolerance)


def test_gradient_is_finite_with_an_empty_row():
    h, layer = random(BATCH, STEPS, FEATURES), AttentionPooling(**SEEDED)
    h = tf.constant(np.where(MASK[:, :, None], h, np.nan))
    with tf.GradientTape() as tape:
        tape.watch(h)
        loss = tf.reduce_sum(layer(h, mask=MASK) ** 2)
    gradients = tape.gradient(loss, [h, *layer.trainable_variables])
    assert all(np.isfinite(g).all() for g in gradients)
    assert not gradients[0].numpy()[~MASK].any()


def test_weights_as_an_output_of_a_model():
    inputs = keras.Input((None, FEATURES))
    layer = AttentionPooling(**SEEDED)
    model = keras.Model(inputs, layer(inputs, return_attention_scores=True))
    assert model.output_shape == [(None, FEATURES), (None, None)]
    h = random(BATCH, STEPS, FEATURES)
    for found, expected in zip(model(h), layer(h, return_attention_scores=True), strict=True):
        np.testing.assert_allclose(found, expected, rtol=1e-6)


def test_seeds_decide_the_weights_and_the_config_keeps_them():
    layer = AttentionPooling(5, **SEEDED)
    twin = AttentionPooling.from_config(layer.get_config())
    assert twin.get_config() == layer.get_config()
    h = random(BATCH, STEPS, FEATURES)
    np.testing.assert_array_equal(layer(h), twin(h))


def test_a_saved_model_is_loaded_without_custom_objects(tmp_path):
    ids = np.array([[1, 2, 3, 0], [2, 0, 0, 0]])
    inputs = keras.Input((None,), dtype="int32")
    h = keras.layers.Embedding(4, FEATURES, mask_zero=True)(inputs)
    model = keras.Model(inputs, AttentionPooling()(h))
    assert model.output_shape == (None, FEATURES)
    model.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras")
    np.testing.assert_allclose(loaded(ids), model(ids), rtol=1e-6)
    np.testing.assert_allclose(model(ids[:1, :3]), model(ids)[:1], rtol=1e-6)  # Keras's own mask


def test_of_sentences_of_words():
    """As in the paper: words to a sentence, in each of the sentences of a document."""
    x = random(2, 5, STEPS, FEATURES)
    layer = AttentionPooling(**SEEDED)
    found = keras.layers.TimeDistributed(layer)(x)
    np.testing.assert_allclose(found[1], layer(x[1]), rtol=1e-5)


def test_wrong_arguments():
    with pytest.raises(ValueError, match="units must be at least 1, or None .* got 0"):
        AttentionPooling(0)
    with pytest.raises(ValueError, match=r"\(batch, steps, features\), got \(2, 3\)"):
        AttentionPooling()(random(2, 3))
