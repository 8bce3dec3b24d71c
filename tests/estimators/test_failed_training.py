"""A training that came to nothing says so."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from sklearn.exceptions import ConvergenceWarning

import seqkit
from tests.estimators.toy import first_event, small

X, Y = first_event(40)
NUMBERS = np.array([x[:, 0].mean() for x in X])
TINY = {"cell": "gru", "units": 2, "epochs": 4, "learning_rate": 1e-9, "random_state": 0}


@pytest.mark.parametrize(
    ("make", "y"),
    [
        (seqkit.SequenceClassifier, Y),
        (seqkit.SequenceClassifier, np.stack([Y == "left", Y != "left"], 1).astype(int)),
        (seqkit.SequenceRegressor, NUMBERS),
    ],
    ids=["classes", "indicators", "numbers"],
)
@pytest.mark.parametrize("weighted", [False, True])
def test_no_better_than_one_answer_to_everything(make, y, weighted):
    weights = np.linspace(0.1, 3, 40) if weighted else None
    with pytest.warns(ConvergenceWarning, match="The training came to nothing: after 4 epochs"):
        make(**TINY).fit(X, y, weights)


def test_the_constant_is_the_loss_of_the_shares():
    target = small(epochs=1, class_weight="balanced").fit(X, Y)._target
    weights = np.arange(1.0, 5)
    loss = target.constant_loss(np.array([0, 0, 1, 1]), weights)
    shares = np.array([0.3, 0.3, 0.7, 0.7])
    assert loss == pytest.approx(np.mean(-weights * np.log(shares)))


def test_a_training_that_learns_says_nothing():
    with warnings.catch_warnings():
        warnings.simplefilter("error", ConvergenceWarning)
        small(epochs=12).fit(X, Y)
        small().partial_fit(X, Y)
