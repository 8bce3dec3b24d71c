"""A window of a series as a forecaster reads it: scaled, with the values of the seasons before."""

from __future__ import annotations

from typing import NamedTuple

import tensorflow as tf

from seqkit.models.forecasting.scaling import Scaling, scaling_of
from seqkit.types import Tensor


class Window(NamedTuple):
    """A scaled history of L steps, and its values at the seasons of the H steps to come.

    Attributes:
        z: (B, L), zero where a value is missing.
        observed: which values are not missing, (B, L).
        scaling: to and from original units.
        seasonal: (B, H, 4): the value one season before each step, whether it is observed, and both
            for two seasons before; (B, H, 0) without a season.
        last: the last observed value, (B, 1).
    """

    z: Tensor
    observed: Tensor
    scaling: Scaling
    seasonal: Tensor
    last: Tensor


def read_window(
    history: Tensor, horizon: int, season: int | None, scaling: str | None, transform: str | None
) -> Window:
    """The window of a history.

    Args:
        history: (B, L) in original units, NaN where a value is missing.
        horizon, season: steps, H and m. Where the horizon is longer than a season, its later steps
            read the last season that is known.
        scaling, transform: as of `scaling.scaling_of`.

    Example:
        >>> window = read_window(tf.constant([[1.0, 2.0, 3.0, 4.0]]), 3, 2, None, None)
        >>> window.seasonal[0, :, 0].numpy().tolist(), window.seasonal[0, :, 2].numpy().tolist()
        ([3.0, 4.0, 3.0], [1.0, 2.0, 1.0])
    """
    observed = tf.math.is_finite(history)
    to_scale = scaling_of(history, scaling, transform)
    z = tf.where(observed, to_scale.apply(history), 0.0)
    steps = tf.range(1, tf.shape(z)[1] + 1)
    until = tf.reduce_max(tf.where(observed, steps[None], 0), 1, keepdims=True)
    last = tf.gather(z, tf.maximum(until - 1, 0), batch_dims=1)
    return Window(z, observed, to_scale, _seasonal(z, observed, horizon, season), last)


def _seasonal(z: Tensor, observed: Tensor, horizon: int, season: int | None) -> Tensor:
    batch, length = tf.shape(z)[0], tf.shape(z)[1]
    if not season:
        return tf.zeros([batch, horizon, 0], z.dtype)
    steps = tf.range(horizon)
    first = length + steps - season * (steps // season + 1)
    columns = []
    for steps_before in (first, first - season):
        inside = (steps_before >= 0)[None] & tf.gather(
            observed, tf.maximum(steps_before, 0), axis=1
        )
        values = tf.gather(z, tf.maximum(steps_before, 0), axis=1)
        columns += [tf.where(inside, values, 0.0), tf.cast(inside, z.dtype)]
    return tf.stack(columns, -1)
