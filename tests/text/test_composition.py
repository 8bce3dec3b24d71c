"""Normal form C in the graph against Python's."""

from __future__ import annotations

import sys
import unicodedata

import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st

from seqkit.text.composition import composed
from tests.text.plain import SCRIPTS

CHARACTERS = [chr(c) for c in range(sys.maxunicode + 1) if not 0xD800 <= c < 0xE000]
# Those that decompose, combine or compose, and so the hard ones beside each other.
HARD = [
    c
    for c in CHARACTERS
    if unicodedata.combining(c) or (unicodedata.normalize("NFD", c) != c and not "가" <= c <= "힣")
]
HARD += sorted({part for c in HARD for part in unicodedata.normalize("NFD", c)})
HARD += [*map(chr, (*range(0x1100, 0x1114), *range(0x1160, 0x1177), *range(0x11A7, 0x11C4)))]
HARD += [*"가각힣aeouAIÅ \u034f\u200d\0"]
MARKS = ["\u0301", "\u0302", "\u0323", "\u0327", "\u0308", "\u0345", "\u0338", "\u0304", "\u0313"]


GRAPH = tf.function(composed, autograph=False).get_concrete_function(
    tf.TensorSpec([None], tf.string)
)


def found(texts, run=GRAPH):
    return [text.decode() for text in run(tf.constant(texts, tf.string)).numpy()]


def expected(texts):
    return [unicodedata.normalize("NFC", text) for text in texts]


def test_every_character():
    assert found(CHARACTERS) == expected(CHARACTERS)
    apart = [unicodedata.normalize("NFD", c) for c in CHARACTERS]
    assert found(apart) == expected(CHARACTERS)


@settings(max_examples=200)
@given(st.lists(st.text(st.sampled_from(HARD), max_size=8), min_size=1, max_size=4))
def test_any_text_of_hard_characters(texts):
    assert found(texts) == expected(texts)


@settings(max_examples=200)
@given(st.lists(st.text(st.sampled_from([*MARKS, *"aeouωα"]), max_size=12), min_size=1))
def test_many_marks_on_a_letter(texts):
    assert found(texts) == expected(texts)


@settings(max_examples=100)
@given(st.lists(st.text(max_size=12), min_size=1))
def test_any_text(texts):
    assert found(texts) == expected(texts)


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_every_script(form):
    texts = [unicodedata.normalize(form, text) for text in SCRIPTS.values()]
    assert found(texts) == expected(texts)


def test_letters_of_endless_marks():
    marks = np.random.default_rng(0).choice(MARKS, 20_000)
    text = "a" + "".join(marks)
    assert found([text, "b"]) == expected([text, "b"])


def test_outside_of_a_graph_and_of_no_text():
    for texts in (["e\u0301", "é", ""], [""], []):
        assert found(texts, composed) == found(texts) == expected(texts)
