"""Values and gradients against PyTorch's LSTM and GRU."""

import numpy as np
import pytest
import tensorflow as tf

from seqkit import layers
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

torch = pytest.importorskip("torch")

# Positions of our gate blocks in the order in which torch stacks its own.
ORDER = {"LSTM": [0, 1, 2, 3], "GRU": [1, 0, 2]}  # torch: i, f, g, o; r, z, n


def to_torch(array, order):
    """A stacked weight (N, n H) or (n H,) as torch holds it: (n H, N) or (n H,)."""
    blocks = np.split(np.asarray(array), len(order), axis=-1)
    return np.concatenate([blocks[k] for k in order], -1).T


def from_torch(array, order):
    blocks = np.split(np.asarray(array).T, len(order), axis=-1)
    return np.concatenate([blocks[order.index(k)] for k in range(len(order))], -1)


@all_paths
@pytest.mark.parametrize("name", ["LSTM", "GRU"])
def test_values_and_gradients(name, path):
    order = ORDER[name]
    layer = getattr(layers, name)(UNITS, return_sequences=True, return_state=True, dtype="float64")
    x = inputs("float64")
    layer.build(x.shape)
    randomized(layer)
    state = states(len(layer.state_size), "float64")

    def ours():
        with layers.recurrence_path(path):
            return layer(x, initial_state=state)

    found, d_found = values_and_gradients(ours, [x, *state, *variables(layer)])

    theirs = getattr(torch.nn, name)(FEATURES, UNITS, batch_first=True, dtype=torch.float64)
    kernel, recurrent_kernel, bias = layer.get_weights()
    biases = bias if name == "GRU" else [bias, np.zeros_like(bias)]
    parts = [theirs.weight_ih_l0, theirs.weight_hh_l0, theirs.bias_ih_l0, theirs.bias_hh_l0]
    with torch.no_grad():
        for part, value in zip(parts, [kernel, recurrent_kernel, *biases], strict=True):
            part.copy_(torch.tensor(to_torch(value, order)))
    sources = [torch.tensor(v.numpy(), requires_grad=True) for v in (x, *state)]
    t_x, *t_state = sources
    given = tuple(s[None] for s in t_state)
    outputs, final = theirs(t_x, given if name == "LSTM" else given[0])
    final = [s[0] for s in final] if name == "LSTM" else [final[0]]
    values = [outputs, *final]
    sum(
        (v * torch.tensor(normal(*v.shape, seed=20 + k, dtype="float64"))).sum()
        for k, v in enumerate(values)
    ).backward()

    assert_close(found, [v.detach().numpy() for v in values], 1e-9)
    gradients = [from_torch(p.grad.numpy(), order) for p in parts]
    d_biases = np.stack(gradients[2:]) if name == "GRU" else gradients[2]
    expected = [s.grad.numpy() for s in sources] + gradients[:2] + [d_biases]
    assert_close(d_found, expected, 1e-9)


@all_paths
def test_lengths_are_packed_sequences(path):
    """Right-padded rows with lengths against pack_padded_sequence, both directions."""
    lengths = [5, 2, 4, 1]
    x = inputs("float64")
    theirs = torch.nn.LSTM(
        FEATURES, UNITS, batch_first=True, bidirectional=True, dtype=torch.float64
    )
    packed = torch.nn.utils.rnn.pack_padded_sequence(
        torch.tensor(x.numpy()), lengths, batch_first=True, enforce_sorted=False
    )
    with torch.no_grad():
        _, (h, c) = theirs(packed)
    for direction, suffix in enumerate(["l0", "l0_reverse"]):
        layer = layers.LSTM(UNITS, return_state=True, go_backwards=bool(direction), dtype="float64")
        layer.build(x.shape)
        kernel, recurrent_kernel, *biases = (
            from_torch(getattr(theirs, f"{part}_{suffix}").detach().numpy(), ORDER["LSTM"])
            for part in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
        )
        layer.set_weights([kernel, recurrent_kernel, sum(biases)])
        with layers.recurrence_path(path):
            output, *final = layer(x, lengths=tf.constant(lengths))
        expected = [h[direction].numpy(), c[direction].numpy()]
        assert_close([output, *final], [expected[0], *expected], 1e-9)
