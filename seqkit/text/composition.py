"""Unicode's normal form C by TensorFlow's own operations: "e" with a combining accent is "é".

The algorithm is that of UAX #15 on the code points of all texts together: each is decomposed, marks
are put into their canonical order, and what can be composed is composed. Texts that are in this
form already, nearly all, are left alone after one look.
"""

from __future__ import annotations

import functools
import unicodedata
from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
import tensorflow as tf

from seqkit.types import Tensor

NONE = -1
# No character beyond decomposes, combines or composes.
_CANDIDATES = (*range(0xD800), *range(0xE000, 0x20000), *range(0x2F800, 0x2FA20))
_FIRST_BITS = 21  # of a code point, which is put above another one in a key
_MOST_PIECES = 4  # of a decomposed character
# Syllables of Hangul are composed by arithmetic: leading consonant, vowel, trailing consonant.
_SYLLABLE, _LEADING, _VOWEL, _TRAILING = 0xAC00, 0x1100, 0x1161, 0x11A7
_LEADINGS, _VOWELS, _TRAILINGS = 19, 21, 28


class _Table(NamedTuple):
    """Keys, ascending (K,), and their values (K, ...)."""

    keys: np.ndarray
    values: np.ndarray

    def look_up(self, queries: Tensor, default: Tensor | int) -> Tensor:
        """The value of each query (N,), or the default."""
        at = tf.minimum(tf.searchsorted(self.keys, queries), len(self.keys) - 1)
        known = tf.gather(self.keys, at) == queries
        values = tf.gather(self.values, at)
        return tf.where(known if values.shape.rank == 1 else known[:, None], values, default)


class _Tables(NamedTuple):
    """Properties of characters, as Python's own version of Unicode has them.

    Attributes:
        may_change: a pattern of the texts that may not be in normal form C.
        pieces: from a character to those that it decomposes into, (4,), NONE behind them.
        classes: from a mark to its combining class, which is above 0.
        pairs: from two characters, the first one's bits above the second one's, to one.
    """

    may_change: str
    pieces: _Table
    classes: _Table
    pairs: _Table


@functools.cache
def _tables() -> _Tables:
    pieces: dict[int, list[int]] = {}
    classes: dict[int, int] = {}
    pairs: dict[int, int] = {}
    changed, seconds = set[int](), set[int]()
    for point in _CANDIDATES:
        character = chr(point)
        if unicodedata.combining(character):
            classes[point] = unicodedata.combining(character)
        parts = unicodedata.decomposition(character)
        if not parts or parts.startswith("<"):  # of compatibility alone
            continue
        full = [ord(c) for c in unicodedata.normalize("NFD", character)]
        pieces[point] = full + [NONE] * (_MOST_PIECES - len(full))
        if unicodedata.normalize("NFC", character) != character:
            changed.add(point)
            continue
        first, second = (int(part, 16) for part in parts.split())
        pairs[first << _FIRST_BITS | second] = point
        seconds.add(second)
    jamo = {*range(_VOWEL, _VOWEL + _VOWELS), *range(_TRAILING + 1, _TRAILING + _TRAILINGS)}
    may_change = rf"(?s:.*(?:{_one_of(changed | seconds | jamo)}|{_one_of(classes)}{{2}}).*)"
    return _Tables(may_change, *(_table(mapping) for mapping in (pieces, classes, pairs)))


def _table(mapping: dict) -> _Table:
    keys = sorted(mapping)
    return _Table(np.array(keys, np.int64), np.array([mapping[key] for key in keys], np.int32))


def _one_of(points: Iterable[int]) -> str:
    """A pattern of one of these characters."""
    ranges: list[list[int]] = []
    for point in sorted(points):
        if ranges and ranges[-1][1] == point - 1:
            ranges[-1][1] = point
        else:
            ranges.append([point, point])
    return "[" + "".join(rf"\x{{{low:x}}}-\x{{{high:x}}}" for low, high in ranges) + "]"


@tf.function(input_signature=[tf.TensorSpec((None,), tf.string)], autograph=False)
def composed(texts: Tensor) -> Tensor:
    """Texts (n,), valid UTF-8, in normal form C.

    Example:
        >>> text = composed(tf.constant(["e\\u0301te\\u0301"])).numpy()[0].decode()
        >>> text, len(text)
        ('été', 3)
    """
    may_change = tf.strings.regex_full_match(texts, _tables().may_change)
    rows = tf.where(may_change)

    def changed() -> Tensor:
        some = tf.boolean_mask(texts, may_change)
        return tf.tensor_scatter_nd_update(texts, rows, _composed(some))

    return tf.cond(tf.size(rows) > 0, changed, lambda: texts)


def _composed(texts: Tensor) -> Tensor:
    """Texts (n,), n > 0 and none of them empty, in normal form C."""
    points = tf.strings.unicode_decode(texts, "UTF-8")
    flat, rows = _decomposed(points.values, points.value_rowids())
    flat = _ordered(flat, rows)
    flat, rows = _beside(flat, rows)
    flat, rows = _across(flat, rows)
    count = points.nrows()
    return tf.strings.unicode_encode(
        tf.RaggedTensor.from_value_rowids(flat, rows, count, validate=False), "UTF-8"
    )


def _decomposed(points: Tensor, rows: Tensor) -> tuple[Tensor, Tensor]:
    """All characters decomposed but the syllables of Hangul, and their rows."""
    alone = tf.pad(points[:, None], [[0, 0], [0, _MOST_PIECES - 1]], constant_values=NONE)
    pieces = _tables().pieces.look_up(tf.cast(points, tf.int64), alone)  # (N, 4)
    exists = pieces != NONE
    rows = tf.repeat(rows[:, None], _MOST_PIECES, axis=1)
    return tf.boolean_mask(pieces, exists), tf.boolean_mask(rows, exists)


def _classes(points: Tensor) -> Tensor:
    """Combining classes (N,), 0 for what is no mark."""
    return _tables().classes.look_up(tf.cast(points, tf.int64), 0)


def _begins(values: Tensor) -> Tensor:
    """Where runs of equal values (N,) begin, boolean."""
    return tf.concat([[True], values[1:] != values[:-1]], 0)


def _ordered(points: Tensor, rows: Tensor) -> Tensor:
    """Characters whose marks, behind what they are on, are ascending by their class."""
    classes = _classes(points)
    segment = tf.cumsum(tf.cast((classes == 0) | _begins(rows), tf.int64))
    key = segment * 256 + tf.cast(classes, tf.int64)
    return tf.gather(points, tf.argsort(key, stable=True))


def _pairs(first: Tensor, second: Tensor) -> Tensor:
    """The character that each two (N,) compose, or NONE."""
    key = tf.bitwise.left_shift(tf.cast(first, tf.int64), tf.constant(_FIRST_BITS, tf.int64))
    made = _tables().pairs.look_up(key + tf.cast(second, tf.int64), NONE)
    leading, vowel = first - _LEADING, second - _VOWEL
    open_syllable = _SYLLABLE + (leading * _VOWELS + vowel) * _TRAILINGS
    opens = _within(leading, 0, _LEADINGS) & _within(vowel, 0, _VOWELS)
    syllable, trailing = first - _SYLLABLE, second - _TRAILING
    closes = _within(syllable, 0, _LEADINGS * _VOWELS * _TRAILINGS)
    closes &= (syllable % _TRAILINGS == 0) & _within(trailing, 1, _TRAILINGS)
    return tf.where(opens, open_syllable, tf.where(closes, first + trailing, made))


def _within(values: Tensor, low: int, high: int) -> Tensor:
    return (values >= low) & (values < high)


def _beside(points: Tensor, rows: Tensor) -> tuple[Tensor, Tensor]:
    """Characters composed with those right behind them, again and again. No three overlap: what is
    the second of a pair is the first of none."""

    def turn(points: Tensor, rows: Tensor, _: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        made = tf.where(rows[1:] == rows[:-1], _pairs(points[:-1], points[1:]), NONE)
        made = tf.concat([made, [NONE]], 0)
        joins = made != NONE
        kept = tf.concat([[True], tf.logical_not(joins[:-1])], 0)
        points = tf.where(joins, made, points)
        return tf.boolean_mask(points, kept), tf.boolean_mask(rows, kept), tf.reduce_any(joins)

    points, rows, _ = tf.while_loop(
        lambda *state: state[2],
        turn,
        (points, rows, tf.constant(True)),
        shape_invariants=(tf.TensorShape([None]), tf.TensorShape([None]), tf.TensorShape([])),
    )
    return points, rows


def _across(points: Tensor, rows: Tensor) -> tuple[Tensor, Tensor]:
    """Characters composed with later marks too: with the first of a class that has none before it.

    Each turn looks at one mark of each character: at the next one where it composes; else at the
    first one of the next class, as those between are blocked (D115 of the Unicode Standard).
    """
    classes = _classes(points)
    count = tf.size(points)
    heads = (classes == 0) | _begins(rows)
    begins = tf.cast(tf.where(heads | _begins(classes))[:, 0], tf.int32)
    group = tf.cumsum(tf.cast(heads | _begins(classes), tf.int32)) - 1
    following = tf.gather(tf.concat([begins[1:], [count]], 0), group)  # (N,)
    at = tf.cast(tf.where(heads)[:, 0], tf.int32)  # (S,)
    ends = tf.concat([at[1:], [count]], 0)
    at, ends = (tf.boolean_mask(index, ends > at + 1) for index in (at, ends))

    def turn(mark: Tensor, bases: Tensor, kept: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        goes_on = mark < ends
        here = tf.minimum(mark, count - 1)
        made = tf.where(goes_on, _pairs(bases, tf.gather(points, here)), NONE)
        joins = made != NONE
        gone = tf.boolean_mask(here, joins)
        kept = tf.tensor_scatter_nd_update(kept, gone[:, None], tf.zeros_like(gone, tf.bool))
        after = tf.where(joins, mark + 1, tf.gather(following, here))
        return tf.where(goes_on, after, mark), tf.where(joins, made, bases), kept

    _, bases, kept = tf.while_loop(
        lambda mark, *_: tf.reduce_any(mark < ends),
        turn,
        (at + 1, tf.gather(points, at), tf.fill([count], True)),
    )
    points = tf.tensor_scatter_nd_update(points, at[:, None], bases)
    return tf.boolean_mask(points, kept), tf.boolean_mask(rows, kept)
