"""Heads of a forecaster against scipy's distributions and plain NumPy."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import tensorflow as tf
from scipy import stats

from seqkit.metrics import pinball_loss
from seqkit.models.forecasting.distributions import (
    SMALLEST,
    GaussianHead,
    NegativeBinomialHead,
    StudentTHead,
)
from seqkit.models.forecasting.heads import PointHead, QuantileHead

RNG = np.random.default_rng(0)
A = RNG.normal(size=(3, 4, 3)).astype("float32")  # (B, H, P)
SCALE = np.array([[1.0], [7.0], [200.0]], "float32")
Z = RNG.normal(size=(3, 4)).astype("float32")
LEVELS = [0.001, 0.05, 0.1, 0.5, 0.9, 0.975, 0.999]


def softplus(a):
    return np.log1p(np.exp(a.astype(float)))


def distribution(head, levels_axis: bool = False):
    """scipy's distribution of z, or of counts; with a last axis for levels where wanted."""
    a, scale = A[..., : head.size].astype(float), SCALE.astype(float)
    if isinstance(head, NegativeBinomialHead):
        mu = scale * (softplus(a[..., 0]) + SMALLEST)
        alpha = (softplus(a[..., 1]) + SMALLEST) / np.sqrt(scale)
        parts: tuple[Any, ...] = (1 / alpha, 1 / (1 + alpha * mu))
        family = stats.nbinom
    else:
        parts = (a[..., 0], softplus(a[..., 1]) + SMALLEST)
        family = stats.norm
        if isinstance(head, StudentTHead):
            parts = (2.01 + softplus(a[..., 2]), *parts)
            family = stats.t
    return family(*(part[..., None] if levels_axis else part for part in parts))


@pytest.mark.parametrize("head", [GaussianHead(), StudentTHead()], ids=["gaussian", "student_t"])
def test_distributions_are_those_of_scipy(head):
    a = A[..., : head.size]
    known = distribution(head)
    np.testing.assert_allclose(head.losses(a, Z, SCALE), -known.logpdf(Z), rtol=1e-4)
    np.testing.assert_allclose(head.point(a, SCALE), known.mean(), rtol=1e-5)
    np.testing.assert_allclose(
        head.quantiles(a, SCALE, LEVELS), distribution(head, True).ppf(LEVELS), rtol=1e-4
    )


def test_counts_are_those_of_scipy():
    head, a = NegativeBinomialHead(), A[..., :2]
    counts = np.array([[0, 1, 5, 2]] * 3, "float32") * SCALE
    known = distribution(head)
    np.testing.assert_allclose(
        head.losses(a, counts / SCALE, SCALE), -known.logpmf(counts), rtol=1e-3, atol=1e-3
    )
    np.testing.assert_allclose(head.point(a, SCALE) * SCALE, known.mean(), rtol=1e-5)
    found = head.quantiles(a, SCALE, LEVELS).numpy() * SCALE[..., None]
    np.testing.assert_allclose(found, distribution(head, True).ppf(LEVELS), atol=1e-3)


@pytest.mark.parametrize(
    "head",
    [GaussianHead(), StudentTHead(), NegativeBinomialHead()],
    ids=["gaussian", "student_t", "negative_binomial"],
)
def test_draws_have_the_mean_and_the_quantiles(head):
    a = np.broadcast_to(A[:1, :1, : head.size], (20_000, 1, head.size))
    scale = np.full((20_000, 1), 7, "float32")
    drawn = head.draw(tf.constant(a), scale, tf.constant([1, 2])).numpy()[:, 0]
    again = head.draw(tf.constant(a), scale, tf.constant([1, 2])).numpy()[:, 0]
    np.testing.assert_array_equal(drawn, again)
    for level in (0.2, 0.5, 0.9):
        quantile = head.quantiles(a[:1], scale[:1], [level]).numpy().item()
        tolerance = 4 * np.sqrt(level * (1 - level) / len(drawn))
        assert np.mean(drawn < quantile - 1e-6) <= level + tolerance
        assert np.mean(drawn <= quantile + 1e-6) >= level - tolerance


@pytest.mark.parametrize("levels", [(0.5,), (0.1, 0.9), (0.05, 0.3, 0.5, 0.8, 0.99)])
def test_quantiles_ascend_and_lose_as_pinball(levels):
    head = QuantileHead(levels)
    a = RNG.normal(size=(3, 4, len(levels))).astype("float32") * 5
    found = head.quantiles(a, SCALE, levels).numpy()
    assert (np.diff(found, axis=-1) > 0).all()
    loss = head.losses(a, Z, SCALE).numpy().mean()
    assert loss == pytest.approx(2 * pinball_loss(Z, found, levels), rel=1e-5)


def test_between_fitted_levels_quantiles_lie_on_a_line():
    head = QuantileHead((0.1, 0.5, 0.9))
    fitted = head.quantiles(A, SCALE, [0.1, 0.5, 0.9]).numpy()
    found = head.quantiles(A, SCALE, [0.2, 0.9]).numpy()
    np.testing.assert_allclose(
        found[..., 0], 0.75 * fitted[..., 0] + 0.25 * fitted[..., 1], rtol=1e-5
    )
    np.testing.assert_array_equal(found[..., 1], fitted[..., 2])
    with pytest.raises(ValueError, match="levels must lie between .* 0.1 and 0.9, got \\[0.95\\]"):
        head.quantiles(A, SCALE, [0.5, 0.95])


def test_losses_of_points():
    a = A[..., :1]
    error = a[..., 0] - Z
    np.testing.assert_allclose(PointHead().losses(a, Z, SCALE), np.abs(error), rtol=1e-5)
    np.testing.assert_allclose(PointHead("squared_error").losses(a, Z, SCALE), error**2, rtol=1e-5)
    huber = np.where(np.abs(error) < 1, error**2 / 2, np.abs(error) - 0.5)
    np.testing.assert_allclose(PointHead("huber").losses(a, Z, SCALE), huber, rtol=1e-5)
