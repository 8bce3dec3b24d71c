"""Sequences of ids as one tensor, in the graph."""

from __future__ import annotations

import tensorflow as tf

from seqkit.text.reserved_ids import PADDING
from seqkit.types import Tensor


def padded(ids: tf.RaggedTensor) -> Tensor:
    """Ragged ids (n, None, ...) as a batch (n, T, ...), at least one step long should all be empty.

    Example:
        >>> padded(tf.ragged.constant([[5, 6], []], tf.int32)).numpy().tolist()
        [[5, 6], [0, 0]]
        >>> padded(tf.ragged.constant([[]], tf.int32, ragged_rank=1)).numpy().tolist()
        [[0]]
    """
    longest = tf.maximum(tf.cast(ids.bounding_shape(axis=1), tf.int32), 1)
    rows = tf.cast(ids.nrows(), tf.int32)
    return ids.to_tensor(PADDING, shape=[rows, longest, *ids.shape[2:]])
