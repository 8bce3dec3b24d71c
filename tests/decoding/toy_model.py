"""A small model whose every output depends on all before it, and what can be said of it by hand."""

from __future__ import annotations

import itertools

import numpy as np
import tensorflow as tf

START, END = 1, 2  # with PAD 0 the first three of a vocabulary
SOURCE = 4


class ToyModel:
    """Logits and attention from a hash of the tokens so far and of the row's source.

    All of it is elementwise, so what a row gets does not depend on the rest of its batch to the
    last bit. The state is nested: {"row": (B, K), "hash": [(B, K, 2)]}.
    """

    def __init__(self, size: int = 5, *, end_bonus: float = 0.0, attends: bool = False) -> None:
        self.size, self.end_bonus, self.attends = size, end_bonus, attends
        self.steps = 0  # counted eagerly

    def state(self, sources):
        sources = tf.cast(sources, tf.float32)[:, None]
        return {"row": sources, "hash": [tf.stack([sources, 0 * sources], -1)]}

    def __call__(self, tokens, state):
        self.steps += 1
        (hashed,) = state["hash"]
        past = tf.cast(tokens, tf.float32)
        new = tf.stack([37 * hashed[..., 0] + past + 1, 11 * hashed[..., 1] + 3 * past + 2], -1)
        new = tf.math.floormod(new, 211.0)  # whole numbers: exact in float32
        place = tf.range(self.size, dtype=tf.float32)
        angle = new[..., :1] * (place + 1.7) + new[..., 1:] * (place * place + 0.3)
        logits = 2 * tf.sin(angle + state["row"][..., None])  # (B, K, V)
        logits += self.end_bonus * tf.one_hot(END, self.size)
        attention = None
        if self.attends:
            position = tf.range(SOURCE, dtype=tf.float32)
            attention = tf.nn.softmax(3 * tf.cos(new[..., :1] * (position + 0.9)))
        return logits, {"row": state["row"], "hash": [new]}, attention

    def teacher_forced(self, source, tokens, ended):
        """Of a sequence by its own, step by step: log P, and the attention of each step."""
        state, last, log_p, weights = self.state([source]), START, 0.0, []
        for token in [*tokens, *([END] if ended else [])]:
            logits, state, attention = self(tf.constant([[last]]), state)
            log_p += float(tf.nn.log_softmax(logits)[0, 0, token])
            weights.append(None if attention is None else attention[0, 0].numpy())
            last = int(token)
        return log_p, weights

    def all_outputs(self, max_length):
        """Each output that there is: its tokens, and whether it ended."""
        others = [t for t in range(self.size) if t != END]
        for length in range(max_length + 1):
            for tokens in itertools.product(others, repeat=length):
                yield list(tokens), length < max_length


def outputs_of(hypotheses, row):
    """The tokens of each hypothesis of a row, as lists; padding is checked."""
    found = []
    for tokens, length in zip(
        hypotheses.tokens[row].numpy(), hypotheses.lengths[row].numpy(), strict=True
    ):
        assert not tokens[length:].any()
        found.append(tokens[:length].tolist())
    return found


def same(found, expected, **tolerance):
    """That two results are the same."""
    np.testing.assert_array_equal(found.tokens, expected.tokens)
    np.testing.assert_array_equal(found.lengths, expected.lengths)
    for a, b in zip(found[2:], expected[2:], strict=True):
        assert (a is None) == (b is None)
        if a is not None:
            np.testing.assert_allclose(a, b, **({"rtol": 1e-6, "atol": 1e-6} | tolerance))
