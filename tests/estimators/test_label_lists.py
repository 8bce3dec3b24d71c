"""Several labels a sample, written as lists or sets of them."""

from __future__ import annotations

import functools

import numpy as np
import pandas as pd
import pytest
import tensorflow as tf
from sklearn.preprocessing import MultiLabelBinarizer

import seqkit
from seqkit.estimators.targets.label_lists import label_lists
from tests.estimators.toy import small, untrained

WORDS = {"a": "apple", "b": "bread", "c": "corn"}
Y = [["a"], ["b", "a"], [], ["b"], ["c", "a"], ["b", "c"]] * 4
X = [" ".join(["we", "had", *(WORDS[label] for label in row)]) for row in Y]
MATRIX = MultiLabelBinarizer().fit_transform(Y)
SERIES = [np.random.default_rng(i).normal(size=(5, 2)).astype("float32") for i in range(len(Y))]


def texts(**options):
    return seqkit.TextClassifier(
        "gru", units=8, embedding_dim=8, **{"epochs": 2, "random_state": 0, **options}
    )


@pytest.mark.parametrize(
    "form",
    [
        list,
        tuple,
        lambda y: [set(row) for row in y],
        lambda y: [frozenset(row) for row in y],
        lambda y: [tuple(row + row) for row in y],
        lambda y: [np.array(row, dtype=str) for row in y],
        pd.Series,
        lambda y: pd.Series(y, range(100, 100 + len(y))),
        lambda y: pd.Series(y).to_numpy(),
    ],
)
def test_forms_of_lists(form):
    """A label twice is a label: what is learned are indicators."""
    assert [sorted(set(row)) for row in label_lists(form(Y))] == [sorted(row) for row in Y]


@functools.cache
def of_indicators():
    return small(epochs=1).fit(SERIES, MATRIX)


@pytest.mark.parametrize("first", ["a", 5])
def test_lists_are_read_as_their_indicators(first):
    names = dict(zip("abc", "abc" if first == "a" else (5, 6, 7), strict=True))
    found = small(epochs=1).fit(SERIES, [{names[label] for label in row} for row in Y])
    assert found.classes_.tolist() == [*names.values()]
    expected = of_indicators()
    np.testing.assert_array_equal(found.predict_proba(SERIES), expected.predict_proba(SERIES))
    np.testing.assert_array_equal(found.predict(SERIES), expected.predict(SERIES))


def test_rows_of_one_length_are_lists_where_they_hold_several_strings():
    y = [["a", "b"], ["b", "c"], ["c", "a"]] * 8
    assert label_lists(y) == y
    assert label_lists([[0, 1], [1, 1], [1, 0]] * 8) is None
    assert label_lists([["a"], ["b"]]) is None
    assert label_lists([["a"], ["b"]], expected=True) == [["a"], ["b"]]


def test_all_labels_are_learned_and_scored(tmp_path):
    model = texts(epochs=60, learning_rate=0.02).fit(X, Y)
    assert model.score(X, Y) > 0.9
    assert model.score(X, MATRIX) == model.score(X, Y)
    for labels, row in zip(Y, model.predict(X), strict=True):
        if set(labels) == {"b"}:
            assert model.classes_[row > 0].tolist() == ["b"]
    # A label that fit has not seen is never right.
    unknown = [["z"], *Y[1:]]
    assert model.score(X, unknown) == pytest.approx(model.score(X, Y) - 1 / len(X))
    weights = np.arange(len(X)) == 0
    assert model.score(X, unknown, sample_weight=weights) == 0
    with pytest.raises(ValueError, match="24 sequences and 3 labels"):
        model.score(X, Y[:3])


@untrained()
def test_lists_are_kept_in_files_and_exports(tmp_path):
    model = texts(epochs=1).fit(X, [set(row) for row in Y])
    loaded = seqkit.load(model.save(tmp_path / "model"))
    np.testing.assert_array_equal(loaded.predict_proba(X), model.predict_proba(X))
    loaded.partial_fit(X[:3], Y[:3])
    assert loaded.score(X, Y) >= 0
    served = tf.saved_model.load(model.export(tmp_path / "export")).signatures["serving_default"]
    answer = served(inputs=tf.constant(X[:2]))
    assert answer["labels"].numpy().tolist() == [[b"a", b"b", b"c"]] * 2
    np.testing.assert_allclose(answer["probabilities"], model.predict_proba(X[:2]), atol=1e-6)


@untrained()
def test_classes_that_later_data_bring():
    model = small().partial_fit(SERIES[:4], Y[:4], classes=["c", "b", "a"])
    assert model.classes_.tolist() == ["a", "b", "c"]
    model.partial_fit(SERIES[:2], [["a"], ["b"]])  # of one length, and lists all the same
    with pytest.raises(ValueError, match="'z', which is not among the classes"):
        model.partial_fit(SERIES[:2], [["a"], ["z", "a"]])
    with pytest.raises(ValueError, match="validation_data: y has 'z'.*Leave such samples out"):
        small().fit(SERIES, Y, validation_data=(SERIES[:2], [["z"], []]))


@untrained()
def test_another_form_than_that_of_the_first_fit():
    with pytest.raises(ValueError, match="form of the first fit"):
        small(epochs=1).fit(SERIES, MATRIX).partial_fit(SERIES, Y)
    with pytest.raises(ValueError, match="form of the first fit"):
        small(epochs=1).fit(SERIES, ["a", "b"] * 12).partial_fit(SERIES, Y)
    with pytest.raises(TypeError, match=r"y\[0\] must be a list of labels, got 'a'"):
        small(epochs=1).fit(SERIES, Y).partial_fit(SERIES, ["a", "b"] * 12)


@pytest.mark.parametrize(
    ("y", "error", "message"),
    [
        (
            [["a"], "b", ["c"]],
            TypeError,
            r"y\[1\] must be a list of labels, got 'b'.*\[\] for none",
        ),
        ([["a"], None, ["c"]], TypeError, r"y\[1\] must be a list of labels, got None"),
        ([["a"], 3, ["c", "a"]], TypeError, r"y\[1\] must be a list of labels, got 3"),
        ([["a"], ["b", None], []], ValueError, r"y\[1\]\[1\] is missing, None"),
        ([["a"], np.ma.masked_equal(["b", "x"], "x"), []], ValueError, r"y\[1\]\[1\] is missing"),
        ([["a"], ["b", float("nan")], []], ValueError, r"y\[1\]\[1\] is missing, nan"),
        ([["a"], ["b", 3], []], TypeError, r"y\[1\]\[1\] is 3, and y\[0\]\[0\] is 'a'.*one type"),
        ([["a"], [["b"]], []], TypeError, r"y\[1\]\[0\] must be one label, got \['b'\]"),
        ([[0.5], [1.5, 2.0], []], ValueError, r"y\[0\]\[0\] is 0.5.*use SequenceRegressor"),
        ([[], [], []], ValueError, "at least one label, got empty lists alone"),
    ],
)
def test_what_is_no_list_of_labels_is_refused_by_place(y, error, message):
    with pytest.raises(error, match=message):
        small().fit(SERIES[:3], y)


@pytest.mark.parametrize(
    "y",
    [["a", "b"], [["a"], ["b"]], [[0, 1], [1, 0]], MATRIX, np.array(["a", "b"]), pd.Series([1, 2])],
)
def test_other_forms_are_no_lists(y):
    assert label_lists(y) is None
