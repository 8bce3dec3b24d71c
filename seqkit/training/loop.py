"""Training of an estimator's Keras model: best weights, early stopping, and interruption."""

from __future__ import annotations

import contextlib
import logging
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import keras
import numpy as np
import tensorflow as tf

from seqkit.distributed.sharing import (
    MeanGradients,
    MeanLogs,
    check_trained_alike,
    share_of_batches,
)
from seqkit.distributed.workers import is_chief, losses_named, workers
from seqkit.layers.engine.dispatch import expected_steps, path_of_training
from seqkit.models.ensemble import members_of
from seqkit.training.averaged_weights import AveragedWeights
from seqkit.training.best_weights import BestWeights, TrueLosses
from seqkit.training.checkpoints import Checkpoint, continued
from seqkit.training.plan import Plan
from seqkit.training.programs.graph_lifetimes import tie_gradients_to_graphs
from seqkit.training.user_callbacks import detached
from seqkit.warning import warn


class TrainingData(Protocol):
    """Examples as `train` reads them."""

    def dataset(self, batch_size: int, rng: np.random.Generator | None = None) -> tf.data.Dataset:
        """Batches of (sequences, targets, weights), in a new order at each pass."""

    def batches_a_pass(self, batch_size: int) -> int | None:
        """Batches of one pass; None where that is not known before."""

    def steps_a_shape(self, batch_size: int) -> float:
        """Steps of a recurrence in one pass for each shape of batch."""

    def dilution(self, batch_size: int) -> float:
        """The factor by which rows of weight zero make the mean loss of a pass smaller."""


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
    plan: Plan,
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
    Afterwards the learning rate is what it was before the plan changed it. Where the optimiser
    averages weights, the averages are what is evaluated and kept.

    Raises:
        FloatingPointError: where the loss of the first epoch is not finite.
    """
    best = BestWeights("loss" if validation is None else "val_loss", patience)
    factors = {"loss": examples.dilution(batch_size)}
    if validation is not None:
        factors["val_loss"] = validation.dilution(batch_size)
    history = keras.callbacks.History()
    trained = Trained()
    averages = AveragedWeights(model)
    done: int = 0
    before: dict[str, list[float]] = {}
    if checkpoint is not None:
        done, before = checkpoint.restore(model, best, rng, plan.epochs)
        if done and verbose:
            print(f"Going on after epoch {done} of {plan.epochs}.")
    averages.begin(restored=done > 0)
    shared = workers()
    if shared is not None:
        check_trained_alike(shared, model, examples, epochs=plan.epochs, batch_size=batch_size)
    try:
        planned = plan.callback()
        steps = plan.passes * examples.steps_a_shape(batch_size) * len(members_of(model))
        with (
            warnings.catch_warnings(),
            _new_models_allowed(),
            detached(callbacks),
            expected_steps(steps),
            losses_named(),
        ):
            # Keras takes the end of a stream for an accident.
            warnings.filterwarnings("ignore", "Your input ran out of data")
            _choose_path(model)
            dataset = examples.dataset(batch_size, rng)
            if shared is not None:
                dataset = share_of_batches(dataset, shared)
            # Nothing reads beyond a pass: a checkpoint has the generator's state at its end.
            dataset, steps_a_pass = _endless(dataset)
            model.fit(
                dataset,
                steps_per_epoch=steps_a_pass,
                validation_data=None if validation is None else validation.dataset(batch_size),
                initial_epoch=done,
                epochs=plan.epochs,
                callbacks=[
                    *([MeanLogs(shared)] if shared else []),
                    TrueLosses(factors),
                    history,
                    *averages.shown_at_epoch_ends(
                        [best, *([planned] if planned else []), *callbacks]
                    ),
                    *([checkpoint.callback(best, rng, history)] if checkpoint else []),
                    *([MeanGradients(shared)] if shared else []),
                ],
                verbose=verbose if is_chief() else 0,
                shuffle=False,
            )
    except (KeyboardInterrupt, FloatingPointError) as error:
        if best.weights is None:
            raise
        trained.interrupted = True
        _forget_what_is_not_finite(model.optimizer)
        reason = str(error) or (
            f"Training was interrupted after {done + len(history.epoch)} of {plan.epochs} epochs."
        )
        warn(f"{reason} The weights of epoch {best.best_epoch} are kept.")
    finally:
        tie_gradients_to_graphs()
        if plan.rate is not None:
            model.optimizer.learning_rate = plan.rate
    trained.history = continued(before, history.history)
    trained.best_epoch = done + len(history.epoch)
    if best.weights is not None and (patience is not None or trained.interrupted):
        model.set_weights(best.weights)
        trained.best_epoch = best.best_epoch
    averages.end(trained.interrupted)
    if checkpoint is not None and not trained.interrupted and is_chief():
        checkpoint.remove()
    return trained


def _endless(dataset: tf.data.Dataset) -> tuple[tf.data.Dataset, int | None]:
    """One pass after the other from one iterator, and the batches of a pass, where they are known:
    an iterator a pass takes longer than the steps of a small one."""
    count = int(dataset.cardinality())
    return (dataset, None) if count < 1 else (dataset.repeat(), count)


def _choose_path(model: keras.Model) -> None:
    """Lets the step of a model that was trained before be traced anew, where this training is to
    run on another path: compiled, where it is long enough."""
    path = path_of_training()
    if getattr(model, "traced_path", path) != path:
        model.train_function = None
    model.traced_path = path


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
