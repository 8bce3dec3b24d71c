"""All of `seqkit.inspection` on every registered cell and every switch of the LSTM: it answers, the
answers fit each other, and nothing of the model changes."""

from __future__ import annotations

import random
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

from seqkit import inspection
from seqkit.cells import CELLS as NAMES
from seqkit.layers import recurrent_layer
from tests.conformance.cells import CELLS, Variant

ROWS, STEPS, UNITS = 3, 3, 2
X = np.random.default_rng(0).normal(size=(ROWS, STEPS, 2)).astype("float32")
Y = np.array([[0.5], [-1.0], [2.0]], "float32")


def not_listed() -> list[str]:
    """The registered names that stand for none of the conformance suite's cells: Keras's own."""
    listed = [(variant.layer_class.__name__, variant.options) for variant in CELLS]
    return [
        name
        for name, (module, of, options) in NAMES.items()
        if not module.startswith("seqkit.") or (of, options) not in listed
    ]


def of_name(name: str) -> Any:
    return lambda **options: recurrent_layer(name, UNITS, **options)


def of_variant(variant: Variant) -> Any:
    return lambda **options: variant.layer(UNITS, **options)


every_cell = pytest.mark.parametrize(
    "new_layer",
    [
        *(pytest.param(of_variant(variant), id=variant.name) for variant in CELLS),
        *(pytest.param(of_name(name), id=name) for name in not_listed()),
    ],
)


def model_of(new_layer: Any, dropout: float, **options: Any) -> keras.Model:
    """A compiled model; its weights hide nothing behind zeros."""
    model = keras.Sequential(
        [
            keras.Input((STEPS, 2), batch_size=ROWS),
            keras.layers.Dropout(dropout, seed=0),
            new_layer(name="recurrent", **options),
            keras.layers.Dense(1, name="answer"),
        ]
    )
    model.compile(keras.optimizers.SGD(0.1, momentum=0.9), "mse", run_eagerly=True)
    rng = np.random.default_rng(1)
    model.set_weights([w + rng.normal(scale=0.3, size=w.shape) for w in model.get_weights()])
    return model


def of_the_model(model: keras.Model) -> list[np.ndarray]:
    """The values of all that a model holds: weights, seeds, optimiser, metrics, states, and the
    state of the generators that it may draw from."""
    variables = [
        *model.variables,
        *model.optimizer.variables,
        *(v for metric in model.metrics for v in metric.variables),
        *keras.tree.flatten(model.get_layer("recurrent").states),
    ]
    legacy = np.random.get_state()[1]  # noqa: NPY002, which others draw from
    generators = [legacy, np.array(random.getstate()[1])]
    generators.append(tf.random.get_global_generator().state.numpy())
    return [*(v.numpy().copy() for v in variables), *generators]


@every_cell
def test_answers_fit_each_other_and_nothing_of_the_model_changes(new_layer):
    model = model_of(new_layer, dropout=0.5, stateful=True)
    layer = model.get_layer("recurrent")
    model.train_on_batch(X, Y)  # fills states, metrics and the optimiser's moments
    held = [state.numpy() for state in keras.tree.flatten(layer.states)]
    assert all(state.any() for state in held)
    before, attributes = of_the_model(model), set(layer.__dict__)

    def asked(inspect: Any, *arguments: Any, **options: Any) -> Any:
        answer = inspect(model, X, *arguments, **options)
        for value, found in zip(before, of_the_model(model), strict=True):
            np.testing.assert_array_equal(found, value)
        assert set(layer.__dict__) == attributes
        return answer

    flow = asked(inspection.gradient_flow, Y)
    gates = asked(inspection.gate_activations)["recurrent"]
    starts = asked(inspection.initial_states)["recurrent"]
    influence = asked(inspection.initial_state_influence)
    table = asked(inspection.summary_table, repeats=1)

    states = flow.states["state"].unique().tolist()
    assert states == list(starts) == list(gates.values)[-len(states) :]
    for start, state in zip(starts.values(), held, strict=True):
        np.testing.assert_array_equal(start, state)
    assert flow.states["step"].max() == influence["step"].max() == STEPS - 1
    assert influence["influence"].iloc[0] == 1
    assert (influence["influence"] > 0).all()
    assert flow.weights["weight"].tolist() == [w.path for w in model.trainable_variables]
    assert flow.diagnoses["recurrent"].verdict in ("vanishing", "exploding", "healthy")
    # The head reads h alone: dL/dh_T is the gradient of its product.
    kernel, bias = model.get_layer("answer").get_weights()
    outputs = gates["h"][:, -1] @ kernel + bias
    last = flow.states[(flow.states["state"] == "h") & (flow.states["step"] == STEPS - 1)]
    expected = np.linalg.norm(2 / ROWS * (outputs - Y) @ kernel.T)
    np.testing.assert_allclose(last["norm"].item(), expected, rtol=1e-4)
    # A kernel and a recurrent kernel, a block a gate.
    blocks = len(gates.values) - len(states)
    assert table.loc["recurrent", "parameters"] == layer.count_params()
    assert table.loc["recurrent", "multiply_adds"] == STEPS * blocks * UNITS * (2 + UNITS)
    np.testing.assert_allclose(model.predict_on_batch(X), outputs, rtol=1e-4, atol=1e-6)


@every_cell
def test_a_monitor_sees_the_gradients_and_leaves_the_training_as_it_is(new_layer):
    model, monitor = model_of(new_layer, dropout=0.0), inspection.GradientMonitor(every=1)
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean((model(X) - Y) ** 2)
    weights = [w.numpy() for w in model.trainable_variables]
    gradients = tape.gradient(loss, [w.value for w in model.trainable_variables])
    model.fit(X, Y, batch_size=ROWS, verbose=0, callbacks=[monitor])
    assert monitor.norms.columns.tolist() == [w.path for w in model.trainable_variables]
    norms = [np.linalg.norm(g) for g in gradients]
    np.testing.assert_allclose(monitor.norms.iloc[0], norms, rtol=1e-4, atol=1e-7)
    for weight, gradient, found in zip(weights, gradients, model.trainable_variables, strict=True):
        np.testing.assert_allclose(found.numpy(), weight - 0.1 * gradient, rtol=1e-4, atol=1e-6)
