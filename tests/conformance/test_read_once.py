"""A fit reads X and y once each, however large they are and wherever they lie."""

from __future__ import annotations

import sys

import numpy as np
import pytest

from seqkit.estimators.inputs.sequences import check_sequences
from seqkit.estimators.inputs.texts import check_texts
from seqkit.estimators.targets.labels import read_labels
from seqkit.estimators.targets.numbers import read_numbers
from seqkit.estimators.targets.step_labels import check_labels
from seqkit.timeseries.read_series import read_series
from tests.conformance.estimators import KINDS, SAMPLES, named
from tests.conformance.test_input_forms import objects
from tests.conformance.test_warm_starts import without_training

READERS = [check_sequences, check_texts, check_labels, read_labels, read_numbers, read_series]


@pytest.fixture
def calls(monkeypatch):
    """The names of the functions that read X or y, as they are called."""
    found = []

    def counted(reader):
        def call(*arguments, **options):
            found.append(reader.__name__)
            return reader(*arguments, **options)

        return call

    for reader in READERS:
        wrapped = counted(reader)
        for name, module in list(sys.modules.items()):
            if name.startswith("seqkit.") and vars(module).get(reader.__name__) is reader:
                monkeypatch.setattr(module, reader.__name__, wrapped)
    return found


class Elsewhere:
    """An array that is fetched when NumPy asks for it."""

    def __init__(self, values):
        whole = np.isscalar(values[0]) or isinstance(values, np.ndarray)
        self.values = np.array(values) if whole else objects(values)
        self.shape, self.fetched = self.values.shape, 0

    def __len__(self):
        return len(self.values)

    def __array__(self, dtype=None, copy=None):
        self.fetched += 1
        return self.values

    def __getitem__(self, place):
        raise AssertionError("fetched by parts")


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)  # the slow ones too
def test_each_is_fetched_and_checked_once(kind, calls, monkeypatch):
    without_training(monkeypatch)
    model = kind.new(warm_start=True)
    for fit in (model.fit, model.fit, model.partial_fit):
        X, y = kind.task(SAMPLES, 0)
        if kind.of_samples:
            X, y = Elsewhere(X), Elsewhere(y)
        fit(X, y)
        assert len(calls) == (2 if kind.of_samples else 1), calls
        if kind.of_samples:
            assert (X.fetched, y.fetched) == (1, 1)
        calls.clear()


def test_indicators_are_read_once(calls, monkeypatch):
    without_training(monkeypatch)
    kind = named("classifier")
    X, y = kind.task(SAMPLES, 0)
    indicators = np.stack([np.array(y) == label for label in np.unique(y)], 1).astype(int)
    kind.new().fit(X, indicators)
    assert calls == ["check_sequences", "read_labels"]
