"""A tagger that reads tokens by their pieces: a label stays one a token."""

from __future__ import annotations

import copy

import numpy as np
import pytest
import tensorflow as tf

import seqkit
from tests.estimators.toy import untrained

ENDINGS = {"ing": "B-DOING", "ly": "I-DOING", "s": "O"}
SYLLABLES = ["ba", "do", "ki", "lu", "me", "no", "ra", "su", "ti", "vo"]


def sentences(samples: int, seed: int) -> tuple[list[list[str]], list[list[str]]]:
    """Stems that are hardly ever the same, whose ending is the label: a span is one word in -ing
    and the words in -ly after it."""
    rng = np.random.default_rng(seed)
    X, y = [], []
    for _ in range(samples):
        x: list[str] = []
        labels: list[str] = []
        for _ in range(rng.integers(2, 7)):
            inside = bool(labels) and labels[-1] != "O"
            ending = str(rng.choice(["ing", "s", "ly"] if inside else ["ing", "s"]))
            x.append("".join(rng.choice(SYLLABLES, 4)) + ending)
            labels.append(ENDINGS[ending])
        X.append(x)
        y.append(labels)
    return X, y


TRAIN, TEST = sentences(120, seed=1), sentences(60, seed=2)


def tagger(**options) -> seqkit.SequenceTagger:
    small = {"units": 8, "epochs": 10, "embedding_dim": 16, "learning_rate": 0.03, "max_tokens": 60}
    few = {"batch_size": 16, "random_state": 0, "tokens": "subword"}
    return seqkit.SequenceTagger("gru", **{**small, **few, **options})


@pytest.fixture(scope="module")
def model():
    return tagger(crf=True, max_length=5, epochs=3).fit(*TRAIN)


def test_words_that_nobody_has_seen_are_read_by_their_pieces():
    assert tagger().fit(*TRAIN).score(*TEST) > 0.95
    by_word = tagger(tokens="word", max_tokens=20_000, epochs=2).fit(*TRAIN)
    assert by_word.score(*TEST) < 0.8


def test_a_label_is_one_a_token_wherever_the_row_is_cut(model, tmp_path):
    X = [*TEST[0], ["badobadobadobadobadobadobadobadobadobadobadoing", "日本"]]
    assert any(len(x) > 5 for x in X)
    labels, probabilities = model.predict(X), model.predict_proba(X)
    assert list(map(len, labels)) == list(map(len, probabilities)) == list(map(len, X))
    served = tf.saved_model.load(model.export(tmp_path)).signatures["serving_default"]
    answer = served(inputs=tf.constant([" ".join(x) for x in X]))
    for i, (row, p) in enumerate(zip(labels, probabilities, strict=True)):
        found = [label.decode() for label in answer["labels"][i].numpy() if label]
        assert found == row.tolist()
        np.testing.assert_allclose(answer["probabilities"][i][: len(row)], p, atol=1e-5)
    with pytest.raises(tf.errors.InvalidArgumentError, match=r"inputs: rows \[1\] have no token"):
        served(inputs=tf.constant(["bading", " "]))


def test_a_crf_ends_well_where_a_row_is_cut_inside_a_span(model):
    assert model._target.rules_out
    for x, row in zip(TEST[0], model.predict(TEST[0]), strict=True):
        before = ["O", *row[:4]]
        pairs = zip(before, row[:5], strict=False)
        assert all(b != "O" for b, label in pairs if label == "I-DOING"), x


def test_copies_files_and_strings(model, tmp_path):
    expected = np.concatenate(model.predict_proba(TEST[0]))
    copied = copy.deepcopy(seqkit.load(model.save(tmp_path / "model")))
    np.testing.assert_array_equal(np.concatenate(copied.predict_proba(TEST[0])), expected)
    texts = [" ".join(x) for x in TEST[0]]
    np.testing.assert_array_equal(np.concatenate(model.predict_proba(texts)), expected)
    assert len(model.vocabulary_) <= 60
    assert "▁" in model.vocabulary_
    assert len(model.tokenizer_.encode(["badoing ti"])[0]) == 2


def test_weights_of_steps_and_vectors_of_the_texts():
    X, y = (part[:24] for part in TRAIN)
    weights = [[0.0] * len(row) for row in y[:-1]] + [[1.0] * len(y[-1])]
    options = {"embeddings": "cooccurrence", "embedding_dim": 4, "epochs": 1}
    found = tagger(**options).fit(X, y, sample_weight=weights)
    assert np.isfinite(found.history_["loss"]).all()


@untrained()
def test_a_stream_of_texts():
    texts = [" ".join(x) for x in TRAIN[0][:24]]
    stream = tf.data.Dataset.from_tensor_slices((texts, tf.ragged.constant(TRAIN[1][:24])))
    found = tagger(epochs=1).fit(stream)
    assert list(map(len, found.predict(TEST[0]))) == list(map(len, TEST[0]))


def test_numbers_have_no_pieces():
    with pytest.raises(ValueError, match="tokens='subword' needs texts"):
        tagger().fit([[[1.0], [2.0]], [[3.0]]], [["a", "b"], ["a"]])
