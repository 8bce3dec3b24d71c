"""The files beside an exported graph: true, readable by others, and there or not with it."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import tensorflow as tf

import seqkit
from seqkit.serving.json_rows import columns_of
from seqkit.serving.warmup import FILE as WARMUP
from seqkit.serving.warmup import read_warmup, write_warmup
from seqkit.text.reserved_ids import UNKNOWN
from tests.conformance.estimators import data, fitted, named
from tests.estimators.toy import first_event, small, untrained
from tests.serving.exported import card, check, every_export, exported, real_rows

X, Y = first_event(24)


@pytest.fixture(scope="module")
def model():
    return small(epochs=1, class_weight={"left": 1.0, "right": 2.0}).fit(X, Y)


@every_export
def test_the_schema_is_that_of_the_signatures_and_means_something(name):
    signatures = tf.saved_model.load(exported(name)).signatures
    described = card(exported(name))["signatures"]
    assert described.keys() == signatures.keys()
    for key, signature in signatures.items():
        for side, specs in (
            ("inputs", signature.structured_input_signature[1]),
            ("outputs", signature.structured_outputs),
        ):
            found = described[key][side]
            assert {n: (t["dtype"], t["shape"]) for n, t in found.items()} == {
                n: (spec.dtype.name, spec.shape.as_list()) for n, spec in specs.items()
            }
            assert all(len(tensor["meaning"]) > 10 for tensor in found.values())


@every_export
def test_the_answers_of_the_examples_are_what_predict_says(name):
    for key, signature in card(exported(name))["signatures"].items():
        request, answer = signature["example"]["request"], signature["example"]["answer"]
        assert request["signature_name"] == key
        inputs = columns_of(request["instances"], list(signature["inputs"]))
        check(name, key, inputs, columns_of(answer["predictions"], list(signature["outputs"])))


@every_export
def test_a_server_warms_up_with_one_row_and_many_by_each_signature(name):
    found = read_warmup(exported(name) / WARMUP)
    signatures = tf.saved_model.load(exported(name)).signatures
    counts = [(key, len(next(iter(inputs.values())))) for key, inputs in found]
    assert counts == [(key, count) for key in sorted(signatures)[::-1] for count in (1, 32)]
    for key, inputs in found:
        outputs = signatures[key](**{k: tf.constant(v) for k, v in inputs.items()})
        assert all(len(v) == len(next(iter(inputs.values()))) for v in outputs.values())


@every_export
def test_words_beside_the_graph(name):
    model, extra = fitted(named(name)), exported(name) / "assets.extra"
    expected = {
        "labels": getattr(model, "classes_", None),
        "vocabulary": getattr(model, "vocabulary_", None) if name != "numeric_tagger" else None,
        "source_vocabulary": getattr(model, "source_vocabulary_", None),
        "target_vocabulary": getattr(model, "target_vocabulary_", None),
    }
    for file, words in expected.items():
        assert (extra / f"{file}.json").exists() == (words is not None)
        if words is not None:
            assert json.loads((extra / f"{file}.json").read_text()) == list(words)


def test_the_card_tells_what_the_model_is(model, tmp_path):
    found = card(Path(model.export(tmp_path, metrics={"accuracy": np.float32(0.5)})))
    assert found["model"]["estimator"] == "SequenceClassifier"
    assert found["model"]["description"].startswith("A recurrent classifier of numeric sequences")
    assert found["model"]["weights"] == model.model_.count_params()
    assert found["versions"]["seqkit"] == seqkit.__version__
    assert found["versions"]["tensorflow"] == tf.__version__
    assert found["data"] == {"features": 2, "median_steps": 9, "labels": 2}
    assert found["parameters"]["class_weight"] == {"left": 1.0, "right": 2.0}
    assert found["parameters"]["units"] == 8
    assert found["training"]["epochs"] == 1
    assert found["metrics"] == {"accuracy": 0.5}


@pytest.mark.parametrize(
    ("X", "y"),
    [
        (np.sin(np.arange(120.0)).reshape(20, 6), np.arange(20) % 2 * 1.0),
        (pd.DataFrame(np.eye(20, 6), columns=list("abcdef")), np.arange(20) % 2 == 0),
        (1e12 + np.random.default_rng(0).normal(size=(20, 6, 1)), np.arange(20) % 2),
        ([[[0.0]]] * 20, [["a", "b"], ["a"]] * 10),
    ],
    ids=["table", "frame", "far from zero", "one step alone"],
)
def test_every_form_of_data_has_a_card_and_an_example(X, y, tmp_path):
    with untrained():
        model = small(units=4, stem=None).fit(X, y)
    version = Path(model.export(tmp_path))
    labels = json.loads((version / "assets.extra/labels.json").read_text())
    assert labels == model.classes_.tolist()
    shown = card(version)["signatures"]["serving_default"]["example"]
    assert len(shown["answer"]["predictions"]) == 2


def test_parameters_that_were_set_after_the_fit_are_not_told(tmp_path):
    model = small(epochs=1).fit(X, Y).set_params(units=99, epochs=7)
    found = card(Path(model.export(tmp_path)))["parameters"]
    assert (found["units"], found["epochs"]) == (8, 1)


def test_the_card_has_the_digest_of_every_other_file():
    version = exported("text")
    files = {p.relative_to(version).as_posix() for p in version.rglob("*") if p.is_file()}
    found = card(version)["files"]
    assert found.keys() | {"model_card.json"} == files
    graph = hashlib.sha256((version / "saved_model.pb").read_bytes()).hexdigest()
    assert found["saved_model.pb"] == graph


def test_no_example_and_no_data_where_none_is_wanted(model, tmp_path):
    version = Path(model.export(tmp_path, include_example=False))
    assert not (version / WARMUP).exists()
    assert "example" not in card(version)["signatures"]["serving_default"]
    with pytest.raises(ValueError, match="example must be None with include_example=False"):
        model.export(tmp_path, include_example=False, example=X)


def test_made_up_examples_are_none_of_the_training(model, tmp_path):
    shown = card(Path(model.export(tmp_path)))["signatures"]["serving_default"]["example"]
    rows = [np.float32(row["inputs"]) for row in shown["request"]["instances"]]
    assert not any(x.shape == row.shape and (x == row).all() for x in X for row in rows)


@pytest.mark.parametrize("example", [X[:6], {"inputs": np.stack([x[:5] for x in X[:6]])}])
def test_examples_that_are_given(model, example, tmp_path):
    rows = list(example["inputs"]) if isinstance(example, dict) else example
    version = Path(model.export(tmp_path, example=example))
    shown = card(version)["signatures"]["serving_default"]["example"]
    found = [np.float32(row["inputs"]) for row in shown["request"]["instances"]]
    for row, x in zip(found, rows[:4], strict=True):
        np.testing.assert_array_equal(row[: len(x)], x)
        assert np.isnan(row[len(x) :]).all()
    expected = model.predict(rows[:4]).tolist()
    assert [answer["label"] for answer in shown["answer"]["predictions"]] == expected
    assert max(len(v["inputs"]) for _, v in read_warmup(version / WARMUP)) == 32


@every_export
def test_rows_as_predict_takes_them_are_rows_as_clients_send_them(name):
    kind = named(name)
    X, _ = data(kind)
    X = X if name == "forecaster" else X[:3]
    for key, values in fitted(kind)._request(X).items():
        np.testing.assert_array_equal(values, real_rows(name)[key])


def test_examples_that_the_model_refuses(model, tmp_path):
    holes = [X[0], np.array([[1.0, np.inf]])]
    with pytest.raises(ValueError, match="infinity"):
        model.export(tmp_path, example=holes)
    with pytest.raises(ValueError, match="example must have the inputs inputs, got history"):
        model.export(tmp_path, example={"history": np.zeros((1, 2, 2))})
    with pytest.raises(ValueError, match="example must have as many rows"):
        model.export(tmp_path, example={"inputs": np.zeros((0, 2, 2))})
    with pytest.raises(tf.errors.InvalidArgumentError, match=r"inputs: rows \[0\] hold infinity"):
        model.export(tmp_path, example={"inputs": np.full((1, 2, 2), np.inf)})
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("metrics", [[0.5], {"a": "b"}, {"a": [1]}, {1: 2}, {"a": True}])
def test_metrics_that_are_no_numbers(model, metrics, tmp_path):
    with pytest.raises(TypeError, match="metrics"):
        model.export(tmp_path, metrics=metrics)


def test_some_of_the_signatures(tmp_path):
    model = fitted(named("translator"))
    version = Path(model.export(tmp_path, signatures=["beam"]))
    assert card(version)["signatures"].keys() == {"beam"}
    assert "beam" in tf.saved_model.load(version).signatures
    with pytest.raises(ValueError, match=r"'serving_default', 'beam', got 'bean'. Did you mean 'b"):
        model.export(tmp_path, signatures=["bean"])
    with pytest.raises(TypeError, match=r"Use \['beam'\]"):
        model.export(tmp_path, signatures="beam")
    with pytest.raises(ValueError, match="must name at least one"):
        model.export(tmp_path, signatures=[])


def test_a_card_that_cannot_be_written_leaves_nothing(model, tmp_path, monkeypatch):
    def fill(*args, **kwargs):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("seqkit.serving.card._write_json", fill)
    with pytest.raises(OSError, match="Could not write the model.*No space left"):
        model.export(tmp_path / "m")
    assert list((tmp_path / "m").iterdir()) == []


def test_covariates_of_all_kinds_have_an_example(tmp_path):
    days = pd.date_range("2024-01-01", periods=60, freq="D")
    t = np.arange(60)
    y = pd.DataFrame({"a": 6 + np.sin(t), "b": 9 + np.cos(t)}, days)
    covariates = pd.DataFrame(
        {"price": np.cos(t), "visits": t * 1.0, "kind": np.where(t % 7 > 4, "off", "work")}, days
    )
    static = pd.DataFrame({"size": [1.0, 2.0], "region": ["north", "south"]}, ["a", "b"])
    options = {"season": None, "units": 4, "epochs": 1, "random_state": 0}
    model = seqkit.Seq2SeqForecaster(
        3, 7, calendar=["day_of_week"], past_covariates=["visits"], minimum=4.5, **options
    ).fit(y[:-3], covariates, static=static)
    version = Path(model.export(tmp_path))
    shown = card(version)["signatures"]["serving_default"]
    (row, _) = shown["example"]["request"]["instances"]
    assert row["categories"] == ["north"]
    assert row["future_categories"] == [["off"]] * 3
    assert row["timestamps"][-1] == "2024-02-29T00:00:00"
    assert min(value for value, *_ in row["history"]) >= 4.5
    assert row["history"][0][1] == pytest.approx(28)  # the mean of visits
    with pytest.raises(ValueError, match="example must be a dict of arrays by the names"):
        model.export(tmp_path, example=y)


@pytest.mark.parametrize(
    "options",
    [{"tokens": "char"}, {"tokens": "subword"}, {"max_length": 1}, {"lowercase": True}],
    ids=str,
)
def test_made_up_texts_are_of_known_tokens(options):
    texts, labels = named("text").task(24, 0)
    with untrained():
        model = named("text").new(embeddings=None, **options).fit(texts, labels)
    rows = model._request(None)["inputs"].tolist()
    ids = model.tokenizer_.encode(rows)
    assert all(len(row) and UNKNOWN not in row for row in ids)
    assert len(rows) == 2


def test_more_requests_than_a_server_reads(tmp_path):
    with pytest.raises(ValueError, match="at most 1000 requests, got 1001"):
        write_warmup(tmp_path / "x", [("s", {"a": np.zeros(1)})] * 1001)
