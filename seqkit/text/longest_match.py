"""Words cut into the pieces of a vocabulary, by TensorFlow's own operations."""

from __future__ import annotations

import tensorflow as tf

from seqkit.types import Tensor


def longest_match(
    words: Tensor, table: tf.lookup.StaticHashTable, longest: int, unknown: int
) -> tf.RaggedTensor:
    """Ids of the pieces of each word: from the left, the longest piece that the table knows.

    All characters of all words are looked at together. First the longest piece from each of them
    on is found, then which of them begin a piece.

    Args:
        words: strings (U,), valid UTF-8.
        table: piece -> id, int32; `unknown` for what is no piece.
        longest: the characters of the longest piece.
        unknown: the id of a character from which no piece begins.

    Returns:
        Ids, ragged int32 (U, None).

    Example:
        >>> pieces = tf.lookup.KeyValueTensorInitializer(
        ...     ["a", "ab", "abc", "d"], tf.constant([2, 3, 4, 5])
        ... )
        >>> table = tf.lookup.StaticHashTable(pieces, 1)
        >>> longest_match(tf.constant(["abcd", "xaba", ""]), table, 3, 1).to_list()
        [[4, 5], [1, 3, 2], []]
    """
    return _longest_match(words, table.resource_handle, longest, unknown)


# One graph for the tables of all vocabularies in a process.
@tf.function(
    input_signature=[
        tf.TensorSpec((None,), tf.string),
        tf.TensorSpec((), tf.resource),
        tf.TensorSpec((), tf.int32),
        tf.TensorSpec((), tf.int32),
    ],
    autograph=False,
)
def _longest_match(
    words: Tensor, table: Tensor, longest: Tensor, unknown: Tensor
) -> tf.RaggedTensor:
    characters = tf.strings.unicode_split(words, "UTF-8")  # (U, None), N in all
    rows = tf.cast(characters.value_rowids(), tf.int32)
    ends = tf.gather(tf.cast(characters.row_splits[1:], tf.int32), rows)  # (N,)
    ids, after = _longest_from_each(characters.values, ends, table, longest, unknown)
    # A word's last piece leads to N, behind all characters.
    count = tf.size(rows)
    after = tf.concat([tf.where(after < ends, after, count), [count]], 0)  # (N + 1,)
    begun = _reached(tf.cast(characters.row_starts(), tf.int32), after)[:-1]
    return tf.RaggedTensor.from_value_rowids(
        tf.boolean_mask(ids, begun),
        tf.boolean_mask(characters.value_rowids(), begun),
        nrows=characters.nrows(),
        validate=False,
    )


def _longest_from_each(
    characters: Tensor,
    ends: Tensor,
    table: Tensor,
    longest: Tensor,
    unknown: Tensor,
) -> tuple[Tensor, Tensor]:
    """The longest piece from each character (N,) on: its id, and the index behind it, (N,) each.

    One turn for each length. The substrings of the characters whose word goes on grow by one.
    """
    indices = tf.range(tf.size(characters))

    def turn(
        length: Tensor, at: Tensor, substrings: Tensor, ids: Tensor, after: Tensor
    ) -> tuple[Tensor, ...]:
        # (K,), K of the N go on
        found_ids = tf.raw_ops.LookupTableFindV2(
            table_handle=table, keys=substrings, default_value=unknown
        )
        found_ids = tf.ensure_shape(found_ids, [None])
        known = found_ids != unknown
        hits = tf.boolean_mask(at, known)
        ids = tf.tensor_scatter_nd_update(ids, hits[:, None], tf.boolean_mask(found_ids, known))
        after = tf.tensor_scatter_nd_update(after, hits[:, None], hits + length)
        on = at + length < tf.gather(ends, at)
        at = tf.boolean_mask(at, on)
        following = tf.gather(characters, at + length)
        substrings = tf.strings.join([tf.boolean_mask(substrings, on), following])
        return length + 1, at, substrings, ids, after

    *_, ids, after = tf.while_loop(
        lambda length, at, *_: (length <= longest) & (tf.size(at) > 0),
        turn,
        (tf.constant(1), indices, characters, tf.fill(tf.shape(indices), unknown), indices + 1),
        shape_invariants=(
            tf.TensorShape([]),
            *([tf.TensorShape([None])] * 4),
        ),
    )
    return ids, after


def _reached(begins: Tensor, after: Tensor) -> Tensor:
    """Marks the indices reached from `begins` by following `after` (N + 1,), bool (N + 1,).

    Each turn doubles the steps that are followed at once, so that a word of a thousand characters
    takes ten turns. N itself, the end, leads to itself.
    """
    end = tf.size(after) - 1
    reached = tf.scatter_nd(begins[:, None], tf.ones_like(begins), tf.shape(after)) > 0

    def turn(reached: Tensor, after: Tensor) -> tuple[Tensor, Tensor]:
        targets = tf.boolean_mask(after, reached)
        reached = tf.tensor_scatter_nd_update(
            reached, targets[:, None], tf.ones_like(targets, tf.bool)
        )
        return reached, tf.gather(after, after)

    reached, _ = tf.while_loop(lambda _, after: tf.reduce_any(after < end), turn, (reached, after))
    return reached
