"""Names of types that annotations share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import keras
import tensorflow as tf

# A tensor of TensorFlow; where a functional model is built, a symbolic one of Keras.
Tensor: TypeAlias = tf.Tensor | keras.KerasTensor
# Integers; None at axes whose size is not known.
Shape: TypeAlias = tuple[Any, ...]
# Gives the seed of the next random part of a model.
DrawSeed: TypeAlias = Callable[[], int]
