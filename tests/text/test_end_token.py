"""The end behind sequences of ids, in numpy and in the graph."""

import numpy as np
import tensorflow as tf

from seqkit.text.end_token import ended, ended_in_graph
from seqkit.training.bucketing import pad


def test_both_ways_give_the_same():
    rows = [np.array(r, np.int32) for r in ([5, 6, 7], [8], [])]
    found = ended(rows, 9)
    assert [r.tolist() for r in found] == [[5, 6, 7, 9], [8, 9], [9]]
    assert {r.dtype for r in found} == {np.dtype("int32")}
    graph = tf.function(lambda ids: ended_in_graph(ids, 9))
    np.testing.assert_array_equal(graph(tf.constant(pad(rows, 3, 3))), pad(found, 4, 3))
