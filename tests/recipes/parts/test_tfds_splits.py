"""Sets of TensorFlow Datasets as recipes take them."""

from __future__ import annotations

import argparse
import socket

import pytest

from recipes.parts.tfds_splits import load_splits
from seqkit.data import DownloadError
from seqkit.datasets import network


def test_without_a_network_the_options_of_a_recipe_are_named(tmp_path, monkeypatch):
    def refuse(*args, **kwargs):
        raise socket.gaierror

    monkeypatch.setattr(network, "getproxies", dict)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    options = argparse.Namespace(tfds="imdb_reviews/plain_text:1.0.0", data_dir=str(tmp_path))
    with pytest.raises(DownloadError, match="holds the prepared set by --data-dir.") as raised:
        load_splits(options)
    assert "data_dir" not in str(raised.value)
