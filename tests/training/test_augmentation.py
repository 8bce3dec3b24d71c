"""Augmentation: what it changes, what it keeps, and when."""

from __future__ import annotations

import numpy as np
import pytest

import seqkit
from seqkit.training.augmentation import AUGMENTATIONS, Augmented, augmented
from seqkit.training.examples import Examples
from tests.estimators.toy import first_event, small

each_kind = pytest.mark.parametrize("kind", AUGMENTATIONS)


def ragged(seed: int = 0) -> np.ndarray:
    """Three smooth sequences of 30, 12 and 1 steps, two features far from zero."""
    t = np.arange(30)[:, None]
    whole = 1000 + np.sin(t / [3.0, 5.0]) * [1, 100]
    batch = np.stack([whole] * 3).astype("float32")
    batch[1, 12:] = batch[2, 1:] = np.nan
    return batch


def changed(*kinds: str, seed: int = 0) -> np.ndarray:
    mean, deviation = np.array([1000, 1000]), np.array([1, 100])
    return augmented(ragged(), kinds, mean, deviation, np.random.default_rng(seed))


@each_kind
def test_lengths_stay_and_values_change_a_little(kind):
    batch, found = ragged(), changed(kind)
    np.testing.assert_array_equal(np.isnan(found), np.isnan(batch))
    moved = np.abs(found - batch)[0] / [1, 100]
    assert moved.mean(0).min() > 0.005  # of both features, each in its own units
    assert moved.mean() < 0.7
    assert not np.array_equal(found[0, :12], found[1, :12])  # each row for itself
    np.testing.assert_array_equal(batch, ragged())


@each_kind
def test_a_seed_says_how(kind):
    np.testing.assert_array_equal(changed(kind, seed=3), changed(kind, seed=3))
    assert not np.array_equal(changed(kind, seed=3), changed(kind, seed=4), equal_nan=True)


def test_several_one_after_the_other():
    assert not np.allclose(changed("jitter", "scaling"), changed("scaling"), equal_nan=True)
    np.testing.assert_array_equal(changed(), ragged())


def test_a_warped_time_runs_forward_from_first_to_last():
    line = np.arange(50.0)[None, :, None]
    for seed in range(20):
        rng = np.random.default_rng(seed)
        found = augmented(line, ["time_warping"], np.zeros(1), np.ones(1), rng)[0, :, 0]
        assert (np.diff(found) > 0).all()
        np.testing.assert_allclose(found[[0, -1]], [0, 49], atol=1e-4)
        assert np.abs(found - line[0, :, 0]).max() > 0.1


def test_a_slice_is_nine_tenths():
    line = np.arange(101.0)[None, :, None]
    starts = []
    for seed in range(20):
        rng = np.random.default_rng(seed)
        found = augmented(line, ["window_slicing"], np.zeros(1), np.ones(1), rng)[0, :, 0]
        assert found[-1] - found[0] == pytest.approx(90, abs=1e-3)
        starts.append(found[0])
    assert min(starts) < 3
    assert max(starts) > 7


def batches(examples, rng=None) -> list[np.ndarray]:
    return [x.numpy() for x, *_ in examples.dataset(4, rng)]


def test_validation_is_read_as_it_is():
    X, _ = first_event(10)
    examples = Examples(X, np.arange(10), np.ones(10))
    found = Augmented(examples, ["jitter"], np.zeros(2), np.ones(2))
    for a, b in zip(batches(found), batches(examples), strict=True):
        np.testing.assert_array_equal(a, b)
    seeds = [np.random.default_rng(0) for _ in range(3)]
    first, second, plain = (
        batches(e, rng) for e, rng in zip([found, found, examples], seeds, strict=True)
    )
    for a, b, c in zip(first, second, plain, strict=True):
        np.testing.assert_array_equal(a, b)
        assert np.nanmax(np.abs(a - c)) > 0.01
    assert int(found.dataset(4, seeds[0]).cardinality()) == found.batches_a_pass(4) == 3


def test_each_pass_changes_anew():
    X, _ = first_event(4)
    examples = Examples(X, np.arange(4), np.ones(4))
    found = Augmented(examples, ["jitter"], np.zeros(2), np.ones(2))
    passes = found.dataset(4, np.random.default_rng(0)).repeat(3)
    a, b, c = (x.numpy()[np.argsort(y.numpy())] for x, y, _ in passes)
    assert not np.array_equal(a, b, equal_nan=True)
    assert not np.array_equal(b, c, equal_nan=True)


def test_a_training_is_changed_and_prediction_is_not():
    X, y = first_event(40)
    options = {"epochs": 3, "learning_rate": 0.01}
    kinds = ("time_warping", "jitter")
    first, again = (small(augmentation=kinds, **options).fit(X, y) for _ in range(2))
    np.testing.assert_array_equal(first.predict_proba(X), again.predict_proba(X))
    np.testing.assert_array_equal(first.predict_proba(X), first.predict_proba(X))
    plain = small(**options).fit(X, y)
    assert first.history_["loss"] != plain.history_["loss"]
    # What is trained does not depend on whether there is something to compare with.
    watched = small(augmentation=kinds, early_stopping=False, **options)
    watched.fit(X, y, validation_data=(X, y))
    assert watched.history_["loss"] == pytest.approx(first.history_["loss"], rel=1e-5)


def test_streams_and_regressors_take_it():
    import tensorflow as tf

    X, y = first_event(20)
    values = (y == "left").astype("float32")
    pairs = tf.data.Dataset.from_generator(
        lambda: zip(X, values, strict=True),
        output_signature=(tf.TensorSpec((None, 2)), tf.TensorSpec(())),
    )
    model = seqkit.SequenceRegressor("gru", units=2, epochs=1, augmentation="scaling")
    assert model.fit(pairs).predict(X).shape == (20,)
    model.partial_fit(X, values)


@pytest.mark.parametrize(
    ("kinds", "message"),
    [
        ("jiter", "augmentation must be .*'jitter'.* got 'jiter'"),
        (("scaling", "flip"), "each of augmentation must be .* got 'flip'"),
        ((), "augmentation must name at least one"),
    ],
)
def test_unknown_kinds(kinds, message):
    with pytest.raises(ValueError, match=message):
        small(augmentation=kinds).fit(*first_event(4))
