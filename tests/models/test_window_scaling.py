"""Scaling of windows: against NumPy, and there and back again."""

from __future__ import annotations

import numpy as np
import pytest
import tensorflow as tf

from seqkit.models.forecasting.scaling import SCALINGS, TRANSFORMS, scaling_of
from seqkit.models.forecasting.window import read_window

NAN = np.nan
Y = np.array([[3.0, NAN, 9.0, 4.0, 8.0], [100.0, 150.0, 130.0, NAN, NAN]], "float32")
FLAT = np.array([[5.0, 5.0, 5.0], [0.0, 0.0, 0.0]], "float32")


@pytest.mark.parametrize("transform", TRANSFORMS)
@pytest.mark.parametrize("scaling", SCALINGS)
@pytest.mark.parametrize("y", [Y, FLAT], ids=["spread", "flat"])
def test_undo_is_the_inverse_of_apply(y, scaling, transform):
    found = scaling_of(tf.constant(y), scaling, transform)
    future = np.array([[7.0, 0.0]] * len(y), "float32")
    scaled = found.apply(future)
    assert np.isfinite(scaled).all()
    if y is FLAT and scaling in ("standard", "robust"):  # without a unit only its constant is known
        future = np.repeat(y[:, :1], 2, 1)
    np.testing.assert_allclose(found.undo(scaled), future, rtol=1e-5, atol=1e-4)


@pytest.mark.parametrize("scaling", ["standard", "robust"])
def test_a_window_without_spread_undoes_all_to_its_constant(scaling):
    found = scaling_of(tf.constant([[500.0, NAN, 500.0], [0.1, 0.1, 0.1]]), scaling, None)
    undone = found.undo(tf.constant([[3.0, -2.0], [1e6, 0.0]]))
    np.testing.assert_allclose(undone, [[500, 500], [0.1, 0.1]], rtol=1e-6)


def test_most_values_the_same_leave_the_spread_of_the_others():
    y = np.array([[0.0, 0, 0, 0, 0, 0, 0, 8]])
    found = scaling_of(tf.constant(y), "robust", None)
    assert float(found.offset[0, 0]) == 0
    assert float(found.scale[0, 0]) == pytest.approx(y.std())


@pytest.mark.parametrize("transform", [None, "difference", "log"])
@pytest.mark.parametrize("level", [1e6, 1e9, 1e12])
@pytest.mark.parametrize("scaling", ["standard", "robust"])
def test_scaled_values_do_not_depend_on_the_level(scaling, level, transform):
    wave = 50 * np.sin(np.arange(28) * 2 * np.pi / 7)[None] + 60
    scaled = [
        scaling_of(tf.constant(y), scaling, transform).apply(y).numpy()
        for y in (wave + (1e4 if transform == "log" else 0), wave + level)
    ]
    tolerance = 0.02 if transform == "log" else 1e-4  # the logarithm is curved at 1e4
    np.testing.assert_allclose(*scaled, atol=tolerance)


@pytest.mark.parametrize(
    "scaling, offset, scale",
    [
        ("mean", lambda y: 0, lambda y: np.nanmean(np.abs(y))),
        ("standard", np.nanmean, np.nanstd),
        (
            "robust",
            np.nanmedian,
            lambda y: np.subtract(*np.nanquantile(y, [0.75, 0.25])) / 2,
        ),
    ],
)
def test_against_numpy(scaling, offset, scale):
    found = scaling_of(tf.constant(Y), scaling, None)
    for row, y in enumerate(Y):
        np.testing.assert_allclose(found.offset[row, 0], offset(y), rtol=1e-5)
        np.testing.assert_allclose(found.scale[row, 0], scale(y), rtol=1e-5)


def test_transforms():
    log = scaling_of(tf.constant(Y), None, "log")
    np.testing.assert_allclose(log.apply(Y), np.log1p(Y), rtol=1e-6)
    difference = scaling_of(tf.constant(Y), None, "difference")
    np.testing.assert_allclose(difference.apply(Y), Y - [[8.0], [130.0]], rtol=1e-6)


def test_window_reads_two_seasons_before():
    history = np.arange(1.0, 8.0, dtype="float32")[None]  # 1 .. 7
    history[0, 4] = NAN
    window = read_window(tf.constant(history), 5, 3, None, None)
    seasonal = window.seasonal.numpy()[0]
    np.testing.assert_array_equal(seasonal[:, 0], [0, 6, 7, 0, 6])  # of 5, 6, 7
    np.testing.assert_array_equal(seasonal[:, 1], [0, 1, 1, 0, 1])
    np.testing.assert_array_equal(seasonal[:, 2], [2, 3, 4, 2, 3])
    assert window.last.numpy().item() == 7
    short = read_window(tf.constant(history[:, -2:]), 3, 3, None, None)
    np.testing.assert_array_equal(short.seasonal.numpy()[0, :, 0], [0, 6, 7])
    np.testing.assert_array_equal(short.seasonal.numpy()[0, :, 3], [0, 0, 0])


@pytest.mark.parametrize("scaling", ["standard", "robust"])
def test_small_differences_at_a_high_level(scaling):
    """float32 has seven digits; what they show of a million must not be lost."""
    wave = np.sin(np.arange(36)) + 1e6
    found = scaling_of(tf.constant(wave[None], tf.float32), scaling, None)
    z = found.apply(tf.constant(wave[None], tf.float32)).numpy()
    assert 0.5 < z.std() < 2
    constant = scaling_of(tf.fill([1, 36], 1e6 + 0.1), scaling, None)
    assert float(constant.scale[0, 0]) == 0


@pytest.mark.parametrize("transform", [None, "log", "difference"])
@pytest.mark.parametrize("scaling", ["mean", "standard", "robust", None])
def test_a_window_without_a_value_says_nothing(scaling, transform):
    found = scaling_of(tf.fill([1, 5], float("nan")), scaling, transform)
    assert np.isnan(found.undo(tf.zeros([1, 3]))).all()
    assert np.isnan(found.apply(tf.ones([1, 3]))).all()
