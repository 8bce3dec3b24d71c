"""Augmentation of numeric sequences: each batch of a training is changed at random, none other."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import tensorflow as tf

from seqkit.types import Tensor

if TYPE_CHECKING:
    from seqkit.training.loop import TrainingData

NOISE = 0.05  # of jitter, in deviations of a feature
SPREAD = 0.1  # of the factors of scaling, around 1
WINDOW = 0.9  # of a sequence that a slice keeps
KNOTS = 4  # at which the speed of a warped time is drawn
SPEEDS = 0.2  # spread of their logarithms


@dataclass(frozen=True)
class Augmented:
    """Examples whose sequences are changed anew each time that they are trained on.

    Where batches are read in their order, as those of validation are, nothing is changed.

    Attributes:
        examples: as they are.
        kinds: names of `AUGMENTATIONS`, in whose order they are applied.
        mean, deviation: of each feature, (d,).
    """

    examples: TrainingData
    kinds: Collection[str]
    mean: np.ndarray
    deviation: np.ndarray

    def dataset(self, batch_size: int, rng: np.random.Generator | None = None) -> tf.data.Dataset:
        """Batches, changed where there is a generator."""
        dataset = self.examples.dataset(batch_size, rng)
        if rng is None:
            return dataset
        own = np.random.default_rng(rng.integers(2**31))

        def changed(batch: np.ndarray) -> np.ndarray:
            return augmented(batch, self.kinds, self.mean, self.deviation, own)

        def mapped(x: Tensor, *others: Tensor) -> tuple[Tensor, ...]:
            y = tf.numpy_function(changed, [x], tf.float32)
            y.set_shape(x.shape)
            return y, *others

        options = tf.data.Options()
        options.deterministic = True
        return dataset.map(mapped).with_options(options)

    def batches_a_pass(self, batch_size: int) -> int | None:
        """Batches of one pass."""
        return self.examples.batches_a_pass(batch_size)

    def steps_a_shape(self, batch_size: int) -> float:
        """Steps of a recurrence in one pass for each shape of batch."""
        return self.examples.steps_a_shape(batch_size)

    def dilution(self, batch_size: int) -> float:
        """The factor by which rows of weight zero make the mean loss of a pass smaller."""
        return self.examples.dilution(batch_size)


def augmented(
    batch: np.ndarray,
    kinds: Collection[str],
    mean: np.ndarray,
    deviation: np.ndarray,
    rng: np.random.Generator,
) -> np.ndarray:
    """The sequences of a batch, changed at random; each is as long as it was.

    Args:
        batch: (B, T, d), rows shorter than T ending in NaN.
        kinds: names of `AUGMENTATIONS`.
        mean, deviation: of each feature, (d,).
        rng: what is drawn from.

    Example:
        >>> rng = np.random.default_rng(0)
        >>> batch = np.array([[[1.0], [2.0], [3.0]], [[5.0], [6.0], [np.nan]]])
        >>> changed = augmented(batch, ["jitter"], np.zeros(1), np.ones(1), rng)
        >>> np.isnan(changed[:, :, 0]).tolist()
        [[False, False, False], [False, False, True]]
        >>> bool(np.nanmax(np.abs(changed - batch)) < 1)
        True
    """
    rows = np.array(batch, np.float32)
    lengths = (~np.isnan(batch).all(-1)).sum(1)
    for row, n in zip(rows, lengths, strict=True):
        x = (row[:n] - mean) / deviation
        for kind, change in AUGMENTATIONS.items():
            if kind in kinds:
                x = change(x, rng)
        row[:n] = x * deviation + mean
    return rows


def jitter(x: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Noise at each step."""
    return x + rng.normal(scale=NOISE, size=x.shape)


def scaling(x: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Each feature times a factor of its own."""
    return x * rng.normal(1, SPREAD, size=(1, x.shape[1]))


def window_slicing(x: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """A window of nine tenths, stretched to the whole length (after Le Guennec et al. 2016)."""
    last = len(x) - 1
    start = rng.uniform(0, (1 - WINDOW) * last)
    return _read_at(x, np.linspace(start, start + WINDOW * last, len(x)))


def time_warping(x: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Read faster here and slower there, from the first step to the last (Um et al. 2017)."""
    knots = np.exp(rng.normal(scale=SPEEDS, size=KNOTS + 2))
    speeds = np.interp(np.linspace(0, KNOTS + 1, len(x)), np.arange(KNOTS + 2), knots)
    times = np.cumsum(speeds) - speeds[0]
    return _read_at(x, times * (len(x) - 1) / max(times[-1], 1e-9))


def _read_at(x: np.ndarray, times: np.ndarray) -> np.ndarray:
    """The values at times between the steps, on straight lines."""
    steps = np.arange(len(x))
    return np.stack([np.interp(times, steps, column) for column in x.T], axis=1)


AUGMENTATIONS: dict[str, Callable[[np.ndarray, np.random.Generator], np.ndarray]] = {
    "window_slicing": window_slicing,
    "time_warping": time_warping,
    "scaling": scaling,
    "jitter": jitter,
}
