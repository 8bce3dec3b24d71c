"""Weight decay, label smoothing, and early stopping that the data decide."""

from __future__ import annotations

import keras
import numpy as np
import pytest
import tensorflow as tf

from seqkit.estimators.plans import training_plan
from seqkit.training.optimizers import new_optimizer
from tests.conformance.estimators import data, every_kind, kinds, named
from tests.conformance.test_warm_starts import without_training

STILL = {"optimizer": "sgd", "learning_rate": 1e-12, "dropout": 0.0, "epochs": 1}


def test_weights_decay_beside_the_gradient_and_biases_do_not():
    """Loshchilov & Hutter 2019, algorithm 2."""
    model = keras.Sequential([keras.layers.Dense(3, bias_initializer="ones")])
    model.build((None, 2))
    kernel = model.get_weights()[0]
    for name in ("sgd", "adam"):
        model.set_weights([kernel, np.ones(3)])
        optimizer = new_optimizer(name, 0.1, clipnorm=1.0, weight_decay=0.5)
        optimizer.apply([tf.zeros((2, 3)), tf.zeros(3)], model.trainable_variables)
        np.testing.assert_allclose(model.get_weights()[0], (1 - 0.1 * 0.5) * kernel, rtol=1e-6)
        np.testing.assert_array_equal(model.get_weights()[1], np.ones(3))
    assert new_optimizer("adamw", 0.1, clipnorm=None).weight_decay == 0.004  # its own


@kinds("classifier", slow=["forecaster", "translator"])
def test_weight_decay_makes_smaller_weights(kind):
    models = [kind.new(weight_decay=decay).fit(*data(kind)).model_ for decay in (None, 20.0)]
    sizes = [sum(np.square(w).sum() for w in model.get_weights()) for model in models]
    assert sizes[1] < 0.9 * sizes[0]


def log_likelihoods(model, X, y):
    """-log p of the true labels, and of all labels on average; each of one label."""
    rows = model.predict_proba(X)
    if isinstance(rows, list):
        rows, y = np.concatenate(rows), np.concatenate(y)
    places = np.searchsorted(model.classes_, y)
    return -np.log(rows[np.arange(len(rows)), places]), -np.log(rows).mean(1)


@kinds("classifier", "tagger")
def test_the_loss_of_smoothed_labels(kind):
    X, y = data(kind)
    options = {**STILL, "batch_size": 64}
    if kind.reads_text:
        options |= {"embedding_dropout": 0.0, "token_dropout": 0.0}
    model = kind.new(label_smoothing=0.3, **options).fit(X, y)
    of_label, of_all = log_likelihoods(model, X, y)
    expected = (0.7 * of_label + 0.3 * of_all).mean()
    assert model.history_["loss"][0] == pytest.approx(expected, rel=1e-4)


def test_the_loss_of_smoothed_indicators():
    kind = named("classifier")
    X, _ = data(kind)
    y = np.random.default_rng(0).integers(0, 2, (len(X), 3))
    model = kind.new(label_smoothing=0.3, batch_size=64, **STILL).fit(X, y)
    p = model.predict_proba(X)
    smooth = 0.7 * y + 0.15
    expected = -(smooth * np.log(p) + (1 - smooth) * np.log(1 - p)).mean()
    assert model.history_["loss"][0] == pytest.approx(expected, rel=1e-4)


def test_the_constant_answer_to_smoothed_labels():
    """The least loss of one answer: numerically, over all of them."""
    kind = named("classifier")
    X, y = data(kind)
    target = kind.new(label_smoothing=0.3, epochs=1).fit(X, y)._target
    found = target.constant_loss(np.array([0, 0, 0, 1]), np.ones(4))
    p = np.linspace(0.01, 0.99, 9801)
    of_label = -(0.75 * np.log(p) + 0.25 * np.log(1 - p))
    of_all = -(np.log(p) + np.log(1 - p)) / 2
    assert found == pytest.approx((0.7 * of_label + 0.3 * of_all).min(), rel=1e-5)


def test_a_chain_has_no_smoothed_labels():
    kind = named("crf_tagger")
    with pytest.raises(ValueError, match="label_smoothing must be 0 with crf=True.*got 0.1"):
        kind.new(label_smoothing=0.1).fit(*data(kind))


def watched(options) -> bool:
    """Whether the last training of `without_training` stops early."""
    return options["patience"] is not None


@every_kind
def test_many_examples_have_some_held_out(kind, monkeypatch):
    X, y = data(kind)
    options = without_training(monkeypatch)
    given = {"early_stopping": "auto", "validation_fraction": 0.25}
    few = kind.new(**given).fit(X, y)
    assert not watched(options)
    assert not few.chosen_["early_stopping"].value
    monkeypatch.setattr(training_plan, "ENOUGH", 10)
    many = kind.new(**given).fit(X, y)
    assert watched(options)
    assert many.chosen_["early_stopping"].value
    assert "10" in many.chosen_["early_stopping"].reason
    refused = kind.new(early_stopping=False).fit(X, y)
    assert not watched(options)
    assert "early_stopping" not in refused.chosen_


@kinds("classifier", slow=["translator"])
def test_validation_data_are_watched(kind, monkeypatch):
    X, y = data(kind)
    options = without_training(monkeypatch)
    model = kind.new().fit(X, y, validation_data=kind.task(20, 5))
    assert watched(options)
    assert "validation_data" in model.chosen_["early_stopping"].reason
    kind.new(early_stopping=False).fit(X, y, validation_data=kind.task(20, 5))
    assert not watched(options)


def test_nothing_is_held_out_of_a_stream(monkeypatch):
    monkeypatch.setattr(training_plan, "ENOUGH", 1)
    options = without_training(monkeypatch)
    kind = named("text")
    stream = tf.data.Dataset.from_tensor_slices(tuple(map(list, data(kind))))
    model = kind.new().fit(stream)
    assert not watched(options)
    assert "Dataset" in model.chosen_["early_stopping"].reason


def test_rare_classes_hinder_no_fit(monkeypatch):
    monkeypatch.setattr(training_plan, "ENOUGH", 1)
    kind = named("classifier")
    X, y = data(kind)
    y = [*y[:-1], "once"]
    assert "val_loss" in kind.new(epochs=2).fit(X, y).history_
    with pytest.raises(ValueError, match="early_stopping=True cannot hold out"):
        kind.new(epochs=2, early_stopping=True).fit(X, y)


def test_a_state_on_disk_without_a_seed_holds_nothing_out(monkeypatch, tmp_path):
    monkeypatch.setattr(training_plan, "ENOUGH", 1)
    kind = named("translator")
    choice = training_plan.stops_early(kind.new(checkpoint_dir=tmp_path, random_state=None), 99)
    assert not choice.value
    assert training_plan.stops_early(kind.new(checkpoint_dir=tmp_path), 99).value
