"""Numbers in other units, or far from zero, are learned from and predicted alike."""

from __future__ import annotations

import functools

import numpy as np
import pandas as pd
import pytest
import tensorflow as tf

from tests.conformance.estimators import assert_same, data, kinds, named, outputs

# An offset and a factor, of which float32 would leave little or nothing; and how near results are:
# float64 carries a mean of 1.7e9 to some 2e-7 of a deviation.
UNITS = pytest.mark.parametrize(
    ("offset", "factor"), [(1.7e9, 1.0), (1e7, 1.0), (0.0, 1e-13), (0.0, 1e21)]
)
NEAR = 1e-5


@kinds("classifier", "regressor", "numeric_tagger")
@UNITS
def test_features(kind, offset, factor):
    """Held in memory, in a stream, and in batches."""
    X, y = data(kind)
    X = [np.asarray(x, "float64") for x in X]
    plain = kind.new(epochs=1).fit(X, y)
    moved = [offset + factor * x for x in X]
    found = kind.new(epochs=1).fit(moved, y)
    np.testing.assert_allclose(found._input.variance, np.concatenate(moved).var(0), rtol=1e-6)
    assert_same(outputs(found, moved), outputs(plain, X), X, NEAR)
    batches = kind.new(epochs=1).fit(lambda: iter([(moved, y)]))
    np.testing.assert_allclose(batches._input.mean, found._input.mean)
    features = X[0].shape[1]
    stream = tf.data.Dataset.from_generator(
        lambda: iter(moved), output_signature=tf.TensorSpec((None, features), tf.float64)
    )
    assert_same(outputs(found, stream), outputs(plain, X), X, NEAR)


@UNITS
def test_targets(offset, factor):
    kind = named("regressor")
    X, y = data(kind)
    y = np.column_stack([y, y[::-1]]).astype("float64")
    expected = kind.new(epochs=1).fit(X, y).predict(X)
    found = kind.new(epochs=1).fit(X, offset + factor * y).predict(X)
    np.testing.assert_allclose((found - offset) / factor, expected, rtol=1e-5, atol=1e-5)


DAYS = pd.date_range("2024-01-01", periods=40)
RNG = np.random.default_rng(0)
SERIES = pd.DataFrame(10 + RNG.normal(size=(40, 3)), DAYS, columns=list("abc"))
PRICE = pd.DataFrame({"price": RNG.normal(size=44)}, pd.date_range(DAYS[0], periods=44))
SIZE = pd.DataFrame({"size": RNG.normal(size=3)}, list("abc"))


def forecast(y, X, static):
    model = named("forecaster").new(epochs=1, lookback=8, season=None)
    return model.fit(y, X, static=static).predict(X=X)


@functools.cache
def expected_forecast():
    return forecast(SERIES, PRICE, SIZE)


@UNITS
def test_series_covariates_and_descriptions(offset, factor):
    of_y = (offset, min(factor, 1e15))
    X, static = offset + factor * PRICE, offset + factor * SIZE
    found = (forecast(of_y[0] + of_y[1] * SERIES, X, static) - of_y[0]) / of_y[1]
    np.testing.assert_allclose(found, expected_forecast(), rtol=1e-5, atol=1e-5)


def test_series_of_another_size_are_refused():
    with pytest.raises(ValueError, match=r"values of at most 1e\+18 in size"):
        forecast(1e21 * SERIES, PRICE, SIZE)
