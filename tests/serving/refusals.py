"""Requests that a server refuses: the model, the body, what the error says. The stand-in is tested
by them, and TensorFlow Serving itself where there is a container of it."""

from __future__ import annotations

from typing import Any

import numpy as np

REFUSED: list[tuple[str, Any, str]] = [
    ("text", {"instances": "a"}, "list/array"),
    ("text", {"instances": []}, "No values"),
    ("text", {"instances": ["a"], "inputs": ["a"]}, "only one of"),
    ("text", {}, "Missing 'inputs' or 'instances'"),
    ("text", {"signature_name": "none", "instances": ["a"]}, '"none" not found'),
    ("text", {"signature_name": 1, "instances": ["a"]}, "must be a string"),
    ("text", {"instances": [1]}, "not of expected type"),
    ("text", {"instances": [{"b64": "?"}]}, "base64"),
    ("text", {"instances": [{"other": "a"}]}, "does not have named input: other"),
    ("text", {"instances": ["the film", ""]}, r"inputs: rows \[1\] have no token"),
    ("text", {"inputs": "the film"}, "compatible with|rank|shape"),
    ("classifier", {"instances": [[[1.0, 2.0], [1.0]]]}, "unexpected size: 1"),
    ("classifier", {"instances": [[[1, 2]], [[1, 2], [3, 4]]]}, "Expecting shape"),
    ("classifier", {"instances": [[["1", "2"]]]}, "not of expected type"),
    ("classifier", {"instances": [[[float("inf"), 2]]]}, r"inputs: rows \[0\] hold infinity"),
    ("classifier", {"instances": [[[16777217, 2]]]}, "loss of precision"),
    ("forecaster", {"instances": [[[None]]]}, "not of expected type"),
]
# Bodies that are no JSON.
MALFORMED = (b"", b"{", b"[]", b"\x00\xff", b'{"instances": [1,}', b"nothing")
# Over gRPC: the model, the signature, the inputs, the codes that an error may have, what it says.
REFUSED_TENSORS: list[tuple[str, str, dict[str, Any], set[str], str | None]] = [
    (
        "classifier",
        "serving_default",
        {"inputs": np.full((2, 3, 2), np.inf, "float32")},
        {"INVALID_ARGUMENT"},
        r"inputs: rows \[0 1\] hold infinity",
    ),
    (
        "text",
        "serving_default",
        {"inputs": np.array(["the film", ""], object)},
        {"INVALID_ARGUMENT"},
        r"inputs: rows \[1\] have no token",
    ),
    (
        "classifier",
        "serving_default",
        {"inputs": np.zeros((2, 3, 5), "float32")},
        {"INVALID_ARGUMENT"},
        "compatible with expected shape",
    ),
    ("classifier", "serving_default", {"inputs": np.zeros((2, 3, 2))}, {"INVALID_ARGUMENT"}, None),
    (
        "classifier",
        "serving_default",
        {"inputs": np.array([["a"]], object)},
        {"INVALID_ARGUMENT"},
        None,
    ),
    ("classifier", "serving_default", {}, {"INVALID_ARGUMENT"}, None),
    (
        "classifier",
        "none",
        {"inputs": np.zeros((2, 3, 2), "float32")},
        {"INVALID_ARGUMENT", "FAILED_PRECONDITION"},
        None,
    ),
    ("nobody", "serving_default", {}, {"NOT_FOUND"}, None),
]
