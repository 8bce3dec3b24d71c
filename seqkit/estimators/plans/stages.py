"""The trainings of a fit: nearly always one; of few numbers two, as the first counts passes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import keras
import numpy as np

from seqkit.estimators.given import Stage
from seqkit.estimators.plans.choices import Choice, is_auto
from seqkit.estimators.plans.training_plan import batch_size_for, plan_for, stops_early
from seqkit.estimators.validation import held_out
from seqkit.training.examples import Examples
from seqkit.training.streams import Stream

if TYPE_CHECKING:
    from seqkit.estimators.base import SequenceEstimator

# Examples of which a part is held out to count passes. In fewer that part says nothing; of more a
# training makes too few passes to learn noise by heart, and to make them twice would take long.
FEWEST, MOST = 30, 1000
PART = 0.2  # of the examples
SMOOTHED = 5  # losses, as those of a small part jump
WITHOUT_A_BETTER = 0.25  # of the passes that are planned, after which no more are counted
FEWEST_WITHOUT = 10


def stages_of(
    estimator: SequenceEstimator,
    examples: Any,
    given: Any,
    epochs: int | None,
    rng: np.random.Generator,
    *,
    counts_passes: bool,
) -> Iterator[Stage]:
    """The trainings of a fit.

    Args:
        estimator: whose parameters say what is held out.
        examples: all of them, or a stream.
        given: what `fit` was given.
        epochs: passes, where their number is given.
        rng: chooses what is held out.
        counts_passes: whether a first training may count the passes that do best on examples which
            it does not see, and a second one make as many over all.
    """
    if given.validation_data is not None:
        stops = stops_early(estimator, None, watched=True)
        yield Stage(examples, estimator._validation(given.validation_data), stops)
        return
    stops = stops_early(estimator, None if isinstance(examples, Stream) else len(examples))
    is_open = is_auto(estimator.early_stopping)
    if stops.value and epochs != 1:
        yield Stage(*_parts(estimator, examples, estimator.validation_fraction, rng), stops)
    elif (
        counts_passes
        and is_open
        and epochs is None
        and estimator.max_steps is None
        and isinstance(examples, Examples)
        and FEWEST <= len(examples) <= MOST
    ):
        kept, held = _parts(estimator, examples, PART, rng)
        planned = plan_for(estimator, kept, batch_size_for(estimator, kept), None).epochs
        counter = BestPass(planned)
        yield Stage(kept, held, stops, [counter], last=False)
        why = f"{len(examples)} examples; a fifth was held out of a first training alone"
        yield Stage(examples, None, Choice(False, why), passes=counter.best)
    else:
        yield Stage(examples, None, stops)


def _parts(
    estimator: SequenceEstimator, examples: Any, fraction: float, rng: np.random.Generator
) -> tuple[Examples, Examples]:
    """The examples that are trained on, and those that are held out."""
    strata = estimator._target.strata
    return held_out(examples, fraction, strata, rng, lenient=is_auto(estimator.early_stopping))


class BestPass(keras.callbacks.Callback):
    """Finds the pass after which the smoothed validation loss was lowest, and ends a training that
    has none lower for long.

    Args:
        planned: passes of the training.

    Example:
        >>> counter = BestPass(planned=100)
        >>> counter.losses = [9.0, 5.0, 3.0, 2.0, 2.0, 2.0, 3.0, 9.0]
        >>> counter.best
        5
    """

    def __init__(self, planned: int) -> None:
        super().__init__()
        self.planned = planned
        self.losses: list[float] = []

    @property
    def best(self) -> int:
        """The pass, counted from 1; the last one planned where no loss is a number."""
        losses = np.array(self.losses)
        if not len(losses) or not np.isfinite(losses).any():
            return self.planned
        width = min(SMOOTHED, len(losses))
        means = np.convolve(losses, np.full(width, 1 / width), "valid")
        return int(np.nanargmin(means)) + 1 + width // 2

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        self.losses.append(float((logs or {}).get("val_loss", np.nan)))
        patience = max(FEWEST_WITHOUT, WITHOUT_A_BETTER * self.planned)
        if len(self.losses) - self.best >= patience:
            self.model.stop_training = True
