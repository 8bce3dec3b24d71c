"""The answers of fitted estimators as columns of Arrow."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import pyarrow as pa

PREDICTED = "predicted"


def answer_columns(model: Any, X: Any, *, every: bool) -> dict[str, pa.Array]:
    """The answers to samples, by the name of the column.

    Args:
        model: a fitted estimator of samples.
        X: the samples, as it takes them.
        every: whether to give all that it says, such as the probability of each class.
    """
    import pyarrow as pa

    if not hasattr(model, "predict_proba"):
        return {PREDICTED: _column(model.predict(X) if len(X) else _nothing(model))}
    labels = model.classes_
    if model._stepwise:  # a matrix (T, K) of each sequence
        return _of_steps(model, X, every)
    nothing = np.zeros((0, len(labels)), np.float32)
    probabilities = model.predict_proba(X) if len(X) else nothing
    if model._target.multilabel:
        applies = model._target.decide(probabilities) > 0
        chosen = [labels[row].tolist() for row in applies]
        answers = {PREDICTED: pa.array(chosen, pa.list_(_type_of(labels)))}
        every = True  # there is no one probability
    else:
        best = probabilities.argmax(1)
        answers = {PREDICTED: pa.array(labels[best].tolist(), _type_of(labels))}
        answers["probability"] = pa.array(probabilities[np.arange(len(best)), best])
    if every:
        columns = zip(labels.tolist(), np.ascontiguousarray(probabilities.T), strict=True)
        answers |= {f"probability_{label}": pa.array(column) for label, column in columns}
    return answers


def _nothing(model: Any) -> Any:
    """The answer to no sample: numbers of the target, or texts."""
    target = model._target
    return target.decide(np.zeros((0, len(target.mean)))) if hasattr(target, "mean") else []


def _of_steps(model: Any, X: Any, every: bool) -> dict[str, pa.Array]:
    import pyarrow as pa

    labels = model.classes_
    predicted = model.predict(X) if len(X) else []
    probabilities = model.predict_proba(X) if every and len(X) else []
    kind = pa.list_(_type_of(labels))
    answers = {PREDICTED: pa.array([np.asarray(row).tolist() for row in predicted], kind)}
    if every:
        numbers = pa.list_(pa.float32())
        for k, label in enumerate(labels.tolist()):
            column = [matrix[:, k] for matrix in probabilities]
            answers[f"probability_{label}"] = pa.array(column, numbers)
    return answers


def _column(values: Any) -> pa.Array:
    """Numbers (n,), or several of each, (n, K); texts; or a list of each sequence."""
    import pyarrow as pa

    if isinstance(values, np.ndarray) and values.dtype.kind in "fiu":
        if values.ndim == 1:
            return pa.array(values)
        flat = pa.array(np.ascontiguousarray(values).reshape(-1))
        return pa.FixedSizeListArray.from_arrays(flat, values.shape[1])
    texts = [str(v) if isinstance(v, str) else np.asarray(v).tolist() for v in values]
    return pa.array(texts) if texts else pa.array([], pa.string())


def _type_of(labels: np.ndarray) -> pa.DataType:
    import pyarrow as pa

    return pa.array(labels.tolist()).type
