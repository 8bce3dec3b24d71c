"""Requests as TensorFlow Serving's REST interface takes them are answered as `predict` does."""

from __future__ import annotations

import base64
import functools
import json
from typing import Any

import numpy as np
import pytest

from tests.serving.double import InvalidArgument, Model, from_inputs, from_instances, tensor
from tests.serving.exported import card, check, every_export, exported, real_rows
from tests.serving.refusals import MALFORMED, REFUSED


@functools.cache
def served(name: str) -> Model:
    return Model(exported(name))


def ask(name: str, body: Any) -> Any:
    return served(name).predict(json.dumps(body).encode())


def rows(inputs: dict[str, np.ndarray], *, named: bool = True) -> list[Any]:
    columns = {k: v.tolist() for k, v in inputs.items()}
    instances = [
        dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)
    ]
    return instances if named else [next(iter(row.values())) for row in instances]


@every_export
@pytest.mark.parametrize("form", ["objects", "values", "columns", "column"])
def test_rows_and_columns(name, form):
    inputs = real_rows(name)
    for signature, described in card(exported(name))["signatures"].items():
        body: dict[str, Any] = {"signature_name": signature}
        if form in ("objects", "values"):
            body["instances"] = rows(inputs, named=form == "objects")
        else:
            columns = {k: v.tolist() for k, v in inputs.items()}
            body["inputs"] = columns if form == "columns" else next(iter(columns.values()))
        answer = ask(name, body)
        outputs = list(described["outputs"])
        if "predictions" in answer:
            predictions = answer["predictions"]
            if len(outputs) == 1:
                predictions = [{outputs[0]: row} for row in predictions]
            found = {k: [row[k] for row in predictions] for k in outputs}
        else:
            (found,) = answer.values()
            found = found if len(outputs) > 1 else {outputs[0]: found}
        check(name, signature, inputs, found)


@pytest.mark.parametrize("name", ["text", "tagger", "translator"])
def test_strings_in_base64(name):
    inputs = real_rows(name)
    texts = [{"b64": base64.b64encode(text.encode()).decode()} for text in inputs["inputs"]]
    assert ask(name, {"instances": texts}) == ask(name, {"instances": inputs["inputs"].tolist()})
    assert ask(name, {"inputs": texts}) == ask(name, {"inputs": inputs["inputs"].tolist()})


@every_export
def test_the_example_of_the_card_is_a_request(name):
    for signature in card(exported(name))["signatures"].values():
        shown = signature["example"]
        found, expected = ask(name, shown["request"])["predictions"], shown["answer"]["predictions"]
        assert len(found) == len(expected)
        for row, told in zip(found, expected, strict=True):
            if not isinstance(told, dict):
                row, told = {"": row}, {"": told}
            for key, value in told.items():
                if np.asarray(value).dtype.kind == "f":
                    np.testing.assert_allclose(row[key], value, rtol=1e-5, atol=1e-5)
                else:
                    assert row[key] == value


@pytest.mark.parametrize(("name", "body", "message"), REFUSED)
def test_requests_that_are_refused(name, body, message):
    with pytest.raises(InvalidArgument, match=message):
        ask(name, body)


@pytest.mark.parametrize("body", MALFORMED)
def test_no_json_is_refused(body):
    with pytest.raises(InvalidArgument, match="JSON Parse error|Is not object"):
        served("text").predict(body)


def test_scalars_lists_and_several_inputs_by_the_rules():
    """The double itself, against the examples of TensorFlow Serving's document."""
    import tensorflow as tf

    specs = {
        "tag": tf.TensorSpec((None,), tf.string),
        "signal": tf.TensorSpec((None, 5), tf.int64),
        "sensor": tf.TensorSpec((None, 2, 2), tf.int64),
    }
    instances = [
        {"tag": "foo", "signal": [1, 2, 3, 4, 5], "sensor": [[1, 2], [3, 4]]},
        {"tag": "bar", "signal": [3, 4, 1, 2, 5], "sensor": [[4, 5], [6, 8]]},
    ]
    inputs = {k: [row[k] for row in instances] for k in specs}
    for found in (from_instances(instances, specs), from_inputs(inputs, specs)):
        assert found["tag"].numpy().tolist() == [b"foo", b"bar"]
        assert found["signal"].numpy().tolist() == inputs["signal"]
        assert found["sensor"].numpy().tolist() == inputs["sensor"]
    one = {"x": tf.TensorSpec((None,), tf.float32)}
    assert from_instances([1.0, 2.0, 5.0], one)["x"].numpy().tolist() == [1, 2, 5]
    assert from_inputs(7.0, one)["x"].shape == ()
    assert tensor([[1, 2]], tf.int64) == ([1, 2], [1, 2])
    with pytest.raises(InvalidArgument, match="expecting list of objects"):
        from_instances([[1]], specs)
    with pytest.raises(InvalidArgument, match="Missing named input: signal"):
        from_inputs({"tag": ["a"]}, specs)
