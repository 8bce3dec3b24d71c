"""Models as ONNX files: every cell and estimator of numbers, asked by ONNX Runtime."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import tensorflow as tf

import seqkit
from seqkit.extras import MissingExtraError
from seqkit.serving import FailedConversion
from seqkit.serving.__main__ import main
from seqkit.serving.formats import onnx
from seqkit.serving.formats.checking import different
from tests.conformance.cells import CELLS, STRUCTURES
from tests.conformance.estimators import data, fitted, named
from tests.serving.exported import card, check, real_rows

pytest.importorskip("tf2onnx", reason="seqkit[onnx] is not installed")
pytest.importorskip("onnxruntime", reason="seqkit[onnx] is not installed")


def slow_but(quick, cases):
    """Arguments of a test; those that are not named quick are slow."""
    return [
        pytest.param(case, id=name, marks=[] if name in quick else [pytest.mark.slow])
        for name, case in cases.items()
    ]


@pytest.mark.parametrize("variant", slow_but(STRUCTURES, {c.name: c for c in CELLS}))
@pytest.mark.parametrize("backwards", [False, pytest.param(True, marks=pytest.mark.slow)])
def test_every_cell_with_masks_and_other_lengths_and_rows(variant, backwards):
    layer = variant.layer(go_backwards=backwards, return_sequences=True, return_state=True)
    layer.build((None, None, 3))
    rng = np.random.default_rng(0)
    layer.set_weights([rng.normal(size=w.shape, scale=0.5) for w in layer.get_weights()])

    def function(inputs, lengths):
        mask = tf.sequence_mask(lengths, tf.shape(inputs)[1])
        outputs, *state = layer(inputs, mask=mask)
        return {"outputs": outputs, **{f"state_{k}": s for k, s in enumerate(state)}}

    specs = [
        tf.TensorSpec((None, None, 3), tf.float32, "inputs"),
        tf.TensorSpec((None,), tf.int32, "lengths"),
    ]
    session = onnx.Session(onnx.convert(function, specs))
    for rows, steps in ((1, 1), (1, 40), (3, 7), (50, 12)):
        inputs = rng.normal(size=(rows, steps, 3)).astype("float32")
        lengths = rng.integers(1, steps + 1, rows).astype("int32")
        expected = {k: v.numpy() for k, v in function(inputs, lengths).items()}
        found = session({"inputs": inputs, "lengths": lengths})
        assert found.keys() == expected.keys()
        for name in expected:
            np.testing.assert_allclose(found[name], expected[name], rtol=1e-5, atol=1e-5)


def asked(version, rows):
    """The answer of ONNX Runtime, as the file itself gives it."""
    import onnxruntime

    session = onnxruntime.InferenceSession(str(Path(version, "model.onnx")))
    names = [output.name for output in session.get_outputs()]
    return dict(zip(names, session.run(None, rows), strict=True))


@pytest.fixture(scope="module")
def classifier(tmp_path_factory):
    return fitted(named("classifier")).export(tmp_path_factory.mktemp("onnx"), format="onnx")


def test_it_answers_ragged_rows_as_predict_does(classifier):
    for count in (1, 3, 20):
        rows = real_rows("classifier", count)
        check("classifier", "serving_default", rows, asked(classifier, rows))


@pytest.mark.slow
@pytest.mark.parametrize("name", ["regressor", "numeric_tagger", "forecaster"])
def test_every_estimator_of_numbers(name, tmp_path):
    version = fitted(named(name)).export(tmp_path, format="onnx")
    rows = real_rows(name, 2)
    check(name, "serving_default", rows, asked(version, rows))


def test_a_row_that_predict_refuses_has_no_answer(classifier):
    rows = real_rows("classifier", 3)
    expected = asked(classifier, rows)["probabilities"]
    rows["inputs"][0, 0, 0] = np.inf
    rows["inputs"][2, 0] = np.nan
    found = asked(classifier, rows)
    assert np.isnan(found["probabilities"]).all(1).tolist() == [True, False, True]
    assert found["label"][0] == ""
    np.testing.assert_array_equal(found["probabilities"][1], expected[1])


def test_the_folder(classifier):
    assert {p.name for p in Path(classifier).iterdir()} == {
        "model.onnx",
        "model_card.json",
        "assets.extra",
    }
    assert {p.name for p in Path(classifier, "assets.extra").iterdir()} == {"labels.json"}
    told = card(Path(classifier))
    assert told["model"]["format"] == "onnx"
    (name,) = told["signatures"]
    example = told["signatures"][name]["example"]
    inputs = [row["inputs"] for row in example["request"]["instances"]]
    found = asked(classifier, {"inputs": np.array(inputs, "float32")})["probabilities"]
    expected = [row["probabilities"] for row in example["answer"]["predictions"]]
    np.testing.assert_allclose(found, expected, atol=1e-6)


def test_axes_and_tensors_have_names(classifier):
    import onnxruntime

    session = onnxruntime.InferenceSession(str(Path(classifier, "model.onnx")))
    (inputs,) = session.get_inputs()
    assert (inputs.name, inputs.shape) == ("inputs", ["batch", "steps", 2])
    assert {o.name for o in session.get_outputs()} == {"probabilities", "label"}


@pytest.mark.slow
def test_rows_that_end_by_lengths(tmp_path):
    model = fitted(named("classifier"))
    version = model.export(tmp_path, format="onnx", signatures=["lengths"])
    X, _ = data(named("classifier"))
    longest = max(map(len, X))
    rows = {
        "inputs": np.stack([np.pad(x, [(0, longest - len(x)), (0, 0)]) for x in X]).astype("f4"),
        "lengths": np.array(list(map(len, X)), "int32"),
    }
    found = asked(version, rows)["probabilities"]
    np.testing.assert_allclose(found, model.predict_proba(X), atol=1e-5)
    with pytest.raises(Exception, match="mismatched dimensions"):
        asked(version, {**rows, "lengths": rows["lengths"][:1]})
    rows["lengths"][1] = longest + 1
    assert np.isnan(asked(version, rows)["probabilities"]).all(1).sum() == 1


@pytest.mark.parametrize(
    "name", slow_but(["text"], {k: k for k in ("text", "tagger", "translator")})
)
def test_models_of_texts_are_refused_and_told_where_to_go(name, tmp_path):
    with pytest.raises(
        ValueError,
        match="format='onnx' is for models that read numbers, and "
        "inputs of this .* are strings. Use format='saved_model'.*mlflow",
    ):
        fitted(named(name)).export(tmp_path, format="onnx")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "options, message",
    [
        ({"format": "pmml"}, "format must be 'saved_model', 'onnx' or 'litert', got 'pmml'"),
        ({"format": "onnx", "optimize": "xla"}, "optimize is of format='saved_model'"),
        ({"format": "onnx", "steps": 5}, "steps is of format='litert'"),
        (
            {"format": "onnx", "signatures": ["serving_default", "lengths"]},
            "signatures must name one where format='onnx'.*got serving_default, lengths",
        ),
    ],
)
def test_options_that_do_not_fit(options, message, tmp_path):
    with pytest.raises(ValueError, match=message):
        fitted(named("classifier")).export(tmp_path, **options)


def test_nothing_is_written_that_answers_otherwise(tmp_path, monkeypatch):
    ask = onnx.Session.__call__

    def wrong(self, rows):
        answer = ask(self, rows)
        if len(rows["inputs"]) > 2:  # right for one row
            answer["probabilities"] = answer["probabilities"] + np.float32(1e-3)
        return answer

    monkeypatch.setattr(onnx.Session, "__call__", wrong)
    with pytest.raises(
        FailedConversion,
        match="format='onnx' was not written: its answers are not those of `predict`: of "
        "inputs .33, .* probabilities differ by 0.001 of at most .*saved_model",
    ):
        fitted(named("classifier")).export(tmp_path, format="onnx")
    assert list(tmp_path.iterdir()) == []


def test_operations_that_onnx_lacks_are_named():
    spec = tf.TensorSpec((None,), tf.float32, "x")
    with pytest.raises(FailedConversion, match="ONNX lacks the operations Betainc"):
        onnx.convert(lambda x: {"y": tf.math.betainc(x, x, x)}, [spec])


@pytest.mark.slow
def test_forecasters(tmp_path):
    months = pd.period_range("2000-01", periods=60, freq="M")
    y = pd.DataFrame({"a": 10 + np.sin(np.arange(60)), "b": 5 + np.cos(np.arange(60))}, months)
    price = pd.DataFrame(
        {"price": np.arange(64.0)}, pd.period_range("2000-01", periods=64, freq="M")
    )
    small = {"horizon": 4, "lookback": 8, "units": 4, "epochs": 1, "random_state": 0}
    for options in (
        {"decoding": "autoregressive", "attention": "bahdanau", "cell": "lstm"},
        {"head": "quantiles", "transform": "log", "minimum": 0.0, "ensemble_size": 2},
        {"head": "gaussian"},
        {"calibration_windows": 10},
    ):
        model = seqkit.Seq2SeqForecaster(**small, **options).fit(y)
        version = model.export(tmp_path / "y", format="onnx")
        history = {"history": y.to_numpy("float32").T[..., None].copy()}
        found = asked(version, history)["forecast"]
        np.testing.assert_allclose(found, model.predict(y).to_numpy().T, rtol=1e-4)
    model = seqkit.Seq2SeqForecaster(**small).fit(y, price)
    assert Path(model.export(tmp_path / "X", format="onnx"), "model.onnx").exists()
    model = seqkit.Seq2SeqForecaster(**small, head="student_t").fit(y)
    with pytest.raises(FailedConversion, match="format='onnx' was not written: .*Betainc"):
        model.export(tmp_path / "t", format="onnx")
    model = seqkit.Seq2SeqForecaster(**small, calendar=["month"]).fit(y)
    with pytest.raises(ValueError, match="timestamps of this Seq2SeqForecaster are strings"):
        model.export(tmp_path / "c", format="onnx")


@pytest.mark.slow
@pytest.mark.parametrize(
    "options",
    [
        {"stem": "segments", "stride": 3},
        {"stem": "convolution", "stride": 2},
        {"pooling": "attention", "layers": 2, "bidirectional": False},
        {"ensemble_size": 2},
        {"cell": "lstm", "pooling": "last"},
    ],
)
def test_architectures(options, tmp_path):
    X, y = data(named("classifier"))
    model = named("classifier").new(epochs=1, **options).fit(X, y)
    found = asked(model.export(tmp_path, format="onnx"), real_rows("classifier", 9))
    np.testing.assert_allclose(found["probabilities"], model.predict_proba(X[:9]), atol=1e-5)


@pytest.mark.slow
def test_a_chain_of_labels(tmp_path):
    X, y = data(named("numeric_tagger"))
    model = named("numeric_tagger").new(epochs=1, crf=True).fit(X, y)
    found = asked(model.export(tmp_path, format="onnx"), real_rows("numeric_tagger", 9))
    for row, labels, expected in zip(
        found["probabilities"], found["labels"], model.predict_proba(X[:9]), strict=True
    ):
        np.testing.assert_allclose(row[: len(expected)], expected, atol=1e-5)
        assert set(labels[len(expected) :]) <= {""}
    found = [[label for label in row if label] for row in found["labels"]]
    assert found == [[str(label) for label in row] for row in model.predict(X[:9])]


def test_a_folder_has_versions_of_one_format(classifier, tmp_path):
    with pytest.raises(ValueError, match="format 'saved_model', and .* has some of 'onnx'"):
        fitted(named("classifier")).export(Path(classifier).parent)
    (tmp_path / "1").mkdir()
    (tmp_path / "1" / "saved_model.pb").touch()
    with pytest.raises(ValueError, match="format 'onnx', and .* has some of 'saved_model'"):
        fitted(named("classifier")).export(tmp_path, format="onnx")


@pytest.mark.parametrize("package", ["tf2onnx", "onnxruntime"])
def test_the_extra_is_named(package, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(MissingExtraError, match=rf"format='onnx'. needs {package}: .*seqkit\[onnx"):
        fitted(named("classifier")).export(tmp_path, format="onnx")


@pytest.mark.slow
def test_from_a_shell(tmp_path, capsys):
    fitted(named("classifier")).save(tmp_path / "m.seqkit")
    assert not main(["export", str(tmp_path / "m.seqkit"), str(tmp_path / "m"), "--format", "onnx"])
    assert json.loads((tmp_path / "m/1/model_card.json").read_text())["model"]["format"] == "onnx"


def test_differences():
    rows: dict[str, Any] = {"p": np.float32([1, np.nan]), "label": np.array(["a", ""], object)}
    assert different(rows, rows) is None
    assert "NaN" in str(different(rows, {**rows, "p": np.array([1, 2], "float32")}))
    assert "differ in 1 of 2" in str(different(rows, {**rows, "label": np.array([b"b", b""])}))
    assert "shape" in str(different(rows, {**rows, "p": np.array([1], "float32")}))
    assert "gives p" in str(different(rows, {"p": rows["p"]}))
