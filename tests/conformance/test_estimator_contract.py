"""What every estimator promises: copies, seeds, global state, threads, and a failed fit."""

from __future__ import annotations

import copy
import io
import threading
from typing import Any

import joblib
import keras
import numpy as np
import pytest
from sklearn.base import clone, is_classifier, is_regressor

from tests.conformance.estimators import (
    assert_same,
    data,
    each_class,
    every_kind,
    fitted,
    kinds,
    named,
    outputs,
    params,
)


def joblib_copy(model):
    file = io.BytesIO()
    joblib.dump(model, file)
    file.seek(0)
    return joblib.load(file)


def copying() -> list[Any]:
    """Every kind with deepcopy, one of them with joblib, the others with it slowly: what joblib
    writes predicts the same is held for every kind by `test_new_process`."""
    found = []
    for copied in (copy.deepcopy, joblib_copy):
        for p in params():
            rest = copied is joblib_copy and p.id != "tagger"
            marks = [pytest.mark.slow] if rest else p.marks
            found.append(
                pytest.param(*p.values, copied, id=f"{copied.__name__}-{p.id}", marks=marks)
            )
    return found


@pytest.mark.parametrize(("kind", "copied"), copying())
def test_copies_predict_the_same_and_train_on_the_same(kind, copied):
    X, y = data(kind)
    model = copied(fitted(kind))
    assert_same(model, fitted(kind), X)
    other = copied(fitted(kind))
    for m in (model, other):
        m.partial_fit(X, y)
    assert_same(model, other, X)
    assert not np.array_equal(outputs(model, X), outputs(fitted(kind), X))


@every_kind
def test_clone_and_parameters(kind):
    model = kind.new(n_iter_no_change=7)
    before = model.get_params()
    assert clone(model).get_params() == before
    X, y = data(kind)
    model.set_params(epochs=1).fit(X, y)
    assert model.get_params() == {**before, "epochs": 1}
    assert not hasattr(clone(model), "model_")
    assert type(model).__name__ in repr(model)
    assert "n_iter_no_change" in model._repr_html_()


@each_class
def test_tags(kind):
    model = kind.new()
    assert is_classifier(model) == (kind.name in ("classifier", "text"))
    assert is_regressor(model) == (kind.name == "regressor")
    assert model.__sklearn_tags__().input_tags.string == kind.reads_text


@each_class
def test_without_a_seed_runs_differ(kind):
    X, y = data(kind)
    first, second = (kind.new(random_state=None, epochs=1).fit(X, y) for _ in range(2))
    assert not np.array_equal(outputs(first, X), outputs(second, X))


@kinds("text", slow=("classifier", "regressor", "tagger"))
@pytest.mark.parametrize("state", [np.random.RandomState, np.random.default_rng])
def test_random_states_are_taken(kind, state):
    X, y = data(kind)
    one, two = (kind.new(random_state=state(3), epochs=1).fit(X, y) for _ in range(2))
    assert_same(one, two, X)


def test_fits_in_threads_are_as_alone():
    kinds = [named("classifier"), named("tagger")]
    found = {}

    def fit(kind):
        X, y = data(kind)
        found[kind.name] = outputs(kind.new().fit(X, y), X)

    threads = [threading.Thread(target=fit, args=(kind,)) for kind in kinds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for kind in kinds:
        assert_same(found[kind.name], fitted(kind), data(kind)[0])


@kinds("regressor")
def test_a_loss_that_is_not_a_number_is_an_error(kind):
    X, y = data(kind)
    model = kind.new(learning_rate=1e30, clipnorm=None, epochs=9, optimizer="sgd")
    with pytest.raises(FloatingPointError, match="Lower learning_rate"):
        model.fit(X, y)
    assert not hasattr(model, "model_")


@kinds("regressor", "tagger", slow=("classifier", "text"))
def test_callbacks_do_not_keep_the_model_and_can_stop(kind):
    class Stops(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            self.model.stop_training = epoch == 1

    X, y = data(kind)
    callback = Stops()
    model = kind.new(epochs=9, callbacks=[callback]).fit(X, y)
    assert model.n_iter_ == 2
    assert callback.model is None
    clone(model)


@kinds("classifier", "tagger", slow=("regressor", "text"))
def test_early_stopping_watches_the_validation_data(kind):
    X, y = data(kind)
    model = kind.new(epochs=30, early_stopping=True, n_iter_no_change=2, learning_rate=0.3)
    model.fit(X, y, validation_data=kind.task(20, 5))
    losses = model.history_["val_loss"]
    assert model.best_epoch_ == 1 + int(np.argmin(losses))
    assert model.n_iter_ == min(30, model.best_epoch_ + 2)
    for bad in ((X,), X[0], "validation"):
        with pytest.raises(ValueError, match="validation_data must be"):
            model.fit(X, y, validation_data=bad)


@each_class
@pytest.mark.parametrize(
    ("weight", "message"),
    [([1.0], r"shape \(24,\)"), (np.zeros(24), "non-zero"), (np.full(24, -1.0), "finite numbers")],
)
def test_bad_weights(kind, weight, message):
    with pytest.raises(ValueError, match=message):
        kind.new().fit(*data(kind), sample_weight=weight)
