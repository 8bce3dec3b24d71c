"""TensorFlow Serving itself answers every export as `predict` does, refuses what is bad, and swaps
versions beneath clients. Where there is no container the same requests go to its stand-in."""

from __future__ import annotations

import json
import re
import shutil
import threading
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tensorflow as tf
import urllib3

from seqkit.serving import Client
from tests.conformance.estimators import data, fitted, named
from tests.estimators.toy import first_event, small, untrained
from tests.serving import grpc_double
from tests.serving.container import Served, official, stand_in
from tests.serving.exported import NAMES, card, check, exported, real_rows
from tests.serving.refusals import MALFORMED, REFUSED, REFUSED_TENSORS

PROTOCOLS = pytest.mark.parametrize("protocol", ["http", "grpc"])


@pytest.fixture(
    scope="module", params=["stand-in", pytest.param("official", marks=pytest.mark.docker)]
)
def server(request, tmp_path_factory):
    grpc_double.stubs()
    names = list(NAMES) if request.param == "official" else ["classifier", "text"]
    folder = tmp_path_factory.mktemp("models")
    for name in names:
        shutil.copytree(exported(name), folder / name / "1")
    shutil.copytree(exported("classifier"), folder / "hot" / "1")
    names.append("hot")
    if request.param == "official":
        running = official(folder, names, tmp_path_factory.mktemp("config") / "config")
    else:
        running = stand_in(folder, names)
    with running as served:
        yield served


def client(server: Served, protocol: str, name: str, **options: Any) -> Client:
    address = server.rest if protocol == "http" else f"grpc://{server.grpc}"
    return Client(f"{address}/v1/models/{name}", **options)


def post(server: Served, path: str, body: bytes) -> tuple[int, bytes]:
    answer = urllib3.request("POST", f"{server.rest}/v1/models/{path}", body=body, retries=False)
    return answer.status, answer.data


def served_names(server: Served) -> list[str]:
    return [name for name in NAMES if (server.folder / name).exists()]


@PROTOCOLS
def test_every_export_is_answered_as_predict_does(server, protocol):
    for name in served_names(server):
        inputs = real_rows(name)
        asked = client(server, protocol, name)
        declared = card(exported(name))["signatures"]
        assert asked.signatures().keys() == declared.keys()
        for signature in declared:
            check(name, signature, inputs, asked.ask(inputs, signature=signature))


def test_the_metadata_is_that_of_the_card(server):
    for name in served_names(server):
        declared = card(exported(name))["signatures"]
        for protocol in ("http", "grpc"):
            told = client(server, protocol, name).signatures()
            for signature, parts in declared.items():
                for side in ("inputs", "outputs"):
                    shapes = {key: tensor["shape"] for key, tensor in parts[side].items()}
                    assert {k: t["shape"] for k, t in told[signature][side].items()} == shapes
    answer = urllib3.request("GET", f"{server.rest}/v1/models/text")
    assert json.loads(answer.data)["model_version_status"][0]["state"] == "AVAILABLE"


def test_what_is_refused_over_rest(server):
    for name, body, message in REFUSED:
        if name not in served_names(server):
            continue
        status, told = post(server, f"{name}:predict", json.dumps(body).encode())
        assert status == 400, (body, told)
        error = json.loads(told)["error"]
        if "rows" in message or server.doubles:  # the model's own words; others are the server's
            assert re.search(message, error), (body, error)
    for body in MALFORMED:
        status, told = post(server, "text:predict", body)
        assert status == 400, (body, told)
    assert post(server, "nobody:predict", b'{"instances": ["a"]}')[0] == 404
    assert post(server, "text/versions/7:predict", b'{"instances": ["a"]}')[0] == 404


def test_what_is_refused_over_grpc(server):
    import grpc

    predict_pb2, _, _, service = grpc_double.stubs()
    with grpc.insecure_channel(server.grpc) as channel:
        stub = service.PredictionServiceStub(channel)
        for name, signature, inputs, codes, message in REFUSED_TENSORS:
            request = predict_pb2.PredictRequest()
            request.model_spec.name = name
            request.model_spec.signature_name = signature
            for key, values in inputs.items():
                request.inputs[key].CopyFrom(tf.make_tensor_proto(values))
            with pytest.raises(grpc.RpcError, match=message) as error:
                stub.Predict(request, 30)
            assert error.value.code().name in codes, (name, signature, error.value)
        raw = channel.unary_unary("/tensorflow.serving.PredictionService/Predict")
        with pytest.raises(grpc.RpcError):
            raw(b"\xff\xff no message", timeout=30)
    # It goes on.
    rows = real_rows("classifier")
    asked = client(server, "grpc", "classifier")
    check("classifier", "serving_default", rows, asked.ask(rows))


@PROTOCOLS
def test_a_large_body_is_answered_or_refused_and_the_server_goes_on(server, protocol):
    X, _ = data(named("classifier"))
    count = 1_000 if server.doubles else 40_000  # a stand-in writes JSON by Python
    rows = np.resize(np.stack([x[:6] for x in X[:8]]), (count, 6, 2)).astype("float32")
    asked = client(server, protocol, "classifier", rows=len(rows), timeout=120, retries=0)
    try:
        answer = asked.ask({"inputs": rows})["probabilities"]
    except (ConnectionError, RuntimeError):
        assert not server.doubles
    else:
        expected = fitted(named("classifier")).predict_proba(rows[:8])
        np.testing.assert_allclose(answer[:8], expected, atol=1e-5)
        assert len(answer) == len(rows)
    few = real_rows("classifier")
    check("classifier", "serving_default", few, client(server, protocol, "classifier").ask(few))


@pytest.mark.slow
def test_versions_swap_under_load(server, tmp_path):
    X, y = first_event(24)
    rows = np.stack([x[:6] for x in X[:4]]).astype("float32")
    with untrained():
        others = [small(random_state=seed).fit(X, y) for seed in (1, 2)]
    versions = [Path(m.export(tmp_path / f"m{k}")) for k, m in enumerate(others)]
    models = [fitted(named("classifier")), *others]
    expected = [model.predict_proba(rows) for model in models]
    given: list[list[int]] = [[], [], [], []]
    wrong: list[Any] = []
    ended = threading.Event()

    def ask(protocol: str, own: list[int]) -> None:
        asked = client(server, protocol, "hot")
        while not ended.is_set():
            try:
                answer = asked.ask({"inputs": rows})["probabilities"]
            except Exception as error:
                wrong.append(error)
                return
            fits = [np.allclose(answer, told, atol=1e-5) for told in expected]
            if not any(fits):
                wrong.append(answer)
                return
            own.append(fits.index(True))

    threads = [
        threading.Thread(target=ask, args=(protocol, own))
        for protocol, own in zip(("http", "grpc") * 2, given, strict=True)
    ]
    for thread in threads:
        thread.start()
    try:
        for number, version in enumerate(versions, 2):
            server.publish(version, "hot", number)
            until = time.monotonic() + 120
            while not all(own and own[-1] == number - 1 for own in given):
                assert not wrong
                assert time.monotonic() < until, f"version {number} did not come"
                time.sleep(0.05)
    finally:
        ended.set()
        for thread in threads:
            thread.join()
    assert not wrong
    for own in given:  # no client meets an older version after a newer one
        assert own == sorted(own)
