"""Stems: the segments they cut, and what they may not change."""

from __future__ import annotations

import keras
import numpy as np
import pytest

from seqkit.models.classifier import sequence_classifier
from seqkit.models.sources import NumericSource
from seqkit.models.stems import KINDS, Segments, Stem, StepsOfSegments, stride_for
from seqkit.models.tagger import sequence_tagger

RNG = np.random.default_rng(0)


@pytest.mark.parametrize("steps", [1, 3, 4, 9])
@pytest.mark.parametrize("stride", [1, 2, 4])
def test_segments_are_slices(steps, stride):
    x = RNG.normal(size=(2, steps, 3)).astype("float32")
    segments, mask = Segments(stride)(x)
    padded = np.concatenate([x, np.zeros((2, 2 * stride, 3), "float32")], 1)
    expected = [padded[:, k : k + 2 * stride].reshape(2, -1) for k in range(0, steps, stride)]
    np.testing.assert_array_equal(segments, np.stack(expected, 1))
    assert mask.numpy().all()
    assert mask.shape == segments.shape[:2] == (2, -(-steps // stride))


def test_a_step_that_is_masked_is_zero_and_a_segment_of_none_does_not_count():
    x = np.ones((1, 6, 1), "float32")
    mask = np.array([[True, False, True, True, False, False]])
    segments, valid = Segments(2)(x, mask=mask)
    assert segments.numpy()[0].tolist() == [[1, 0, 1, 1], [1, 1, 0, 0], [0, 0, 0, 0]]
    assert valid.numpy()[0].tolist() == [True, True, False]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("pooling", ["last", ("last", "mean", "max")])
def test_padding_changes_nothing(kind, pooling):
    source = NumericSource(2, stem=Stem(kind, stride=4, units=6))
    model = sequence_classifier(source, 3, cell="gru", units=5, pooling=pooling)
    x = RNG.normal(size=(1, 21, 2)).astype("float32")
    alone = model(x)
    for more in (1, 3, 20):
        padded = np.concatenate([x, np.full((1, more, 2), np.nan, "float32")], 1)
        np.testing.assert_allclose(model(padded), alone, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("kind", KINDS)
def test_a_model_is_saved_and_loaded_by_keras(kind, tmp_path):
    source = NumericSource(2, stem=Stem(kind, stride=2, units=4))
    model = sequence_classifier(source, 3, cell="gru", units=5)
    model.save(tmp_path / "model.keras")
    x = RNG.normal(size=(2, 9, 2)).astype("float32")
    again = keras.saving.load_model(tmp_path / "model.keras")
    np.testing.assert_array_equal(again(x), model(x))


@pytest.mark.parametrize("steps", [1, 5, 8])
@pytest.mark.parametrize("stride", [1, 3, 4])
def test_first_strides_of_segments_are_the_steps(steps, stride):
    x = RNG.normal(size=(2, steps, 3)).astype("float32")
    segments, _ = Segments(stride)(x)
    again = StepsOfSegments(stride)(segments[..., : 3 * stride], x)
    np.testing.assert_array_equal(again, x)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("crf", [False, True])
def test_padding_changes_no_step(kind, crf):
    source = NumericSource(2, stem=Stem(kind, stride=4, units=6))
    model = sequence_tagger(source, 3, cell="gru", units=5, crf=crf)
    x = RNG.normal(size=(1, 21, 2)).astype("float32")
    alone = model(x)
    assert alone.shape[:2] == (1, 21)
    for more in (1, 3, 20):
        padded = np.concatenate([x, np.full((1, more, 2), np.nan, "float32")], 1)
        np.testing.assert_allclose(model(padded)[:, :21], alone, rtol=1e-5, atol=1e-6)


def test_a_tagger_is_saved_and_loaded_by_keras(tmp_path):
    source = NumericSource(2, stem=Stem("segments", stride=2, units=4))
    model = sequence_tagger(source, 3, cell="gru", units=5)
    model.save(tmp_path / "model.keras")
    x = RNG.normal(size=(2, 9, 2)).astype("float32")
    again = keras.saving.load_model(tmp_path / "model.keras")
    np.testing.assert_array_equal(again(x), model(x))


def test_strides_grow_with_the_sequences():
    strides = [stride_for(n) or 1 for n in range(1, 20_000)]
    assert strides == sorted(strides)
    assert all(n / stride <= 200 for n, stride in enumerate(strides, 1))
