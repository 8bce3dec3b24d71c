"""Samples that come in batches, one after the other, and are read anew at each pass."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any


class Batches:
    """Batches of samples from a function that begins a pass over them.

    An estimator's `fit` takes it as X, without y: it is read once to learn scales, vocabularies and
    classes, and once an epoch, and no more than a few batches are in memory. `predict` takes it
    too. Rows of a batch are shuffled among those of its neighbours; to shuffle farther, let each
    pass have another order.

    Args:
        begin: called without arguments at each pass, returns an iterable of batches: tuples (X, y)
            or (X, y, sample_weight), each as `fit` takes it in memory; for prediction X alone too.
        rows: samples of a pass, where that is known: the learning rate's schedule is made of it.
            Default: None.

    Example:
        >>> batches = Batches(lambda: iter([(["a film", "a play"], [1, 0]), (["a song"], [1])]))
        >>> [len(y) for X, y in batches], [len(y) for X, y in batches]
        ([2, 1], [2, 1])
    """

    def __init__(self, begin: Callable[[], Iterable[Any]], rows: int | None = None) -> None:
        if not callable(begin):
            raise TypeError(
                "begin must be a function without arguments that begins a pass, got "
                f"{type(begin).__name__}. Give lambda: {type(begin).__name__}(...), say."
            )
        self.begin, self.rows = begin, rows

    def __iter__(self) -> Iterator[Any]:
        """One pass."""
        return iter(self.begin())
