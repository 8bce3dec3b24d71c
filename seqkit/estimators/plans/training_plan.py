"""The plan of an estimator's training by its parameters; going on with a fitted model; failure."""

from __future__ import annotations

import math
import numbers
from collections.abc import Sized
from typing import TYPE_CHECKING, Any, NamedTuple

from sklearn.exceptions import ConvergenceWarning

from seqkit.distributed.workers import worker_count
from seqkit.estimators.parameters import comparable_parameters, fitted_parameters
from seqkit.estimators.plans.choices import Choice, is_auto
from seqkit.estimators.plans.presets import PRESETS
from seqkit.estimators.targets import Encoder
from seqkit.models.ensemble import members_of
from seqkit.saving.model_state import optimizer_goes_on, restore, state_of
from seqkit.training.examples import Examples
from seqkit.training.loop import Trained, TrainingData
from seqkit.training.optimizers import rate_of
from seqkit.training.plan import FEWEST_PASSES, Budget, Plan, plan_of
from seqkit.training.user_callbacks import set_rates
from seqkit.warning import warn

if TYPE_CHECKING:
    from seqkit.estimators.base import SequenceEstimator
    from seqkit.estimators.given import Stage

OF_OPTIMIZERS = {"optimizer", "clipnorm", "weight_decay", "use_ema", "ema_momentum"}
ENOUGH = 10_000  # examples, of which some can be spared, as in scikit-learn's gradient boosting
NO_BETTER = 0.98  # of the loss of one answer to everything


class BatchSizes(NamedTuple):
    """Sequences of a batch: of data up to so many sequences, and of more."""

    until: int
    small: int
    large: int


def batch_size_for(estimator: SequenceEstimator, examples: TrainingData) -> int:
    """Sequences of a batch: small data get small batches, so that a pass has several."""
    if estimator.batch_size is not None:
        return int(estimator.batch_size)
    sizes = estimator._batches
    count = len(examples) if isinstance(examples, Sized) else math.inf
    rows = sizes.small if count <= sizes.until else sizes.large
    return -(-rows // worker_count()) * worker_count()


def plan_for(
    estimator: SequenceEstimator,
    examples: TrainingData,
    batch_size: int,
    epochs: int | None,
    best: int | None = None,
) -> Plan:
    """The plan of a training.

    Args:
        estimator: whose parameters say what is planned.
        examples: what the training reads.
        batch_size: sequences of a batch.
        epochs: passes, at a constant learning rate; None: as the parameters say.
        best: passes that an earlier training has found best, where the parameters say nothing.
    """
    if epochs is not None:
        return Plan(epochs)
    return plan_of(
        examples.batches_a_pass(batch_size),
        epochs=best if estimator.epochs is None else estimator.epochs,
        max_steps=estimator.max_steps,
        budget=budget_of(estimator),
        rate=None if set_rates(estimator.callbacks or ()) else _rate(estimator),
        schedule=estimator.learning_rate_schedule,
    )


def budget_of(estimator: SequenceEstimator) -> Budget:
    """The budget of the estimator with its preset."""
    budget: Budget = estimator._budget
    return budget.times(PRESETS[estimator.preset].effort)


def size_for(estimator: SequenceEstimator) -> int:
    """The number of models of a new ensemble."""
    return int(estimator.ensemble_size or PRESETS[estimator.preset].ensemble_size)


def stops_early(estimator: Any, count: int | None, watched: bool = False) -> Choice:
    """Whether a training stops early.

    Args:
        estimator: whose parameters say so, or leave it open.
        count: of examples; None where they are a stream, of which none can be held out.
        watched: whether there are validation data.
    """
    given = estimator.early_stopping
    if not is_auto(given):
        return Choice(bool(given), "given")
    if watched:
        return Choice(True, "validation_data are given")
    if getattr(estimator, "checkpoint_dir", None) is not None and estimator.random_state is None:
        return Choice(False, "checkpoint_dir without random_state: others would be held out later")
    if count is None:
        return Choice(False, "no part of a tf.data.Dataset can be held out")
    return Choice(count > ENOUGH, f"{count} examples; held out of more than {ENOUGH}")


def choices_of_training(
    estimator: Any, stage: Stage, batch_size: int, plan: Plan
) -> dict[str, Choice]:
    """The choices that a fit made of its training, by parameter."""
    preset, budget, sizes = estimator.preset, budget_of(estimator), estimator._batches
    members = len(members_of(estimator.model_))
    as_preset = members == PRESETS[preset].ensemble_size
    choices = {
        "batch_size": Choice(
            batch_size,
            f"{'up to' if batch_size == sizes.small else 'more than'} {sizes.until} examples",
        ),
        "ensemble_size": Choice(
            members,
            f"preset={preset!r}" if as_preset else "of the model that goes on",
        ),
    }
    if estimator.epochs is None and estimator.max_steps is None:
        steps = f"{budget.steps} steps in " if budget.steps else ""
        reason = f"preset={preset!r}: {steps}whole passes, at least {budget.passes}"
        if stage.passes is not None:
            reason = f"did best on a part that was held out of a first training, of {reason}"
        choices["max_steps"] = Choice(plan.steps, reason)
        choices["epochs"] = Choice(plan.epochs, reason)
    elif estimator.epochs is None:
        reason = f"max_steps={estimator.max_steps}, {plan.steps_a_pass} a pass"
        choices["epochs"] = Choice(plan.epochs, reason)
    return choices


def _rate(estimator: SequenceEstimator) -> float | None:
    """The learning rate, where it is a number and not the optimiser's own."""
    rate = estimator.learning_rate
    is_ours = isinstance(estimator.optimizer, str) and isinstance(rate, numbers.Real)
    return float(rate) if is_ours else None


def taken_when_going_on(estimator: SequenceEstimator) -> dict[str, Any]:
    """The parameters that training a fitted model takes as they are now; warns of others that have
    changed since its fit."""
    now, before = comparable_parameters(estimator), fitted_parameters(estimator)
    names = estimator._of_training()
    changed = [name for name, value in now.items() if value != before[name]]
    kept = [f"{name}={getattr(estimator, name)!r}" for name in changed if name not in names]
    if kept:
        warn(
            f"Training goes on with the fitted model, which does not take {', '.join(kept)}: "
            "they stay as they were fitted. Use warm_start=False, and fit, for a new model."
        )
    takes_rate = _takes_rate(estimator) or "learning_rate" not in changed
    if not takes_rate or OF_OPTIMIZERS & {*changed}:
        _replace_optimizer(estimator)
    return {name: now[name] for name in now if name in names}


def _takes_rate(estimator: SequenceEstimator) -> bool:
    """Sets the learning rate; whether the fitted model's optimiser takes it."""
    if not isinstance(estimator.optimizer, str):
        return True  # an instance has its own
    rate = _rate(estimator)
    if rate is None or rate_of(estimator.model_.optimizer) is None:
        return False
    estimator.model_.optimizer.learning_rate = rate
    return True


def _replace_optimizer(estimator: SequenceEstimator) -> None:
    """A new optimiser as the parameters say, which goes on from the state of the old one where they
    are of one kind."""
    model = estimator.model_
    state = state_of(model)
    estimator._compile(model)
    optimizer = model.optimizer
    optimizer.build(model.trainable_variables)
    rate = rate_of(optimizer)
    if optimizer_goes_on(model, state):
        restore(model, state)
    if rate is not None:
        optimizer.learning_rate = rate


def warn_of_failure(target: Encoder, examples: TrainingData, trained: Trained) -> None:
    """Says so where a training has come to nothing."""
    losses = trained.history.get("loss", ())
    if not isinstance(examples, Examples) or len(losses) < FEWEST_PASSES:
        return
    constant = target.constant_loss(examples.targets, examples.weights)
    if constant is not None and min(losses) > NO_BETTER * constant:
        warn(
            f"The training came to nothing: after {len(losses)} epochs its loss is "
            f"{losses[-1]:.3g}, and {constant:.3g} is that of one answer to everything. Raise "
            "max_steps, lower learning_rate or dropout, try another cell; or X may say nothing of "
            "y.",
            ConvergenceWarning,
        )
