"""The models and their parts, as Keras users use them."""

from __future__ import annotations

import itertools

import keras
import numpy as np
import pytest

from seqkit.decoding import marginals
from seqkit.models import (
    MaskedPooling,
    NumericSource,
    PaddingMask,
    encode_sequence,
    sequence_classifier,
    sequence_tagger,
)

NAN = np.nan


def padded(*sequences: np.ndarray, length: int = 6) -> np.ndarray:
    batch = np.full((len(sequences), length, sequences[0].shape[1]), NAN, "float32")
    for row, values in zip(batch, sequences, strict=True):
        row[: len(values)] = values
    return batch


def random(*shape: int) -> np.ndarray:
    return np.random.default_rng(0).normal(size=shape).astype("float32")


def test_padding_is_a_step_of_nan_only():
    x = np.array([[[1.0, NAN], [NAN, NAN]], [[0.0, 0.0], [2.0, 3.0]]], "float32")
    values, mask = PaddingMask()(x)
    np.testing.assert_array_equal(mask, [[True, False], [True, True]])
    np.testing.assert_array_equal(values[0], [[1, 0], [0, 0]])


@pytest.mark.parametrize("how", ["mean", "max"])
def test_pooling_of_a_padded_row_is_that_of_the_row(how):
    x = random(2, 6, 3) - 5  # all negative: a zero from padding would be the maximum
    mask = np.arange(6) < np.array([[4], [0]])
    pooled = MaskedPooling(how)(x, mask=mask)
    np.testing.assert_allclose(pooled[0], getattr(np, how)(x[0, :4], 0), rtol=1e-6)
    np.testing.assert_array_equal(pooled[1], np.zeros(3))
    np.testing.assert_allclose(MaskedPooling(how)(x), getattr(np, how)(x, 1), rtol=1e-6)


def test_unknown_pooling():
    with pytest.raises(ValueError, match="how must be 'mean' or 'max', got 'sum'"):
        MaskedPooling("sum")


@pytest.mark.parametrize("pooling", ["last", "mean", "max"])
@pytest.mark.parametrize("cell", ["peephole_lstm", "keras_gru"])
def test_padding_never_changes_a_result(cell, pooling):
    model = sequence_classifier(3, 4, cell=cell, units=5, layers=2, pooling=pooling)
    short, long = random(3, 3), random(6, 3)
    together = model(padded(short, long))
    np.testing.assert_allclose(together[:1], model(short[None]), atol=1e-6)
    np.testing.assert_allclose(together[1:], model(long[None]), atol=1e-6)


ANYWHERE = [[1, 1, 1, 0, 0], [0, 0, 1, 1, 1], [1, 0, 1, 1, 0], [0, 1, 1, 0, 1]]


@pytest.mark.parametrize("bidirectional", [True, False])
@pytest.mark.parametrize("cell", ["gru", "keras_lstm"])
def test_padding_may_be_anywhere(cell, bidirectional):
    """Every pooling, alone and beside others, says of a row what it says of its valid steps."""
    row = random(1, 3, 3)
    for pooling in ("last", ("last", "mean", "max", "attention")):
        model = encoder(3, pooling, cell=cell, units=4, layers=2, bidirectional=bidirectional)
        for valid in ANYWHERE:
            spread = np.full((1, len(valid), 3), NAN, "float32")
            spread[:, np.flatnonzero(valid)] = row
            np.testing.assert_allclose(model(spread), model(row), atol=1e-6)


@pytest.mark.parametrize("crf", [False, True])
def test_padding_of_a_tagger_may_be_anywhere(crf):
    row = random(1, 3, 3)
    model = sequence_tagger(3, 4, cell="gru", units=4, layers=2, crf=crf)
    alone = marginals(model(row)) if crf else model(row)
    for valid in ANYWHERE:
        spread = np.full((1, len(valid), 3), NAN, "float32")
        spread[:, np.flatnonzero(valid)] = row
        found = model(spread)
        if crf:
            found = marginals(found, np.array([valid], bool))
        np.testing.assert_allclose(found.numpy()[:, np.flatnonzero(valid)], alone, atol=1e-6)


def encoder(features, pooling, **options):
    inputs, x, mask = NumericSource(features).open()
    return keras.Model(inputs, encode_sequence(x, mask, pooling=pooling, **options))


def test_directions_start_from_different_weights_that_the_seed_decides():
    def weights(seed: int) -> list[np.ndarray]:
        draw = itertools.count(seed).__next__
        return sequence_classifier(
            3, 2, cell="peephole_lstm", units=4, draw_seed=draw
        ).get_weights()

    first, again, other = weights(1), weights(1), weights(100)
    assert all(np.array_equal(a, b) for a, b in zip(first, again, strict=True))
    assert not np.array_equal(first[0], other[0])
    kernels = [w for w in first if w.shape == (3, 16)]
    assert not np.array_equal(*kernels)


def test_scaling_and_shapes():
    source = NumericSource(2, mean=[10.0, 0.0], variance=[4.0, 0.0])
    model = sequence_classifier(source, 3, cell="gru", units=4)
    plain = sequence_classifier(2, 3, cell="gru", units=4)
    plain.set_weights(model.get_weights()[-len(plain.get_weights()) :])
    x = random(2, 5, 2)
    np.testing.assert_allclose(model(x * [2.0, 1.0] + [10.0, 0.0]), plain(x), atol=1e-5)
    assert model(x).shape == (2, 3)


def test_a_saved_model_is_loaded_without_custom_objects(tmp_path):
    model = sequence_classifier(3, 2, cell="lstm", units=4, layers=2, dropout=0.1, pooling="max")
    model.save(tmp_path / "model.keras")
    x = padded(random(3, 3), random(6, 3))
    loaded = keras.models.load_model(tmp_path / "model.keras")
    np.testing.assert_allclose(loaded(x), model(x), atol=1e-6)


def test_encoder_in_a_model_of_ones_own():
    inputs = keras.Input((None, 3))
    vector = encode_sequence(inputs, None, cell="gru", units=4, bidirectional=False)
    assert keras.Model(inputs, vector)(random(2, 5, 3)).shape == (2, 4)
