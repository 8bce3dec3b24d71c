"""SequenceRegressor: its targets in units of their own, and its export."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import tensorflow as tf

import seqkit
from seqkit.estimators.targets.numbers import NumberTarget
from tests.conformance.tasks import marked_value

X, Y = marked_value(24)
Y = Y.astype("float64")


def regressor(**options) -> seqkit.SequenceRegressor:
    small = {"units": 4, "epochs": 1, "batch_size": 16, "random_state": 0}
    return seqkit.SequenceRegressor("gru", **{**small, **options})


def test_units_of_the_target_do_not_matter():
    """Targets whose mean is a million times their deviation, or that are tiny, train the same."""
    expected = regressor().fit(X, Y).predict(X)
    for offset, unit in ((1e6, 0.1), (0.0, 1e-6)):
        model = regressor().fit(X, offset + unit * (Y - 100))
        found = 100 + (model.predict(X) - offset) / unit
        np.testing.assert_allclose(found, expected, atol=1e-4)


def test_a_constant_target_is_predicted():
    model = regressor(epochs=40, learning_rate=0.03, dropout=0.0).fit(X, np.full(24, 1e6))
    np.testing.assert_allclose(model.predict(X), 1e6, atol=0.3)
    assert np.isfinite(model.history_["loss"]).all()


def test_several_targets_each_with_its_own_unit(tmp_path):
    y = np.column_stack([Y, 1e6 - 1e3 * Y, np.full(24, -5.0)])
    model = regressor(epochs=25, learning_rate=0.03, dropout=0.0).fit(X, y)
    found = model.predict(X)
    assert found.shape == (24, 3)
    np.testing.assert_allclose(found[:, 2], -5, atol=0.3)
    assert np.corrcoef(found[:, 0], Y)[0, 1] > 0.5
    assert np.corrcoef(found[:, 1], Y)[0, 1] < -0.5
    serve = tf.saved_model.load(model.export(tmp_path)).signatures["serving_default"]
    values = serve(inputs=tf.constant(X[0][None]))["values"]
    np.testing.assert_allclose(values, model.predict(X[:1]), rtol=1e-5)
    with pytest.raises(ValueError, match="y must have 3 targets a sample, .*got 1"):
        model.partial_fit(X, Y)


@pytest.mark.parametrize(
    "form", [list, pd.Series, lambda y: y.astype("float32"), lambda y: y.round().astype(int)]
)
def test_forms_of_targets(form):
    target = NumberTarget("squared_error")
    target.learn([target.read(form(Y))])
    encoded = target.encode(target.read(form(Y)), X)
    assert encoded.shape == (24, 1)
    assert encoded.dtype == np.float32
    np.testing.assert_allclose(encoded.mean(), 0, atol=1e-5)
    np.testing.assert_allclose(encoded.std(), 1, atol=1e-4)


def test_a_column_of_targets_stays_one():
    assert regressor().fit(X, Y[:, None]).predict(X).shape == (24, 1)


def test_sample_weights_and_losses_decide():
    """Of equal sequences the mean is predicted, by weight; or the median."""
    same, y = [X[0]] * 20, np.array([0.0] * 14 + [10.0] * 6)
    options = {"epochs": 40, "learning_rate": 0.03, "dropout": 0.0}
    weight = np.where(y > 0, 14 / 6, 1.0)
    (mean,) = regressor(**options).fit(same, y, sample_weight=weight).predict(same[:1])
    assert abs(mean - 5) < 1
    (median,) = regressor(**options, loss="absolute_error").fit(same, y).predict(same[:1])
    assert median < 1


@pytest.mark.parametrize(
    ("y", "error", "message"),
    [
        (None, ValueError, "y must be the numbers to predict"),
        (Y[:23], ValueError, "24 sequences and 23 targets"),
        (Y[:1], ValueError, r"24 sequences and 1 target\. If X is one sequence, give \[X\]"),
        (
            np.where(Y[3] == Y, np.nan, Y),
            ValueError,
            r"y contains NaN: y\[3\] is nan.*Fill or drop",
        ),
        (np.where(Y[3] == Y, np.inf, Y), ValueError, r"y contains infinity: y\[3\] is inf"),
        (np.c_[Y, np.where(Y[3] == Y, np.nan, Y)], ValueError, r"NaN: y\[3\]\[1\] is nan"),
        (np.zeros((24, 1, 1)), ValueError, r"y must be of shape \(n,\) or \(n, M\), got"),
        (["a"] * 24, ValueError, "y must be numbers.*got the string 'a'.*use SequenceClassifier"),
        ([*Y[1:], "x"], ValueError, "got the string 'x'"),
        ([[1.0], [1.0, 2.0]], ValueError, "y must be numbers.*got rows of different lengths"),
        ([], ValueError, "minimum of 1 is required"),
    ],
)
def test_bad_targets(y, error, message):
    model = regressor()
    with pytest.raises(error, match=message):
        model.fit(X, y)
    assert not hasattr(model, "model_")


@pytest.mark.parametrize(
    ("options", "message"),
    [({"loss": "mse"}, "loss must be .*'absolute_error'.*got 'mse'"), ({"epochs": 0}, "epochs")],
)
def test_bad_parameters(options, message):
    with pytest.raises(ValueError, match=message):
        regressor(**options).fit(X, Y)
