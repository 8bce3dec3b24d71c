"""Requests to an exported model, right and wrong ones."""

from __future__ import annotations

import json

import pytest
import tensorflow as tf

from recipes import query_export


def written(folder, content) -> object:
    path = folder / "request.json"
    path.write_text(content if isinstance(content, str) else json.dumps(content))
    return path


@pytest.mark.parametrize(
    "request_, expected",
    [
        ({"signature_name": "beam", "instances": [{"inputs": "a"}]}, ("beam", [{"inputs": "a"}])),
        (
            {"instances": ["a", {"inputs": "b"}]},
            ("serving_default", [{"inputs": "a"}, {"inputs": "b"}]),
        ),
        ({"instances": [[[1.0]]]}, ("serving_default", [{"inputs": [[1.0]]}])),
        ({"instances": [{"history": [[1.0]]}]}, ("serving_default", [{"history": [[1.0]]}])),
    ],
)
def test_requests(request_, expected, tmp_path):
    assert query_export.asked_of(written(tmp_path, request_)) == expected


@pytest.mark.parametrize(
    "content, message",
    [
        ("text,label\na,b\n", "is no JSON"),
        ({"inputs": ["a"]}, 'list of "instances"'),
        ({"instances": []}, 'list of "instances"'),
        ([1], 'list of "instances"'),
    ],
)
def test_what_is_no_request(content, message, tmp_path, capsys):
    path = written(tmp_path, content)
    with pytest.raises(ValueError, match=message):
        query_export.asked_of(path)
    (tmp_path / "1").mkdir()
    assert query_export.main([str(tmp_path), "--request", str(path)]) == 2
    assert "error: --request" in capsys.readouterr().err


@pytest.mark.parametrize(
    "answer, expected",
    [
        ({"label": [b"up"], "probabilities": [[0.25, 0.75]]}, "up (probability 0.750)"),
        ({"label": [3], "probabilities": [[0.25, 0.75]]}, "3 (probability 0.750)"),
        ({"labels": [[7, 8, 9]], "probabilities": [[0.6, 0.1, 0.9]]}, "7 9"),
        ({"labels": [[b"A", b"B"]], "probabilities": [[[0.9, 0.1], [0.2, 0.8]]]}, "A B"),
        ({"values": [[1.5, 2.0]]}, "1.5 2"),
    ],
)
def test_answers_in_words(answer, expected):
    assert query_export.read({name: tf.constant(v) for name, v in answer.items()}) == expected
