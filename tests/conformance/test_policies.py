"""Precision: each estimator computes in that of its fit, wherever it is read again."""

from __future__ import annotations

import pickle

import keras
import numpy as np
import pytest
import tensorflow as tf

import seqkit
from tests.conformance.estimators import (
    assert_same,
    data,
    every_kind,
    fitted,
    kinds,
    named,
    outputs,
)


@pytest.fixture(autouse=True)
def put_back():
    floatx, policy = keras.config.floatx(), keras.config.dtype_policy()
    yield
    keras.config.set_floatx(floatx)
    keras.config.set_dtype_policy(policy)


def double(*, layers: bool = True) -> None:
    """What `set_floatx` does in a new process; later the layers stay as they are."""
    keras.config.set_floatx("float64")
    if layers:
        keras.config.set_dtype_policy("float64")


def single() -> None:
    keras.config.set_floatx("float32")
    keras.config.set_dtype_policy("float32")


def served(model, X, folder):
    """What an export says of the first sequence, or series, of X."""
    function = tf.saved_model.load(model.export(folder)).signatures["serving_default"]
    if isinstance(model, seqkit.Seq2SeqForecaster):
        return function(history=tf.constant(X.to_numpy("float32").T[:1, :, None]))["forecast"]
    text = X[0] if isinstance(X[0], str) else " ".join(X[0]) if isinstance(X[0], list) else None
    given = tf.constant(X[0][None], tf.float32) if text is None else tf.constant([text])
    answers = function(inputs=given)
    return answers[next(k for k in ("probabilities", "values", "scores") if k in answers)]


def of_first(model, X):
    if isinstance(model, seqkit.Seq2SeqForecaster):
        return outputs(model, X).T[:1]
    return outputs(model, X[:1])


def from_file(model, folder):
    path = model.save(folder / "model")
    single()
    return seqkit.load(path)


def from_pickle(model, folder):
    pickled = pickle.dumps(model)
    single()
    return pickle.loads(pickled)


@kinds(
    "classifier",
    "tagger",
    "forecaster",
    slow=["regressor", "text", "crf_tagger", "numeric_tagger", "translator"],
)
def test_double_precision(kind, tmp_path):
    double()
    X, y = data(kind)
    model = kind.new(epochs=1).fit(X, y)
    assert {w.dtype for w in model.model_.trainable_weights} >= {"float64"}
    found = np.ravel(of_first(model, X))
    assert np.isfinite(found).all()
    # The heads are of float32.
    np.testing.assert_allclose(np.ravel(served(model, X, tmp_path)), found, rtol=1e-4, atol=1e-5)
    expected = outputs(model, X)
    assert_same(from_pickle(model, tmp_path), expected, X)


@every_kind
def test_single_precision_is_read_where_double_is_set(kind, tmp_path):
    X, _ = data(kind)
    expected = outputs(fitted(kind), X)
    path = fitted(kind).save(tmp_path / "model")
    double()
    assert_same(seqkit.load(path), expected, X)


@kinds("classifier", "forecaster")
def test_double_precision_that_layers_do_not_follow(kind, tmp_path):
    """As where a layer was made before."""
    double(layers=False)
    X, y = data(kind)
    model = kind.new(epochs=1).fit(X, y)
    found = np.ravel(of_first(model, X))
    np.testing.assert_allclose(np.ravel(served(model, X, tmp_path)), found, rtol=1e-4, atol=1e-5)


@kinds(
    "classifier",
    "tagger",
    "forecaster",
    slow=["regressor", "text", "crf_tagger", "numeric_tagger", "translator"],
)
def test_mixed_precision_is_kept(kind, tmp_path):
    keras.config.set_dtype_policy("mixed_float16")
    X, y = data(kind)
    model = kind.new(epochs=1).fit(X, y)
    expected = outputs(model, X)
    assert np.isfinite(expected).all()
    assert_same(from_file(model, tmp_path), expected, X)


def test_bfloat16_is_kept_and_trained_on(tmp_path):
    kind = named("classifier")
    keras.config.set_dtype_policy("mixed_bfloat16")
    X, y = data(kind)
    model = kind.new(warm_start=True).fit(X, y)
    expected = outputs(model, X)
    again = from_file(model, tmp_path)
    assert_same(again, expected, X)
    assert_same(again.fit(X, y), model.fit(X, y), X)
    assert again.model_.get_layer("bidirectional_1").compute_dtype == "bfloat16"


def test_features_beyond_half_precision_are_scaled_first():
    """float16 ends at 65504."""
    kind = named("classifier")
    keras.config.set_dtype_policy("mixed_float16")
    X, y = data(kind)
    model = kind.new().fit([1e6 * x for x in X], y)
    assert np.isfinite(model.predict_proba([1e6 * x for x in X])).all()


def test_a_policy_that_is_no_precision_is_refused():
    keras.config.set_dtype_policy("int8_from_float32")
    kind = named("classifier")
    with pytest.raises(ValueError, match="policy of Keras must be one of float32.*int8_from"):
        kind.new().fit(*data(kind))
