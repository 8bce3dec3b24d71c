"""Weights of attention pooling against the layer's own, and pictures of attention."""

import keras
import numpy as np
import pytest

import seqkit
from seqkit.inspection import attention_weights, plot_attention
from seqkit.models import AttentionPooling


def pooled_model():
    inputs = keras.Input((None, 2))
    masked = keras.layers.Masking(9.0)(inputs)
    return keras.Model(inputs, keras.layers.Dense(1)(AttentionPooling(name="pool")(masked)))


def test_they_are_the_layers_own_and_nan_at_padding():
    model = pooled_model()
    x = np.random.default_rng(0).normal(size=(2, 4, 2)).astype("float32")
    x[1, 2:] = 9.0
    mask = np.array([[True] * 4, [True, True, False, False]])
    _, expected = model.get_layer("pool")(x, mask=mask, return_attention_scores=True)
    found = attention_weights(model, x)["pool"]
    np.testing.assert_allclose(found[mask], np.asarray(expected)[mask], rtol=1e-6)
    assert np.isnan(found[~mask]).all()
    np.testing.assert_allclose(np.nansum(found, 1), 1, rtol=1e-5)
    assert "call" not in model.get_layer("pool").__dict__


def test_of_an_ensemble_each_member_has_its_own():
    X, y = np.random.default_rng(0).normal(size=(8, 5, 1)), np.arange(8) % 2
    options = {"units": 4, "epochs": 1, "pooling": "attention", "ensemble_size": 2}
    found = attention_weights(seqkit.SequenceClassifier("gru", **options).fit(X, y), X)
    one, two = found.values()
    assert len(found) == 2
    assert not np.allclose(one, two)


@pytest.mark.parametrize(
    ("model", "error", "message"),
    [
        (keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)]), ValueError, "has none"),
        ("model", TypeError, "got str"),
    ],
    ids=["no_attention", "no_model"],
)
def test_models_without_attention_pooling(model, error, message):
    with pytest.raises(error, match=message):
        attention_weights(model, np.zeros((1, 2)))


def test_a_picture_has_the_names_of_tokens():
    axes = plot_attention(np.eye(2), ["a", "b"], ["x", "y"])
    assert [t.get_text() for t in axes.get_xticklabels()] == ["a", "b"]
    assert [t.get_text() for t in axes.get_yticklabels()] == ["x", "y"]


@pytest.mark.parametrize(
    ("weights", "steps", "message"),
    [(np.zeros((1, 1, 1)), None, r"\(S,\) or \(T, S\)"), (np.zeros(2), ["a"] * 3, "steps must be")],
    ids=["rank", "names"],
)
def test_bad_weights(weights, steps, message):
    with pytest.raises(ValueError, match=message):
        plot_attention(weights, steps)
