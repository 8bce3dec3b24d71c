"""From the outputs of all steps to one vector a sequence."""

from __future__ import annotations

from typing import Any

import keras


@keras.saving.register_keras_serializable("seqkit")
class MaskedPooling(keras.layers.Layer):
    """Mean or maximum over the valid steps. (Keras's `GlobalMaxPooling1D` ignores masks.)

    Args:
        how: "mean" or "max".

    Call arguments:
        inputs: (B, T, H).
        mask: valid steps, boolean (B, T), or None for all.

    Returns:
        (B, H); zeros for a sequence without a valid step.

    Example:
        >>> import numpy as np
        >>> x, mask = np.array([[[1.0], [3.0], [9.0]]]), np.array([[True, True, False]])
        >>> float(MaskedPooling("mean")(x, mask=mask)[0, 0])
        2.0
        >>> float(MaskedPooling("max")(x, mask=mask)[0, 0])
        3.0
    """

    def __init__(self, how: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        if how not in ("mean", "max"):
            raise ValueError(f"how must be 'mean' or 'max', got {how!r}.")
        self.how = how
        self.supports_masking = True

    def call(self, inputs: Any, mask: Any = None) -> Any:
        ops = keras.ops
        valid = ops.ones_like(inputs[..., :1], dtype="bool")
        if mask is not None:
            valid = ops.cast(mask, "bool")[..., None]
        if self.how == "mean":
            steps = ops.sum(ops.cast(valid, inputs.dtype), axis=1)
            total = ops.sum(ops.where(valid, inputs, ops.zeros_like(inputs)), axis=1)
            return total / ops.maximum(steps, ops.ones_like(steps))
        lowest = ops.full_like(inputs, -1e4)  # below any state, and fits half precision
        highest = ops.max(ops.where(valid, inputs, lowest), axis=1)
        return ops.where(ops.any(valid, axis=1), highest, ops.zeros_like(highest))

    def compute_mask(self, inputs: Any, previous_mask: Any = None) -> None:
        return None

    def compute_output_shape(self, input_shape: Any) -> tuple[Any, ...]:
        return (input_shape[0], *input_shape[2:])

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "how": self.how}
