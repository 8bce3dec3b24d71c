"""The table by which a graph looks up the ids of a vocabulary's tokens."""

from __future__ import annotations

from collections.abc import Sequence

import tensorflow as tf

from seqkit.text.reserved_ids import RESERVED, UNKNOWN


def token_table(vocabulary: Sequence[str]) -> tf.lookup.StaticHashTable:
    """From tokens, as strings, to their ids, int32; outside of any graph, so that all may use it.

    Example:
        >>> token_table(["good", "film"]).lookup(tf.constant(["film", "book"])).numpy().tolist()
        [3, 1]
    """
    with tf.init_scope():
        # A table cannot be empty. No token is "".
        pairs = tf.lookup.KeyValueTensorInitializer(
            ["", *vocabulary],
            [UNKNOWN, *range(RESERVED, RESERVED + len(vocabulary))],
            tf.string,
            tf.int32,
        )
        return tf.lookup.StaticHashTable(pairs, default_value=UNKNOWN)
