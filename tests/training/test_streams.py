"""Fitting on a tf.data.Dataset of single examples."""

from __future__ import annotations

import numpy as np
import pytest
import tensorflow as tf

import seqkit
from seqkit.training import streams
from tests.estimators.toy import first_event, small

X, Y = first_event(300, seed=1)
X_TEST, Y_TEST = first_event(200, seed=2)
TEXTS = ["a good film", "good, very good", "a bad film", "bad and dull"] * 10
FRESH = ["fresh", "fresh", "rotten", "rotten"] * 10


def dataset(X, y) -> tf.data.Dataset:
    def generate():
        yield from zip(X, y, strict=True)

    signature = tf.TensorSpec((None, X[0].shape[1])), tf.TensorSpec((), tf.string)
    return tf.data.Dataset.from_generator(generate, output_signature=signature)


@pytest.fixture
def small_chunks(monkeypatch):
    monkeypatch.setattr(streams, "CHUNK", 130)


def test_learns_as_from_memory(small_chunks):
    model = small(units=16, epochs=8, learning_rate=0.03)
    model.fit(dataset(X, Y), validation_data=dataset(X_TEST, Y_TEST))
    assert model.score(X_TEST, Y_TEST) > 0.9
    assert model.classes_.tolist() == ["left", "right"]
    assert len(model.history_["val_loss"]) == 8
    in_memory = small(epochs=1).fit(X, Y)
    for name in ("mean", "variance"):
        found, expected = (getattr(m._input, name) for m in (model, in_memory))
        np.testing.assert_allclose(found, expected, rtol=1e-6)


def test_every_example_is_in_a_pass_once(small_chunks):
    made = streams.Stream(dataset(X, Y), small(epochs=1).fit(X, Y)._examples)
    found = []
    for batch, _, weights in made.dataset(16, np.random.default_rng(0)).as_numpy_iterator():
        rows = [row[~np.isnan(row[:, 0])] for row in batch[weights > 0]]
        found += [row.tobytes() for row in rows]
        assert batch.shape[0] == 16
    assert sorted(found) == sorted(x.tobytes() for x in X)


def test_no_pass_waits_for_the_thread_that_tunes():
    """TensorFlow's sleeps for longer and longer, up to a minute, and is not woken at the end."""
    fitted = small(epochs=1).fit(X, Y)
    for data in (streams.Stream(dataset(X, Y), fitted._examples), fitted._examples(X, Y, None)):
        assert data.dataset(16).options().autotune.enabled is False


def test_texts_are_learned_and_predicted_from_a_stream():
    pairs = tf.data.Dataset.from_tensor_slices((TEXTS, FRESH))
    model = seqkit.TextClassifier("gru", units=8, epochs=10, random_state=0).fit(pairs)
    assert model.score(TEXTS, FRESH) == 1
    np.testing.assert_array_equal(model.predict_proba(pairs), model.predict_proba(TEXTS))
    assert set(model.vocabulary_) == {"a", "good", "film", ",", "very", "bad", "and", "dull"}


@pytest.mark.slow
def test_regression_and_tags_from_a_stream(small_chunks):
    values = [float(x.sum()) for x in X]
    signature = tf.TensorSpec((None, 2)), tf.TensorSpec(())
    numbers = tf.data.Dataset.from_generator(
        lambda: zip(X, values, strict=True), output_signature=signature
    )
    regressor = seqkit.SequenceRegressor("gru", units=8, pooling="mean", epochs=15, random_state=0)
    assert regressor.set_params(dropout=0.0).fit(numbers).score(X, values) > 0.6
    labels = [np.where(x[:, 0] > 0, "high", "low") for x in X]
    signature = tf.TensorSpec((None, 2)), tf.TensorSpec((None,), tf.string)
    tags = tf.data.Dataset.from_generator(
        lambda: zip(X, labels, strict=True), output_signature=signature
    )
    tagger = seqkit.SequenceTagger("gru", units=8, epochs=10, random_state=0).fit(tags)
    assert tagger.score(X, labels) > 0.95


@pytest.mark.parametrize(
    ("data", "options", "message"),
    [
        (tf.data.Dataset.from_tensor_slices(TEXTS), {}, r"must have elements \(x, y\)"),
        (tf.data.Dataset.from_tensor_slices({"text": TEXTS}), {}, "as_supervised=True"),
        (
            tf.data.Dataset.from_tensor_slices((TEXTS, FRESH)),
            {"early_stopping": True},
            "Give validation_data",
        ),
        (tf.data.Dataset.from_tensor_slices((TEXTS, FRESH)).batch(4), {}, "must be a string"),
    ],
)
def test_a_stream_of_another_form_is_refused(data, options, message):
    model = seqkit.TextClassifier("gru", units=4, epochs=2, **options)
    with pytest.raises((ValueError, TypeError), match=message):
        model.fit(data)
    assert not hasattr(model, "model_")


TOKENS = [["a", "b"], ["b", "a"]] * 10
TAGS = [["P", "Q"], ["Q", "P"]] * 10
NUMBERS = np.zeros((20, 3, 2), np.float32)
BATCHES = {
    "classes": (seqkit.SequenceClassifier, (NUMBERS, ["a", "b"] * 10)),
    "integers": (seqkit.SequenceClassifier, (NUMBERS[..., 0], [0, 1] * 10)),
    "numbers": (seqkit.SequenceRegressor, (NUMBERS, np.zeros(20))),
    "of one feature": (seqkit.SequenceRegressor, (NUMBERS[..., 0], np.zeros(20))),
    "texts": (seqkit.TextClassifier, (["a b", "b"] * 10, ["a", "b"] * 10)),
    "pairs": (seqkit.Seq2SeqTranslator, (["a b", "b"] * 10, ["a", "b"] * 10)),
    "tokens": (seqkit.SequenceTagger, (TOKENS, TAGS)),
    "texts to tag": (seqkit.SequenceTagger, ([" ".join(x) for x in TOKENS], TAGS)),
    "steps": (seqkit.SequenceTagger, (NUMBERS[..., 0], [["P", "Q", "Q"]] * 20)),
}


@pytest.mark.parametrize("rows", [4, 6])
@pytest.mark.parametrize("kind", BATCHES)
def test_batches_are_refused(kind, rows):
    of_class, data = BATCHES[kind]
    batches = tf.data.Dataset.from_tensor_slices(data).batch(rows)
    with pytest.raises((ValueError, TypeError), match=r"\.unbatch\(\)"):
        of_class("gru", units=2, epochs=1).fit(batches)


def test_indicators_of_unknown_number_are_no_batches():
    y = np.array([[0, 1], [1, 0]] * 10)
    spec = tf.TensorSpec((None, 2)), tf.TensorSpec((None,), tf.int64)
    rows = zip(NUMBERS, y, strict=True)
    data = tf.data.Dataset.from_generator(lambda: rows, output_signature=spec).cache()
    assert small(epochs=1).fit(data).predict(NUMBERS).shape == (20, 2)


def test_empty_streams():
    pairs = tf.data.Dataset.from_tensor_slices((TEXTS, FRESH))
    new = seqkit.TextClassifier("gru", units=2, epochs=1, random_state=0)
    message = "^X must hold at least one sample, got 0 samples: the tf.data.Dataset is empty"
    with pytest.raises(ValueError, match=message):
        new.fit(pairs.take(0))
    with pytest.raises(ValueError, match=message.replace("X", "validation_data")):
        new.fit(pairs, validation_data=pairs.take(0))
    model = new.fit(pairs)
    calls = (model.predict, model.predict_proba, lambda X: model.partial_fit(X, None))
    for call in calls:
        with pytest.raises(ValueError, match=message):
            call(pairs.take(0))
    translator = seqkit.Seq2SeqTranslator("gru", units=2, epochs=1).fit(TEXTS, FRESH)
    with pytest.raises(ValueError, match=message):
        translator.predict(pairs.take(0))
    with pytest.raises(ValueError, match=message):
        translator.score(pairs.take(0))


def test_batches_are_refused_in_prediction():
    texts = seqkit.TextClassifier("gru", units=2, epochs=1).fit(TEXTS, FRESH)
    numbers = small(epochs=1).fit(NUMBERS, ["a", "b"] * 10)
    pairs = seqkit.Seq2SeqTranslator("gru", units=2, epochs=1).fit(TEXTS, FRESH)
    for model, X in ((texts, TEXTS), (pairs, TEXTS), (numbers, NUMBERS)):
        with pytest.raises((ValueError, TypeError), match=r"\.unbatch\(\)"):
            model.predict(tf.data.Dataset.from_tensor_slices(X).batch(3))


def test_targets_beside_a_stream_are_refused():
    with pytest.raises(ValueError, match="y and sample_weight must be None"):
        small().fit(dataset(X, Y), Y)
