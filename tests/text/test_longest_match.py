"""Pieces of words against a plain Python search."""

from __future__ import annotations

import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st

from seqkit.text.longest_match import longest_match
from tests.text.plain import pieces


def run(words, vocabulary):
    ids = tf.range(2, len(vocabulary) + 2, dtype=tf.int32)
    pairs = tf.lookup.KeyValueTensorInitializer(tf.constant(vocabulary, tf.string), ids)
    table = tf.lookup.StaticHashTable(pairs, 1)
    longest = max(map(len, vocabulary))
    found = longest_match(tf.constant(words, tf.string), table, longest, 1).to_list()
    return [[None if i == 1 else vocabulary[i - 2] for i in row] for row in found]


letters = st.text("abé道\u0301", max_size=9)


@settings(max_examples=40)
@given(
    words=st.lists(letters, max_size=8),
    vocabulary=st.lists(letters.filter(bool), min_size=1, max_size=12, unique=True),
)
def test_against_plain_python(words, vocabulary):
    assert run(words, vocabulary) == [pieces(word, vocabulary) for word in words]


def test_the_longest_is_taken_though_another_would_leave_none_unknown():
    assert run(["abcd"], ["ab", "abc", "cd"]) == [["abc", None]]


@pytest.mark.parametrize("length", [1, 31, 32, 33, 1000])
def test_long_words(length):
    word = "ab" * length
    assert run([word, "c", word + "c"], ["ab", "abab"]) == [
        pieces(w, ["ab", "abab"]) for w in (word, "c", word + "c")
    ]


def test_longer_than_any_piece():
    assert run(["abcabcabd"], ["abcabcabc", "abc", "a"]) == [["abc", "abc", "a", None, None]]
