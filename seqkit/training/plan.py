"""The plan of a training: its passes and steps, and the learning rate of each step."""

from __future__ import annotations

import math
from dataclasses import dataclass

import keras

SCHEDULES = ("cosine", "constant")
FEWEST_PASSES = 4  # of a plan that a budget of steps makes: much data are seen that often
WARM_UP = 0.1  # share of the steps in which the rate rises


@dataclass(frozen=True)
class Budget:
    """The length of a training that nothing else limits: whole passes of about so many steps.

    Attributes:
        steps: training steps, at least.
        passes: over the data, at least.
    """

    steps: int
    passes: int = FEWEST_PASSES

    def times(self, effort: float) -> Budget:
        """A part of it, or more.

        Example:
            >>> Budget(500, 4).times(0.4)
            Budget(steps=200, passes=2)
        """
        return Budget(math.ceil(effort * self.steps), math.ceil(effort * self.passes))

    def passes_of(self, steps_a_pass: int | None) -> int:
        """Its passes, of so many steps each; None where that is not known."""
        if steps_a_pass is None:
            return self.passes
        return max(self.passes, math.ceil(self.steps / steps_a_pass))


@dataclass(frozen=True)
class Plan:
    """The passes, steps and rates of one training.

    Attributes:
        epochs: passes over the data, at most.
        steps: training steps, at most, of which the schedule is made; None where the number of a
            pass is not known.
        steps_a_pass: batches of a pass; None where it is not known.
        rate: the learning rate, of which the schedule gives a part at each step; None where the
            optimiser has a rate of its own, which is left alone.
        schedule: "cosine": the rate rises over the first tenth of the steps and then falls to 0
            along half a cosine (Loshchilov & Hutter 2017); "constant".
    """

    epochs: int
    steps: int | None = None
    steps_a_pass: int | None = None
    rate: float | None = None
    schedule: str = "constant"

    @property
    def passes(self) -> float:
        """Passes over the data, the last of which may end within."""
        if self.steps is None or self.steps_a_pass is None:
            return self.epochs
        return self.steps / self.steps_a_pass

    @property
    def ends_within_a_pass(self) -> bool:
        """Whether the steps end before the passes do."""
        return self.passes < self.epochs

    @property
    def _falls(self) -> bool:
        """Whether the schedule sets the rate of each step."""
        return self.schedule == "cosine" and self.rate is not None and self.steps is not None

    def rate_at(self, step: int) -> float:
        """The learning rate of a step, which are counted from 0.

        Example:
            >>> plan = Plan(10, 100, 10, rate=0.1, schedule="cosine")
            >>> [round(plan.rate_at(step), 3) for step in (0, 9, 10, 55, 99)]
            [0.01, 0.1, 0.1, 0.05, 0.0]
        """
        assert self.rate is not None
        assert self.steps is not None
        rising = max(1, math.floor(WARM_UP * self.steps))
        if step < rising:
            return self.rate * (step + 1) / rising
        part = (step - rising) / max(1, self.steps - rising)
        return self.rate * (1 + math.cos(math.pi * min(part, 1.0))) / 2

    def callback(self) -> keras.callbacks.Callback | None:
        """Sets the rates, and ends the training after the last step; None where nothing is to."""
        return _Planned(self) if self._falls or self.ends_within_a_pass else None


def plan_of(
    steps_a_pass: int | None,
    *,
    epochs: int | None,
    max_steps: int | None,
    budget: Budget,
    rate: float | None,
    schedule: str,
) -> Plan:
    """The plan that parameters of an estimator make.

    Args:
        steps_a_pass: batches of a pass over the data; None where it is not known.
        epochs: passes, at most; None: as many as `max_steps` gives.
        max_steps: steps, at most; None: where epochs is None as well, as the budget has it.
        budget: of a training that nothing else limits.
        rate, schedule: as of `Plan`; without a number of steps the rate is constant.

    Example:
        >>> parts = {"budget": Budget(600), "rate": 0.01, "schedule": "cosine"}
        >>> plan_of(7, epochs=None, max_steps=None, **parts).epochs
        86
        >>> plan_of(5000, epochs=None, max_steps=None, **parts).epochs
        4
        >>> plan_of(7, epochs=30, max_steps=100, **parts).steps
        100
    """
    if steps_a_pass is None:
        return Plan(epochs or budget.passes, rate=rate)
    if epochs is None and max_steps is None:
        epochs = budget.passes_of(steps_a_pass)
    elif epochs is None:
        assert max_steps is not None
        epochs = math.ceil(max_steps / steps_a_pass)
    steps = epochs * steps_a_pass
    if max_steps is not None:
        steps = min(steps, max_steps)
    return Plan(epochs, steps, steps_a_pass, rate, schedule)


class _Planned(keras.callbacks.Callback):
    def __init__(self, plan: Plan) -> None:
        super().__init__()
        self._plan = plan
        self._before = 0  # steps of the epochs before

    def on_epoch_begin(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        self._before = epoch * (self._plan.steps_a_pass or 0)

    def on_train_batch_begin(self, batch: int, logs: dict[str, float] | None = None) -> None:
        if self._plan._falls:
            self.model.optimizer.learning_rate = self._plan.rate_at(self._before + batch)

    def on_train_batch_end(self, batch: int, logs: dict[str, float] | None = None) -> None:
        # What ends with a pass ends by itself: of a stream the batches are not known exactly.
        if self._plan.ends_within_a_pass and self._before + batch + 1 >= (self._plan.steps or 0):
            self.model.stop_training = True
