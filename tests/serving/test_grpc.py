"""The gRPC programs of `requests.md`, run as they are with TensorFlow Serving's official stubs, and
the warm-up file read by its official messages."""

from __future__ import annotations

import ast
import contextlib
import io
import re
from typing import Any

import numpy as np
import pytest
import tensorflow as tf

from seqkit.serving import describe
from seqkit.serving.warmup import FILE, read_warmup
from tests.serving.double import Model
from tests.serving.exported import card, every_export, exported
from tests.serving.grpc_double import serving, stubs


class Exports(dict[str, Model]):
    """The exports by name, each loaded once it is asked."""

    def get(self, name: str, default: Any = None) -> Any:
        return self.setdefault(name, Model(exported(name)))


@pytest.fixture(scope="module")
def exports():
    return Exports()


@pytest.fixture(scope="module")
def address(exports):
    with serving(exports) as double:
        yield double.address


@every_export
def test_the_programs_get_the_answers_of_the_card(name, exports, address):
    exports.get(name)  # or it were loaded within the time that a program waits for its answer
    text = describe(exported(name)).files["requests.md"]
    programs = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    signatures = card(exported(name))["signatures"]
    assert len(programs) == len(signatures)
    for program, (key, parts) in zip(programs, signatures.items(), strict=True):
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(program.replace("127.0.0.1:8500", address), {})
        found = ast.literal_eval(printed.getvalue())
        assert found.keys() == parts["outputs"].keys()
        for row, told in enumerate(parts["example"]["answer"]["predictions"]):
            told = told if isinstance(told, dict) else {next(iter(found)): told}
            for output, value in told.items():
                same(found[output][row], value, f"{key}: {output}")


def same(found: Any, expected: Any, where: str) -> None:
    if np.asarray(expected).dtype.kind == "f":
        np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-5, err_msg=where)
    else:
        decoded = np.vectorize(lambda v: v.decode() if isinstance(v, bytes) else v)
        assert decoded(found).tolist() == expected, where


@every_export
def test_the_official_messages_read_the_warm_up(name):
    _, _, prediction_log_pb2, _ = stubs()
    path = exported(name) / FILE
    records = list(tf.data.TFRecordDataset(str(path)).as_numpy_iterator())
    for record, (signature, inputs) in zip(records, read_warmup(path), strict=True):
        log = prediction_log_pb2.PredictionLog.FromString(record)
        request = log.predict_log.request
        assert request.model_spec.signature_name == signature
        assert request.inputs.keys() == inputs.keys()
        for key, values in inputs.items():
            np.testing.assert_array_equal(tf.make_ndarray(request.inputs[key]), values)
