"""A stand-in for TensorFlow Serving's REST interface, by the rules that its documents and source
give for requests, answers and errors. It loads SavedModels with TensorFlow alone.
"""

from __future__ import annotations

import base64
import contextlib
import json
import re
import threading
from collections.abc import Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import numpy as np
import tensorflow as tf
from google.protobuf import json_format
from tensorflow.core.protobuf import saved_model_pb2


class InvalidArgument(Exception):
    """Status 400."""


def is_base64(value: Any) -> bool:
    return isinstance(value, dict) and value.keys() == {"b64"} and isinstance(value["b64"], str)


def shape_of(value: Any) -> list[int]:
    """The shape of a list is that of its first elements."""
    if not isinstance(value, list):
        return []
    return [len(value), *(shape_of(value[0]) if value else [])]


def fill(value: Any, shape: list[int], level: int, dtype: tf.DType, flat: list[Any]) -> None:
    """Appends the values of nested lists, which must be of the shape."""
    if not isinstance(value, list):
        if level != len(shape):
            raise InvalidArgument(
                f"JSON Value: {json.dumps(value)} found at incorrect level: {level + 1} in the "
                f"JSON DOM. Expected at level: {len(shape)}"
            )
        flat.append(scalar(value, dtype))
        return
    if level >= len(shape):
        raise InvalidArgument(
            f"Encountered list at unexpected level: {level} expected < {len(shape)}"
        )
    if len(value) != shape[level]:
        raise InvalidArgument(
            f"Encountered list at unexpected size: {len(value)} at level: {level} expected size: "
            f"{shape[level]}"
        )
    for element in value:
        fill(element, shape, level + 1, dtype, flat)


def scalar(value: Any, dtype: tf.DType) -> Any:
    """One value: base64 for strings alone; numbers and strings are not turned into each other."""
    if isinstance(value, dict) and dtype == tf.string:
        if not is_base64(value):
            raise InvalidArgument(f"JSON Value: {value} not formatted correctly for base64 data")
        try:
            return base64.b64decode(value["b64"], validate=True)
        except ValueError as error:
            raise InvalidArgument("Unable to base64 decode") from error
    number = isinstance(value, int | float) and not isinstance(value, bool)
    fits = {
        tf.string: isinstance(value, str),
        tf.float32: number,
        tf.int64: number and isinstance(value, int),
        tf.int32: number and isinstance(value, int),
    }
    if not fits[dtype]:
        raise InvalidArgument(f"JSON Value: {value!r} is not of expected type: {dtype.name}")
    if dtype == tf.float32 and isinstance(value, int) and abs(value) > (1 << 24) - 1:
        raise InvalidArgument(
            f"Cannot convert JSON value: {value} to float without loss of precision."
        )
    return value.encode() if dtype == tf.string else value


def tensor(value: Any, dtype: tf.DType) -> tuple[list[int], list[Any]]:
    flat: list[Any] = []
    shape = shape_of(value)
    fill(value, shape, 0, dtype, flat)
    return shape, flat


def from_instances(instances: Any, specs: Mapping[str, Any]) -> dict[str, tf.Tensor]:
    """Row format: a list of values, where there is one input, or of objects."""
    if not isinstance(instances, list):
        raise InvalidArgument("Excepting 'instances' to be an list/array")
    if not instances:
        raise InvalidArgument("No values in 'instances' array")
    named = isinstance(instances[0], dict) and not is_base64(instances[0])
    if not named and len(specs) > 1:
        raise InvalidArgument("instances is a plain list, but expecting list of objects")
    shapes: dict[str, list[int]] = {}
    flat: dict[str, list[Any]] = {name: [] for name in specs}
    for k, instance in enumerate(instances):
        if (isinstance(instance, dict) and not is_base64(instance)) != named:
            raise InvalidArgument(f"Expecting {'object' if named else 'value/list'} at item {k}")
        row = instance if named else {next(iter(specs)): instance}
        for name in row:
            if name not in specs:
                raise InvalidArgument(f"JSON object: does not have named input: {name}")
        for name, value in row.items():
            shape, values = tensor(value, specs[name].dtype)
            if shapes.setdefault(name, shape) != shape:
                raise InvalidArgument(f"Expecting shape {shapes[name]} but got: {shape}")
            flat[name] += values
        if set(row) != set(specs):
            raise InvalidArgument(
                f"Failed to process element: {k} keys must be equal to: {[*specs]}"
            )
    return {
        name: tf.reshape(tf.constant(flat[name], spec.dtype), [len(instances), *shapes[name]])
        for name, spec in specs.items()
    }


def from_inputs(inputs: Any, specs: Mapping[str, Any]) -> dict[str, tf.Tensor]:
    """Column format: the value, where there is one input, or an object of them."""
    if not isinstance(inputs, dict) or is_base64(inputs):
        if len(specs) > 1:
            raise InvalidArgument("inputs is a plain value/list, but expecting an object")
        inputs = {next(iter(specs)): inputs}
    found = {}
    for name, spec in specs.items():
        if name not in inputs:
            raise InvalidArgument(f"Missing named input: {name} in 'inputs' object.")
        shape, flat = tensor(inputs[name], spec.dtype)
        found[name] = tf.reshape(tf.constant(flat, spec.dtype), shape)
    return found


def plain(array: np.ndarray, *, binary: bool) -> Any:
    if array.ndim:
        return [plain(np.asarray(row, array.dtype), binary=binary) for row in array]
    value = array.item()
    if isinstance(value, bytes):
        return {"b64": base64.b64encode(value).decode()} if binary else value.decode()
    return float(f"{value:.9g}") if array.dtype == np.float32 else value


def as_a_session_says(message: str, signature: str) -> str:
    """An error of Python's eager call in the words of a session, in which servers run a graph."""
    lines = message.splitlines()
    said = [k for k, line in enumerate(lines) if line.startswith(("assertion", "Shape of tensor"))]
    text = "\n".join(lines[said[0] :] if said else lines)
    return re.sub(r"(Shape of tensor) (\w+) ", rf"\1 _arg_{signature}_\2_0_0 ", text)


class Model:
    """A served version."""

    def __init__(self, version: Path) -> None:
        self.version = version
        self.loaded = tf.saved_model.load(str(version))
        saved = saved_model_pb2.SavedModel.FromString((version / "saved_model.pb").read_bytes())
        self.definitions = saved.meta_graphs[0].signature_def

    def metadata(self, name: str) -> dict[str, Any]:
        definitions = {
            key: json_format.MessageToDict(
                value, preserving_proto_field_name=True, always_print_fields_with_no_presence=True
            )
            for key, value in self.definitions.items()
        }
        return {
            "model_spec": {"name": name, "signature_name": "", "version": self.version.name},
            "metadata": {"signature_def": {"signature_def": definitions}},
        }

    def predict(self, body: bytes) -> dict[str, Any]:
        try:
            request = json.loads(body)
        except ValueError as error:  # UnicodeDecodeError is one
            raise InvalidArgument(f"JSON Parse error: {error}") from error
        if not isinstance(request, dict):
            raise InvalidArgument("Is not object")
        key = request.get("signature_name", "serving_default")
        if not isinstance(key, str):
            raise InvalidArgument("'signature_name' key must be a string value.")
        if key not in self.loaded.signatures:
            raise InvalidArgument(f'Serving signature name: "{key}" not found in signature def')
        if "instances" in request and "inputs" in request:
            raise InvalidArgument("Not formatted correctly expecting only one of 'inputs' or")
        signature = self.loaded.signatures[key]
        specs = signature.structured_input_signature[1]
        rows = "instances" in request
        if not rows and "inputs" not in request:
            raise InvalidArgument("Missing 'inputs' or 'instances' key")
        read = from_instances if rows else from_inputs
        tensors = read(request["instances" if rows else "inputs"], specs)
        try:
            outputs = {name: value.numpy() for name, value in signature(**tensors).items()}
        except tf.errors.InvalidArgumentError as error:
            raise InvalidArgument(as_a_session_says(error.message, key)) from error
        except (TypeError, ValueError) as error:  # of a rank that the signature does not take
            raise InvalidArgument(str(error)) from error
        written = {k: plain(v, binary=k.endswith("_bytes")) for k, v in outputs.items()}
        if not rows:
            return {"outputs": next(iter(written.values())) if len(written) == 1 else written}
        if len({len(v) for v in written.values()}) != 1:
            raise InvalidArgument("Tensor name: x has inconsistent batch size")
        if len(written) == 1:
            return {"predictions": next(iter(written.values()))}
        return {
            "predictions": [
                dict(zip(written, row, strict=True)) for row in zip(*written.values(), strict=True)
            ]
        }


class Double:
    """The server's state.

    Attributes:
        models: by name.
        failures: statuses that the next requests get, in place of an answer.
        requests: method and path of all that came.
    """

    def __init__(self, models: Mapping[str, Model]) -> None:
        self.models = models
        self.failures: list[int] = []
        self.requests: list[tuple[str, str]] = []
        self.url = ""

    def answer(self, method: str, path: str, body: bytes) -> tuple[int, Any]:
        self.requests.append((method, path))
        if self.failures:
            return self.failures.pop(0), {"error": "The server is not ready"}
        match = re.fullmatch(r"/v1/models/([^/:]+)(?:/versions/(\d+))?(/metadata|:predict|)", path)
        if match is None:
            return 400, {"error": f"Malformed request: {method} {path}"}
        name, version, verb = match.groups()
        model = self.models.get(name)
        if model is None or version not in (None, model.version.name):
            return 404, {"error": f"Servable not found for request: Latest({name})"}
        if verb == "/metadata":
            return 200, model.metadata(name)
        if verb == "":
            state = {"version": model.version.name, "state": "AVAILABLE"}
            return 200, {"model_version_status": [state]}
        try:
            return 200, model.predict(body)
        except InvalidArgument as error:
            return 400, {"error": str(error)}


@contextlib.contextmanager
def serving(models: Mapping[str, Model]) -> Iterator[Double]:
    """Serves the models on a port of this machine alone."""
    double = Double(models)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer()

        def do_POST(self) -> None:
            self._answer()

        def _answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            status, answer = double.answer(self.command, self.path, body)
            data = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: Any) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    double.url = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield double
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
