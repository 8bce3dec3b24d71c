"""Peephole LSTMs that TensorFlow has: its fused kernel, its first cell, and Addons' weights."""

import numpy as np
import pytest
import tensorflow as tf

from seqkit.layers import LSTM, PeepholeLSTM, PeepholeLSTMCell, recurrence_path
from tests.conformance.cells import all_paths
from tests.conformance.runs import (
    FEATURES,
    UNITS,
    assert_close,
    inputs,
    normal,
    randomized,
    states,
    values_and_gradients,
    variables,
)


def layer_with_random_weights(layer_class=PeepholeLSTM):
    layer = layer_class(UNITS, return_sequences=True, return_state=True)
    layer.build((None, None, FEATURES))
    return randomized(layer)


@all_paths
@pytest.mark.parametrize("layer_class", [PeepholeLSTM, LSTM])
def test_fused_kernel(layer_class, path):
    """BlockLSTMV2 over several steps from a state that is not zero."""
    layer = layer_with_random_weights(layer_class)
    x, (h, c) = inputs(), states(2)
    kernel, recurrent_kernel, bias, *peepholes = map(tf.constant, layer.get_weights())
    p_i, p_f, p_o = peepholes or [tf.zeros([UNITS])] * 3
    fused = tf.raw_ops.BlockLSTMV2(
        seq_len_max=tf.constant(x.shape[1], tf.int64),
        x=tf.transpose(x, [1, 0, 2]),
        cs_prev=c,
        h_prev=h,
        w=tf.concat([kernel, recurrent_kernel], 0),
        wci=p_i,
        wcf=p_f,
        wco=p_o,
        b=bias,
        cell_clip=0.0,
        use_peephole=bool(peepholes),
    )
    with recurrence_path(path):
        outputs, h_last, c_last = layer(x, initial_state=[h, c])
    expected = [tf.transpose(fused.h, [1, 0, 2]), fused.h[-1], fused.cs[-1]]
    assert_close([outputs, h_last, c_last], expected, 1e-5)


@pytest.mark.filterwarnings("ignore:.*is deprecated:UserWarning")
@all_paths
def test_first_tensorflow_cell(path):
    """tf.nn.rnn_cell.LSTMCell with peepholes: values and gradients over several steps."""
    rnn_cell = pytest.importorskip("tensorflow.python.keras.layers.legacy_rnn.rnn_cell_impl")
    layer = layer_with_random_weights()
    x, (h, c) = inputs(), states(2)
    kernel, recurrent_kernel, bias, p_i, p_f, p_o = layer.get_weights()
    cell = rnn_cell.LSTMCell(UNITS, use_peepholes=True, forget_bias=0.0)
    cell.build(tf.TensorShape([None, FEATURES]))

    def reordered(blocks):  # its gates: input, candidate, forget, output
        i, f, g, o = np.split(blocks, 4, axis=-1)
        return np.concatenate([i, g, f, o], -1)

    for variable, value in zip(
        (cell._kernel, cell._bias, cell._w_i_diag, cell._w_f_diag, cell._w_o_diag),
        (reordered(np.concatenate([kernel, recurrent_kernel])), reordered(bias), p_i, p_f, p_o),
        strict=True,
    ):
        variable.assign(value)

    def ours():
        with recurrence_path(path):
            return layer(x, initial_state=[h, c])

    def theirs():
        state, outputs = rnn_cell.LSTMStateTuple(c, h), []
        for t in range(x.shape[1]):
            output, state = cell(x[:, t], state)
            outputs.append(output)
        return tf.stack(outputs, 1), state.h, state.c

    peepholes = [cell._w_i_diag, cell._w_f_diag, cell._w_o_diag]
    found, d_found = values_and_gradients(ours, [x, h, c, *variables(layer)[3:]])
    expected, d_expected = values_and_gradients(theirs, [x, h, c, *peepholes])
    assert_close(found, expected, 1e-5)
    assert_close(d_found, d_expected, 1e-5)


@pytest.mark.parametrize("layer_class", [PeepholeLSTM, PeepholeLSTMCell])
def test_takes_the_weights_of_tensorflow_addons(layer_class):
    """Addons' list: kernel, recurrent kernel, bias, then input, forget and output peephole."""
    shapes = [(FEATURES, 4 * UNITS), (UNITS, 4 * UNITS), (4 * UNITS,), *3 * [(UNITS,)]]
    weights = [normal(*shape, seed=k) for k, shape in enumerate(shapes)]
    layer = layer_class(UNITS)
    layer.build((None, 5, FEATURES) if layer_class is PeepholeLSTM else (None, FEATURES))
    layer.set_weights(weights)
    assert_close(layer.get_weights(), weights, 0)
    cell = getattr(layer, "cell", layer)
    names = ["input_peephole", "forget_peephole", "output_peephole"]
    assert [v.name for v in cell.vectors] == names
