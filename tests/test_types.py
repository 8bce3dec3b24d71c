"""What annotations call a tensor is one."""

from __future__ import annotations

import keras
import tensorflow as tf

from seqkit.types import Tensor

# Of tensors that have values.
OF_VALUES = {"numpy", "set_shape", "__float__", "__int__", "__len__"}


def members() -> set[str]:
    """The names that the protocol declares."""
    inherited = {"__init__", "__subclasshook__", "__module__", "__doc__", "__parameters__"}
    return {
        name
        for name, value in vars(Tensor).items()
        if (callable(value) or isinstance(value, property)) and name not in inherited
    }


def test_tensors_have_what_their_type_says():
    eager, symbolic = tf.constant([1.0]), keras.KerasTensor((None, 2))
    assert {"shape", "numpy", "__getitem__", "__radd__", "__eq__"} < members()
    assert {name for name in members() if not hasattr(eager, name)} == set()
    assert {name for name in members() if not hasattr(symbolic, name)} <= OF_VALUES
