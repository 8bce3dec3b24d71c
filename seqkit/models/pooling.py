"""Poolings: from the outputs of all steps to one vector a sequence."""

from __future__ import annotations

from typing import Any

import keras

from seqkit.types import Shape, Tensor


@keras.saving.register_keras_serializable("seqkit")
class MaskedPooling(keras.layers.Layer):
    """Mean or maximum over the valid steps. (Keras's `GlobalMaxPooling1D` ignores masks.)

    Args:
        how: "mean" or "max".

    Call arguments:
        inputs: (B, T, H), numbers of any type.
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

    def call(self, inputs: Tensor, mask: Tensor | None = None) -> Tensor:
        ops = keras.ops
        inputs = ops.cast(inputs, self.compute_dtype)  # Keras casts floating point alone
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

    def compute_mask(self, inputs: Tensor, previous_mask: Tensor | None = None) -> None:
        return None

    def compute_output_shape(self, input_shape: Shape) -> Shape:
        return (input_shape[0], *input_shape[2:])

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "how": self.how}


@keras.saving.register_keras_serializable("seqkit")
class LastStep(keras.layers.Layer):
    """The last output of each direction, from the outputs of all steps.

    A backward direction ends at the first step: of the halves of the outputs, the first is read at
    the last valid step, the second at the first one.

    Args:
        directions: 1, or 2 for a bidirectional layer's concatenated outputs.

    Call arguments:
        inputs: (B, T, H), numbers of any type.
        mask: valid steps, boolean (B, T), anywhere in a row; or None for all.

    Returns:
        (B, H).

    Example:
        >>> import numpy as np
        >>> x = np.array([[[1.0, 5.0], [2.0, 6.0], [0.0, 0.0]]])
        >>> LastStep(2)(x, mask=np.array([[True, True, False]])).numpy().tolist()
        [[2.0, 5.0]]
        >>> LastStep(2)(x, mask=np.array([[False, True, True]])).numpy().tolist()
        [[0.0, 6.0]]
    """

    def __init__(self, directions: int = 1, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        if directions not in (1, 2):
            raise ValueError(f"directions must be 1 or 2, got {directions!r}.")
        self.directions = directions
        self.supports_masking = True

    def call(self, inputs: Tensor, mask: Tensor | None = None) -> Tensor:
        ops = keras.ops
        inputs = ops.cast(inputs, self.compute_dtype)  # Keras casts floating point alone
        steps = ops.shape(inputs)[1]
        valid = ops.ones(ops.shape(inputs)[:2], "bool") if mask is None else ops.cast(mask, "bool")
        places = ops.arange(steps)[None]  # (1, T)
        half = inputs.shape[-1] // self.directions

        def at(farthest: Tensor, outputs: Tensor) -> Tensor:
            """The outputs at the valid step that is farthest; steps count from either end."""
            most = ops.max(ops.cast(valid, "int32") * farthest, axis=1, keepdims=True)
            return ops.sum(ops.cast(farthest == most, inputs.dtype)[..., None] * outputs, axis=1)

        forward = at(places, inputs[..., :half])
        if self.directions == 1:
            return forward
        return ops.concatenate([forward, at(steps - 1 - places, inputs[..., half:])], axis=-1)

    def compute_mask(self, inputs: Tensor, previous_mask: Tensor | None = None) -> None:
        return None

    def compute_output_shape(self, input_shape: Shape) -> Shape:
        return (input_shape[0], *input_shape[2:])

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "directions": self.directions}
