"""The few largest of many values.

`tf.math.top_k` looks at each value with care. Most can be left out at a glance: of values in
blocks, the k largest are in the k blocks of the largest maxima.
"""

from __future__ import annotations

import math

import tensorflow as tf

from seqkit.types import Tensor


def largest(values: Tensor, k: int) -> tuple[Tensor, Tensor]:
    """`tf.math.top_k(values, k)`, faster for few of many.

    Args:
        values: (B, J, V), floats, V known when a graph is made, or it is not faster.
        k: how many; all, if there are fewer.

    Returns:
        The values, largest first, and their places among V, each (B, J, min(k, V)). Of equals the
        first is taken.
    """
    number = values.shape[2]
    if number is None:
        return tf.math.top_k(values, tf.minimum(k, tf.shape(values)[2]))
    size = _block_size(number, k)
    if size == 1:
        return tf.math.top_k(values, min(k, number))
    shape = tf.shape(values)
    blocks = -(-number // size)
    if number % size:
        fill = [[0, 0], [0, 0], [0, blocks * size - number]]
        values = tf.pad(values, fill, constant_values=float("-inf"))
    values = tf.reshape(values, [shape[0], shape[1], blocks, size])
    _, chosen = tf.math.top_k(tf.reduce_max(values, 3), k)  # (B, J, k)
    chosen = tf.sort(chosen, axis=2)  # as they stand in V, for the order of equals
    candidates = tf.gather(values, chosen, batch_dims=2)  # (B, J, k, size)
    top, at = tf.math.top_k(tf.reshape(candidates, [shape[0], shape[1], k * size]), k)
    return top, tf.gather(chosen, at // size, batch_dims=2) * size + at % size


def _block_size(number: int, k: int) -> int:
    """A power of 2 that balances the number of blocks with that of values in k of them.

    1 where blocks do not pay.
    """
    size = 2 ** round(math.log2(number / k) / 2) if number > k else 1
    return size if k > 1 and size >= 8 else 1
