"""Training of an estimator's Keras model: best weights, early stopping, and interruption."""

from __future__ import annotations

import contextlib
import logging
import pickle
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import keras
import numpy as np

from seqkit.training.checkpoints import Checkpoint, continued

_ABSENT = object()


class TrainingData(Protocol):
    """What `train` needs of its examples."""

    def dataset(self, batch_size: int, rng: np.random.Generator | None = None) -> Any:
        """Batches of (sequences, targets, weights), in a new order at each pass."""

    def dilution(self, batch_size: int) -> float:
        """By what rows of weight zero make the mean loss of a pass smaller."""


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


@dataclass
class Trained:
    """How a training went.

    Attributes:
        history: a list a metric, one entry an epoch.
        best_epoch: the epoch, from 1, whose weights the model has.
        interrupted: whether the user stopped it.
    """

    history: dict[str, list[float]] = field(default_factory=dict)
    best_epoch: int = 0
    interrupted: bool = False


def train(
    model: keras.Model,
    examples: TrainingData,
    validation: TrainingData | None,
    *,
    epochs: int,
    batch_size: int,
    patience: int | None,
    rng: np.random.Generator,
    callbacks: Sequence[keras.callbacks.Callback] = (),
    verbose: int = 0,
    checkpoint: Checkpoint | None = None,
) -> Trained:
    """Fits a compiled model.

    With a patience the weights of the epoch with the lowest validation loss are kept; without,
    those of the last epoch. An interruption (Ctrl-C), or a loss that is no longer finite, keeps
    the best weights so far after the first epoch, with a warning; before it is raised. With a
    checkpoint the training goes on where an earlier one, which was interrupted, had come to.

    Raises:
        FloatingPointError: where the loss of the first epoch is not finite.
    """
    best = BestWeights("loss" if validation is None else "val_loss", patience)
    factors = {"loss": examples.dilution(batch_size)}
    if validation is not None:
        factors["val_loss"] = validation.dilution(batch_size)
    history = keras.callbacks.History()
    trained = Trained()
    done: int = 0
    before: dict[str, list[float]] = {}
    if checkpoint is not None:
        done, before = checkpoint.restore(model, best, rng, epochs)
        if done and verbose:
            print(f"Going on after epoch {done} of {epochs}.")
        callbacks = [*callbacks, checkpoint.callback(best, rng, history)]
    attributes_before = [dict(vars(callback)) for callback in callbacks]
    try:
        with warnings.catch_warnings(), _new_models_allowed():
            # Of a stream, whose end Keras takes for an accident.
            warnings.filterwarnings("ignore", "Your input ran out of data")
            model.fit(
                examples.dataset(batch_size, rng),
                validation_data=None if validation is None else validation.dataset(batch_size),
                initial_epoch=done,
                epochs=epochs,
                callbacks=[TrueLosses(factors), history, best, *callbacks],
                verbose=verbose,
                shuffle=False,
            )
    except (KeyboardInterrupt, FloatingPointError) as error:
        if best.weights is None:
            raise
        trained.interrupted = True
        _forget_what_is_not_finite(model.optimizer)
        reason = str(error) or (
            f"Training was interrupted after {done + len(history.epoch)} of {epochs} epochs."
        )
        warnings.warn(f"{reason} The weights of epoch {best.best_epoch} are kept.", stacklevel=3)
    finally:
        for callback, attributes in zip(callbacks, attributes_before, strict=True):
            _let_go(callback, attributes)
    trained.history = continued(before, history.history)
    trained.best_epoch = done + len(history.epoch)
    if best.weights is not None and (patience is not None or trained.interrupted):
        model.set_weights(best.weights)
        trained.best_epoch = best.best_epoch
    if checkpoint is not None and not trained.interrupted:
        checkpoint.remove()
    return trained


@contextlib.contextmanager
def _new_models_allowed() -> Iterator[None]:
    """Without TensorFlow's warning that the steps of several models, those of a search say, are
    traced each once: it counts them as one function."""

    def is_another(record: logging.LogRecord) -> bool:
        return "triggered tf.function retracing" not in record.getMessage()

    logger = logging.getLogger("tensorflow")
    logger.addFilter(is_another)
    try:
        yield
    finally:
        logger.removeFilter(is_another)


def _forget_what_is_not_finite(optimizer: keras.optimizers.Optimizer) -> None:
    """Sets moments that are no longer finite back to zero, so that training can go on."""
    for variable in optimizer.variables:
        value = np.asarray(variable)
        if value.dtype.kind == "f" and not np.isfinite(value).all():
            variable.assign(np.zeros_like(value))


def _let_go(callback: keras.callbacks.Callback, before: dict[str, Any]) -> None:
    """Makes a user's callback forget the model, and what of a training cannot be pickled: open
    files and modules, which TensorBoard's holds. So copies of an estimator need none of them.

    Args:
        callback: after a training.
        before: its attributes before it.
    """
    if isinstance(callback, keras.callbacks.Callback):
        # Not the callback's own method, which may expect a model, as TensorBoard's does.
        keras.callbacks.Callback.set_model(callback, None)
    for name, value in list(vars(callback).items()):
        if value is before.get(name, _ABSENT):
            continue
        try:
            pickle.dumps(value)
        except Exception:  # whatever a callback's attribute may raise
            if name in before:
                setattr(callback, name, before[name])
            else:
                delattr(callback, name)
