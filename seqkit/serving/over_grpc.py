"""TensorFlow Serving's gRPC interface to a model: tensors as they are, without JSON."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from seqkit.extras import require
from seqkit.serving.over_rest import (
    BACKOFF,
    RefusedRequest,
    ServingError,
    Signatures,
    for_those_who_asked,
)

# gRPC's codes: the status of HTTP that means the same. What is not here is an error of the server.
STATUS = {
    "INVALID_ARGUMENT": 400,
    "UNAUTHENTICATED": 401,
    "PERMISSION_DENIED": 403,
    "NOT_FOUND": 404,
    "RESOURCE_EXHAUSTED": 429,
    "UNIMPLEMENTED": 501,
    "UNAVAILABLE": 503,
    "DEADLINE_EXCEEDED": 504,
}
RETRIED = ("RESOURCE_EXHAUSTED", "UNAVAILABLE", "DEADLINE_EXCEEDED")
ANY_SIZE = -1  # of a message; gRPC's own limit, 4 MiB, is less than many answers have
LOOK = 0.2  # seconds to see whether there is a connection


class GrpcModel:
    """A model that is asked over gRPC, as `RestModel` is over REST.

    Args:
        url: of the model, for errors.
        parts: of the url: "scheme", "host", "name"; "version" or "label", or None.
        timeout: seconds for an answer.
        retries: how often a request is sent again.

    Raises:
        MissingExtraError: where tensorflow-serving-api is not installed.
    """

    def __init__(
        self, url: str, parts: Mapping[str, str | None], timeout: float, retries: int
    ) -> None:
        for package in ("grpc", "tensorflow_serving"):
            require(package, f"Client({url!r})")
        import grpc
        from tensorflow_serving.apis import prediction_service_pb2_grpc

        self.url = url
        self._parts, self._timeout, self._retries = parts, timeout, retries
        host = str(parts["host"])
        sizes = [(f"grpc.max_{way}_message_length", ANY_SIZE) for way in ("send", "receive")]
        self._channel = (
            grpc.secure_channel(host, grpc.ssl_channel_credentials(), sizes)
            if parts["scheme"] == "grpcs"
            else grpc.insecure_channel(host, sizes)
        )
        self._stub = prediction_service_pb2_grpc.PredictionServiceStub(self._channel)
        self._known: Signatures = {}

    def signatures(self) -> Signatures:
        """By name and by "inputs" and "outputs", dtype and shape of each tensor."""
        from tensorflow_serving.apis import get_model_metadata_pb2

        request = get_model_metadata_pb2.GetModelMetadataRequest(metadata_field=["signature_def"])
        self._name(request.model_spec)
        answer = self._send(self._stub.GetModelMetadata, request)
        declared = get_model_metadata_pb2.SignatureDefMap()
        if not answer.metadata["signature_def"].Unpack(declared):
            raise ServingError(f"{self.url} tells of no signatures.", 200)
        self._known = {
            name: {
                side: {key: _described(info) for key, info in getattr(parts, side).items()}
                for side in ("inputs", "outputs")
            }
            for name, parts in declared.signature_def.items()
            if not name.startswith("__")
        }
        return self._known

    def predict(self, inputs: Mapping[str, np.ndarray], signature: str) -> dict[str, np.ndarray]:
        """The outputs of a signature, by name."""
        import tensorflow as tf
        from tensorflow_serving.apis import predict_pb2

        request = predict_pb2.PredictRequest()
        self._name(request.model_spec)
        request.model_spec.signature_name = signature
        for name, values in inputs.items():
            request.inputs[name].CopyFrom(tf.make_tensor_proto(values))
        answer = self._send(self._stub.Predict, request)
        return {
            name: _strings(tf.make_ndarray(answer.outputs[name]))
            for name in self._known[signature]["outputs"]
        }

    def _name(self, spec: Any) -> None:
        """Says in a request which model, and which version, is asked."""
        spec.name = self._parts["name"]
        if self._parts["label"]:
            spec.version_label = self._parts["label"]
        if self._parts["version"]:
            spec.version.value = int(self._parts["version"])

    def _send(self, call: Callable[..., Any], request: Any) -> Any:
        import grpc

        for attempt in range(self._retries + 1):
            try:
                return call(request, timeout=self._timeout)
            except grpc.RpcError as error:
                code, told = error.code().name, error.details() or ""
                if code not in RETRIED or attempt == self._retries:
                    raise self._error(code, told) from error
            time.sleep(BACKOFF * 2**attempt)
        raise AssertionError("The last attempt returns or raises.")

    def _error(self, code: str, told: str) -> Exception:
        message = for_those_who_asked(told, self._known)
        if code == "INVALID_ARGUMENT":
            return RefusedRequest(message, 400)
        if code == "DEADLINE_EXCEEDED" or (code == "UNAVAILABLE" and not self._is_connected()):
            return ConnectionError(
                f"No answer from {self.url}: {message}. Is the server running, and the address "
                "right?"
            )
        return ServingError(f"{self.url} answered {code}: {message}", STATUS.get(code, 500))

    def _is_connected(self) -> bool:
        import grpc

        try:
            grpc.channel_ready_future(self._channel).result(LOOK)
        except grpc.FutureTimeoutError:
            return False
        return True


def _described(info: Any) -> dict[str, Any]:
    """Dtype and shape of a tensor, as those of REST."""
    from tensorflow.core.framework import types_pb2

    sizes = [None if axis.size < 0 else axis.size for axis in info.tensor_shape.dim]
    return {
        "dtype": types_pb2.DataType.Name(info.dtype).removeprefix("DT_").lower(),
        "shape": None if info.tensor_shape.unknown_rank else sizes,
    }


def _strings(values: np.ndarray) -> np.ndarray:
    """An array whose bytes are strings."""
    if values.dtype.kind not in "OS":
        return values
    texts = [value.decode() for value in values.ravel()]
    return np.array(texts, str).reshape(values.shape)
