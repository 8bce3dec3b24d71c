"""Names of types that annotations share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import keras
import numpy as np
import numpy.typing as npt
import tensorflow as tf

# A tensor of TensorFlow; where a functional model is built, a symbolic one of Keras.
Tensor: TypeAlias = tf.Tensor | keras.KerasTensor
# Integers; None at axes whose size is not known.
Shape: TypeAlias = tuple[Any, ...]
# What estimators read: arrays, nested lists, pandas's; and streams of examples.
Inputs: TypeAlias = npt.ArrayLike | tf.data.Dataset
# What they learn to say, or how much samples count; None where a stream holds them.
Targets: TypeAlias = npt.ArrayLike | None
# Seeds a fit; None: fresh entropy.
RandomState: TypeAlias = int | np.random.RandomState | np.random.Generator | None
# Gives the seed of the next random part of a model.
DrawSeed: TypeAlias = Callable[[], int]
