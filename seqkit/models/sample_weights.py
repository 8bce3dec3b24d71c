"""Weights of samples, or of their steps."""

from __future__ import annotations

import tensorflow as tf

from seqkit.types import Tensor


def over_steps(weights: Tensor) -> Tensor:
    """Weights (B,) as (B, 1), those of steps (B, T) as they are.

    Also where a graph does not know which they are: Keras traces one for both, once a model has
    been trained with the one and with the other.

    Example:
        >>> over_steps(tf.constant([1.0, 2.0])).shape, over_steps(tf.ones([2, 3])).shape
        (TensorShape([2, 1]), TensorShape([2, 3]))
    """
    if weights.shape.rank is not None:
        return weights if weights.shape.rank == 2 else weights[:, None]
    shape = tf.concat([tf.shape(weights), [1]], 0)[:2]
    return tf.ensure_shape(tf.reshape(weights, shape), [None, None])
