"""Gradients through time, against finite differences and against what is known of them."""

import random
from typing import Any

import keras
import numpy as np
import pandas as pd
import pytest
import tensorflow as tf

import seqkit
from seqkit.inspection import gradient_flow
from seqkit.inspection.jacobians import jacobians
from seqkit.inspection.recurrences import recorded, recurrences_of
from tests.conformance.cells import all_cells, each_structure

# Of estimators that share the code path of a TextClassifier.
NUMBERS = np.random.default_rng(0).normal(size=(6, 5, 1)), np.arange(6.0)
TAGS = [["a", "b"], ["b", "c"], ["c", "a"]], [[0, 1], [1, 0], [0, 1]]
KERAS = (keras.layers.SimpleRNN, keras.layers.LSTM, keras.layers.GRU)


def sequences(rows=3, steps=6, features=2, seed=0):
    return np.random.default_rng(seed).normal(size=(rows, steps, features))


def model_of(layer, *, dtype="float64", features=2, masked=False):
    parts = [keras.Input((None, features), dtype=dtype)]
    if masked:
        parts.append(keras.layers.Masking(dtype=dtype))
    model = keras.Sequential([*parts, layer, keras.layers.Dense(1, dtype=dtype)])
    model.compile(loss="mse")
    return model


def varied(layer):
    """Weights that no zero hides anything in."""
    rng = np.random.default_rng(1)
    layer.set_weights([w + rng.normal(scale=0.3, size=w.shape) for w in layer.get_weights()])


@all_cells
def test_norms_are_those_of_finite_differences(variant):
    check_norms(variant, masked=False)


@each_structure
def test_norms_of_masked_steps_are_those_of_finite_differences(variant):
    check_norms(variant, masked=True)


def check_norms(variant, *, masked):
    X, y = sequences(), np.array([[0.5], [-1.0], [2.0]])
    if masked:
        X[1, 4:] = 0
    layer = variant.layer(3, dtype="float64", name="recurrent")
    model = model_of(layer, masked=masked)
    varied(layer)
    flow = gradient_flow(model, X, y)
    recurrence = recurrences_of(model)[0]
    with recorded([recurrence]) as recordings:
        model(X)
    recording = recordings["recurrent"]
    step, size = 2, 1e-6

    def loss(moved, row, unit, move):
        """The loss where a unit of a state is moved after the step."""
        state = [s.numpy() for s in recording.states[step]]
        state[moved][row, unit] += move
        for t in range(step + 1, 6):
            _, new = recurrence.step(recording.inputs[:, t], state)
            if recording.valid is not None:
                valid = recording.valid[:, t, None]
                new = [tf.where(valid, s, o) for s, o in zip(new, state, strict=True)]
            state = new
        return float(tf.reduce_mean((model.layers[-1](state[0]) - y) ** 2))

    for i, name in enumerate(recurrence.states):
        slopes = [
            (loss(i, row, unit, size) - loss(i, row, unit, -size)) / (2 * size)
            for row in range(3)
            for unit in range(3)
        ]
        rows = flow.states[(flow.states["state"] == name) & (flow.states["step"] == step)]
        np.testing.assert_allclose(rows["norm"].item(), np.linalg.norm(slopes), rtol=1e-5)


@pytest.mark.parametrize("layer_class", KERAS)
def test_layers_of_keras_give_what_ours_give(layer_class):
    X, y = sequences(), np.array([[0.5], [-1.0], [2.0]])
    ours = getattr(seqkit.layers, layer_class.__name__)(3, dtype="float64", name="recurrent")
    model, other = model_of(ours), model_of(layer_class(3, dtype="float64", name="recurrent"))
    other.set_weights(model.get_weights())
    expected, found = gradient_flow(model, X, y), gradient_flow(other, X, y)
    np.testing.assert_allclose(found.states["norm"], expected.states["norm"], rtol=1e-9)
    np.testing.assert_allclose(found.weights["norm"], expected.weights["norm"], rtol=1e-9)
    columns = ["largest", "smallest", "spectral_radius"]
    np.testing.assert_allclose(found.jacobians[columns], expected.jacobians[columns], rtol=1e-7)


def test_weights_have_the_norms_that_a_train_step_sees():
    X, y = sequences(), np.array([[0.5], [-1.0], [2.0]])
    model = model_of(seqkit.layers.PeepholeLSTM(3, dtype="float64"))
    with tf.GradientTape() as tape:
        loss = model.compute_loss(x=X, y=y, y_pred=model(X))
    expected = tape.gradient(loss, [w.value for w in model.trainable_variables])
    flow = gradient_flow(model, X, y)
    np.testing.assert_allclose(flow.weights["norm"], [np.linalg.norm(g) for g in expected])
    np.testing.assert_allclose(flow.loss, loss)
    np.testing.assert_allclose(flow.gradient_norm, tf.linalg.global_norm(expected))


@all_cells
def test_jacobians_are_those_of_finite_differences(variant):
    X = sequences()
    layer = variant.layer(3, dtype="float64", name="recurrent")
    model = model_of(layer)
    varied(layer)
    recurrence = recurrences_of(model)[0]
    with recorded([recurrence]) as recordings:
        model(X)
    recording = recordings["recurrent"]
    found = jacobians(recurrence, recording, np.array([1, 4]))
    size, width = 1e-6, 3 * len(recurrence.states)
    assert found.shape == (2, 3, width, width)
    for place, t in enumerate((1, 4)):
        before = np.concatenate([s.numpy() for s in recording.states[t - 1]], 1)

        def advanced(values, t=t):
            parts = tf.split(values, len(recurrence.states), 1)
            return np.concatenate(recurrence.step(recording.inputs[:, t], parts)[1], 1)

        for unit in range(width):
            move = np.zeros_like(before)
            move[:, unit] = size
            expected = (advanced(before + move) - advanced(before - move)) / (2 * size)
            np.testing.assert_allclose(found[place, :, :, unit], expected, atol=1e-8)


def test_a_linear_recurrence_decays_by_its_eigenvalue():
    """h_t = .5 h_{t-1} + x_t: the gradient halves at each step back."""
    layer = seqkit.layers.SimpleRNN(2, activation="linear", dtype="float64", name="recurrent")
    model = model_of(layer)
    kernel, _, bias = layer.get_weights()
    layer.set_weights([kernel, 0.5 * np.eye(2), bias])
    flow = gradient_flow(model, sequences(steps=12), np.zeros((3, 1)))
    norms = flow.states["norm"].to_numpy()
    np.testing.assert_allclose(norms[:-1] / norms[1:], 0.5)
    np.testing.assert_allclose(flow.jacobians[["largest", "smallest", "spectral_radius"]], 0.5)
    diagnosis = flow.diagnoses["recurrent"]
    assert diagnosis.verdict == "vanishing"
    np.testing.assert_allclose(diagnosis.half_life, 1)


@pytest.mark.parametrize(
    ("factor", "verdict"), [(0.5, "vanishing"), (1.0, "healthy"), (2.0, "exploding")]
)
def test_verdicts(factor, verdict):
    layer = seqkit.layers.SimpleRNN(2, activation="linear", name="recurrent")
    model = model_of(layer, dtype="float32")
    kernel, _, bias = layer.get_weights()
    layer.set_weights([kernel, factor * np.eye(2), bias])
    flow = gradient_flow(model, sequences(steps=20).astype("float32"), np.zeros((3, 1)))
    assert flow.diagnoses["recurrent"].verdict == verdict
    assert verdict in str(flow)


def verdict_of(new_layer):
    """The diagnosis of a layer, made here, that is to remember the first of 60 steps."""
    rng = np.random.default_rng(0)
    X = rng.normal(scale=0.1, size=(16, 60, 1)).astype("float32")
    y = X[:, 0] = np.sign(rng.normal(size=(16, 1)))
    keras.utils.set_random_seed(0)  # from which a new layer's initialisers draw their seeds
    model = keras.Sequential([keras.Input((None, 1)), new_layer(), keras.layers.Dense(1)])
    flow = gradient_flow(model, X, y, loss="mean_squared_error", jacobian_steps=0)
    (diagnosis,) = flow.diagnoses.values()
    return diagnosis


def with_bias(layer, gate_places, value):
    """The layer, whose bias is that value in the blocks of some gates."""

    def initializer(shape, dtype=None):
        bias = np.zeros(shape, "float32")
        units = layer.units
        for place in gate_places:
            bias[..., place * units : (place + 1) * units] = value
        return tf.constant(bias, dtype)

    layer.cell.bias_initializer = initializer
    return layer


def test_remedies_help():
    def plain(**options):
        return verdict_of(lambda: seqkit.layers.SimpleRNN(16, **options))

    # Of a spectral radius of about a half: an influence is halved at each step. With a forget gate
    # of sigmoid(1) it lasts twice as long, and with one of sigmoid(4) 38 steps.
    small = keras.initializers.VarianceScaling(0.25, "fan_avg", "uniform", seed=0)
    small = plain(recurrent_initializer=small)
    assert small.verdict == "vanishing"
    assert plain(recurrent_initializer="orthogonal").verdict == "healthy"
    assert plain(recurrent_initializer="identity", activation="relu").verdict == "healthy"
    lstm = verdict_of(lambda: seqkit.layers.LSTM(16))
    assert lstm.verdict == "vanishing"
    assert lstm.half_life > small.half_life
    remembering = verdict_of(
        lambda: with_bias(seqkit.layers.LSTM(16, unit_forget_bias=False), [1], 4.0)
    )
    assert remembering.verdict == "healthy"
    assert remembering.half_life > 3 * lstm.half_life


def test_the_clipnorm_that_is_named_clips():
    layer = seqkit.layers.SimpleRNN(2, activation="linear", name="recurrent")
    model = model_of(layer, dtype="float32")
    kernel, _, bias = layer.get_weights()
    layer.set_weights([kernel, 2 * np.eye(2), bias])
    X, y = sequences(steps=20).astype("float32"), np.zeros((3, 1))
    flow = gradient_flow(model, X, y)
    before = model.get_weights()
    model.compile(keras.optimizers.SGD(1.0, global_clipnorm=1.0), "mse")
    model.train_on_batch(X, y)
    moved = np.sqrt(
        sum(((a - b) ** 2).sum() for a, b in zip(before, model.get_weights(), strict=True))
    )
    assert flow.gradient_norm > 1e3
    np.testing.assert_allclose(moved, 1, rtol=1e-4)


def test_nothing_of_the_model_changes():
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(8, 5, 1)), np.arange(8) % 2
    options = {"units": 4, "epochs": 1, "bidirectional": False, "random_state": 0}
    model = seqkit.SequenceClassifier("lstm", **options).fit(X, y)
    variables = [*model.model_.variables, *model.model_.optimizer.variables]
    before = [v.numpy().copy() for v in variables]
    random.seed(0)
    state = random.getstate()
    gradient_flow(model, X, y)
    for variable, value in zip(variables, before, strict=True):
        np.testing.assert_array_equal(variable.numpy(), value)
    assert random.getstate() == state  # Keras draws its seeds from it


def test_states_of_a_stateful_layer_stay():
    layer = keras.layers.GRU(2, stateful=True)
    model = keras.Sequential([keras.Input((4, 1), batch_size=2), layer, keras.layers.Dense(1)])
    model.compile(loss="mse")
    X = sequences(2, 4, 1).astype("float32")
    model.predict(X, verbose=0)
    before = layer.states[0].numpy().copy()
    gradient_flow(model, X, np.zeros((2, 1)))
    np.testing.assert_array_equal(layer.states[0].numpy(), before)


def test_directions_and_stacked_layers_have_rows_of_their_own():
    model = keras.Sequential(
        [
            keras.Input((None, 1)),
            keras.layers.Bidirectional(seqkit.layers.GRU(2, return_sequences=True, name="first")),
            seqkit.layers.LSTM(3, name="second"),
            keras.layers.Dense(1),
        ]
    )
    flow = gradient_flow(
        model, sequences(2, 4, 1).astype("float32"), np.zeros((2, 1)), loss="mean_squared_error"
    )
    found = flow.states.groupby("layer", sort=False)["step"].max().to_dict()
    assert found == {"forward_first": 3, "backward_first": 3, "second": 3}
    assert flow.plot().get_yscale() == "log"


@pytest.mark.parametrize(
    ("name", "X", "y"),
    [
        ("TextClassifier", ["a b c", "c b", "b a", "a c"], [0, 1, 0, 1]),
        pytest.param("SequenceRegressor", *NUMBERS, marks=pytest.mark.slow),
        pytest.param("SequenceTagger", *TAGS, marks=pytest.mark.slow),
        ("Seq2SeqTranslator", ["ab", "bc", "ca"], ["ba", "cb", "ac"]),
        ("Seq2SeqForecaster", None, None),
    ],
)
def test_of_estimators(name, X, y):
    options: dict[str, Any] = {"cell": "lstm", "units": 4, "epochs": 1, "batch_size": 4}
    options |= {"random_state": 0, "bidirectional": False}
    if name == "Seq2SeqTranslator":
        options |= {"tokens": "char", "embedding_dim": 4, "attention": None}
    if name == "Seq2SeqForecaster":
        X = pd.Series(np.sin(np.arange(60.0)))
        options |= {"horizon": 3, "lookback": 6, "season": None}
    model = getattr(seqkit, name)(**options)
    model.fit(X) if y is None else model.fit(X, y)
    flow = gradient_flow(model, X, y)
    assert len(flow.states)
    assert np.isfinite(flow.states["norm"]).all()
    assert flow.gradient_norm > 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            {"model": keras.Sequential([keras.Input((None, 1)), keras.layers.Dense(1)])},
            "recurrent layer",
        ),
        ({"X": np.zeros((2, 5, 3))}, r"X must have the shape .*\(None, None, 1\), got \(2, 5, 3\)"),
        ({"X": np.zeros((2, 0, 1))}, "rows and steps"),
        ({"y": None}, "y must be given"),
        ({"jacobian_steps": -1}, "jacobian_steps"),
    ],
)
def test_what_does_not_fit_is_named(arguments, message):
    model = model_of(seqkit.layers.GRU(2), dtype="float32", features=1)
    given = {"model": model, "X": np.zeros((2, 5, 1)), "y": np.zeros((2, 1)), **arguments}
    with pytest.raises(ValueError, match=message):
        gradient_flow(given.pop("model"), given.pop("X"), given.pop("y"), **given)


def test_a_model_that_is_not_built_or_compiled_is_named():
    model = keras.Sequential([seqkit.layers.GRU(2), keras.layers.Dense(1)])
    with pytest.raises(ValueError, match="must be built"):
        gradient_flow(model, np.zeros((2, 5, 1)), np.zeros((2, 1)))
    model(np.zeros((2, 5, 1)))
    with pytest.raises(ValueError, match="loss must be given"):
        gradient_flow(model, np.zeros((2, 5, 1)), np.zeros((2, 1)))
    with pytest.raises(TypeError, match="estimator of seqkit, or a keras.Model, got str"):
        gradient_flow("model", np.zeros((2, 5, 1)))
