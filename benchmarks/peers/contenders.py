"""The contenders: a recurrent layer of each library, as calls without arguments.

Forward is inference and returns the outputs of all steps. A step is one of training: the outputs,
loss = sum of their squares, and the gradients of all weights and of the inputs. Nothing is updated,
so that every call does the same work. Layers and inputs (B, T, D) are made once, outside the calls.
Each call ends by reading a number that the library computed, so that nothing is left pending.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from seqkit.layers import recurrence_path, recurrent_layer

tf.get_logger().setLevel("ERROR")  # it warns of the many functions that are meant here

Call = Callable[[], float]

# name of our cell: the layer that Keras and torch have in its place
COUNTERPARTS = {
    "peephole_lstm": ("LSTM", "LSTM"),
    "lstm": ("LSTM", "LSTM"),
    "gru": ("GRU", "GRU"),
    "simple_rnn": ("SimpleRNN", "RNN"),
}


def inputs(batch: int, steps: int, features: int) -> np.ndarray:
    """Normal inputs (B, T, D), the same for all contenders."""
    return np.random.default_rng(0).normal(size=(batch, steps, features)).astype("float32")


def seqkit_layer(cell: str, features: int, units: int) -> Any:
    """Our layer, built."""
    layer = recurrent_layer(cell, units, return_sequences=True)
    layer.build((None, None, features))
    return layer


def keras_layer(cell: str, features: int, units: int) -> Any:
    """Keras's layer in the place of our cell, built."""
    name, _ = COUNTERPARTS[cell]
    layer = getattr(keras.layers, name)(units, return_sequences=True)
    layer.build((None, None, features))
    return layer


def torch_layer(cell: str, features: int, units: int) -> Any:
    """torch's layer in the place of our cell."""
    import torch  # memory of TensorFlow's layers is measured without it

    _, name = COUNTERPARTS[cell]
    return getattr(torch.nn, name)(features, units, batch_first=True)


def tensorflow_forward(
    layer: Any, data: np.ndarray, *, jit_compile: bool | None = None, path: Any = "auto"
) -> Call:
    """Inference with a Keras layer inside a `tf.function`.

    Args:
        jit_compile: as of `tf.function`.
        path: of our layers' recurrence; of no effect on Keras's.
    """
    x = tf.constant(data)

    @tf.function(jit_compile=jit_compile, autograph=False)
    def forward(x: Any) -> Any:
        with recurrence_path(path):
            outputs = layer(x)
        return outputs, outputs[0, -1, 0]

    return lambda: float(forward(x)[1].numpy())


def tensorflow_step(layer: Any, data: np.ndarray, *, jit_compile: bool | None = None) -> Call:
    """A training step of a Keras layer inside a `tf.function`; jit_compile as there."""
    x = tf.constant(data)

    @tf.function(jit_compile=jit_compile, autograph=False)
    def step(x: Any) -> Any:
        weights = [weight.value for weight in layer.trainable_weights]
        with tf.GradientTape() as tape:
            tape.watch(x)
            loss = tf.reduce_sum(tf.square(layer(x, training=True)))
        return loss, tape.gradient(loss, [x, *weights])

    return lambda: float(step(x)[0].numpy())


def torch_forward(layer: Any, data: np.ndarray) -> Call:
    """Inference with a torch layer, no gradients recorded."""
    import torch

    x = torch.from_numpy(data)

    def forward() -> float:
        with torch.no_grad():
            outputs, _ = layer(x)
            return float(outputs[0, -1, 0].item())

    return forward


def torch_step(layer: Any, data: np.ndarray) -> Call:
    """A training step of a torch layer."""
    import torch

    x = torch.from_numpy(data.copy()).requires_grad_()

    def step() -> float:
        layer.zero_grad()
        x.grad = None
        outputs, _ = layer(x)
        loss = outputs.square().sum()
        loss.backward()
        return float(loss.item())

    return step
