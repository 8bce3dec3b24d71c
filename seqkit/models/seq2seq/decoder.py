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

from typing import Any, NamedTuple

import keras
import tensorflow as tf

from seqkit.layers.attention import Attention
from seqkit.layers.attentions import attention_class, check_input_feeding
from seqkit.layers.registry import recurrent_layer
from seqkit.models.seeding import Seeds
from seqkit.types import DrawSeed, Shape, Tensor

States = list[list[Tensor]]  # of each recurrent layer


class Memory(NamedTuple):
    """The source as a decoder reads it: the encoder's outputs (B, S, M), which of them are valid
    (B, S), their keys for the attention or None, and the context vector (B, C) or None."""

    outputs: Tensor
    mask: Tensor
    keys: Tensor | None
    context: Tensor | None


@keras.saving.register_keras_serializable("seqkit")
class AttentionDecoder(keras.layers.Layer):
    """Recurrent decoder, with or without attention.

    Args:
        tokens: number of token ids, V; 0 is padding.
        cell: as `seqkit.layers.recurrent_layer` takes it.
        units: units of each recurrent layer, H.
        layers: number of recurrent layers.
        embedding_dim: size of a token's vector, E.
        attention: None, or a name of `seqkit.layers.attentions`: "bahdanau" or "luong".
        attention_score: of "luong": "dot", "general" or "concat".
        input_feeding: whether r_{t-1} is part of the input, where the attention does not feed back
            by itself.
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
        draw_seed: DrawSeed | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        if input_feeding:
            check_input_feeding(attention)
        attention_type = attention_class(attention)
        self.tokens, self.units = tokens, units
        self.attends_before_step = attention_type is not None and attention_type.feeds_back
        self.input_feeding, self.feed_context = input_feeding, feed_context
        seeds = Seeds(draw_seed)
        self.embedding = keras.layers.Embedding(
            tokens,
            embedding_dim,
            embeddings_initializer=seeds.normal(embedding_dim**-0.5),
            name="embedding",
        )
        options = {"recurrent_dropout": recurrent_dropout} if recurrent_dropout else {}
        self.recurrent_dropout = recurrent_dropout
        self.recurrent = [
            seeds.seed_layer(
                recurrent_layer(
                    cell,
                    units,
                    return_sequences=True,
                    return_state=True,
                    name=f"recurrent_{k + 1}",
                    **options,
                )
            )
            for k in range(layers)
        ]
        self.attention: Attention | None = None
        if attention_type is not None:
            self.attention = attention_type.for_decoder(
                units, attention_score, kernel_initializer=seeds.glorot(), name="attention"
            )
        size = embedding_dim if tie_embeddings else units
        self.readout: keras.layers.Dense | None = None
        if attention_type is not None or size != units:
            self.readout = keras.layers.Dense(
                size, "tanh", kernel_initializer=seeds.glorot(), name="readout"
            )
        self.readout_size = size
        self.embedding_dropout = keras.layers.Dropout(embedding_dropout, seed=seeds())

        def dropouts(count: int) -> list[keras.layers.Dropout]:
            return [keras.layers.Dropout(dropout, seed=seeds()) for _ in range(count)]

        self.dropouts = dropouts(layers)
        # Written into the loop's body once, so one mask serves all steps (Gal & Ghahramani 2016).
        self.loop_dropouts = dropouts(layers - 1)
        self.tie_embeddings = tie_embeddings
        self._output_initializer = seeds.glorot()

    def build(self, *shapes: Shape) -> None:
        self.output_bias = self.add_weight(
            name="output_bias", shape=(self.tokens,), initializer="zeros"
        )
        if not self.tie_embeddings:
            self.output_kernel = self.add_weight(
                name="output_kernel",
                shape=(self.tokens, self.readout_size),
                initializer=self._output_initializer,
            )

    def build_for(self, memory_size: int, context_size: int) -> None:
        """Makes all weights, so that no step need be run to make them.

        Args:
            memory_size: of the encoder's outputs, M.
            context_size: of the context vector, C.
        """
        vector = self.embedding.output_dim
        size = vector + (context_size if self.feed_context else 0)
        size += memory_size if self.attends_before_step else 0
        size += self.readout_size if self.input_feeding else 0
        self.embedding.build((None, None))
        for layer in self.recurrent:
            layer.build((None, None, size))
            size = self.units
        if self.attention is not None:
            self.attention.build((None, None, self.units), (None, None, memory_size))
            read = {"context": memory_size, "state": self.units, "previous": vector}
            size = sum(read[name] for name in self.attention.readout_reads)
        if self.readout is not None:
            self.readout.build((None, None, size))
        self.build()

    @property
    def state_sizes(self) -> list[list[int]]:
        """The sizes of each recurrent layer's states."""
        sizes = [layer.cell.state_size for layer in self.recurrent]
        return [list(s) if isinstance(s, list | tuple) else [s] for s in sizes]

    def remember(self, outputs: Tensor, mask: Tensor, context: Tensor) -> Memory:
        """The memory of the encoder's outputs (B, S, M) and context vector (B, C)."""
        keys: Tensor | None = None
        if self.attention is not None:
            keys = self.attention.keys(outputs)
        return Memory(outputs, mask, keys, context if self.feed_context else None)

    def start(self, states: States) -> dict[str, Any]:
        """The state from which `step` goes on, of the recurrent layers' states, each (B, H)."""
        state: dict[str, Any] = {"cells": [[s[:, None] for s in layer] for layer in states]}
        if self.input_feeding:
            first = states[0][0]
            state["fed"] = tf.zeros([tf.shape(first)[0], 1, self.readout_size], first.dtype)
        return state

    def call(
        self,
        tokens: Tensor,
        memory: Memory,
        states: States,
        training: bool = False,
    ) -> Tensor:
        """Teacher forcing: the r_t (B, T, R) of all steps, given the previous tokens (B, T)."""
        x = embedded = self.embedding_dropout(self.embedding(tokens), training=training)
        if self.attends_before_step or self.input_feeding:
            return self.dropouts[-1](self._loop(x, memory, states, training), training=training)
        if memory.context is not None:
            repeated = tf.repeat(memory.context[:, None], tf.shape(x)[1], 1)
            x = tf.concat([x, repeated], -1)
        for layer, state, dropout in zip(self.recurrent, states, self.dropouts, strict=True):
            x = layer(x, initial_state=state, training=training)[0]
            x = dropout(x, training=training)
        context = None if self.attention is None else self._attend(x, memory)[0]
        return self._read_out(context, x, embedded)

    def logits(self, readout: Tensor) -> Tensor:
        """Scores of the tokens (..., V), of r_t (..., R)."""
        kernel = self.embedding.embeddings if self.tie_embeddings else self.output_kernel
        flat = tf.reshape(readout, [-1, self.readout_size])
        scores = tf.matmul(flat, tf.cast(kernel, flat.dtype), transpose_b=True)
        scores += tf.cast(self.output_bias, flat.dtype)
        return tf.reshape(scores, tf.concat([tf.shape(readout)[:-1], [self.tokens]], 0))

    def step(
        self, tokens: Tensor, state: dict[str, Any], memory: Memory
    ) -> tuple[Tensor, dict[str, Any], Tensor | None]:
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
        self,
        x: Tensor,
        state: dict[str, Any],
        memory: Memory,
        masks: list[Tensor] | None = None,
    ) -> tuple[Tensor, dict[str, Any], Tensor | None]:
        """From the previous tokens' vectors (B, K, E) to r_t (B, K, R).

        `masks` are those of dropout between layers; with them the cells drop of their states too.
        """
        rows, hypotheses = tf.shape(x)[0], tf.shape(x)[1]
        embedded, weights, context = x, None, None
        if memory.context is not None:
            x = tf.concat([x, tf.repeat(memory.context[:, None], hypotheses, 1)], -1)
        if self.attends_before_step:
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
        if self.attention is not None and not self.attends_before_step:
            context, weights = self._attend(h, memory)
        readout = self._read_out(context, h, embedded)
        if self.input_feeding:
            new_state["fed"] = readout
        return readout, new_state, weights

    def _read_out(self, context: Tensor | None, h: Tensor, embedded: Tensor) -> Tensor:
        """r_t, from what the attention says that it is formed of."""
        if self.attention is not None:
            parts = {"context": context, "state": h, "previous": embedded}
            h = tf.concat([parts[name] for name in self.attention.readout_reads], -1)
        return h if self.readout is None else self.readout(h)

    def _attend(self, query: Tensor, memory: Memory) -> tuple[Tensor, Tensor]:
        assert self.attention is not None
        return self.attention(query, memory.outputs, mask=memory.mask, keys=memory.keys)

    def _loop(self, x: Tensor, memory: Memory, states: States, training: bool) -> Tensor:
        """The r_t (B, T, R) of all steps, where it reads what was attended to."""
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

        def body(
            t: Tensor, state: dict[str, Any], written: tf.TensorArray
        ) -> tuple[Tensor, dict[str, Any], tf.TensorArray]:
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
