"""Small networks of one recurrent layer, traced once and trained anew with each seed."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, NamedTuple

import keras
import numpy as np
import tensorflow as tf

from seqkit.layers import recurrent_layer

from .rows import ROWS

AT_ONCE = 32  # steps of training that are one function


class Batch(NamedTuple):
    """Sequences and what is asked of them; what is trained on has an axis of batches before.

    Attributes:
        x: (B, T, D).
        y: targets, (B, T, K) where every step is asked, else (B, K).
        valid: boolean (B, T): False at steps behind a sequence's end.
        asked: (B, T), the weight of a step's loss; None where the last step alone is asked.
    """

    x: np.ndarray
    y: np.ndarray
    valid: np.ndarray
    asked: np.ndarray | None = None


class Shape(NamedTuple):
    """The sizes of a task: steps T, features D, outputs K, and what the outputs are.

    Attributes:
        answers: "classes", of which one is right; "marks", each of them yes or no; "numbers".
        every_step: whether every step is asked, not the last one alone.
    """

    steps: int
    features: int
    outputs: int
    answers: str
    every_step: bool


def open_bias(gate: int, value: float) -> Callable[..., Any]:
    """An initialiser of biases: zeros, but for one gate's block."""

    def initializer(shape: tuple[int, ...], dtype: Any = None) -> Any:
        bias = np.zeros(shape, "float32")
        units = initializer.units  # type: ignore[attr-defined]
        bias[..., gate * units : (gate + 1) * units] = value
        if bias.ndim == 2:
            bias[1:] = 0  # a GRU has two biases that are added
        return tf.constant(bias, dtype)

    return initializer


def new_layer(row: str, units: int, *, remembered: float, **options: Any) -> Any:
    """The recurrent layer of a row of a table.

    Args:
        row: of `ROWS`.
        units: of the layer.
        remembered: steps over which an open gate is to remember: its bias is their logarithm
            (Tallec & Ollivier 2018, arXiv:1804.11188, for the longest of them).
        options: further ones of the layer.
    """
    given = dict(ROWS[row].options)
    if ROWS[row].open_gate is not None:
        gate = recurrent_layer(ROWS[row].cell, units, **given).cell.equations.gates.index(
            ROWS[row].open_gate
        )
        given["bias_initializer"] = initializer = open_bias(gate, math.log(remembered))
        initializer.units = units  # type: ignore[attr-defined]
    return recurrent_layer(ROWS[row].cell, units, **given, **options)


class Network:
    """A recurrent layer and a layer of outputs, trained by Adam.

    One object is trained with many seeds: its weights and the optimiser start anew, and what was
    compiled, for some seconds, stays. That is many steps of training as one function: at these
    sizes a step takes a tenth of the time that calling it would.

    Args:
        row: of `ROWS`.
        units: of the layer.
        shape: of the task.
        rows: sequences a step of training.
        remembered: see `new_layer`.
        clipnorm: largest norm of the gradient of all weights. Default 1.
    """

    def __init__(
        self,
        row: str,
        units: int,
        shape: Shape,
        rows: int,
        *,
        remembered: float = 1.0,
        clipnorm: float = 1.0,
    ) -> None:
        self.row, self.units, self.shape, self.rows = row, units, shape, rows
        self.remembered = remembered
        self.layer, self.head = self._new()
        self._optimizer = keras.optimizers.Adam(global_clipnorm=clipnorm)
        self._weights = [*self.layer.trainable_variables, *self.head.trainable_variables]
        self._optimizer.build(self._weights)
        self._unused = [v.numpy() for v in self._optimizer.variables]
        answered = (shape.steps, shape.outputs) if shape.every_step else (shape.outputs,)
        self._answered = (rows, *answered)
        signature = [
            tf.TensorSpec((AT_ONCE, rows, shape.steps, shape.features)),
            tf.TensorSpec((AT_ONCE, rows, *answered)),
            tf.TensorSpec((AT_ONCE, rows, shape.steps), tf.bool),
            tf.TensorSpec((AT_ONCE, rows, shape.steps)),
        ]
        compiled = {"jit_compile": True, "autograph": False}
        self._steps = tf.function(self._train, input_signature=signature, **compiled)
        any_batch = [
            tf.TensorSpec((None, None, shape.features)),
            tf.TensorSpec((None, None), tf.bool),
        ]
        self._answer = tf.function(self._forward, input_signature=any_batch, autograph=False)

    @property
    def parameters(self) -> int:
        """How many numbers are learned."""
        return int(sum(np.prod(w.shape) for w in self._weights))

    def start(self, seed: int, learning_rate: float) -> None:
        """Draws new weights and forgets what the optimiser knew."""
        keras.utils.set_random_seed(seed)
        for part, fresh in zip((self.layer, self.head), self._new(), strict=True):
            part.set_weights(fresh.get_weights())
        for variable, value in zip(self._optimizer.variables, self._unused, strict=True):
            variable.assign(value)
        self.learn_at(learning_rate)

    def learn_at(self, rate: float) -> None:
        """Sets the learning rate."""
        self._optimizer.learning_rate = rate

    def train(self, batches: Batch) -> np.ndarray:
        """Takes `AT_ONCE` steps of training.

        Args:
            batches: an axis of `AT_ONCE` before those of a batch.

        Returns:
            The outputs of each batch before its step: probabilities, or numbers.
        """
        asked = batches.valid.astype("float32") if batches.asked is None else batches.asked
        return np.asarray(self._steps(batches.x, batches.y, batches.valid, asked))

    def answers(self, batch: Batch) -> np.ndarray:
        """The outputs for a batch, of any number of rows and steps."""
        return np.asarray(self._answer(batch.x, batch.valid))

    def _new(self) -> tuple[Any, Any]:
        layer = new_layer(
            self.row,
            self.units,
            remembered=self.remembered,
            return_sequences=self.shape.every_step,
        )
        head = keras.layers.Dense(self.shape.outputs)
        layer.build((None, self.shape.steps, self.shape.features))
        head.build((None, self.units))
        return layer, head

    def _scores(self, x: Any, valid: Any) -> Any:
        return self.head(self.layer(x, mask=valid))

    def _forward(self, x: Any, valid: Any) -> Any:
        return self._outputs(self._scores(x, valid))

    def _outputs(self, scores: Any) -> Any:
        return {"classes": tf.nn.softmax, "marks": tf.sigmoid, "numbers": tf.identity}[
            self.shape.answers
        ](scores)

    def _train(self, x: Any, y: Any, valid: Any, asked: Any) -> Any:
        def step(i: Any, outputs: Any) -> tuple[Any, Any]:
            return i + 1, outputs.write(i, self._step(x[i], y[i], valid[i], asked[i]))

        none = tf.TensorArray(tf.float32, AT_ONCE, element_shape=self._answered)
        _, outputs = tf.while_loop(
            lambda i, _: i < AT_ONCE, step, (0, none), maximum_iterations=AT_ONCE
        )
        return outputs.stack()

    def _step(self, x: Any, y: Any, valid: Any, asked: Any) -> Any:
        with tf.GradientTape() as tape:
            scores = self._scores(x, valid)
            losses = self._losses(y, scores)  # (B, T) or (B,)
            if self.shape.every_step:
                loss = tf.reduce_sum(losses * asked) / tf.reduce_sum(asked)
            else:
                loss = tf.reduce_mean(losses)
        gradients = tape.gradient(loss, [w.value for w in self._weights])
        self._optimizer.apply(gradients, self._weights)
        return self._outputs(scores)

    def _losses(self, y: Any, scores: Any) -> Any:
        if self.shape.answers == "classes":
            return tf.nn.softmax_cross_entropy_with_logits(y, scores)
        if self.shape.answers == "marks":
            return tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(y, scores), -1)
        return tf.reduce_mean((scores - y) ** 2, -1)
