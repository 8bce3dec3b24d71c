"""SequenceTagger with a weight for each step."""

from __future__ import annotations

import functools
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest
import tensorflow as tf

import seqkit
from seqkit.decoding import crf_loss
from seqkit.frames import as_pandas
from seqkit.metrics import token_accuracy
from tests.conformance.tasks import spans
from tests.estimators.toy import untrained

RNG = np.random.default_rng(0)
X, Y = spans(24, seed=1)
WEIGHTS = [RNG.choice([0.0, 0.5, 1.0, 2.0], len(row)) for row in Y]
either = pytest.mark.parametrize("crf", [False, True], ids=["softmax", "crf"])


def new(**options) -> seqkit.SequenceTagger:
    small = {"units": 3, "embedding_dim": 3, "epochs": 2, "batch_size": 5, "random_state": 0}
    return seqkit.SequenceTagger("gru", **{**small, **options})


@functools.cache
def fitted_once() -> seqkit.SequenceTagger:
    with untrained():
        return new().fit(X, Y)


def same_weights(a, b) -> None:
    for found, expected in zip(a.model_.get_weights(), b.model_.get_weights(), strict=True):
        np.testing.assert_allclose(found, expected, atol=1e-6)


def with_others(y, where):
    """Labels of which those at some steps are others, as frequent."""
    rows = [np.array(row, dtype=object) for row in y]
    places = [(i, k) for i, w in enumerate(where) for k in np.flatnonzero(w)]
    labels = [rows[i][k] for i, k in places]
    for (i, k), label in zip(places, [*labels[1:], labels[0]], strict=True):
        rows[i][k] = label
    return [row.tolist() for row in rows]


@either
@pytest.mark.parametrize("max_length", [None, 3])
def test_labels_of_weight_zero_are_not_read(crf, max_length):
    names = {"O": "o", "B-LOC": "loc", "B-PER": "per", "I-PER": "er"}  # of no scheme
    y = [[names[label] for label in row] for row in Y]
    others = with_others(y, [w == 0 for w in WEIGHTS])
    assert others != y
    models = [
        new(crf=crf, max_length=max_length).fit(X, labels, sample_weight=WEIGHTS)
        for labels in (y, others)
    ]
    same_weights(*models)
    assert models[0].history_ == models[1].history_
    different = new(crf=crf, max_length=max_length).fit(X, y)
    assert different.history_["loss"] != models[0].history_["loss"]


@either
def test_equal_weights_of_steps_are_the_weight_of_the_sequence(crf):
    of_sequences = RNG.choice([0.0, 1.0, 3.0], len(X))
    of_steps = [np.full(len(row), w).tolist() for row, w in zip(Y, of_sequences, strict=True)]
    a = new(crf=crf).fit(X, Y, sample_weight=of_sequences)
    b = new(crf=crf).fit(X, Y, sample_weight=of_steps)
    same_weights(a, b)
    for name, values in a.history_.items():
        np.testing.assert_allclose(b.history_[name], values, rtol=1e-5)


@either
def test_the_loss_is_the_weighted_mean_of_the_equation(crf):
    class_weight: Any = None if crf else {"O": 3, "B-LOC": 1, "B-PER": 2, "I-PER": 0.5}
    model = new(crf=crf, class_weight=class_weight, epochs=1, learning_rate=1e-12)
    model.set_params(dropout=0.0, embedding_dropout=0.0, token_dropout=0.0)
    model.fit(X, Y, sample_weight=WEIGHTS)
    total = 0.0
    for x, row, w in zip(X, Y, WEIGHTS, strict=True):
        ids = model.tokenizer_.encode([" ".join(x)])[0][None]
        outputs = model.model_(ids)
        labels = np.searchsorted(model.classes_, row)
        if crf:
            total += float(crf_loss(labels[None], outputs, w[None])[0])
        else:
            p = outputs.numpy()[0][np.arange(len(row)), labels]
            total -= np.array([class_weight[label] for label in row]) * w @ np.log(p)
    steps = sum(map(len, Y))
    assert model.history_["loss"][0] == pytest.approx(total / steps, rel=1e-4)
    if not crf:
        predicted = model.predict(X)
        expected = token_accuracy(Y, predicted, WEIGHTS)
        assert model.history_["accuracy"][0] == pytest.approx(expected, rel=1e-5)
        assert model.score(X, Y, WEIGHTS) == expected


@either
def test_weights_of_a_stream_and_of_validation_data(crf):
    texts, of_sequences = [" ".join(x) for x in X], RNG.choice([0.0, 1.0, 3.0], len(X))
    of_steps = [np.full(len(row), w) for row, w in zip(Y, of_sequences, strict=True)]

    def stream(weights, *shape):
        return tf.data.Dataset.from_generator(
            lambda: zip(texts, Y, weights, strict=True),
            output_signature=(
                tf.TensorSpec((), tf.string),
                tf.TensorSpec((None,), tf.string),
                tf.TensorSpec(shape, tf.float32),
            ),
        )

    by_step, by_sequence = stream(of_steps, None), stream(of_sequences)
    a = new(crf=crf).fit(by_step, validation_data=by_step)
    b = new(crf=crf).fit(by_sequence, validation_data=by_sequence)
    same_weights(a, b)
    c = new(crf=crf).fit(by_step, validation_data=(X, Y, of_steps))
    for name, values in b.history_.items():
        np.testing.assert_allclose(a.history_[name], values, rtol=1e-5)
        assert np.isfinite(c.history_[name]).all()


def test_held_out_and_continued():
    model = new(early_stopping=True, validation_fraction=0.3).fit(X, Y, sample_weight=WEIGHTS)
    assert "val_loss" in model.history_
    model.partial_fit(X, Y, sample_weight=WEIGHTS).partial_fit(X, Y)


@pytest.mark.parametrize(
    ("weights", "error", "message"),
    [
        (
            [w[:-1] for w in WEIGHTS],
            ValueError,
            r"sample_weight\[0\] has . weights, and y\[0\]",
        ),
        (WEIGHTS[1:], ValueError, "sample_weight must have .* a sample, 24, got 23"),
        ([*WEIGHTS[:-1], 1.0], TypeError, r"sample_weight\[23\] must be a list of numbers, .* 1.0"),
        (
            [["a"] * len(w) for w in WEIGHTS],
            TypeError,
            r"sample_weight\[0\] must be numbers, got text",
        ),
        (
            np.zeros((24, 2, 2)),
            TypeError,
            r"sample_weight\[0\] must be a list of numbers, one a st",
        ),
        ([[None] * len(w) for w in WEIGHTS], ValueError, "finite numbers of at least 0"),
        (
            [*WEIGHTS[:2], np.ma.masked_less(np.ones(len(WEIGHTS[2])) - 2, 0), *WEIGHTS[3:]],
            ValueError,
            r"sample_weight\[2\] is masked at \[0\]",
        ),
        (
            [np.zeros(len(w), "M8[s]") for w in WEIGHTS],
            TypeError,
            r"sample_weight\[0\] must be numbers, got dates",
        ),
        ([-w for w in WEIGHTS], ValueError, "finite numbers of at least 0"),
        ([w * np.nan for w in WEIGHTS], ValueError, "finite numbers of at least 0"),
        ([w * 0 for w in WEIGHTS], ValueError, "at least one non-zero weight, all are zero"),
    ],
)
def test_wrong_weights(weights, error, message):
    with pytest.raises(error, match=message):
        new().fit(X, Y, sample_weight=weights)
    with pytest.raises(error, match=message):
        fitted_once().score(X, Y, weights)


@pytest.mark.parametrize(
    "form",
    [
        pd.DataFrame,
        pl.from_numpy,
        lambda w: w[..., None],
        lambda w: w.tolist(),
        lambda w: pd.Series(w.tolist(), range(5, 5 + len(w))),
        tf.constant,
        lambda w: list(map(tf.constant, w)),
    ],
    ids=["frame", "polars", "(n, T, 1)", "lists", "series", "tensor", "tensors"],
)
@untrained()
def test_forms_of_weights(form):
    """Those of the labels."""
    texts, y = [row[:2] for row in X if len(row) > 1], [row[:2] for row in Y if len(row) > 1]
    weights = np.random.default_rng(0).choice([0.0, 0.5, 2.0], (len(texts), 2))
    model = new(epochs=1).fit(texts, y, sample_weight=form(weights))
    assert model.score(texts, y, form(weights)) == model.score(texts, y, list(weights))
    read = model._read_weights(as_pandas(form(weights)), list(map(np.array, y)))
    np.testing.assert_array_equal(read, weights)
