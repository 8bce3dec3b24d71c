"""Sequences of different lengths as one array that ends in NaN: read as the sequences without."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
import tensorflow as tf

from seqkit.serving.json_rows import padded_rows
from tests.conformance.estimators import Kind, assert_same, data, fitted, kinds, outputs
from tests.serving.exported import check, exported

numeric = kinds("classifier", "regressor", "numeric_tagger")
NAN = np.nan


def padded(kind: Kind, more: int = 2):
    """X as an array, with more steps of padding than there need be, and y."""
    X, y = data(kind)
    rows = padded_rows(X).astype(X[0].dtype)
    return np.pad(rows, [(0, 0), (0, more), (0, 0)], constant_values=NAN), y


def of_padding_too(kind: Kind, y, values, fill):
    """A value a step, with those of padding."""
    if not kind.stepwise:
        return y
    longest = padded(kind)[0].shape[1]
    return [[*row, *[fill] * (longest - len(row))] for row in values]


@numeric
def test_they_are_predicted_as_lists(kind):
    array, y = padded(kind)
    X, _ = data(kind)
    model = fitted(kind)
    assert_same(outputs(model, array), model, X)
    assert_same(outputs(model, list(array)), model, X)
    assert_same(outputs(model, tf.data.Dataset.from_tensor_slices(array)), model, X)
    assert model.score(array, y) == model.score(X, y)
    if kind.stepwise:
        assert [len(row) for row in model.predict(array)] == [len(x) for x in X]


@numeric
@pytest.mark.parametrize("form", [tf.data.Dataset.from_tensor_slices, lambda a: lambda: iter([a])])
def test_a_stream_of_them_is_scored_as_lists(kind, form):
    """With labels and weights of padding, or without."""
    array, y = padded(kind)
    X, _ = data(kind)
    model = fitted(kind)
    weights: Any = np.linspace(0.5, 2, len(X))
    assert model.score(form(array), y, weights) == model.score(X, y, weights)
    if kind.stepwise:
        steps = [np.full(len(x), w) for x, w in zip(X, weights, strict=True)]
        labels = of_padding_too(kind, y, y, None)
        expected = model.score(X, y, steps)
        for w in (steps, of_padding_too(kind, y, steps, NAN)):
            assert model.score(form(array), labels, w) == expected
        rows = np.array(of_padding_too(kind, y, y, ""))
        assert model.score(form(array), rows[..., None], steps) == expected
        with pytest.raises(ValueError, match="same length, got 24 sequences and 23 lists of lab"):
            model.score(form(array), y[1:])
        with pytest.raises(ValueError, match=r"y\[5\] has \d+ labels, and X\[5\] has"):
            model.score(form(array), [*y[:5], y[5][:-1], *y[6:]])


@kinds("numeric_tagger")
def test_a_stream_of_them_is_trained_on_as_lists(kind):
    array, y = padded(kind)
    X, _ = data(kind)
    labels = np.array(of_padding_too(kind, y, y, "padding"))
    weights = np.array(of_padding_too(kind, y, [np.ones(len(x)) for x in X], 7.0), "float32")
    stream = tf.data.Dataset.from_tensor_slices((array, labels, weights))
    model = kind.new(epochs=1).fit(stream)
    assert model.classes_.tolist() == fitted(kind).classes_.tolist()
    assert model.score(X, y) == kind.new(epochs=1).fit(stream.batch(7)).score(X, y)


@numeric
@pytest.mark.parametrize("fill", [None, NAN, "padding"])
def test_they_are_trained_on_as_lists(kind, fill):
    """Labels and weights of padding are left out with it, whatever they are."""
    array, y = padded(kind)
    X, _ = data(kind)
    if fill is not None and not kind.stepwise:
        return
    labels = of_padding_too(kind, y, y, fill)
    weights: Any = np.linspace(0.5, 2, len(X))
    given = weights
    if kind.stepwise:
        weights = [np.full(len(x), w) for x, w in zip(X, weights, strict=True)]
        given = of_padding_too(kind, y, weights, NAN)
    options = {"epochs": 1, "validation_fraction": 0.2}
    model = kind.new(**options).fit(array, labels, given, validation_data=(array, labels))
    same = kind.new(**options).fit(X, y, weights, validation_data=(X, y))
    assert_same(model, same, X)
    assert model.score(array, labels, given) == same.score(X, y, weights)
    assert_same(model.partial_fit(array, labels), same.partial_fit(X, y), X)


@numeric
def test_a_long_frame_may_be_padded(kind):
    array, _ = padded(kind)
    frames = [pd.DataFrame(x, columns=[f"c{k}" for k in range(x.shape[1])]) for x in array]
    long = pd.concat(frames, keys=range(len(array)), names=["instance", "time"])
    assert_same(outputs(fitted(kind), long), fitted(kind), data(kind)[0], 1e-6)


@numeric
def test_exports_answer_the_same(kind):
    array = padded(kind)[0][:3].astype("float32")
    serve = tf.saved_model.load(exported(kind.name)).signatures["serving_default"]
    found = {name: value.numpy() for name, value in serve(inputs=tf.constant(array)).items()}
    check(kind.name, "serving_default", {"inputs": array}, found)
    if kind.name == "classifier":
        expected = fitted(kind).predict_proba(array)
        np.testing.assert_allclose(found["probabilities"], expected, atol=1e-5)


@numeric
@pytest.mark.parametrize(
    ("step", "feature", "place"),
    [(slice(0, 1), 0, "step 0, feature 0"), (slice(1, 3), slice(None), "step 1, feature 0")],
)
def test_nan_elsewhere_is_an_error_that_names_both_remedies(kind, step, feature, place):
    array, y = padded(kind)
    array[5, step, feature] = NAN
    message = (
        f"nan in sample 5, {place}.*Fill such values.*leave these steps out.*put them at the end"
    )
    with pytest.raises(ValueError, match=message):
        kind.new().fit(array, y)
    with pytest.raises(ValueError, match=message):
        fitted(kind).predict(array)


@numeric
def test_a_sequence_of_padding_alone_is_an_error(kind):
    array, y = padded(kind)
    array[5] = NAN
    message = r"X\[5\] is an empty sequence: all of its steps are NaN.*Leave it out"
    with pytest.raises(ValueError, match=message):
        kind.new().fit(array, y)
    with pytest.raises(ValueError, match=message):
        fitted(kind).predict(array)


@kinds("classifier")
def test_one_feature_of_several_is_no_padding(kind):
    array, _ = padded(kind, more=0)
    array[3, -1] = [0.5, NAN]
    array = array[3:4, -2:]
    array[0, 0] = 1
    with pytest.raises(ValueError, match="nan in sample 0, step 1, feature 1"):
        fitted(kind).predict(array)


@kinds("regressor")
def test_a_table_has_no_padding(kind):
    """To scikit-learn NaN in a table is a missing value."""
    table = padded(kind)[0][:, :, 0]
    y = data(kind)[1]
    with pytest.raises(ValueError, match=r"contains NaN.*give an array \(n, T, 1\)"):
        kind.new().fit(table, y)
    with pytest.raises(ValueError, match=r"contains NaN.*give an array \(n, T, 1\)"):
        kind.new().fit(pd.DataFrame(table), y)


@kinds("numeric_tagger")
def test_labels_of_neither_length_are_an_error(kind):
    array, y = padded(kind)
    wrong = [*y[:5], [*y[5], y[5][0]], *y[6:]]
    with pytest.raises(ValueError, match=rf"y\[5\] has {len(y[5]) + 1} labels"):
        kind.new().fit(array, wrong)
    rows = np.array(of_padding_too(kind, y, y, ""))
    assert fitted(kind).score(array, rows[..., None]) == fitted(kind).score(array, pd.Series(y))
