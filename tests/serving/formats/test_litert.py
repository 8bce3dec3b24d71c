"""Models as LiteRT files of one row and a fixed number of steps, run by LiteRT's interpreter."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import tensorflow as tf

import seqkit
from seqkit.extras import MissingExtraError
from seqkit.serving import FailedConversion
from seqkit.serving.formats import litert
from tests.conformance.cells import all_cells
from tests.conformance.estimators import data, fitted, named
from tests.serving.exported import card, check, real_rows

pytest.importorskip("ai_edge_litert", reason="seqkit[litert] is not installed")

STEPS = 40


def asked(version, rows):
    """The answers of LiteRT's interpreter, row by row, as the file itself gives them."""
    from ai_edge_litert.interpreter import Interpreter

    run = Interpreter(model_path=str(Path(version, "model.tflite"))).get_signature_runner()
    count = len(next(iter(rows.values())))
    answers = [run(**{name: v[k : k + 1] for name, v in rows.items()}) for k in range(count)]
    return {name: np.concatenate([a[name] for a in answers]) for name in answers[0]}


def longer(rows, steps=STEPS):
    """Numeric rows of so many steps, ending in NaN."""
    more = steps - rows["inputs"].shape[1]
    return {"inputs": np.pad(rows["inputs"], [(0, 0), (0, more), (0, 0)], constant_values=np.nan)}


@pytest.mark.slow
@all_cells
@pytest.mark.parametrize("backwards", [False, True])
def test_every_cell_with_masks(variant, backwards):
    layer = variant.layer(go_backwards=backwards, return_sequences=True, return_state=True)
    layer.build((None, None, 3))
    rng = np.random.default_rng(0)
    layer.set_weights([rng.normal(size=w.shape, scale=0.5) for w in layer.get_weights()])

    def function(inputs, lengths):
        outputs, *state = layer(inputs, mask=tf.sequence_mask(lengths, 12))
        return {"outputs": outputs, **{f"state_{k}": s for k, s in enumerate(state)}}

    specs = [
        tf.TensorSpec((1, 12, 3), tf.float32, "inputs"),
        tf.TensorSpec((1,), tf.int32, "lengths"),
    ]
    session = litert.Session(litert.convert(function, specs))
    for length in (12, 5, 1):
        rows = {"inputs": rng.normal(size=(1, 12, 3)).astype("float32")}
        rows["lengths"] = np.array([length], "int32")
        found = session(rows)
        for name, value in function(**rows).items():
            np.testing.assert_allclose(found[name], value, rtol=1e-5, atol=1e-5)


@pytest.fixture(scope="module")
def classifier(tmp_path_factory):
    folder = tmp_path_factory.mktemp("litert")
    return fitted(named("classifier")).export(folder, format="litert", steps=STEPS)


def test_it_answers_as_predict_does(classifier):
    rows = longer(real_rows("classifier", 8))
    check("classifier", "serving_default", rows, asked(classifier, rows))
    rows["inputs"][0, 0, 0] = np.inf
    assert np.isnan(asked(classifier, rows)["probabilities"]).all(1).tolist() == [True] + 7 * [
        False
    ]


def test_the_card_shows_a_row_that_the_file_takes(classifier):
    told = card(Path(classifier))
    signature = told["signatures"]["serving_default"]
    assert signature["inputs"]["inputs"]["shape"] == [1, STEPS, 2]
    rows = signature["example"]["request"]["instances"]
    assert {np.shape(row["inputs"]) for row in rows} == {(STEPS, 2)}
    assert told["files"].keys() == {"model.tflite", "assets.extra/labels.json"}


@pytest.mark.slow
@pytest.mark.parametrize("name", ["regressor", "numeric_tagger"])
def test_every_estimator_of_numbers(name, tmp_path):
    version = fitted(named(name)).export(tmp_path, format="litert", steps=STEPS)
    rows = longer(real_rows(name, 3))
    found = asked(version, rows)
    check(name, "serving_default", rows, found)


@pytest.mark.slow
def test_a_chain_of_labels(tmp_path):
    X, y = data(named("numeric_tagger"))
    model = named("numeric_tagger").new(epochs=1, crf=True).fit(X, y)
    version = model.export(tmp_path, format="litert", steps=STEPS)
    found = asked(version, longer(real_rows("numeric_tagger", 4)))
    for row, expected in zip(found["probabilities"], model.predict_proba(X[:4]), strict=True):
        np.testing.assert_allclose(row[: len(expected)], expected, atol=1e-5)


@pytest.mark.slow
def test_forecasters(tmp_path):
    months = pd.period_range("2000-01", periods=60, freq="M")
    y = pd.DataFrame({"a": 10 + np.sin(np.arange(60)), "b": 5 + np.cos(np.arange(60))}, months)
    small = {"horizon": 4, "lookback": 8, "units": 4, "epochs": 1, "random_state": 0}
    for options in ({}, {"decoding": "autoregressive", "attention": "bahdanau"}):
        model = seqkit.Seq2SeqForecaster(**small, **options).fit(y)
        version = model.export(tmp_path, format="litert")
        history = {"history": y.to_numpy("float32").T[:, -8:, None].copy()}
        found = asked(version, history)["forecast"]
        np.testing.assert_allclose(found, model.predict(y).to_numpy().T, rtol=1e-4)


def test_steps_must_be_said(tmp_path):
    with pytest.raises(ValueError, match="steps must be given with format='litert'"):
        fitted(named("classifier")).export(tmp_path, format="litert")
    with pytest.raises(ValueError, match="steps must be an integer of at least 1, got 0"):
        fitted(named("classifier")).export(tmp_path, format="litert", steps=0)


def test_operations_that_litert_lacks_are_told():
    spec = tf.TensorSpec((1,), tf.float32, "x")
    with pytest.raises(FailedConversion, match="TensorFlow does not convert it"):
        litert.convert(lambda x: {"y": tf.math.betainc(x, x, x)}, [spec])


def test_the_extra_is_named(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "ai_edge_litert", None)
    with pytest.raises(MissingExtraError, match=r"needs ai_edge_litert: .*seqkit\[litert"):
        fitted(named("classifier")).export(tmp_path, format="litert", steps=STEPS)
