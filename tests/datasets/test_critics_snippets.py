"""The loader of critics' snippets."""

from __future__ import annotations

import pytest

from seqkit.data import load_critics_snippets
from seqkit.datasets.critics_snippets import in_test_part, read_snippets
from tests.datasets.made_up import FILES

HEADER = "category,text,movie_name\n"


@pytest.fixture
def snippets(serve):
    serve(*FILES["critics_snippets"])
    return load_critics_snippets()


def test_films_are_either_trained_on_or_tested_on(snippets):
    assert set(snippets.films_train) == {"chicago", "maelström"}
    assert set(snippets.films_test) == {"one", "two"}


def test_split_is_the_published_one():
    """Results of one version of seqkit are compared with those of the next."""
    assert [in_test_part(film) for film in ("signs", "the_ring", "one", "two")] == [0, 0, 1, 1]


def test_texts_are_clean_and_in_order(snippets):
    assert snippets.X_train.tolist() == ["Great fun, and more: R&B & style…", "Dull.", "Très bien!"]
    assert snippets.y_train.tolist() == ["fresh", "rotten", "fresh"]


def test_a_text_that_two_films_share_stays_with_the_first(snippets):
    assert snippets.X_test.tolist() == ["Never again.", "Again!"]
    assert snippets.y_test.tolist() == ["rotten", "fresh"]


def test_plots_and_rows_without_text_are_left_out():
    assert read_snippets(HEADER + "plot,A boy.,one\nfresh,,one\nrotten, ,one\n") == {}


@pytest.mark.parametrize(
    "table, message",
    [
        ("", "walks: expected columns category, text, movie_name, got none"),
        ("category,text\nfresh,Fun\n", "expected columns .*, got category, text$"),
        (HEADER + "fresh,Fun\n", "walks, line 2: expected 3 values, as in the header"),
        (HEADER + "fresh,A,b\nfresh,Fun,one,two\n", "line 3: expected 3 values"),
    ],
)
def test_malformed_table(table, message):
    with pytest.raises(ValueError, match=message):
        read_snippets(table, name="walks")
