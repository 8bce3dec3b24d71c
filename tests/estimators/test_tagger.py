"""SequenceTagger: labels for each step of texts and of numbers, with and without a CRF."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
import tensorflow as tf

import seqkit
from seqkit.metrics import span_f1
from tests.conformance.tasks import rising, spans
from tests.estimators.toy import untrained

TRAIN, TEST = spans(200, seed=1), spans(100, seed=2)


def tagger(**options) -> seqkit.SequenceTagger:
    small = {"units": 8, "epochs": 8, "embedding_dim": 8, "learning_rate": 0.03, "random_state": 0}
    return seqkit.SequenceTagger("gru", **{**small, **options})


@pytest.fixture(scope="module", params=[False, True], ids=["softmax", "crf"])
def model(request):
    return tagger(crf=request.param).fit(*TRAIN)


def test_learns_names_by_what_is_before_them(model):
    assert model.score(*TEST) > 0.97
    assert span_f1(TEST[1], model.predict(TEST[0])) > 0.95


def test_predictions_are_one_a_step(model):
    X, _ = TEST
    predicted, probabilities = model.predict(X), model.predict_proba(X)
    assert [len(row) for row in predicted] == [len(x) for x in X]
    for row, p in zip(predicted, probabilities, strict=True):
        assert p.shape == (len(row), len(model.classes_))
        np.testing.assert_allclose(p.sum(1), 1, atol=1e-5)


def test_strings_are_token_lists_joined(model):
    X = TEST[0][:9]
    for a, b in zip(model.predict_proba(X), model.predict_proba(map_join(X)), strict=True):
        np.testing.assert_array_equal(a, b)


def map_join(X: list[list[str]]) -> list[str]:
    return [" ".join(x) for x in X]


def test_the_export_answers_as_predict(model, tmp_path):
    X = TEST[0][:9]
    serve = tf.saved_model.load(model.export(tmp_path)).signatures["serving_default"]
    answer = serve(inputs=tf.constant(map_join(X)))
    for labels, p, row, q in zip(
        answer["labels"].numpy(),
        answer["probabilities"].numpy(),
        model.predict(X),
        model.predict_proba(X),
        strict=True,
    ):
        expected = [*row.tolist(), *[""] * (len(labels) - len(row))]
        assert [label.decode() for label in labels] == expected
        np.testing.assert_allclose(p[: len(row)], q, atol=1e-5)


@untrained()
def test_a_crf_never_begins_inside_a_span():
    rng = np.random.default_rng(0)
    X = [rng.choice(["a", "b", "c"], 12).tolist() for _ in range(60)]
    y = []
    for x in X:  # a span begins at "a" and goes on until "c"
        inside, row = False, []
        for token in x:
            row.append("B-X" if token == "a" else "I-X" if inside and token == "b" else "O")
            inside = row[-1] != "O"
        y.append(row)
    model = tagger(crf=True, epochs=2).fit(X, y)
    for found in model.predict([rng.choice(["a", "b", "c"], 30).tolist() for _ in range(50)]):
        row = list(found)
        before = ["O", *row[:-1]]
        assert all(b != "O" for b, label in zip(before, row, strict=True) if label == "I-X")


@pytest.mark.parametrize("crf", [False, pytest.param(True, marks=pytest.mark.slow)])
def test_numbers(crf, tmp_path):
    X, y = rising(150, seed=1)
    model = tagger(crf=crf, epochs=12, dropout=0.0).fit(X, y)
    assert model.score(*rising(50, seed=2)) > 0.85
    serve = tf.saved_model.load(model.export(tmp_path)).signatures["serving_default"]
    batch = np.full((1, 12, 1), np.nan, np.float32)
    batch[0, : len(X[0])] = X[0]
    labels = [v.decode() for v in serve(inputs=tf.constant(batch))["labels"].numpy()[0] if v]
    assert labels == model.predict(X[:1])[0].tolist()


def walks(samples: int, seed: int) -> tuple[list[np.ndarray], list[list[str]]]:
    """Random walks of length 20-49; a label says whether the step is above the one before."""
    rng = np.random.default_rng(seed)
    X = [rng.normal(size=(rng.integers(20, 50), 1)).cumsum(0) for _ in range(samples)]
    return X, [["up" if step > 0 else "down" for step in np.diff(x[:, 0], prepend=0)] for x in X]


@pytest.mark.parametrize("stem", ["segments", pytest.param("convolution", marks=pytest.mark.slow)])
def test_each_step_has_its_label_behind_a_stem(stem, tmp_path):
    """Its own value does not say it: that of the step before is in the segments alone."""
    options = {"stem": stem, "stride": 4, "units": 16, "dropout": 0.0, "learning_rate": 0.01}
    X, y = walks(120, seed=1)
    model = tagger(**options, epochs=30).fit(X, y)
    X_test, y_test = walks(40, seed=2)
    assert [len(row) for row in model.predict(X_test)] == [len(x) for x in X_test]
    assert model.score(X_test, y_test) > 0.8
    for x, found in zip(X_test[:5], model.predict_proba(X_test), strict=False):
        np.testing.assert_allclose(model.predict_proba([x])[0], found, atol=1e-5)
    serve = tf.saved_model.load(model.export(tmp_path)).signatures["serving_default"]
    batch = np.full((3, 60, 1), np.nan, np.float32)
    for row, x in zip(batch, X_test, strict=False):
        row[: len(x)] = x
    answers = serve(inputs=tf.constant(batch))["labels"].numpy()
    for labels, row in zip(answers, model.predict(X_test[:3]), strict=True):
        assert [label.decode() for label in labels if label] == row.tolist()


@untrained()
def test_the_stem_of_a_tagger_is_asked_for():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(8, 70, 1))
    y = [["a", "b"] * 35] * 8
    assert tagger().fit(X, y)._input.stem is None
    model = tagger(stem="auto", crf=True).fit(X, y)
    assert (model.chosen_["stem"].value, model.chosen_["stride"].value) == ("segments", 4)
    assert [len(row) for row in model.predict(X)] == [70] * 8
    texts = tagger(stem="auto").fit(*TRAIN)
    assert texts.chosen_["stem"].value is None
    with pytest.raises(ValueError, match="stem must be None or 'auto' where X is texts, got 'seg"):
        tagger(stem="segments").fit(*TRAIN)
    with pytest.raises(ValueError, match="stem must be 'auto', 'segments', 'convolution' or None"):
        tagger(stem="segment").fit(X, y)


@untrained()
def test_steps_past_max_length_get_the_most_frequent_label():
    model = tagger(max_length=2, epochs=2).fit(*TRAIN)
    (row,) = model.predict([["ann", "lee", "went", "in", "bath"]])
    labels = np.unique(np.concatenate(TRAIN[1]))
    assert len(row) == 5
    assert set(row[2:]) <= set(labels)
    assert len(set(row[2:])) == 1


def test_weights_decide():
    X, y = [["a"]] * 20, [["p"], ["q"]] * 10
    assert tagger(class_weight={"p": 9, "q": 1}).fit(X, y).predict(X)[0] == ["p"]
    weight = np.where(np.arange(20) % 2, 9.0, 1.0)
    for crf in (False, True):
        assert tagger(crf=crf).fit(X, y, sample_weight=weight).predict(X)[0] == ["q"]


@pytest.mark.parametrize(
    ("X", "y", "error", "message"),
    [
        ([["a", "b"], ["c"]], [["p", "q"], ["p", "q"]], ValueError, r"y\[1\] has 2 .*X\[1\] has 1"),
        ([["a"], ["b"], ["c"]], [["p"], ["q"]], ValueError, "3 sequences and 2"),
        ([["a"], ["c"]], [["p"], ["p"]], ValueError, "at least 2 classes, got 1 class: 'p'"),
        ([["a"], ["c"]], [["p"], [None]], ValueError, r"y\[1\]\[0\] is missing"),
        ([["a"], ["c"]], ["p", "q"], TypeError, r"y\[0\] must be a list of labels"),
        ([["a b"], ["c"]], [["p"], ["q"]], ValueError, r"X\[0\]\[0\] .* without blanks, got 'a b'"),
        ([["a", None], ["c"]], [["p", "q"], ["q"]], TypeError, r"X\[0\]\[1\] must be a token"),
        ([[], ["c"]], [[], ["p", "q"]], (ValueError, TypeError), r"X\[0\]"),
        ([["a"], ["c"]], None, ValueError, "requires y to be passed"),
    ],
)
def test_bad_data(X, y, error, message):
    with pytest.raises(error, match=message):
        tagger().fit(X, y)


def test_other_kinds_of_input_and_labels_are_refused(model):
    with pytest.raises(TypeError, match="X must be texts, as in fit"):
        model.predict(np.zeros((2, 3, 1)))
    with pytest.raises(ValueError, match=r"y\[0\] has 'B-LOX'.*Did you mean 'B-LOC'"):
        model.partial_fit([["in"]], [["B-LOX"]])
    with pytest.raises(ValueError, match="class_weight must be None with crf=True"):
        tagger(crf=True, class_weight="balanced").fit(*TRAIN)


def test_a_vocabulary_of_no_token_is_refused():
    with pytest.raises(ValueError, match="X must have at least one token that min_frequency=9"):
        seqkit.SequenceTagger("gru", min_frequency=9).fit([["a", "b"]] * 3, [["x", "y"]] * 3)
    with pytest.raises(ValueError, match="X must have at least one token that .*max_tokens=2"):
        seqkit.SequenceTagger("gru", max_tokens=2).fit([["a", "b"]] * 3, [["x", "y"]] * 3)


@untrained()
def test_the_share_of_words_with_a_given_vector_is_kept():
    X, y = [["a", "b"], ["b", "a"]] * 2, [["x", "y"]] * 4
    found = seqkit.SequenceTagger("gru", units=2, epochs=1, embeddings={"a": [1.0]}).fit(X, y)
    assert found.embeddings_found_ == 0.5


def test_no_texts(model):
    nothing: tuple[Any, ...] = ([], np.array([]), tf.data.Dataset.from_tensors("a").take(0))
    for call in (model.predict, model.predict_proba, lambda X: model.score(X, [])):
        for X in nothing:
            with pytest.raises(ValueError, match="X must hold at least one (text|sample), got 0"):
                call(X)


@pytest.mark.parametrize(
    ("y", "error", "message"),
    [
        (None, ValueError, "requires y to be passed, but the target y is None"),
        (["OO", "O"], TypeError, r"y\[0\] must be a list of labels, one a step, got 'OO'"),
        ([["O", None], ["O"]], ValueError, r"y\[0\]\[1\] is missing"),
        ([["O", ("O", 1)], ["O"]], TypeError, r"y\[0\]\[1\] must be one label, got"),
        ([["O", "O"]], ValueError, "X and y must be of the same length, got 2 .* and 1 list of"),
        ([["O", "O"], []], ValueError, r"y\[1\] has 0 labels, and X\[1\] has 1 steps"),
    ],
)
def test_labels_are_checked_in_score_as_in_fit(model, y, error, message):
    with pytest.raises(error, match=message):
        model.score([["in", "bath"], ["saw"]], y)


def test_labels_that_score_reads_as_fit_does(model):
    X = [["in", "bath"], ["saw", "bob"]]
    y = [row.tolist() for row in model.predict(X)]
    y[1][1] = "new"  # which fit has not seen: a wrong one
    for labels in (y, np.array(y)[:, :, None], pd.DataFrame(y), pd.Series(y, index=[5, 3])):
        assert model.score(X, labels) == 0.75
    assert model.score(tf.data.Dataset.from_tensor_slices(X), y) == 0.75


@untrained()
def test_score_orders_labels_as_a_long_frame_does():
    X, y = rising(20, seed=1)
    model = tagger(epochs=1).fit(X, y)
    frames = [
        pd.DataFrame({"unique_id": i, "ds": np.arange(len(x)), "x": x[:, 0]})
        for i, x in enumerate(X)
    ]
    frame = pd.concat(frames, ignore_index=True)
    assert model.score(frame, pd.Series(y)[::-1]) == model.score(X, y)


def test_a_token_that_is_a_tuple_is_named_by_place(model):
    pairs = [[("in", "IN"), ("bath", "NN")]]
    for call in (model.predict, lambda X: tagger().fit(X, [["O", "B-LOC"]])):
        with pytest.raises(TypeError, match=r"X\[0\]\[0\] must be a token, a string, got \('in'"):
            call(pairs)
