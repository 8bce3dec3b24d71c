"""Data of the conformance tests, and how they take values and gradients."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import tensorflow as tf

BATCH, STEPS, FEATURES, UNITS = 4, 5, 3, 4

# Ones at the beginning, in the middle and at the end, and a row without a valid step.
MASK = np.array(
    [[0, 0, 1, 1, 1], [1, 0, 1, 1, 0], [0, 0, 0, 0, 0], [1, 1, 1, 1, 1]],
    dtype=bool,
)


def normal(*shape: int, seed: int = 0, dtype: str = "float32") -> np.ndarray:
    return np.random.default_rng([seed, *shape]).normal(size=shape).astype(dtype)


def inputs(dtype: str = "float32", batch: int = BATCH, steps: int = STEPS) -> tf.Tensor:
    return tf.constant(normal(batch, steps, FEATURES, dtype=dtype))


def states(count: int, dtype: str = "float32", batch: int = BATCH) -> list[tf.Tensor]:
    return [tf.constant(normal(batch, UNITS, seed=k + 1, dtype=dtype)) for k in range(count)]


def randomized(layer: Any) -> Any:
    """The built layer with random numbers in all of its weights, biases included."""
    dtype = layer.variable_dtype
    layer.set_weights([0.5 * normal(*w.shape, seed=9, dtype=dtype) for w in layer.weights])
    return layer


def variables(layer: Any) -> list[tf.Variable]:
    return [v.value for v in layer.trainable_variables]


def values_and_gradients(
    call: Callable[[], Any], sources: Sequence[Any]
) -> tuple[list[np.ndarray], list[np.ndarray]]:
    """What `call` returns, flat, and the gradients of a fixed random projection of it."""
    with tf.GradientTape() as tape:
        tape.watch(sources)
        values = tf.nest.flatten(call())
        loss = projection(values)
    gradients = tape.gradient(loss, sources, unconnected_gradients="zero")
    return [v.numpy() for v in values], [np.asarray(g) for g in gradients]


def projection(values: Sequence[Any]) -> Any:
    """A scalar with another weight for every entry of every value."""
    return tf.add_n(
        [
            tf.reduce_sum(v * tf.constant(normal(*v.shape, seed=20 + k, dtype=v.dtype.name)))
            for k, v in enumerate(values)
        ]
    )


def assert_close(found: Sequence[Any], expected: Sequence[Any], tolerance: float) -> None:
    """All pairs equal up to the tolerance, absolute and relative."""
    assert len(found) == len(expected)
    for k, (a, b) in enumerate(zip(found, expected, strict=True)):
        np.testing.assert_allclose(
            np.asarray(a), np.asarray(b), rtol=tolerance, atol=tolerance, err_msg=f"entry {k}"
        )
