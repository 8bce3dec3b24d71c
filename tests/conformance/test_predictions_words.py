"""Predictions put no array into words: TensorFlow does, at a cost, where it is called in a way that
it has to make out."""

from __future__ import annotations

import copy

import pytest
import tensorflow as tf

from seqkit.training.programs import shared_functions
from seqkit.training.programs.twins import LARGEST_MODEL
from tests.conformance.estimators import data, every_kind, fitted


def test_the_words_would_be_seen(monkeypatch):
    seen = watched(monkeypatch)
    repr(tf.constant(1.0))
    assert seen


@every_kind
@pytest.mark.parametrize("largest_shared", [LARGEST_MODEL, 0], ids=["shared", "own"])
def test_no_batch_is_put_into_words(kind, largest_shared, monkeypatch):
    monkeypatch.setattr(shared_functions, "LARGEST_MODEL", largest_shared)
    model, X = copy.deepcopy(fitted(kind)), data(kind)[0]
    seen = watched(monkeypatch)
    model.predict(X)
    assert not seen


def watched(monkeypatch) -> list[str]:
    seen: list[str] = []
    of = type(tf.constant(1.0))

    def words(tensor: tf.Tensor) -> str:
        seen.append("tensor")
        return "a tensor"

    monkeypatch.setattr(of, "__repr__", words, raising=False)
    return seen
