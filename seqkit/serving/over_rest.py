"""TensorFlow Serving over REST: a model of it; and the errors of a server, however it is asked."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import urllib3

from seqkit.serving.json_rows import plain

Signatures = dict[str, dict[str, dict[str, Any]]]

# A request changes nothing, so that all of these may be tried again.
RETRIED = (429, 502, 503, 504)
BACKOFF = 0.2  # seconds before the first request that is sent again, then twice as many each


class ServingError(RuntimeError):
    """The server answered with an error.

    Attributes:
        status: of HTTP; of gRPC the one that means the same.
    """

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.status = status


class RefusedRequest(ServingError, ValueError):
    """The model, or the server, refuses what it was asked; the message says why, and which rows."""


class RestModel:
    """A model that is asked over REST.

    Args:
        url: of the model.
        timeout: seconds for a connection, and for an answer.
        retries: how often a request is sent again.
    """

    def __init__(self, url: str, timeout: float, retries: int) -> None:
        self.url = url
        self._known: Signatures = {}
        retry = urllib3.Retry(
            total=retries,
            backoff_factor=BACKOFF,
            status_forcelist=RETRIED,
            allowed_methods=None,
            raise_on_status=False,
        )
        self._pool = urllib3.PoolManager(timeout=timeout, retries=retry)

    def signatures(self) -> Signatures:
        """By name and by "inputs" and "outputs", dtype and shape of each tensor."""
        answer = self._send("GET", "/metadata")
        try:
            declared = answer["metadata"]["signature_def"]["signature_def"]
            self._known = {
                name: {
                    side: {key: _described(info) for key, info in parts.get(side, {}).items()}
                    for side in ("inputs", "outputs")
                }
                for name, parts in declared.items()
                if not name.startswith("__")
            }
        except (KeyError, TypeError, AttributeError) as error:
            raise ServingError(f"{self.url}/metadata tells of no signatures.", 200) from error
        return self._known

    def predict(self, inputs: Mapping[str, np.ndarray], signature: str) -> dict[str, np.ndarray]:
        """The outputs of a signature, by name."""
        rows = {name: plain(values) for name, values in inputs.items()}
        answer = self._send("POST", ":predict", {"signature_name": signature, "inputs": rows})
        specs = self._known[signature]["outputs"]
        outputs = answer.get("outputs") if isinstance(answer, dict) else None
        if outputs is None:
            raise ServingError(f"{self.url} gave no outputs, but {cut(json.dumps(answer))}", 200)
        if len(specs) == 1:
            outputs = dict.fromkeys(specs, outputs)
        return {name: np.asarray(outputs[name], _result(spec)) for name, spec in specs.items()}

    def _send(self, method: str, path: str, body: Any = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        headers = {"Content-Type": "application/json"}
        url = f"{self.url}{path}"
        try:
            response = self._pool.request(method, url, body=data, headers=headers)
        except urllib3.exceptions.HTTPError as error:
            reason = getattr(error, "reason", None) or error
            raise ConnectionError(
                f"No answer from {url}: {reason}. Is the server running, and the address right?"
            ) from error
        try:
            answer = json.loads(response.data)
        except ValueError:
            answer = None
        if response.status == 200 and answer is not None:
            return answer
        told = answer.get("error") if isinstance(answer, dict) else None
        message = cut(response.data.decode("latin1")) if not isinstance(told, str) else told
        message = for_those_who_asked(message, self._known)
        if response.status == 400:
            raise RefusedRequest(message, 400)
        raise ServingError(f"{url} answered {response.status}: {message}", response.status)


def _described(info: Mapping[str, Any]) -> dict[str, Any]:
    """Dtype and shape of a tensor, as the server's metadata has them."""
    shape = info.get("tensor_shape", {})
    sizes = [int(axis["size"]) for axis in shape.get("dim", [])]
    return {
        "dtype": info["dtype"].removeprefix("DT_").lower(),
        "shape": None if shape.get("unknown_rank") else [None if n < 0 else n for n in sizes],
    }


def _result(spec: Mapping[str, Any]) -> Any:
    return {"string": str, "float": np.float32, "int64": np.int64}.get(spec["dtype"])


def for_those_who_asked(told: str, signatures: Iterable[str]) -> str:
    """The words of an error, in which tensors have the names that clients know.

    Args:
        told: by the server.
        signatures: names, as far as they are known.
    """
    message = _message(told)
    for signature in signatures:
        message = re.sub(rf"\b_arg_{re.escape(signature)}_(\w+?)_\d+_\d+", r"\1", message)
    return message


def _message(told: str) -> str:
    """The words of an error for those who asked, without TensorFlow's places in the graph.

    Example:
        >>> _message("assertion failed: [inputs: rows [1] hold infinity.]\\n [[{{node Assert}}]]")
        'inputs: rows [1] hold infinity.'
    """
    first = re.split(r"\\n|\n|\t|\[\[\{|; \[\[", told.strip())[0].strip()
    match = re.fullmatch(r"assertion failed: \[(.*)\]", first)
    return match.group(1).strip() if match else first


def cut(text: str) -> str:
    """The begin of a long text."""
    return text if len(text) < 200 else f"{text[:200]}..."
