"""Fitting on a tf.data.Dataset of single examples."""

from __future__ import annotations

import numpy as np
import pytest
import tensorflow as tf

import seqkit
from seqkit.training import stream_sources, streams
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
    monkeypatch.setattr(stream_sources, "CHUNK", 130)


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
    tagger = seqkit.SequenceTagger("gru", units=8, epochs=20, random_state=0).fit(tags)
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
        (tf.data.Dataset.from_tensor_slices((TEXTS, FRESH)).repeat(), {}, "steps_per_epoch"),
        (
            tf.data.Dataset.from_tensor_slices((TEXTS, FRESH)).batch(4).batch(2),
            {},
            r"\.unbatch\(\)",
        ),
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


AMBIGUOUS = ("integers", "of one feature", "pairs")


@pytest.mark.parametrize("kind", sorted({*BATCHES} - {*AMBIGUOUS}))
def test_batches_are_read_as_single_examples(kind):
    of_class, data = BATCHES[kind]
    single = tf.data.Dataset.from_tensor_slices(data)
    models = [
        of_class("gru", units=2, epochs=1, batch_size=8, random_state=0).fit(stream)
        for stream in (single, single.batch(6), single.batch(7).map(lambda *parts: parts))
    ]
    expected, *found = ([w.numpy() for w in m.model_.weights] for m in models)
    for weights in found:
        for one, other in zip(weights, expected, strict=True):
            np.testing.assert_array_equal(one, other)
    batched = single.map(lambda x, y: x).batch(6)
    if kind not in ("texts to tag", "steps"):  # alone their batches may be one sequence each
        for one, other in zip(models[0].predict(batched), models[0].predict(single), strict=True):
            np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize("rows", [4, 6])
@pytest.mark.parametrize("kind", AMBIGUOUS)
def test_batches_that_may_be_one_sequence_are_refused(kind, rows):
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


@pytest.mark.parametrize("kind", ["classes", "numbers", "tokens", "texts to tag", "steps"])
def test_empty_streams_of_every_estimator(kind):
    of_class, data = BATCHES[kind]
    pairs = tf.data.Dataset.from_tensor_slices(data)
    new = of_class("gru", units=2, epochs=1, random_state=0)
    message = "^X must hold at least one sample, got 0 samples: the tf.data.Dataset is empty"
    for call in (new.fit, new.partial_fit):
        with pytest.raises(ValueError, match=message):
            call(pairs.take(0), None)
        assert not hasattr(new, "model_")
    with pytest.raises(ValueError, match=message.replace("X", "validation_data")):
        new.fit(pairs, validation_data=pairs.take(0))
    model = new.fit(pairs)
    before = model.model_.get_weights()
    calls = [model.predict, lambda X: model.partial_fit(X, None)]
    calls += [model.predict_proba] if kind != "numbers" else []
    for call in calls:
        with pytest.raises(ValueError, match=message):
            call(pairs.take(0))
    inputs = pairs.map(lambda x, y: x)
    with pytest.raises(ValueError, match=message):
        model.predict(inputs.take(0))
    for one, other in zip(model.model_.get_weights(), before, strict=True):
        np.testing.assert_array_equal(one, other)


def test_batches_that_may_be_one_sequence_are_refused_in_prediction():
    pairs = seqkit.Seq2SeqTranslator("gru", units=2, epochs=1).fit(TEXTS, FRESH)
    with pytest.raises((ValueError, TypeError), match=r"\.unbatch\(\)"):
        pairs.predict(tf.data.Dataset.from_tensor_slices(TEXTS).batch(3))


@pytest.mark.parametrize(
    "spec", [(None, 2), (None, None), None], ids=["features known", "unknown", "rank unknown"]
)
def test_elements_cross_together_as_they_would_alone(small_chunks, spec):
    numbers = tf.TensorSpec(spec)
    pairs = tf.data.Dataset.from_generator(
        lambda: zip(X, Y, strict=True), output_signature=(numbers, tf.TensorSpec((), tf.string))
    )
    columns = list(stream_sources.chunks_of(pairs, "X", batched=False))
    assert [len(y) for _, y in columns] == [130, 130, 40]
    found = [x for xs, _ in columns for x in xs]
    assert [x.tobytes() for x in found] == [x.tobytes() for x in X]
    assert {x.dtype for x in found} == {np.dtype("float32")}
    assert [label for _, labels in columns for label in labels] == list(Y)


def batches(rows=60, passes=None):
    def begin():
        if passes is not None:
            passes.append(1)
        for start in range(0, len(X), rows):
            yield X[start : start + rows], Y[start : start + rows]

    return begin


def test_a_function_that_begins_a_pass_is_a_stream():
    passes: list[int] = []
    model = small(epochs=3).fit(
        seqkit.data.Batches(batches(passes=passes), rows=300), validation_data=batches()
    )
    assert len(model.history_["val_loss"]) == 3
    # Once to learn of, by all of an epoch.
    assert len(passes) == 4
    singles = small(epochs=3).fit(dataset(X, Y), validation_data=dataset(X, Y))
    np.testing.assert_allclose(model._input.mean, singles._input.mean, rtol=1e-9)
    np.testing.assert_array_equal(model.predict(batches()()), model.predict(X))
    np.testing.assert_array_equal(model.predict(x for x, _ in batches()()), model.predict(X))


def test_a_stream_without_an_end_needs_the_steps_of_an_epoch():
    """The second epoch goes on where the first one ended, and both see all samples."""
    seen: list[int] = []

    def endless():
        while True:
            for start in range(0, 300, 30):
                seen.append(start)
                yield X[start : start + 30], Y[start : start + 30]

    model = small(epochs=4, batch_size=30, learning_rate=0.03)
    model.fit(endless, steps_per_epoch=5)
    assert model.n_iter_ == 4
    assert model.chosen_["early_stopping"].value is False
    assert {*seen} == {*range(0, 300, 30)}
    forever = dataset(X, Y).repeat()
    again = small(epochs=2, batch_size=30).fit(forever, steps_per_epoch=10)
    assert int(again.model_.optimizer.iterations.numpy()) == 20
    first = small(epochs=1).fit(X, Y)
    # Of an epoch, which is all of them once.
    np.testing.assert_allclose(again._input.mean, first._input.mean, rtol=1e-6)
    with pytest.raises(ValueError, match="must end"):
        again.predict(forever)
    with pytest.raises(ValueError, match="steps_per_epoch must be None"):
        small().fit(X, Y, steps_per_epoch=3)
    with pytest.raises(ValueError, match="steps_per_epoch must be"):
        small().fit(forever, steps_per_epoch=0)


@pytest.mark.parametrize(
    ("X", "message"),
    [
        (iter([([[1.0]], ["a"])]), "Give the function that begins it"),
        (lambda: iter([[[1.0], [2.0]]]), "X alone"),
        (lambda: iter([([[1.0]], ["a"], [1.0], [1.0])]), "a tuple of 4"),
        (lambda: iter([]), "0 samples"),
        (lambda: iter([([[1.0]], ["a"]), ([[np.nan]], ["b"])]), "NaN"),
    ],
)
def test_batches_of_another_form_are_refused(X, message):
    model = small(epochs=1)
    with pytest.raises((ValueError, TypeError), match=message):
        model.fit(X)
    assert not hasattr(model, "model_")


def test_a_target_that_fails_ends_the_pass():
    def begin():
        yield X[:60], [*Y[:60]]
        yield X[60:120], [None, *Y[61:120]]

    with pytest.raises(ValueError, match=r"y\[0\] is missing"):
        small(epochs=1).fit(begin)
    with pytest.raises(ValueError, match="at least 2 classes"):
        small(epochs=1).fit(lambda: iter([(X[:60], ["a"] * 60)]))


def test_targets_beside_a_stream_are_refused():
    with pytest.raises(ValueError, match="y and sample_weight must be None"):
        small().fit(dataset(X, Y), Y)
