"""Tells when a release of Keras or TensorFlow moves what has no public name there."""

from __future__ import annotations

import subprocess
import sys

import keras
import numpy as np
import pytest
import tensorflow as tf

from seqkit import keras_internals, layers
from seqkit.environment import versions
from seqkit.layers.engine import buffers, dispatch
from seqkit.models import EncoderDecoder


def test_xla_updates_a_slice():
    assert keras_internals.update_slice is not None, "recurrences would run on the portable path"

    @tf.function(jit_compile=True)
    def written(buffer, value):
        return keras_internals.update_slice(buffer, value, [0, 1])

    found = written(tf.zeros([2, 3]), tf.ones([2, 1]))
    assert found.numpy().tolist() == [[0, 1, 0], [0, 1, 0]]


def test_a_tape_that_records_is_seen():
    seen = keras_internals.tape_is_recording
    assert seen is not None, "recurrences would run on the portable path"
    assert not seen()
    with tf.GradientTape():
        assert seen()
        assert tf.function(lambda: tf.constant(seen()))()


@pytest.mark.parametrize("moved", ["update_slice", "tape_is_recording"])
def test_a_tensorflow_without_them_is_told_once(moved, monkeypatch):
    """The same numbers come slowly, which nobody would see."""
    layer = layers.GRU(3)
    layer.build((2, 4, 2))

    def gradient():
        with tf.GradientTape() as tape:
            loss = tf.reduce_sum(layer(x))
        return tape.gradient(loss, layer.trainable_weights)[0]

    x = tf.ones([2, 4, 2])
    expected = tf.function(gradient, autograph=False)
    monkeypatch.setattr(keras_internals, moved, None)
    if moved == "update_slice":
        monkeypatch.setattr(buffers, "available", False)
    else:
        monkeypatch.setattr(dispatch, moved, None)
    dispatch._tell_that_training_is_slow.cache_clear()
    with pytest.warns(UserWarning, match="has moved .*, which fast recurrent") as caught:
        found = [tf.function(gradient, autograph=False)() for _ in range(2)]
    assert sum("has moved" in str(w.message) for w in caught) == 1
    assert versions()["compiled engine"].startswith("missing ")
    dispatch._tell_that_training_is_slow.cache_clear()
    monkeypatch.undo()
    np.testing.assert_allclose(found[1], expected(), rtol=1e-5)


def test_tensorflow_says_whether_it_has_run():
    tf.zeros([1])
    assert keras_internals.tensorflow_has_run(), "forked processes would hang"
    script = "import seqkit.processes as f; raise SystemExit(f.tensorflow_has_run())"
    subprocess.run([sys.executable, "-c", script], check=True, timeout=300)


def test_keras_hands_masks_on_with_tensors():
    ids = np.array([[1, 2, 0]])
    vectors = keras.layers.Embedding(3, 2, mask_zero=True)(ids)
    assert keras_internals.mask_of(vectors).numpy().tolist() == [[True, True, False]]
    assert keras_internals.mask_of(tf.zeros([1, 3])) is None


def seeds(layers_of_model):
    return {
        id(value.state)
        for layer in layers_of_model
        for value in vars(layer).values()
        if isinstance(value, keras.random.SeedGenerator)
    }


def test_keras_lists_the_layers_within_a_model_and_so_do_their_attributes():
    assert hasattr(keras.Model, "_flatten_layers"), "older files would get other seeds"
    model = EncoderDecoder(9, 7, units=4, layers=2, dropout=0.1, recurrent_dropout=0.1)
    model((np.ones((2, 3), "int32"), np.ones((2, 3), "int32")))
    listed = keras_internals.layers_within(model)
    assert {layer.name for layer in listed} >= {"encoder", "decoder", "recurrent_2", "dropout_1"}
    found = keras_internals.layers_among_attributes(model)
    assert seeds(listed)
    assert seeds(found) == seeds(listed)


def test_keras_draws_the_masks_of_a_cell_before_its_loop_and_clears_them_after_it():
    assert keras_internals.MASKS_ARE_KEPT, "keras.layers.RNN would drop other units at each step"
    calls = []

    class Cell(layers.SimpleRNNCell):
        def get_dropout_mask(self, step_input):
            calls.append("get")
            return super().get_dropout_mask(step_input)

        def reset_dropout_mask(self):
            calls.append("reset")
            super().reset_dropout_mask()

    cell = Cell(4, dropout=0.5, seed=1)
    layer = keras.layers.RNN(cell, return_sequences=True)
    layer(np.ones((2, 3, 4), "float32"), training=True)
    assert calls[0] == "get"
    assert calls[-1] == "reset"
    assert cell._dropout_mask is None


def test_keras_lets_a_layer_leave_the_drawing_of_masks_to_itself():
    class Layer(keras_internals.RNNWithoutMasks):
        asked = False

        def _maybe_config_dropout_masks(self, *arguments):
            self.asked = True
            super()._maybe_config_dropout_masks(*arguments)

    cell = keras.layers.SimpleRNNCell(4, dropout=0.5)
    layer = Layer(cell)
    layer(np.ones((2, 3, 4), "float32"))
    assert layer.asked, "Keras would draw masks at inference, and export them"


def test_nothing_random_is_traced_at_inference():
    layer = layers.GRU(4, dropout=0.5, recurrent_dropout=0.5)
    traced = tf.function(layer).get_concrete_function(tf.TensorSpec((2, 3, 4)))
    assert not [n.op for n in traced.graph.as_graph_def().node if "Random" in n.op]


def test_without_kept_masks_each_step_has_its_own(monkeypatch):
    cell = layers.SimpleRNNCell(64, dropout=0.5, recurrent_dropout=0.5, seed=1)
    x = tf.ones([1, 64])
    for mask in (cell.get_dropout_mask, cell.get_recurrent_dropout_mask):
        assert np.array_equal(mask(x), mask(x))
        with monkeypatch.context() as patched:
            patched.setattr("seqkit.layers.cell.MASKS_ARE_KEPT", False)
            assert not np.array_equal(mask(x), mask(x))


def test_tensorflow_lists_the_gradients_that_are_registered():
    @tf.custom_gradient
    def doubled(x):
        return 2 * x, lambda upstream: 2 * upstream

    before = set(keras_internals.registered_gradients())
    tf.function(doubled).get_concrete_function(tf.TensorSpec([3]))
    assert set(keras_internals.registered_gradients()) - before


def test_averages_are_found_by_their_names_too():
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(3), keras.layers.Dense(1)])
    for use_ema in (True, False):
        optimizer = keras.optimizers.Adam(use_ema=use_ema)
        optimizer.build(model.trainable_variables)
        found = keras_internals.averages_of(optimizer)
        assert len(found) == (4 if use_ema else 0)
        by_name = keras_internals.averages_by_name(optimizer)
        assert [id(v) for v in by_name] == [id(v) for v in found]
    assert not hasattr(optimizer, "_model_variables_moving_average")
