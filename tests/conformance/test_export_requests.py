"""An export refuses what predict refuses, by an error that names the argument and its rows."""

from __future__ import annotations

import functools
import tempfile
import warnings
from typing import Any

import numpy as np
import pandas as pd
import pytest
import tensorflow as tf

from tests.conformance.estimators import KINDS, data, every_kind, fitted, kinds

numeric = kinds("classifier", "regressor", "numeric_tagger")
texts = kinds("text", "tagger", "crf_tagger")
Refused = tf.errors.InvalidArgumentError


@functools.cache
def loaded(kind: Any) -> Any:
    """An export with all of its signatures."""
    numeric = kind.of_samples and not kind.reads_text
    names = ["serving_default", "lengths"] if numeric else None
    with tempfile.TemporaryDirectory() as folder:
        return tf.saved_model.load(fitted(kind).export(folder, signatures=names))


def served(kind: Any) -> Any:
    return loaded(kind).signatures["serving_default"]


def good(kind: Any) -> Any:
    """A request of three rows, and as X of predict."""
    X, _ = data(kind)
    if not kind.of_samples:
        return X.to_numpy("float32").T[..., None].copy()
    if kind.reads_text:
        return np.array([x if isinstance(x, str) else " ".join(x) for x in X[:3]], object)
    return np.stack([x[:5] for x in X[:3]]).astype("float32")


def ask(kind: Any, request: Any) -> dict[str, np.ndarray]:
    (name,) = served(kind).structured_input_signature[1]
    reads_text = kind.of_samples and kind.reads_text
    tensor = tf.constant(request, tf.string if reads_text else tf.float32)
    return {k: v.numpy() for k, v in served(kind)(**{name: tensor}).items()}


def refuses(kind: Any, request: Any, message: str, predicts: Any = None, error: Any = ValueError):
    with pytest.raises(Refused, match=message):
        ask(kind, request)
    with pytest.raises(error):
        fitted(kind).predict(request if predicts is None else predicts)


@pytest.mark.parametrize(
    "kind",
    [
        pytest.param(
            k,
            id=k.name,
            marks=[pytest.mark.slow] if k.name.endswith(("_tagger", "translator")) else [],
        )
        for k in KINDS
    ],
)
@pytest.mark.always
def test_every_output_of_every_signature_has_the_batch_first(kind):
    """As servers take answers apart into rows."""
    for name, signature in loaded(kind).signatures.items():
        assert all(
            spec.shape.rank and spec.shape[0] is None
            for spec in signature.structured_outputs.values()
        )
        for rows in (1, 3):
            request = good(kind)[:rows]
            first = next(iter(signature.structured_input_signature[1].keys() - {"lengths"}))
            inputs = {first: tf.constant(request)}
            if name == "lengths":
                inputs["lengths"] = tf.constant([request.shape[1]] * rows, tf.int32)
            for output, values in signature(**inputs).items():
                assert values.shape[0] == rows, (name, output)


@numeric
@pytest.mark.parametrize("value", [np.inf, -np.inf])
def test_infinity(kind, value):
    request = good(kind)
    request[1:, 2, 0] = value
    refuses(kind, request, r"inputs: rows \[1 2\] hold infinity")


@numeric
def test_missing_values_before_the_end(kind):
    features = good(kind).shape[-1]
    message = r"inputs: rows \[1\] hold NaN before their end"
    for feature in [slice(None), 0][:features]:
        for step in (0, 2):
            request = good(kind)
            request[1, step, feature] = np.nan
            refuses(kind, request, message)
    if features > 1:  # within the last step
        request = good(kind)
        request[1, -1, 0] = np.nan
        refuses(kind, request, message)


@numeric
def test_sequences_without_a_step(kind):
    request = good(kind)
    refuses(kind, request[:, :0], r"inputs: rows \[0 1 2\] have no step")
    shorter = [request[0], request[1][:0], request[2]]
    request[1] = np.nan
    refuses(kind, request, r"inputs: rows \[1\] have no step", shorter)


@numeric
def test_rows_that_end_in_nan_are_as_the_shorter_sequences(kind):
    request = good(kind)
    request[1, 3:] = np.nan
    found = next(v for v in ask(kind, request).values() if v.dtype == np.float32)
    answer = getattr(fitted(kind), "predict_proba", fitted(kind).predict)
    expected = answer([request[0], request[1, :3], request[2]])
    for row, values in zip(found, expected, strict=True):
        row = row[: len(values)] if kind.stepwise else np.reshape(row, np.shape(values))
        np.testing.assert_allclose(row, values, rtol=1e-4, atol=1e-5)


@numeric
def test_sequences_of_another_shape(kind):
    request = good(kind)
    d = request.shape[-1]
    message = rf"tensor inputs \[3,{{}}\] is not compatible with expected shape \[\?,\?,{d}\]"
    refuses(kind, np.concatenate([request] * 3, -1), message.format(f"5,{3 * d}"))
    with pytest.raises(Refused, match=message.format(d)):
        ask(kind, request[:, 0])


@texts
@pytest.mark.parametrize("empty", ["", " \n"])
def test_texts_without_tokens(kind, empty):
    request = good(kind)
    request[1:] = empty
    refuses(kind, request, r"inputs: rows \[1 2\] have no token")
    refuses(kind, np.array([empty], object), r"inputs: rows \[0\] have no token")


@kinds("translator")
def test_a_translator_takes_texts_without_tokens(kind):
    request = good(kind)
    request[1] = ""
    assert ask(kind, request)["outputs"][1].decode() == fitted(kind).predict(request)[1] == ""


@kinds("text", "tagger", "crf_tagger", "translator")
def test_texts_of_another_rank(kind):
    request = np.array([good(kind)[:2]], object)
    message = r"tensor inputs \[1,2\] is not compatible with expected shape \[\?\]"
    refuses(kind, request, message, error=(TypeError, ValueError))
    with pytest.raises(Refused, match="tensor inputs .* is not compatible"):
        ask(kind, "a b")


@every_kind
def test_a_request_without_rows_is_answered_without_rows(kind):
    assert {len(v) for v in ask(kind, good(kind)[:0]).values()} == {0}


@kinds("forecaster")
def test_histories(kind):
    y, _ = data(kind)

    def faulty(value: float, steps: slice) -> tuple[np.ndarray, pd.DataFrame]:
        request, changed = good(kind), y.copy()
        request[1, steps] = value
        changed.iloc[steps, 1] = value
        return request, changed

    last = slice(-1, None)
    for value, message in ((np.inf, "hold infinity"), (1e19, r"hold a value beyond 1e\+18")):
        request, changed = faulty(value, last)
        refuses(kind, request, rf"history: rows \[1\] {message}", changed)
    request, changed = faulty(np.nan, slice(None))
    refuses(kind, request, r"history: rows \[1\] hold no value", changed)
    refuses(kind, request[:, :0], r"history: rows \[0 1 2\] hold no value", changed)
    # What predict answers by a missing forecast, with a warning, is answered so.
    request, changed = faulty(np.nan, slice(5, None))
    with pytest.warns(UserWarning, match="no forecast"):
        expected = fitted(kind).predict(changed)
    np.testing.assert_allclose(ask(kind, request)["forecast"], expected.T, rtol=1e-4)


@kinds("text", "tagger", slow=("crf_tagger", "translator"))
def test_texts_longer_than_max_length(kind):
    """Not to be told from predict, whatever came after the tokens that are read."""
    X, y = data(kind)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # the translator's, which says that it cuts
        model = kind.new(max_length=3, epochs=1).fit(X, y)
        texts = [x if isinstance(x, str) else " ".join(x) for x in X[:4]]
        texts += [" \u00a0".join(["the ann"] * n) for n in (1, 2, 7)]
        expected = model.predict(texts)
        probabilities = getattr(model, "predict_proba", lambda X: None)(texts)
        with tempfile.TemporaryDirectory() as folder:
            loaded = tf.saved_model.load(model.export(folder))
    found = loaded.signatures["serving_default"](inputs=tf.constant(texts))
    if kind.stepwise:
        assert [len(row) for row in expected[-3:]] == [2, 4, 14]
        rows = [[label.decode() for label in row if label] for row in found["labels"].numpy()]
        assert rows == [row.tolist() for row in expected]
        for row, values in zip(found["probabilities"], probabilities, strict=True):
            np.testing.assert_allclose(row[: len(values)], values, atol=1e-5)
        stream = tf.data.Dataset.from_tensor_slices(texts)
        assert [row.tolist() for row in model.predict(stream)] == rows
    else:
        (name,) = found.keys() & {"label", "outputs"}
        assert [text.decode() for text in found[name].numpy()] == list(expected)
