"""A stand-in for TensorFlow Serving's gRPC interface, by its official stubs: it answers by
SavedModels on a port of this machine."""

from __future__ import annotations

import contextlib
import warnings
from collections.abc import Iterator, Mapping
from concurrent import futures
from typing import Any

import pytest
import tensorflow as tf

from tests.serving.double import Model, as_a_session_says


def stubs() -> Any:
    """The modules predict_pb2, get_model_metadata_pb2, prediction_log_pb2 and
    prediction_service_pb2_grpc; without them a test is skipped, with a warning."""
    try:
        from tensorflow_serving.apis import (
            get_model_metadata_pb2,
            predict_pb2,
            prediction_log_pb2,
            prediction_service_pb2_grpc,
        )
    except ImportError:
        message = "GRPC IS NOT TESTED: tensorflow-serving-api is not installed"
        warnings.warn(message, stacklevel=2)
        pytest.skip(message)
    return (
        predict_pb2,
        get_model_metadata_pb2,
        prediction_log_pb2,
        prediction_service_pb2_grpc,
    )


class Double:
    """The server's state.

    Attributes:
        address: host and port.
        models: by name.
        failures: codes that the next requests get, in place of an answer.
        requests: names of the methods that were called.
    """

    def __init__(self, models: Mapping[str, Model]) -> None:
        self.models = models
        self.failures: list[str] = []
        self.requests: list[str] = []
        self.address = ""

    def model(self, spec: Any, context: Any, method: str) -> Model:
        import grpc

        self.requests.append(method)
        if self.failures:
            code = grpc.StatusCode[self.failures.pop(0)]
            context.abort(code, "The server is not ready")
        model = self.models.get(spec.name)
        version = str(spec.version.value) if spec.HasField("version") else None
        if model is None or version not in (None, model.version.name):
            told = f"Servable not found for request: Latest({spec.name})"
            context.abort(grpc.StatusCode.NOT_FOUND, told)
        assert model is not None
        return model

    def predict(self, request: Any, context: Any) -> Any:
        import grpc

        predict_pb2, *_ = stubs()
        model = self.model(request.model_spec, context, "Predict")
        key = request.model_spec.signature_name or "serving_default"
        invalid = grpc.StatusCode.INVALID_ARGUMENT
        if key not in model.loaded.signatures:
            told = f'Serving signature name: "{key}" not found in signature def'
            context.abort(grpc.StatusCode.FAILED_PRECONDITION, told)
        signature = model.loaded.signatures[key]
        specs = signature.structured_input_signature[1]
        if set(request.inputs) != set(specs):
            told = f"input tensor alias not found in signature: {[*request.inputs]}"
            context.abort(invalid, told)
        inputs = {k: tf.constant(tf.make_ndarray(v)) for k, v in request.inputs.items()}
        for name, tensor in inputs.items():
            if tensor.dtype != specs[name].dtype:
                told = f"Expects arg[0] to be {specs[name].dtype.name} but {tensor.dtype.name} is"
                context.abort(invalid, told)
        try:
            outputs = signature(**inputs)
        except tf.errors.InvalidArgumentError as error:
            context.abort(invalid, as_a_session_says(error.message, key))
        except (TypeError, ValueError) as error:
            context.abort(invalid, str(error))
        answer = predict_pb2.PredictResponse()
        for name, value in outputs.items():
            answer.outputs[name].CopyFrom(tf.make_tensor_proto(value))
        return answer

    def metadata(self, request: Any, context: Any) -> Any:
        _, metadata_pb2, *_ = stubs()
        model = self.model(request.model_spec, context, "GetModelMetadata")
        declared = metadata_pb2.SignatureDefMap()
        for name, definition in model.definitions.items():
            declared.signature_def[name].CopyFrom(definition)
        answer = metadata_pb2.GetModelMetadataResponse()
        answer.metadata["signature_def"].Pack(declared)
        return answer


@contextlib.contextmanager
def serving(models: Mapping[str, Model]) -> Iterator[Double]:
    """Serves the models over gRPC."""
    *_, service = stubs()
    import grpc

    double = Double(models)

    class Service(service.PredictionServiceServicer):  # type: ignore[name-defined]
        def Predict(self, request: Any, context: Any) -> Any:
            return double.predict(request, context)

        def GetModelMetadata(self, request: Any, context: Any) -> Any:
            return double.metadata(request, context)

    sizes = [(f"grpc.max_{way}_message_length", -1) for way in ("send", "receive")]
    server = grpc.server(futures.ThreadPoolExecutor(2), options=sizes)
    service.add_PredictionServiceServicer_to_server(Service(), server)
    double.address = f"127.0.0.1:{server.add_insecure_port('127.0.0.1:0')}"
    server.start()
    try:
        yield double
    finally:
        server.stop(None).wait()
