"""The end token behind sequences of ids: in numpy for training, in the graph for serving."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import tensorflow as tf

from seqkit.text.reserved_ids import PADDING
from seqkit.types import Tensor


def ended(rows: Iterable[np.ndarray], end_id: int) -> list[np.ndarray]:
    """Each sequence of ids (T_i,), with its end: (T_i + 1,), int32.

    Example:
        >>> [row.tolist() for row in ended([np.array([5, 6], np.int32)], 9)]
        [[5, 6, 9]]
    """
    end = np.array([end_id], np.int32)
    return [np.concatenate([row, end]) for row in rows]


def ended_in_graph(ids: Tensor, end_id: int) -> Tensor:
    """Padded ids (B, T), each row with its end behind its last token: (B, T + 1).

    Example:
        >>> ended_in_graph(tf.constant([[5, 6], [7, 0]]), 9).numpy().tolist()
        [[5, 6, 9], [7, 9, 0]]
    """
    lengths = tf.math.count_nonzero(ids != PADDING, 1, dtype=tf.int32)
    at_end = tf.range(tf.shape(ids)[1] + 1)[None] == lengths[:, None]
    ids = tf.pad(ids, [[0, 0], [0, 1]], constant_values=PADDING)
    return tf.where(at_end, end_id, ids)
