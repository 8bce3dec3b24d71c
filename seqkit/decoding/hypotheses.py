"""The input of a decoder, a step of a model, and its output, hypotheses."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple, TypeAlias

import tensorflow as tf

from seqkit.types import Tensor

State: TypeAlias = Any  # a nest of tensors (B, K, ...)
StepOutputs = tuple[Tensor, State, Tensor | None]
Step = Callable[[Tensor, State], StepOutputs]
"""One output step of a model: `step(tokens, state) -> logits, new_state, attention`.

    tokens     int32 (B, K), the previous output of each of K hypotheses of each of B rows
    state      any nest of tensors (B, K, ...), of the same shapes after a step as before it
    logits     (B, K, V), not normalised; -inf for an output that is impossible
    attention  (B, K, S), the weights of S source positions, or None

What all hypotheses of a row share, such as the outputs of an encoder, does not belong in the state:
the step refers to it as it is, and only the state is reordered. K varies from call to call.
"""


class Hypotheses(NamedTuple):
    """N outputs for each of B rows, best first.

    Attributes:
        tokens: (B, N, L), int32, L the (largest) `max_length`. Neither the start nor the end token
            is part of it; after the last token comes padding.
        lengths: (B, N), int32, the number of tokens.
        scores: (B, N), float32, by which they are ranked; -inf for one that does not exist.
        log_probabilities: (B, N), float32, the sum of the model's log p over the tokens and, in a
            hypothesis that ended before `max_length`, over the end token.
        attention: (B, N, L, S), float32, the weights at the step of each token, 0 at padding; or
            None for a step without attention.
    """

    tokens: Tensor
    lengths: Tensor
    scores: Tensor
    log_probabilities: Tensor
    attention: Tensor | None

    def in_order(self, order: Tensor) -> Hypotheses:
        """Those at `order` (B, n) of each row."""
        fields = {name: value for name, value in self._asdict().items() if value is not None}
        return self._replace(**{k: tf.gather(v, order, batch_dims=1) for k, v in fields.items()})
