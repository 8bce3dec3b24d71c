"""The signature by which rows end where a second input says: for clients whose JSON has no NaN."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from seqkit.serving import Client, verify
from tests.conformance.estimators import data, fitted, named
from tests.serving.double import InvalidArgument, Model, serving
from tests.serving.exported import card

NAMES = ["classifier", pytest.param("numeric_tagger", marks=pytest.mark.slow)]


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    folder = tmp_path_factory.mktemp("lengths")
    return Model(Path(fitted(named("classifier")).export(folder, signatures=["lengths"])))


def rows(X):
    longest = max(map(len, X))
    padded = [[*x.tolist(), *[[7.0] * x.shape[1]] * (longest - len(x))] for x in X]
    return [{"inputs": p, "lengths": len(x)} for p, x in zip(padded, X, strict=True)]


@pytest.mark.parametrize("name", NAMES)
def test_what_stands_behind_the_end_of_a_row_does_not_matter(name, tmp_path):
    X, _ = data(named(name))
    estimator = fitted(named(name))
    version = Path(estimator.export(tmp_path, signatures=["serving_default", "lengths"], example=X))
    body = {"signature_name": "lengths", "instances": rows(X[:5])}
    answer = Model(version).predict(json.dumps(body, allow_nan=False).encode())["predictions"]
    found = [row["probabilities"] for row in answer]
    for row, x, expected in zip(found, X, estimator.predict_proba(X[:5]), strict=False):
        row = row[: len(x)] if named(name).stepwise else row
        np.testing.assert_allclose(row, expected, atol=1e-5)
    shown = card(version)["signatures"]["lengths"]["example"]["request"]["instances"]
    assert [row["lengths"] for row in shown] == [len(x) for x in X[:4]]
    json.dumps(shown, allow_nan=False)
    assert verify(version, seconds=0).ok


@pytest.mark.parametrize("length", [0, 4, -1])
def test_lengths_that_no_row_has(model, length):
    request = {"inputs": [[1.0, 2.0]] * 3, "lengths": 3}
    body = {"signature_name": "lengths", "instances": [request, {**request, "lengths": length}]}
    with pytest.raises(InvalidArgument, match=r"lengths: rows \[1\] are not from 1 to the steps"):
        model.predict(json.dumps(body).encode())


def test_the_client_sends_lengths(model):
    X, _ = data(named("classifier"))
    with serving({"m": model}) as double:
        found = Client(f"{double.url}/v1/models/m").predict(X[:6], signature="lengths")
    assert found.tolist() == fitted(named("classifier")).predict(X[:6]).tolist()


def test_it_is_written_only_where_it_is_named(tmp_path):
    version = Path(fitted(named("classifier")).export(tmp_path))
    assert card(version)["signatures"].keys() == {"serving_default"}
    with pytest.raises(ValueError, match="signatures must be some of .*beam.*, got 'lengths'"):
        fitted(named("translator")).export(tmp_path, signatures=["lengths"])
