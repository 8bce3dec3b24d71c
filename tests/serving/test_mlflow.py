"""Models and fits in MLflow, in a store of files: logged, loaded, asked over REST."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import seqkit
from seqkit.extras import MissingExtraError
from seqkit.serving import mlflow as ours
from tests.conformance.estimators import assert_same, data, fitted, named
from tests.serving.exported import real_rows

mlflow = pytest.importorskip("mlflow", reason="seqkit[mlflow] is not installed")
pytestmark = pytest.mark.filterwarnings("ignore::UserWarning")  # MLflow's, of its own plans


@pytest.fixture(autouse=True)
def store(tmp_path, monkeypatch):
    """A store of this test, and nothing beyond it: no telemetry, no network."""
    monkeypatch.setenv("MLFLOW_DISABLE_TELEMETRY", "true")
    monkeypatch.setenv("MLFLOW_ALLOW_FILE_STORE", "true")
    monkeypatch.chdir(tmp_path)
    before = mlflow.get_tracking_uri()
    mlflow.set_tracking_uri((tmp_path / "mlruns").as_uri())
    mlflow.set_experiment("tests")
    yield
    while mlflow.active_run() is not None:
        mlflow.end_run()
    mlflow.set_tracking_uri(before)


@pytest.fixture(autouse=True)
def no_network(monkeypatch):
    """Fails what opens a connection beyond this machine."""
    connect = socket.socket.connect

    def local(self, address):
        if self.family != socket.AF_UNIX and address[0] not in ("127.0.0.1", "::1", "localhost"):
            raise AssertionError(f"a connection to {address}")
        return connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", local)


def test_telemetry_is_off():
    from mlflow.telemetry.utils import is_telemetry_disabled

    assert is_telemetry_disabled()


def asked(model, rows, method="predict"):
    """The answer of a model of MLflow's to rows as an export has them."""
    inputs = rows["inputs"]
    if inputs.dtype == object:
        return model.predict(pd.DataFrame({"inputs": inputs}), params={"method": method})
    return model.predict(inputs.astype(float), params={"method": method})


@pytest.mark.always
def test_a_model_is_logged_and_comes_back():
    estimator = fitted(named("classifier"))
    X, _ = data(named("classifier"))
    info = ours.log_model(estimator, registered_model_name="events")
    assert_same(ours.load_model(info.model_uri), estimator, X)
    assert_same(ours.load_model("models:/events/1"), estimator, X)
    model = mlflow.pyfunc.load_model(info.model_uri)
    rows = real_rows("classifier", 8)
    assert asked(model, rows).tolist() == estimator.predict(X[:8]).tolist()
    np.testing.assert_array_equal(
        asked(model, rows, "predict_proba"), estimator.predict_proba(X[:8])
    )
    ragged = np.empty(8, object)
    ragged[:] = X[:8]
    assert model.predict(ragged).tolist() == estimator.predict(X[:8]).tolist()
    (inputs,) = info.signature.inputs
    assert (inputs.name, inputs.shape) == ("inputs", (-1, -1, 2))
    assert len(model.predict(model.input_example)) == 2
    pinned = Path(mlflow.artifacts.download_artifacts(info.model_uri), "requirements.txt")
    assert f"seqkit=={seqkit.__version__}" in pinned.read_text().splitlines()
    assert [line for line in pinned.read_text().splitlines() if "==" not in line] == []


@pytest.mark.parametrize(
    "name",
    [
        "text",
        *(
            pytest.param(k, marks=pytest.mark.slow)
            for k in ("regressor", "tagger", "numeric_tagger", "translator")
        ),
    ],
)
def test_every_estimator_of_samples(name, tmp_path):
    estimator = fitted(named(name))
    ours.save_model(estimator, tmp_path / "m")
    model = mlflow.pyfunc.load_model(str(tmp_path / "m"))
    X, _ = data(named(name))
    rows = real_rows(name, 5)
    expected, found = estimator.predict(X[:5]), asked(model, rows)
    assert [np.asarray(row).tolist() for row in found] == [
        np.asarray(row).tolist() for row in expected
    ]
    if hasattr(estimator, "predict_proba"):
        found = asked(model, rows, "predict_proba")
        for row, other in zip(found, estimator.predict_proba(X[:5]), strict=True):
            np.testing.assert_array_equal(row, other)


def test_a_forecaster_reads_and_writes_long_frames(tmp_path):
    estimator = fitted(named("forecaster"))
    ours.save_model(estimator, tmp_path / "m")
    model = mlflow.pyfunc.load_model(str(tmp_path / "m"))
    times = pd.date_range("2011-01-01", periods=30, freq="MS")
    y = pd.DataFrame({"a": np.arange(30.0), "b": np.sin(np.arange(30.0))}, times)
    long = y.melt(var_name="unique_id", value_name="y", ignore_index=False)
    long = long.reset_index(names="ds").assign(ds=lambda f: f.ds.dt.strftime("%Y-%m-%d"))
    found = model.predict(long)
    expected = estimator.predict(y)
    np.testing.assert_array_equal(found["y"], expected.to_numpy().T.ravel())
    assert found["ds"].iloc[0] == times[-1] + pd.offsets.MonthBegin()
    assert model.predict(long, params={"method": "predict_quantiles"}).shape == (8, 5)


@pytest.mark.slow
def test_a_forecaster_with_covariates(tmp_path):
    months = pd.date_range("2000-01-01", periods=64, freq="MS")
    frame = pd.DataFrame({"unique_id": "a", "ds": months, "y": np.sin(np.arange(64.0))})
    frame["price"] = np.cos(np.arange(64.0))
    frame["shop"] = "corner"
    small = {"horizon": 4, "lookback": 8, "units": 4, "epochs": 1, "random_state": 0}
    estimator = seqkit.Seq2SeqForecaster(**small).fit(frame[:60], ["price"], static=["shop"])
    asked_for = frame.assign(y=frame["y"].where(frame.index < 60))
    ours.save_model(estimator, tmp_path / "m", input_example=asked_for)
    found = mlflow.pyfunc.load_model(str(tmp_path / "m")).predict(asked_for)
    expected = estimator.predict(asked_for, ["price"], static=["shop"])
    np.testing.assert_array_equal(found["y"], expected["y"])
    ours.save_model(estimator, tmp_path / "without")
    assert mlflow.models.get_model_info(str(tmp_path / "without")).signature is None


def test_an_unknown_method(tmp_path):
    served = ours.ServedEstimator(fitted(named("classifier")))
    with pytest.raises(ValueError, match="method must be 'predict' or 'predict_proba', got 'fit'"):
        served.predict(np.zeros((1, 3, 2)), {"method": "fit"})


def test_models_of_others_are_refused(tmp_path):
    (tmp_path / "m").mkdir()
    (tmp_path / "m" / "MLmodel").write_text(
        "flavors:\n  python_function:\n    loader_module: os\n    data: x\n"
    )
    with pytest.raises(ValueError, match=r"model_uri must be of a model that seqkit.*of 'os'"):
        ours.load_model(str(tmp_path / "m"))


def test_a_fit_is_a_run():
    X, y = data(named("classifier"))
    logger = ours.RunLogger("first", tags={"team": "a"}, log_model=True)
    model = named("classifier").new(callbacks=[logger]).fit(X, y, validation_data=(X, y))
    assert mlflow.active_run() is None
    run = mlflow.get_run(logger.run_id)
    assert run.info.status == "FINISHED"
    assert run.info.run_name == "first"
    assert run.data.params["units"] == "8"
    assert run.data.params["chosen.stem"] == str(model.chosen_["stem"].value)
    assert run.data.tags["team"] == "a"
    assert run.data.tags["seqkit.estimator"] == "SequenceClassifier"
    assert run.data.metrics["best_epoch"] == model.best_epoch_
    history = mlflow.MlflowClient().get_metric_history(logger.run_id, "val_loss")
    found = [(point.step, point.value) for point in history]
    assert found == [(k + 1, pytest.approx(v)) for k, v in enumerate(model.history_["val_loss"])]
    (logged,) = mlflow.search_logged_models(output_format="list")
    assert logged.source_run_id == logger.run_id


def test_a_run_that_is_active_goes_on():
    X, y = data(named("classifier"))
    logger = ours.RunLogger()
    with mlflow.start_run() as run:
        named("classifier").new(callbacks=[logger]).fit(X, y)
        assert logger.run_id == run.info.run_id
        assert mlflow.active_run() is not None


def test_a_fit_that_fails_is_a_run_that_failed():
    logger = ours.RunLogger()
    with pytest.raises(ValueError, match="same length"):
        named("classifier").new(callbacks=[logger]).fit(data(named("classifier"))[0], ["left"])
    assert mlflow.get_run(logger.run_id).info.status == "FAILED"
    assert mlflow.active_run() is None


def test_the_extra_is_named(monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "mlflow", None)
    with pytest.raises(
        MissingExtraError, match=r"mlflow.save_model needs mlflow: .*seqkit\[mlflow"
    ):
        ours.save_model(fitted(named("classifier")), tmp_path / "m")


def test_the_scoring_server_answers(tmp_path):
    """MLflow's own application, without a socket."""
    testclient = pytest.importorskip("fastapi.testclient", reason="httpx is not installed")
    from mlflow.pyfunc import scoring_server

    ours.save_model(fitted(named("classifier")), tmp_path / "m")
    app = scoring_server.init(mlflow.pyfunc.load_model(str(tmp_path / "m")))
    rows = real_rows("classifier", 3)["inputs"].tolist()
    with testclient.TestClient(app) as client:
        body = json.dumps({"inputs": rows})
        headers = {"content-type": "application/json"}
        answer = client.post("/invocations", content=body, headers=headers)
    X, _ = data(named("classifier"))
    expected = fitted(named("classifier")).predict(X[:3]).tolist()
    assert answer.json() == {"predictions": expected}


@pytest.mark.slow
def test_mlflow_models_serve_answers_over_rest(tmp_path):
    ours.save_model(fitted(named("classifier")), tmp_path / "m")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "mlflow", "models", "serve", "--env-manager", "local"]
    command += ["-m", str(tmp_path / "m"), "-h", "127.0.0.1", "-p", str(port), "-w", "1"]
    root = str(Path(__file__).parents[2])
    paths = os.pathsep.join([root, os.environ.get("PYTHONPATH", "")])
    binaries = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    environment = {**os.environ, "PYTHONPATH": paths, "PATH": binaries}
    with (tmp_path / "log").open("wb") as log:
        server = subprocess.Popen(
            command, env=environment, stdout=log, stderr=log, start_new_session=True
        )
    try:
        url = f"http://127.0.0.1:{port}/invocations"
        rows = real_rows("classifier", 3)["inputs"].tolist()
        body = {"inputs": rows, "params": {"method": "predict_proba"}}
        found = asked_over_rest(url, body, server, tmp_path / "log")["predictions"]
        X, _ = data(named("classifier"))
        expected = fitted(named("classifier")).predict_proba(X[:3])
        np.testing.assert_allclose(found, expected, atol=1e-6)
    finally:
        os.killpg(server.pid, 15)
        server.wait(30)


def asked_over_rest(url, body, server, log):
    """The answer, once the server has started."""
    request = urllib.request.Request(
        url, json.dumps(body).encode(), {"Content-Type": "application/json"}
    )
    until = time.monotonic() + 120
    while True:
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            raise AssertionError(error.read().decode()) from error
        except OSError:
            if server.poll() is not None or time.monotonic() > until:
                raise AssertionError(log.read_text()) from None
            time.sleep(0.5)
