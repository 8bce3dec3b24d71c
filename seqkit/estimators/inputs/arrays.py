"""Arrays of other libraries."""

from __future__ import annotations

from typing import Any

import numpy as np


def as_numpy(values: Any) -> Any:
    """An array of another library as NumPy's, which it costs to make; anything else as it is.

    Pandas's stay, for their names and index.

    Example:
        >>> import tensorflow as tf
        >>> as_numpy(tf.constant([1.0, 2.0])), as_numpy([1.0, 2.0])
        (array([1., 2.], dtype=float32), [1.0, 2.0])
    """
    is_foreign = hasattr(values, "__array__") and not hasattr(values, "iloc")
    return np.asanyarray(values) if is_foreign else values  # a masked array stays one
