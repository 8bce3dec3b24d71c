"""The forecaster's SavedModel: a history in, forecasts out, by TensorFlow alone."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import tensorflow as tf

import seqkit

# Makes the import of seqkit, Keras and scikit-learn an error; then asks batches of two sizes.
SERVE = """
import json, sys
for name in ("seqkit", "keras", "sklearn", "pandas"):
    sys.modules[name] = None
import numpy as np, tensorflow as tf
folder, inputs, out = sys.argv[1:]
served = tf.saved_model.load(folder).signatures["serving_default"]
inputs = dict(np.load(inputs))
inputs = {k: tf.constant(v.astype(str) if v.dtype.kind == "U" else v) for k, v in inputs.items()}
whole = served(**inputs)
first = served(**{k: v[:1] for k, v in inputs.items()})
np.savez(out, first=first["forecast"], **whole)
"""

MONTHS = pd.period_range("2015-01", periods=66, freq="M")
T = np.arange(66)
VALUES = pd.DataFrame(
    {"a": 50 + 9 * np.sin(T * np.pi / 6), "b": 700 + 90 * np.cos(T * np.pi / 6) + T}, MONTHS
)
Y = VALUES[:-6]
X = pd.DataFrame({"price": np.sin(T * 1.7), "visits": np.cos(T * 0.4)}, MONTHS)
STATIC = pd.DataFrame({"size": [1.0, 4.0], "kind": ["shop", "web"]}, ["a", "b"])


def ask(folder: str, inputs: dict[str, np.ndarray], tmp_path: Path) -> dict[str, np.ndarray]:
    np.savez(tmp_path / "inputs.npz", **inputs)
    command = [sys.executable, "-c", SERVE, folder, tmp_path / "inputs.npz", tmp_path / "out.npz"]
    subprocess.run(command, check=True, cwd=tmp_path, timeout=300)
    return dict(np.load(tmp_path / "out.npz"))


@pytest.mark.parametrize(
    "options",
    [
        {"head": "quantiles", "transform": "log"},
        pytest.param(
            {"calibration_windows": 12, "scaling": "mean", "levels": (0.2, 0.8)},
            marks=pytest.mark.slow,
        ),
        pytest.param(
            {"head": "student_t", "decoding": "autoregressive", "attention": "luong"},
            marks=pytest.mark.slow,
        ),
    ],
    ids=["quantiles", "calibrated", "drawn"],
)
def test_it_answers_as_predict_does_without_seqkit_and_keras(options, tmp_path):
    model = seqkit.Seq2SeqForecaster(6, 24, units=6, epochs=2, random_state=0, **options)
    model.fit(Y)
    history = Y.to_numpy("float32").T[..., None].copy()
    history[0, 40] = np.nan
    holes = Y.copy()
    holes.iloc[40, 0] = np.nan
    found = ask(model.export(tmp_path / "model"), {"history": history}, tmp_path)
    np.testing.assert_allclose(found["forecast"], model.predict(holes).T, rtol=1e-4)
    np.testing.assert_allclose(found["first"], found["forecast"][:1], rtol=1e-5)
    quantiles = model.predict_quantiles(y=holes).to_numpy().reshape(6, 2, -1)
    np.testing.assert_allclose(found["quantiles"], np.swapaxes(quantiles, 0, 1), rtol=1e-4)


def test_it_takes_covariates_and_short_histories(tmp_path):
    model = seqkit.Seq2SeqForecaster(
        6, 24, units=6, epochs=2, random_state=0, calendar=["month"], past_covariates=["visits"]
    )
    model.fit(Y, X, static=STATIC)
    steps = slice(40, 60)  # fewer than the lookback
    rows = X[["visits", "price"]][steps]
    history = np.stack([np.c_[Y[name][steps], rows] for name in Y]).astype("float32")
    inputs = {
        "history": history,
        "future": np.stack([X[["price"]][60:]] * 2).astype("float32"),
        "timestamps": np.stack([MONTHS[40:].strftime("%Y-%m")] * 2).astype(str),
        "static": STATIC[["size"]].to_numpy("float32"),
        "categories": np.array([["shop"], ["never seen"]]),
    }
    found = ask(model.export(tmp_path / "model"), inputs, tmp_path)
    static = STATIC.assign(kind=["shop", "never seen"])
    with pytest.warns(UserWarning, match="'never seen'"):
        expected = model.predict(Y[steps], X, static=static)
    np.testing.assert_allclose(found["forecast"], expected.T, rtol=1e-4)


def test_signature(tmp_path):
    model = seqkit.Seq2SeqForecaster(3, 12, units=4, epochs=1, head="point").fit(Y["a"])
    served = tf.saved_model.load(model.export(tmp_path)).signatures["serving_default"]
    (history,) = served.structured_input_signature[1].values()
    assert (history.name, history.dtype, history.shape.as_list()) == (
        "history",
        tf.float32,
        [None, None, 1],
    )
    assert list(served.structured_outputs) == ["forecast"]
    assert served.structured_outputs["forecast"].shape.as_list() == [None, 3]


def test_a_high_level_as_far_as_float32_carries_it(tmp_path):
    wave = 2048 * np.round(50 * np.sin(T[:60]))  # multiples of what float32 rounds 1e10 to
    y = pd.Series(2048 * 4194304.0 + wave, MONTHS[:60])
    model = seqkit.Seq2SeqForecaster(3, 12, units=4, epochs=1, random_state=0).fit(y)
    served = tf.saved_model.load(model.export(tmp_path)).signatures["serving_default"]
    history = y.to_numpy("float32")[None, :, None]
    found = served(history=tf.constant(history))["forecast"][0]
    np.testing.assert_allclose(found, model.predict(), atol=4 * 2048)
    flat = served(history=tf.fill([1, 20, 1], 500.0))["forecast"]
    np.testing.assert_allclose(flat, 500, rtol=1e-6)


def test_calendar_alone_and_its_errors(tmp_path):
    """Histories of two lengths in one batch: what is not there stands in front."""
    days = pd.date_range("2024-02-20", periods=60, freq="D")
    y = pd.DataFrame({"a": np.sin(np.arange(60)) + 3, "b": np.cos(np.arange(60)) + 9}, days)
    model = seqkit.Seq2SeqForecaster(
        3, 7, season=None, units=4, epochs=1, calendar=["day_of_week", "day_of_month"]
    ).fit(y)
    served = tf.saved_model.load(model.export(tmp_path)).signatures["serving_default"]
    history = y.to_numpy("float32")[-10:].T[..., None].copy()
    dates = pd.date_range(days[-10], periods=13, freq="D").strftime("%Y-%m-%d").to_numpy(str)
    dates = np.stack([dates, dates])
    history[1, :6], dates[1, :6] = np.nan, ""
    found = served(history=tf.constant(history), timestamps=tf.constant(dates))["forecast"]
    expected = [model.predict(y["a"]), model.predict(y["b"][-4:])]
    np.testing.assert_allclose(found, expected, rtol=1e-4)
    with pytest.raises(tf.errors.InvalidArgumentError, match="of the steps of the history and"):
        served(history=tf.constant(history), timestamps=tf.constant(dates[:, 1:]))
    for place, wrong, message in (
        ((0, 0), "20 May", r"must be strings such as .* got 20 May at \[\[0 0\]\]"),
        ((0, 12), "2020-13-45", r"got 2020-13-45 at \[\[0 12\]\]"),
        ((0, 12), "", r"timestamps: rows \[0\] lack some"),
        ((1, 6), "", r"timestamps: rows \[1\] lack some"),
    ):
        changed = dates.astype(object)
        changed[place] = wrong
        with pytest.raises(tf.errors.InvalidArgumentError, match=message):
            served(history=tf.constant(history), timestamps=tf.constant(changed))


def test_what_predict_refuses_of_values_and_covariates(tmp_path):
    model = seqkit.Seq2SeqForecaster(
        6, 24, units=4, epochs=1, transform="log", minimum=5, past_covariates=["visits"]
    ).fit(Y, X, static=STATIC[["size"]])
    served = tf.saved_model.load(model.export(tmp_path)).signatures["serving_default"]
    history = np.stack([np.c_[Y[name], X[["visits", "price"]][:60]] for name in Y])
    request = {
        "history": history.astype("float32"),
        "future": np.stack([X[["price"]][60:]] * 2).astype("float32"),
        "static": STATIC[["size"]].to_numpy("float32"),
    }

    def ask(**changed):
        return served(**{k: tf.constant(v) for k, v in (request | changed).items()})["forecast"]

    def at(name, place, value):
        changed = request[name].copy()
        changed[place] = value
        return {name: changed}

    holes = X.copy()
    holes.loc[MONTHS[3]] = np.nan
    expected = model.predict(Y, holes, static=STATIC)
    np.testing.assert_allclose(ask(**at("history", np.s_[:, 3, 1:], np.nan)), expected.T, rtol=1e-4)
    for changed, message in (
        (at("history", (1, 2, 0), -1), r"history: rows \[1\] hold a value below 0, the least"),
        (at("history", (1, 2, 0), 3), r"history: rows \[1\] hold a value below 5, the least"),
        (at("history", (1, 2, 2), np.inf), r"history: rows \[1\] hold infinity"),
        (at("future", (0, 5, 0), np.nan), r"future: rows \[0\] hold NaN or infinity"),
        (at("static", (1, 0), np.nan), r"static: rows \[1\] hold NaN or infinity"),
        ({"static": request["static"][:1]}, "static: must have as many rows as history"),
    ):
        with pytest.raises(tf.errors.InvalidArgumentError, match=message):
            ask(**changed)
