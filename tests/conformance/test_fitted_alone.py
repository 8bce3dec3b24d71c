"""Predictions and exports depend on what was fitted alone: parameters set later change nothing."""

from __future__ import annotations

import copy
from typing import Any

import keras
import numpy as np
import tensorflow as tf

import seqkit
from tests.conformance.estimators import assert_same, data, every_kind, fitted, named

# Another value of each parameter, that fits none of the models.
OTHER: dict[str, Any] = {
    "attention": lambda before: None if before else "luong",
    "attention_score": "concat",
    "augmentation": "jitter",
    "batch_size": 7,
    "beam_width": 3,
    "bidirectional": lambda before: not before,
    "calendar": ["month"],
    "calibration_refit": True,
    "calibration_windows": 3,
    "callbacks": [keras.callbacks.History()],
    "cell": "simple_rnn",
    "checkpoint_dir": "nowhere",
    "class_weight": {0: 5.0},
    "clipnorm": None,
    "coverage_penalty": 2.0,
    "crf": True,
    "decoding": "autoregressive",
    "dropout": 0.7,
    "early_stopping": True,
    "ema_momentum": 0.5,
    "embedding_dim": 3,
    "embedding_dropout": 0.7,
    "embeddings": {"a": [1.0]},
    "encoder_units": 3,
    "ensemble_size": 2,
    "epochs": 99,
    "feed_context": True,
    "freeze_embeddings": True,
    "freq": "D",
    "head": "gaussian",
    "horizon": 9,
    "id": "shop",
    "input_feeding": True,
    "label_smoothing": 0.3,
    "layers": 3,
    "learning_rate": 1.0,
    "learning_rate_schedule": "constant",
    "length_penalty": 9.0,
    "levels": [0.3],
    "lookback": 3,
    "loss": "huber",
    "lowercase": lambda before: not before,
    "max_length": 1,
    "max_steps": 3,
    "max_tokens": 5,
    "min_frequency": 9,
    "minimum": -1e9,
    "n_best": 2,
    "n_iter_no_change": 1,
    "no_repeat_ngram": 1,
    "normalization": None,
    "optimizer": "sgd",
    "past_covariates": ["price"],
    "pooling": "max",
    "preset": "best",
    "random_state": 99,
    "recurrent_dropout": 0.7,
    "tbptt_steps": 2,
    "scaling": None,
    "scheduled_sampling": 0.3,
    "season": 5,
    "seasonal_residual": True,
    "stem": "convolution",
    "stride": 2,
    "target": "sales",
    "target_tokens": "char",
    "tie_embeddings": False,
    "time": "day",
    "token_dropout": 0.7,
    "tokens": "char",
    "transform": "log",
    "truncate": False,
    "units": 3,
    "use_ema": True,
    "validation_fraction": 0.5,
    "verbose": 2,
    "warm_start": True,
    "weight_decay": 0.5,
    "weighting": None,
}


def reset(model: Any) -> Any:
    """The same fitted model with other values of all its parameters."""
    before = model.get_params(deep=False)
    other = {
        name: OTHER[name](value) if callable(OTHER[name]) else OTHER[name]
        for name, value in before.items()
    }
    assert all(other[name] != value for name, value in before.items())
    return copy.deepcopy(model).set_params(**other)


@every_kind
def test_parameters_set_after_a_fit_change_no_prediction(kind):
    X, _ = data(kind)
    changed = reset(fitted(kind))
    assert_same(changed, fitted(kind), X)
    assert_same(copy.deepcopy(changed), fitted(kind), X)


def answers(directory: str, inputs: Any) -> dict[str, np.ndarray]:
    served = tf.saved_model.load(directory).signatures["serving_default"]
    (name,) = served.structured_input_signature[1]
    return {k: v.numpy() for k, v in served(**{name: tf.constant(inputs)}).items()}


def inputs_of(kind: Any) -> Any:
    """The data as a client of the export sends them."""
    X, _ = data(kind)
    if kind.estimator_class is seqkit.Seq2SeqForecaster:
        return X.to_numpy("float32").T[..., None]
    if kind.reads_text:
        return [x if isinstance(x, str) else " ".join(x) for x in X]
    return np.stack([x[:5] for x in X]).astype("float32")


@every_kind
def test_parameters_set_after_a_fit_change_no_export(kind, tmp_path):
    inputs = inputs_of(kind)
    expected = answers(fitted(kind).export(tmp_path), inputs)
    found = answers(reset(fitted(kind)).export(tmp_path), inputs)
    assert expected.keys() == found.keys()
    # Clients that ask row by row expect the batch first in every answer.
    assert {name: len(value) for name, value in expected.items()} == dict.fromkeys(
        expected, len(inputs)
    )
    for name, value in expected.items():
        np.testing.assert_array_equal(found[name], value)


def test_every_parameter_is_here():
    classes = [seqkit.SequenceClassifier, seqkit.SequenceRegressor, seqkit.TextClassifier]
    classes += [seqkit.SequenceTagger, seqkit.Seq2SeqTranslator, seqkit.Seq2SeqForecaster]
    for estimator_class in classes:
        assert set(estimator_class().get_params()) <= set(OTHER)


def test_calibrated_quantiles_stay_too():
    kind = named("forecaster")
    y, _ = kind.task(48, 0)
    options = {"head": "quantiles", "calibration_windows": 9, "levels": [0.2, 0.8]}
    model = kind.new(**options).fit(y)
    changed = reset(model)
    assert changed.predict_quantiles().equals(model.predict_quantiles())
    assert changed.predict_interval(0.5).equals(model.predict_interval(0.5))
    assert changed.predict(y).equals(model.predict(y))
