"""What `show_versions` tells."""

import keras
import tensorflow as tf

import seqkit
from seqkit.layers.engine import buffers


def told(capsys):
    seqkit.show_versions()
    return dict(line.split(": ", 1) for line in capsys.readouterr().out.splitlines())


def test_versions_and_paths(capsys):
    found = told(capsys)
    assert found["seqkit"] == seqkit.__version__
    assert (found["tensorflow"], found["keras"]) == (tf.__version__, keras.__version__)
    assert found["compiled engine"] == "available"
    assert found["training in a graph"].startswith("compiled loops")
    assert found["inference in a graph, exports"].startswith("a loop that takes 5 steps")


def test_a_missing_engine(capsys, monkeypatch):
    monkeypatch.setattr(buffers, "available", False)
    found = told(capsys)
    assert found["compiled engine"] == "missing"
    assert found["training in a graph"].startswith("a plain loop")
