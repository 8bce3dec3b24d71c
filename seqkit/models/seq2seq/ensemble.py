"""An ensemble of encoder-decoders: at each step of a search the mean of their probabilities."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

import keras
import tensorflow as tf

from seqkit.models.ensemble import Ensemble, mean_for_each
from seqkit.models.seq2seq.decoder import AttentionDecoder, Memory
from seqkit.models.seq2seq.encoder_decoder import Encoded, Perplexity
from seqkit.types import Tensor


class Memories(NamedTuple):
    """The memory of each member, and which steps of the source are valid, (B, S)."""

    members: list[Memory]
    mask: Tensor


@keras.saving.register_keras_serializable("seqkit")
class EncoderDecoderEnsemble(Ensemble):
    """Encoder-decoders whose probabilities of each token are averaged (Sutskever et al. 2014,
    section 3.4); of the attention the weights are.

    Args:
        members: encoder-decoders of one architecture, built.

    Call arguments:
        inputs: as of `EncoderDecoder`.

    Returns:
        The logarithms of the mean probabilities (B, T, V); in training a tuple of the logits of
        each.
    """

    def __init__(self, members: Sequence[keras.Model], **kwargs: Any) -> None:
        super().__init__(members, **kwargs)
        self._perplexity = Perplexity(name="perplexity")

    @property
    def decoder(self) -> AttentionDecoder:
        """The decoder of a member."""
        return self.members[0].decoder

    def combined(self, outputs: Sequence[Tensor]) -> Tensor:
        """The logarithms of the mean of the probabilities that logits (..., V) stand for."""
        logs = tf.stack([tf.nn.log_softmax(logits) for logits in outputs])
        return tf.reduce_logsumexp(logs, 0) - math.log(len(outputs))

    def compute_loss(
        self,
        x: Any = None,
        y: Any = None,
        y_pred: Any = None,
        sample_weight: Any = None,
        training: bool = True,
    ) -> Tensor:
        """As of an `Ensemble`; the perplexity is of the tokens of all members, or of one answer."""
        losses = []
        for logits in y_pred if isinstance(y_pred, tuple) else (y_pred,):
            loss, plain, weights = self.members[0].token_losses(y, logits, sample_weight, training)
            self._perplexity.update_state(plain, weights)
            losses.append(loss)
        return mean_for_each(losses)

    def encode(self, source: Tensor, training: bool = False) -> Encoded:
        """Reads source ids (B, S)."""
        encoded = [member.encode(source, training=training) for member in self.members]
        memories = [each.memory for each in encoded]
        return Encoded(
            Memories(memories, memories[0].mask), {"members": [each.state for each in encoded]}
        )

    def step(
        self, tokens: Tensor, state: dict[str, Any], memory: Memories
    ) -> tuple[Tensor, dict[str, Any], Tensor | None]:
        """One step of each decoder, as `EncoderDecoder.step`: the logarithms of the mean
        probabilities."""
        logits, states, weights = zip(
            *(
                member.step(tokens, own, read)
                for member, own, read in zip(
                    self.members, state["members"], memory.members, strict=True
                )
            ),
            strict=True,
        )
        attention = None if weights[0] is None else tf.add_n(list(weights)) / len(weights)
        return self.combined(logits), {"members": list(states)}, attention
