"""Covariates that are categories: holidays, kinds of promotion."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd
import pytest
import tensorflow as tf

import seqkit

DAYS = pd.date_range("2024-01-01", periods=126, freq="D")
T = np.arange(126)
KINDS = np.random.default_rng(0).choice(["coupon", "sale", ""], 126)
WORTH = {"coupon": 4.0, "sale": 9.0, "": 0.0}
X = pd.DataFrame({"price": np.sin(T), "promo": pd.Series(KINDS).replace("", None).values}, DAYS)
Y = pd.Series(20 + np.array([WORTH[k] for k in KINDS]), DAYS, name="sold")


def new(**options) -> seqkit.Seq2SeqForecaster:
    small = {"horizon": 3, "lookback": 6, "units": 8, "epochs": 6, "random_state": 0}
    return seqkit.Seq2SeqForecaster(
        **{
            **small,
            "season": None,
            "head": "point",
            "batch_size": 16,
            "learning_rate": 0.02,
            **options,
        }
    )


@pytest.fixture(scope="module")
def model():
    return new().fit(Y[:-3], X)


def test_learns_what_a_category_is_worth(model):
    for kind, worth in WORTH.items():
        later = X.assign(promo=kind or None)
        assert np.abs(model.predict(X=later) - 20 - worth).max() < 2, kind
    later = X.astype({"promo": "category"})
    np.testing.assert_array_equal(model.predict(X=later), model.predict(X=X))


def test_unknown_and_missing_categories(model):
    none = model.predict(X=X.assign(promo=None))
    for empty in (np.nan, ""):
        np.testing.assert_array_equal(model.predict(X=X.assign(promo=empty)), none)
    new_kinds = X.assign(promo=["gift"] * 125 + ["flyer"])
    with pytest.warns(
        UserWarning, match="'promo' of X has categories .* not seen.*'flyer', 'gift'"
    ):
        found = model.predict(Y[:-3], new_kinds)
    np.testing.assert_array_equal(found, model.predict(Y[:-3], X.assign(promo=None)))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        model.predict(X=X.assign(promo=["gift", *X["promo"][1:]])[-3:])  # of no step that is read
    with pytest.raises(ValueError, match="X must know the 'price', 'promo' of each step"):
        model.predict(X=X[:-1])


def test_many_categories_of_the_past_are_vectors(tmp_path):
    names = np.array([f"kind {k}" for k in range(20)])[T % 20]
    X = pd.DataFrame({"visitor": pd.Categorical(names), "price": np.cos(T)}, DAYS)
    model = new(past_covariates=["visitor"], epochs=1).fit(Y[:-3], X[["visitor"]])
    assert [v.output_dim for v in model.model_.level_vectors] == [11]
    changed = X.assign(visitor=names[::-1])
    assert not np.allclose(model.predict(Y[:-3], X), model.predict(Y[:-3], changed))
    again = seqkit.load(model.save(tmp_path / "model"))
    np.testing.assert_array_equal(again.predict(), model.predict())


def test_numbers_that_were_read_as_text_are_none():
    wrong = X.assign(price=X["price"].astype(str))
    with pytest.raises(ValueError, match="'price' of X must hold numbers.*astype\\('category'\\)"):
        new().fit(Y[:-3], wrong)


def test_the_export_takes_categories_as_strings(tmp_path):
    visitors = pd.Series(np.where(T % 5, "guest", "member"), DAYS)
    every = X.assign(visitor=visitors)[["promo", "visitor", "price"]]
    model = new(past_covariates=["visitor"], calendar=["month"], epochs=1).fit(Y[:-3], every)
    served = tf.saved_model.load(model.export(tmp_path)).signatures["serving_default"]
    history, future = every[-30:-3], every[-3:]
    days = np.array(DAYS[-30:].strftime("%Y-%m-%d"), str)
    found = served(
        history=tf.constant(np.c_[Y[-30:-3], history["price"]][None], tf.float32),
        history_categories=tf.constant([history[["visitor", "promo"]].fillna("").values.tolist()]),
        future=tf.constant(future[["price"]].to_numpy("float32")[None]),
        future_categories=tf.constant([future[["promo"]].fillna("").values.tolist()]),
        timestamps=tf.constant([days.tolist()]),
    )
    expected = model.predict(Y[-30:-3], every)
    np.testing.assert_allclose(found["forecast"][0], expected, rtol=1e-4)


def test_a_category_of_no_time_of_the_series():
    later = X.assign(promo=[None] * 123 + ["sale"] * 3)
    with pytest.raises(ValueError, match="X must have values at the times of y, .* 'promo'"):
        new().fit(Y[:-3], later)
