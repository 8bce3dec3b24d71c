"""Early stopping: the best weights so far, by a loss that is the mean over the examples."""

from __future__ import annotations

import keras
import numpy as np


class TrueLosses(keras.callbacks.Callback):
    """Gives the mean losses of the examples, not of the rows that fill batches up.

    Where there is a perplexity, the validation loss is its logarithm, the mean over all tokens:
    Keras's gives a batch of few the weight of any other.

    It must come before other callbacks, which read the same logs.

    Args:
        factors: by name of the loss in the logs.
    """

    def __init__(self, factors: dict[str, float]) -> None:
        super().__init__()
        self.factors = factors

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        for name, factor in self.factors.items():
            if logs and name in logs:
                logs[name] *= factor
        if logs and "val_perplexity" in logs:
            logs["val_loss"] = float(np.log(logs["val_perplexity"]))


class BestWeights(keras.callbacks.Callback):
    """Keeps the weights of the epoch with the lowest monitored loss.

    Args:
        monitor: name of the loss in the logs.
        patience: epochs without a better one after which training stops, or None.
    """

    def __init__(self, monitor: str, patience: int | None) -> None:
        super().__init__()
        self.monitor = monitor
        self.patience = patience
        self.best = np.inf
        self.best_epoch = 0
        self.weights: list[np.ndarray] | None = None

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        logs = logs or {}
        if not np.isfinite(logs.get("loss", 0.0)):
            raise FloatingPointError(
                f"The loss became {logs['loss']} in epoch {epoch + 1}. Lower learning_rate, set "
                "clipnorm, or look for extreme values in the data."
            )
        loss = logs.get(self.monitor, np.nan)
        if loss < self.best:
            self.best, self.best_epoch = loss, epoch + 1
            self.weights = self.model.get_weights()
        elif self.patience is not None and epoch + 1 - self.best_epoch >= self.patience:
            self.model.stop_training = True
