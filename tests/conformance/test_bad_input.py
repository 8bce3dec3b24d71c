"""Bad input to any estimator: an error that names the argument and the place of the first fault.

Those of SequenceClassifier, of texts, and of tags alone are among the tests of the estimators."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
import pandas as pd
import pytest
import tensorflow as tf

from tests.conformance.estimators import data, each_class, every_kind_of_samples, fitted, kinds

numeric = kinds("classifier", "regressor", "numeric_tagger")


def refused(kind, X, y, error, message):
    """Both to a new estimator, which stays unfitted, and to a fitted one."""
    model = kind.new()
    with pytest.raises(error, match=message):
        model.fit(X, y)
    assert set(vars(model)) == set(model.get_params())
    with pytest.raises(error, match=message):
        fitted(kind).predict(X)


def changed(X, i, x):
    return [*X[:i], x, *X[i + 1 :]]


@numeric
@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_what_is_no_number_is_found(kind, value):
    X, y = data(kind)
    x = np.array(X[5])
    x[2, 0] = value
    message = f"X contains NaN or infinity: {value} in sample 5, step 2, feature 0"
    refused(kind, changed(X, 5, x), y, ValueError, message)


@numeric
def test_wrong_shapes(kind):
    X, y = data(kind)
    d = X[0].shape[1]
    refused(kind, np.zeros((24, 2, 2, d)), y, ValueError, r"X must be .*shape \(24, 2, 2, \d\)")
    refused(kind, changed(X, 3, X[3][None]), y, ValueError, r"X\[3\] must be a sequence")
    refused(kind, changed(X, 3, X[3][:0]), y, ValueError, r"X\[3\] is an empty sequence")
    refused(kind, [], [], ValueError, "X must hold at least one sequence, got 0")
    more = [np.zeros((len(x), d + 1)) for x in X]
    with pytest.raises(ValueError, match=f"X has {d + 1} features.*fitted with {d}"):
        fitted(kind).predict(more)
    with pytest.raises(ValueError, match=rf"X\[0\] has {d}, X\[3\] has {d + 1}"):
        kind.new().fit(changed(X, 3, more[3]), y)


@numeric
def test_what_holds_no_numbers(kind):
    X, y = data(kind)
    refused(kind, changed(X, 3, {"a": 1}), y, TypeError, r"X\[3\] must be numbers")
    refused(kind, changed(X, 3, None), y, ValueError, r"X\[3\] must be a sequence")


@numeric
def test_masked_values_dates_and_missing_ones_of_pandas_have_their_place(kind):
    X, y = data(kind)
    masked = np.ma.masked_array(X[3], mask=np.zeros(X[3].shape, bool))
    masked[1, 0] = np.ma.masked
    refused(kind, changed(X, 3, masked), y, ValueError, r"X\[3\] is masked at \[1, 0\]")
    steps = range(len(X[3]))
    for dates in (
        np.arange(len(steps)).astype("M8[D]"),
        np.array([k or "NaT" for k in steps], "m8[s]"),
        pd.Series(pd.to_datetime([None, *([1] * (len(steps) - 1))])),
        [pd.NaT] * len(steps),
    ):
        refused(kind, changed(X, 3, dates), y, TypeError, r"X\[3\] must be numbers.*dates or dur")
    missing = X[3].astype(object)
    missing[1, 0] = pd.NA
    refused(kind, changed(X, 3, missing), y, ValueError, "nan in sample 3, step 1, feature 0")


@numeric
def test_a_long_frame_with_gaps(kind):
    X, y = data(kind)
    frames = [pd.DataFrame(x).assign(instance=i, time=np.arange(len(x))) for i, x in enumerate(X)]
    frame = pd.concat(frames, ignore_index=True).rename(columns=str)
    frame.loc[len(X[0]) + 1, "0"] = np.nan
    refused(kind, frame, y, ValueError, "NaN")


@kinds("text", "tagger", "crf_tagger")
@pytest.mark.parametrize(
    ("x", "error", "message"),
    [
        (None, TypeError, r"X\[3\] must be a string, got None"),
        (3.5, TypeError, r"X\[3\] must be a string, got 3.5"),
        ("", ValueError, r"X\[3\] is an empty text, ''"),
        (" \n", ValueError, r"X\[3\] is an empty text"),
    ],
)
def test_what_is_no_text(kind, x, error, message):
    X, y = data(kind)
    refused(kind, changed(X, 3, x), y, error, message)


@kinds("tagger", "crf_tagger")
@pytest.mark.parametrize(
    ("x", "error", "message"),
    [
        (["a", 5], TypeError, r"X\[3\]\[1\] must be a token, a string, got 5"),
        (["a", ""], ValueError, r"X\[3\]\[1\] must be a token without blanks, got ''"),
        (["a", "b c"], ValueError, r"X\[3\]\[1\] must be a token without blanks, got 'b c'"),
        ([], ValueError, r"X\[3\] is an empty text"),
    ],
)
def test_what_is_no_token(kind, x, error, message):
    X, y = data(kind)
    refused(kind, changed(X, 3, x), y, error, message)


@every_kind_of_samples
def test_targets_that_do_not_fit_the_samples(kind):
    X, y = data(kind)
    model = kind.new()
    with pytest.raises(ValueError, match="X and y must be of the same length, got 24 .*and 23"):
        model.fit(X, y[:-1])
    with pytest.raises(ValueError, match="requires y to be passed"):
        model.fit(X)
    held = (X, y[:-1])
    with pytest.raises(ValueError, match="X and y must be of the same length, got 24 .*and 23"):
        model.fit(X, y, validation_data=held)
    assert not hasattr(model, "model_")


@every_kind_of_samples
def test_missing_targets_have_their_place(kind):
    X, y = data(kind)
    missing = changed(list(y), 3, [*y[3][:-1], None] if kind.stepwise else None)
    message = rf"y\[3\]\[{len(y[3]) - 1}\] is missing" if kind.stepwise else r"y\[3\] is missing"
    if kind.name == "regressor":
        message = "y contains NaN"
    if kind.name == "multilabel":
        message = r"y\[3\] must be a list of labels, got None"
    if kind.name == "translator":
        message = r"y\[3\] must be a string, got None. Fill or drop"
    with pytest.raises((ValueError, TypeError), match=message):
        kind.new().fit(X, missing)
    if kind.name in ("classifier", "text"):
        with pytest.raises(ValueError, match=message):
            kind.new().fit(X, pd.Series(missing, dtype="string"))


@kinds("tagger", "crf_tagger", "numeric_tagger")
def test_labels_of_another_length_name_the_sample(kind):
    X, y = data(kind)
    wrong = changed(y, 5, y[5][:-1])
    message = rf"y\[5\] has {len(y[5]) - 1} labels, and X\[5\] has {len(y[5])} steps"
    with pytest.raises(ValueError, match=message):
        kind.new().fit(X, wrong)
    with pytest.raises(ValueError, match=message):
        kind.new().fit(X, y, validation_data=(X, wrong))


@kinds("classifier", "text", "tagger", "crf_tagger", "numeric_tagger")
def test_labels_that_training_does_not_have(kind):
    X, y = data(kind)
    known = str(np.ravel(y[0])[0])
    wrong = [np.full(len(row), known + "x") for row in y] if kind.stepwise else [known + "x"] * 24
    message = rf"y.* has '{known}x', which is not among the classes.*Did you mean '{known}'"
    with pytest.raises(ValueError, match=message):
        kind.new().fit(X, y, validation_data=(X, wrong))
    with pytest.raises(ValueError, match=message):
        fitted(kind).partial_fit(X, wrong)


@kinds("classifier", "text", "tagger", "crf_tagger", "numeric_tagger")
def test_one_class(kind):
    X, y = data(kind)
    one = [["only"] * len(row) for row in y] if kind.stepwise else ["only"] * 24
    with pytest.raises(ValueError, match="y must hold at least 2 classes, got 1 class: 'only'"):
        kind.new().fit(X, one)


@each_class
def test_the_other_kind_of_input(kind):
    reads_words = kind.name in ("text", "tagger")
    other = np.zeros((2, 3, 1)) if reads_words else ["good film", "bad"]
    with pytest.raises((ValueError, TypeError), match=r"\bX\b"):
        fitted(kind).predict(other)


def as_dataset(kind):
    """Single examples, of one length."""
    X, y = data(kind)
    if kind.reads_text:
        X = np.array([" ".join(x) if isinstance(x, list) else x for x in X])
    else:
        X = np.stack([x[:3] for x in X]).astype("float32")
    if kind.stepwise:
        if kind.reads_text:
            X = np.array([" ".join(x.split()[:2]) for x in X])
        y = np.stack([np.array(row)[: 2 if kind.reads_text else 3] for row in y])
    return tf.data.Dataset.from_tensor_slices((X, np.asarray(y)))


@every_kind_of_samples
def test_no_samples(kind):
    """In a list, a dataset, or batches; to be fitted on, watched, predicted and scored."""
    model, message = fitted(kind), "must hold at least one (sequence|text|sample), got 0 samples"
    empty = as_dataset(kind).take(0)
    nothing: Any
    for nothing in ([], np.array([]), empty, lambda: iter([])):
        with pytest.raises(ValueError, match=f"^X {message}"):
            model.predict(nothing)
    for call in (kind.new().fit, copy.deepcopy(model).partial_fit):
        for nothing in (([], []), (empty, None), (lambda: iter([]), None)):
            with pytest.raises(ValueError, match=f"^X {message}"):
                call(*nothing)
    with pytest.raises(ValueError, match=f"^[Xy] {message}"):
        model.score([], [])


@every_kind_of_samples
def test_no_samples_to_watch(kind):
    X, y = data(kind)
    message = "validation_data:? (X )?must hold at least one (sequence|text|sample), got 0 samples"
    nothing: Any
    for nothing in (([], []), as_dataset(kind).take(0)):
        with pytest.raises(ValueError, match=message):
            kind.new(epochs=1).fit(X, y, validation_data=nothing)


@every_kind_of_samples
def test_batches_of_batches_are_refused_by_name(kind):
    twice = as_dataset(kind).batch(4).batch(2)
    for call in (kind.new().fit, fitted(kind).predict):
        with pytest.raises((ValueError, TypeError), match=r"^X.* dataset\.unbatch\(\)"):
            call(twice)


@kinds("classifier", "regressor", "text", "multilabel")
def test_what_is_scored_is_read_as_fit_reads_it(kind):
    """Masked and missing targets, weights that are none, and a long frame in its order."""
    X, y = data(kind)
    model = fitted(kind)
    weights = np.linspace(0.5, 2, len(X))
    with pytest.raises(ValueError, match="requires y to be passed"):
        model.score(X, None)
    with pytest.raises(ValueError, match="24 sequences and 23 (labels|targets)"):
        model.score(X, y[:-1])
    for bad, message in (
        (np.ma.masked_less(weights, 0.6), r"sample_weight is masked at \[0\]"),
        (weights[:-1], r"sample_weight must have one number a sample, shape \(24,\)"),
        (np.arange(24).astype("M8[s]"), "sample_weight must be numbers, got dates"),
    ):
        with pytest.raises((ValueError, TypeError), match=message):
            model.score(X, y, bad)
    if kind.name != "multilabel":
        masked = np.ma.masked_array(y, mask=np.arange(24) == 3)
        with pytest.raises(ValueError, match=r"y is masked at \[3\]"):
            model.score(X, masked)
    if not kind.reads_text:
        names = [f"walk {i}" for i in range(len(X))]
        frames = [pd.DataFrame(x).assign(unique_id=n) for n, x in zip(names, X, strict=True)]
        frame = pd.concat(frames).rename(columns=str).rename_axis("ds").reset_index()
        truth = pd.DataFrame(y, names) if np.ndim(y) == 2 else pd.Series(y, names)
        expected = model.score(X, y, weights)
        assert model.score(frame, truth[::-1], weights) == pytest.approx(expected)
        batches = model.score(lambda: iter([X[:9], X[9:]]), y, weights)
        assert batches == pytest.approx(expected)
