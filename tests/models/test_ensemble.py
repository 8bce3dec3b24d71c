"""Ensembles: members train as they would alone, and answer by their mean."""

from __future__ import annotations

import keras
import numpy as np
import pytest
import tensorflow as tf

import seqkit
from seqkit.models import (
    EncoderDecoder,
    EncoderDecoderEnsemble,
    Ensemble,
    Forecaster,
    ForecasterEnsemble,
    sequence_classifier,
)

RNG = np.random.default_rng(0)
X = RNG.normal(size=(24, 6, 2)).astype("float32")
Y = (X.sum((1, 2)) > 0).astype("int32")
SOURCE = RNG.integers(2, 9, (3, 5)).astype("int32")
PREVIOUS = RNG.integers(2, 7, (3, 4)).astype("int32")


def classifiers(count: int) -> list[keras.Model]:
    seeds = iter(range(100))
    return [
        sequence_classifier(2, 2, cell="gru", units=4, draw_seed=seeds.__next__)
        for _ in range(count)
    ]


def encoder_decoders(count: int, **options) -> list[EncoderDecoder]:
    seeds = iter(range(1000))
    sizes = {"units": 4, "embedding_dim": 4, "draw_seed": seeds.__next__, **options}
    models = [EncoderDecoder(9, 7, **sizes) for _ in range(count)]
    for model in models:
        model((SOURCE, PREVIOUS))
    return models


def trained(model: keras.Model) -> list[float]:
    model.compile(
        keras.optimizers.Adam(0.05, clipnorm=0.01),
        loss="sparse_categorical_crossentropy",
        weighted_metrics=["accuracy"],
    )
    fit = model.fit(X, Y, batch_size=8, epochs=2, shuffle=False, verbose=0)
    return fit.history["loss"]


def test_members_train_as_they_would_alone():
    ensemble = Ensemble(classifiers(3))
    losses = trained(ensemble)
    alone = classifiers(3)
    expected = [trained(member) for member in alone]
    np.testing.assert_allclose(losses, np.mean(expected, 0), rtol=1e-5)
    for member, other in zip(ensemble.members, alone, strict=True):
        for weight, same in zip(member.get_weights(), other.get_weights(), strict=True):
            np.testing.assert_allclose(weight, same, rtol=1e-3, atol=1e-4)


def test_the_loss_of_validation_is_that_of_the_mean():
    ensemble = Ensemble(classifiers(3))
    ensemble.compile("adam", loss="sparse_categorical_crossentropy")
    mean = np.mean([member(X) for member in ensemble.members], 0)
    found = ensemble.evaluate(X, Y, verbose=0)
    np.testing.assert_allclose(found, -np.log(mean[np.arange(24), Y]).mean(), rtol=1e-5)


def test_keras_saves_and_loads_it(tmp_path):
    ensemble = Ensemble(classifiers(2))
    ensemble.save(tmp_path / "model.keras")
    again = keras.models.load_model(tmp_path / "model.keras")
    np.testing.assert_array_equal(again(X), ensemble(X))


def test_the_mean_of_probabilities_of_tokens():
    """Sutskever et al. 2014, section 3.4."""
    ensemble = EncoderDecoderEnsemble(encoder_decoders(3))
    inputs = (SOURCE, PREVIOUS)
    expected = np.mean([tf.nn.softmax(member(inputs)) for member in ensemble.members], 0)
    np.testing.assert_allclose(np.exp(ensemble(inputs)), expected, rtol=1e-5)


@pytest.mark.parametrize("attention", ["luong", "bahdanau", None])
def test_a_step_is_the_step_of_teacher_forcing(attention):
    ensemble = EncoderDecoderEnsemble(encoder_decoders(2, attention=attention))
    encoded = ensemble.encode(SOURCE)
    state = encoded.state
    for t, expected in enumerate(tf.unstack(ensemble((SOURCE, PREVIOUS)), axis=1)):
        found, state, weights = ensemble.step(PREVIOUS[:, t, None], state, encoded.memory)
        np.testing.assert_allclose(found[:, 0], expected, rtol=1e-4, atol=1e-5)
        if attention is None:
            assert weights is None
        else:
            np.testing.assert_allclose(tf.reduce_sum(weights, -1), 1, rtol=1e-5)


def test_two_that_are_alike_search_as_one():
    (model,) = encoder_decoders(1)
    ensemble = EncoderDecoderEnsemble([model, model])

    def search(model):
        encoded = model.encode(SOURCE)
        return seqkit.decoding.beam_search(
            lambda tokens, state: model.step(tokens, state, encoded.memory),
            encoded.state,
            start_id=1,
            end_id=1,
            max_length=6,
            beam_width=3,
        )

    one, two = search(model), search(ensemble)
    np.testing.assert_array_equal(two.tokens, one.tokens)
    np.testing.assert_allclose(two.scores, one.scores, rtol=1e-4)


def test_the_perplexity_of_training_is_of_all_members():
    """And its loss, without smoothing, is the mean of the members' logarithms of theirs."""
    ensemble = EncoderDecoderEnsemble(encoder_decoders(2))
    ensemble.compile(keras.optimizers.SGD(0.0))
    y = PREVIOUS[:, ::-1].copy()
    history = ensemble.fit(
        (SOURCE, PREVIOUS), y, verbose=0, validation_data=((SOURCE, PREVIOUS), y)
    )
    found = {name: values[0] for name, values in history.history.items()}
    np.testing.assert_allclose(np.log(found["perplexity"]), found["loss"], rtol=1e-5)
    np.testing.assert_allclose(np.log(found["val_perplexity"]), found["val_loss"], rtol=1e-5)
    assert found["val_loss"] < found["loss"]  # the logarithm is concave


@pytest.mark.parametrize("head", ["point", "quantiles", "gaussian"])
def test_the_mean_of_forecasts_and_quantiles(head):
    seeds = iter(range(1000))
    history = {"history": RNG.normal(50, 9, size=(5, 24, 1)).astype("float32")}
    members = [
        Forecaster(4, season=12, units=4, head=head, draw_seed=seeds.__next__) for _ in range(3)
    ]
    for member in members:
        member.forecast(history)
    ensemble = ForecasterEnsemble(members)
    expected = np.mean([member.forecast(history) for member in members], 0)
    np.testing.assert_allclose(ensemble.forecast(history), expected, rtol=1e-5)
    if head == "point":
        return
    levels = [0.2, 0.5, 0.8]
    expected = np.mean([member.quantiles(history, levels) for member in members], 0)
    np.testing.assert_allclose(ensemble.quantiles(history, levels), expected, rtol=1e-5)
    shifted = ensemble.quantiles(history, levels, np.zeros((4, 3)))
    np.testing.assert_allclose(shifted, expected, rtol=1e-5)
    truth = expected[..., 1]
    residuals = ensemble.residuals(history, truth, levels)
    np.testing.assert_allclose(residuals[..., 1], 0, atol=1e-5)


def test_paths_are_drawn_of_each_member_in_turns():
    history = {"history": RNG.normal(50, 9, size=(2, 24, 1)).astype("float32")}
    members = [Forecaster(4, units=4, head="gaussian") for _ in range(3)]
    seed = tf.constant([1, 2])
    drawn = [member.sample(history, 6, seed).numpy() for member in members]
    found = ForecasterEnsemble(members).sample(history, 6, seed).numpy()
    for path in range(6):
        np.testing.assert_array_equal(found[:, path], drawn[path % 3][:, path])
