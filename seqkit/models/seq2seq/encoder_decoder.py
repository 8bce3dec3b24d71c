"""The encoder-decoder: from one sequence of tokens to another."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import keras
import tensorflow as tf

from seqkit.distributed.workers import mean_over_workers
from seqkit.models.configured import ConfiguredModel
from seqkit.models.encoder import encode_steps
from seqkit.models.sample_weights import over_steps
from seqkit.models.seeding import Seeds
from seqkit.models.seq2seq.decoder import AttentionDecoder, Memory
from seqkit.models.seq2seq.smoothed_cross_entropy import smoothed_cross_entropy
from seqkit.models.sources import TokenSource
from seqkit.models.teacher_forcing import scheduled_sampling as sampled_inputs
from seqkit.text.reserved_ids import PADDING
from seqkit.types import DrawSeed, Shape, Tensor


class Encoded(NamedTuple):
    """A batch of sources, encoded: the memory that the decoder reads at each step, and the state
    from which it starts, tensors (B, 1, .)."""

    memory: Any
    state: dict[str, Any]


@keras.saving.register_keras_serializable("seqkit")
class EncoderDecoder(ConfiguredModel):
    """A recurrent encoder-decoder with or without attention (Sutskever et al. 2014; Bahdanau et al.
    2015; Luong et al. 2015).

    The encoder's final states, bridged by a dense layer where sizes differ, are the context vector
    that the decoder starts from.

    Args:
        source_tokens: number of token ids of the source; 0 is padding.
        target_tokens: number of token ids of the target, V; 0 is padding.
        cell, layers, recurrent_dropout: of encoder and decoder, as of `seqkit.models.encode_steps`.
        tbptt_steps: of the encoder, likewise.
        units: units of each layer of the decoder.
        encoder_units: units of each layer and direction of the encoder; None for as many.
        bidirectional: whether the encoder also reads from the end.
        embedding_dim: size of the tokens' vectors.
        dropout: fraction of each layer's outputs dropped in training.
        embedding_dropout: fraction of the vectors' entries dropped in training.
        attention: None, or a name of `seqkit.layers.attentions`: "bahdanau" or "luong".
        attention_score: of "luong": "dot", "general" or "concat".
        input_feeding: of "luong": whether the decoder's last readout is part of its input.
        feed_context: whether the context vector is part of the decoder's input at every step.
        tie_embeddings: whether the decoder's embeddings are its output matrix too.
        label_smoothing: share of the target's probability spread over all tokens in training.
        scheduled_sampling: share of the decoder's inputs in training that are not the true
            previous tokens but drawn from its own predictions (Bengio et al. 2015), in a second
            pass (Mihaylova & Martins 2019). It is the variable `sampling_rate`.
        draw_seed: gives the seed of each random part; None leaves them to Keras's global seed.

    Call arguments:
        inputs: source ids (B, S), and the previous target ids (B, T), which begin with a start id.

    Returns:
        Logits (B, T, V). The loss for `fit`, whose targets are ids (B, T), 0 for padding,
        is built in; `fit` also reports perplexity.

    Raises:
        ValueError: for sizes below 1, and fractions beyond 0 and 1.

    Example:
        >>> import numpy as np, seqkit
        >>> model = EncoderDecoder(20, 12, units=8, embedding_dim=8)
        >>> model((np.ones((2, 5), "int32"), np.ones((2, 7), "int32"))).shape
        TensorShape([2, 7, 12])
        >>> encoded = model.encode(np.ones((2, 5), "int32"))
        >>> step = lambda tokens, state: model.step(tokens, state, encoded.memory)
        >>> decoded = seqkit.decoding.greedy_search(
        ...     step, encoded.state, start_id=11, end_id=11, max_length=3)
        >>> decoded.tokens.shape
        TensorShape([2, 1, 3])
    """

    def __init__(
        self,
        source_tokens: int,
        target_tokens: int,
        *,
        cell: Any = "gru",
        units: int = 256,
        encoder_units: int | None = None,
        layers: int = 1,
        bidirectional: bool = True,
        embedding_dim: int = 256,
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        tbptt_steps: int | None = None,
        embedding_dropout: float = 0.0,
        attention: str | None = "luong",
        attention_score: str = "general",
        input_feeding: bool = False,
        feed_context: bool = False,
        tie_embeddings: bool = True,
        label_smoothing: float = 0.0,
        scheduled_sampling: float = 0.0,
        draw_seed: DrawSeed | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self._remember(locals())
        for name, rate in (
            ("label_smoothing", label_smoothing),
            ("scheduled_sampling", scheduled_sampling),
        ):
            if not 0 <= rate <= 1:
                raise ValueError(f"{name} must be a fraction from 0 to 1, got {rate!r}.")
        for name, size in (("units", units), ("encoder_units", encoder_units), ("layers", layers)):
            if size is not None and size < 1:
                raise ValueError(f"{name} must be at least 1, got {size!r}.")
        self.label_smoothing = label_smoothing
        recurrent = {
            "cell": cell,
            "layers": layers,
            "dropout": dropout,
            "recurrent_dropout": recurrent_dropout,
            "draw_seed": draw_seed,
        }
        source = TokenSource(source_tokens, embedding_dim, embedding_dropout=embedding_dropout)
        ids, x, mask = source.open(draw_seed)
        outputs, states = encode_steps(
            x,
            mask,
            units=units if encoder_units is None else encoder_units,
            bidirectional=bidirectional,
            return_state=True,
            tbptt_steps=tbptt_steps,
            **recurrent,
        )
        self.encoder = keras.Model(ids, [outputs, states], name="encoder")
        self.decoder = AttentionDecoder(
            target_tokens,
            units=units,
            embedding_dim=embedding_dim,
            embedding_dropout=embedding_dropout,
            attention=attention,
            attention_score=attention_score,
            input_feeding=input_feeding,
            feed_context=feed_context,
            tie_embeddings=tie_embeddings,
            name="decoder",
            **recurrent,
        )
        seeds = Seeds(draw_seed)
        self.bridges = [
            [
                # The output is bounded; an LSTM's cell state is not.
                None
                if size == state.shape[-1]
                else keras.layers.Dense(
                    size,
                    "tanh" if k == 0 else None,
                    kernel_initializer=seeds.glorot(),
                    name=f"bridge_{layer + 1}_{k + 1}",
                )
                for k, (state, size) in enumerate(zip(layer_states, sizes, strict=True))
            ]
            for layer, (layer_states, sizes) in enumerate(
                zip(states, self.decoder.state_sizes, strict=True)
            )
        ]
        self.sampling_rate = self.add_weight(
            name="sampling_rate", shape=(), initializer="zeros", trainable=False
        )
        self.sampling_rate.assign(scheduled_sampling)
        self._samples = scheduled_sampling > 0
        self._sampling_seed = keras.random.SeedGenerator(seeds())
        self._perplexity = Perplexity(name="perplexity")

    def build(self, input_shape: Shape | None = None) -> None:
        """Makes the weights, whose sizes are known without the inputs'."""
        outputs, states = self.encoder.output
        for layer_states, bridges in zip(states, self.bridges, strict=True):
            for state, bridge in zip(layer_states, bridges, strict=True):
                if bridge is not None:
                    bridge.build(state.shape)
        self.decoder.build_for(outputs.shape[-1], states[-1][0].shape[-1])

    def encode(self, source: Tensor, training: bool = False) -> Encoded:
        """Reads source ids (B, S)."""
        source = tf.convert_to_tensor(source)
        if not self.built:
            self.build()
        outputs, states = self.encoder(source, training=training)
        context = states[-1][0]
        mask = tf.not_equal(source, PADDING)
        bridged = [
            [
                s if bridge is None else bridge(s)
                for s, bridge in zip(layer_states, bridges, strict=True)
            ]
            for layer_states, bridges in zip(states, self.bridges, strict=True)
        ]
        return Encoded(self.decoder.remember(outputs, mask, context), self.decoder.start(bridged))

    def step(
        self, tokens: Tensor, state: dict[str, Any], memory: Memory
    ) -> tuple[Tensor, dict[str, Any], Tensor | None]:
        """One step of the decoder for K hypotheses a row, as `seqkit.decoding` calls it.

        Args:
            tokens: the previous tokens (B, K).
            state: the state before, tensors (B, K, .).
            memory: of the sources, as from `encode`.

        Returns:
            Logits (B, K, V), the new state, and the attention's weights (B, K, S) or None.
        """
        return self.decoder.step(tokens, state, memory)

    def readouts(self, inputs: Sequence[Tensor], training: bool = False) -> Tensor:
        """The readouts that the logits are formed of, (B, T, R), by teacher forcing."""
        if not isinstance(inputs, tuple | list) or len(inputs) != 2:
            raise ValueError(
                "inputs must be two, the source ids and the previous target ids, got "
                f"{len(inputs) if isinstance(inputs, tuple | list) else type(inputs).__name__}."
            )
        source, previous = inputs
        encoded = self.encode(source, training=training)
        states = [[s[:, 0] for s in layer] for layer in encoded.state["cells"]]

        def decode(tokens: Tensor) -> Tensor:
            return self.decoder(tokens, encoded.memory, states, training=training)

        readouts = decode(previous)
        if not (training and self._samples):
            return readouts
        return decode(self._sampled(previous, self.decoder.logits(readouts)))

    def call(self, inputs: Sequence[Tensor], training: bool = False) -> Tensor:
        return self.decoder.logits(self.readouts(inputs, training=training))

    def _sampled(self, previous: Tensor, logits: Tensor) -> Tensor:
        """The previous tokens (B, T), some replaced by draws of the predictions before them."""
        flat = tf.reshape(logits, [-1, tf.shape(logits)[-1]])
        is_padding = tf.range(tf.shape(flat)[1]) == PADDING  # which no search writes either
        flat = tf.where(is_padding, flat.dtype.min, flat)
        drawn = keras.random.categorical(flat, 1, dtype="int32", seed=self._sampling_seed)
        drawn = tf.reshape(tf.cast(drawn, previous.dtype), tf.shape(previous))
        mixed = sampled_inputs(previous, drawn, self.sampling_rate, self._sampling_seed)
        return tf.where(previous == PADDING, previous, mixed)

    def compute_loss(
        self,
        x: Sequence[Tensor] | None = None,
        y: Tensor | None = None,
        y_pred: Tensor | None = None,
        sample_weight: Tensor | None = None,
        training: bool = True,
    ) -> Tensor:
        """Mean cross-entropy of the tokens, smoothed in training; padding has no part in it.

        Tokens of weight zero do not count; others count whole, and their losses by weight.
        """
        assert y is not None  # Keras gives both
        assert y_pred is not None
        loss, plain, weights = self.token_losses(y, y_pred, sample_weight, training)
        self._perplexity.update_state(plain, weights)
        return loss

    def token_losses(
        self, y: Tensor, logits: Tensor, sample_weight: Tensor | None, training: bool
    ) -> tuple[Tensor, Tensor, Tensor]:
        """The loss of logits (B, T, V); of each token the plain cross-entropy, and its weight, each
        (B, T)."""
        y = tf.convert_to_tensor(y)
        if not y.dtype.is_integer or y.shape.rank not in (2, None):
            raise ValueError(
                f"y must be ids (batch, steps), integers, got {y.dtype.name} of shape {y.shape}."
            )
        smoothing = self.label_smoothing if training else 0.0
        smoothed, plain = smoothed_cross_entropy(y, logits, smoothing)
        weights = tf.cast(y != PADDING, smoothed.dtype)
        if sample_weight is not None:
            weights *= over_steps(tf.cast(sample_weight, smoothed.dtype))
        tokens = tf.math.count_nonzero(weights, dtype=weights.dtype)
        if training:
            tokens = mean_over_workers(tokens)
        return tf.math.divide_no_nan(tf.reduce_sum(smoothed * weights), tokens), plain, weights

    def compile(self, *arguments: Any, loss: Any = None, **options: Any) -> None:
        """As Keras's, without a loss: it is built in.

        Raises:
            ValueError: for a loss.
        """
        if loss is not None or len(arguments) > 1:
            raise ValueError(
                "loss must be left out: the cross-entropy of the tokens, label_smoothing included, "
                "is built in."
            )
        super().compile(*arguments, **options)

    @property
    def metrics(self) -> list[keras.metrics.Metric]:
        metrics = super().metrics
        return metrics if self._perplexity in metrics else [*metrics, self._perplexity]


@keras.saving.register_keras_serializable("seqkit")
class Perplexity(keras.metrics.Mean):
    """exp of the mean negative log-likelihood of the tokens, in nats."""

    def result(self) -> Tensor:
        return keras.ops.exp(super().result())
