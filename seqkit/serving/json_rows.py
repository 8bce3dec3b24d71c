"""Tensors as TensorFlow Serving's REST interface writes them: a row of the batch each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

Row = Any  # values of JSON: lists, strings, numbers


def plain(values: Any) -> Any:
    """An array as nested lists, numbers in as few digits as tell them apart.

    Example:
        >>> plain(np.float32([[0.1, 2]])), plain(np.array([b"a"], object))
        ([[0.1, 2.0]], ['a'])
    """
    array = np.asarray(values)
    if array.ndim:
        return [plain(row) for row in array]
    value = array.item()
    if isinstance(value, bytes):
        return value.decode()
    if array.dtype.kind == "f" and array.dtype.itemsize < 8 and np.isfinite(value):
        return float(str(array[()]))
    return value


def request_of(signature: str, inputs: Mapping[str, np.ndarray]) -> dict[str, Any]:
    """The body of a request in row format.

    Args:
        signature: its name.
        inputs: by name, (B, ...) each.

    Example:
        >>> request_of("serving_default", {"inputs": np.array(["a b", "c"], object)})
        {'signature_name': 'serving_default', 'instances': [{'inputs': 'a b'}, {'inputs': 'c'}]}
    """
    columns = {name: plain(values) for name, values in inputs.items()}
    rows = zip(*columns.values(), strict=True)
    instances = [dict(zip(columns, row, strict=True)) for row in rows]
    return {"signature_name": signature, "instances": instances}


def answer_of(outputs: Mapping[str, np.ndarray]) -> dict[str, Any]:
    """The body of the answer to a request in row format: outputs that are one alone have no name.

    Example:
        >>> answer_of({"values": np.float32([[1], [2]])})
        {'predictions': [[1.0], [2.0]]}
        >>> answer_of({"label": np.array([b"a"], object), "score": np.float32([1])})
        {'predictions': [{'label': 'a', 'score': 1.0}]}
    """
    columns = {name: plain(values) for name, values in outputs.items()}
    if len(columns) == 1:
        (rows,) = columns.values()
        return {"predictions": rows}
    rows = zip(*columns.values(), strict=True)
    return {"predictions": [dict(zip(columns, row, strict=True)) for row in rows]}


def columns_of(rows: Sequence[Row], names: Sequence[str]) -> dict[str, list[Any]]:
    """The rows of a request or an answer as a list of values for each name.

    Raises:
        ValueError: for rows that have other names.

    Example:
        >>> columns_of([{"a": 1, "b": 2}, {"a": 3, "b": 4}], ["a", "b"]), columns_of([1, 2], ["a"])
        ({'a': [1, 3], 'b': [2, 4]}, {'a': [1, 2]})
    """
    if len(names) == 1 and not any(isinstance(row, dict) for row in rows):
        return {names[0]: list(rows)}
    for row in rows:
        if not isinstance(row, dict) or set(row) != set(names):
            got = ", ".join(row) if isinstance(row, dict) else repr(row)
            raise ValueError(f"Each row must have the names {', '.join(names)}, got {got}.")
    return {name: [row[name] for row in rows] for name in names}


def unpadded(sequence: np.ndarray) -> np.ndarray:
    """The steps of a numeric sequence (T, d) before it ends in NaN, (t, d): a view.

    A step is padding where all of its features are NaN, and no other step comes after it.

    Example:
        >>> unpadded(np.array([[1.0], [np.nan], [2.0], [np.nan]]))[:, 0].tolist()
        [1.0, nan, 2.0]
    """
    if len(sequence) and not np.isnan(sequence[-1]).all():
        return sequence
    known = np.flatnonzero(~np.isnan(sequence).all(-1))
    return sequence[: known[-1] + 1 if len(known) else 0]


def padded_rows(sequences: Sequence[np.ndarray]) -> np.ndarray:
    """Numeric sequences (T_i, d) as one batch, float32 (n, T, d), shorter ones ending in NaN.

    Example:
        >>> padded_rows([np.ones((2, 1)), np.ones((1, 1))])[..., 0].tolist()
        [[1.0, 1.0], [1.0, nan]]
    """
    longest = max(map(len, sequences))
    batch = np.full((len(sequences), longest, sequences[0].shape[1]), np.nan, np.float32)
    for row, sequence in zip(batch, sequences, strict=True):
        row[: len(sequence)] = sequence
    return batch
