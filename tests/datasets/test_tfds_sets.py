"""Data sets of TensorFlow Datasets, with and without a network."""

from __future__ import annotations

import socket

import numpy as np
import pytest
import tensorflow_datasets as tfds

from seqkit.data import DownloadError, load
from seqkit.datasets import network


class Asked(Exception):
    """The network was asked for something."""


@pytest.fixture(autouse=True)
def offline(monkeypatch):
    """No host is known; anything that goes further than a lookup fails the test."""

    def unknown(host, *args, **kwargs):
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    monkeypatch.setattr(network, "getproxies", dict)
    monkeypatch.setattr(tfds.download.DownloadManager, "download", ask)


def ask(*args, **kwargs):
    raise Asked


class SeqkitTestDigits(tfds.core.GeneratorBasedBuilder):
    """A set whose file would come from a host."""

    VERSION = tfds.core.Version("1.0.0")
    url_infos = {"https://digits.example/digits.csv": None, "gs://bucket/digits": None}

    def _info(self):
        return tfds.core.DatasetInfo(
            builder=self,
            features=tfds.features.FeaturesDict({"x": tfds.features.Text(), "y": np.int64}),
            supervised_keys=("x", "y"),
        )

    def _split_generators(self, dl_manager):
        dl_manager.download("https://digits.example/digits.csv")
        return {"train": self._generate_examples(), "test": self._generate_examples()}

    def _generate_examples(self):
        yield 0, {"x": "one", "y": 1}


@pytest.fixture
def data_dir(tmp_path, monkeypatch):
    """A folder in which the set is prepared."""
    with monkeypatch.context() as patch:
        patch.setattr(tfds.download.DownloadManager, "download", lambda *args: None)
        tfds.builder("seqkit_test_digits", data_dir=tmp_path).download_and_prepare()
    return tmp_path


@pytest.mark.parametrize("version", ["", ":1.0.0", ":1.*.*"])
def test_what_is_on_disk_needs_no_network(version, data_dir, monkeypatch):
    monkeypatch.setattr(socket, "getaddrinfo", ask)
    pairs = load(f"tfds:seqkit_test_digits{version}", split="train", data_dir=data_dir)
    assert list(pairs.as_numpy_iterator()) == [(b"one", 1)]


def test_without_split_all_splits(data_dir):
    assert set(load("tfds:seqkit_test_digits", data_dir=data_dir)) == {"train", "test"}


def test_options_are_those_of_tfds(data_dir):
    options = {"data_dir": data_dir, "split": "test", "as_supervised": False, "batch_size": 2}
    batches, info = load("tfds:seqkit_test_digits", with_info=True, **options)
    assert next(iter(batches))["x"].shape == (1,)
    assert info.splits["test"].num_examples == 1


def test_offline_is_said_at_once(tmp_path):
    with pytest.raises(DownloadError) as raised:
        load("tfds:seqkit_test_digits", data_dir=tmp_path)
    message = str(raised.value)
    for part in (
        "'seqkit_test_digits'",
        "digits.example or storage.googleapis.com cannot be found",
    ):
        assert part in message
    for advice in ("HTTPS_PROXY", "data_dir", "critics_snippets", "reuters_r8"):
        assert advice in message


def test_known_host_is_asked(tmp_path, monkeypatch):
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args: [])
    with pytest.raises(Asked):
        load("tfds:seqkit_test_digits", data_dir=tmp_path)


def test_proxy_is_asked(tmp_path, monkeypatch):
    monkeypatch.setattr(network, "getproxies", lambda: {"https": "http://proxy.example:3128"})
    with pytest.raises(Asked):
        load("tfds:seqkit_test_digits", data_dir=tmp_path)


def test_download_may_be_refused(tmp_path):
    with pytest.raises(AssertionError, match="could not find data"):
        load("tfds:seqkit_test_digits", data_dir=tmp_path, download=False)


def test_real_set_offline(tmp_path):
    with pytest.raises(DownloadError, match=r"'imdb_reviews/plain_text:1\.0\.0'.*stanford\.edu"):
        load("tfds:imdb_reviews/plain_text:1.0.0", data_dir=tmp_path)


def test_real_set_mocked(tmp_path):
    with tfds.testing.mock_data(num_examples=3):
        pairs = load("tfds:imdb_reviews", split="train", data_dir=tmp_path)
        texts, labels = zip(*pairs.as_numpy_iterator(), strict=True)
    assert {type(text) for text in texts} == {bytes}
    assert len(labels) == 3


def test_sets_of_other_people_are_looked_up_first():
    with pytest.raises(DownloadError, match=r"'kubric:movi'.*googleapis\.com cannot be found"):
        load("tfds:kubric:movi")


@pytest.mark.parametrize(
    "name, message",
    [
        ("imdb_revews", r"no data set 'imdb_revews'\. Did you mean 'imdb_reviews'\?"),
        ("imdb_revews/plain_text:1.0.0", "Did you mean 'imdb_reviews'"),
        ("seqkit_critic_snippets", "Did you mean 'seqkit_critics_snippets'"),
        ("qqqqqqqqqq", r"no data set 'qqqqqqqqqq'\. tensorflow_datasets\.list_builders\("),
        ("nobody:imdb", "no data set 'nobody:imdb'"),
        ("", "dataset_name"),
    ],
)
def test_unknown_name(name, message):
    with pytest.raises(ValueError, match=message):
        load(f"tfds:{name}")
