"""Options that are made of parameters: the same names, defaults and texts, and values read back."""

from __future__ import annotations

import pytest

import seqkit
from seqkit.cli.declarations import declared_parameters, shown_kind, shown_value, value_of
from seqkit.cli.model_options import new_estimator
from seqkit.estimators.parameters import parameters_of
from seqkit.estimators.saved_estimators import ESTIMATORS


@pytest.mark.parametrize("estimator", ESTIMATORS)
def test_what_is_declared_is_what_the_estimator_declares(estimator):
    fields = parameters_of(getattr(seqkit, estimator))
    declared = declared_parameters(estimator)
    assert {*declared} == {field.name for field in fields}
    for field in fields:
        found = declared[field.name]
        assert found.kind == field.metadata["kind"]
        assert found.default == field.default
        assert found.text == " ".join(field.metadata["text"].split())


@pytest.mark.parametrize("estimator", ESTIMATORS)
def test_a_default_is_read_as_it_is_shown(estimator):
    for name, declared in declared_parameters(estimator).items():
        if name == "callbacks":
            continue
        found = value_of(declared, shown_value(declared.default))
        if isinstance(declared.default, tuple):
            found = tuple(found)
        assert found == declared.default, name
        assert shown_kind(declared)


@pytest.mark.parametrize(
    ("estimator", "name", "text", "value"),
    [
        ("SequenceClassifier", "units", "32", 32),
        ("SequenceClassifier", "units", "1.5", 1.5),  # which its check refuses
        ("SequenceClassifier", "units", "many", "many"),
        ("SequenceClassifier", "dropout", "1e-1", 0.1),
        ("SequenceClassifier", "scaling", "None", None),
        ("SequenceClassifier", "early_stopping", "True", True),
        ("SequenceClassifier", "pooling", "mean, max", ("mean", "max")),
        ("SequenceClassifier", "pooling", "last", "last"),
        ("SequenceClassifier", "class_weight", "{'a': 2, 'b': 1}", {"a": 2, "b": 1}),
        ("SequenceClassifier", "class_weight", "balanced", "balanced"),
        ("TextClassifier", "normalization", "NFC", "NFC"),
        ("TextClassifier", "normalization", "none", None),
        ("SequenceClassifier", "id", "007", "007"),
        ("SequenceClassifier", "id", "none", "none"),
        ("Seq2SeqForecaster", "levels", "0.1,0.5,0.9", [0.1, 0.5, 0.9]),
        ("Seq2SeqForecaster", "calendar", "month,day_of_week", ["month", "day_of_week"]),
        ("Seq2SeqForecaster", "id", "shop,item", ("shop", "item")),
        ("Seq2SeqForecaster", "freq", "15min", "15min"),
        ("Seq2SeqForecaster", "season", "7", 7),
    ],
)
def test_texts_are_read_by_what_a_parameter_may_be(estimator, name, text, value):
    assert value_of(declared_parameters(estimator)[name], text) == value


def test_names_are_shown_as_they_are_typed():
    parameters = declared_parameters("SequenceTagger")
    assert shown_kind(parameters["normalization"]) == "NFC|none"
    assert shown_kind(parameters["early_stopping"]) == "auto|true|false"


def test_a_parameter_out_of_range_is_named_as_its_option():
    with pytest.raises(ValueError, match=r"^--batch-size must be an integer of at least 1"):
        new_estimator("SequenceClassifier", {"batch_size": 0})
    with pytest.raises(ValueError, match=r"^each of --pooling must be"):
        new_estimator("SequenceClassifier", {"pooling": ("last", "least")})
