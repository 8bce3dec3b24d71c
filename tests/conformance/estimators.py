"""The estimators that every conformance test of estimators runs over. A new one is tested by being
listed here."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest

import seqkit
from tests.conformance import tasks

# Quick to fit, and alike where it decides what is compiled: a process compiles a shape once.
SMALL = {"cell": "gru", "units": 8, "batch_size": 16, "epochs": 2, "random_state": 0}


@dataclass(frozen=True, eq=False)
class Kind:
    """An estimator class, with a task that it must learn.

    Attributes:
        task: from a number of samples and a seed to X and y.
        learns: the options with which it learns the task from `samples` samples.
        floor: its score on new data is then above this.
        options: of every estimator of this kind.
        slow: whether its tests are run by `make test-slow` alone. There is a kind that is like it,
            or takes less long, of each class but the translator, which has tests of its own.
    """

    name: str
    estimator_class: Callable[..., Any]
    task: Callable[[int, int], tuple[Any, Any]]
    learns: dict[str, Any]
    samples: int
    floor: float
    options: dict[str, Any] = field(default_factory=dict)
    slow: bool = False

    def new(self, **options: Any) -> Any:
        """An estimator that is quick to fit, not fitted."""
        return self.estimator_class(**{**SMALL, **self.options, **options})

    @property
    def stepwise(self) -> bool:
        """Whether each step has a target."""
        return self.estimator_class is seqkit.SequenceTagger

    @property
    def of_samples(self) -> bool:
        """Whether X is a list of samples, each with a target."""
        return self.estimator_class is not seqkit.Seq2SeqForecaster

    @property
    def reads_text(self) -> bool:
        return isinstance(self.task(1, 0)[0][0][0], str)

    @property
    def classifies(self) -> bool:
        return hasattr(self.estimator_class, "class_weight")


KINDS = [
    Kind(
        "classifier",
        seqkit.SequenceClassifier,
        tasks.first_event,
        {"epochs": 12, "learning_rate": 0.02},
        samples=200,
        floor=0.9,
    ),
    Kind(
        "multilabel",
        seqkit.SequenceClassifier,
        tasks.both_events,
        {"epochs": 16, "learning_rate": 0.02},
        samples=200,
        floor=0.8,
        slow=True,
    ),
    Kind(
        "regressor",
        seqkit.SequenceRegressor,
        tasks.marked_value,
        {"epochs": 25, "learning_rate": 0.02, "dropout": 0.0},
        samples=200,
        floor=0.8,
    ),
    Kind(
        "text",
        seqkit.TextClassifier,
        tasks.negated_words,
        {"epochs": 8, "learning_rate": 0.03},
        samples=200,
        floor=0.9,
        options={"embedding_dim": 8},
    ),
    Kind(
        "tagger",
        seqkit.SequenceTagger,
        tasks.spans,
        {"epochs": 6, "learning_rate": 0.03},
        samples=150,
        floor=0.95,
        options={"embedding_dim": 8},
    ),
    Kind(
        "crf_tagger",
        seqkit.SequenceTagger,
        tasks.spans,
        {"epochs": 6, "learning_rate": 0.03},
        samples=150,
        floor=0.95,
        options={"embedding_dim": 8, "crf": True},
        slow=True,
    ),
    Kind(
        "numeric_tagger",
        seqkit.SequenceTagger,
        tasks.rising,
        {"epochs": 10, "learning_rate": 0.03, "dropout": 0.0},
        samples=150,
        floor=0.9,
        slow=True,
    ),
    Kind(
        "translator",
        seqkit.Seq2SeqTranslator,
        tasks.digits,
        {"epochs": 25, "learning_rate": 0.03, "dropout": 0.0, "units": 16},
        samples=200,
        floor=90,  # BLEU
        options={"embedding_dim": 8, "tokens": "word", "beam_width": 1},
        slow=True,
    ),
    Kind(
        "forecaster",
        seqkit.Seq2SeqForecaster,
        tasks.seasons,
        {"epochs": 40, "learning_rate": 0.02, "lookback": 24},
        samples=96,
        floor=-0.9,  # minus the MASE, and -1 is the seasonal naive forecast's
        options={"horizon": 4, "lookback": 8, "bidirectional": False},
    ),
]

SAMPLES = 24


def params(names: Iterable[str] | None = None, slow: Iterable[str] = ()) -> list[Any]:
    """Arguments of `pytest.mark.parametrize("kind", ...)`: all kinds, or those named."""
    chosen = {k.name for k in KINDS} if names is None else {*names, *slow}
    return [
        pytest.param(k, id=k.name, marks=[pytest.mark.slow] if k.slow or k.name in slow else [])
        for k in KINDS
        if k.name in chosen
    ]


def kinds(*names: str, slow: Iterable[str] = ()) -> Any:
    """Runs a test over the kinds named, some of them in `make test-slow` alone.

    These are for what is written once for all kinds.
    """
    return pytest.mark.parametrize("kind", params(names, slow))


every_kind = pytest.mark.parametrize("kind", params())
every_kind_of_samples = kinds(*(k.name for k in KINDS if k.of_samples))
# One of each class.
each_class = kinds("classifier", "regressor", "text", "tagger")


def named(name: str) -> Kind:
    return next(k for k in KINDS if k.name == name)


def data(kind: Kind) -> tuple[Any, Any]:
    """What `fitted` was fitted on."""
    return kind.task(SAMPLES, 0)


@functools.cache
def fitted(kind: Kind) -> Any:
    """A fitted estimator of this kind, for tests that leave it as it is; others copy it."""
    return kind.new().fit(*data(kind))


def outputs(model: Any, X: Any) -> np.ndarray:
    """What the model says of X, as finely as it says it: probabilities, or numbers."""
    if isinstance(model, seqkit.Seq2SeqTranslator):
        return model.predict(X, return_scores=True)[1]
    if isinstance(model, seqkit.Seq2SeqForecaster):
        return model.predict(X).to_numpy()
    found = model.predict_proba(X) if hasattr(model, "predict_proba") else model.predict(X)
    return np.concatenate(found) if isinstance(found, list) else found


def assert_same(found: Any, expected: Any, X: Any, tolerance: float = 0.0) -> None:
    """Two models, or a model and outputs, say the same of X: bit for bit, or up to a tolerance."""
    if not isinstance(found, np.ndarray):
        found = outputs(found, X)
    if not isinstance(expected, np.ndarray):
        expected = outputs(expected, X)
    if tolerance:
        np.testing.assert_allclose(found, expected, rtol=tolerance, atol=tolerance)
    else:
        np.testing.assert_array_equal(found, expected)
