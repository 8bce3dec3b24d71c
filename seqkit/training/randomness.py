"""Seeds for every random part of a fit, from one `random_state`."""

from __future__ import annotations

import contextlib
import random
import secrets
from collections.abc import Callable, Iterator

import numpy as np

from seqkit.distributed.workers import workers
from seqkit.types import RandomState


def generator_of(random_state: RandomState) -> np.random.Generator:
    """A generator of its own for an int, a RandomState, a Generator, or None (fresh entropy)."""
    if isinstance(random_state, np.random.Generator):
        return random_state
    if isinstance(random_state, np.random.RandomState):
        return np.random.default_rng(random_state.randint(2**31, size=4))
    shared = workers()
    if random_state is None and shared is not None:  # all workers draw alike
        return np.random.default_rng(shared.of_chief(secrets.randbits(48)))
    if random_state is None or isinstance(random_state, int | np.integer):
        if random_state is not None and random_state < 0:
            raise ValueError(f"random_state must be an int of at least 0, got {random_state!r}.")
        return np.random.default_rng(random_state)
    raise TypeError(
        f"random_state must be an int, a numpy RandomState or Generator, or None, "
        f"got {random_state!r}."
    )


def seeds_from(rng: np.random.Generator) -> Callable[[], int]:
    """A function that draws a new seed at each call."""
    return lambda: int(rng.integers(2**31 - 1))


@contextlib.contextmanager
def global_state_kept() -> Iterator[None]:
    """Puts Python's global random state back; Keras draws default seeds from it."""
    state = random.getstate()
    try:
        yield
    finally:
        random.setstate(state)
