"""The forecaster's network: its two ways to decode, its loss, its draws, and as a Keras model."""

from __future__ import annotations

import keras
import numpy as np
import pytest
import tensorflow as tf

from seqkit.models import Forecaster
from seqkit.models.forecasting.forecaster import HEADS

HORIZON, LOOKBACK = 4, 9
RNG = np.random.default_rng(0)
INPUTS = {
    "history": np.concatenate(
        [RNG.uniform(5, 50, (3, LOOKBACK, 1)), RNG.normal(size=(3, LOOKBACK, 3))], -1
    ).astype("float32"),
    "future": RNG.normal(size=(3, HORIZON, 2)).astype("float32"),
    "static": RNG.normal(size=(3, 1)).astype("float32"),
    "categories": np.array([[0, 1], [1, 0], [2, 1]], "int32"),
}
COVARIATES = {
    "past": 1,
    "known": 2,
    "static": 1,
    "categories": [3, 2],
    "moments": {"known": ([0.5, 1.0], [2.0, 0.1])},
}
TRUTH = RNG.uniform(5, 50, (3, HORIZON)).astype("float32")


def new(**options) -> Forecaster:
    """A model with weights that are not near zero."""
    keras.utils.set_random_seed(0)
    model = Forecaster(HORIZON, units=5, season=4, **{**COVARIATES, **options})
    model.build()
    for weight in model.trainable_weights:
        weight.assign(weight + RNG.normal(scale=0.3, size=weight.shape))
    return model


@pytest.mark.parametrize("decoding", ["direct", "autoregressive"])
@pytest.mark.parametrize("attention", [None, "luong", "bahdanau"])
@pytest.mark.parametrize("levels", [None, {"known": [0, 3], "past": [40]}, {"known": [40, 3]}])
@pytest.mark.parametrize("season", [None, 4])
def test_building_makes_all_weights(decoding, attention, levels, season):
    options = {"attention": attention, "levels": levels, "season": season, "moments": None}
    model = Forecaster(HORIZON, **{**COVARIATES, **options}, units=5, layers=2, decoding=decoding)
    model.build()
    before = [weight.path for weight in model.weights]
    model.forecast(INPUTS)
    assert [weight.path for weight in model.weights] == before


@pytest.mark.parametrize("head", HEADS)
def test_autoregression_is_teacher_forcing_with_its_own_forecasts(head):
    """Fed with what it forecast, the parallel pass gives what the loop gave."""
    scaling = "mean" if head == "negative_binomial" else "robust"
    options = {"layers": 2, "cell": "peephole_lstm", "scaling": scaling}
    model = new(head=head, decoding="autoregressive", **options)
    forecast = model.forecast(INPUTS)
    outputs = model({**INPUTS, "truth": forecast})
    window = model.window(INPUTS)
    points = window.scaling.undo(model.head.point(outputs, window.scaling.scale))
    np.testing.assert_allclose(points, forecast, rtol=2e-4)


@pytest.mark.parametrize("decoding", ["direct", "autoregressive"])
@pytest.mark.parametrize("attention", ["luong", pytest.param("bahdanau", marks=pytest.mark.slow)])
def test_every_input_matters(decoding, attention):
    model = new(decoding=decoding, attention=attention)
    before = model.forecast(INPUTS).numpy()
    for name, values in INPUTS.items():
        channels = range(values.shape[-1])
        for channel in channels:
            changed = values.copy()
            changed[0, ..., channel] += 1
            if name == "categories":
                changed[0, channel] = values[0, channel] == 0
            after = model.forecast({**INPUTS, name: changed}).numpy()
            assert not np.allclose(after[0], before[0], rtol=1e-4), (name, channel)
            np.testing.assert_allclose(after[1:], before[1:], rtol=1e-5)


def test_paths_may_be_asked_for_first():
    model = Forecaster(HORIZON, units=5, **COVARIATES, head="student_t")
    paths = model.scaled_paths(INPUTS, 2, tf.constant([0, 0]))
    assert paths.shape == (3, 2, HORIZON)
    assert model.forecast(INPUTS).shape == (3, HORIZON)


def test_scale_of_a_series_scales_its_forecast():
    model = new(static=0, categories=())
    inputs = {k: INPUTS[k] for k in ("history", "future")}
    larger = inputs["history"].copy()
    larger[..., 0] *= 1000
    np.testing.assert_allclose(
        model.forecast({**inputs, "history": larger}), 1000 * model.forecast(inputs), rtol=1e-4
    )


def test_a_missing_value_is_finite_and_told():
    """The network sees a zero, and that it is none; the covariates of the step count."""
    model = new()
    history = INPUTS["history"].copy()
    history[:, 2, 0] = np.nan
    missing = model.forecast({**INPUTS, "history": history}).numpy()
    history[:, 2, 1:] = np.nan
    assert np.isfinite(missing).all()
    assert np.isfinite(model.forecast({**INPUTS, "history": history})).all()
    assert not np.allclose(missing, model.forecast(INPUTS))


def test_seasonal_residual_starts_from_the_seasonal_naive_forecast():
    model = new(seasonal_residual=True, past=0, known=0, static=0, categories=(), moments=None)
    for weight in model.output_layer.weights:
        weight.assign(tf.zeros_like(weight))
    history = INPUTS["history"][..., :1]
    np.testing.assert_allclose(model.forecast({"history": history}), history[:, -4:, 0], rtol=1e-5)


def test_loss_is_the_mean_over_what_is_there():
    model = new(original_units=True, past=0, known=0, static=0, categories=(), moments=None)
    inputs = {"history": INPUTS["history"][..., :1]}
    truth = TRUTH.copy()
    truth[0, 2:] = np.nan
    weights = np.array([0.5, 2.0, 0.0], "float32")  # the last one fills the batch up
    loss = model.compute_loss(inputs, truth, model(inputs), weights)
    errors = np.abs(truth - model.forecast(inputs).numpy())
    expected = np.nansum(errors * weights[:, None]) / np.isfinite(truth[:2]).sum()
    np.testing.assert_allclose(loss, expected, rtol=1e-5)


@pytest.mark.parametrize("decoding", ["direct", "autoregressive"])
def test_paths_are_as_the_quantiles_say(decoding):
    model = new(head="gaussian", decoding=decoding)
    paths = model.sample(INPUTS, 2000, tf.constant([3, 4])).numpy()
    assert paths.shape == (3, 2000, HORIZON)
    quantiles = model.quantiles(INPUTS, [0.1, 0.5, 0.9]).numpy()
    assert (np.diff(quantiles, axis=-1) > 0).all()
    share = (paths[:, :, :, None] <= quantiles[:, None]).mean(axis=1)
    tolerance = 0.05 if decoding == "direct" else 0.12  # quantiles of 200 other paths
    np.testing.assert_allclose(share, np.broadcast_to([0.1, 0.5, 0.9], share.shape), atol=tolerance)


def test_shifts_are_added_in_scaled_units_and_sorted():
    model = new()
    shifts = np.linspace(0.2, -0.1, 2 * HORIZON).reshape(HORIZON, 2)
    found = model.quantiles(INPUTS, [0.1, 0.9], shifts).numpy()
    scale = model.window(INPUTS).scaling.scale.numpy()[..., None]
    plain = model.forecast(INPUTS).numpy()[..., None]
    np.testing.assert_allclose(found, np.sort(plain + shifts * scale, -1), rtol=1e-4)
    residuals = model.residuals(INPUTS, TRUTH, [0.5]).numpy()
    np.testing.assert_allclose(residuals * scale + plain, TRUTH[..., None], rtol=1e-4)


def test_is_a_keras_model(tmp_path):
    model = new(head={"kind": "quantiles", "levels": [0.2, 0.8]}, decoding="autoregressive")
    model.compile("adam")
    history = model.fit({**INPUTS, "truth": TRUTH}, TRUTH, epochs=2, verbose=0).history
    assert history["loss"][1] < history["loss"][0]
    path = tmp_path / "model.keras"
    model.save(path)
    again = keras.models.load_model(path)
    np.testing.assert_allclose(again.forecast(INPUTS), model.forecast(INPUTS), rtol=1e-6)


def test_gradients_reach_every_weight():
    model = new(head="student_t", attention="bahdanau", decoding="autoregressive")
    inputs = {**INPUTS, "truth": TRUTH}
    with tf.GradientTape() as tape:
        loss = model.compute_loss(inputs, TRUTH, model(inputs, training=True))
    for weight, gradient in zip(
        model.trainable_weights,
        tape.gradient(loss, [w.value for w in model.trainable_weights]),
        strict=True,
    ):
        assert np.any(tf.convert_to_tensor(gradient)), weight.path


@pytest.mark.parametrize("decoding", ["direct", "autoregressive"])
def test_attention_sees_nothing_of_what_lies_before_a_series(decoding, monkeypatch):
    model = new(decoding=decoding, attention="luong", head="gaussian")
    seen = []
    attend = model.attention.call

    def call(*arguments, **options):
        context, weights = attend(*arguments, **options)
        seen.append(weights)
        return context, weights

    monkeypatch.setattr(model.attention, "call", call)
    history = INPUTS["history"].copy()
    history[0, :5, 0] = np.nan
    history[0, 7, 0] = np.nan  # a gap, whose step has seen what came before
    found = {**INPUTS, "history": history}
    model.sample(found, 2, tf.constant([0, 0]))
    model.forecast(found)
    assert {len(weights) for weights in seen} == {3, 6}
    for weights in map(np.asarray, seen):
        first, others = np.split(weights, [len(weights) // 3])
        assert (first[:, :, :5] == 0).all()
        assert (first[:, :, 5:] > 0).all()
        assert (others > 0).all()
