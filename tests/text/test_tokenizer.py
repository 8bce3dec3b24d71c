"""The classifiers' tokenizer against plain Python's splitting."""

from __future__ import annotations

import sys
from collections import Counter

import numpy as np
import pytest
import tensorflow as tf

from seqkit.text import Tokenizer, count_tokens
from seqkit.text.characters import BLANKS
from seqkit.text.padding import padded
from seqkit.text.tokenizer import MODES, most_frequent, split
from tests.text.plain import IGNORABLE, SCRIPTS, between_blanks, composed, tokens


def plain_split(text, mode, lowercase):
    text = text.lower() if lowercase else text
    if mode == "word":
        return [token.removeprefix("▁") for token in tokens(text)]
    return list(composed(text)) if mode == "char" else between_blanks(text)


def run(texts, mode, lowercase=False):
    found = split(tf.constant(texts, tf.string), mode, lowercase)
    return [[token.decode() for token in row] for row in found.to_list()]


@pytest.mark.parametrize("name", SCRIPTS)
@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("lowercase", [False, True])
def test_splitting_of_every_script(name, mode, lowercase):
    # In lower case a NUL is U+FFFD: tf.strings.lower would end the text there.
    seen = SCRIPTS[name].replace("\0", "\ufffd") if lowercase else SCRIPTS[name]
    expected = plain_split(seen, mode, lowercase)
    assert run([SCRIPTS[name]], mode, lowercase) == [expected]


def test_words_by_hand():
    assert run(["Don't go – twenty-one o’clocks!? -a- 'b'"], "word") == [
        ["Don't", "go", "–", "twenty-one", "o’clocks", "!", "?", "-", "a", "-", "'", "b", "'"]
    ]


@pytest.mark.parametrize(
    "text, expected",
    [
        ("我喜欢这部电影。", list("我喜欢这部电影。")),
        ("iPhone手机2024年", ["iPhone", "手", "机", "2024", "年"]),
        ("スーパーへ行く", list("スーパーへ行く")),
        ("ดีมาก ไม่", ["ดี", "ม", "า", "ก", "ไ", "ม่"]),
        ("ສະບາຍດີ", ["ສ", "ະ", "ບ", "າ", "ຍ", "ດີ"]),
        ("ខ្មែរ", ["ខ្", "មែ", "រ"]),
        ("မြန်မာ", ["မြ", "န်", "မာ"]),
        ("葛\U000e0100城", ["葛\U000e0100", "城"]),
        ("한국어 텍스트", ["한국어", "텍스트"]),
        ("๒๕๖๗", ["๒๕๖๗"]),
    ],
    ids=lambda value: ascii(value)[:20] if isinstance(value, str) else "",
)
def test_letters_of_scripts_without_blanks_are_words(text, expected):
    assert run([text], "word") == [expected]
    assert run([text], "whitespace") == [text.split()]


def test_blanks_are_those_of_python():
    characters = [chr(c) for c in range(sys.maxunicode + 1) if not 0xD800 <= c < 0xE000]
    blank = tf.strings.regex_full_match(tf.constant(characters), BLANKS).numpy()
    found = [c for c, is_blank in zip(characters, blank, strict=True) if is_blank]
    assert found == [c for c in characters if c.isspace()]


def test_what_nobody_sees_is_not_counted_but_in_characters():
    invisible = [chr(c) for c in IGNORABLE]
    texts = [f"a{c}b {c} {c}{c} c{c}" for c in invisible]
    assert {tuple(row) for row in run(texts, "word")} == {("ab", "c")}
    assert {tuple(row) for row in run(texts, "whitespace")} == {("ab", "\ufffd", "\ufffd", "c")}
    assert run(invisible, "whitespace") == [["\ufffd"]] * len(invisible)
    assert run(["e\u00ad\u0301"], "whitespace") == run(["e\u00ad\u0301"], "word") == [["é"]]
    assert run(["a\ufeff"], "char") == [["a", "\ufeff"]]


@pytest.mark.parametrize("mode", MODES)
def test_texts_are_composed_or_read_as_they_come(mode):
    texts = ["E\u0301", "\u00e9", "e\u0301", "\u1112\u1161\u11ab"]
    as_typed = ["e\u0301", "\u00e9", "e\u0301", "\u1112\u1161\u11ab"]
    parts = "".join(as_typed) if mode == "char" else as_typed
    assert count_tokens(texts, mode, True, None) == Counter(parts)
    assert count_tokens(texts, mode, True, "NFC") == {"\u00e9": 3, "\ud55c": 1}
    tokenizer = Tokenizer(["\u00e9", "e\u0301"], mode, normalization=None)
    lengths = [1, 1, 1, 1] if mode != "char" else [2, 1, 2, 3]
    assert tokenizer.lengths(texts).numpy().tolist() == lengths
    if mode != "char":
        assert tokenizer.ids(texts).to_list() == [[3], [2], [3], [1]]


def test_wrong_form():
    message = "normalization must be 'NFC' or None, got 'NFKC'"
    with pytest.raises(ValueError, match=message):
        Tokenizer(["a"], normalization="NFKC")
    with pytest.raises(ValueError, match=message):
        count_tokens(["a"], "word", True, "NFKC")


VOCABULARY = ["the", "film", "!", "a", "A", " "]


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("lowercase", [False, True])
def test_ids(mode, lowercase):
    texts = ["The film! A film", "", "the  the", "a !", "ünknown"]
    tokenizer = Tokenizer(VOCABULARY, mode, lowercase)
    number = {token: i for i, token in enumerate(VOCABULARY, 2)}
    expected = [
        [number.get(token, 1) for token in plain_split(text, mode, lowercase)] for text in texts
    ]
    assert tokenizer.ids(texts).to_list() == expected
    assert tf.function(tokenizer.ids)(tf.constant(texts)).to_list() == expected
    encoded = tokenizer.encode(texts)
    assert [row.tolist() for row in encoded] == expected
    assert {row.dtype for row in encoded} == {np.dtype(np.int32)}
    width = max(map(len, expected))
    filled = [row + [0] * (width - len(row)) for row in expected]
    assert padded(tokenizer.ids(tf.constant(texts))).numpy().tolist() == filled


def test_size():
    assert len(Tokenizer(["a", "b"])) == 4
    assert len(Tokenizer([])) == 2


def test_no_token_known():
    assert Tokenizer([]).ids(["a b", ""]).to_list() == [[1, 1], []]


def test_padded_is_a_step_long_though_there_is_no_token():
    tokenizer = Tokenizer(["a"])
    assert padded(tokenizer.ids(["", " "])).numpy().tolist() == [[0], [0]]
    assert padded(tokenizer.ids(tf.constant([], tf.string))).shape == (0, 1)


def test_more_texts_than_a_chunk():
    texts = ["a"] * 4095 + ["b b", "", "a b"]
    found = Tokenizer(["a", "b"]).encode(texts)
    assert [row.tolist() for row in found[4094:]] == [[2], [3, 3], [], [2, 3]]
    assert len(found) == len(texts)
    assert Tokenizer(["a"]).encode([]) == []


@pytest.mark.parametrize("mode", MODES)
def test_bytes_that_are_not_utf8(mode):
    ids = Tokenizer(["a", "b"], mode).ids([b"a \xff b"]).to_list()[0]
    assert ids[0] == 2
    assert ids[-1] == 3


def test_wrong_mode():
    with pytest.raises(ValueError, match="mode must be one of"):
        Tokenizer(["a"], "words")


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("lowercase", [False, True])
def test_counts(mode, lowercase):
    texts = ["A b a", "b, c b", "", "Él él"]
    expected = Counter(t for text in texts for t in plain_split(text, mode, lowercase))
    assert count_tokens(texts, mode, lowercase) == expected
    assert count_tokens((text.encode() for text in texts), mode, lowercase) == expected


def test_counts_over_chunks():
    assert count_tokens(iter(["a b"] * 5000), "word", True) == {"a": 5000, "b": 5000}
    assert count_tokens([], "word", True) == {}


@pytest.mark.parametrize(
    "max_tokens, expected",
    [(None, ["b", "a", "é", "z", "c"]), (5, ["b", "a", "é"]), (3, ["b"]), (2, []), (0, [])],
)
def test_most_frequent_first_and_ties_in_the_tokens_order(max_tokens, expected):
    counts = Counter({"é": 3, "c": 1, "b": 5, "z": 2, "a": 3})
    assert most_frequent(counts, max_tokens) == expected
    assert most_frequent(Counter(dict(reversed(counts.items()))), max_tokens) == expected
