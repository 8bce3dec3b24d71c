"""Vocabularies of texts that are written."""

from __future__ import annotations

from collections import Counter

import pytest

from seqkit.text import TextCodec, learn_vocabulary
from seqkit.text.vocabulary import LONGEST_PIECE
from tests.text.plain import SCRIPTS, tokens

MODES = ["subword", "word", "char", "whitespace"]
TEXTS = ["the lower tower, the low town", "a lower one; the lowest of the towers", "tea (the)"] * 3


def test_words_most_frequent_first():
    counts = Counter(token for text in TEXTS for token in tokens(text))
    ordered = sorted(counts, key=lambda token: (-counts[token], token))
    assert learn_vocabulary(TEXTS, "word", max_tokens=None) == ordered
    assert learn_vocabulary(TEXTS, "word", max_tokens=8) == ordered[:5]
    frequent = [token for token in ordered if counts[token] >= 6]
    assert learn_vocabulary(TEXTS, "word", max_tokens=None, min_frequency=6) == frequent


@pytest.mark.parametrize("mode, expected", [("char", [" ", "a", "B"]), ("whitespace", ["a", "aB"])])
def test_other_modes(mode, expected):
    assert learn_vocabulary(["a a", "a  aB "], mode, max_tokens=None)[:3] == expected


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("max_tokens", [4, 5, 12, 30, 50])
def test_the_limit_counts_padding_unknown_and_end(mode, max_tokens):
    vocabulary = learn_vocabulary(TEXTS, mode, max_tokens=max_tokens)
    assert len(TextCodec(vocabulary, mode)) <= max_tokens
    everything = learn_vocabulary(TEXTS, mode, max_tokens=None)
    assert len(TextCodec(vocabulary, mode)) == min(max_tokens, len(everything) + 3)


def test_pieces_are_characters_then_what_is_joined():
    vocabulary = learn_vocabulary(TEXTS, "subword", max_tokens=40)
    characters = set("".join(TEXTS)) - {" "} | {"▁"}
    assert set(vocabulary[: len(characters)]) == characters
    assert all(len(piece) > 1 for piece in vocabulary[len(characters) :])
    assert {"▁the", "▁lower"} <= set(vocabulary)


def test_pieces_stay_within_tokens():
    words = {token for text in TEXTS for token in tokens(text)}
    for piece in learn_vocabulary(TEXTS, "subword", max_tokens=None):
        assert any(piece in word for word in words), piece


def test_without_limit_every_token_of_training_is_one_piece():
    vocabulary = learn_vocabulary(TEXTS, "subword", max_tokens=None)
    codec = TextCodec(vocabulary, "subword")
    for text, ids in zip(TEXTS, codec.encode(TEXTS), strict=True):
        assert [vocabulary[i - 2] for i in ids] == tokens(text)


def test_rare_characters_and_pairs_are_left_out():
    vocabulary = learn_vocabulary(
        ["ab ab ab", "xab aby"], "subword", max_tokens=None, min_frequency=2
    )
    assert set(vocabulary) == {"▁", "a", "b", "ab", "▁ab"}
    once = learn_vocabulary(["ab"], "subword", max_tokens=None, min_frequency=2)
    assert once == ["▁"]


def test_the_most_frequent_characters_where_not_all_fit():
    assert learn_vocabulary(["abbccc"], "subword", max_tokens=6) == ["▁", "c", "b"]


def test_no_endless_pieces():
    vocabulary = learn_vocabulary(["ab" * 100] * 2, "subword", max_tokens=None)
    assert max(map(len, vocabulary)) <= LONGEST_PIECE


@pytest.mark.parametrize("mode", MODES)
def test_the_same_texts_give_the_same_vocabulary(mode):
    texts = list(SCRIPTS.values()) * 2
    first = learn_vocabulary(texts, mode, max_tokens=300)
    assert len(set(first)) == len(first)
    for again in (texts, iter(texts), texts[::-1]):
        assert learn_vocabulary(again, mode, max_tokens=300) == first


@pytest.mark.parametrize("mode", MODES)
def test_lower_case(mode):
    lower = learn_vocabulary(["ab ba ab"], mode, max_tokens=None)
    assert learn_vocabulary(["Ab bA aB"], mode, max_tokens=None, lowercase=True) == lower


@pytest.mark.parametrize("mode", MODES)
def test_no_texts(mode):
    assert learn_vocabulary([], mode, max_tokens=10) == []
    assert learn_vocabulary([""], mode, max_tokens=10) == []


@pytest.mark.parametrize("max_tokens", [3, 0, -1])
def test_a_limit_that_leaves_nothing(max_tokens):
    with pytest.raises(ValueError, match="max_tokens must be over 3"):
        learn_vocabulary(["a"], "word", max_tokens=max_tokens)


def test_unknown_mode():
    with pytest.raises(ValueError, match="mode must be one of"):
        learn_vocabulary(["a"], "syllable", max_tokens=None)
