"""The compiled path and the portable one: when each runs, and that their numbers are the same."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from seqkit import layers
from seqkit.layers.engine import buffers, dispatch
from tests.conformance.cells import each_structure
from tests.conformance.runs import (
    BATCH,
    FEATURES,
    MASK,
    STEPS,
    UNITS,
    assert_close,
    inputs,
    normal,
    projection,
    randomized,
    values_and_gradients,
    variables,
)


def built(layer):
    layer.build((None, STEPS, FEATURES))
    return randomized(layer)


def training_step(layer):
    def step(x):
        with tf.GradientTape() as tape:
            loss = tf.reduce_sum(layer(x, training=True) ** 2)
        return tape.gradient(loss, variables(layer))

    return step


def graph_of(step, *arguments):
    """The graph of a step, and the names of all operations in it and its functions."""
    graph = tf.function(step).get_concrete_function(*arguments).graph.as_graph_def()
    nodes = [*graph.node, *(node for f in graph.library.function for node in f.node_def)]
    return graph, {node.op for node in nodes}


def is_compiled(step, *arguments):
    """Whether the graph of a step has functions for the compiler, or operations of it."""
    graph, operations = graph_of(step, *arguments)
    compiled = any(f.attr["_XlaMustCompile"].b for f in graph.library.function)
    assert compiled == any("Xla" in name for name in operations)
    return compiled


def test_buffers_are_to_be_had():
    """Fails when a TensorFlow no longer has what the compiled path writes with."""
    assert buffers.available


@each_structure
def test_training_in_a_graph_is_compiled_and_nothing_else_is(variant):
    layer = built(variant.layer(return_sequences=True))
    assert is_compiled(training_step(layer), inputs())
    assert not is_compiled(lambda x: layer(x), inputs())
    assert not is_compiled(lambda x: layer(x, training=True), inputs())


def test_path_can_be_chosen():
    layer = built(layers.GRU(UNITS, return_sequences=True))
    with layers.recurrence_path("portable"):
        assert not is_compiled(training_step(layer), inputs())
        with layers.recurrence_path("compiled"):
            assert is_compiled(lambda x: layer(x), inputs())
        assert not is_compiled(training_step(layer), inputs())
    with pytest.raises(ValueError, match="'auto', 'compiled', 'stock' or 'portable', got 'fast'"):  # noqa: SIM117
        with layers.recurrence_path("fast"):
            pass


def test_portable_path_steps_in_where_buffers_are_missing(monkeypatch):
    layer = built(layers.PeepholeLSTM(UNITS))
    expected = tf.function(training_step(layer))(inputs())
    monkeypatch.setattr(buffers, "available", False)
    assert not is_compiled(training_step(layer), inputs())
    assert_close(tf.function(training_step(layer))(inputs()), expected, 1e-5)
    with layers.recurrence_path("compiled"):
        assert not is_compiled(lambda x: layer(x), inputs())


@each_structure
def test_gradients_are_the_same_eagerly_and_in_a_graph(variant):
    layer = built(variant.layer(return_sequences=True, return_state=True))
    mask = tf.constant(MASK)

    def gradients(x):
        with tf.GradientTape() as tape:
            tape.watch(x)
            values = layer(x, mask=mask)
            loss = projection(values)
        return [*values, *tape.gradient(loss, [x, *variables(layer)])]

    assert is_compiled(gradients, inputs())
    assert_close(tf.function(gradients)(inputs()), gradients(inputs()), 1e-5)


def test_any_batch_size_in_one_graph():
    """The batch, split in two, may be odd, a single row, or empty, and is not known before."""
    layer = built(layers.LSTM(UNITS))
    step = training_step(layer)
    in_graph = tf.function(step, input_signature=[tf.TensorSpec([None, None, FEATURES])])
    for batch in range(4):
        x = inputs(batch=batch)
        assert_close(in_graph(x), step(x), 1e-5)


def test_inside_a_function_that_is_compiled_as_a_whole():
    layer = built(layers.GRU(UNITS))
    step = training_step(layer)
    assert_close(tf.function(step, jit_compile=True)(inputs()), step(inputs()), 1e-5)


def test_unused_outputs_and_states_have_no_gradient_to_give():
    """Only one of several results reaches the loss."""
    layer = built(layers.LSTM(UNITS, return_sequences=True, return_state=True))
    for index in range(3):

        def call(path, index=index):
            def run():
                with layers.recurrence_path(path):
                    return layer(inputs())[index]

            return values_and_gradients(run, variables(layer))[1]

        assert_close(call("compiled"), call("portable"), 1e-5)


def test_persistent_tape_gives_two_gradients():
    layer = built(layers.GRU(UNITS))

    @tf.function
    def both(x):
        with tf.GradientTape(persistent=True) as tape:
            outputs = layer(x)
            first, second = tf.reduce_sum(outputs), tf.reduce_sum(outputs**2)
        return tape.gradient(first, variables(layer)), tape.gradient(second, variables(layer))

    for found, power in zip(both(inputs()), (1, 2), strict=True):
        with tf.GradientTape() as tape:
            loss = tf.reduce_sum(layer(inputs()) ** power)
        assert_close(found, tape.gradient(loss, variables(layer)), 1e-5)


@pytest.mark.filterwarnings("ignore:Model doesn't support `jit_compile=True`")
def test_options_of_fit_end_in_the_same_weights():
    x, y = normal(6, STEPS, FEATURES), normal(6, 1)
    x[1, 3:] = 0
    found = {}
    for name, options in {
        "auto": {"jit_compile": "auto"},
        "xla": {"jit_compile": True},
        "graph": {"jit_compile": False},
        "eager": {"run_eagerly": True},
    }.items():
        keras.utils.set_random_seed(0)
        model = keras.Sequential(
            [
                keras.Input((STEPS, FEATURES)),
                keras.layers.Masking(),
                layers.PeepholeLSTM(UNITS),
                keras.layers.Dense(1),
            ]
        )
        model.compile(keras.optimizers.SGD(0.1), "mse", **options)
        model.fit(x, y, epochs=2, batch_size=3, shuffle=False, verbose=0)
        found[name] = model.get_weights()
    for name in ("xla", "graph", "eager"):
        assert_close(found[name], found["auto"], 1e-5)


def test_model_of_our_layers_is_not_compiled_into_one_program():
    model = keras.Sequential([layers.GRU(UNITS), keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    model.fit(inputs(), np.zeros((BATCH, 1)), verbose=0)
    assert not model.jit_compile


@pytest.mark.parametrize(
    "layer, kernels",
    [
        (layers.LSTM(UNITS), True),
        (layers.PeepholeLSTM(UNITS), True),
        (layers.LSTM(UNITS, coupled_gates=True), False),
        (layers.LSTM(UNITS, recurrent_activation="hard_sigmoid"), False),
        (layers.LSTM(UNITS, recurrent_dropout=0.5), False),
        (layers.LSTM(UNITS, dtype="float64"), False),
        (layers.GRU(UNITS), False),
    ],
    ids=["lstm", "peepholes", "coupled", "hard", "dropout", "float64", "gru"],
)
def test_kernels_run_what_they_compute_and_loops_the_rest(layer, kernels):
    layer = built(layer)
    with layers.recurrence_path("stock"):
        _, found = graph_of(training_step(layer), inputs(layer.dtype))
    assert ("BlockLSTMV2" in found, "BlockLSTMGradV2" in found) == (kernels, kernels)
    assert any("While" in name for name in found) != kernels


@pytest.mark.parametrize(
    ("layer", "enough"),
    [
        (layers.GRU(UNITS), dispatch.COMPILED_AFTER),
        (layers.LSTM(dispatch.SMALL_UNITS + 1), dispatch.COMPILED_AFTER),
        (layers.LSTM(UNITS), dispatch.COMPILED_AFTER_SMALL_KERNELS),
    ],
    ids=["gru", "lstm", "small_lstm"],
)
def test_short_training_does_not_compile(layer, enough):
    layer = built(layer)
    with dispatch.expected_steps(enough - 1):
        assert not is_compiled(training_step(layer), inputs())
    with dispatch.expected_steps(enough):
        assert is_compiled(training_step(layer), inputs())


def test_kernels_do_not_see_masked_steps():
    """What is masked may be anything, a missing value too: the kernels read it, behind the rest."""
    layer = built(layers.LSTM(UNITS, return_sequences=True))
    x, mask = inputs(), tf.constant(MASK)
    holes = tf.where(mask[..., None], x, np.nan)

    def step(x):
        with tf.GradientTape() as tape:
            loss = tf.reduce_sum(layer(x, mask=mask, training=True) ** 2)
        return tape.gradient(loss, variables(layer))

    with layers.recurrence_path("stock"):
        assert_close(tf.function(step)(holes), tf.function(step)(x), 0)
