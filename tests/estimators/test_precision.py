"""Numbers that float32 cannot carry as they come: far from zero, tiny, huge, or whole seconds."""

from __future__ import annotations

import datetime
import re
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest
import tensorflow as tf

import seqkit
from seqkit.estimators.exports.meanings import meanings
from seqkit.estimators.inputs.moments import Moments
from tests.estimators.toy import untrained

Z = np.random.default_rng(0).normal(size=(160, 4, 1))
SIGN = (Z[:, -1, 0] > 0).astype(int)
SECONDS = (1_700_000_000 + np.round(20 * Z)).astype("int64")


def classifier() -> seqkit.SequenceClassifier:
    return seqkit.SequenceClassifier(
        "gru", units=8, epochs=25, learning_rate=0.02, dropout=0.0, random_state=0
    )


@pytest.mark.parametrize(
    "X",
    [Z + 1.7e9, Z + 1e7, Z - 1e7, Z * 1e-13, Z * 1e-8, Z * 1e21, SECONDS],
    ids=["far", "near", "negative", "tiny", "small", "huge", "seconds"],
)
def test_features_are_centred_before_they_lose_digits(X):
    model = classifier().fit(X, SIGN)
    assert model.score(X, SIGN) > 0.95
    np.testing.assert_allclose(model._input.variance, X.var(), rtol=1e-6)


def test_predictions_are_those_of_the_standardised_values():
    shifted = classifier().fit(Z + 1.7e9, SIGN)
    plain = classifier().fit(Z, SIGN)
    # The mean is found to the digits of float64 at 1.7e9, about 2e-7 of a deviation.
    np.testing.assert_allclose(shifted.predict_proba(Z + 1.7e9), plain.predict_proba(Z), atol=1e-3)


@pytest.mark.parametrize("size", [1e-9, 1e-8, 1e-7, 1e6])
def test_predictions_do_not_depend_on_the_unit(size):
    scaled, plain = (classifier().set_params(epochs=1).fit(x, SIGN) for x in (Z * size, Z))
    # float32 carries some seven digits of each value.
    np.testing.assert_allclose(scaled.predict_proba(Z * size), plain.predict_proba(Z), atol=1e-4)


@pytest.mark.parametrize("value", [0.1, 1 / 3, 1e9 + 0.1])
def test_a_constant_feature_has_no_variance(value):
    moments = Moments()
    for rows in (3, 1000, 77):
        moments.add(np.full((rows, 1), value))
    assert moments.variance.tolist() == [0.0]
    assert moments.mean.tolist() == [value]


def test_a_constant_feature_leaves_the_others_in_float32():
    X = np.concatenate([Z, np.full_like(Z, 0.1)], axis=-1)
    assert not classifier().set_params(epochs=1).fit(X, SIGN)._input.before_float32


@pytest.mark.parametrize(
    "y",
    [
        np.arange(4).astype("M8[D]"),
        np.arange(4).astype("m8[s]"),
        pd.Series(pd.to_datetime(["2024-01-01", None, "2024-01-03", "2024-01-04"])),
        [datetime.date(2024, 1, day) for day in (1, 2, 3, 4)],
    ],
    ids=["datetime64", "timedelta64", "missing", "dates"],
)
def test_dates_are_no_targets(y):
    with pytest.raises(TypeError, match=r"y must be numbers.*dates or durations"):
        seqkit.SequenceRegressor("gru", units=2, epochs=1).fit(Z[:4], y)


MASKED = np.ma.masked_equal([0, 1, -999, 1], -999)


@pytest.mark.parametrize("estimator", [seqkit.SequenceRegressor, seqkit.SequenceClassifier])
def test_masked_targets_and_weights_are_refused_by_place(estimator):
    new = estimator("gru", units=2, epochs=1)
    with pytest.raises(ValueError, match=r"y is masked at \[2\]"):
        new.fit(Z[:4], MASKED)
    with pytest.raises(ValueError, match=r"sample_weight is masked at \[2\]"):
        new.fit(Z[:4], [0, 1, 0, 1], MASKED)


@pytest.mark.parametrize(
    ("weights", "error", "message"),
    [
        (np.arange(4).astype("M8[s]"), TypeError, "must be numbers, got dates or durations"),
        (pd.to_timedelta([1, 2, None, 3]), TypeError, "must be numbers, got dates or durations"),
        (["a"] * 4, TypeError, "must be numbers, got text"),
        ([1, pd.NA, 1, 1], ValueError, "must hold finite numbers"),
        (
            [[1.0, 1.0], [1.0], [1.0], [1.0]],
            ValueError,
            r"must have one number a sample, shape \(4,\), got a",
        ),
        (
            np.ones((4, 4)),
            ValueError,
            r"must have one number a sample, shape \(4,\), got shape \(4, 4\)",
        ),
    ],
)
@pytest.mark.parametrize("estimator", [seqkit.SequenceRegressor, seqkit.SequenceClassifier])
def test_weights_of_samples_are_numbers(estimator, weights, error, message):
    with pytest.raises(error, match=f"sample_weight {message}"):
        estimator("gru", units=2, epochs=1).fit(Z[:4], [0, 1, 0, 1], weights)


@pytest.mark.parametrize(
    "y", [np.array(["2020", "2021", "NaT", "2020"], "M8[D]"), [0, 1, pd.NaT, 1], [0, 1, None, 1]]
)
@pytest.mark.parametrize("form", [np.asarray, pd.Series])
def test_a_class_that_is_no_date_has_its_place(y, form):
    with pytest.raises(ValueError, match=r"y\[2\] is missing"):
        classifier().fit(Z[:4], form(y))


def test_other_features_beside_keep_their_scale():
    X = np.concatenate([Z, Z[::-1] + 1e9], axis=-1)
    assert classifier().fit(X, SIGN).score(X, SIGN) > 0.95


def test_an_export_standardises_in_float64(tmp_path):
    X = (Z * 1e21).astype("float32")
    model = classifier().fit(X, SIGN)
    served = tf.saved_model.load(model.export(tmp_path)).signatures["serving_default"]
    found = served(inputs=tf.constant(X))["probabilities"].numpy()
    np.testing.assert_allclose(found, model.predict_proba(X), atol=1e-5)


@untrained()
def test_an_export_says_which_numbers_float32_does_not_carry(tmp_path):
    """In the description of the tensor, of features, targets and series alike."""
    days = pd.date_range("2024-01-01", periods=160)
    options = {"units": 2, "epochs": 1, "random_state": 0}
    for offset, said in (
        (1.7e9, r"mean 1.7e\+09 and deviation .* in steps of 128: sub"),
        (50.0, ""),
    ):
        fits: dict[str, Any] = {
            "inputs": seqkit.SequenceClassifier("gru", **options).fit(Z + offset, SIGN),
            "values": seqkit.SequenceRegressor("gru", **options).fit(Z, Z[:, 0, 0] + offset),
            "history": seqkit.Seq2SeqForecaster(2, 4, season=None, cell="gru", **options).fit(
                pd.Series(Z[:, 0, 0] + offset, days)
            ),
        }
        for name, model in fits.items():
            told = meanings(model._input, model._target)[name]
            assert re.search(said, told)
            assert ("float32" in told) == bool(said)


@pytest.mark.parametrize(
    "x",
    [
        np.array(["2024-01-01", "NaT"], "M8[D]"),
        np.array([1, 2], "m8[s]"),
        [datetime.date(2024, 1, 1), datetime.date(2024, 1, 2)],
        [pd.Timestamp("2024-01-01"), pd.NaT],
    ],
    ids=["datetime64", "timedelta64", "dates", "missing"],
)
def test_dates_are_no_numbers(x):
    X = [*Z[:3], np.asarray(x)]
    with pytest.raises(TypeError, match=r"X\[3\] must be numbers.*dates or durations"):
        classifier().fit(X, [0, 1, 0, 1])


NULLABLE = {
    "series": lambda y: pd.Series(y, dtype="Int64"),
    "small": lambda y: pd.Series(y, dtype="UInt8"),
    "array": lambda y: pd.array(y, "Int64"),
    "frame": lambda y: pd.DataFrame({"y": pd.array(y, "Int64")}),
    "arrow": lambda y: pd.Series(y, dtype="int64[pyarrow]"),
    "objects": lambda y: np.array([*map(int, y)], object),
    "polars": lambda y: pl.Series([*map(int, y), None]).head(len(y)),
}


@pytest.mark.filterwarnings("ignore:A column-vector y was passed")
@pytest.mark.parametrize("form", NULLABLE.values(), ids=NULLABLE)
@untrained()
def test_nullable_integer_classes_stay_integers(form, tmp_path):
    model = classifier().set_params(epochs=1).fit(Z, form(SIGN))
    assert model.classes_.dtype.kind in "iu"
    assert model.predict(Z[:2]).dtype.kind in "iu"
    assert model.score(Z, form(SIGN)) == model.score(Z, SIGN)
    labels = model._target.served(model.model_)(tf.constant(Z[:2].astype("float32")))["label"]
    assert labels.dtype == tf.int64


@untrained()
def test_nullable_integer_labels_of_steps_and_indicators_stay_integers():
    y = [[0, 1, 1, 0]] * 24
    for rows in (
        pd.DataFrame(y, dtype="Int64"),
        [pd.array(row, "Int64") for row in y],
        [pd.Series(row, dtype="Int64") for row in y],
        np.array(y, object),
    ):
        model = seqkit.SequenceTagger("gru", units=2, epochs=1).fit(Z[:24], rows)
        assert model.classes_.dtype.kind == "i"
        assert model.predict(Z[:1])[0].dtype.kind == "i"
    lists = [pd.array([3, 5], "Int64"), pd.array([3], "Int64")] * 12
    assert classifier().set_params(epochs=1).fit(Z[:24], lists).classes_.tolist() == [3, 5]


@pytest.mark.parametrize("dtype", ["Int64", "UInt8", "string"])
def test_a_missing_nullable_class_has_its_place(dtype):
    missing = pd.Series(SIGN, dtype=dtype)
    missing[3] = pd.NA
    with pytest.raises(ValueError, match=r"y\[3\] is missing"):
        classifier().fit(Z, missing)
    several = pd.DataFrame({"a": SIGN, "b": missing})
    if dtype != "string":
        with pytest.raises(ValueError, match=r"y\[3\]\[1\] is missing"):
            classifier().fit(Z, several)


@pytest.mark.parametrize(
    "X, place",
    [
        (
            np.ma.masked_equal(np.array([[1.0, 2.0, -999.0], [3.0, 4.0, 5.0]]), -999),
            r"X .*\[0, 2, 0\]",
        ),
        (np.ma.masked_equal(np.ones((2, 3, 1)) * [[[1], [2], [-9]]], -9), r"X .*\[0, 2, 0\]"),
        ([np.ma.masked_equal([1.0, -999.0], -999), [1.0]], r"X\[0\] .*\[1\]"),
    ],
    ids=["table", "array", "list"],
)
@pytest.mark.parametrize("estimator", [seqkit.SequenceClassifier, seqkit.SequenceRegressor])
def test_masked_values_are_refused_by_place(estimator, X, place):
    with pytest.raises(ValueError, match=f"{place}.*Fill such places"):
        estimator("gru", epochs=1).fit(X, [0, 1])


def test_a_missing_value_of_pandas_is_named_by_place():
    with pytest.raises(ValueError, match="nan in sample 1, step 0, feature 0"):
        classifier().fit([[1.0, 2.0], [pd.NA, 3.0]], [0, 1])


def test_a_masked_array_without_masked_values_is_an_array():
    X = np.ma.masked_array(Z, mask=np.zeros(Z.shape, bool))
    found = classifier().set_params(epochs=1).fit(X, SIGN).predict_proba(X)
    np.testing.assert_array_equal(
        found, classifier().set_params(epochs=1).fit(Z, SIGN).predict_proba(Z)
    )
