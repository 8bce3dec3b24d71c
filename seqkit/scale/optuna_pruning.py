"""Pruning of a search's candidates by Optuna, while they are fitted."""

from __future__ import annotations

from typing import Any

import keras

from seqkit.checks import did_you_mean
from seqkit.extras import require


class OptunaPruning(keras.callbacks.Callback):
    """Ends a fit that an Optuna study finds behind its others.

    It reports a number after each epoch, and raises `optuna.TrialPruned` where the study's pruner
    says so, which `study.optimize` expects. The estimator stays as it was before the fit.

    Parameters
    ----------
    trial : optuna.Trial
        The candidate.
    monitor : str
        The number, of `history_`, default "val_loss": of `validation_data`, or of what
        `early_stopping=True` holds out. The study's direction must be that of this number.

    Raises
    ------
    seqkit.extras.MissingExtraError
        Where Optuna is not installed; `seqkit[scale]` has it.
    ValueError
        In the fit, where there is no such number.

    Example
    -------
    >>> import numpy as np, optuna, seqkit
    >>> optuna.logging.set_verbosity(optuna.logging.WARNING)
    >>> X, y = np.random.default_rng(0).normal(size=(64, 5, 1)), np.arange(64) % 2
    >>> def objective(trial):
    ...     model = seqkit.SequenceClassifier(
    ...         "gru", units=trial.suggest_int("units", 2, 4), epochs=2, random_state=0,
    ...         callbacks=[OptunaPruning(trial)],
    ...     )
    ...     model.fit(X, y, validation_data=(X, y))
    ...     return model.history_["val_loss"][-1]
    >>> study = optuna.create_study(pruner=optuna.pruners.MedianPruner())
    >>> study.optimize(objective, n_trials=1)
    >>> len(study.trials)
    1
    """

    def __init__(self, trial: Any, monitor: str = "val_loss") -> None:
        require("optuna", "OptunaPruning")
        super().__init__()
        self.trial = trial
        self.monitor = monitor

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        import optuna

        logs = logs or {}
        if self.monitor not in logs:
            hint = did_you_mean(self.monitor, logs)
            raise ValueError(
                f"monitor must be a number of the training, one of {', '.join(logs)}, got "
                f"{self.monitor!r}.{hint} Numbers that begin with val_ need validation_data, or "
                "early_stopping=True."
            )
        self.trial.report(float(logs[self.monitor]), epoch)
        if self.trial.should_prune():
            raise optuna.TrialPruned(f"Pruned after epoch {epoch + 1}.")
