"""Capitals and marks as labels."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from recipes.parts.tagging.capitals_and_marks import MARKS, labelled, parts, restored

word = st.text("abz'", min_size=1).map("a".__add__)
written = st.one_of(
    word, word.map(lambda w: w[0].upper() + w[1:]), word.map(str.upper), st.sampled_from("IOA")
)
marked = st.tuples(written, st.sampled_from(["", *MARKS])).map("".join)


@given(st.lists(marked, min_size=1))
def test_labels_give_the_text_back(words):
    text = " ".join(words)
    tokens, labels = labelled(text)
    assert tokens == [word.rstrip(MARKS).lower() for word in words]
    assert restored(tokens, labels) == text


def test_brackets_dashes_and_rows_of_marks():
    tokens, labels = labelled("(He said,) sin--; -- . Amen?!")
    assert (tokens, labels) == (["he", "said", "sin", "amen"], ["Xx", "x,", "x;", "Xx!"])
    assert [parts(label) for label in labels[2:]] == [("x", ";"), ("Xx", "!")]
