"""Docstrings of estimators, as numpydoc reads them."""

from __future__ import annotations

import inspect

import pytest

import seqkit

validate = pytest.importorskip("numpydoc.validate", reason="numpydoc is not installed").validate

ESTIMATORS = [
    "Seq2SeqForecaster",
    "Seq2SeqTranslator",
    "SequenceClassifier",
    "SequenceRegressor",
    "SequenceTagger",
    "TextClassifier",
]
# What the house style has otherwise.
OTHERWISE = {
    "ES01": "a summary that says all needs no second paragraph",
    "EX01": "methods are shown in the example of their class",
    "GL02": "the text of parameters ends the docstring",
    "PR04": "'As in fit.' says the type too",
    "RT01": "the summary of a method says what it returns",
    "RT03": "likewise",
    "SA01": "pages link by themselves",
    "SS05": "a summary begins with a verb in the third person, or the thing itself",
}


def public_names() -> list[str]:
    names = list(ESTIMATORS)
    for name in ESTIMATORS:
        for method, value in inspect.getmembers(getattr(seqkit, name), inspect.isfunction):
            if not method.startswith("_") and value.__module__.startswith("seqkit"):
                names.append(f"{name}.{method}")
    return names


@pytest.mark.parametrize("name", public_names())
def test_numpydoc_finds_every_parameter_in_its_place(name):
    found = dict(validate(f"seqkit.{name}")["errors"])
    assert not {code: text for code, text in found.items() if code not in OTHERWISE}
