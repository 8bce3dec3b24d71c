"""Teacher forcing: each step of a decoder reads the true value before it, or, by scheduled
sampling, sometimes its own.
"""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import tensorflow as tf

from seqkit.types import Tensor


def shifted_right(values: Any, first: Any) -> Any:
    """Each step's previous value: `first` (B, 1), then all but the last of values (B, T).

    Both are arrays, or both are tensors.

        values          le   chat  </s>
        shifted right   </s>  le   chat

    Example:
        >>> shifted_right(np.array([[5, 6, 7]]), np.array([[1]])).tolist()
        [[1, 5, 6]]
    """
    concatenate = np.concatenate if isinstance(values, np.ndarray) else tf.concat
    return concatenate([first, values[:, :-1]], 1)


def scheduled_sampling(
    previous: Tensor, predicted: Tensor, rate: Tensor | float, seed: keras.random.SeedGenerator
) -> Tensor:
    """Previous values, a share of which are the model's own predictions (Bengio et al. 2015).

    As all steps are predicted in one pass by teacher forcing, the steps stay parallel (Mihaylova &
    Martins 2019). No gradient flows into the predictions.

    Args:
        previous: the true previous values (B, T).
        predicted: what the model predicts at each step from them, (B, T).
        rate: the share that is replaced.
        seed: of the choice.
    """
    own = shifted_right(tf.stop_gradient(predicted), previous[:, :1])
    chance = keras.random.uniform(tf.shape(previous), seed=seed)
    return tf.where(chance < rate, own, previous)
