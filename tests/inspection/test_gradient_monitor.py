import keras
import numpy as np
import pytest
import tensorflow as tf

import seqkit
from seqkit.inspection import GradientMonitor

X = np.random.default_rng(0).normal(size=(12, 4, 1)).astype("float32")
Y = X.sum((1, 2))[:, None]


def model_of(optimizer, seed=0):
    keras.utils.set_random_seed(seed)
    model = keras.Sequential([keras.Input((None, 1)), seqkit.layers.GRU(3), keras.layers.Dense(1)])
    model.compile(optimizer, "mse")
    return model


def test_norms_are_those_of_the_gradients():
    model, monitor = model_of(keras.optimizers.SGD(0.0)), GradientMonitor(every=1)
    with tf.GradientTape() as tape:
        loss = model.compute_loss(x=X, y=Y, y_pred=model(X))
    gradients = tape.gradient(loss, [w.value for w in model.trainable_variables])
    model.fit(X, Y, batch_size=12, epochs=2, verbose=0, callbacks=[monitor])
    assert monitor.norms.index.tolist() == [1, 2]
    assert monitor.norms.columns.tolist() == [w.path for w in model.trainable_variables]
    expected = [np.linalg.norm(g) for g in gradients]
    np.testing.assert_allclose(monitor.norms.iloc[0], expected, rtol=1e-5)
    np.testing.assert_allclose(monitor.suggested_clipnorm, np.linalg.norm(expected), rtol=1e-5)


def test_every_tenth_step_is_a_sample():
    monitor = GradientMonitor()
    model_of("adam").fit(X, Y, batch_size=4, epochs=7, verbose=0, callbacks=[monitor])
    assert monitor.norms.index.tolist() == [1, 10, 20]


def test_training_is_the_same_with_and_without():
    plain, watched = model_of("adam"), model_of("adam")
    options = {"batch_size": 4, "epochs": 3, "verbose": 0, "shuffle": False}
    plain.fit(X, Y, **options)
    watched.fit(X, Y, callbacks=[GradientMonitor()], **options)
    for expected, found in zip(plain.get_weights(), watched.get_weights(), strict=True):
        np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-7)
    before = watched.get_weights()
    watched.fit(X, Y, **options)
    assert any((a != b).any() for a, b in zip(before, watched.get_weights(), strict=True))


def test_a_gradient_that_is_not_finite_stops_with_the_weights_of_the_step_before():
    bad = X.copy()
    bad[5] = np.nan  # in the second batch of four
    good = model_of("adam")
    good.fit(X[:4], Y[:4], batch_size=4, epochs=1, verbose=0, shuffle=False)
    model, monitor = model_of("adam"), GradientMonitor(every=5)
    with pytest.warns(UserWarning, match="was not finite at step 2.*weights are those of the step"):
        model.fit(bad, Y, batch_size=4, epochs=9, verbose=0, shuffle=False, callbacks=[monitor])
    assert monitor.stopped_at == 2
    for expected, found in zip(good.get_weights(), model.get_weights(), strict=True):
        np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-7)


def test_an_explosion_is_warned_of_once():
    larger = np.concatenate([Y] * 8)
    larger[-12:] *= 1e6
    monitor = GradientMonitor(every=1)
    model = model_of(keras.optimizers.SGD(1e-6))
    with pytest.warns(UserWarning, match="exploded: .* Try clipnorm") as caught:
        model.fit(
            np.concatenate([X] * 8), larger, batch_size=6, epochs=1, verbose=0, shuffle=False,
            callbacks=[monitor],
        )  # fmt: skip
    assert sum("exploded" in str(w.message) for w in caught) == 1


def test_what_has_vanished_is_warned_of():
    model = model_of("adam")
    layer = model.layers[-1]
    layer.set_weights([np.zeros((3, 1), "float32"), layer.get_weights()[1]])
    layer.trainable = True
    model.compile(keras.optimizers.SGD(1e-12), "mse")
    with pytest.warns(UserWarning, match="has vanished"):
        model.fit(X, Y, batch_size=12, epochs=8, verbose=0, callbacks=[GradientMonitor(every=1)])


def test_of_an_estimator():
    monitor = GradientMonitor(every=1)
    model = seqkit.SequenceRegressor(
        "gru", units=3, epochs=2, batch_size=6, callbacks=[monitor], random_state=0
    )
    model.fit(X, Y[:, 0])
    assert len(monitor.norms) == 4
    assert monitor.plot().get_yscale() == "log"
    plain = seqkit.SequenceRegressor("gru", units=3, epochs=2, batch_size=6, random_state=0)
    np.testing.assert_allclose(
        model.predict(X), plain.fit(X, Y[:, 0]).predict(X), rtol=1e-4, atol=1e-5
    )


@pytest.mark.parametrize("options", [{"every": 0}, {"vanished": 1.0}, {"exploded": 0}])
def test_arguments_out_of_range(options):
    with pytest.raises(ValueError, match=next(iter(options))):
        GradientMonitor(**options)
