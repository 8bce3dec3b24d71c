"""Bad input to estimators: an error before training that names what is wrong."""

from __future__ import annotations

import numpy as np
import pytest
import tensorflow as tf
from sklearn.exceptions import NotFittedError

from tests.estimators.toy import first_event, small

X, Y = first_event(20)


def with_value(value: float) -> list[np.ndarray]:
    changed = [x.copy() for x in X]
    changed[12][3, 1] = value
    return changed


@pytest.mark.parametrize(
    ("data", "labels", "error", "message"),
    [
        (np.zeros((2, 3, 4, 5)), [0, 1], ValueError, r"X must be .*shape \(2, 3, 4, 5\)"),
        (np.zeros(5), [0], ValueError, r"X must be .*shape \(5,\).*one sequence alone is \[X\]"),
        ([np.zeros((2, 2, 2))] * 2, [0, 1], ValueError, r"X\[0\] must be a sequence"),
        ([np.zeros((3, 2)), np.zeros((3, 1))], [0, 1], ValueError, r"X\[0\] has 2.*X\[1\] has 1"),
        (with_value(np.nan), Y, ValueError, "nan in sample 12, step 3, feature 1"),
        (with_value(-np.inf), Y, ValueError, "-inf in sample 12, step 3, feature 1"),
        ([np.zeros((3, 2)), np.zeros((0, 2))], [0, 1], ValueError, r"X\[1\] is an empty sequence"),
        ([], [], ValueError, "at least one sequence, got 0 samples"),
        (X, ["a"] * 20, ValueError, "at least 2 classes.*1 class.*'a'"),
        (X, Y[:19], ValueError, "20 sequences and 19 labels"),
        ([1.0, 2.0], Y[:1], ValueError, r"X\[0\] must be a seq.*one sequence alone is \[X\]"),
        (X, None, ValueError, "y must be the labels"),
        (X, np.linspace(0, 1, 20), ValueError, "continuous"),
        (["one", "two"], [0, 1], TypeError, r"X\[0\] must be numbers"),
        ("text", [0], TypeError, "X must be .*got str"),
        ([[[1, 2], [3]]], [0], TypeError, "values of different lengths"),
    ],
)
def test_data(data, labels, error, message):
    model = small()
    with pytest.raises(error, match=message):
        model.fit(data, labels)
    assert not hasattr(model, "model_")


@pytest.mark.parametrize(
    ("parameter", "value", "error", "message"),
    [
        ("cell", "ltsm", ValueError, "cell must be one of .*'ltsm'.*Did you mean 'lstm'"),
        ("cell", 3, TypeError, "cell must be a name"),
        ("units", 0, ValueError, "units must be an integer of at least 1, got 0"),
        ("units", 2.5, TypeError, "units must be an integer"),
        ("layers", -1, ValueError, "layers"),
        ("epochs", 0, ValueError, "epochs"),
        ("batch_size", 0, ValueError, "batch_size"),
        ("dropout", 1.0, ValueError, r"dropout must be a fraction in \[0, 1\)"),
        ("recurrent_dropout", "a", TypeError, "recurrent_dropout"),
        ("learning_rate", 0, ValueError, "learning_rate must be a number above 0"),
        ("clipnorm", -1, ValueError, "clipnorm"),
        ("scaling", "minmax", ValueError, "scaling must be 'standard' or None"),
        ("random_state", "one", TypeError, "random_state"),
    ],
)
def test_parameters(parameter, value, error, message):
    with pytest.raises(error, match=message):
        small(**{parameter: value}).fit(X, Y)


def test_early_stopping_with_too_few_samples():
    with pytest.raises(ValueError, match="early_stopping=True cannot hold out.*of 4 samples"):
        small(early_stopping=True).fit(X[:4], ["a", "a", "a", "b"])


def test_sample_weight_of_the_wrong_length():
    with pytest.raises(ValueError, match=r"sample_weight.*shape \(20,\).*got shape \(3,\)"):
        small().fit(X, Y, sample_weight=[1, 2, 3])


def test_prediction():
    model = small(epochs=1)
    for method in (model.predict, model.predict_proba):
        with pytest.raises(NotFittedError):
            method(X)
    with pytest.raises(NotFittedError):
        model.export("anywhere")
    model.fit(X, Y)
    with pytest.raises(ValueError, match="X has 3 features, but the model was fitted with 2"):
        model.predict(np.zeros((1, 4, 3)))
    with pytest.raises(ValueError, match=r"X has 1 feature, .*with 2 features\. .*is \[X\]"):
        model.predict(X[0])
    with pytest.raises(ValueError, match=r"X has 1 feature, .*with 2 features\. .*d\)\.$"):
        model.predict(np.zeros((3, 4)))


@pytest.mark.parametrize("stream", [False, True])
def test_a_class_that_is_in_the_validation_data_alone(stream):
    other = ["up"] * 20
    held = (X, other)
    if stream:
        spec = tf.TensorSpec((None, 2)), tf.TensorSpec((), tf.string)
        pairs = list(zip(X, other, strict=True))
        held = tf.data.Dataset.from_generator(lambda: iter(pairs), output_signature=spec)
    message = r"validation_data: y has 'up', which is not among.*'left', 'right'\. Leave such"
    with pytest.raises(ValueError, match=message) as raised:
        small(epochs=1).fit(X, Y, validation_data=held)
    assert "warm_start" not in str(raised.value)
    with pytest.raises(ValueError, match="'up'.*use fit with warm_start=False"):
        small(epochs=1).fit(X, Y).partial_fit(X, other)


def test_a_failed_fit_leaves_the_fitted_model():
    model = small(epochs=1).fit(X, Y)
    before = model.predict_proba(X)
    with pytest.raises(ValueError, match="nan"):
        model.fit(with_value(np.nan), Y)
    np.testing.assert_array_equal(model.predict_proba(X), before)
