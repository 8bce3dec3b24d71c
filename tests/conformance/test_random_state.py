"""random_state decides all, whatever else is seeded, trained, or done at once."""

from __future__ import annotations

import copy
import random
import threading

import keras
import numpy as np
import tensorflow as tf

from tests.conformance.estimators import assert_same, data, fitted, kinds, named, outputs


def states():
    """The global states of Python and NumPy, and what TensorFlow draws next."""
    numpy_state = np.random.get_state()[1].tolist()  # noqa: NPY002
    return random.getstate(), numpy_state, float(tf.random.uniform([]))


@kinds("regressor", "tagger")
def test_whatever_was_seeded_and_trained_before(kind):
    X, y = data(kind)
    fitted(kind)
    kind.new(random_state=7, epochs=1).fit(X, y)
    keras.utils.set_random_seed(99)
    before = states()
    keras.utils.set_random_seed(99)
    model = kind.new().fit(X, y)
    assert states() == before
    assert_same(model, fitted(kind), X)


def test_a_generator_goes_on_from_fit_to_fit():
    kind = named("classifier")
    X, y = data(kind)
    model = kind.new(random_state=np.random.default_rng(3), epochs=1)
    first, second = (outputs(model.fit(X, y), X) for _ in range(2))
    assert not np.array_equal(first, second)


def test_training_on_draws_nothing_from_global_states():
    kind = named("classifier")
    X, y = data(kind)
    said = []
    for seed in (1, 2):
        keras.utils.set_random_seed(seed)
        said.append(outputs(copy.deepcopy(fitted(kind)).partial_fit(X, y), X))
    np.testing.assert_array_equal(*said)


def test_models_trained_in_turns_do_not_disturb_each_other():
    kind = named("regressor")
    X, y = data(kind)

    def begin(seed):
        return kind.new(random_state=seed).partial_fit(X, y)

    alone = begin(0).partial_fit(X, y)
    a, b = begin(0), begin(1)
    b.partial_fit(X, y)
    assert_same(a.partial_fit(X, y), alone, X)
    assert not np.array_equal(outputs(b, X), outputs(a, X))


def at_once(calls):
    """What the calls return, each from a thread of its own."""
    found = [None] * len(calls)

    def keep(i):
        found[i] = calls[i]()

    threads = [threading.Thread(target=keep, args=(i,)) for i in range(len(calls))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def test_one_model_predicts_in_threads():
    """Whose functions are not compiled yet."""
    kind = named("text")
    X, _ = data(kind)
    model = copy.deepcopy(fitted(kind))
    for said in at_once([lambda: outputs(model, X)] * 4):
        assert_same(said, fitted(kind), X)
