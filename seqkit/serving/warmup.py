"""Requests that TensorFlow Serving sends itself when it loads a version, before any client's.

The file is one of TFRecords, each a `PredictionLog`. These messages are tensorflow_serving's, which
need not be installed: the fields that a request of ours has are declared here.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import tensorflow as tf
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory
from tensorflow.core.framework import tensor_pb2

FILE = "assets.extra/tf_serving_warmup_requests"
MOST = 1000  # records that a server reads

_FIELD = descriptor_pb2.FieldDescriptorProto
# Message -> fields: name, number, type, and whether there may be many. A tensor is bytes here: on
# the wire a message within a message is just that.
_MESSAGES: dict[str, tuple[tuple[str, int, Any, bool], ...]] = {
    "ModelSpec": (("signature_name", 3, _FIELD.TYPE_STRING, False),),
    "NamedTensor": (("key", 1, _FIELD.TYPE_STRING, False), ("value", 2, _FIELD.TYPE_BYTES, False)),
    "PredictRequest": (("model_spec", 1, "ModelSpec", False), ("inputs", 2, "NamedTensor", True)),
    "PredictLog": (("request", 1, "PredictRequest", False),),
    "PredictionLog": (("predict_log", 6, "PredictLog", False),),
}


def write_warmup(path: Path, requests: Iterable[tuple[str, Mapping[str, np.ndarray]]]) -> None:
    """Writes the file.

    Args:
        path: where; its folder is made.
        requests: the name of a signature and its inputs by name, each (B, ...).

    Raises:
        ValueError: for more requests than a server reads.
    """
    records = [prediction_log(*request) for request in requests]
    if len(records) > MOST:
        raise ValueError(f"There may be at most {MOST} requests, got {len(records)}.")
    path.parent.mkdir(exist_ok=True)
    with tf.io.TFRecordWriter(str(path)) as file:
        for record in records:
            file.write(record)


def read_warmup(path: Path) -> list[tuple[str, dict[str, np.ndarray]]]:
    """The requests of such a file."""
    requests = []
    for record in tf.data.TFRecordDataset(str(path)).as_numpy_iterator():
        request = _classes()["PredictionLog"].FromString(record).predict_log.request
        inputs = {
            entry.key: tf.make_ndarray(tensor_pb2.TensorProto.FromString(entry.value))
            for entry in request.inputs
        }
        requests.append((request.model_spec.signature_name, inputs))
    return requests


def prediction_log(signature: str, inputs: Mapping[str, np.ndarray]) -> bytes:
    """One request as a record of the file."""
    log = _classes()["PredictionLog"]()
    request = log.predict_log.request
    request.model_spec.signature_name = signature
    for name, values in inputs.items():
        proto = tf.make_tensor_proto(values)
        request.inputs.add(key=name, value=proto.SerializeToString(deterministic=True))
    return log.SerializeToString(deterministic=True)


@functools.cache
def _classes() -> dict[str, Any]:
    """The classes of the messages. They are in a pool of their own, so that tensorflow_serving can
    be imported beside."""
    file = descriptor_pb2.FileDescriptorProto(
        name="seqkit_warmup.proto", package="seqkit.warmup", syntax="proto3"
    )
    for message, fields in _MESSAGES.items():
        declared = file.message_type.add(name=message)
        for name, number, kind, many in fields:
            field = declared.field.add(name=name, number=number)
            field.label = _FIELD.LABEL_REPEATED if many else _FIELD.LABEL_OPTIONAL
            if isinstance(kind, str):
                field.type, field.type_name = _FIELD.TYPE_MESSAGE, f".{file.package}.{kind}"
            else:
                field.type = kind
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    return {
        name: message_factory.GetMessageClass(pool.FindMessageTypeByName(f"{file.package}.{name}"))
        for name in _MESSAGES
    }
