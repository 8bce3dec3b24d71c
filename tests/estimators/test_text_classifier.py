"""TextClassifier: what it reads, what it learns, and its export."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pandas as pd
import pytest
import tensorflow as tf

import seqkit
from seqkit.estimators.plans import dropouts
from tests.conformance.tasks import negated_words
from tests.estimators.toy import untrained

TRAIN, TEST = negated_words(300, seed=1), negated_words(200, seed=2)


def text(**options) -> seqkit.TextClassifier:
    small = {"units": 8, "epochs": 2, "embedding_dim": 8, "random_state": 0}
    return seqkit.TextClassifier("gru", **{**small, **options})


@pytest.fixture(scope="module")
def model():
    return text(epochs=8, learning_rate=0.03).fit(*TRAIN)


def test_learns_what_a_bag_of_words_cannot(model):
    assert model.score(*TEST) > 0.95


def test_the_export_takes_strings_and_answers_as_predict(model, tmp_path):
    serve = tf.saved_model.load(model.export(tmp_path)).signatures["serving_default"]
    texts = TEST[0][:20]
    answer = serve(inputs=tf.constant([*texts, "Größe 😀 unbekannt"]))
    np.testing.assert_allclose(answer["probabilities"][:20], model.predict_proba(texts), atol=1e-6)
    assert [a.decode() for a in answer["label"].numpy()[:20]] == model.predict(texts).tolist()
    assert np.isfinite(answer["probabilities"]).all()


@pytest.mark.parametrize(
    "form",
    [
        np.array,
        lambda x: np.array(x, object),
        tuple,
        pd.Series,
        lambda x: pd.Series(x, dtype="string"),
        lambda x: pd.DataFrame({"text": x}),
    ],
)
def test_forms_of_texts_agree(model, form):
    texts = TEST[0][:10]
    np.testing.assert_array_equal(model.predict_proba(form(texts)), model.predict_proba(texts))


def layers_of_dropout(model) -> dict[str, float]:
    """Rates of the layers that drop tokens, entries of vectors, and outputs."""
    layers = {layer.name: layer.rate for layer in model.model_.layers if hasattr(layer, "rate")}
    return {name.partition("_1")[0]: rate for name, rate in layers.items()}


@untrained()
def test_dropouts_follow_the_number_of_texts(monkeypatch, tmp_path):
    monkeypatch.setattr(dropouts, "MANY", 20)
    X, y = negated_words(30)
    few, many = text().fit(X[:20], y[:20]), text().fit(X, y)
    for found, rates, count in ((few, dropouts.OF_FEW, 20), (many, dropouts.OF_MANY, 30)):
        expected = {
            "token_dropout": rates.token,
            "embedding_dropout": rates.embedding,
            "dropout": rates.output,
        }
        assert layers_of_dropout(found) == expected
        assert {name: found.chosen_[name].value for name in expected} == expected
        assert found.chosen_["dropout"].reason == f"{count} texts; stronger from 21 on"
    assert layers_of_dropout(seqkit.load(many.save(tmp_path / "model.seqkit"))) == (
        layers_of_dropout(many)
    )
    given = text(dropout=0.25, token_dropout=0.0).fit(X, y)
    assert layers_of_dropout(given) == {"embedding_dropout": 0.5, "dropout": 0.25}
    assert given.chosen_.keys() >= {"embedding_dropout"}
    assert not given.chosen_.keys() & {"dropout", "token_dropout"}
    with pytest.raises(ValueError, match="token_dropout must be a fraction in .* or 'auto'"):
        text(token_dropout=1).fit(X, y)


@untrained()
def test_dropouts_of_a_stream_follow_its_number(monkeypatch):
    monkeypatch.setattr(dropouts, "MANY", 20)
    X, y = negated_words(30)
    assert text().fit(tf.data.Dataset.from_tensor_slices((X, y))).chosen_["dropout"].value == 0.5


def test_unknown_words_are_read_as_one(model):
    a, b = model.predict_proba(["the zebra was good", "the quokka was good"])
    np.testing.assert_array_equal(a, b)


def test_upper_case_is_read_as_lower_unless_asked_not_to(model):
    np.testing.assert_array_equal(*model.predict_proba(["Not GOOD", "not good"]).reshape(2, 1, -1))
    with untrained():
        cased = text(lowercase=False).fit(*TRAIN)
    assert "Ann" in cased.vocabulary_
    assert "ann" not in cased.vocabulary_


@untrained()
def test_the_first_tokens_of_a_longer_text_are_read(tmp_path):
    model = text(max_length=3).fit(*TRAIN)
    texts = ["the film was not good at all", "the film was dull"]
    cut = model.predict_proba(["the film was"])
    np.testing.assert_allclose(model.predict_proba(texts), np.concatenate([cut, cut]), atol=1e-6)
    serve = tf.saved_model.load(model.export(tmp_path)).signatures["serving_default"]
    np.testing.assert_allclose(
        serve(inputs=tf.constant(texts[:1]))["probabilities"], cut, atol=1e-6
    )


@untrained()
def test_the_vocabulary_is_the_most_frequent_words():
    model = text(max_tokens=4, epochs=1).fit(["b b a c", "a b d"] * 4, ["x", "y"] * 4)
    assert model.vocabulary_ == ["b", "a"]
    model.set_params(max_tokens=None, min_frequency=5).fit(["b b a c", "a b d"] * 4, ["x", "y"] * 4)
    assert model.vocabulary_ == ["b", "a"]


def test_by_character():
    words = ["".join(w) for w in np.random.default_rng(0).choice(list("abc"), (200, 6))]
    begins = [w[0] == "a" for w in words]
    model = text(tokens="char", epochs=10, learning_rate=0.03, token_dropout=0)
    assert model.fit(words, begins).score(words, begins) > 0.95
    assert set(model.vocabulary_) == set("abc")


def test_by_pieces_of_words(tmp_path):
    model = text(tokens="subword", max_tokens=40, max_length=9, epochs=8, learning_rate=0.03)
    model.fit(*TRAIN)
    assert len(model.vocabulary_) == 40 - 2
    assert "▁not" in model.vocabulary_
    assert model.score(*TEST) > 0.9
    texts = [*TEST[0][:20], "unbekannt 道"]
    serve = tf.saved_model.load(model.export(tmp_path / "export")).signatures["serving_default"]
    served = serve(inputs=tf.constant(texts))["probabilities"]
    np.testing.assert_allclose(served, model.predict_proba(texts), atol=1e-6)
    again = seqkit.load(model.save(tmp_path / "model"))
    np.testing.assert_array_equal(again.predict_proba(texts), model.predict_proba(texts))


def test_given_vectors_begin_and_stay_where_they_are_frozen():
    vectors = {"good": np.full(3, 0.5), "not": np.ones(3), "nowhere": np.zeros(3)}
    model = text(embeddings=vectors, freeze_embeddings=True).fit(*TRAIN)
    weights = model.model_.get_layer("embedding").get_weights()[0]
    np.testing.assert_array_equal(weights[2 + model.vocabulary_.index("good")], vectors["good"])
    model.set_params(freeze_embeddings=False).fit(*TRAIN)
    weights = model.model_.get_layer("embedding").get_weights()[0]
    assert not np.array_equal(weights[2 + model.vocabulary_.index("good")], vectors["good"])


@untrained()
def test_the_share_of_words_with_a_given_vector_is_kept(tmp_path):
    X, y = ["a b c d", "a b c e"] * 4, ["x", "y"] * 4
    model = text(embeddings={"a": [1.0], "e": [0.5], "zebra": [2.0]}, epochs=1)
    with warnings.catch_warnings():
        warnings.simplefilter("error", UserWarning)
        assert model.fit(X, y).embeddings_found_ == 2 / 5
    assert seqkit.load(model.save(tmp_path / "model")).embeddings_found_ == 2 / 5
    assert model.set_params(embeddings=None).fit(X, y).embeddings_found_ is None


@untrained()
def test_few_words_with_a_given_vector_are_warned_of():
    words = [f"w{i}" for i in range(11)]
    model = text(embeddings={"w0": [1.0], "W1": [1.0]}, epochs=1)
    with pytest.warns(UserWarning, match=r"vectors for 1 of the 11 tokens of the vocab.*\(9%\)"):
        model.fit([" ".join(words)] * 4, ["x", "y"] * 2)
    assert model.embeddings_found_ == 1 / 11


CASED = {"good": [1.0, 0.0], "Film": [1.0, 2.0], "ONE": [0.5, 0.0], "Berlin": [1.0, 1.0]}


@pytest.mark.parametrize("form", [dict, "file", "gensim"])
@pytest.mark.parametrize("estimator", [seqkit.TextClassifier, seqkit.SequenceTagger])
@untrained()
def test_vectors_that_lower_case_loses_are_warned_of(estimator, form, tmp_path):
    given: Any = CASED
    if form == "file":
        given = tmp_path / "vectors.txt"
        given.write_text("".join(f"{w} {a} {b}\n" for w, (a, b) in CASED.items()), "utf-8")
    elif form == "gensim":
        given = KeyedVectors(CASED)
    X = ["Good Film", "good one"] * 4
    y = [["x", "y"]] * 8 if estimator is seqkit.SequenceTagger else ["x", "y"] * 4
    model = estimator("gru", units=2, epochs=1, embeddings=given)
    message = (
        r"vectors for 1 of the 3 tokens of the vocabulary \(33%\).* 2 of these .* '(Film|ONE)'"
    )
    with pytest.warns(UserWarning, match=f"{message}.*lowercase=False"):
        model.fit(X, y)
    assert model.embeddings_found_ == 1 / 3
    with warnings.catch_warnings():
        warnings.simplefilter("error", UserWarning)
        model.set_params(lowercase=False).fit(X, y)
    assert model.embeddings_found_ == 2 / 4


class KeyedVectors:
    """As gensim's."""

    def __init__(self, vectors):
        self.vectors, self.key_to_index = vectors, dict(zip(vectors, range(9), strict=False))

    def __contains__(self, word):
        return word in self.vectors

    def __getitem__(self, word):
        return self.vectors[word]

    def __len__(self):
        return len(self.vectors)


def test_several_labels_a_text():
    texts, labels = TRAIN
    y = np.array(
        [["not" in t.split(), label == "fresh"] for t, label in zip(texts, labels, strict=True)]
    )
    frame = pd.DataFrame(y.astype(int), columns=["negated", "fresh"])
    model = text(epochs=10, learning_rate=0.03).fit(texts, frame)
    assert model.classes_.tolist() == ["negated", "fresh"]
    assert model.predict_proba(texts).shape == (300, 2)
    assert model.score(texts, y.astype(int)) > 0.9


@pytest.mark.parametrize(
    ("texts", "error", "message"),
    [
        (["a", None], TypeError, r"X\[1\] must be a string, got None. Fill or drop"),
        (["a", float("nan")], TypeError, r"X\[1\] must be a string, got nan. Fill or drop"),
        (["a", 3], TypeError, r"X\[1\] must be a string, got 3"),
        (["a", " "], ValueError, r"X\[1\] is an empty text, ' '"),
        (["a", ""], ValueError, r"X\[1\] is an empty text"),
        ([], ValueError, "at least one text"),
        ("a text", TypeError, r"must be a list of strings, got one. Use \[X\]"),
        (np.zeros((2, 3)), ValueError, r"X must be texts \(n,\), got shape \(2, 3\)"),
        (np.zeros(2), TypeError, r"X\[0\] must be a string, got 0.0"),
    ],
)
def test_bad_texts(model, texts, error, message):
    with pytest.raises(error, match=message):
        text().fit(texts, ["x", "y"])
    with pytest.raises(error, match=message):
        model.predict(texts)


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        (
            {"tokens": "words"},
            ValueError,
            "tokens must be 'word', 'subword', 'char' or 'whitespace'",
        ),
        ({"max_tokens": 0}, ValueError, "max_tokens must be .* or None, got 0"),
        ({"max_tokens": 2}, ValueError, "X must have at least one token that .*max_tokens=2 leave"),
        ({"max_tokens": 2, "tokens": "subword"}, ValueError, "X must have at least one token"),
        ({"min_frequency": 10**4}, ValueError, "that min_frequency=10000 .*Lower min_frequency"),
        ({"embeddings": np.zeros((3, 3))}, TypeError, "embeddings must be a dict"),
        ({"embeddings": {"zebra": [1.0]}}, ValueError, "got none among 1 tokens"),
        ({"embeddings": {"good": [1.0], "bad": [1.0, 2.0]}}, ValueError, r"\(1,\) of 'good'"),
        ({"optimizer": "adamm"}, ValueError, "Did you mean 'adam'"),
        ({"pooling": ("mean", "median")}, ValueError, "each of pooling must be"),
        ({"token_dropout": 1}, ValueError, "token_dropout must be a fraction"),
    ],
)
def test_bad_parameters(options, error, message):
    with pytest.raises(error, match=message):
        text(**options).fit(*TRAIN)
