"""The encoder-decoder: steps against the whole, gradients, losses, and as Keras users use it."""

from __future__ import annotations

import functools
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf
from scipy.special import softmax

from seqkit.layers import recurrence_path
from seqkit.models import EncoderDecoder
from seqkit.models.seq2seq.smoothed_cross_entropy import smoothed_cross_entropy

SOURCE, TARGET, UNITS, DIM = 9, 7, 5, 4
ATTENTIONS = {
    "none": {"attention": None},
    "context": {"attention": None, "feed_context": True},
    "dot": {"attention_score": "dot", "bidirectional": False},
    "general": {},
    "concat": {"attention_score": "concat"},
    "input_feeding": {"input_feeding": True, "feed_context": True},
    "bahdanau": {"attention": "bahdanau"},
}
# Every attention with one state or with two, every cell with a loop or without; the rest is slow.
TWO_STATES = ("context", "dot", "input_feeding", "bahdanau")
DECODER_OF = {name: ("lstm", 2) if name in TWO_STATES else ("gru", 1) for name in ATTENTIONS}
FEW = {(name, *cell) for name, cell in DECODER_OF.items()} | {
    ("general", "peephole_lstm", 1),
    ("general", "keras_gru", 1),
    ("bahdanau", "peephole_lstm", 1),
    ("bahdanau", "simple_rnn", 1),
}
ALL = [
    *((attention, *cell) for attention in ATTENTIONS for cell in (("gru", 1), ("lstm", 2))),
    *(
        (attention, cell, 1)
        for attention in ("general", "bahdanau")
        for cell in ("peephole_lstm", "keras_gru", "simple_rnn")
    ),
]
DECODERS = [pytest.param(*d, marks=[] if d in FEW else [pytest.mark.slow]) for d in ALL]
every_attention = pytest.mark.parametrize("attention", ATTENTIONS)
# Those that train step by step.
LOOPS = ("input_feeding", "bahdanau")
# Each kind of dropout with a loop and without; other pairs are slow.
DROPPING = {
    "dropout": ("general", "bahdanau"),
    "recurrent_dropout": ("none", "input_feeding"),
    "embedding_dropout": ("general", "bahdanau"),
}
PREVIOUS = np.array([[6, 2, 3, 4, 1], [6, 5, 2, 0, 0], [6, 0, 0, 0, 0]], "int32")
SOURCES = np.array([[2, 3, 4, 8], [5, 6, 0, 0], [7, 0, 0, 0]], "int32")
TARGETS = np.array([[2, 3, 4, 1, 6], [5, 2, 6, 0, 0], [6, 0, 0, 0, 0]], "int32")
VALID = TARGETS != 0


# What is soonest traced, where neither the cell nor the encoder's directions matter.
CHEAP = {"cell": "lstm", "bidirectional": False}


def new(attention: str = "general", **options) -> EncoderDecoder:
    """A model with weights, on which no two tokens are alike."""
    chosen: Any = ATTENTIONS[attention]
    options = {"units": UNITS, "embedding_dim": DIM, **chosen, **options}
    model = EncoderDecoder(SOURCE, TARGET, **options)
    model.build()
    rng = np.random.default_rng(0)
    for weight in model.trainable_weights:
        weight.assign(weight + rng.normal(scale=0.3, size=weight.shape))
    return model


@functools.cache
def model_of(attention: str, cell: str, layers: int) -> EncoderDecoder:
    """For tests that leave it as it is."""
    return new(attention, cell=cell, layers=layers)


@pytest.mark.parametrize("attention, cell, layers", DECODERS)
def test_steps_give_what_teacher_forcing_gives_whatever_the_padding(attention, cell, layers):
    model = model_of(attention, cell, layers)
    expected = model((SOURCES, PREVIOUS)).numpy()
    more = np.pad(SOURCES, [[0, 0], [0, 3]]), np.pad(PREVIOUS, [[0, 0], [0, 2]])
    np.testing.assert_allclose(model(more)[:, :5][VALID], expected[VALID], atol=1e-5)
    encoded = model.encode(more[0])
    state = encoded.state
    for t in range(PREVIOUS.shape[1]):
        logits, state, weights = model.step(PREVIOUS[:, t : t + 1], state, encoded.memory)
        np.testing.assert_allclose(logits[:, 0], expected[:, t], atol=1e-5)
        if model.decoder.attention is None:
            assert weights is None
        else:
            np.testing.assert_allclose(weights.numpy().sum(-1), 1, atol=1e-5)
            assert not weights.numpy()[:, 0][more[0] == 0].any()


@every_attention
def test_a_row_is_as_it_is_alone_and_hypotheses_do_not_mix(attention):
    model = model_of(attention, *DECODER_OF[attention])
    expected = model((SOURCES, PREVIOUS)).numpy()
    alone = model((SOURCES[1:2, :2], PREVIOUS[1:2, :3]))
    np.testing.assert_allclose(alone[0], expected[1, :3], atol=1e-5)
    encoded = model.encode(SOURCES)
    state = tf.nest.map_structure(lambda s: tf.repeat(s, 2, 1), encoded.state)
    tokens = np.array([[6, 3], [6, 4], [6, 5]])
    both, _, _ = model.step(tokens, state, encoded.memory)
    for k in range(2):
        one, _, _ = model.step(tokens[:, k : k + 1], encoded.state, encoded.memory)
        np.testing.assert_allclose(both[:, k], one[:, 0], atol=1e-5)


@pytest.mark.parametrize("feed_context", [False, True])
@pytest.mark.parametrize("attention, cell, layers", DECODERS)
def test_building_makes_all_weights(attention, cell, layers, feed_context):
    """Of the sizes that a call needs, so that it makes none and fits none anew."""
    options = {"cell": cell, "layers": layers, "feed_context": feed_context}
    model = new(attention, encoder_units=UNITS if attention == "dot" else 3, **options)
    before = [weight.path for weight in model.weights]
    model((SOURCES, PREVIOUS))
    assert [weight.path for weight in model.weights] == before


@pytest.mark.parametrize("attention", ["dot", "input_feeding", "bahdanau"])
def test_equations_of_the_decoder(attention):
    """In numpy, from the encoder's outputs on; the cell is h = tanh(W x + U h + b)."""
    model = model_of(attention, "simple_rnn", 1)
    decoder = model.decoder
    w = {v.path.split("decoder/")[-1]: v.numpy() for v in decoder.weights}
    (kernel, recurrent, bias) = (v.numpy() for v in decoder.recurrent[0].cell.weights)
    readout, readout_bias = (v.numpy() for v in decoder.readout.weights)
    embeddings = decoder.embedding.embeddings.numpy()
    encoded = model.encode(SOURCES[:1])
    m, h = encoded.memory.outputs[0].numpy(), encoded.state["cells"][0][0][0, 0].numpy()
    context_vector = model.encoder(SOURCES[:1])[1][0][0][0].numpy()
    weights = {v.name: v.numpy() for v in decoder.attention.weights}

    def attend(q: np.ndarray) -> np.ndarray:
        if attention == "bahdanau":
            a = np.tanh(q @ weights["query_kernel"] + m @ weights["memory_kernel"])
            return softmax(a @ weights["v"]) @ m
        return softmax(m @ (q if attention == "dot" else weights["kernel"] @ q)) @ m

    fed = np.zeros(DIM)
    for token, logits in zip(PREVIOUS[0], model((SOURCES, PREVIOUS))[0], strict=True):
        x = y = embeddings[token]
        if attention == "bahdanau":
            c = attend(h)
            x = np.concatenate([y, c])
        elif attention == "input_feeding":
            x = np.concatenate([y, context_vector, fed])
        h = np.tanh(x @ kernel + h @ recurrent + bias)
        if attention == "bahdanau":
            read = np.concatenate([c, h, y])
        else:
            read = np.concatenate([attend(h), h])
        fed = np.tanh(read @ readout + readout_bias)
        np.testing.assert_allclose(logits, fed @ embeddings.T + w["output_bias"], atol=1e-5)


@pytest.fixture
def _float64():
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy("float64")
    yield
    keras.config.set_dtype_policy(before)


def loss_of(model: EncoderDecoder) -> tf.Tensor:
    logits = model((SOURCES, PREVIOUS), training=True)
    return model.compute_loss(y=tf.constant(TARGETS), y_pred=logits)


@pytest.mark.usefixtures("_float64")
@pytest.mark.parametrize(
    ("attention", "layers"), [(name, 2 if name in LOOPS else 1) for name in ATTENTIONS]
)
def test_gradient_is_that_of_finite_differences(attention, layers):
    both = attention in ("none", "general")  # directions, of states and of what is attended to
    options = {"layers": layers, "label_smoothing": 0.1, "cell": "lstm", "bidirectional": both}
    model = new(attention, **options)
    weights = model.trainable_weights
    with tf.GradientTape() as tape:
        loss = loss_of(model)
    gradients = tape.gradient(loss, weights)
    rng = np.random.default_rng(1)
    directions = [rng.normal(size=w.shape) for w in weights]
    values = [w.numpy() for w in weights]

    def moved(step: float) -> float:
        for weight, value, direction in zip(weights, values, directions, strict=True):
            weight.assign(value + step * direction)
        return float(loss_of(model))

    slope = sum(
        float(tf.reduce_sum(tf.convert_to_tensor(g) * d))
        for g, d in zip(gradients, directions, strict=True)
    )
    assert slope == pytest.approx((moved(1e-5) - moved(-1e-5)) / 2e-5, rel=1e-5)


@pytest.mark.parametrize("attention", LOOPS)
def test_the_loop_is_the_unrolled_loop(attention):
    model = model_of(attention, "lstm", 2)

    def unrolled() -> tf.Tensor:
        encoded = model.encode(SOURCES, training=True)
        state, found = encoded.state, []
        for t in range(PREVIOUS.shape[1]):
            logits, state, _ = model.step(PREVIOUS[:, t : t + 1], state, encoded.memory)
            found.append(logits)
        return tf.concat(found, 1)

    @tf.function(autograph=False)
    def gradients_of_the_loop() -> list[tf.Tensor]:
        with tf.GradientTape() as tape, recurrence_path("portable"):
            loss = loss_of(model)
        return tape.gradient(loss, model.trainable_weights)

    with tf.GradientTape() as tape:
        loss = model.compute_loss(y=tf.constant(TARGETS), y_pred=unrolled())
    expected = tape.gradient(loss, model.trainable_weights)
    for found, gradient in zip(gradients_of_the_loop(), expected, strict=True):
        found, gradient = map(tf.convert_to_tensor, (found, gradient))
        np.testing.assert_allclose(found, gradient, rtol=1e-3, atol=1e-6)


@pytest.mark.parametrize(
    ("attention", "cell"),
    [
        ("bahdanau", "simple_rnn"),
        pytest.param("bahdanau", "peephole_lstm", marks=pytest.mark.slow),
        pytest.param("general", "gru", marks=pytest.mark.slow),
        pytest.param("none", "lstm", marks=pytest.mark.slow),
    ],
)
def test_gradients_on_the_compiled_path_are_those_on_the_portable_one(attention, cell):
    model = model_of(attention, cell, 1)

    def gradients(path: str) -> list[tf.Tensor]:
        @tf.function(autograph=False)
        def run() -> list[tf.Tensor]:
            with tf.GradientTape() as tape, recurrence_path(path):
                loss = loss_of(model)
            return tape.gradient(loss, model.trainable_weights)

        return [tf.convert_to_tensor(g).numpy() for g in run()]

    for found, expected in zip(gradients("compiled"), gradients("portable"), strict=True):
        assert np.isfinite(found).all()
        np.testing.assert_allclose(found, expected, rtol=1e-3, atol=1e-6)


@pytest.mark.parametrize("smoothing", [0.0, 0.1, 0.5])
def test_label_smoothing_is_that_of_keras(smoothing):
    rng = np.random.default_rng(0)
    logits, labels = rng.normal(size=(3, 5, TARGET)), rng.integers(0, TARGET, (3, 5))
    loss, plain = smoothed_cross_entropy(labels, logits, smoothing)
    oracle = keras.losses.CategoricalCrossentropy(
        from_logits=True, label_smoothing=smoothing, reduction=None, dtype="float64"
    )
    np.testing.assert_allclose(loss, oracle(np.eye(TARGET)[labels], logits), rtol=1e-10)
    expected = keras.losses.sparse_categorical_crossentropy(labels, logits, from_logits=True)
    np.testing.assert_allclose(plain, expected, rtol=1e-10)


def test_perplexity_is_of_the_valid_tokens_and_never_smoothed():
    model = new(label_smoothing=0.3, **CHEAP)
    model.compile("adam")
    p = tf.nn.log_softmax(model((SOURCES, PREVIOUS))).numpy()
    nll = -np.take_along_axis(p, TARGETS[..., None], -1)[..., 0]
    found = model.evaluate((SOURCES, PREVIOUS), TARGETS, batch_size=2, return_dict=True, verbose=0)
    assert found["perplexity"] == pytest.approx(np.exp(nll[VALID].mean()), rel=1e-4)
    weights = np.array([1.0, 2.0, 0.0])
    found = model.evaluate(
        (SOURCES, PREVIOUS), TARGETS, sample_weight=weights, return_dict=True, verbose=0
    )
    weighted, heavy = nll * VALID * weights[:, None], VALID * weights[:, None]
    assert found["loss"] == pytest.approx(weighted.sum() / (heavy > 0).sum(), rel=1e-4)
    mean = weighted.sum() / heavy.sum()
    assert found["perplexity"] == pytest.approx(np.exp(mean), rel=1e-4)
    loss = model.compute_loss(
        y=tf.constant(TARGETS), y_pred=model((SOURCES, PREVIOUS)), sample_weight=None
    )
    smoothed = 0.7 * nll - 0.3 * p.mean(-1)  # in training
    assert float(loss) == pytest.approx(smoothed[VALID].mean(), rel=1e-4)


def test_a_batch_of_weight_zero_has_no_loss():
    model = model_of("general", "gru", 1)
    logits = model((SOURCES, PREVIOUS))
    weight = tf.zeros(3)
    assert float(model.compute_loss(y=TARGETS, y_pred=logits, sample_weight=weight)) == 0


@pytest.mark.parametrize("attention", ["general", "bahdanau"])
def test_scheduled_sampling(attention):
    model = new(attention, scheduled_sampling=0.5, **CHEAP)
    model.sampling_rate.assign(0.0)
    forced = model((SOURCES, PREVIOUS))
    np.testing.assert_allclose(model((SOURCES, PREVIOUS), training=True), forced, atol=1e-6)
    model.sampling_rate.assign(1.0)
    np.testing.assert_array_equal(model((SOURCES, PREVIOUS)), forced)  # in training alone
    model.decoder.output_bias.assign(100.0 * np.eye(TARGET)[5])  # so it always predicts 5
    own = np.where(PREVIOUS == 0, 0, np.array([[6, 5, 5, 5, 5]]))
    found = model((SOURCES, PREVIOUS), training=True)
    np.testing.assert_allclose(found, model((SOURCES, own)), atol=1e-4)


def test_share_of_sampled_tokens():
    model = new(scheduled_sampling=0.25, **CHEAP)
    previous = np.full((200, 50), 3)
    logits = np.where(np.arange(TARGET) == 5, 100.0, 0.0) * np.ones((200, 50, 1))
    sampled = model._sampled(tf.constant(previous), tf.constant(logits)).numpy()
    assert (sampled[:, 0] == 3).all()
    assert set(np.unique(sampled)) == {3, 5}
    assert (sampled[:, 1:] == 5).mean() == pytest.approx(0.25, abs=0.02)


@pytest.mark.parametrize("attention", ["none", "general"])
def test_tied_embeddings_are_one_weight(attention):
    tied = model_of(attention, *DECODER_OF[attention])
    untied = new(attention, tie_embeddings=False, **CHEAP)
    assert not [w for w in tied.weights if w.name == "output_kernel"]
    (kernel,) = [w for w in untied.weights if w.name == "output_kernel"]
    assert kernel.shape[0] == TARGET
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum(tied((SOURCES, PREVIOUS * 0 + 2))[..., 3])
    (gradient,) = tape.gradient(loss, tied.decoder.embedding.trainable_weights)
    assert tf.convert_to_tensor(gradient).numpy()[3].any()  # 3 was written, never read


@pytest.mark.parametrize(
    ("attention", "where"),
    [
        pytest.param(attention, where, marks=[] if attention in few else [pytest.mark.slow])
        for where, few in DROPPING.items()
        for attention in ("none", "general", *LOOPS)
    ],
)
def test_dropout_is_of_training_alone(attention, where):
    layers = 2 if where == "dropout" else 1  # which is between layers, too
    model = new(attention, layers=layers, **CHEAP, **{where: 0.5})
    inputs = SOURCES, PREVIOUS
    expected = model(inputs)
    np.testing.assert_array_equal(model(inputs), expected)
    first, second = (model(inputs, training=True).numpy() for _ in range(2))
    assert np.isfinite(first).all()
    assert not np.allclose(first, second)
    assert not np.allclose(first, expected)


@pytest.mark.parametrize("attention", LOOPS)
def test_the_loop_drops_of_the_decoders_states_one_mask_for_all_steps(attention):
    model = new(attention, recurrent_dropout=0.5, **CHEAP)
    encoded = model.encode(SOURCES)
    states = [[s[:, 0] for s in layer] for layer in encoded.state["cells"]]

    @tf.function(autograph=False)
    def run(training: bool) -> tf.Tensor:
        return model.decoder(PREVIOUS, encoded.memory, states, training=training)

    assert not np.allclose(run(True), run(True))
    np.testing.assert_allclose(run(False), run(False))
    np.testing.assert_allclose(  # nothing is left over of training
        model((SOURCES, PREVIOUS)), model.decoder.logits(run(False)), atol=1e-5
    )


@keras.saving.register_keras_serializable("tests")
class LeakyCell(keras.layers.Layer):
    """A user's own cell: h = 0.5 h + 0.5 tanh(W x + U h)."""

    def __init__(self, units, **kwargs):
        super().__init__(**kwargs)
        self.units = self.state_size = self.output_size = units

    def build(self, input_shape):
        self.kernel = self.add_weight(shape=(input_shape[-1], self.units), name="kernel")
        self.recurrent = self.add_weight(shape=(self.units, self.units), name="recurrent")

    def call(self, inputs, states):
        (h,) = states
        h = 0.5 * h + 0.5 * tf.tanh(inputs @ self.kernel + h @ self.recurrent)
        return h, [h]

    def get_config(self):
        return {**super().get_config(), "units": self.units}


@pytest.mark.parametrize(
    ("attention", "cell"),
    [("none", "gru"), ("general", keras.layers.LSTM), ("bahdanau", LeakyCell)],
)
def test_a_saved_model_is_loaded(attention, cell, tmp_path):
    model = new(attention, cell=cell, tie_embeddings=False, label_smoothing=0.1)
    model.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras")
    assert {**loaded.get_config(), "cell": cell} == {**model.get_config(), "cell": cell}
    inputs = SOURCES, PREVIOUS
    np.testing.assert_array_equal(loaded(inputs), model(inputs))
    assert len(loaded.weights) == len(model.weights)
    encoded, expected = loaded.encode(SOURCES), model.encode(SOURCES)
    for found, state in zip(*map(tf.nest.flatten, (encoded.state, expected.state)), strict=True):
        np.testing.assert_array_equal(found, state)


def copying(samples: int) -> tuple[tuple[np.ndarray, np.ndarray], np.ndarray]:
    """Targets that are the sources: all a Keras user needs are arrays of ids."""
    rng = np.random.default_rng(0)
    sources = rng.integers(2, 6, (samples, 4)).astype("int32")
    previous = np.concatenate([np.full((samples, 1), 6, "int32"), sources[:, :-1]], 1)
    return (sources, previous), sources


def test_a_keras_user_fits_evaluates_and_predicts_with_arrays():
    x, y = copying(64)
    options = {"units": 16, "embedding_dim": 8, "label_smoothing": 0.05}
    model = EncoderDecoder(SOURCE, TARGET, **options, **CHEAP)
    model.compile(keras.optimizers.Adam(0.03))
    history = model.fit(x, y, epochs=30, batch_size=32, validation_data=(x, y), verbose=0).history
    assert set(history) == {"loss", "perplexity", "val_loss", "val_perplexity"}
    assert history["loss"][-1] < history["loss"][0] / 2  # the smoothed loss cannot reach 0
    assert model.evaluate(x, y, verbose=0, return_dict=True)["perplexity"] < 1.5
    predicted = model.predict(x, verbose=0)
    assert predicted.shape == (64, 4, TARGET)
    assert (predicted.argmax(-1) == y).mean() > 0.95


@pytest.mark.parametrize(
    "attention", ["bahdanau", pytest.param("input_feeding", marks=pytest.mark.slow)]
)
def test_loops_are_fitted(attention):
    x, y = copying(64)
    options = {"units": 8, "embedding_dim": 8, "cell": "simple_rnn", "bidirectional": False}
    model = EncoderDecoder(SOURCE, TARGET, **options, **ATTENTIONS[attention])
    model.compile(keras.optimizers.Adam(0.03))
    with recurrence_path("stock"):  # compiled ones are fitted above
        losses = model.fit(x, y, epochs=25, batch_size=32, verbose=0).history["loss"]
    assert losses[-1] < losses[0] / 2


def test_mixed_precision():
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy("mixed_float16")
    try:
        for attention in ("general", "bahdanau"):
            model = new(attention, label_smoothing=0.1, **CHEAP)
            logits = model((SOURCES, PREVIOUS), training=True)
            loss = model.compute_loss(y=tf.constant(TARGETS), y_pred=logits)
            assert loss.dtype == tf.float32
            assert np.isfinite(loss)
            encoded = model.encode(SOURCES)
            step, _, _ = model.step(PREVIOUS[:, :1], encoded.state, encoded.memory)
            first, step = (tf.cast(x, "float32") for x in (logits[:, :1], step))
            np.testing.assert_allclose(step, first, atol=0.05)
    finally:
        keras.config.set_dtype_policy(before)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"attention": "self"}, r"attention must be one of .*got 'self'"),
        ({"attention": "bahdanau", "input_feeding": True}, "needs attention='luong'"),
        ({"attention_score": "additive"}, r"score must be one of"),
        ({"attention_score": "dot"}, "one size, got 5 and 10"),
    ],
)
def test_wrong_arguments(options, message):
    with pytest.raises(ValueError, match=message):
        EncoderDecoder(SOURCE, TARGET, units=UNITS, **options)((SOURCES, PREVIOUS))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"label_smoothing": 1.5}, "label_smoothing must be a fraction from 0 to 1, got 1.5"),
        ({"scheduled_sampling": 3}, "scheduled_sampling must be a fraction"),
        ({"encoder_units": 0}, "encoder_units must be at least 1, got 0"),
        ({"layers": 0}, "layers must be at least 1, got 0"),
    ],
)
def test_values_out_of_range(options, message):
    with pytest.raises(ValueError, match=message):
        EncoderDecoder(9, 9, **options)


def test_a_loss_of_ones_own_is_refused():
    with pytest.raises(ValueError, match="loss must be left out"):
        EncoderDecoder(9, 9, units=4).compile("adam", loss="mse")
    with pytest.raises(ValueError, match="loss must be left out"):
        EncoderDecoder(9, 9, units=4).compile("adam", "mse")


def test_other_inputs_and_targets_are_refused():
    model = new(**CHEAP)
    with pytest.raises(ValueError, match="inputs must be two"):
        model(SOURCES)
    model.compile("adam")
    with pytest.raises(ValueError, match="y must be ids .* got float32 of shape"):
        model.fit((SOURCES, PREVIOUS), TARGETS.astype("float32"), verbose=0)
    with pytest.raises(ValueError, match=r"y must be ids .* got int32 of shape \(.*, 1\)"):
        model.fit((SOURCES, PREVIOUS), TARGETS[..., None], verbose=0)


@pytest.mark.parametrize("attention", ["none", "general", "bahdanau"])
def test_padding_of_sources_may_be_anywhere(attention):
    options: Any = ATTENTIONS[attention]
    model = EncoderDecoder(SOURCE, TARGET, cell="gru", units=UNITS, embedding_dim=DIM, **options)
    source, previous = np.array([[3, 4, 5]]), np.array([[2, 3]])
    expected = model((source, previous))
    for valid in ([1, 1, 1, 0, 0], [0, 0, 1, 1, 1], [1, 0, 1, 1, 0]):
        spread = np.zeros((1, 5), int)
        spread[:, np.flatnonzero(valid)] = source
        np.testing.assert_allclose(model((spread, previous)), expected, atol=1e-6)
