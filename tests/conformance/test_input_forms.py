"""The forms in which sequences may come: all say the same to an estimator."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import tensorflow as tf

from tests.conformance.estimators import assert_same, data, fitted, kinds, named, outputs

NUMERIC = ("classifier", "regressor", "numeric_tagger")


def objects(items):
    array = np.empty(len(items), object)
    array[:] = items
    return array


def long(X, names=None):
    """A row a step, indexed by instance and time."""
    frames = [pd.DataFrame(x, columns=[f"c{k}" for k in range(x.shape[1])]) for x in X]
    return pd.concat(frames, keys=names or range(len(X)), names=["instance", "time"])


@kinds(*NUMERIC)
@pytest.mark.parametrize(
    "form",
    [
        tuple,
        objects,
        pd.Series,
        lambda X: [x.tolist() for x in X],
        lambda X: [x.astype("float64") for x in X],
        lambda X: [np.asfortranarray(x) for x in X],
        lambda X: [pd.DataFrame(x) for x in X],
        lambda X: [tf.constant(x) for x in X],
        long,
        lambda X: long(X).reset_index(),
        lambda X: long(X).rename_axis(index=["walk", "t"]),
    ],
)
def test_forms_of_sequences_of_any_length(kind, form):
    # Of float32, as some of the forms are.
    X = [x.astype("float32") for x in data(kind)[0]]
    assert_same(outputs(fitted(kind), form(X)), fitted(kind), X)


@kinds(*NUMERIC)
@pytest.mark.parametrize(
    "form",
    [
        list,
        np.ndarray.tolist,
        tf.constant,
        lambda X: X.astype("float64"),
        np.asfortranarray,
        lambda X: X[::-1].copy()[::-1],
    ],
)
def test_forms_of_sequences_of_one_length(kind, form):
    array = np.stack([x[:5] for x in data(kind)[0]]).astype("float32")
    assert_same(outputs(fitted(kind), form(array)), fitted(kind), array)


@kinds(*NUMERIC)
def test_features_are_counted_not_steps_and_any_length_is_predicted(kind):
    model, features = fitted(kind), data(kind)[0][0].shape[1]
    assert model.n_features_in_ == features
    for steps in (1, 3, 40):
        assert np.isfinite(outputs(model, np.zeros((2, steps, features)))).all()
    with pytest.raises(ValueError, match=f"X has 50 features.*fitted with {features}"):
        model.predict(np.zeros((2, features, 50)))


@kinds("regressor", "numeric_tagger")
def test_a_table_is_one_feature_at_each_step(kind):
    """To scikit-learn each column is a feature, and named."""
    X, y = data(kind)
    table = np.stack([x[:5, 0] for x in X])
    y = [row[:5] for row in y] if kind.stepwise else y
    frame = pd.DataFrame(table, columns=[f"t{k}" for k in range(5)])
    model = kind.new(epochs=1).fit(frame, y)
    assert model.feature_names_in_.tolist() == frame.columns.tolist()
    assert_same(outputs(model, frame), model, table[:, :, None])
    with pytest.raises(ValueError, match="same order"):
        model.predict(frame[frame.columns[::-1]])
    with pytest.raises(ValueError, match=r"(?s)t4.*give arrays \(n, T, 1\)"):
        model.predict(frame.drop(columns="t4"))


def test_a_long_frame_is_read_by_its_columns_and_instances():
    kind = named("classifier")
    X, y = data(kind)
    names = [f"walk {i}" for i in range(len(X))]
    frame = long(X, names)
    order = np.random.default_rng(0).permutation(len(X))
    weight = np.linspace(0.5, 2, len(X))
    expected = kind.new(epochs=1).fit(X, y, sample_weight=weight)
    columns = frame.reset_index()
    late = columns.sort_values("time", ascending=False, kind="stable")  # rows in any order
    late["instance"] = pd.Categorical(late["instance"], names)
    late = late.sort_values("instance", kind="stable")
    model = kind.new(epochs=1).fit(late, pd.Series(y, names).iloc[order], sample_weight=weight)
    assert_same(model, expected, X)
    assert model.feature_names_in_.tolist() == ["c0", "c1"]
    # By name, whatever the order of columns, and whatever else there is.
    other = frame.assign(more=1.0)[["more", "c1", "c0"]]
    assert_same(outputs(model, other), expected, X)
    with pytest.raises(ValueError, match="X must have the columns of fit, c0, c1.*without c0"):
        model.predict(columns.drop(columns="c0"))


@kinds("tagger", "crf_tagger")
@pytest.mark.parametrize(
    "form",
    [
        tuple,
        objects,
        pd.Series,
        lambda X: pd.DataFrame({"tokens": X}),
        lambda X: [tuple(x) for x in X],
        lambda X: [np.array(x) for x in X],
        lambda X: [np.array(x, object) for x in X],
        lambda X: np.array([" ".join(x) for x in X]),
        lambda X: pd.Series(["  ".join(x) + " " for x in X], dtype="string"),
    ],
)
def test_forms_of_tokens(kind, form):
    X, _ = data(kind)
    assert_same(outputs(fitted(kind), form(X)), fitted(kind), X)


@kinds(*NUMERIC, "tagger")
def test_datasets_are_predicted_as_lists(kind):
    X, _ = data(kind)
    sequences = [" ".join(x) for x in X] if kind.name == "tagger" else X
    spec = tf.TensorSpec((), tf.string)
    if not kind.reads_text and kind.name != "tagger":
        spec = tf.TensorSpec((None, X[0].shape[1]))
    stream = tf.data.Dataset.from_generator(lambda: iter(sequences), output_signature=spec)
    assert_same(outputs(fitted(kind), stream), fitted(kind), X)
    assert_same(outputs(fitted(kind), stream.map(lambda x: (x, 0))), fitted(kind), X)
