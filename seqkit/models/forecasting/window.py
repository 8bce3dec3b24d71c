"""What a forecaster reads of a window: its values scaled, and those of the seasons before."""

from __future__ import annotations

from typing import Any, NamedTuple

import tensorflow as tf

from seqkit.models.forecasting.scaling import Scaling, scaling_of

Tensor = Any


class Window(NamedTuple):
    """A scaled history of L steps, and what it says of the H steps to come.

    Attributes:
        z: (B, L), zero where a value is missing.
        there: which values are there, (B, L).
        scaling: to and from original units.
        seasonal: (B, H, 4): the value one season before each step, whether it is there, and both
            for two seasons before; (B, H, 0) without a season.
        last: the last value that is there, (B, 1).
    """

    z: Tensor
    there: Tensor
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
        scaling, transform: as of `window_scaling.scaling_of`.

    Example:
        >>> window = read_window(tf.constant([[1.0, 2.0, 3.0, 4.0]]), 3, 2, None, None)
        >>> window.seasonal[0, :, 0].numpy().tolist(), window.seasonal[0, :, 2].numpy().tolist()
        ([3.0, 4.0, 3.0], [1.0, 2.0, 1.0])
    """
    there = tf.math.is_finite(history)
    found = scaling_of(history, scaling, transform)
    z = tf.where(there, found.apply(history), 0.0)
    steps = tf.range(1, tf.shape(z)[1] + 1)
    place = tf.reduce_max(tf.where(there, steps[None], 0), 1, keepdims=True)
    last = tf.gather(z, tf.maximum(place - 1, 0), batch_dims=1)
    return Window(z, there, found, _seasonal(z, there, horizon, season), last)


def _seasonal(z: Tensor, there: Tensor, horizon: int, season: int | None) -> Tensor:
    batch, length = tf.shape(z)[0], tf.shape(z)[1]
    if not season:
        return tf.zeros([batch, horizon, 0], z.dtype)
    steps = tf.range(horizon)
    first = length + steps - season * (steps // season + 1)
    found = []
    for places in (first, first - season):
        inside = (places >= 0)[None] & tf.gather(there, tf.maximum(places, 0), axis=1)
        values = tf.gather(z, tf.maximum(places, 0), axis=1)
        found += [tf.where(inside, values, 0.0), tf.cast(inside, z.dtype)]
    return tf.stack(found, -1)
