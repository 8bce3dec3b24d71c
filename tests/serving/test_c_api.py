"""Every estimator's export answers a program in C as `predict` does."""

from __future__ import annotations

import numpy as np
import pytest

from tests.conformance.estimators import fitted, named
from tests.estimators.toy import first_event, small
from tests.serving import c_program
from tests.serving.exported import card, check, every_export, exported, real_rows


@every_export
@pytest.mark.always
def test_it_answers_as_predict_does(name):
    inputs = real_rows(name)
    for signature in card(exported(name))["signatures"]:
        found = c_program.ask(exported(name), signature, inputs)
        assert found.keys() == card(exported(name))["signatures"][signature]["outputs"].keys()
        check(name, signature, inputs, found)


@pytest.mark.parametrize(
    ("name", "wrong", "message"),
    [
        ("classifier", np.full((2, 3, 2), np.inf), r"inputs: rows \[0 1\] hold infinity"),
        ("text", np.array(["a", ""], object), r"inputs: rows \[1\] have no token"),
        ("classifier", np.zeros((2, 3, 5)), r"not compatible with expected shape \[\?,\?,2\]"),
    ],
)
def test_it_is_told_what_is_wrong_and_in_which_rows(name, wrong, message):
    with pytest.raises(c_program.Refused, match=message):
        c_program.ask(exported(name), "serving_default", {"inputs": wrong})


@pytest.mark.parametrize(
    "cell",
    [
        "lstm",
        pytest.param("simple_rnn", marks=pytest.mark.slow),
        pytest.param("peephole_lstm", marks=pytest.mark.slow),
        pytest.param("gru", marks=pytest.mark.slow),
        pytest.param("carousel_lstm", marks=pytest.mark.slow),
    ],
)
def test_every_cell_and_integer_classes(cell, tmp_path):
    X, y = first_event(24)
    model = small(cell=cell, epochs=1).fit(X, np.where(y == "left", 3, 10))
    rows = np.stack([x[:6] for x in X[:5]])
    found = c_program.ask(tmp_path / model.export(tmp_path), "serving_default", {"inputs": rows})
    np.testing.assert_allclose(found["probabilities"], model.predict_proba(rows), atol=1e-5)
    assert found["label"].tolist() == model.predict(rows).tolist()


def test_the_answer_of_the_card():
    """So that what Python wrote down is what C says, row for row."""
    shown = card(exported("translator"))["signatures"]["serving_default"]["example"]
    texts = [row["inputs"] for row in shown["request"]["instances"]]
    found = c_program.ask(
        exported("translator"), "serving_default", {"inputs": np.array(texts, object)}
    )
    answer = shown["answer"]["predictions"]
    assert found["outputs"].tolist() == [row["outputs"] for row in answer]
    assert fitted(named("translator")).predict(texts) == found["outputs"].tolist()
