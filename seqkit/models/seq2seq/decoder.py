"""The decoder of an encoder-decoder: writes a sequence, one token after the other.

With y_{t-1} the previous token's vector, s the states of the recurrent layers, and m the encoder's
outputs, a step is, by kind of attention,

    None      h_t = RNN(y_{t-1}, h_{t-1})                        r_t = h_t
    luong     h_t = RNN(y_{t-1}, h_{t-1})       c_t = attend(h_t, m)        r_t = tanh(W [c_t; h_t])
    bahdanau  c_t = attend(h_{t-1}, m)          h_t = RNN([y_{t-1}; c_t], h_{t-1})
                                                              r_t = tanh(W [c_t; h_t; y_{t-1}])

and the logits are r_t E^T + b. Input feeding (Luong et al. 2015, section 3.3) reads [y_{t-1};
r_{t-1}]. Where nothing of the attention flows back into the recurrence, training runs all steps
through the recurrent layers at once; else it is one loop in the graph.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import keras
import tensorflow as tf

from seqkit.layers.attention import BahdanauAttention, LuongAttention
from seqkit.layers.registry import recurrent_layer
from seqkit.models.encoder import seed_weights

ATTENTIONS = (None, "bahdanau", "luong")
Tensor = Any


class Memory(NamedTuple):
    """What a decoder reads of the source: the encoder's outputs (B, S, M), which of them are valid
    (B, S), what the attention's scores need of them, and the context vector (B, C) or None."""

    outputs: Tensor
    mask: Tensor
    keys: Tensor
    context: Tensor


@keras.saving.register_keras_serializable("seqkit")
class AttentionDecoder(keras.layers.Layer):
    """Recurrent decoder, with or without attention.

    Args:
        tokens: number of token ids, V; 0 is padding.
        cell: as `seqkit.layers.recurrent_layer` takes it.
        units: units of each recurrent layer, H.
        layers: number of recurrent layers.
        embedding_dim: size of a token's vector, E.
        attention: None, "bahdanau" or "luong".
        attention_score: of "luong": "dot", "general" or "concat".
        input_feeding: of "luong": whether r_{t-1} is part of the input.
        feed_context: whether the context vector is part of the input at every step.
        tie_embeddings: whether the matrix of the output is that of the embeddings.
        dropout: fraction of each layer's outputs, and of r_t, dropped in training.
        recurrent_dropout: fraction of the state dropped inside each layer.
        embedding_dropout: fraction of the vectors' entries dropped in training.
        draw_seed: gives the seed of each random part; None leaves them to Keras's global seed.
    """

    def __init__(
        self,
        tokens: int,
        *,
        cell: Any = "gru",
        units: int = 256,
        layers: int = 1,
        embedding_dim: int = 256,
        attention: str | None = "luong",
        attention_score: str = "general",
        input_feeding: bool = False,
        feed_context: bool = False,
        tie_embeddings: bool = True,
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        embedding_dropout: float = 0.0,
        draw_seed: Callable[[], int] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        if attention not in ATTENTIONS:
            raise ValueError(f"attention must be one of {ATTENTIONS}, got {attention!r}.")
        if input_feeding and attention != "luong":
            raise ValueError(
                f"input_feeding=True needs attention='luong', got attention={attention!r}."
            )
        self.tokens, self.units, self.attention_name = tokens, units, attention
        self.feeds_back = attention == "bahdanau" or input_feeding
        self.input_feeding, self.feed_context = input_feeding, feed_context
        seed = draw_seed if draw_seed else lambda: None
        self.embedding = keras.layers.Embedding(
            tokens,
            embedding_dim,
            embeddings_initializer=keras.initializers.RandomNormal(
                stddev=embedding_dim**-0.5, seed=seed()
            ),
            name="embedding",
        )
        options = {"recurrent_dropout": recurrent_dropout} if recurrent_dropout else {}
        self.recurrent_dropout = recurrent_dropout
        self.recurrent = [
            recurrent_layer(
                cell,
                units,
                return_sequences=True,
                return_state=True,
                name=f"recurrent_{k + 1}",
                **options,
            )
            for k in range(layers)
        ]
        if draw_seed:
            for layer in self.recurrent:
                seed_weights(layer, draw_seed)

        def glorot() -> keras.initializers.Initializer:
            return keras.initializers.GlorotUniform(seed=seed())

        self.attention: Any = None
        if attention == "luong":
            self.attention = LuongAttention(
                attention_score, kernel_initializer=glorot(), name="attention"
            )
        elif attention == "bahdanau":
            self.attention = BahdanauAttention(units, kernel_initializer=glorot(), name="attention")
        size = embedding_dim if tie_embeddings else units
        self.readout: Any = None
        if attention is not None or size != units:
            self.readout = keras.layers.Dense(
                size, "tanh", kernel_initializer=glorot(), name="readout"
            )
        self.readout_size = size
        self.embedding_dropout = keras.layers.Dropout(embedding_dropout, seed=seed())
        self.dropouts = [keras.layers.Dropout(dropout, seed=seed()) for _ in range(layers)]
        # Written into the loop's body once, so one mask serves all steps (Gal & Ghahramani 2016).
        self.loop_dropouts = [keras.layers.Dropout(dropout, seed=seed()) for _ in range(layers - 1)]
        self.tie_embeddings = tie_embeddings
        self._output_initializer = glorot()

    def build(self, *shapes: Any) -> None:
        self.output_bias = self.add_weight(
            name="output_bias", shape=(self.tokens,), initializer="zeros"
        )
        if not self.tie_embeddings:
            self.output_kernel = self.add_weight(
                name="output_kernel",
                shape=(self.tokens, self.readout_size),
                initializer=self._output_initializer,
            )

    @property
    def state_sizes(self) -> list[list[int]]:
        """The sizes of each recurrent layer's states."""
        sizes = [layer.cell.state_size for layer in self.recurrent]
        return [list(s) if isinstance(s, list | tuple) else [s] for s in sizes]

    def remember(self, outputs: Tensor, mask: Tensor, context: Tensor) -> Memory:
        """What the decoder reads of the encoder's outputs (B, S, M) and context vector (B, C)."""
        keys: Any = None
        if self.attention is not None:
            if not self.attention.built:
                self.attention.build((None, None, self.units), outputs.shape)
            keys = self.attention.keys(outputs)
        return Memory(outputs, mask, keys, context if self.feed_context else None)

    def start(self, states: list[list[Tensor]]) -> dict[str, Any]:
        """The state from which `step` goes on, of the recurrent layers' states, each (B, H)."""
        found: dict[str, Any] = {"cells": [[s[:, None] for s in layer] for layer in states]}
        if self.input_feeding:
            first = states[0][0]
            found["fed"] = tf.zeros([tf.shape(first)[0], 1, self.readout_size], first.dtype)
        return found

    def call(
        self,
        tokens: Tensor,
        memory: Memory,
        states: list[list[Tensor]],
        training: bool = False,
    ) -> Tensor:
        """Teacher forcing: the r_t (B, T, R) of all steps, given the previous tokens (B, T)."""
        x = self.embedding_dropout(self.embedding(tokens), training=training)
        if self.feeds_back:
            return self.dropouts[-1](self._loop(x, memory, states, training), training=training)
        if memory.context is not None:
            repeated = tf.repeat(memory.context[:, None], tf.shape(x)[1], 1)
            x = tf.concat([x, repeated], -1)
        for layer, state, dropout in zip(self.recurrent, states, self.dropouts, strict=True):
            x = layer(x, initial_state=state, training=training)[0]
            x = dropout(x, training=training)
        if self.attention is not None:
            context, _ = self.attention(x, memory.outputs, mask=memory.mask, keys=memory.keys)
            x = tf.concat([context, x], -1)
        return x if self.readout is None else self.readout(x)

    def logits(self, readout: Tensor) -> Tensor:
        """Scores of the tokens (..., V), of r_t (..., R)."""
        kernel = self.embedding.embeddings if self.tie_embeddings else self.output_kernel
        flat = tf.reshape(readout, [-1, self.readout_size])
        scores = tf.matmul(flat, tf.cast(kernel, flat.dtype), transpose_b=True)
        scores += tf.cast(self.output_bias, flat.dtype)
        return tf.reshape(scores, tf.concat([tf.shape(readout)[:-1], [self.tokens]], 0))

    def step(
        self, tokens: Tensor, state: dict[str, Any], memory: Memory
    ) -> tuple[Tensor, dict[str, Any], Tensor]:
        """One step of K hypotheses a row, as `seqkit.decoding` calls it.

        Args:
            tokens: the previous tokens (B, K).
            state: as from `start`, each tensor (B, K, .).
            memory: of the source.

        Returns:
            Logits (B, K, V), the new state, and the attention's weights (B, K, S) or None.
        """
        readout, state, weights = self._advance(self.embedding(tokens), state, memory)
        return self.logits(readout), state, weights

    def _advance(
        self, x: Tensor, state: dict[str, Any], memory: Memory, masks: Any = None
    ) -> tuple[Tensor, dict[str, Any], Tensor]:
        """From the previous tokens' vectors (B, K, E) to r_t (B, K, R).

        `masks` are those of dropout between layers; with them the cells drop of their states too.
        """
        rows, hypotheses = tf.shape(x)[0], tf.shape(x)[1]
        embedded, weights, context = x, None, None
        if memory.context is not None:
            x = tf.concat([x, tf.repeat(memory.context[:, None], hypotheses, 1)], -1)
        if self.attention_name == "bahdanau":
            context, weights = self._attend(state["cells"][-1][0], memory)
            x = tf.concat([x, context], -1)
        if self.input_feeding:
            x = tf.concat([x, state["fed"]], -1)

        def flat(tensor: Tensor) -> Tensor:
            return tf.reshape(tensor, [-1, tensor.shape[-1]])

        drops = {"training": True} if masks is not None and self.recurrent_dropout else {}
        cells = []
        h = flat(x)
        for k, (layer, states) in enumerate(zip(self.recurrent, state["cells"], strict=True)):
            h, new = layer.cell(h, [flat(s) for s in states], **drops)
            cells.append(
                [tf.reshape(s, [rows, hypotheses, s.shape[-1]]) for s in tf.nest.flatten(new)]
            )
            if masks is not None and k < len(masks):
                h = h * masks[k]
        h = tf.reshape(h, [rows, hypotheses, self.units])
        new_state: dict[str, Any] = {"cells": cells}
        if self.attention_name == "luong":
            context, weights = self._attend(h, memory)
            h = tf.concat([context, h], -1)
        elif self.attention_name == "bahdanau":
            h = tf.concat([context, h, embedded], -1)
        if self.readout is not None:
            h = self.readout(h)
        if self.input_feeding:
            new_state["fed"] = h
        return h, new_state, weights

    def _attend(self, query: Tensor, memory: Memory) -> tuple[Tensor, Tensor]:
        return self.attention(query, memory.outputs, mask=memory.mask, keys=memory.keys)

    def _loop(
        self, x: Tensor, memory: Memory, states: list[list[Tensor]], training: bool
    ) -> Tensor:
        """The r_t (B, T, R) of all steps, where attention feeds back into the recurrence."""
        state = self.start(states)
        batch, steps = tf.shape(x)[0], tf.shape(x)[1]
        masks = None
        if training:
            ones = tf.ones([batch, self.units], x.dtype)
            masks = [dropout(ones, training=True) for dropout in self.loop_dropouts]
        by_time = tf.TensorArray(x.dtype, steps).unstack(tf.transpose(x, [1, 0, 2]))
        # The weights of layers, and the cells' dropout masks, which serve all steps, are made
        # outside of the loop, by a step whose result is not used.
        self._advance(x[:, :1], state, memory, masks)
        written = tf.TensorArray(x.dtype, steps, element_shape=[x.shape[0], self.readout_size])

        def body(t: Tensor, state: Any, written: Any) -> Any:
            readout, new, _ = self._advance(by_time.read(t)[:, None], state, memory, masks)
            tf.nest.map_structure(lambda n, s: n.set_shape(s.shape), new, state)
            return t + 1, new, written.write(t, readout[:, 0])

        _, _, written = tf.while_loop(
            lambda t, *_: t < steps, body, (0, state, written), maximum_iterations=steps
        )
        if training and self.recurrent_dropout:
            for layer in self.recurrent:
                layer.cell.reset_recurrent_dropout_mask()
        return tf.transpose(written.stack(), [1, 0, 2])
