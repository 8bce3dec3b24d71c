"""Spikes and periods in time (Gers, Schraudolph & Schmidhuber 2002, JMLR 3)."""

from __future__ import annotations

from typing import Any, NamedTuple, Protocol

import numpy as np

from .networks import AT_ONCE, Batch, Network, Shape

DELAYS = 4  # of a sequence whose delays are measured
PERIODS, CONTINUED = 4, 20  # trained on and tested over, where a network generates
MEASURED = 256  # new sequences


class Success(NamedTuple):
    """How a training ended.

    Attributes:
        steps: of training until the task was learned; None where it was not.
        wrong: the share of delays, or of steps, that are wrong then or at the end.
    """

    steps: int | None
    wrong: float


class Task(Protocol):
    """A task in time."""

    shape: Shape
    rows: int

    def batches(self, rng: np.random.Generator) -> Batch:
        """`AT_ONCE` batches to train on."""
        ...

    def wrong(self, network: Network) -> float:
        """The share that a network has wrong of what it was not trained on."""
        ...


def trained(task: Task, network: Network, limit: int, rng: np.random.Generator) -> Success:
    """Trains a network that has started until nothing is wrong, or for `limit` steps."""
    wrong = 1.0
    for steps in range(AT_ONCE, limit + AT_ONCE, AT_ONCE):
        network.train(task.batches(rng))
        wrong = task.wrong(network)
        if wrong == 0:
            return Success(steps, 0.0)
    return Success(None, wrong)


class Delays:
    """Say at each spike whether the delay since the last one was F or F + 1 steps.

    Learned where all 1,024 delays of 256 new sequences are told apart.

    Args:
        delay: F.
    """

    rows = 16

    def __init__(self, delay: int) -> None:
        self.delay = delay
        self.shape = Shape(DELAYS * (delay + 1) + 1, 1, 1, "marks", every_step=True)
        self._new = self.sequences(MEASURED, np.random.default_rng(1_000_000))

    def sequences(self, rows: int, rng: np.random.Generator) -> Batch:
        """Sequences of spikes, the first at step 0."""
        longer = rng.integers(2, size=(rows, DELAYS))
        spikes = np.concatenate([np.zeros((rows, 1), int), (self.delay + longer).cumsum(1)], 1)
        x = np.zeros((rows, self.shape.steps, 1), "float32")
        y, asked = np.zeros_like(x), np.zeros(x.shape[:2], "float32")
        every = np.arange(rows)[:, None]
        x[every, spikes, 0] = 1
        y[every, spikes[:, 1:], 0] = longer
        asked[every, spikes[:, 1:]] = 1
        return Batch(x, y, np.ones(asked.shape, bool), asked)

    def batches(self, rng: np.random.Generator) -> Batch:
        parts = self.sequences(AT_ONCE * self.rows, rng)
        return Batch(*(v.reshape(AT_ONCE, self.rows, *v.shape[1:]) for v in parts if v is not None))

    def wrong(self, network: Network) -> float:
        answers = network.answers(self._new) > 0.5
        asked = self._new.asked == 1
        return float((answers != (self._new.y > 0.5))[asked].mean())


def spikes(phase: np.ndarray, period: int) -> np.ndarray:
    """1 at every beginning of a period but the first, else 0."""
    return ((phase % period == 0) & (phase > 0)).astype(float)


def cosine(phase: np.ndarray, period: int) -> np.ndarray:
    return np.cos(2 * np.pi * phase / period)


def triangle(phase: np.ndarray, period: int) -> np.ndarray:
    return 4 * np.abs(phase / period % 1 - 0.5) - 1


def rectangle(phase: np.ndarray, period: int) -> np.ndarray:
    return np.where(phase % period < period / 2, 1.0, -1.0)


WAVES: dict[str, Any] = {
    "spikes": spikes,
    "cosine": cosine,
    "triangle": triangle,
    "rectangle": rectangle,
}


class Generated:
    """Generate a periodic function from a single spike at step 0, alone: nothing else is read, and
    nothing is reset.

    Trained on four periods. Learned where over twenty every spike is at its step and nowhere else
    is one; of the other functions, where no step is off by `tolerance` or more.

    Args:
        wave: of `WAVES`.
        period: in steps.
    """

    rows, tolerance = 1, 0.3

    def __init__(self, wave: str, period: int) -> None:
        self.wave, self.period = wave, period
        answers = "marks" if wave == "spikes" else "numbers"
        self.shape = Shape(PERIODS * period + 1, 1, 1, answers, every_step=True)
        self._trained = self.sequence(self.shape.steps)
        self._longer = self.sequence(CONTINUED * period + 1)

    def sequence(self, steps: int) -> Batch:
        """The one sequence, so long."""
        x = np.zeros((1, steps, 1), "float32")
        x[0, 0] = 1
        y = WAVES[self.wave](np.arange(steps), self.period).astype("float32")
        return Batch(x, y[None, :, None], np.ones((1, steps), bool))

    def batches(self, rng: np.random.Generator) -> Batch:
        return Batch(*(np.stack([v] * AT_ONCE) for v in self._trained[:3]))

    def wrong(self, network: Network) -> float:
        off = np.abs(network.answers(self._longer) - self._longer.y)
        return float((off >= (0.5 if self.wave == "spikes" else self.tolerance)).mean())
