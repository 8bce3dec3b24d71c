"""The sequence classifier: numeric sequences to class probabilities."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import keras
import numpy as np

from seqkit.models.encoder import encode_sequence
from seqkit.models.padding import PaddingMask


def sequence_classifier(
    features: int,
    classes: int,
    *,
    mean: Any = None,
    variance: Any = None,
    draw_seed: Callable[[], int] | None = None,
    **encoder: Any,
) -> keras.Model:
    """A Keras model from sequences to class probabilities.

    Args:
        features: features a step, D.
        classes: number of classes, K.
        mean, variance: of each feature, (D,), to standardise with; None for values as they are.
        draw_seed: gives the seed of each random part; None leaves them to Keras's global seed.
        encoder: options of `seqkit.models.encode_sequence`.

    Returns:
        A model from (B, T, D), rows shorter than T ending in NaN, to probabilities (B, K).

    Example:
        >>> import numpy as np
        >>> model = sequence_classifier(3, 2, cell="gru", units=4)
        >>> model(np.zeros((5, 7, 3), "float32")).shape
        TensorShape([5, 2])
    """
    inputs = keras.Input((None, features), name="inputs")
    x, mask = PaddingMask(name="padding")(inputs)
    if mean is not None:
        # A constant feature has no variance to divide by; it becomes zero.
        scale = np.where(np.asarray(variance) > 0, variance, 1.0)
        x = keras.layers.Normalization(mean=mean, variance=scale, name="scaling")(x)
    x = encode_sequence(x, mask, draw_seed=draw_seed, **encoder)
    seed = draw_seed() if draw_seed else None
    outputs = keras.layers.Dense(
        classes,
        activation="softmax",
        kernel_initializer=keras.initializers.GlorotUniform(seed=seed),
        dtype="float32",
        name="probabilities",
    )(x)
    return keras.Model(inputs, outputs, name="sequence_classifier")
