"""Cells' equations once more, written step by step for autodiff in float64: an oracle that shares
nothing with the engine."""

from __future__ import annotations

from typing import Any

import tensorflow as tf

ACTIVATIONS = {
    "tanh": tf.tanh,
    "sigmoid": lambda z: 1 / (1 + tf.exp(-z)),
    "relu": lambda z: tf.where(z > 0, z, tf.zeros_like(z)),
    "hard_sigmoid": lambda z: tf.clip_by_value(z / 6 + 0.5, 0, 1),
}


def simple_rnn_step(x, state, weights, o):
    W, U, *b = weights
    (h,) = state
    z = x @ W + h @ U
    return (o["activation"](z + b[0] if b else z),)


def lstm_step(x, state, weights, o):
    h, c = state
    gates = [g for g in ("input", "forget", "candidate", "output") if o.get(f"{g}_gate", True)]
    if o.get("coupled_gates"):
        gates.remove("forget")
    W, U, *rest = weights
    z = x @ W + h @ U
    if o.get("use_bias", True):
        z, rest = z + rest[0], rest[1:]
    z = dict(zip(gates, tf.split(z, len(gates), axis=1), strict=True))
    p = dict(zip([g for g in gates if g != "candidate"], rest, strict=False))

    def gate(name, c):
        if name not in z:
            return tf.ones_like(c)
        return o["recurrent_activation"](z[name] + p[name] * c if name in p else z[name])

    i = gate("input", c)
    f = 1 - i if o.get("coupled_gates") else gate("forget", c)
    c = f * c + i * o["activation"](z["candidate"])
    return gate("output", c) * o["activation"](c), c


def gru_step(x, state, weights, o):
    W_z, W_r, W_c = tf.split(weights[0], 3, axis=1)
    U_z, U_r, U_c = tf.split(weights[1], 3, axis=1)
    reset_after = o.get("reset_after", True)
    if not o.get("use_bias", True):
        b = tf.zeros([2, 3, 1], x.dtype)
    elif reset_after:
        b = tf.reshape(weights[2], [2, 3, -1])
    else:
        b = tf.stack([tf.reshape(weights[2], [3, -1]), tf.zeros([3, U_z.shape[0]], x.dtype)])
    (h,) = state
    z = o["recurrent_activation"](x @ W_z + b[0, 0] + h @ U_z + b[1, 0])
    r = o["recurrent_activation"](x @ W_r + b[0, 1] + h @ U_r + b[1, 1])
    recurrent = r * (h @ U_c + b[1, 2]) if reset_after else (r * h) @ U_c
    c = o["activation"](x @ W_c + b[0, 2] + recurrent)
    return (z * h + (1 - z) * c,)


STEPS = {
    "SimpleRNN": simple_rnn_step,
    "LSTM": lstm_step,
    "PeepholeLSTM": lstm_step,
    "GRU": gru_step,
}


def run(variant: Any, x, state, weights, mask=None, go_backwards=False):
    """Outputs (B, T, H) in the order of reading, and the final state."""
    options = {"activation": "tanh", "recurrent_activation": "sigmoid", **variant.options}
    options |= {k: ACTIVATIONS[v] for k, v in options.items() if k.endswith("activation")}
    step = STEPS[variant.layer_class.__name__]
    times = range(x.shape[1])
    output, outputs = tf.zeros_like(state[0]), []
    for t in reversed(times) if go_backwards else times:
        new = step(x[:, t], state, weights, options)
        valid = tf.ones([x.shape[0], 1], tf.bool) if mask is None else mask[:, t, None]
        output = tf.where(valid, new[0], output)
        state = tuple(tf.where(valid, v, old) for v, old in zip(new, state, strict=True))
        outputs.append(output)
    return tf.stack(outputs, 1), state
