"""Distributions as output heads of a forecaster.

They have the methods of `heads.Head`, and `draw` besides. Quantiles are exact: where no formula
inverts the distribution function, they are found by bisection between Cantelli's bounds,

    mean - sd sqrt((1 - q) / q)  <=  quantile q  <=  mean + sd sqrt(q / (1 - q)).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import tensorflow as tf

from seqkit.types import Tensor

SMALLEST = 1e-4  # spread that a distribution may have, in scaled units
HALVINGS = 50


@dataclass(frozen=True)
class GaussianHead:
    """z ~ N(a_1, softplus(a_2)^2)."""

    size = 2
    is_error = False
    draws = True

    def losses(self, a: Tensor, z: Tensor, scale: Tensor) -> Tensor:
        """Negative log-likelihood (B, H)."""
        spread = _spread(a[..., 1])
        squared = tf.square((z - a[..., 0]) / spread)
        return 0.5 * (squared + math.log(2 * math.pi)) + tf.math.log(spread)

    def point(self, a: Tensor, scale: Tensor) -> Tensor:
        """The mean, (B, H)."""
        return a[..., 0]

    def quantiles(self, a: Tensor, scale: Tensor, levels: Sequence[float]) -> Tensor:
        """(B, H, n)."""
        at = tf.math.ndtri(tf.constant(list(levels), a.dtype))
        return a[..., :1] + _spread(a[..., 1:2]) * at

    def draw(self, a: Tensor, scale: Tensor, seed: Tensor) -> Tensor:
        """Independent draws of z, (B, H)."""
        noise = tf.random.stateless_normal(tf.shape(a)[:-1], seed, dtype=a.dtype)
        return a[..., 0] + _spread(a[..., 1]) * noise


@dataclass(frozen=True)
class StudentTHead:
    """z = a_1 + softplus(a_2) t, with t of Student's distribution of 2 + softplus(a_3) degrees."""

    size = 3
    is_error = False
    draws = True

    def _degrees(self, a: Tensor) -> Tensor:
        return 2.01 + tf.math.softplus(a[..., 2])  # at 2 the variance is infinite

    def losses(self, a: Tensor, z: Tensor, scale: Tensor) -> Tensor:
        """Negative log-likelihood (B, H)."""
        spread, nu = _spread(a[..., 1]), self._degrees(a)
        squared = tf.square((z - a[..., 0]) / spread)
        return (
            tf.math.lgamma(nu / 2)
            - tf.math.lgamma((nu + 1) / 2)
            + 0.5 * tf.math.log(math.pi * nu)
            + tf.math.log(spread)
            + (nu + 1) / 2 * tf.math.log1p(squared / nu)
        )

    def point(self, a: Tensor, scale: Tensor) -> Tensor:
        """The mean, which is the median, (B, H)."""
        return a[..., 0]

    def quantiles(self, a: Tensor, scale: Tensor, levels: Sequence[float]) -> Tensor:
        """(B, H, n)."""
        nu = tf.cast(self._degrees(a)[..., None], tf.float64)

        def below(t: Tensor) -> Tensor:
            # P(t' <= t) = 1 - I_x(nu/2, 1/2) / 2 for t >= 0, with x = nu / (nu + t^2)
            tail = 0.5 * _betainc(nu / 2, 0.5, nu / (nu + t * t))
            return tf.where(t > 0, 1 - tail, tail)

        t = _inverse(below, levels, tf.zeros_like(nu), tf.sqrt(nu / (nu - 2)))
        return a[..., :1] + _spread(a[..., 1:2]) * tf.cast(t, a.dtype)

    def draw(self, a: Tensor, scale: Tensor, seed: Tensor) -> Tensor:
        """Independent draws of z: a normal one over the root of a chi-squared one."""
        nu = self._degrees(a)
        shape = tf.shape(nu)
        normal = tf.random.stateless_normal(shape, seed, dtype=a.dtype)
        gamma = tf.random.stateless_gamma(shape, seed + 1, alpha=nu / 2, dtype=a.dtype)
        return a[..., 0] + _spread(a[..., 1]) * normal * tf.sqrt(nu / (2 * gamma))


@dataclass(frozen=True)
class NegativeBinomialHead:
    """Counts: y = scale z is negative binomial (Salinas et al. 2020, section 3.1).

        mean mu = scale softplus(a_1),   shape alpha = softplus(a_2) / sqrt(scale)
        P(y) = G(y + r) / (G(y + 1) G(r)) p^r (1 - p)^y,   r = 1 / alpha,   p = 1 / (1 + alpha mu)

    Its variance is mu + alpha mu^2. Windows must not be shifted, so that a count of 0 stays 0.
    """

    size = 2
    is_error = False
    draws = True

    def _parameters(self, a: Tensor, scale: Tensor) -> tuple[Tensor, Tensor]:
        """mu and alpha, (B, H)."""
        mu = scale * _spread(a[..., 0])
        return mu, _spread(a[..., 1]) / tf.sqrt(scale)

    def losses(self, a: Tensor, z: Tensor, scale: Tensor) -> Tensor:
        """Negative log-likelihood (B, H)."""
        y = tf.maximum(z * scale, 0)
        mu, alpha = self._parameters(a, scale)
        r = 1 / alpha
        return (
            tf.math.lgamma(y + 1)
            + tf.math.lgamma(r)
            - tf.math.lgamma(y + r)
            + (r + y) * tf.math.log1p(alpha * mu)
            - y * tf.math.log(alpha * mu)
        )

    def point(self, a: Tensor, scale: Tensor) -> Tensor:
        """The mean, (B, H)."""
        return self._parameters(a, scale)[0] / scale

    def quantiles(self, a: Tensor, scale: Tensor, levels: Sequence[float]) -> Tensor:
        """Whole counts, over the scale, (B, H, n)."""
        mu, alpha = (tf.cast(v[..., None], tf.float64) for v in self._parameters(a, scale))

        def below(y: Tensor) -> Tensor:
            # P(y' <= k) = I_p(r, k + 1)
            return _betainc(1 / alpha, tf.floor(y) + 1, 1 / (1 + alpha * mu))

        counts = _inverse(below, levels, mu, tf.sqrt(mu + alpha * mu * mu), least=-0.5)
        # Bisection ends just above the count sought, or at it.
        return tf.cast(tf.floor(counts + 1e-6), a.dtype) / scale[..., None]

    def draw(self, a: Tensor, scale: Tensor, seed: Tensor) -> Tensor:
        """Independent draws of z: a Poisson one, whose rate is of a gamma distribution."""
        mu, alpha = self._parameters(a, scale)
        gamma = tf.random.stateless_gamma(tf.shape(mu), seed, alpha=1 / alpha, dtype=a.dtype)
        rate = gamma * alpha * mu
        drawn = tf.random.stateless_poisson(tf.shape(mu), seed + 1, lam=rate, dtype=a.dtype)
        return drawn / scale


def _spread(a: Tensor) -> Tensor:
    return tf.math.softplus(a) + SMALLEST


def _betainc(a: Tensor | float, b: Tensor | float, x: Tensor) -> Tensor:
    """The regularised incomplete beta function I_x(a, b), of values that broadcast."""
    zeros = tf.zeros_like(a + b + x)
    return tf.math.betainc(a + zeros, b + zeros, x + zeros)


def _inverse(
    below: Callable[[Tensor], Tensor],
    levels: Sequence[float],
    mean: Tensor,
    deviation: Tensor,
    least: float = -math.inf,
) -> Tensor:
    """The smallest values whose `below` is at least the levels, from above; all in float64, since
    the tails of float32's incomplete beta function are wrong in the third digit."""
    level = tf.constant(list(levels), tf.float64)
    low = tf.maximum(mean - deviation * tf.sqrt((1 - level) / level), least)
    high = mean + deviation * tf.sqrt(level / (1 - level))
    shape = tf.broadcast_dynamic_shape(tf.shape(low), tf.shape(high))
    low, high = tf.broadcast_to(low, shape), tf.broadcast_to(high, shape) + 1e-3

    def halve(k: Tensor, low: Tensor, high: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        middle = (low + high) / 2
        reached = below(middle) >= level
        return k + 1, tf.where(reached, low, middle), tf.where(reached, middle, high)

    return tf.while_loop(lambda k, *_: k < HALVINGS, halve, (0, low, high))[2]
