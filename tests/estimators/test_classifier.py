"""SequenceClassifier: what it learns, what it accepts, and what it promises."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.base import clone

from tests.estimators.toy import first_event, small

X, Y = first_event(60)


@pytest.fixture(scope="module")
def fitted():
    return small().fit(X, Y)


@pytest.mark.parametrize("cell", ["lstm", "peephole_lstm", "gru"])
def test_learns_the_order_of_events(cell):
    train, test = first_event(300, seed=1), first_event(200, seed=2)
    model = small(cell=cell, units=16, epochs=25, learning_rate=0.01).fit(*train)
    assert model.score(*test) > 0.95  # chance is 0.5


def test_bidirectional_sees_what_one_direction_also_sees():
    train, test = first_event(200, seed=1), first_event(200, seed=2)
    options = {
        "units": 16,
        "epochs": 20,
        "learning_rate": 0.01,
        "bidirectional": False,
        "layers": 2,
    }
    assert small(**options).fit(*train).score(*test) > 0.9


def test_probabilities(fitted):
    probabilities = fitted.predict_proba(X)
    assert probabilities.shape == (60, 2)
    np.testing.assert_allclose(probabilities.sum(1), 1, rtol=1e-5)
    np.testing.assert_array_equal(fitted.predict(X), fitted.classes_[probabilities.argmax(1)])


@pytest.mark.slow
def test_many_fits_are_no_retracing(caplog):
    """TensorFlow would warn from the fifth model on."""
    for units in range(2, 9):
        small(units=units, epochs=1).fit(X[:8], Y[:8])
    assert "retracing" not in caplog.text


@pytest.mark.slow
def test_same_seed_gives_the_same_predictions_whatever_came_before(fitted):
    small(random_state=5).fit(X[:20], Y[:20])
    again = small().fit(X, Y)
    np.testing.assert_array_equal(again.predict_proba(X), fitted.predict_proba(X))
    other = small(random_state=1).fit(X, Y)
    assert not np.array_equal(other.predict_proba(X), fitted.predict_proba(X))


@pytest.mark.slow
def test_forms_of_input_agree():
    array = np.stack([x[:6] for x in X])
    from_array = small().fit(array, Y).predict_proba(array)
    from_list = small().fit(list(array), Y).predict_proba([x.tolist() for x in array])
    np.testing.assert_array_equal(from_array, from_list)
    univariate = small().fit(array[:, :, 0], Y)
    assert univariate.n_features_in_ == 6  # a table, as scikit-learn counts its columns
    one = univariate.predict_proba(array[:, :, :1])
    np.testing.assert_array_equal(univariate.predict_proba(array[:, :, 0]), one)


@pytest.mark.parametrize(
    "labels",
    [[3, 7], [True, False], [0.0, 1.0], ["ä", "b"], [np.datetime64("2020"), np.datetime64("2021")]],
)
def test_labels_of_any_sortable_type(labels):
    y = np.array(labels)[(Y == "left").astype(int)]
    model = small(epochs=1).fit(X, y)
    np.testing.assert_array_equal(model.classes_, np.unique(y))
    assert set(model.predict(X)) <= set(y)


def test_neither_batch_nor_padding_changes_a_prediction(fitted):
    together = fitted.predict_proba(X)
    alone = np.concatenate([fitted.predict_proba([x]) for x in X[:8]])
    np.testing.assert_allclose(alone, together[:8], atol=1e-6)
    order = np.random.default_rng(0).permutation(len(X))
    shuffled = fitted.predict_proba([X[i] for i in order])
    np.testing.assert_allclose(shuffled, together[order], atol=1e-6)
    long = np.zeros((300, 2), "float32")
    with_longer = fitted.predict_proba([*X, long])
    np.testing.assert_allclose(with_longer[:-1], together, atol=1e-6)


def test_history_and_attributes(fitted):
    assert set(fitted.history_) == {"accuracy", "loss"}
    assert all(len(v) == fitted.n_iter_ == 2 for v in fitted.history_.values())
    assert fitted.best_epoch_ == 2
    assert fitted.n_features_in_ == 2
    assert fitted.model_.input_shape == (None, None, 2)


def test_early_stopping_keeps_the_best_weights():
    noise = np.random.default_rng(0).permutation(Y)  # nothing to learn: validation only gets worse
    model = small(epochs=40, early_stopping=True, n_iter_no_change=3, learning_rate=0.05)
    model.set_params(validation_fraction=0.3).fit(X, noise)
    losses = model.history_["val_loss"]
    assert model.n_iter_ == len(losses) < 40
    assert model.best_epoch_ == 1 + int(np.argmin(losses)) == model.n_iter_ - 3


def test_warm_start_goes_on(fitted):
    model = small(warm_start=True).fit(X, Y)
    first = model.predict_proba(X)
    np.testing.assert_array_equal(first, fitted.predict_proba(X))
    loss = model.history_["loss"][-1]
    assert model.fit(X, Y).history_["loss"][0] < loss
    with pytest.raises(ValueError, match=r"y has .*'up'.*warm_start=False"):
        model.fit(X, np.where(Y == "left", "up", Y))


def test_weights_decide():
    y = np.array(["a", "b"] * 30)
    same = [X[0]] * 60
    assert set(small(class_weight={"a": 5, "b": 1}, epochs=20).fit(same, y).predict(same)) == {"a"}
    weight = np.where(y == "b", 5.0, 1.0)
    assert set(small(epochs=20).fit(same, y, sample_weight=weight).predict(same)) == {"b"}


def test_fit_leaves_parameters_alone_and_clone_copies_them():
    model = small(cell="peephole_lstm", clipnorm=None)
    before = dict(model.get_params())
    model.fit(X[:20], Y[:20])
    assert model.get_params() == before == clone(model).get_params()


def test_a_constant_feature_and_large_values_are_scaled():
    scaled = [np.column_stack([1e6 + 1e4 * x[:, 0], x[:, 1], np.ones(len(x))]) for x in X]
    probabilities = small().fit(scaled, Y).predict_proba(scaled)
    assert np.isfinite(probabilities).all()


def test_users_keras_layer_as_cell():
    import keras

    model = small(cell=keras.layers.GRU, epochs=1).fit(X, Y)
    assert type(model.model_.get_layer("bidirectional_1").forward_layer) is keras.layers.GRU
