"""Weights of samples and of their steps, in a graph that is for both."""

from __future__ import annotations

import numpy as np
import tensorflow as tf

from seqkit.models.sample_weights import over_steps


def test_where_a_graph_does_not_know_which_they_are():
    any_shape = tf.function(over_steps, input_signature=[tf.TensorSpec(None)])
    of_samples, of_steps = np.arange(3, dtype="float32"), np.ones((3, 4), "float32")
    for found in (over_steps, any_shape):
        np.testing.assert_array_equal(found(tf.constant(of_samples)), of_samples[:, None])
        np.testing.assert_array_equal(found(tf.constant(of_steps)), of_steps)
        assert found(tf.zeros([0])).shape == (0, 1)
        assert found(tf.zeros([0, 4])).shape == (0, 4)
