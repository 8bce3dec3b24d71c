"""A client of TensorFlow Serving, over REST or gRPC, which takes and gives what estimators do."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from seqkit.checks import as_numbers
from seqkit.frames import as_pandas
from seqkit.readers.long_form import ID, TIME, id_and_time
from seqkit.serving.json_rows import padded_rows, unpadded
from seqkit.serving.over_rest import RefusedRequest as RefusedRequest
from seqkit.serving.over_rest import RestModel, Signatures
from seqkit.serving.over_rest import ServingError as ServingError
from seqkit.serving.series_rows import request_of

if TYPE_CHECKING:
    from seqkit.serving.over_grpc import GrpcModel

DEFAULT = "serving_default"
_URL = re.compile(
    r"(?P<scheme>https?|grpcs?)://(?P<host>[^/]+)/v1/models/(?P<name>[^/:]+)"
    r"(/(versions/(?P<version>\d+)|labels/(?P<label>[^/:]+)))?"
)


class Client:
    """Asks a model that TensorFlow Serving serves.

    Arguments and answers are those of the estimator that was exported, with these differences, as a
    server knows arrays alone: labels that were neither integers nor strings are strings; columns of
    a frame are taken in their order, whatever their names; translations are strings.

    Args:
        url: of the model, such as http://127.0.0.1:8501/v1/models/sentiment, or of a version of it,
            with /versions/2 behind. grpc://127.0.0.1:8500/v1/models/sentiment asks over gRPC, and
            grpcs:// so over TLS, with the extra `serving`.
        timeout: seconds for a connection, and for an answer.
        retries: how often a request is sent again, after longer and longer waits, where there is no
            connection, or the server says that it is not ready.
        rows: of one request at most; more are sent one after another.
        id, time: columns of a long frame that name the sequence and order its steps.

    Raises:
        ValueError: for a url that is none of a model.
        MissingExtraError: for gRPC where its packages are not installed.

    Example:
        >>> client = Client("http://127.0.0.1:8501/v1/models/sentiment")
        >>> client.url
        'http://127.0.0.1:8501/v1/models/sentiment'
    """

    def __init__(
        self,
        url: str,
        *,
        timeout: float = 10.0,
        retries: int = 3,
        rows: int = 256,
        id: str = ID,
        time: str = TIME,
    ) -> None:
        self.url = url.rstrip("/")
        parts = _URL.fullmatch(self.url)
        if parts is None:
            raise ValueError(
                "url must be that of a model, such as http://127.0.0.1:8501/v1/models/NAME or "
                f"grpc://127.0.0.1:8500/v1/models/NAME, got {url!r}."
            )
        if rows < 1:
            raise ValueError(f"rows must be at least 1, got {rows!r}.")
        self._rows = rows
        self._columns = {"id": id, "time": time}
        self._model: RestModel | GrpcModel
        if parts["scheme"].startswith("http"):
            self._model = RestModel(self.url, timeout, retries)
        else:
            from seqkit.serving.over_grpc import GrpcModel

            self._model = GrpcModel(self.url, parts.groupdict(), timeout, retries)

    def predict(self, X: Any, *, signature: str = DEFAULT) -> Any:
        """The answers to X as the estimator's `predict` gives them.

        Args:
            X: as the estimator takes it; of a forecaster its series, without covariates; or a dict
                of arrays by the names of the inputs.
            signature: which is asked.

        Raises:
            RefusedRequest: for what the model refuses; it is a ValueError.
            ServingError: for other errors of the server.
            ConnectionError: where no server answers.
        """
        rows = self._read(X, signature)
        outputs = self._ask(rows.inputs, signature)
        if "label" in outputs:
            return outputs["label"]
        if "labels" in outputs:
            if self._stepwise(signature):
                return [np.array([label for label in row if label]) for row in outputs["labels"]]
            return (outputs["probabilities"] > 0.5).astype(int)
        if "forecast" in outputs:
            return rows.written(outputs["forecast"])
        if "values" in outputs:
            values = outputs["values"]
            return values[:, 0] if values.shape[1] == 1 else values
        if "outputs" in outputs:
            return outputs["outputs"].tolist()
        raise ValueError(
            f"signature {signature!r} has no answer that `predict` knows, but "
            f"{', '.join(outputs)}. Use `ask`."
        )

    def predict_proba(self, X: Any, *, signature: str = DEFAULT) -> Any:
        """The probabilities of classes, or of each step's labels, as the estimator gives them.

        Args:
            X, signature: as of `predict`.

        Raises:
            ValueError: where the model gives none; and as of `predict`.
        """
        if "probabilities" not in self.signatures().get(signature, {"outputs": ()})["outputs"]:
            raise ValueError(f"signature {signature!r} of {self.url} has no probabilities.")
        outputs = self._ask(self._read(X, signature).inputs, signature)
        if not self._stepwise(signature):
            return outputs["probabilities"]
        lengths = [sum(map(bool, row)) for row in outputs["labels"]]
        return [
            np.asarray(row)[:n] for row, n in zip(outputs["probabilities"], lengths, strict=True)
        ]

    def ask(self, inputs: Mapping[str, Any], *, signature: str = DEFAULT) -> dict[str, Any]:
        """All outputs of a signature, as they are.

        Args:
            inputs: arrays by name, (B, ...).
            signature: which is asked.

        Returns:
            Arrays by name; lists of arrays where requests had to be split, and steps differ.

        Raises:
            As of `predict`.
        """
        return self._ask(self._read(dict(inputs), signature).inputs, signature)

    def signatures(self) -> Signatures:
        """The model's signatures: by "inputs" and "outputs", dtype and shape of each tensor."""
        return self._signatures

    @functools.cached_property
    def _signatures(self) -> Signatures:
        return self._model.signatures()

    def _stepwise(self, signature: str) -> bool:
        return len(self.signatures()[signature]["outputs"]["probabilities"]["shape"] or ()) == 3

    def _read(self, X: Any, signature: str) -> _Rows:
        known = self.signatures()
        if signature not in known:
            raise ValueError(f"signature must be one of {', '.join(known)}, got {signature!r}.")
        specs = known[signature]["inputs"]
        if isinstance(X, Mapping):
            if set(X) != set(specs):
                raise ValueError(f"X must have the inputs {', '.join(specs)}, got {', '.join(X)}.")
            return _Rows({name: np.asarray(X[name], _kind(specs[name])) for name in specs})
        X = as_pandas(X)
        if "history" in specs:
            return self._series(X, known[signature])
        if set(specs) == {"inputs", "lengths"}:
            sequences = self._sequences(X)
            lengths = np.array([len(x) for x in sequences], np.int32)
            padded = np.nan_to_num(padded_rows(sequences), nan=0.0)
            return _Rows({"inputs": padded, "lengths": lengths})
        if set(specs) != {"inputs"}:
            raise ValueError(
                f"X must be a dict of arrays by the names of the inputs, {', '.join(specs)}."
            )
        if _kind(specs["inputs"]) is object:
            return _Rows({"inputs": np.array(_texts(X), object)})
        return _Rows({"inputs": padded_rows(self._sequences(X))})

    def _series(self, y: Any, parts: Mapping[str, Any]) -> _Rows:
        from seqkit.timeseries.read_series import read_series

        specs = parts["inputs"]
        if set(specs) - {"history", "timestamps"} or specs["history"]["shape"][-1] != 1:
            raise ValueError(
                "X must be a dict of arrays by the names of the inputs where the model reads "
                f"covariates: {', '.join(specs)}."
            )
        panel = read_series(y, None, **self._columns)
        horizon = parts["outputs"]["forecast"]["shape"][1] if "timestamps" in specs else None
        return _Rows(request_of(panel, horizon), panel)

    def _sequences(self, X: Any) -> list[np.ndarray]:
        """Numeric sequences (T_i, d)."""
        if hasattr(X, "columns"):
            pair = id_and_time(list(X.columns), *self._columns.values())
            if pair is not None:
                id, time = pair
                groups = X.sort_values(time, kind="stable").groupby(id, sort=False)
                values = {name: rows.drop(columns=[id, time]).to_numpy() for name, rows in groups}
                X = [values[name] for name in X[id].unique()]
            else:
                X = X.to_numpy()
        is_table = getattr(X, "ndim", None) == 2
        sequences = [as_numbers(f"X[{i}]", x, np.float32) for i, x in enumerate(X)]
        if not sequences:
            raise ValueError("X must hold at least one sequence, got none.")
        sequences = [x[:, None] if x.ndim == 1 else x for x in sequences]
        if any(x.ndim != 2 or x.shape[1] != sequences[0].shape[1] for x in sequences):
            shapes = ", ".join(sorted({str(x.shape) for x in sequences})[:3])
            raise ValueError(
                f"X must be sequences (T_i, d) of as many features each, got {shapes}."
            )
        return sequences if is_table else [unpadded(x) for x in sequences]

    def _ask(self, inputs: Mapping[str, np.ndarray], signature: str) -> dict[str, Any]:
        count = len(next(iter(inputs.values())))
        if count == 0:
            raise ValueError("X must hold at least one row, got none.")
        parts = []
        for start in range(0, count, self._rows):
            rows = {k: v[start : start + self._rows] for k, v in inputs.items()}
            parts.append(self._model.predict(rows, signature))
        return {name: _joined([part[name] for part in parts]) for name in parts[0]}


class _Rows:
    """A request, and how its answers are written.

    Args:
        inputs: by name.
        panel: the series that they are of, or None.
    """

    def __init__(self, inputs: Mapping[str, np.ndarray], panel: Any = None) -> None:
        self.inputs = inputs
        self._panel = panel

    def written(self, forecast: np.ndarray) -> Any:
        """Forecasts in the form of the series."""
        if self._panel is None:
            return forecast
        from seqkit.timeseries.forecast_frames import to_pandas

        return to_pandas(self._panel, forecast)


def _kind(spec: Mapping[str, Any]) -> Any:
    return {"string": object, "int32": np.int32}.get(spec["dtype"], np.float32)


def _texts(X: Any) -> list[str]:
    """Strings; of lists of tokens, tokens with blanks between."""
    if isinstance(X, str):
        raise TypeError(f"X must be a list of strings, got one. Use [{X!r}].")
    if hasattr(X, "columns"):
        if len(X.columns) != 1:
            raise ValueError(f"X must be texts, a frame of one column, got {len(X.columns)}.")
        X = X.iloc[:, 0]
    texts = [x if isinstance(x, str) else " ".join(x) for x in X]
    if not texts:
        raise ValueError("X must hold at least one text, got none.")
    return texts


def _joined(parts: Sequence[np.ndarray]) -> Any:
    """Answers to several requests as one; a list of rows where their steps differ."""
    if len({part.shape[1:] for part in parts}) == 1:
        return np.concatenate(parts)
    return [row for part in parts for row in part]
