"""Bahdanau's and Luong's attention against their equations in numpy, and against Keras's layers."""

from __future__ import annotations

import keras
import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import softmax

from seqkit.layers import BahdanauAttention, LuongAttention

BATCH, QUERIES, ENTRIES, SIZE, UNITS = 4, 3, 5, 6, 7
LENGTHS = [5, 3, 1, 0]
MASK = np.arange(ENTRIES) < np.array(LENGTHS)[:, None]
KINDS = {
    "bahdanau": lambda **o: BahdanauAttention(UNITS, **o),
    "bahdanau_bias": lambda **o: BahdanauAttention(UNITS, use_bias=True, **o),
    "dot": lambda **o: LuongAttention("dot", **o),
    "general": lambda **o: LuongAttention(**o),
    "concat": lambda **o: LuongAttention("concat", **o),
    "concat_units": lambda **o: LuongAttention("concat", UNITS, **o),
}
every_kind = pytest.mark.parametrize("kind", KINDS)


def new(kind, **options):
    seeded = keras.initializers.RandomNormal(stddev=1.0, seed=1)
    return KINDS[kind](kernel_initializer=seeded, **options)


def data(kind: str) -> tuple[np.ndarray, np.ndarray]:
    """Queries (B, T, Q) and memory (B, S, M), of different sizes where that is allowed."""
    rng = np.random.default_rng(0)
    memory = SIZE if kind == "dot" else SIZE + 2
    return rng.normal(size=(BATCH, QUERIES, SIZE)), rng.normal(size=(BATCH, ENTRIES, memory))


def built(kind, **options):
    """A layer with weights, none of them zero."""
    layer = new(kind, **options)
    layer(*data(kind))
    for k, weight in enumerate(layer.weights):
        weight.assign(np.random.default_rng(k).normal(size=weight.shape))
    return layer


def score(kind: str, weights: dict, q: np.ndarray, m: np.ndarray) -> float:
    """The papers' equation for one query (Q,) and one entry (M,)."""
    if kind == "dot":
        return q @ m
    if kind == "general":
        return m @ weights["kernel"] @ q
    if kind.startswith("concat"):
        return weights["v"] @ np.tanh(np.concatenate([q, m]) @ weights["kernel"])
    a = q @ weights["query_kernel"] + m @ weights["memory_kernel"] + weights.get("bias", 0.0)
    return weights["v"] @ np.tanh(a)


@every_kind
def test_equations(kind):
    (q, m), layer = data(kind), built(kind, dtype="float64")
    weights = {w.name: w.numpy() for w in layer.weights}
    context, alpha = layer(q, m, mask=MASK)
    for b, n in enumerate(LENGTHS):
        assert not alpha.numpy()[b, :, n:].any()
        for t in range(QUERIES if n else 0):
            share = softmax([score(kind, weights, q[b, t], m[b, s]) for s in range(n)])
            np.testing.assert_allclose(alpha[b, t, :n], share, rtol=1e-10)
            np.testing.assert_allclose(context[b, t], share @ m[b, :n], rtol=1e-10)
    assert not context.numpy()[-1].any()
    assert not alpha.numpy()[-1].any()


def plainly(kind, layer, q, m, mask):
    """The equations in TensorFlow, one entry at a time, for autodiff."""
    rows = []
    for t in range(QUERIES):
        scores = []
        for s in range(ENTRIES):
            if kind == "dot":
                scores.append(tf.einsum("bi,bi->b", q[:, t], m[:, s]))
            elif kind == "general":
                scores.append(tf.einsum("bi,ij,bj->b", m[:, s], layer.kernel, q[:, t]))
            elif kind.startswith("concat"):
                both = tf.concat([q[:, t], m[:, s]], -1)
                scores.append(tf.einsum("bu,u->b", tf.tanh(both @ layer.kernel), layer.v))
            else:
                a = q[:, t] @ layer.query_kernel + m[:, s] @ layer.memory_kernel
                a = a if layer.bias is None else a + layer.bias
                scores.append(tf.einsum("bu,u->b", tf.tanh(a), layer.v))
        e = tf.exp(tf.stack(scores, 1)) * tf.cast(mask, q.dtype)
        alpha = tf.math.divide_no_nan(e, tf.reduce_sum(e, 1, keepdims=True))
        rows.append(tf.einsum("bs,bsi->bi", alpha, m))
    return tf.stack(rows, 1)


@every_kind
def test_gradients_are_those_of_the_equations(kind):
    (q, m), layer = map(tf.constant, data(kind)), built(kind, dtype="float64")
    direction = np.random.default_rng(9).normal(size=(BATCH, QUERIES, m.shape[-1]))
    found = []
    for context_of in (lambda: layer(q, m, mask=MASK)[0], lambda: plainly(kind, layer, q, m, MASK)):
        with tf.GradientTape() as tape:
            tape.watch([q, m])
            loss = tf.reduce_sum(context_of() * direction)
        found.append(tape.gradient(loss, [q, m, *[w.value for w in layer.weights]]))
    for gradient, expected in zip(*found, strict=True):
        np.testing.assert_allclose(gradient, expected, rtol=1e-8, atol=1e-10)
    assert not found[0][1].numpy()[~MASK].any()


def test_dot_is_keras_attention():
    (q, m), layer = data("dot"), built("dot")
    context, alpha = layer(q, m, mask=MASK)
    expected = keras.layers.Attention()(
        [q, m], mask=[None, tf.constant(MASK)], return_attention_scores=True
    )
    for found, oracle in zip((context, alpha), expected, strict=True):  # Keras's empty row differs
        np.testing.assert_allclose(found[:-1], oracle[:-1], rtol=1e-5, atol=1e-6)


def test_bahdanau_is_keras_additive_attention():
    """Keras's has no projections: those of ours are put before it."""
    (q, m), layer = data("bahdanau"), built("bahdanau", dtype="float64")
    oracle = keras.layers.AdditiveAttention(dtype="float64")
    projected = [q @ layer.query_kernel.numpy(), m, m @ layer.memory_kernel.numpy()]
    oracle.build([p.shape for p in projected])
    oracle.scale.assign(layer.v)
    expected = oracle(projected, mask=[None, tf.constant(MASK)], return_attention_scores=True)
    for found, oracles in zip(layer(q, m, mask=MASK), expected, strict=True):
        np.testing.assert_allclose(found[:-1], oracles[:-1], rtol=1e-9)


@every_kind
@pytest.mark.parametrize("valid", [[0, 0, 1, 1, 1], [1, 0, 1, 1, 0], [0, 1, 1, 0, 1]], ids=str)
def test_padding_may_be_anywhere(kind, valid):
    """Weights and context are those of the valid entries alone."""
    (q, m), layer = data(kind), built(kind)
    found = np.flatnonzero(valid)
    mask = np.repeat(np.array([valid], bool), BATCH, 0)
    spread = np.full(m.shape, 100.0)
    spread[:, found] = m[:, : len(found)]
    context, alpha = layer(q, spread, mask=mask)
    expected, weights = layer(q, m[:, : len(found)])
    np.testing.assert_allclose(context, expected, atol=1e-6)
    np.testing.assert_allclose(alpha.numpy()[..., found], weights, atol=1e-6)


numbers = st.floats(-1e6, 1e6, width=32)


@every_kind
@settings(max_examples=10, derandomize=True)
@given(padding=numbers, extra=st.integers(0, 3), order=st.permutations(range(BATCH)))
def test_padding_and_the_order_of_a_batch_never_change_a_result(kind, padding, extra, order):
    (q, m), layer = data(kind), built(kind)
    padded = np.full((BATCH, ENTRIES + extra, m.shape[-1]), padding, "float32")
    padded[:, :ENTRIES] = np.where(MASK[:, :, None], m, padding)
    mask = np.pad(MASK, ((0, 0), (0, extra)))
    context, alpha = layer(q, m, mask=MASK)
    found, weights = layer(q[order], padded[order], mask=mask[order])
    np.testing.assert_allclose(found, tf.gather(context, order), atol=1e-5)
    np.testing.assert_allclose(weights[..., :ENTRIES], tf.gather(alpha, order), atol=1e-5)
    assert not weights[..., ENTRIES:].numpy().any()


@every_kind
def test_without_a_mask_all_entries_count(kind):
    (q, m), layer = data(kind), built(kind)
    every = layer(q, m, mask=np.ones((BATCH, ENTRIES), bool))
    for found, expected in zip(layer(q, m), every, strict=True):
        np.testing.assert_allclose(found, expected, rtol=1e-6)
    np.testing.assert_allclose(layer(q, m)[1].numpy().sum(-1), 1, rtol=1e-5)


@every_kind
def test_keys_formed_before_give_the_same(kind):
    (q, m), layer = data(kind), built(kind)
    keys = layer.keys(tf.constant(m, "float32"))
    for t in range(QUERIES):  # as a decoder calls it, step by step
        found = layer(q[:, t : t + 1], m, mask=MASK, keys=keys)
        for one, all_at_once in zip(found, layer(q, m, mask=MASK), strict=True):
            np.testing.assert_allclose(one, all_at_once[:, t : t + 1], rtol=1e-5, atol=1e-6)


@every_kind
@pytest.mark.parametrize("policy", ["mixed_float16", "mixed_bfloat16"])
def test_half_precision(kind, policy):
    (q, m), exact = data(kind), built(kind)
    layer = built(kind, dtype=policy)
    context, alpha = layer(q, m, mask=MASK)
    assert context.dtype == alpha.dtype == layer.compute_dtype
    assert all(w.dtype == "float32" for w in layer.weights)
    expected, _ = exact(q, m, mask=MASK)
    np.testing.assert_allclose(tf.cast(context, "float32"), expected, atol=0.1)
    assert not tf.cast(context, "float32").numpy()[-1].any()


def test_many_entries_in_half_precision():
    """The weights of 5,000 equal entries are below what float16 can add up."""
    q, m = np.zeros((1, 1, 2), "float16"), np.ones((1, 5000, 2), "float16")
    context, _ = LuongAttention("dot", dtype="mixed_float16")(q, m)
    np.testing.assert_allclose(tf.cast(context, "float32"), np.ones((1, 1, 2)), atol=1e-2)


@every_kind
def test_config_keeps_the_initialisers_and_the_options(kind):
    (q, m), layer = data(kind), new(kind)
    twin = type(layer).from_config(layer.get_config())
    assert twin.get_config() == layer.get_config()
    np.testing.assert_array_equal(layer(q, m)[0], twin(q, m)[0])


@every_kind
def test_a_saved_model_is_loaded_without_custom_objects(kind, tmp_path):
    (q, m) = data(kind)
    inputs = [keras.Input((None, x.shape[-1])) for x in (q, m)]
    mask = keras.Input((None,), dtype="bool")
    model = keras.Model([*inputs, mask], new(kind)(*inputs, mask=mask))
    assert model.output_shape == [(None, None, m.shape[-1]), (None, None, None)]
    model.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras")
    for found, expected in zip(loaded([q, m, MASK]), model([q, m, MASK]), strict=True):
        np.testing.assert_array_equal(found, expected)


def test_the_mask_that_keras_hands_on_with_the_memory_is_heeded():
    ids = np.array([[1, 2, 3, 0], [2, 0, 0, 0]])
    embedding = keras.layers.Embedding(4, SIZE, mask_zero=True)
    q, layer = data("dot")[0][:2], LuongAttention("dot")
    found, weights = layer(q, embedding(ids))
    assert not weights.numpy()[1, :, 1:].any()
    inputs, query = keras.Input((None,), dtype="int32"), keras.Input((None, SIZE))
    model = keras.Model([query, inputs], layer(query, embedding(inputs))[0])
    np.testing.assert_allclose(model([q, ids]), found, rtol=1e-6)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: BahdanauAttention(0), "units must be at least 1, got 0"),
        (lambda: LuongAttention("additive"), r"score must be one of .*got 'additive'"),
        (lambda: LuongAttention("concat", 0), "units must be at least 1, got 0"),
        (
            lambda: LuongAttention("dot")(np.ones((1, 1, 2)), np.ones((1, 1, 3))),
            "one size, got 2 and 3.*general",
        ),
    ],
)
def test_wrong_arguments(make, message):
    with pytest.raises(ValueError, match=message):
        make()
