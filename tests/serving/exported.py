"""Small exports of every estimator, each made once a process, and what `predict` says."""

from __future__ import annotations

import functools
import json
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from tests.conformance.estimators import data, fitted, named

# One of each estimator; others are like them.
NAMES = ("classifier", "regressor", "text", "tagger", "translator", "forecaster")
SLOW = ("multilabel", "crf_tagger", "numeric_tagger")
every_export = pytest.mark.parametrize(
    "name", [*NAMES, *(pytest.param(name, marks=pytest.mark.slow) for name in SLOW)]
)


@functools.cache
def root() -> tempfile.TemporaryDirectory[str]:
    """The folder of all exports; it is removed at the end of the process."""
    return tempfile.TemporaryDirectory(prefix="seqkit-exports-")


@functools.cache
def exported(name: str) -> Path:
    """The version's folder of a kind's export; tests copy it where they change it."""
    return Path(fitted(named(name)).export(Path(root().name, name)))


def card(version: Path) -> dict[str, Any]:
    """The card of an export."""
    return json.loads((version / "model_card.json").read_text())


def real_rows(name: str, count: int = 3) -> dict[str, np.ndarray]:
    """Rows of the training data as clients send them; numeric ones of different length."""
    kind = named(name)
    X, _ = data(kind)
    if not kind.of_samples:
        return {"history": X.to_numpy("float32").T[:count, :, None].copy()}
    if kind.reads_text:
        texts = [x if isinstance(x, str) else " ".join(x) for x in X[:count]]
        return {"inputs": np.array(texts, object)}
    longest = max(map(len, X[:count]))
    batch = np.full((count, longest, X[0].shape[1]), np.nan, "float32")
    for row, x in zip(batch, X, strict=False):
        row[: len(x)] = x
    return {"inputs": batch}


def check(name: str, signature: str, inputs: dict[str, Any], found: dict[str, Any]) -> None:
    """Fails unless outputs are what the fitted estimator predicts of these inputs.

    Args:
        name: of the kind.
        signature: that was asked.
        inputs: by name, (B, ...).
        found: outputs by name, (B, ...), strings as str or bytes.
    """
    kind, model = named(name), fitted(named(name))
    if not kind.of_samples:
        return _check_forecast(model, np.asarray(inputs["history"], float), found)
    rows = list(inputs["inputs"])
    if not kind.reads_text:
        rows = [np.asarray(row, float) for row in rows]
        rows = [row[~np.isnan(row).all(1)] for row in rows]
    if name == "translator":
        n_best = None if signature == "serving_default" else np.shape(found["outputs"])[1]
        width = {} if n_best is None else {"beam_width": n_best}
        texts, scores = model.predict(rows, n_best=n_best, return_scores=True, **width)
        assert _strings(found["outputs"]) == texts
        return np.testing.assert_allclose(_array(found["scores"]), scores, atol=1e-4)
    if kind.stepwise:
        return _check_tags(model, rows, found)
    if name == "regressor":
        expected = model.predict(rows)[:, None]
        return np.testing.assert_allclose(_array(found["values"]), expected, rtol=1e-5, atol=1e-4)
    np.testing.assert_allclose(
        _array(found["probabilities"]), model.predict_proba(rows), rtol=1e-5, atol=1e-5
    )
    if name == "multilabel":
        assert _array(found["labels"]).tolist() == [model.classes_.tolist()] * len(rows)
    else:
        assert _strings(found["label"]) == model.predict(rows).tolist()
    return None


def _check_tags(model: Any, rows: list[Any], found: dict[str, Any]) -> None:
    rows = [row.split() if isinstance(row, str) else row for row in rows]
    for row, labels, probabilities, expected, distribution in zip(
        rows,
        _strings(found["labels"]),
        found["probabilities"],
        model.predict(rows),
        model.predict_proba(rows),
        strict=True,
    ):
        assert [label for label in labels if label] == expected.tolist()
        np.testing.assert_allclose(
            _array(probabilities)[: len(row)], distribution, rtol=1e-5, atol=1e-5
        )


def _check_forecast(model: Any, history: np.ndarray, found: dict[str, Any]) -> None:
    months = pd.period_range("2000-01", periods=history.shape[1], freq="M")
    y = pd.DataFrame(history[..., 0].T, months, [f"s{k}" for k in range(len(history))])
    np.testing.assert_allclose(_array(found["forecast"]), model.predict(y).T, rtol=1e-4)
    steps = np.shape(found["forecast"])[1]
    quantiles = model.predict_quantiles(y=y).to_numpy().reshape(steps, len(history), -1)
    np.testing.assert_allclose(_array(found["quantiles"]), np.swapaxes(quantiles, 0, 1), rtol=1e-4)


def _array(values: Any) -> np.ndarray:
    return np.asarray(values, float)


def _strings(values: Any) -> Any:
    if isinstance(values, bytes):
        return values.decode()
    if isinstance(values, str):
        return values
    return [_strings(value) for value in values]
