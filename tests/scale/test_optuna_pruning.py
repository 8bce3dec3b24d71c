"""Fits that a study of Optuna ends."""

from __future__ import annotations

import numpy as np
import optuna
import pytest

from seqkit.scale import OptunaPruning
from tests.estimators.toy import first_event, small

optuna.logging.set_verbosity(optuna.logging.WARNING)
X, Y = first_event(40)


class EndsAfter(optuna.pruners.BasePruner):
    """Ends every trial at an epoch."""

    def __init__(self, epoch):
        self.epoch = epoch

    def prune(self, study, trial):
        return trial.last_step >= self.epoch


def studied(pruner, **options):
    """A study of one trial, and the estimator."""
    models = []

    def objective(trial):
        models.append(small(units=2, callbacks=[OptunaPruning(trial, **options)]))
        models[0].fit(X, Y, validation_data=(X, Y))
        return models[0].history_["val_loss"][-1]

    study = optuna.create_study(pruner=pruner)
    study.optimize(objective, n_trials=1)
    return study.trials[0], models[0]


def test_each_epoch_is_reported():
    trial, model = studied(optuna.pruners.NopPruner())
    assert trial.state == optuna.trial.TrialState.COMPLETE
    np.testing.assert_allclose(
        [trial.intermediate_values[k] for k in range(2)], model.history_["val_loss"]
    )


def test_a_fit_that_is_ended_leaves_no_model():
    trial, model = studied(EndsAfter(0))
    assert trial.state == optuna.trial.TrialState.PRUNED
    assert list(trial.intermediate_values) == [0]
    assert not hasattr(model, "model_")


def test_a_number_that_there_is_not():
    with pytest.raises(
        ValueError, match="monitor must be .* got 'val_los'. Did you mean 'val_loss'"
    ):
        studied(optuna.pruners.NopPruner(), monitor="val_los")
