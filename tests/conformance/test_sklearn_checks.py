"""scikit-learn's own checks of estimators."""

from __future__ import annotations

import copy
import re
from typing import Any

import pytest
from sklearn.utils import estimator_checks
from sklearn.utils.estimator_checks import estimator_checks_generator, parametrize_with_checks

import seqkit

# Enough training for the checks that ask for accuracy.
QUICK = [
    seqkit.SequenceClassifier(
        "gru", units=8, bidirectional=False, epochs=5, batch_size=16, learning_rate=0.02
    ),
    seqkit.SequenceRegressor(
        "simple_rnn",
        units=16,
        bidirectional=False,
        pooling="mean",
        dropout=0.0,
        epochs=8,
        batch_size=16,
        learning_rate=0.03,
    ),
]
TARGETS = re.compile("regress|_y|sample_weight|score|requires|no_attributes|clone|tags|param|repr")
CLASSES = [
    seqkit.SequenceClassifier,
    seqkit.SequenceRegressor,
    seqkit.TextClassifier,
    seqkit.SequenceTagger,
    seqkit.Seq2SeqTranslator,
]
ALL = [*CLASSES, seqkit.Seq2SeqForecaster]
# Where X is not a table scikit-learn runs next to nothing of its own accord. These need no X.
WITHOUT_DATA = [
    "check_do_not_raise_errors_in_init_or_set_params",
    "check_estimator_cloneable",
    "check_estimator_repr",
    "check_estimator_tags_renamed",
    "check_get_params_invariance",
    "check_mixin_order",
    "check_no_attributes_set_in_init",
    "check_parameters_default_constructible",
    "check_set_params",
    "check_valid_tag_types",
]


def expected_failures(estimator: object) -> dict[str, str]:
    return {
        "check_sample_weight_equivalence_on_dense_data": (
            "a weight of two is a sample twice in the loss, but not in the batches of a pass"
        )
    }


def quick_checks() -> list[Any]:
    """Each of scikit-learn's checks of the classifier; of the regressor, which reads X by the same
    code, those of its targets. The others are run by `make test-slow`."""
    found = []
    for estimator in QUICK:
        for given in estimator_checks_generator(
            estimator, expected_failed_checks=expected_failures(estimator), mark="xfail"
        ):
            _, check = values = getattr(given, "values", given)
            options = getattr(check, "keywords", {})
            shown = [f"{k}={v}" for k, v in options.items()]
            function = check.func if hasattr(check, "func") else check
            name = function.__name__
            reads = type(estimator) is seqkit.SequenceRegressor and not TARGETS.search(name)
            marks = [*getattr(given, "marks", ())]
            if reads or "readonly_memmap=True" in shown:
                marks.append(pytest.mark.slow)
            label = "-".join([type(estimator).__name__, name, *shown])
            found.append(pytest.param(*values, id=label, marks=marks))
    return found


@pytest.mark.parametrize(("estimator", "check"), quick_checks())
def test_quickly(estimator, check):
    check(estimator)


@pytest.mark.slow
@parametrize_with_checks([c() for c in CLASSES[:2]], expected_failed_checks=expected_failures)
def test_by_default(estimator, check):
    check(estimator)


@pytest.mark.parametrize("check", WITHOUT_DATA)
@pytest.mark.parametrize("estimator_class", ALL[2:])
def test_without_data(estimator_class, check):
    getattr(estimator_checks, check)(estimator_class.__name__, estimator_class())


@pytest.mark.parametrize("estimator_class", CLASSES)
def test_the_only_positional_parameter_is_the_cell(estimator_class):
    assert estimator_class("gru").get_params() == estimator_class(cell="gru").get_params()
    with pytest.raises(TypeError):
        estimator_class("gru", 32)
    with pytest.raises(TypeError, match="unit"):
        estimator_class(unit=32)
    with pytest.raises(ValueError, match="unit"):
        estimator_class().set_params(unit=32)


@pytest.mark.parametrize("estimator_class", ALL)
def test_the_documentation_has_every_parameter(estimator_class):
    model = estimator_class()
    for name, value in model.get_params().items():
        assert f"{name} : " in estimator_class.__doc__
        assert f"default={value!r}" in estimator_class.__doc__
    assert "{parameters}" not in estimator_class.__doc__
    assert repr(copy.deepcopy(model)) == repr(model) == f"{estimator_class.__name__}()"
