"""Answers of a forecaster in the units of the series, from those in the scale of a window."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import tensorflow as tf

from seqkit.models.forecasting.window import Window
from seqkit.types import Tensor, TensorLike

MEDIAN = 0.5
Inputs = Mapping[str, TensorLike]


def with_median(levels: Iterable[float]) -> list[float]:
    """Levels of quantiles and the median's, sorted.

    Example:
        >>> with_median([0.9, 0.1])
        [0.1, 0.5, 0.9]
    """
    return sorted({*map(float, levels), MEDIAN})


class Answers:
    """Forecasts, quantiles, residuals and paths of a model that has them for scaled windows.

    Attributes:
        minimum: the least that a value can be, or None.
    """

    minimum: float | None

    def window(self, inputs: Inputs) -> Window:
        """The scaled window of the inputs' histories."""
        raise NotImplementedError

    def scaled_forecast(self, inputs: Inputs, window: Window) -> Tensor:
        """The forecast z of each step, (B, H)."""
        raise NotImplementedError

    def scaled_quantiles(self, inputs: Inputs, levels: Sequence[float]) -> Tensor:
        """Quantiles z of each step, (B, H, n)."""
        raise NotImplementedError

    def scaled_paths(self, inputs: Inputs, paths: int, seed: Tensor) -> Tensor:
        """z of paths that are drawn, (B, paths, H)."""
        raise NotImplementedError

    def forecast(self, inputs: Inputs) -> Tensor:
        """The forecast of each step in original units, (B, H)."""
        window = self.window(inputs)
        return self._original(self.scaled_forecast(inputs, window), window)

    def quantiles(
        self, inputs: Inputs, levels: Sequence[float], shifts: TensorLike | None = None
    ) -> Tensor:
        """Quantiles of each step in original units, (B, H, n).

        Those of an autoregressive distribution are of `PATHS` paths that are drawn; of other heads,
        as the head has them.

        Args:
            inputs: as of a call, without truth.
            levels: n fractions in (0, 1).
            shifts: (H, n), added to the scaled quantiles, or None. Quantiles that then cross are
                sorted (Chernozhukov et al. 2010), around the median where it is among them: that
                stays as it is, whatever other levels are asked for.
        """
        z = self.scaled_quantiles(inputs, levels)
        if shifts is not None:
            z = z + tf.cast(shifts, z.dtype)
            if MEDIAN in levels:
                median = z[..., list(levels).index(MEDIAN), None]
                below = np.less(levels, MEDIAN)
                above = np.greater(levels, MEDIAN)
                z = tf.where(below, tf.minimum(z, median), z)
                z = tf.where(above, tf.maximum(z, median), z)
            z = tf.sort(z, axis=-1)
        return self._original(z, self.window(inputs))

    def residuals(self, inputs: Inputs, y: TensorLike, levels: Sequence[float]) -> Tensor:
        """The truth y (B, H) less the quantiles, in scaled units, (B, H, n); NaN where it
        is missing, and in windows without spread, which have no such units."""
        scaling = self.window(inputs).scaling
        z = tf.where(scaling.scale > 0, scaling.apply(y), float("nan"))
        return z[..., None] - self.scaled_quantiles(inputs, levels)

    def sample(self, inputs: Inputs, paths: int, seed: Tensor) -> Tensor:
        """Paths drawn from a distribution, in original units, (B, paths, H).

        With direct decoding the steps of a path are independent of each other.

        Args:
            inputs: as of a call, without truth.
            paths: their number.
            seed: two integers.
        """
        return self._original(self.scaled_paths(inputs, paths, seed), self.window(inputs))

    def _original(self, z: Tensor, window: Window) -> Tensor:
        """z in original units, (B, ...), not below what they can be."""
        y = window.scaling.undo(z)
        if self.minimum is None:
            return y
        return tf.where(y < self.minimum, tf.cast(self.minimum, y.dtype), y)  # NaN stays
