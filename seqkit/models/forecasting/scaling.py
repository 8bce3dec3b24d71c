"""Scaling of each window of a series by its own level and spread, and back.

Windows of a panel differ by orders of magnitude; a network sees them all at about one size. What is
subtracted and divided by comes from the window's observed values alone, so it is known at
prediction, and is part of the exported graph.
"""

from __future__ import annotations

from typing import NamedTuple

import tensorflow as tf

from seqkit.types import Tensor

SCALINGS = ("mean", "standard", "robust", None)
TRANSFORMS = (None, "log", "difference")

LEAST_SPREAD = 2.5e-7  # of a window's size; less is what float32 rounds values of that size to


class Scaling(NamedTuple):
    """z = (transformed y - offset) / scale, with offset and scale (B, 1)."""

    offset: Tensor
    scale: Tensor
    transform: str | None

    def apply(self, y: Tensor) -> Tensor:
        """Scaled values of y (B, T), in its original units."""
        if self.transform == "log":
            y = tf.math.log1p(y)
        return (y - self.offset) / self.scale

    def undo(self, z: Tensor) -> Tensor:
        """Original units of z, (B, ...)."""
        shape = [-1] + [1] * (z.shape.rank - 1)
        y = z * tf.reshape(self.scale, shape) + tf.reshape(self.offset, shape)
        return tf.math.expm1(y) if self.transform == "log" else y


def scaling_of(history: Tensor, scaling: str | None, transform: str | None) -> Scaling:
    """The scaling of each window.

    Args:
        history: (B, L) in original units, NaN where a value is missing.
        scaling: "mean": by the mean of |y|; "standard": mean and standard deviation; "robust":
            median and half the distance of the quartiles; None: as it is.
        transform: "log", log(1 + y); "difference", relative to the last value; or None. It comes
            first.

    Returns:
        The scaling. A window without any value has NaN for its offset, and so for all it undoes.

    Example:
        >>> found = scaling_of(tf.constant([[1.0, 3.0, float("nan")]]), "mean", None)
        >>> found.apply(tf.constant([[4.0]])).numpy().tolist()
        [[2.0]]
    """
    y = tf.math.log1p(history) if transform == "log" else history
    observed = tf.math.is_finite(y)
    count = tf.maximum(tf.reduce_sum(tf.cast(observed, y.dtype), 1, keepdims=True), 1)  # (B, 1)
    filled = tf.where(observed, y, 0.0)

    # A window without a value has no level, and so no forecast.
    nowhere = tf.where(tf.reduce_any(observed, 1, keepdims=True), 0.0, float("nan"))

    def mean(values: Tensor) -> Tensor:
        return tf.reduce_sum(tf.where(observed, values, 0.0), 1, keepdims=True) / count

    offset = nowhere
    if transform == "difference":
        offset += _last(filled, observed)
    if scaling is None:
        return Scaling(offset, tf.ones_like(count), transform)
    if scaling == "mean":
        scale = mean(tf.abs(filled))
    elif scaling == "standard":
        centre = mean(filled)
        centre += mean(filled - centre)  # what rounding left, of a large mean
        scale = tf.sqrt(mean(tf.square(filled - centre)))
        offset = offset if transform == "difference" else offset + centre
    else:
        low, middle, high = (_quantile(y, observed, count, q) for q in (0.25, 0.5, 0.75))
        scale = (high - low) / 2
        offset = offset if transform == "difference" else offset + middle
    # A constant window has no spread to divide by, but a size; one of zeros has neither.
    size = mean(tf.abs(filled))
    scale = tf.where(scale > LEAST_SPREAD * size, scale, tf.where(size > 0, size, 1.0))
    return Scaling(offset, scale, transform)


def _last(filled: Tensor, observed: Tensor) -> Tensor:
    """The last observed value of each row, (B, 1); 0 for a row without one."""
    steps = tf.range(1, tf.shape(filled)[1] + 1)
    last = tf.reduce_max(tf.where(observed, steps[None], 0), 1, keepdims=True)
    return tf.gather(filled, tf.maximum(last - 1, 0), batch_dims=1)


def _quantile(y: Tensor, observed: Tensor, count: Tensor, level: float) -> Tensor:
    """The quantile of each row's observed values, (B, 1), interpolated linearly."""
    ordered = tf.sort(tf.where(observed, y, y.dtype.max), axis=1)
    ordered = tf.where(tf.reduce_any(observed, 1, keepdims=True), ordered, 0.0)
    rank = (count - 1) * level
    below = tf.cast(tf.floor(rank), tf.int32)
    above = tf.cast(tf.math.ceil(rank), tf.int32)
    low = tf.gather(ordered, below, batch_dims=1)
    high = tf.gather(ordered, above, batch_dims=1)
    return low + (high - low) * (rank - tf.floor(rank))
