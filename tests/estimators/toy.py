"""A small task that a recurrent classifier must learn: which of two events came first."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import numpy as np
import pytest

from seqkit import SequenceClassifier
from seqkit.estimators import base
from seqkit.training.loop import Trained


def first_event(samples: int, seed: int = 0) -> tuple[list[np.ndarray], np.ndarray]:
    """Noise of length 6-12 with a spike in each feature; the label names the earlier one."""
    rng = np.random.default_rng(seed)
    X, y = [], []
    for _ in range(samples):
        x = rng.normal(scale=0.3, size=(rng.integers(6, 13), 2)).astype("float32")
        first, second = sorted(rng.choice(len(x), 2, replace=False))
        feature = rng.integers(2)
        x[first, feature] += 3
        x[second, 1 - feature] += 3
        X.append(x)
        y.append(("left", "right")[feature])
    return X, np.array(y)


def small(**options: object) -> SequenceClassifier:
    """A classifier that is quick to fit."""
    return SequenceClassifier(
        **{"cell": "gru", "units": 8, "epochs": 2, "random_state": 0, **options}
    )


@contextlib.contextmanager
def untrained() -> Iterator[None]:
    """Fits within do all but train, which costs most: for tests of what is read, kept, written and
    told, whatever was learned. The weights are those that a training begins with."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(base, "train", lambda *_, **__: Trained({"loss": [1.0]}, 1))
        yield
