"""Spikes and periods: where they are, and when a task counts as learned."""

from __future__ import annotations

import numpy as np
import pytest

from recipes.parts.experiments.networks import AT_ONCE, Batch
from recipes.parts.experiments.timing import Delays, Generated, trained


def test_at_each_spike_the_delay_since_the_last_one_is_asked():
    batch = Delays(7).sequences(200, np.random.default_rng(0))
    seen = set()
    for x, y, asked in zip(batch.x[..., 0], batch.y[..., 0], batch.asked, strict=True):
        places = np.flatnonzero(x)
        assert places[0] == 0
        assert np.flatnonzero(asked).tolist() == places[1:].tolist()
        for delay, longer in zip(np.diff(places), y[places[1:]], strict=True):
            assert delay == 7 + longer
            seen.add(delay)
        assert not y[asked == 0].any()
    assert seen == {7, 8}


@pytest.mark.parametrize(
    ("wave", "expected"),
    [
        ("spikes", [0, 0, 0, 0, 1, 0, 0, 0, 1]),
        ("cosine", [1, 0, -1, 0, 1, 0, -1, 0, 1]),
        ("triangle", [1, 0, -1, 0, 1, 0, -1, 0, 1]),
        ("rectangle", [1, 1, -1, -1, 1, 1, -1, -1, 1]),
    ],
)
def test_periods(wave, expected):
    batch = Generated(wave, 4).sequence(9)
    np.testing.assert_allclose(batch.y[0, :, 0], expected, atol=1e-6)
    assert batch.x[0, :, 0].tolist() == [1] + [0] * 8


class Learner:
    """In the place of a network: right from some training step on."""

    def __init__(self, needed: int, late: int = 0) -> None:
        self.needed, self.late, self.steps = needed, late, 0

    def train(self, batches: Batch) -> None:
        assert batches.x.shape[0] == AT_ONCE
        self.steps += AT_ONCE

    def answers(self, batch: Batch) -> np.ndarray:
        right = self.steps >= self.needed
        return np.roll(batch.y, self.late, 1) if right else np.zeros_like(batch.y)


@pytest.mark.parametrize("task", [Delays(5), Generated("spikes", 5), Generated("cosine", 5)])
def test_learned_is_when_nothing_is_wrong(task):
    assert trained(task, Learner(100), 1000, np.random.default_rng(0)) == (128, 0)
    found = trained(task, Learner(1000), 96, np.random.default_rng(0))
    assert found.steps is None
    assert found.wrong > 0.1


def test_a_spike_that_is_a_step_late_is_wrong():
    task = Generated("spikes", 10)
    found = trained(task, Learner(0, late=1), 64, np.random.default_rng(0))
    assert found.steps is None
    np.testing.assert_allclose(found.wrong, 40 / 201, atol=0.006)
