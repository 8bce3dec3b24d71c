"""The precision that a model computes in, by the name of its policy: part of its architecture."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import keras

POLICIES = ("float32", "float64", "float16", "bfloat16", "mixed_float16", "mixed_bfloat16")


def current_policy() -> str:
    """The name of Keras's policy, which new layers follow.

    Raises:
        ValueError: for one that is no precision alone, such as of quantised layers.

    Example:
        >>> current_policy()
        'float32'
    """
    name = str(keras.config.dtype_policy().name)
    _check(name)
    return name


@contextlib.contextmanager
def policy(name: str) -> Iterator[None]:
    """Lets layers that are made within follow a policy, in this thread.

    Args:
        name: one of `POLICIES`.

    Raises:
        ValueError: for another name.

    Example:
        >>> with policy("mixed_bfloat16"):
        ...     layer = keras.layers.Dense(1)
        >>> layer.compute_dtype, keras.layers.Dense(1).compute_dtype
        ('bfloat16', 'float32')
    """
    _check(name)
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy(name)
    try:
        yield
    finally:
        keras.config.set_dtype_policy(before)


def _check(name: str) -> None:
    if name not in POLICIES:
        raise ValueError(
            f"The policy of Keras must be one of {', '.join(POLICIES)}, got {name!r}. Set it by "
            "keras.config.set_dtype_policy."
        )
