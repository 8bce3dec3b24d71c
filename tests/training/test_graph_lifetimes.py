"""What a training leaves behind in the process."""

from __future__ import annotations

import gc

import keras
import numpy as np
import pytest
import tensorflow as tf
from tensorflow.python.framework.func_graph import FuncGraph

import seqkit
from seqkit.training.programs.graph_lifetimes import tie_gradients_to_graphs
from tests.conformance.estimators import data, kinds, outputs


def graphs_alive() -> int:
    gc.collect()
    return sum(isinstance(o, FuncGraph) for o in gc.get_objects())


@pytest.mark.always
@kinds("classifier", slow=("regressor", "text", "crf_tagger", "translator", "forecaster"))
def test_a_discarded_estimator_leaves_no_graph(kind):
    X, y = data(kind)

    def fit_and_discard():
        model = kind.new(epochs=1).fit(X, y)
        outputs(model, X)
        if not kind.of_samples:
            model.predict_quantiles()
        return graphs_alive()

    fit_and_discard()  # the compiled functions are shared, and stay
    assert fit_and_discard() == fit_and_discard()


def test_a_living_graph_keeps_its_gradients():
    """A function traced before gives the same gradients, first and second, afterwards."""
    layer = seqkit.layers.GRU(3)
    layer.build((None, 4, 2))
    x = tf.constant(np.random.default_rng(0).normal(size=(2, 4, 2)).astype("float32"))

    @tf.function
    def loss(x):
        with tf.GradientTape() as tape:
            tape.watch(x)
            value = tf.reduce_sum(layer(x) ** 2)
        return tf.reduce_sum(tape.gradient(value, x) ** 2)

    def gradient(function):
        with tf.GradientTape() as tape:
            tape.watch(x)
            value = function(x)
        return tape.gradient(value, x).numpy()

    loss.get_concrete_function(x)
    tie_gradients_to_graphs()
    gc.collect()
    found = gradient(loss)  # traced now, with the gradients that were tied
    tie_gradients_to_graphs()
    np.testing.assert_array_equal(gradient(loss), found)
    np.testing.assert_allclose(found, gradient(loss.python_function), rtol=1e-4, atol=1e-6)


def test_a_keras_model_goes_on_training():
    model = keras.Sequential([seqkit.layers.GRU(3), keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    x, y = np.ones((4, 5, 2), "float32"), np.ones((4, 1), "float32")
    model.fit(x, y, verbose=0)
    tie_gradients_to_graphs()
    before = model.evaluate(x, y, verbose=0)
    model.fit(x, y, epochs=3, verbose=0)
    model.fit(x[:, :3], y, epochs=3, verbose=0)  # another length is traced
    assert model.evaluate(x, y, verbose=0) < before
