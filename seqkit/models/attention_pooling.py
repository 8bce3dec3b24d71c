"""A learned weighting of the steps, from the outputs of all steps to one vector a sequence.

Yang et al. 2016, "Hierarchical attention networks for document classification", equations 5 to 7;
h_t are the outputs, u_w is a vector that is learned and asks each step how much it tells:

    u_t     = tanh(W h_t + b)
    alpha_t = exp(u_t . u_w) / sum_t exp(u_t . u_w)
    s       = sum_t alpha_t h_t
"""

from __future__ import annotations

from typing import Any

import keras

from seqkit.types import Shape, Tensor

LOWEST = -1e9  # a logit whose exponential is 0


@keras.saving.register_keras_serializable("seqkit")
class AttentionPooling(keras.layers.Layer):
    """Mean over the valid steps, weighted by additive attention with a learned query.

    Args:
        units: size of u_t, U; None for the size of h.
        kernel_initializer: of W (H, U). Default "glorot_uniform".
        bias_initializer: of b (U,). Default "zeros".
        query_initializer: of u_w (U,). Default "glorot_uniform".

    Call arguments:
        inputs: h, (B, T, H), numbers of any type, cast to the layer's compute dtype.
        mask: valid steps, boolean (B, T), or None for all.
        return_attention_scores: whether to return the weights alpha too.

    Returns:
        s (B, H), zeros for a sequence without a valid step; and, where asked for, alpha (B, T),
        zeros at padding.

    Raises:
        ValueError: for units below 1, or inputs of another rank.

    Example:
        >>> import numpy as np
        >>> h, mask = np.array([[[1.0], [3.0], [9.0]]]), np.array([[True, True, False]])
        >>> pooling = AttentionPooling(query_initializer="zeros")  # no step tells more: the mean
        >>> s, alpha = pooling(h, mask=mask, return_attention_scores=True)
        >>> s.numpy().tolist(), alpha.numpy().tolist()
        ([[2.0]], [[0.5, 0.5, 0.0]])
    """

    def __init__(
        self,
        units: int | None = None,
        *,
        kernel_initializer: Any = "glorot_uniform",
        bias_initializer: Any = "zeros",
        query_initializer: Any = "glorot_uniform",
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        if units is not None and units < 1:
            raise ValueError(f"units must be at least 1, or None for the size of h, got {units!r}.")
        self.units = units
        self.kernel_initializer = keras.initializers.get(kernel_initializer)
        self.bias_initializer = keras.initializers.get(bias_initializer)
        self.query_initializer = keras.initializers.get(query_initializer)
        self.supports_masking = True

    def build(self, input_shape: Shape) -> None:
        if len(input_shape) != 3 or input_shape[-1] is None:
            raise ValueError(
                f"inputs must have shape (batch, steps, features), got {tuple(input_shape)}."
            )
        features = input_shape[-1]
        units = self.units or features
        self.kernel = self.add_weight(
            name="kernel", shape=(features, units), initializer=self.kernel_initializer
        )
        self.bias = self.add_weight(name="bias", shape=(units,), initializer=self.bias_initializer)
        self.query = self.add_weight(
            name="query", shape=(units,), initializer=self.query_initializer
        )

    def call(
        self, inputs: Tensor, mask: Tensor | None = None, return_attention_scores: bool = False
    ) -> Tensor | tuple[Tensor, Tensor]:
        ops = keras.ops
        h = ops.cast(
            inputs, self.compute_dtype
        )  # whole numbers too, which Keras leaves as they are
        valid = ops.ones_like(h[..., 0], dtype="bool")  # (B, T)
        if mask is not None:
            valid = ops.cast(mask, "bool")
            h = ops.where(valid[..., None], h, ops.zeros_like(h))  # whatever padding holds
        u = ops.tanh(ops.matmul(h, self.kernel) + self.bias)  # (B, T, U)
        # At least in float32: half precision would round the weights of long sequences.
        precision = keras.backend.result_type(h.dtype, "float32")
        logits = ops.cast(ops.matmul(u, self.query), precision)  # (B, T)
        logits = ops.where(valid, logits, ops.full_like(logits, LOWEST))
        # Without a valid step the softmax is that of equals; then no weight is left over.
        alpha = ops.softmax(logits, axis=-1) * ops.cast(valid, precision)
        alpha = ops.cast(alpha, h.dtype)
        s = ops.squeeze(ops.matmul(alpha[:, None], h), 1)  # (B, H)
        return (s, alpha) if return_attention_scores else s

    def compute_mask(self, inputs: Tensor, previous_mask: Tensor | None = None) -> None:
        return None

    def compute_output_shape(self, input_shape: Shape) -> Shape:
        return (input_shape[0], input_shape[-1])

    def compute_output_spec(
        self,
        inputs: keras.KerasTensor,
        mask: Tensor | None = None,
        return_attention_scores: bool = False,
    ) -> keras.KerasTensor | tuple[keras.KerasTensor, keras.KerasTensor]:
        s = keras.KerasTensor(self.compute_output_shape(inputs.shape), dtype=self.compute_dtype)
        alpha = keras.KerasTensor(inputs.shape[:2], dtype=self.compute_dtype)
        return (s, alpha) if return_attention_scores else s

    def get_config(self) -> dict[str, Any]:
        return {
            **super().get_config(),
            "units": self.units,
            "kernel_initializer": keras.initializers.serialize(self.kernel_initializer),
            "bias_initializer": keras.initializers.serialize(self.bias_initializer),
            "query_initializer": keras.initializers.serialize(self.query_initializer),
        }
