"""Marked tokens against plain Python's."""

from __future__ import annotations

import sys

import numpy as np
import pytest
import tensorflow as tf

from seqkit.text.marking import split
from tests.text.plain import SCRIPTS, tokens


def run(texts, mode="word", lowercase=False):
    found = split(tf.constant(texts, tf.string), mode, lowercase)
    return [[token.decode() for token in row] for row in found.to_list()]


@pytest.mark.parametrize("name", SCRIPTS)
def test_words_of_every_script(name):
    assert run([SCRIPTS[name]]) == [tokens(SCRIPTS[name])]


def test_an_example_by_hand():
    by_hand = ["▁Don't", "▁go", ",", "▁Bob", "▁(", "now", ")", "!"]
    assert run(["Don't go, Bob (now)!"]) == [by_hand] == [tokens("Don't go, Bob (now)!")]


def test_blanks_are_those_of_python():
    characters = [chr(c) for c in range(sys.maxunicode + 1) if not 0xD800 <= c < 0xE000]
    blank = np.array([c.isspace() for c in characters])
    some = np.flatnonzero(blank | (np.arange(len(blank)) < 0x3100))
    found = run([f"a{characters[i]}a" for i in some], "whitespace")
    assert [len(row) == 2 for row in found] == blank[some].tolist()
    assert all(
        (row == ["▁a", "▁a"]) == blank[i]
        for row, i in zip(run([f"a{characters[i]}a" for i in some]), some, strict=True)
    )


@pytest.mark.parametrize("mode", ["word", "subword", "char", "whitespace"])
def test_no_text_no_token(mode):
    assert run([], mode) == []
    assert run(["", "a"], mode)[0] == []


def test_a_mark_of_the_text_is_an_underscore_where_it_would_mean_a_blank():
    assert run(["▁ a▁b"]) == [["▁_", "▁a_b"]]
    assert run(["▁ a▁b"], "char") == [["▁", " ", "a", "▁", "b"]]
    assert run(["▁ a▁b"], "whitespace") == [["▁", "a▁b"]]


def test_lower_case_of_any_script():
    assert run(["ÉTÉ ΛΌΓΟ Дом"], "word", True) == [["▁été", "▁λόγο", "▁дом"]]


def test_a_text_does_not_end_at_nul():
    assert run(["A\0B"], "char", True) == [["a", "\ufffd", "b"]]
    assert run(["A\0B"], "char") == [["A", "\0", "B"]]


@pytest.mark.parametrize("mode", ["word", "char", "whitespace"])
@pytest.mark.parametrize("lowercase", [False, True])
def test_bytes_that_are_not_utf8(mode, lowercase):
    (found,) = run([b"a\xffb"], mode, lowercase)
    assert "".join(found).lstrip("▁") == "a\ufffdb"
