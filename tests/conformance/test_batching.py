"""Neither other samples, their order, nor padding changes what an estimator says of a sample."""

from __future__ import annotations

import copy

import keras
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conformance.estimators import data, each_class, every_kind_of_samples, fitted, kinds
from tests.conftest import forget_traced_programs

FEW = settings(max_examples=4, derandomize=True)
rows_of_samples = st.lists(st.integers(0, 23), min_size=1, max_size=16)


def said(model, X):
    """A list of what the model says of each sample."""
    if hasattr(model, "target_codec_"):  # the score of a translation tells it from others
        return list(model.predict(X, return_scores=True)[1])
    predict = getattr(model, "predict_proba", model.predict)
    return [np.asarray(row) for row in predict(X)]


def assert_close(found, expected):
    for a, b in zip(found, expected, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-5, atol=1e-5)


@kinds("regressor", "text", "crf_tagger", "numeric_tagger")
@FEW
@given(rows=rows_of_samples)
def test_of_any_rows_in_any_order_the_same_is_said(kind, rows):
    X, _ = data(kind)
    together = said(fitted(kind), X)
    assert_close(said(fitted(kind), [X[i] for i in rows]), [together[i] for i in rows])


@every_kind_of_samples
def test_alone_and_beside_a_much_longer_one_the_same_is_said(kind):
    X, _ = data(kind)
    together = said(fitted(kind), X)
    assert_close([said(fitted(kind), [x])[0] for x in X[:6]], together[:6])
    longer = " ".join(X) if isinstance(X[0], str) else np.concatenate(X)
    if isinstance(X[0], list):
        longer = longer.tolist()
    assert_close(said(fitted(kind), [*X, longer])[:-1], together)
    assert_close(said(fitted(kind), [longer, *X])[1:], together)


@each_class
def test_single_rows_of_any_length_are_not_traced_again(kind, monkeypatch):
    """A row is answered by a function compiled once, not by Keras's slow `Model.predict`."""

    def refuse(*args, **kwargs):
        raise AssertionError("the model is run by Python")

    X, _ = data(kind)
    model, fresh = fitted(kind), copy.deepcopy(fitted(kind))
    model.predict(X[:1])
    for method in ("predict", "predict_on_batch", "__call__"):
        monkeypatch.setattr(keras.Model, method, refuse, raising=False)
    for x in X:
        model.predict([x])
    forget_traced_programs()
    with pytest.raises(AssertionError, match="by Python"):
        fresh.predict(X[:1])
