"""A fit that fails leaves the estimator as it was, its weights and its optimiser's state too."""

from __future__ import annotations

import copy

import keras
import numpy as np
import pytest

from tests.conformance.estimators import assert_same, data, each_class, fitted, kinds, named


class FailsLater(keras.callbacks.Callback):
    """Fails after the first epoch."""

    def on_epoch_end(self, epoch, logs=None):
        raise RuntimeError("in the middle")


class Fails(keras.callbacks.Callback):
    """Fails in the middle of the first epoch, after a step."""

    def on_train_batch_end(self, batch, logs=None):
        raise RuntimeError("in the middle")


def assert_untouched(model, kind):
    """As `fitted(kind)`, but for parameters."""
    assert_same(model, fitted(kind), data(kind)[0])
    assert (model.n_iter_, model.history_) == (2, fitted(kind).history_)
    for found, expected in zip(
        model.model_.optimizer.variables, fitted(kind).model_.optimizer.variables, strict=True
    ):
        np.testing.assert_array_equal(found, expected, err_msg=found.path)


@kinds("classifier", "tagger", "crf_tagger", slow=("regressor", "text"))
def test_in_the_middle_of_going_on(kind):
    X, y = data(kind)
    model = copy.deepcopy(fitted(kind)).set_params(callbacks=[Fails()])
    with pytest.raises(RuntimeError, match="in the middle"):
        model.partial_fit(X, y)
    assert_untouched(model, kind)
    model.set_params(callbacks=[FailsLater()], warm_start=True)
    with pytest.raises(RuntimeError, match="in the middle"):
        model.fit(X, y)
    assert_untouched(model, kind)


@each_class
def test_by_wrong_targets_or_data(kind):
    X, y = data(kind)
    model = copy.deepcopy(fitted(kind))
    for wrong in ((X, [*y[:-1], None]), ([*X[:-1], None], y), (X[:-1], y)):
        for method in (model.fit, model.set_params(warm_start=True).fit, model.partial_fit):
            with pytest.raises((ValueError, TypeError), match=r"\b[Xy]\b"):
                method(*wrong)
        model.set_params(warm_start=False)
    assert_untouched(model, kind)


@kinds("regressor")
def test_a_partial_fit_whose_loss_is_no_number(kind):
    X, y = data(kind)
    model = copy.deepcopy(fitted(kind))
    model.set_params(warm_start=True, learning_rate=1e38, epochs=9)
    with pytest.raises(FloatingPointError, match="The loss became .*Lower learning_rate"):
        model.fit(X, y)
    assert_untouched(model, kind)
    model.set_params(learning_rate=fitted(kind).learning_rate)
    assert_same(model.partial_fit(X, y), copy.deepcopy(fitted(kind)).partial_fit(X, y), X)


def test_an_unfitted_estimator_stays_unfitted():
    kind = named("text")
    model = kind.new(callbacks=[Fails()])
    for method in (model.fit, model.partial_fit):
        with pytest.raises(RuntimeError):
            method(*data(kind))
        assert set(vars(model)) == set(model.get_params())
