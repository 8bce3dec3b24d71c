"""What every estimator promises: copies, seeds, global state, threads, and a failed fit."""

from __future__ import annotations

import copy
import io
import pickle
import subprocess
import sys
import threading

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
    outputs,
)

# Seeds and trains another model first; prints whether the global random states are as before.
NEW_PROCESS = """
import pickle, random, sys
import numpy as np, tensorflow as tf
from tests.conformance.estimators import data, named, outputs
kind = named(sys.argv[1])
random.seed(1); np.random.seed(1); tf.random.set_seed(1)
expected = tf.random.uniform((3,)), tf.random.uniform((3,))
tf.random.set_seed(1); tf.random.uniform((3,))
before = random.getstate(), np.random.get_state()[1].tolist()
X, y = data(kind)
again = outputs(kind.new().fit(X, y), X)
assert (random.getstate(), np.random.get_state()[1].tolist()) == before
assert np.array_equal(tf.random.uniform((3,)), expected[1])
model = pickle.load(sys.stdin.buffer)
np.save(sys.argv[2], np.stack([again, outputs(model, X)]))
"""


@each_class
def test_in_a_new_process_the_seed_and_the_pickle_give_the_same(kind, tmp_path):
    X, _ = data(kind)
    model = fitted(kind)
    subprocess.run(
        [sys.executable, "-c", NEW_PROCESS, kind.name, tmp_path / "out.npy"],
        input=pickle.dumps(model),
        check=True,
        timeout=200,
    )
    again, unpickled = np.load(tmp_path / "out.npy")
    assert_same(again, model, X)
    assert_same(unpickled, model, X)


def joblib_copy(model):
    file = io.BytesIO()
    joblib.dump(model, file)
    file.seek(0)
    return joblib.load(file)


@every_kind
@pytest.mark.parametrize("copied", [copy.deepcopy, joblib_copy])
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
def test_without_a_seed_runs_differ_and_random_states_are_taken(kind):
    X, y = data(kind)
    first, second = (kind.new(random_state=None, epochs=1).fit(X, y) for _ in range(2))
    assert not np.array_equal(outputs(first, X), outputs(second, X))
    for state in (np.random.RandomState, np.random.default_rng):
        one, two = (kind.new(random_state=state(3), epochs=1).fit(X, y) for _ in range(2))
        assert_same(one, two, X)


def test_fits_in_threads_are_as_alone():
    from tests.conformance.estimators import named

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


@each_class
def test_a_failed_fit_leaves_the_model_and_its_weights(kind):
    X, y = data(kind)
    model = copy.deepcopy(fitted(kind)).set_params(warm_start=True)

    class Fails(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            raise RuntimeError("in the middle")

    model.set_params(callbacks=[Fails()])
    with pytest.raises(RuntimeError, match="in the middle"):
        model.fit(X, y)
    assert_same(model, fitted(kind), X)


@kinds("regressor")
def test_a_loss_that_is_not_a_number_is_an_error(kind):
    X, y = data(kind)
    model = kind.new(learning_rate=1e30, clipnorm=None, epochs=9, optimizer="sgd")
    with pytest.raises(FloatingPointError, match="Lower learning_rate"):
        model.fit(X, y)
    assert not hasattr(model, "model_")


@each_class
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


@each_class
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
