"""Inference in graphs without a gradient tape, as exports trace it: kernels and unrolled loops."""

import logging

import keras
import numpy as np
import pytest
import tensorflow as tf

from seqkit import layers
from seqkit.keras_internals import in_compiled_function
from seqkit.layers.engine import dispatch
from seqkit.layers.engine.inference import STEPS_AT_ONCE
from tests.conformance.cells import STRUCTURES, all_cells, each_structure, params
from tests.conformance.runs import (
    FEATURES,
    UNITS,
    assert_close,
    inputs,
    normal,
    projection,
    randomized,
    variables,
)

STEPS = (0, STEPS_AT_ONCE - 1, 2 * STEPS_AT_ONCE + 3)
each_structure_and_kernels = pytest.mark.parametrize("variant", params([*STRUCTURES, "lstm"]))
ANY = tf.TensorSpec([None, None, FEATURES]), tf.TensorSpec([None, None], tf.bool)


def built(layer):
    layer.build((None, None, FEATURES))
    return randomized(layer)


def mask_for(rows, steps):
    mask = np.random.default_rng(rows).random((rows, steps)) < 0.7
    mask[:1] = False  # a row without a valid step
    return tf.constant(mask)


def in_graph(call):
    return tf.function(lambda x, mask: tf.nest.flatten(call(x, mask)), input_signature=ANY)


def plain(call):
    """The same by a plain loop. In a graph as well: eagerly Keras's layers need a step."""

    def on_portable_path(x, mask):
        with layers.recurrence_path("portable"):
            return call(x, mask)

    return in_graph(on_portable_path)


def kinds(function):
    """Names of the operations of a traced function, and of all functions within it."""
    graph = function.graph.as_graph_def()
    return {n.op for n in [*graph.node, *(n for f in graph.library.function for n in f.node_def)]}


@pytest.fixture
def kernels_for_two_rows(monkeypatch):
    monkeypatch.setattr(dispatch, "KERNEL_VALUES", 2 * UNITS)


def check(variant, masked, backwards):
    layer = built(variant.layer(return_sequences=True, return_state=True, go_backwards=backwards))

    def call(x, mask):
        return layer(x, mask=mask if masked else None)

    found, expected = in_graph(call), plain(call)
    for rows in (0, 2, 3):
        for steps in STEPS:
            given = inputs(batch=rows, steps=steps), mask_for(rows, steps)
            assert_close(found(*given), expected(*given), 1e-5)


@all_cells
def test_any_batch_and_any_number_of_steps(variant, kernels_for_two_rows):
    """One graph for all: no row, few rows, many rows; and no step, fewer than an iteration takes,
    and more."""
    check(variant, masked=True, backwards=True)


@each_structure_and_kernels
def test_any_batch_and_any_number_of_steps_without_a_mask(variant, kernels_for_two_rows):
    check(variant, masked=False, backwards=False)


@each_structure
def test_the_last_output_alone(variant, kernels_for_two_rows):
    layer = built(variant.layer())

    def call(x, mask):
        return layer(x, mask=mask)

    found, expected = in_graph(call), plain(call)
    for rows in (2, 3):
        for steps in STEPS:
            given = inputs(batch=rows, steps=steps), mask_for(rows, steps)
            assert_close(found(*given), expected(*given), 1e-5)


@pytest.mark.parametrize(
    "layer, rows, expected",
    [
        (layers.LSTM(UNITS), 2, (True, False)),
        (layers.LSTM(UNITS), 3, (False, True)),
        (layers.LSTM(UNITS), None, (True, True)),
        (layers.PeepholeLSTM(UNITS), None, (True, True)),
        (layers.LSTM(UNITS, coupled_gates=True), None, (False, True)),
        (layers.LSTM(UNITS, dtype="float64"), None, (False, True)),
        (layers.GRU(UNITS), None, (False, True)),
    ],
    ids=["few rows", "many rows", "any rows", "peepholes", "coupled", "float64", "gru"],
)
def test_kernels_run_small_batches(layer, rows, expected, kernels_for_two_rows):
    layer = built(layer)
    spec = tf.TensorSpec([rows, None, FEATURES], layer.dtype)
    found = kinds(tf.function(lambda x: layer(x)).get_concrete_function(spec))
    assert ("BlockLSTMV2" in found, any("While" in op for op in found)) == expected


def test_kernels_do_not_enter_a_function_that_is_compiled_as_a_whole():
    assert in_compiled_function is not None, "inference would run plain loops"
    layer = built(layers.LSTM(UNITS))
    compiled = tf.function(lambda x: layer(x), jit_compile=True)
    assert_close([compiled(inputs())], [layer(inputs())], 1e-5)


def test_without_a_way_to_know_of_the_compiler_there_is_a_plain_loop(monkeypatch):
    monkeypatch.setattr(dispatch, "in_compiled_function", None)
    layer = built(layers.LSTM(UNITS))
    found = kinds(tf.function(lambda x: layer(x)).get_concrete_function(inputs()))
    assert "BlockLSTMV2" not in found


@pytest.mark.parametrize(
    ("variant", "rows"),
    [
        # Kernels take the few rows of the one; the loops of the others are alike.
        pytest.param(
            *p.values,
            rows,
            id=f"{p.id}-{name} rows",
            marks=[] if p.id in few else [pytest.mark.slow],
        )
        for rows, name, few in (
            (2, "few", ["peephole_lstm"]),
            (3, "many", ["simple_rnn", "peephole_lstm", "gru_reset_before"]),
        )
        for p in params(STRUCTURES)
    ],
)
def test_a_graph_traced_for_inference_may_be_differentiated_later(
    variant, rows, kernels_for_two_rows
):
    layer = built(variant.layer(return_sequences=True, return_state=True))
    x, mask = inputs(batch=rows, steps=13), mask_for(rows, 13)

    def call(x, mask):
        return layer(x, mask=mask)

    def gradients(function):
        with tf.GradientTape() as tape:
            tape.watch(x)
            loss = projection(tf.nest.flatten(function(x, mask)))
        return tape.gradient(loss, [x, *variables(layer)])

    traced = in_graph(call)
    traced(x, mask)  # without a tape
    assert_close(gradients(traced), gradients(call), 1e-4)


def test_keras_predicts_on_it():
    model = keras.Sequential(
        [keras.Input((None, FEATURES)), keras.layers.Masking(), layers.LSTM(UNITS)]
    )
    randomized(model)
    x = normal(3, 7, FEATURES)
    x[1, 4:] = 0
    assert_close([model.predict(x, verbose=0)], [model(x)], 1e-5)


def test_the_path_is_told(caplog):
    layer = built(layers.LSTM(UNITS))
    with caplog.at_level(logging.DEBUG, "seqkit"):
        tf.function(lambda x: layer(x)).get_concrete_function(ANY[0])
        layer(inputs())
    first, second = caplog.messages
    assert first.startswith(f"LSTMEquations, {UNITS} units: TensorFlow's kernels of an LSTM for")
    assert second == f"LSTMEquations, {UNITS} units: a plain loop"
