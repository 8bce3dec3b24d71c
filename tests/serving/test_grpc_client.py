"""The client gives over gRPC what it gives over REST, and says what is wrong in the same words."""

from __future__ import annotations

import sys

import numpy as np
import pandas as pd
import pytest

from seqkit.extras import MissingExtraError
from seqkit.serving import Client, ServingError
from tests.conformance.estimators import data, fitted, named
from tests.serving.double import Model
from tests.serving.exported import NAMES, exported, real_rows
from tests.serving.grpc_double import serving, stubs
from tests.serving.test_client import (
    asks_again,
    asks_once_what_is_refused,
    refuses_as_predict_does,
    same,
)


@pytest.fixture(scope="module")
def double():
    stubs()
    with serving({name: Model(exported(name)) for name in NAMES}) as running:
        yield running


@pytest.fixture
def client(double):
    double.failures.clear()
    double.requests.clear()
    return lambda name, **options: Client(f"grpc://{double.address}/v1/models/{name}", **options)


@pytest.mark.parametrize("name", [n for n in NAMES if n != "forecaster"])
def test_predictions_are_those_of_the_estimator(client, name):
    X, _ = data(named(name))
    X, model = X[:10], fitted(named(name))
    for rows in (256, 4):
        asked = client(name, rows=rows)
        same(asked.predict(X), model.predict(X))
        if hasattr(model, "predict_proba"):
            same(asked.predict_proba(X), model.predict_proba(X))


def test_series_in_and_forecasts_out(client):
    y, _ = data(named("forecaster"))
    expected = fitted(named("forecaster")).predict(y)
    pd.testing.assert_frame_equal(client("forecaster").predict(y), expected, rtol=1e-4)


def test_signatures_versions_and_unknown_models(client):
    texts = list(real_rows("translator")["inputs"])
    expected = fitted(named("translator")).predict(texts, beam_width=5, n_best=5)
    asked = client("translator/versions/1")
    assert asked.predict(texts, signature="beam") == expected
    assert asked.signatures()["beam"]["outputs"]["scores"] == {"dtype": "float", "shape": [None, 5]}
    assert "__saved_model_init_op" not in asked.signatures()
    with pytest.raises(ServingError, match="answered NOT_FOUND: Servable not found") as error:
        client("translator/versions/7").predict(texts)
    assert error.value.status == 404


def test_refused_rows_are_told_as_predict_tells_them(client):
    refuses_as_predict_does(client)


def test_it_asks_again_where_the_server_is_not_ready_and_only_then(double, client):
    asks_again(double, client, ["UNAVAILABLE", "RESOURCE_EXHAUSTED"], "UNAVAILABLE")
    double.failures.clear()
    asks_once_what_is_refused(double, client)


def test_answers_of_more_than_four_mebibytes(double, client):
    """gRPC's own limit of a message."""
    rows = np.zeros((3000, 200, 2), "float32")
    assert client("classifier", rows=3000).predict(rows).shape == (3000,)


def test_no_server():
    stubs()
    with serving({}) as double:
        address = double.address
    with pytest.raises(ConnectionError, match=r"No answer from grpc://127.*Is the server running"):
        Client(f"grpc://{address}/v1/models/text", retries=1, timeout=0.5).predict(["a"])


def test_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "tensorflow_serving", None)
    with pytest.raises(MissingExtraError, match=r"needs tensorflow_serving: .*seqkit\[serving"):
        Client("grpc://127.0.0.1:8500/v1/models/text")


@pytest.mark.parametrize("path", ["", "/text", "/v1/models/text/versions/new"])
def test_addresses_that_are_none_of_a_model(path):
    with pytest.raises(ValueError, match="or grpc://127.0.0.1:8500/v1/models/NAME, got"):
        Client(f"grpc://127.0.0.1:8500{path}")
