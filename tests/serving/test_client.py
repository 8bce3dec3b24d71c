"""The client gives what the estimator gives, asks again where it may, and says what is wrong."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import polars
import pytest

import seqkit
from seqkit.serving import Client, RefusedRequest, ServingError
from tests.conformance.estimators import data, fitted, named
from tests.estimators.toy import first_event, small
from tests.serving.double import Model, serving
from tests.serving.exported import NAMES, exported, real_rows


@pytest.fixture(scope="module")
def double():
    with serving({name: Model(exported(name)) for name in NAMES}) as running:
        yield running


@pytest.fixture
def client(double):
    double.failures.clear()
    double.requests.clear()
    return lambda name, **options: Client(f"{double.url}/v1/models/{name}", **options)


def same(found, expected):
    assert type(found) is type(expected)
    if isinstance(expected, list):
        assert len(found) == len(expected)
        for one, other in zip(found, expected, strict=True):
            same(one, other)
    elif isinstance(expected, np.ndarray) and expected.dtype.kind == "f":
        np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-4)
    elif isinstance(expected, np.ndarray):
        np.testing.assert_array_equal(found, expected)
    else:
        assert found == expected


def refuses_as_predict_does(client):
    with pytest.raises(RefusedRequest, match=r"^inputs: rows \[1\] hold infinity. Give finite"):
        client("classifier").predict([np.zeros((2, 2)), np.full((2, 2), np.inf)])
    with pytest.raises(RefusedRequest, match=r"^Shape of tensor inputs \[1,2,3\] is not"):
        client("classifier").predict(np.zeros((1, 2, 3)))
    with pytest.raises(ValueError, match=r"^inputs: rows \[0\] have no token"):
        client("text").predict([""])


def asks_again(double, client, failures, code):
    """After two failures, and as often as it was told."""
    asked = client("text")
    texts = list(real_rows("text")["inputs"])
    expected = asked.predict(texts)
    double.failures += failures
    before = len(double.requests)
    same(asked.predict(texts), expected)
    assert len(double.requests) - before == 3
    double.failures += [code] * 9
    expected = f"answered {code}: The server is not ready"
    with pytest.raises(ServingError, match=expected) as error:
        client("text", retries=1).predict(texts)
    assert error.value.status == 503
    assert len(double.failures) == 7


def asks_once_what_is_refused(double, client):
    asked = client("text")
    asked.signatures()
    before = len(double.requests)
    with pytest.raises(RefusedRequest):
        asked.predict([""])
    assert len(double.requests) - before == 1


@pytest.mark.parametrize("name", [n for n in NAMES if n != "forecaster"])
@pytest.mark.parametrize("rows", [256, 4])
def test_predictions_are_those_of_the_estimator(client, name, rows):
    X, _ = data(named(name))
    X, model = X[:10], fitted(named(name))
    asked = client(name, rows=rows)
    same(asked.predict(X), model.predict(X))
    if hasattr(model, "predict_proba"):
        same(asked.predict_proba(X), model.predict_proba(X))
    else:
        with pytest.raises(ValueError, match="has no probabilities"):
            asked.predict_proba(X)


def test_numeric_sequences_in_all_forms(client):
    X, _ = data(named("classifier"))
    model, asked = fitted(named("classifier")), client("classifier")
    array = np.stack([x[:5] for x in X[:6]])
    same(asked.predict(array), model.predict(array))
    frame = pd.DataFrame(
        [(k, t, *step) for k, x in enumerate(X[:6]) for t, step in enumerate(x)],
        columns=["unique_id", "ds", "a", "b"],
    ).sample(frac=1, random_state=0)
    frame = frame.sort_values("unique_id", kind="stable")
    expected = model.predict(X[:6])
    same(asked.predict(frame), expected)
    same(asked.predict(polars.DataFrame(frame)), expected)
    renamed = frame.rename(columns={"unique_id": "pump", "ds": "hour"})
    same(client("classifier", id="pump", time="hour").predict(renamed), expected)
    same(asked.predict({"inputs": array}), model.predict(array))


def test_dates_and_masked_values_are_no_numbers(client):
    X = [np.zeros((2, 2)), np.zeros((2, 2), "M8[s]")]
    with pytest.raises(TypeError, match=r"X\[1\] must be numbers, got dates or durations"):
        client("classifier").predict(X)
    masked = np.ma.masked_equal(np.arange(8.0).reshape(2, 2, 2), 5)
    with pytest.raises(ValueError, match=r"X\[1\] is masked at \[0, 1\]"):
        client("classifier").predict(masked)


def test_texts_in_all_forms(client):
    texts = list(real_rows("text")["inputs"])
    expected = fitted(named("text")).predict(texts)
    for X in (texts, np.array(texts), pd.Series(texts), pd.DataFrame({"text": texts})):
        same(client("text").predict(X), expected)
    with pytest.raises(TypeError, match="must be a list of strings, got one"):
        client("text").predict("the film")


def test_series_in_and_forecasts_out(client):
    y, _ = data(named("forecaster"))
    model, asked = fitted(named("forecaster")), client("forecaster")
    ends = y.copy()
    ends.iloc[:3, 1] = np.nan  # which begins later
    long = y.stack().rename("y").rename_axis(["ds", "unique_id"]).reset_index()
    for series in (y, y["a"], ends, long.sort_values(["unique_id", "ds"])):
        found, expected = asked.predict(series), model.predict(series)
        assert type(found) is type(expected)
        assert found.index.equals(expected.index)
        columns = expected.columns if hasattr(expected, "columns") else [None]
        for column in columns:
            values = (found, expected) if column is None else (found[column], expected[column])
            if values[1].dtype.kind == "f":
                np.testing.assert_allclose(*values, rtol=1e-4)
    history = y.to_numpy("float32").T[..., None]
    found = asked.predict({"history": history})
    np.testing.assert_allclose(found, model.predict(y).T, rtol=1e-4)
    assert asked.ask({"history": history})["quantiles"].shape == (3, 4, 3)


def test_a_forecaster_that_reads_the_calendar(tmp_path):
    days = pd.date_range("2024-01-01", periods=40, freq="D")
    y = pd.DataFrame({"a": 5 + np.sin(np.arange(40)), "b": 9 + np.cos(np.arange(40))}, days)
    options = {"season": None, "units": 4, "epochs": 1, "random_state": 0}
    model = seqkit.Seq2SeqForecaster(3, 7, calendar=["day_of_week"], **options).fit(y)
    with serving({"m": Model(Path(model.export(tmp_path)))}) as double:
        found = Client(f"{double.url}/v1/models/m").predict(y)
        with pytest.raises(ValueError, match="X must have the inputs .*, got history"):
            Client(f"{double.url}/v1/models/m").predict({"history": np.zeros((1, 2, 1))})
    pd.testing.assert_frame_equal(found, model.predict(y), rtol=1e-4)


def test_labels_of_other_kinds(tmp_path):
    X, y = first_event(24)
    several = small(epochs=1).fit(X, [[label, "both"] for label in y])
    numbered = small(epochs=1).fit(X, np.where(y == "left", 3, 10))
    models = {
        name: Model(Path(model.export(tmp_path / name)))
        for name, model in {"several": several, "numbered": numbered}.items()
    }
    with serving(models) as double:
        found = Client(f"{double.url}/v1/models/several").predict(X)
        np.testing.assert_array_equal(found, several.predict(X))
        found = Client(f"{double.url}/v1/models/numbered").predict(X)
        assert found.dtype == np.int64
        np.testing.assert_array_equal(found, numbered.predict(X))


def test_another_signature(client):
    texts = list(real_rows("translator")["inputs"])
    found = client("translator").predict(texts, signature="beam")
    expected = fitted(named("translator")).predict(texts, beam_width=5, n_best=5)
    assert found == expected
    with pytest.raises(ValueError, match="signature must be one of .*beam.*, got 'bean'"):
        client("translator").predict(texts, signature="bean")


def test_a_version_of_a_model(double, client):
    texts = list(real_rows("text")["inputs"])
    same(client("text/versions/1").predict(texts), client("text").predict(texts))
    with pytest.raises(ServingError, match="answered 404: Servable not found for request") as error:
        client("text/versions/7").predict(texts)
    assert error.value.status == 404


def test_refused_rows_are_told_as_predict_tells_them(client):
    refuses_as_predict_does(client)


def test_it_asks_again_where_the_server_is_not_ready(double, client):
    asks_again(double, client, [503, 503], 503)


def test_it_does_not_ask_again_what_is_refused(double, client):
    asks_once_what_is_refused(double, client)


def test_no_server():
    with serving({}) as double:
        url = double.url
    with pytest.raises(ConnectionError, match=r"No answer from http://127.*Is the server running"):
        Client(f"{url}/v1/models/text", retries=1, timeout=0.5).predict(["a"])


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:8501", "127.0.0.1/v1/models/a", "http://a/v1/models/a:predict"]
)
def test_addresses_that_are_none_of_a_model(url):
    with pytest.raises(ValueError, match="url must be that of a model"):
        Client(url)


@pytest.mark.parametrize(
    ("X", "message"),
    [
        ([], "at least one sequence"),
        ([np.zeros((2, 2)), np.zeros((2, 3))], "as many features each"),
        ([np.zeros((2, 2, 2))], "must be sequences"),
        ({"inputs": np.zeros((0, 2, 2))}, "at least one row"),
        ({"other": np.zeros((1, 2, 2))}, "X must have the inputs inputs, got other"),
    ],
)
def test_what_no_server_need_be_asked_for(client, X, message):
    with pytest.raises(ValueError, match=message):
        client("classifier").predict(X)
