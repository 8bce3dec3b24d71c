"""Weights: shapes, how they start, what is added to the loss, and what holds them."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from seqkit import layers
from tests.conformance.cells import all_cells, each_structure
from tests.conformance.runs import BATCH, FEATURES, STEPS, UNITS, inputs

KINDS = ("kernel", "recurrent", "bias", "vector")


def built(layer):
    layer.build((None, STEPS, FEATURES))
    return layer


def constant(value):
    return keras.initializers.Constant(value)


@all_cells
def test_layer_and_cell_have_the_same_weights(variant):
    layer, cell = built(variant.layer()), variant.cell()
    cell.build((None, FEATURES))
    assert [(w.name, w.shape) for w in layer.weights] == [(w.name, w.shape) for w in cell.weights]
    assert len({w.path for w in layer.weights}) == len(layer.weights)
    columns = len(cell.equations.gates) * UNITS
    assert layer.cell.kernel.shape == (FEATURES, columns)
    assert layer.cell.recurrent_kernel.shape == (UNITS, columns)
    assert (layer.cell.bias is not None) == variant.options.get("use_bias", True)


@all_cells
def test_initializers(variant):
    layer = built(
        variant.layer(
            **{f"{kind}_initializer": constant(k + 2) for k, kind in enumerate(KINDS)},
            **({"unit_forget_bias": False} if variant.states == 2 else {}),
        )
    )
    cell = layer.cell
    assert (cell.kernel.numpy() == 2).all()
    assert (cell.recurrent_kernel.numpy() == 3).all()
    assert cell.bias is None or (cell.bias.numpy() == 4).all()
    assert all((v.numpy() == 5).all() for v in cell.vectors)


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, [0, 1, 0, 0]),
        ({"unit_forget_bias": False}, [0, 0, 0, 0]),
        ({"bias_initializer": constant(3.0)}, [3, 1, 3, 3]),
        ({"input_gate": False}, [1, 0, 0]),
        ({"forget_gate": False}, [0, 0, 0]),
        ({"coupled_gates": True}, [0, 0, 0]),
    ],
)
def test_forget_bias_starts_at_one(options, expected):
    layer = built(layers.LSTM(UNITS, **options))
    assert layer.cell.bias.numpy().tolist() == np.repeat(expected, UNITS).tolist()


def test_weights_can_be_created_inside_a_function():
    layer = layers.LSTM(UNITS)
    outputs = tf.function(lambda x: layer(x))(inputs())
    np.testing.assert_allclose(outputs, layer(inputs()), rtol=1e-6, atol=1e-7)
    assert layer.cell.bias.numpy()[UNITS : 2 * UNITS].tolist() == [1] * UNITS


@each_structure
def test_regularizers(variant):
    """Each adds its weights' squares once; that of the activity those of the outputs."""
    layer = variant.layer(
        **{f"{kind}_regularizer": keras.regularizers.L2(10.0**k) for k, kind in enumerate(KINDS)},
        bias_initializer="ones",
        activity_regularizer=keras.regularizers.L2(0.5),
        return_sequences=True,
    )
    outputs = layer(inputs())
    cell = layer.cell
    expected = sum(
        10.0**k * (w.numpy() ** 2).sum()
        for k, ws in enumerate([[cell.kernel], [cell.recurrent_kernel], [cell.bias], cell.vectors])
        for w in ws
    )
    # Keras divides an activity loss by the batch.
    expected += 0.5 * (outputs.numpy() ** 2).sum() / BATCH
    assert float(sum(layer.losses)) == pytest.approx(expected, rel=1e-5)


@each_structure
def test_constraints_hold_after_training(variant):
    constraints = {f"{kind}_constraint": "non_neg" for kind in KINDS}
    layer = variant.layer(**constraints)
    model = keras.Sequential([keras.Input((STEPS, FEATURES)), layer])
    model.compile(keras.optimizers.SGD(1.0), "mse")
    model.fit(inputs(), -np.ones((BATCH, UNITS)), verbose=0)
    assert all((w >= 0).all() for w in layer.get_weights())


def test_frozen_layer_keeps_its_weights():
    layer = layers.PeepholeLSTM(UNITS, trainable=False)
    model = keras.Sequential([keras.Input((STEPS, FEATURES)), layer, keras.layers.Dense(1)])
    before = layer.get_weights()
    model.compile(keras.optimizers.SGD(1.0), "mse")
    model.fit(inputs(), np.ones((BATCH, 1)), verbose=0)
    assert layer.trainable_weights == []
    assert all((a == b).all() for a, b in zip(layer.get_weights(), before, strict=True))
