"""Blanks, joiners and what nobody sees, as users' texts hold them: one rule in fit, predict and
export."""

from __future__ import annotations

import numpy as np
import pytest
import tensorflow as tf

import seqkit
from seqkit.text import count_tokens

TEXTS = ["good film", "bad film", "good one", "bad one"] * 4
LABELS = ["yes", "no", "yes", "no"] * 4
BLANKS = ["\u00a0", "\u3000", "\u202f", "\u0085", "\u2028", "\t", " \u00a0 "]


@pytest.fixture(scope="module")
def classifier():
    return seqkit.TextClassifier(cell="gru", units=4, epochs=2, random_state=0).fit(TEXTS, LABELS)


@pytest.fixture(scope="module")
def tagger():
    y = [["x", "y"]] * len(TEXTS)
    return seqkit.SequenceTagger(cell="gru", units=4, epochs=1, random_state=0).fit(TEXTS, y)


SAME = [
    *((f"good{blank}film", "good film") for blank in BLANKS),
    ("\ufeffgood film", "good film"),
    ("go\u00adod film\u200e", "good film"),
]


@pytest.mark.parametrize("written, meant", SAME, ids=[ascii(w) for w, _ in SAME])
def test_a_text_is_what_is_seen(classifier, written, meant):
    found, expected = classifier.predict_proba([written, meant])
    np.testing.assert_array_equal(found, expected)


@pytest.mark.parametrize("blank", BLANKS, ids=ascii)
def test_a_tagger_counts_what_split_counts(tagger, blank):
    text = f"good{blank}film"
    assert [len(labels) for labels in tagger.predict([text])] == [len(text.split())]


@pytest.mark.parametrize("blank", BLANKS, ids=ascii)
def test_a_text_of_blanks_alone_is_empty(classifier, blank):
    with pytest.raises(ValueError, match=r"X\[0\] is an empty text"):
        classifier.predict([blank])


def test_an_export_reads_as_predict_does(classifier, tmp_path):
    texts = [written for written, _ in SAME]
    served = tf.saved_model.load(classifier.export(tmp_path)).signatures["serving_default"]
    found = served(inputs=tf.constant(texts))["probabilities"]
    np.testing.assert_allclose(found, classifier.predict_proba(texts), atol=1e-6)


def test_half_of_a_surrogate_pair_is_an_unknown_character(classifier, tagger):
    found, expected = classifier.predict_proba(["good \ud83d", "good \ufffd"])
    np.testing.assert_array_equal(found, expected)
    assert len(tagger.predict(["good \ud83d"])[0]) == 2
    seqkit.TextClassifier(cell="gru", units=2, epochs=1).fit([*TEXTS, "a \udc00"], [*LABELS, "no"])


@pytest.mark.parametrize(
    "text, words",
    [
        ("می‌خواهم بروم", ["می‌خواهم", "بروم"]),
        ("क्‍ष", ["क्‍ष"]),
        ("👩‍👩‍👧 👍🏽!", ["👩‍👩‍👧", "👍🏽", "!"]),
        ("🇫🇷🇩🇪", ["🇫🇷", "🇩🇪"]),
        ("e\u0301te\u0301", ["e\u0301te\u0301"]),
    ],
    ids=["joined by nothing", "conjunct", "family", "flags", "accents"],
)
def test_what_is_joined_is_one_word(text, words):
    assert set(count_tokens([text], "word", False)) == set(words)
