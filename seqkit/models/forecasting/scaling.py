"""Scaling of each window of a series by its own level and spread, and back.

Windows of a panel differ by orders of magnitude; a network sees them all at about one size. What is
subtracted and divided by comes from the window's observed values alone, so it is known at
prediction, and is part of the exported graph.

All of it is computed in the precision in which a history comes; only scaled values are float32.
So a history in float64 keeps a movement of 50 around 1e12, which one in float32 has rounded off.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import tensorflow as tf

from seqkit.types import Tensor, TensorLike

SCALINGS = ("mean", "standard", "robust", None)
TRANSFORMS = (None, "log", "difference")

# Of a window's size, in units of its precision: less is what rounding makes of a constant.
LEAST_SPREAD = 2.1


class Scaling(NamedTuple):
    """z = (transformed y - offset) / scale, with offset and scale (B, 1).

    A window without spread has scale 0: its z is 0, and whatever is forecast of it is its offset.
    """

    offset: Tensor
    scale: Tensor
    transform: str | None

    def apply(self, y: TensorLike) -> Tensor:
        """Scaled values of y (B, T), in its original units; float32."""
        y = tf.cast(y, self.offset.dtype)
        if self.transform == "log":
            y = tf.math.log1p(y)
        spread = self.scale > 0
        z = (y - self.offset) / tf.where(spread, self.scale, 1.0)
        return tf.cast(tf.where(spread, z, 0 * z), tf.float32)  # 0 of a missing value is missing

    def undo(self, z: Tensor) -> Tensor:
        """Original units of z, (B, ...)."""
        shape = [-1] + [1] * (z.shape.rank - 1)
        z = tf.cast(z, self.offset.dtype)
        y = z * tf.reshape(self.scale, shape) + tf.reshape(self.offset, shape)
        return tf.math.expm1(y) if self.transform == "log" else y


def scaling_of(history: Tensor, scaling: str | None, transform: str | None) -> Scaling:
    """The scaling of each window.

    Args:
        history: (B, L) in original units, float32 or float64, NaN where a value is missing.
        scaling: "mean": by the mean of |y|; "standard": mean and standard deviation; "robust":
            median and half the distance of the quartiles, or the standard deviation where most
            values are the same; None: as it is.
        transform: "log", log(1 + y); "difference", relative to the last value; or None. It comes
            first.

    Returns:
        The scaling. A window without any value has NaN for its offset, and so for all it undoes.

    Example:
        >>> scaling = scaling_of(tf.constant([[1.0, 3.0, float("nan")]]), "mean", None)
        >>> scaling.apply(tf.constant([[4.0]])).numpy().tolist()
        [[2.0]]
    """
    if not history.dtype.is_floating:
        history = tf.cast(history, tf.float32)
    y = tf.math.log1p(history) if transform == "log" else history
    observed = tf.math.is_finite(y)
    count = tf.maximum(tf.reduce_sum(tf.cast(observed, y.dtype), 1, keepdims=True), 1)  # (B, 1)
    filled = tf.where(observed, y, 0.0)

    # A window without a value has no level, and so no forecast.
    nowhere = tf.where(tf.reduce_any(observed, 1, keepdims=True), 0.0, float("nan"))
    nowhere = tf.cast(nowhere, y.dtype)

    def mean(values: Tensor) -> Tensor:
        return tf.reduce_sum(tf.where(observed, values, 0.0), 1, keepdims=True) / count

    offset = nowhere
    if transform == "difference":
        offset += _last(filled, observed)
    if scaling is None:
        return Scaling(offset, tf.ones_like(count), transform)
    size = mean(tf.abs(filled))
    if scaling == "mean":
        return Scaling(offset, tf.where(size > 0, size, 1.0), transform)
    centre = mean(filled)
    centre += mean(filled - centre)  # what rounding left, of a large mean
    least = LEAST_SPREAD * float(np.finfo(y.dtype.as_numpy_dtype).eps) * size

    def spread(scale: Tensor) -> Tensor:
        return tf.where(scale > least, scale, 0.0)

    scale = spread(tf.sqrt(mean(tf.square(filled - centre))))
    if scaling == "robust":
        low, middle, high = (_quantile(y, observed, count, q) for q in (0.25, 0.5, 0.75))
        quartiles, centre = spread((high - low) / 2), middle
        scale = tf.where(quartiles > 0, quartiles, scale)  # most values may be the same
    return Scaling(offset if transform == "difference" else offset + centre, scale, transform)


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
