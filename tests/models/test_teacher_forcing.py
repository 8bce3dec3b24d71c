"""What a decoder reads in training."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from seqkit.models.teacher_forcing import scheduled_sampling, shifted_right


def test_arrays_and_tensors_are_shifted_alike():
    values = np.arange(12).reshape(3, 4)
    first = np.full((3, 1), 9)
    expected = [[9, 0, 1, 2], [9, 4, 5, 6], [9, 8, 9, 10]]
    assert shifted_right(values, first).tolist() == expected
    assert shifted_right(tf.constant(values), tf.constant(first)).numpy().tolist() == expected


@pytest.mark.parametrize("rate, own", [(0.0, 0), (1.0, 1), (0.25, 0.25)])
def test_a_share_is_the_models_own_prediction_of_the_step_before(rate, own):
    previous, predicted = tf.fill([500, 8], 1.0), tf.fill([500, 8], 2.0)
    found = scheduled_sampling(previous, predicted, rate, keras.random.SeedGenerator(0)).numpy()
    assert (found[:, 0] == 1).all()
    assert (found[:, 1:] == 2).mean() == pytest.approx(own, abs=0.03)


def test_no_gradient_flows_into_the_predictions():
    predicted = tf.Variable(tf.ones([2, 3]))
    with tf.GradientTape() as tape:
        mixed = scheduled_sampling(tf.zeros([2, 3]), predicted, 1.0, keras.random.SeedGenerator(0))
        total = tf.reduce_sum(mixed)
    assert tape.gradient(total, predicted) is None
