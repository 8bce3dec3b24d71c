"""The names of attentions; and an attention of one's own, by one line in the registry."""

from __future__ import annotations

import keras
import numpy as np
import pytest

from seqkit.layers import ATTENTIONS, Attention, BahdanauAttention, LuongAttention
from seqkit.layers.attentions import attention_class, check_input_feeding
from seqkit.models import EncoderDecoder, Forecaster

SOURCES = np.array([[2, 3, 4, 8], [5, 6, 0, 0], [7, 0, 0, 0]], "int32")
PREVIOUS = np.array([[6, 2, 3], [6, 5, 2], [6, 4, 0]], "int32")
TARGETS = np.array([[2, 3, 6], [5, 2, 6], [4, 6, 0]], "int32")


class MeanAttention(Attention):
    """All valid entries weigh the same; `strength` is trained and has no effect at first."""

    def __init__(self, kernel_initializer="zeros", **kwargs):
        super().__init__(**kwargs)

    def build(self, query_shape, memory_shape):
        shape = (memory_shape[-1], query_shape[-1])
        self.strength = self.add_weight(name="strength", shape=shape, initializer="zeros")

    def keys(self, memory):
        return keras.ops.matmul(memory, self.strength)

    def score(self, query, keys):
        return keras.ops.matmul(query, keras.ops.transpose(keys, (0, 2, 1)))


class EarlyMeanAttention(MeanAttention):
    """The same, read by the cell before its step."""

    feeds_back = True
    readout_reads = ("state", "previous", "context")


@pytest.fixture(params=[MeanAttention, EarlyMeanAttention])
def toy(request, monkeypatch):
    monkeypatch.setitem(ATTENTIONS, "toy", request.param)
    return request.param


def test_names():
    assert {"bahdanau": BahdanauAttention, "luong": LuongAttention} == ATTENTIONS
    assert attention_class(None) is None
    with pytest.raises(ValueError, match="attention must be one of .*Did you mean 'luong'"):
        attention_class("loung")
    with pytest.raises(ValueError, match="attention must be one of .* got 7"):
        attention_class(7)


def test_an_encoder_decoder_trains_with_an_attention_of_ones_own(toy):
    model = EncoderDecoder(
        9, 7, attention="toy", units=5, embedding_dim=4, draw_seed=iter(range(99)).__next__
    )
    expected = model((SOURCES, PREVIOUS)).numpy()
    encoded = model.encode(SOURCES)
    state = encoded.state
    for t in range(PREVIOUS.shape[1]):
        logits, state, weights = model.step(PREVIOUS[:, t : t + 1], state, encoded.memory)
        np.testing.assert_allclose(logits[:, 0], expected[:, t], atol=1e-5)
        np.testing.assert_allclose(weights[1, 0], [0.5, 0.5, 0, 0], atol=1e-6)
    readout = model.decoder.readout.kernel.shape[0]
    assert readout == sum({"context": 10, "state": 5, "previous": 4}[n] for n in toy.readout_reads)
    before = model.decoder.attention.strength.numpy()
    model.compile(keras.optimizers.Adam(0.05))
    losses = model.fit((SOURCES, PREVIOUS), TARGETS, epochs=30, verbose=0).history["loss"]
    assert losses[-1] < 0.5 * losses[0]
    assert np.abs(model.decoder.attention.strength - before).max() > 1e-4


def test_only_what_does_not_feed_back_is_fed(toy):
    names = "'luong'" if toy.feeds_back else "'luong' or 'toy'"
    with pytest.raises(ValueError, match=f"input_feeding=True needs attention={names}, got .*None"):
        check_input_feeding(None)
    if toy.feeds_back:
        with pytest.raises(ValueError, match=f"needs attention={names}, got .*toy"):
            check_input_feeding("toy")
    else:
        check_input_feeding("toy")


def test_a_forecaster_takes_it(toy):
    model = Forecaster(4, attention="toy", units=8)
    history = np.arange(24, dtype="float32").reshape(1, 24, 1)
    assert model.forecast({"history": history}).shape == (1, 4)
    assert type(model.attention) is toy
    with pytest.raises(ValueError, match="attention must be one of"):
        Forecaster(4, attention="self")
