"""Attention: what a decoder reads of all the encoder's outputs, weighted anew at each step.

A query q_t (the decoder's state) is scored against each entry m_s of the memory (the encoder's
outputs); the scores of the valid entries become weights, and the weighted mean is the context:

    alpha_ts = exp(score(q_t, m_s)) / sum_s' exp(score(q_t, m_s'))
    c_t      = sum_s alpha_ts m_s

Bahdanau et al. 2015 (arXiv:1409.0473, section 3.1 and A.1.2) score additively,

    score(q, m) = v . tanh(W_q q + W_m m + b),

Luong et al. 2015 (arXiv:1508.04025, section 3.1) in three ways,

    dot      q . m            general  q . W m            concat  v . tanh(W [q; m]).
"""

from __future__ import annotations

from typing import Any

import keras

LUONG_SCORES = ("dot", "general", "concat")
LOWEST = -1e9  # a score whose exponential is 0

Tensor = Any


class Attention(keras.layers.Layer):
    """Base of the attention layers. A subclass has `keys` and `score`.

    Call arguments:
        query: q, (B, T, Q).
        memory: m, (B, S, M).
        mask: valid entries of the memory, boolean (B, S). None for the mask that Keras hands on
            with the memory, if there is one; else all are. What is not valid must be finite.
        keys: what `keys(memory)` gave, to save forming it again at each step; or None.

    Returns:
        Context c (B, T, M) and weights alpha (B, T, S), zeros at entries that are not valid; both
        zeros for a row without a valid entry.
    """

    def keys(self, memory: Tensor) -> Tensor:
        """What the scores need of the memory, once for all queries."""
        raise NotImplementedError

    def score(self, query: Tensor, keys: Tensor) -> Tensor:
        """Scores (B, T, S) of queries (B, T, Q) and keys (B, S, .)."""
        raise NotImplementedError

    def call(
        self, query: Tensor, memory: Tensor, mask: Any = None, keys: Any = None
    ) -> tuple[Tensor, Tensor]:
        ops = keras.ops
        if mask is None:
            mask = getattr(memory, "_keras_mask", None)
        scores = self.score(query, self.keys(memory) if keys is None else keys)  # (B, T, S)
        # At least in float32: half precision would round the weights of long sequences.
        scores = ops.cast(scores, keras.backend.result_type(scores.dtype, "float32"))
        if mask is not None:
            valid = ops.cast(mask, "bool")[:, None]  # (B, 1, S)
            scores = ops.where(valid, scores, ops.full_like(scores, LOWEST))
        weights = ops.softmax(scores, axis=-1)
        if mask is not None:  # without a valid entry the softmax is that of equals
            weights = weights * ops.cast(valid, weights.dtype)
        weights = ops.cast(weights, memory.dtype)
        return ops.matmul(weights, memory), weights

    def compute_mask(self, inputs: Any, previous_mask: Any = None) -> Any:
        return None

    def compute_output_spec(
        self, query: Any, memory: Any, mask: Any = None, keys: Any = None
    ) -> Any:
        batch, steps = query.shape[:2]
        context = keras.KerasTensor((batch, steps, memory.shape[-1]), dtype=self.compute_dtype)
        weights = keras.KerasTensor((batch, steps, memory.shape[1]), dtype=self.compute_dtype)
        return context, weights


def _additive_score(query: Tensor, keys: Tensor, v: Tensor) -> Tensor:
    """v . tanh(q + k): (B, T, U) and (B, S, U) -> (B, T, S)."""
    summed = keras.ops.tanh(query[:, :, None] + keys[:, None])  # (B, T, S, U)
    return keras.ops.squeeze(keras.ops.matmul(summed, v[:, None]), -1)


@keras.saving.register_keras_serializable("seqkit")
class BahdanauAttention(Attention):
    """Additive attention of Bahdanau et al. 2015.

    Args:
        units: size of the space in which query and memory are compared, U.
        use_bias: whether there is a bias b, zero at first. Default False, as in the paper.
        kernel_initializer: of W_q (Q, U), W_m (M, U) and v (U,). Default "glorot_uniform".

    Example:
        >>> import numpy as np
        >>> attention = BahdanauAttention(8)
        >>> context, weights = attention(np.ones((2, 3, 4)), np.ones((2, 5, 6)))
        >>> context.shape, weights.shape
        (TensorShape([2, 3, 6]), TensorShape([2, 3, 5]))
    """

    def __init__(
        self,
        units: int,
        *,
        use_bias: bool = False,
        kernel_initializer: Any = "glorot_uniform",
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        if units < 1:
            raise ValueError(f"units must be at least 1, got {units!r}.")
        self.units, self.use_bias = units, use_bias
        self.kernel_initializer = keras.initializers.get(kernel_initializer)

    def build(self, query_shape: Any, memory_shape: Any = None) -> None:
        def weight(name: str, *shape: int) -> Any:
            return self.add_weight(name=name, shape=shape, initializer=self.kernel_initializer)

        self.query_kernel = weight("query_kernel", query_shape[-1], self.units)
        self.memory_kernel = weight("memory_kernel", memory_shape[-1], self.units)
        self.v = weight("v", self.units)
        self.bias = None
        if self.use_bias:
            self.bias = self.add_weight(name="bias", shape=(self.units,), initializer="zeros")

    def keys(self, memory: Tensor) -> Tensor:
        keys = keras.ops.matmul(memory, self.memory_kernel)
        return keys if self.bias is None else keys + self.bias

    def score(self, query: Tensor, keys: Tensor) -> Tensor:
        return _additive_score(keras.ops.matmul(query, self.query_kernel), keys, self.v)

    def get_config(self) -> dict[str, Any]:
        return {
            **super().get_config(),
            "units": self.units,
            "use_bias": self.use_bias,
            "kernel_initializer": keras.initializers.serialize(self.kernel_initializer),
        }


@keras.saving.register_keras_serializable("seqkit")
class LuongAttention(Attention):
    """Multiplicative attention of Luong et al. 2015.

    Args:
        score: "dot", for which query and memory must be of one size; "general"; or "concat".
            Default "general".
        units: size of W [q; m] with "concat", U; None for the size of the query.
        kernel_initializer: of W, "general" (M, Q) or "concat" (Q + M, U), and v. Default
            "glorot_uniform".

    Raises:
        ValueError: for another score; and for "dot" where the sizes differ.

    Example:
        >>> import numpy as np
        >>> q, m = np.array([[[1.0, 0.0]]]), np.array([[[5.0, 1.0], [0.0, 2.0]]])
        >>> context, weights = LuongAttention("dot")(q, m)
        >>> print(weights.numpy().round(3))
        [[[0.993 0.007]]]
    """

    def __init__(
        self,
        score: str = "general",
        units: int | None = None,
        *,
        kernel_initializer: Any = "glorot_uniform",
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        if score not in LUONG_SCORES:
            raise ValueError(f"score must be one of {LUONG_SCORES}, got {score!r}.")
        if units is not None and units < 1:
            raise ValueError(f"units must be at least 1, got {units!r}.")
        self.score_name, self.units = score, units
        self.kernel_initializer = keras.initializers.get(kernel_initializer)

    def build(self, query_shape: Any, memory_shape: Any = None) -> None:
        query, memory = query_shape[-1], memory_shape[-1]
        if self.score_name == "dot":
            if query != memory:
                raise ValueError(
                    "score='dot' needs query and memory of one size, got "
                    f"{query} and {memory}. Use score='general'."
                )
            return
        units = self.units or query
        rows, columns = (memory, query) if self.score_name == "general" else (query + memory, units)
        self.kernel = self.add_weight(
            name="kernel", shape=(rows, columns), initializer=self.kernel_initializer
        )
        self._query_size = query
        if self.score_name == "concat":
            self.v = self.add_weight(name="v", shape=(units,), initializer=self.kernel_initializer)

    def keys(self, memory: Tensor) -> Tensor:
        if self.score_name == "dot":
            return memory
        # W [q; m] is the sum of a part of the query and a part of the memory.
        first = 0 if self.score_name == "general" else self._query_size
        return keras.ops.matmul(memory, self.kernel[first:])

    def score(self, query: Tensor, keys: Tensor) -> Tensor:
        if self.score_name == "concat":
            query = keras.ops.matmul(query, self.kernel[: self._query_size])
            return _additive_score(query, keys, self.v)
        return keras.ops.matmul(query, keras.ops.transpose(keys, (0, 2, 1)))

    def get_config(self) -> dict[str, Any]:
        return {
            **super().get_config(),
            "score": self.score_name,
            "units": self.units,
            "kernel_initializer": keras.initializers.serialize(self.kernel_initializer),
        }
