"""Output heads of a forecaster: a number for each step, or quantiles that cannot cross.

A head reads the network's outputs a (B, H, P) in scaled units z = (y - offset) / scale. All heads
take the scale (B, 1) too; only counts depend on it. Distributions are in `distributions`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import tensorflow as tf

from seqkit.types import Tensor

LOSSES = ("absolute_error", "squared_error", "huber")


class Head(Protocol):
    """The output head of a forecaster.

    Attributes:
        size: P, the network's outputs for a step.
        is_error: whether the loss is in the units of z, and not a log-likelihood.
        draws: whether the head is a distribution, and has `draw`.
    """

    is_error: bool
    draws: bool

    @property
    def size(self) -> int: ...

    def losses(self, a: Tensor, z: Tensor, scale: Tensor) -> Tensor:
        """The loss of each step, (B, H)."""

    def point(self, a: Tensor, scale: Tensor) -> Tensor:
        """The forecast of each step, (B, H)."""

    def quantiles(self, a: Tensor, scale: Tensor, levels: Sequence[float]) -> Tensor:
        """The quantiles of each step, (B, H, n)."""


@dataclass(frozen=True)
class PointHead:
    """One number: z = a.

    Args:
        loss: "absolute_error", whose optimum is the median; "squared_error", the mean; or "huber".
    """

    loss: str = "absolute_error"
    size = 1
    is_error = True
    draws = False

    def losses(self, a: Tensor, z: Tensor, scale: Tensor) -> Tensor:
        """(B, H)."""
        error = a[..., 0] - z
        if self.loss == "absolute_error":
            return tf.abs(error)
        if self.loss == "squared_error":
            return tf.square(error)
        return tf.where(tf.abs(error) < 1, 0.5 * tf.square(error), tf.abs(error) - 0.5)

    def point(self, a: Tensor, scale: Tensor) -> Tensor:
        """z (B, H)."""
        return a[..., 0]

    def quantiles(self, a: Tensor, scale: Tensor, levels: Sequence[float]) -> Tensor:
        """The number at each level, for calibration to spread."""
        return tf.repeat(a[..., :1], len(levels), -1)


@dataclass(frozen=True)
class QuantileHead:
    """Quantiles that cannot cross: the middle one, and positive steps from it on both sides.

    With levels q_1 < ... < q_n and m = n // 2,

        z_m = a_m,   z_k = z_{k-1} + softplus(a_k) for k > m,   z_k = z_{k+1} - softplus(a_k) below.

    The loss is twice the mean pinball loss (Koenker & Bassett 1978), so that that of the median
    is the absolute error:  2 max(q (z - z_q), (q - 1) (z - z_q)).

    Args:
        levels: ascending, in (0, 1).
    """

    levels: Sequence[float] = (0.1, 0.5, 0.9)
    is_error = True
    draws = False

    @property
    def size(self) -> int:
        return len(self.levels)

    def _fitted(self, a: Tensor) -> Tensor:
        """z of the fitted levels, (B, H, n), ascending."""
        middle = len(self.levels) // 2
        steps = tf.math.softplus(a)
        up = a[..., middle : middle + 1] + tf.cumsum(steps[..., middle + 1 :], -1)
        down = a[..., middle : middle + 1] - tf.cumsum(steps[..., :middle], -1, reverse=True)
        return tf.concat([down, a[..., middle : middle + 1], up], -1)

    def losses(self, a: Tensor, z: Tensor, scale: Tensor) -> Tensor:
        """(B, H)."""
        levels = tf.constant(list(self.levels), a.dtype)
        error = z[..., None] - self._fitted(a)
        return 2 * tf.reduce_mean(tf.maximum(levels * error, (levels - 1) * error), -1)

    def point(self, a: Tensor, scale: Tensor) -> Tensor:
        """The quantile nearest to the median, (B, H)."""
        nearest = min(range(self.size), key=lambda k: abs(self.levels[k] - 0.5))
        return self._fitted(a)[..., nearest]

    def quantiles(self, a: Tensor, scale: Tensor, levels: Sequence[float]) -> Tensor:
        """Between fitted levels on a straight line.

        Raises:
            ValueError: for a level below the lowest fitted one, or above the highest.
        """
        low, high = self.levels[0], self.levels[-1]
        outside = [level for level in levels if not low <= level <= high]
        if outside:
            raise ValueError(
                f"levels must lie between those that the head was fitted for, {low} and {high}, "
                f"got {outside}. Give fit more levels, or use a distribution as head."
            )
        fitted = self._fitted(a)
        values = []
        for level in levels:
            k = max(i for i, q in enumerate(self.levels) if q <= level)
            value = fitted[..., k]
            if level > self.levels[k]:
                part = (level - self.levels[k]) / (self.levels[k + 1] - self.levels[k])
                value += part * (fitted[..., k + 1] - value)
            values.append(value)
        return tf.stack(values, -1)
