"""The tasks of Hochreiter & Schmidhuber (1997), and when they count as learned."""

from __future__ import annotations

from typing import Any, NamedTuple, Protocol

import numpy as np

from .grammar import SYMBOLS, next_symbols, one_hot, training_and_test
from .networks import AT_ONCE, Batch, Network, Shape

STRINGS, LONGEST, LOOKED = 256, 33, 128
RECENT, FRESH = 2000, 2560


class Success(NamedTuple):
    """How a training ended.

    Attributes:
        sequences: that were shown until the task counted as learned; None where it did not.
        wrong: the share of new sequences that are answered wrongly then, or at the end.
    """

    sequences: int | None
    wrong: float


class LongLag(Protocol):
    """A task: its sizes, and a training until it counts as learned."""

    shape: Shape

    def train(self, network: Network, limit: int, rng: np.random.Generator) -> Success:
        """Trains a network that has started, until success or for `limit` sequences."""
        ...


class Reber:
    """Predict the next symbol of the embedded Reber grammar, at every step.

    Learned where, for all strings of the training and of the test set, the outputs of the symbols
    that may come next are the most active ones, at every step: looked at every 128 sequences.
    """

    shape = Shape(LONGEST - 1, len(SYMBOLS), len(SYMBOLS), "classes", every_step=True)

    def train(self, network: Network, limit: int, rng: np.random.Generator) -> Success:
        trained, tested = training_and_test(STRINGS, LONGEST, rng)
        strings = [*trained, *tested]
        x, valid = one_hot(strings, self.shape.steps)
        y = np.zeros_like(x)
        legal = np.zeros(x.shape, bool)
        for i, string in enumerate(strings):
            y[i, np.arange(len(string) - 1), [SYMBOLS.index(s) for s in string[1:]]] = 1
            for t, symbols in enumerate(next_symbols(string)):
                legal[i, t, [SYMBOLS.index(s) for s in symbols]] = True
        everything = Batch(x, y, valid)
        shown, right = 0, np.zeros(len(strings), bool)
        while shown < limit:
            drawn = rng.integers(STRINGS, size=(AT_ONCE, network.rows))
            network.train(Batch(x[drawn], y[drawn], valid[drawn]))
            shown += drawn.size
            if shown % LOOKED < drawn.size:
                right = legal_ones_lead(network.answers(everything), legal, valid)
                if right.all():
                    return Success(shown, 0.0)
        return Success(None, 1 - float(right[STRINGS:].mean()))


def legal_ones_lead(outputs: np.ndarray, legal: np.ndarray, valid: np.ndarray) -> np.ndarray:
    """Whether all legal symbols are above all others at every step of a sequence, (B,).

    Args:
        outputs: (B, T, K).
        legal: boolean (B, T, K).
        valid: boolean (B, T).
    """
    lowest = np.where(legal, outputs, np.inf).min(-1)
    highest = np.where(legal, -np.inf, outputs).max(-1)
    return ((lowest > highest) | ~valid).all(-1)


class _Recent:
    """Learned where the 2,000 sequences shown last were answered rightly when they were shown.

    The papers also ask for a mean error below a bound, which that implies: no error of an output is
    above `tolerance`.
    """

    shape: Shape
    tolerance: float

    def batch(self, rows: int, rng: np.random.Generator) -> Batch:
        raise NotImplementedError

    def right(self, outputs: np.ndarray, batch: Batch) -> np.ndarray:
        """Whether each row is answered rightly, (B,)."""
        return (np.abs(outputs - batch.y) < self.tolerance).all(-1)

    def train(self, network: Network, limit: int, rng: np.random.Generator) -> Success:
        shown = since_a_mistake = 0
        while shown < limit and since_a_mistake < RECENT:
            batch = self.batch(AT_ONCE * network.rows, rng)
            batches = Batch(*(v.reshape(AT_ONCE, network.rows, *v.shape[1:]) for v in batch[:3]))
            outputs = network.train(batches).reshape(batch.y.shape)
            mistakes = np.flatnonzero(~self.right(outputs, batch))
            count = len(outputs)
            shown += count
            since_a_mistake = count - 1 - mistakes[-1] if len(mistakes) else since_a_mistake + count
        fresh = self.batch(FRESH, rng)
        wrong = 1 - float(self.right(network.answers(fresh), fresh).mean())
        return Success(shown if since_a_mistake >= RECENT else None, wrong)


class Adding(_Recent):
    """Add the two numbers of a sequence that are marked; asked at the end (section 5.4).

    Each step has a number from -1 to 1 and a mark. Two are marked by 1, one of the first ten steps
    and another of the first half; the first and the last step are marked by -1, all others by 0.
    The target is 0.5 + (X1 + X2) / 4; an answer is right where it is off by less than 0.04.

    Args:
        lag: T; a sequence has T to 1.1 T steps.
    """

    tolerance = 0.04

    def __init__(self, lag: int = 100) -> None:
        self.lag = lag
        self.shape = Shape(lag + lag // 10, 2, 1, "numbers", every_step=False)

    def batch(self, rows: int, rng: np.random.Generator) -> Batch:
        steps = np.arange(self.shape.steps)
        lengths = rng.integers(self.lag, self.shape.steps + 1, rows)
        numbers = rng.uniform(-1, 1, (rows, self.shape.steps))
        marks = np.zeros((rows, self.shape.steps))
        every = np.arange(rows)
        first = rng.integers(min(10, self.lag // 2 - 2), size=rows)
        second = rng.integers(self.lag // 2 - 2, size=rows)  # of the steps that are left
        second += second >= first
        marks[every, 0] = marks[every, lengths - 1] = -1
        marks[every, first] = marks[every, second] = 1
        numbers[every, 0] *= (first != 0) & (second != 0)  # X1 is 0 where the first step is marked
        sums = numbers[every, first] + numbers[every, second]
        valid = steps < lengths[:, None]
        x = np.stack([numbers, marks], -1) * valid[..., None]
        return Batch(x.astype("float32"), (0.5 + sums / 4)[:, None].astype("float32"), valid)


class Order(_Recent):
    """Say in which order X and Y came (section 5.6, task 6a): XX, XY, YX or YY; asked at the end.

    A sequence starts with E and ends with B, and is of a, b, c and d but for two steps, one of the
    second tenth and one of the sixth, which are X or Y. An answer is right where no output is off
    by 0.3 or more.

    Args:
        lag: the smallest number of steps, T; a sequence has T to 1.1 T.
    """

    tolerance = 0.3

    def __init__(self, lag: int = 100) -> None:
        self.lag = lag
        self.shape = Shape(lag + lag // 10, 8, 4, "classes", every_step=False)

    def batch(self, rows: int, rng: np.random.Generator) -> Batch:
        tenth, steps = self.lag // 10, self.shape.steps
        lengths = rng.integers(self.lag, steps + 1, rows)
        every = np.arange(rows)
        symbols = rng.integers(4, size=(rows, steps))
        symbols[:, 0] = 4  # E
        symbols[every, lengths - 1] = 5  # B
        which = rng.integers(2, size=(2, rows))
        for i, start in enumerate((tenth, 5 * tenth)):
            symbols[every, rng.integers(start, start + tenth + 1, rows)] = 6 + which[i]
        valid = np.arange(steps) < lengths[:, None]
        x = np.eye(8, dtype="float32")[symbols] * valid[..., None]
        return Batch(x, np.eye(4, dtype="float32")[2 * which[0] + which[1]], valid)


TASKS: dict[str, Any] = {"reber": Reber, "adding": Adding, "order": Order}
