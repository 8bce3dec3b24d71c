"""Blanks, joiners and what nobody sees, as users' texts hold them: one rule in fit, predict and
export."""

from __future__ import annotations

import functools
import unicodedata
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tensorflow as tf

import seqkit
from seqkit.text import count_tokens
from seqkit.text.composition import _tables
from tests.estimators.toy import untrained
from tests.estimators.translating import translator

TEXTS = ["good film", "bad film", "good one", "bad one"] * 4
LABELS = ["yes", "no", "yes", "no"] * 4
BLANKS = ["\u00a0", "\u3000", "\u202f", "\u0085", "\u2028", "\t", " \u00a0 "]


@pytest.fixture(autouse=True, scope="module")
def _untrained():
    with untrained():
        yield


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


@pytest.mark.parametrize("tokens", ["word", pytest.param("subword", marks=pytest.mark.slow)])
def test_a_tagger_reads_what_is_seen(tokens, tmp_path):
    """And still has a label for each of what blanks separate."""
    y = [["x", "y"]] * len(TEXTS)
    model = seqkit.SequenceTagger("gru", units=4, epochs=1, tokens=tokens).fit(TEXTS, y)
    written, meant = zip(*SAME, strict=True)
    assert set(meant) == {"good film"}
    expected = model.predict_proba(meant[:1])[0]
    for texts in (written, [text.split() for text in written]):
        for found in model.predict_proba(texts):
            np.testing.assert_allclose(found, expected, atol=1e-6)
    marks = ["\ufeff good \u200e\u200e \u00ad film \u2060"]
    assert len(model.predict(marks)[0]) == 6
    served = tf.saved_model.load(model.export(tmp_path)).signatures["serving_default"]
    found = served(inputs=tf.constant(marks))["probabilities"].numpy()[0]
    np.testing.assert_allclose(found, model.predict_proba(marks)[0], atol=1e-6)


@pytest.mark.parametrize("blank", BLANKS, ids=ascii)
def test_a_tagger_counts_what_split_counts(tagger, blank):
    text = f"good{blank}film"
    assert [len(labels) for labels in tagger.predict([text])] == [len(text.split())]


@pytest.mark.parametrize(
    "mode, tokens",
    [
        ("word", ["ab"]),
        ("char", ["\ufeff", "a", "\u00ad", "b"]),
        ("whitespace", ["ab"]),
    ],
)
def test_what_nobody_sees_is_left_out_of_words(mode, tokens):
    assert list(count_tokens(["\ufeffa\u00adb"], mode, False)) == tokens


@pytest.mark.parametrize("blank", [*BLANKS, "\ufeff", "\u200e \u00ad"], ids=ascii)
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
    ("kind", "tokens"),
    [
        ("text", "word"),
        pytest.param("tagger", "subword", marks=pytest.mark.slow),
        pytest.param("translator", "word", marks=pytest.mark.slow),
    ],
)
def test_half_of_a_surrogate_pair_in_words_and_labels(kind, tokens, tmp_path):
    """In what is fitted, predicted, saved and exported."""
    X, options = [*TEXTS, "a \udc00"], {"epochs": 1, "embedding_dim": 4, "tokens": tokens}
    if kind == "text":
        labels = [*LABELS, "n\ud83d"]
        model = seqkit.TextClassifier("gru", units=2, **options).fit(X, labels)
    elif kind == "tagger":
        model = seqkit.SequenceTagger("gru", units=2, **options).fit(X, [["x", "\ud83d"]] * len(X))
    else:
        model = translator(**options).fit(X, X)
    for text in ("a \udc00", "\ud83d"):
        assert len(model.predict([text])) == 1
    loaded = seqkit.load(model.save(tmp_path / "model"))
    assert len(loaded.predict(X)) == len(X)
    served = tf.saved_model.load(model.export(tmp_path, example=X[-1:]))
    answer = served.signatures["serving_default"](inputs=tf.constant(["good film"]))
    written = [text for values in answer.values() for text in np.ravel(values.numpy())]
    for text in written:
        if isinstance(text, bytes):
            text.decode()


COMPOSED = ["un été", "une fée", "Å", "한국 각", "tế ạ̊"]  # not all in normal form C themselves
DECOMPOSED = [unicodedata.normalize("NFD", text) for text in COMPOSED]


@pytest.mark.parametrize("fitted_on, asked", [(COMPOSED, DECOMPOSED), (DECOMPOSED, COMPOSED)])
@pytest.mark.parametrize("tokens", ["word", "char"])
def test_letters_composed_of_accents_are_the_same_letters(fitted_on, asked, tokens, tmp_path):
    labels = ["yes", "no", "yes", "no", "yes"]
    model = seqkit.TextClassifier("gru", units=4, epochs=1, tokens=tokens, token_dropout=0)
    model.fit(fitted_on, labels)
    assert "é" in "".join(model.vocabulary_)
    assert all(unicodedata.is_normalized("NFC", token) for token in model.vocabulary_)
    expected = model.predict_proba(fitted_on)
    np.testing.assert_array_equal(model.predict_proba(asked), expected)
    served = tf.saved_model.load(model.export(tmp_path)).signatures["serving_default"]
    for texts in (asked, fitted_on):
        found = served(inputs=tf.constant(texts))["probabilities"]
        np.testing.assert_allclose(found, expected, atol=1e-6)


def test_a_tagger_reads_composed_and_decomposed_tokens_alike():
    X = [text.split() for text in COMPOSED]
    y = [[str(len(token)) for token in row] for row in X]
    model = seqkit.SequenceTagger("gru", units=4, epochs=1).fit(X, y)
    for texts in (DECOMPOSED, [text.split() for text in DECOMPOSED]):
        for found, expected in zip(model.predict_proba(texts), model.predict_proba(X), strict=True):
            np.testing.assert_array_equal(found, expected)


APART = ["un \u00e9t\u00e9", "un e\u0301te\u0301"]  # one text, composed and decomposed
ESTIMATORS = [seqkit.TextClassifier, seqkit.SequenceTagger, seqkit.Seq2SeqTranslator]


def composes(version: str) -> bool:
    """Whether an export holds what composes letters."""
    return _tables().pairs.keys.tobytes() in Path(version, "saved_model.pb").read_bytes()


@pytest.mark.parametrize("normalization", ["NFC", None])
@pytest.mark.parametrize(
    ("estimator", "tokens"),
    [
        pytest.param(seqkit.TextClassifier, "word", marks=pytest.mark.always),
        pytest.param(seqkit.TextClassifier, "char", marks=pytest.mark.slow),
        pytest.param(seqkit.TextClassifier, "subword", marks=pytest.mark.slow),
        pytest.param(seqkit.TextClassifier, "whitespace", marks=pytest.mark.slow),
        (seqkit.SequenceTagger, "word"),
        pytest.param(seqkit.SequenceTagger, "subword", marks=pytest.mark.slow),
    ],
)
def test_accents_are_one_with_their_letters_or_not(estimator, tokens, normalization, tmp_path):
    """In what is learned, predicted, saved and exported."""
    y = [["x", "y"]] * 8 if estimator is seqkit.SequenceTagger else ["x", "y"] * 4
    model = estimator("gru", units=4, epochs=1, tokens=tokens, normalization=normalization)
    model.fit(APART * 4, y)
    known = "".join(model.vocabulary_)
    assert "\u00e9" in known
    assert ("\u0301" in known) is (normalization is None)
    composed, decomposed = answers = np.array(model.predict_proba(APART))
    assert np.array_equal(composed, decomposed) is (normalization == "NFC")
    loaded = seqkit.load(model.save(tmp_path / "model"))
    np.testing.assert_array_equal(loaded.predict_proba(APART), answers)
    version = model.export(tmp_path)
    served = tf.saved_model.load(version).signatures["serving_default"]
    found = served(inputs=tf.constant(APART))["probabilities"]
    np.testing.assert_allclose(found, answers, atol=1e-6)
    assert composes(version) is (normalization == "NFC")


@pytest.mark.parametrize("normalization", ["NFC", None])
@pytest.mark.parametrize("tokens", ["word", pytest.param("subword", marks=pytest.mark.slow)])
def test_a_translators_accents_are_one_with_their_letters_or_not(tokens, normalization, tmp_path):
    """On both sides."""
    model = translator(epochs=1, tokens=tokens, normalization=normalization)
    model.fit(APART * 4, APART[::-1] * 4)
    for codec in (model.source_codec_, model.target_codec_):
        first, second = (ids.tolist() for ids in codec.encode(APART))
        assert (first == second) is (normalization == "NFC")
        assert codec.decode([first, second]) == ([APART[0]] * 2 if normalization else APART)
    references = model._target.references(APART)
    assert references == [[text] for text in ([APART[0]] * 2 if normalization else APART)]
    version = model.export(tmp_path)
    served = tf.saved_model.load(version).signatures["serving_default"]
    found = served(inputs=tf.constant(APART))
    assert [text.decode() for text in found["outputs"].numpy()] == model.predict(APART)
    first, second = found["scores"].numpy().tolist()
    assert (first == second) is (normalization == "NFC")
    assert composes(version) is (normalization == "NFC")


@pytest.mark.parametrize("estimator", ESTIMATORS)
@pytest.mark.parametrize("wrong", ["nfc", "NFD", True])
def test_a_form_that_there_is_not(estimator, wrong):
    with pytest.raises(ValueError, match=f"normalization must be 'NFC' or None, got {wrong!r}"):
        estimator(normalization=wrong).fit(TEXTS, TEXTS)


def test_given_vectors_are_of_tokens_as_they_are_read(tmp_path):
    file = tmp_path / "vectors.txt"
    file.write_text("un 1 2\n\u00e9t\u00e9 3 4\n", encoding="utf-8")
    given = {"un": [1.0, 2.0], "\u00e9t\u00e9": [3.0, 4.0]}
    for vectors in (given, str(file)):
        for normalization, share in (("NFC", 1.0), (None, 2 / 3)):
            options = {"embeddings": vectors, "normalization": normalization}
            model = seqkit.TextClassifier("gru", units=2, epochs=1, **options)
            model.fit(APART * 4, ["x", "y"] * 4)
            assert model.embeddings_found_ == pytest.approx(share)


def test_a_token_with_a_blank_within_is_refused(tagger):
    for read in (tagger.predict, lambda X: tagger.fit(X, [["x", "y"]])):
        with pytest.raises(ValueError, match=r"X\[0\]\[1\] must be a token without blanks"):
            read([["good", "a\u00a0film"]])


def test_token_lists_know_one_blank_in_all_estimators():
    """Those of classifiers, taggers and translators are told at which token it is."""
    lists = [text.split() for text in TEXTS]
    labels = [["x", "y"]] * len(lists)
    options = {"epochs": 1, "embedding_dim": 4}
    models: list[Any] = [
        seqkit.TextClassifier("gru", units=2, tokens="whitespace", **options).fit(lists, LABELS),
        seqkit.SequenceTagger("gru", units=2, **options).fit(lists, labels),
        translator(**options).fit(lists, lists),
    ]
    for model in models:
        for blank in BLANKS:
            with pytest.raises(ValueError, match=r"X\[0\]\[1\] must be a token without blanks"):
                model.predict([["good", f"a{blank}film"]])


@pytest.mark.parametrize("blank", BLANKS, ids=ascii)
def test_a_translator_reads_every_blank(blank):
    found, expected = reading_translator().source_codec_.encode([f"good{blank}film", "good film"])
    np.testing.assert_array_equal(found, expected)


@untrained()
def test_references_are_read_as_they_are_written():
    """Without what nobody sees, which no output has."""
    shown = ["go\u00adod film", "\ufeffgood film", "cafe\u0301"]
    assert reading_translator()._target.references(shown) == [["good film"]] * 2 + [["caf\u00e9"]]
    by_character = translator(epochs=1, tokens="char").fit(TEXTS, TEXTS)
    assert by_character._target.references(shown[:1]) == [shown[:1]]


@functools.cache
def reading_translator():
    with untrained():
        return translator(epochs=1).fit(TEXTS, TEXTS)


@pytest.mark.slow
def test_a_taggers_export_reads_blanks_and_composed_letters_as_predict_does(tmp_path):
    X = ["un été", "une fée ici", "été"] * 4
    y = [[str(len(token)) for token in text.split()] for text in X]
    model = seqkit.SequenceTagger("gru", units=4, epochs=1, random_state=0).fit(X, y)
    served = tf.saved_model.load(model.export(tmp_path)).signatures["serving_default"]
    texts = [text.replace(" ", "\u00a0") for text in X[:3]]
    texts += [unicodedata.normalize("NFD", text) for text in X[:3]]
    found = served(inputs=tf.constant(texts))["probabilities"].numpy()
    for k, (row, text) in enumerate(zip(found, texts, strict=True)):
        (expected,) = model.predict_proba([X[k % 3]])
        assert len(expected) == len(text.split())
        np.testing.assert_allclose(row[: len(expected)], expected, atol=1e-6)
        np.testing.assert_array_equal(model.predict_proba([text])[0], expected)


@pytest.mark.parametrize("mode", ["word", "subword", "char"])
def test_a_translator_reads_and_writes_composed_letters(mode):
    model = translator(tokens=mode, epochs=1).fit(DECOMPOSED * 4, DECOMPOSED[::-1] * 4)
    for vocabulary in (model.source_vocabulary_, model.target_vocabulary_):
        assert all(unicodedata.is_normalized("NFC", token) for token in vocabulary)
    written = model.predict(COMPOSED)
    assert written == model.predict(DECOMPOSED)
    apart = [unicodedata.normalize("NFD", text) for text in written]
    assert model.score(COMPOSED, apart, "exact_match") == 1.0


@pytest.mark.parametrize(
    "text, words",
    [
        ("می‌خواهم بروم", ["می‌خواهم", "بروم"]),
        ("क्‍ष", ["क्‍ष"]),
        ("👩‍👩‍👧 👍🏽!", ["👩‍👩‍👧", "👍🏽", "!"]),
        ("🇫🇷🇩🇪", ["🇫🇷", "🇩🇪"]),
        ("e\u0301te\u0301", ["\u00e9t\u00e9"]),
    ],
    ids=["joined by nothing", "conjunct", "family", "flags", "accents"],
)
def test_what_is_joined_is_one_word(text, words):
    assert set(count_tokens([text], "word", False)) == set(words)
