"""Texts by topic, and the reader of their `.tab` files."""

from __future__ import annotations

import pytest

from seqkit.data import load, load_reuters, load_twenty_newsgroups
from seqkit.readers.orange_tab import read_tab
from tests.datasets.made_up import FILES

HEADER = ["topic\ttext", "d\tstring", "class\t"]


@pytest.fixture
def cache(serve):
    return serve(*FILES["topic_texts"])


def test_files_of_each_set(cache):
    r8 = load_reuters()
    assert r8.X_train.tolist() == ["profits rose", "they bought"]
    assert r8.y_train.tolist() == ["earn", "acq"]
    assert (r8.X_test.tolist(), r8.y_test.tolist()) == (["it sank"], ["ship"])
    assert load_reuters(52).X_train.tolist() == load("reuters_r52").X_train.tolist() == ["beans"]
    assert load_twenty_newsgroups().y_train.tolist() == ["sci.space"]


@pytest.mark.parametrize("topics", [0, 10, "8", None])
def test_other_numbers_of_topics(topics):
    with pytest.raises(ValueError, match=f"topics must be 8 or 52, got {topics!r}"):
        load_reuters(topics)


def test_columns_are_found_by_kind_and_flag():
    lines = ["text\tid\ttopic\n", "string\tc\td\n", "\tmeta\tclass\n", "\n", ' "so" he\t7\ta b \n']
    texts, classes = read_tab(lines)
    assert (texts.tolist(), classes.tolist()) == (['"so" he'], ["a b"])


@pytest.mark.parametrize(
    "lines, message",
    [
        ([], "news: expected three header lines, got 0"),
        (HEADER[:2], "news: expected three header lines, got 2"),
        (["a", "string", ""], "expected one column with flag 'class' in line 3, got 0"),
        (["a\tb", "d\td", "class\t"], "expected one column with kind 'string' in line 2, got 0"),
        (["a\tb", "string\tstring", "class\t"], "one column with kind 'string' in line 2, got 2"),
        (HEADER, "news: expected at least one row below the header, got none"),
        ([*HEADER, "", "earn"], "news, line 5: expected 2 values between tabs.* got 1"),
        ([*HEADER, "earn\tup\tdown"], "line 4: expected 2 values between tabs.* got 3"),
        ([*HEADER, "earn\t "], "line 4: expected a text, got nothing"),
        ([*HEADER, "a\tb", "\tup"], "line 5: expected a topic, got nothing"),
    ],
)
def test_malformed_tab(lines, message):
    with pytest.raises(ValueError, match=message):
        read_tab(lines, name="news")
