"""Streams of an estimator, and what is learned of one before its training."""

from __future__ import annotations

import itertools
import queue
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from seqkit import checks
from seqkit.estimators.inputs.alignment import aligned
from seqkit.training.streams import Stream

if TYPE_CHECKING:
    from seqkit.estimators.base import SequenceEstimator
    from seqkit.estimators.given import Arguments, Given

WAIT = 0.1  # seconds after which it is looked whether the reader has ended


def given_stream(estimator: SequenceEstimator, given: Given) -> Stream:
    """The stream that a fit was given.

    Raises:
        ValueError: for targets beside it, or steps_per_epoch out of its range.
    """
    if given.y is not None or given.sample_weight is not None:
        raise ValueError(
            "y and sample_weight must be None where X is a tf.data.Dataset or Batches: its "
            "elements hold them, (x, y) or (x, y, weight)."
        )
    steps = getattr(given, "steps_per_epoch", None)
    checks.optional(checks.count)("steps_per_epoch", steps)
    rows = int(estimator.batch_size or estimator._batches.large)
    learned = None if steps is None else steps * rows
    return stream_of(estimator, given.X, estimator._examples, steps=steps, learned=learned)


def check_no_steps(given: Arguments) -> None:
    """Raises ValueError where data in memory are given steps, which are of streams."""
    steps = getattr(given, "steps_per_epoch", None)
    if steps is not None:
        raise ValueError(
            f"steps_per_epoch must be None where X is in memory, got {steps!r}: it is of a "
            "tf.data.Dataset or Batches. Limit a training by max_steps."
        )


def stream_of(estimator: SequenceEstimator, source: Any, encode: Any, **options: Any) -> Stream:
    """A source of examples, read as an estimator reads them; options are those of `Stream`."""
    lists, stepwise = estimator._token_lists, estimator._stepwise
    return Stream(source, encode, stepwise=stepwise, token_lists=lists, **options)


def learned_stream(estimator: SequenceEstimator, given: Given, *, together: bool) -> Stream:
    """The stream of a fit, of which the estimator's new input and target have learned.

    Args:
        estimator: gets the input and the target.
        given: what `fit` was given.
        together: whether in one pass; else in one each, for both may warn, and of a thread there is
            no telling which line of the user's led there.
    """
    stream = given_stream(estimator, given)
    (X, y), pairs = _peeked(stream.pairs())
    source = estimator._input = estimator._new_input(X)
    target = estimator._target = estimator._new_target(y, given.classes)
    if not together:
        source.learn(source.read(X) for X, _ in pairs)
        target.learn(map(target.read, stream.targets()))
        return stream

    def both() -> Iterator[tuple[Any, Any]]:
        for X, y in pairs:
            samples = source.read(X)
            yield samples, target.read(aligned(y, samples, stepwise=estimator._stepwise))

    learn_together(both(), source.learn, target.learn)
    return stream


def _peeked(chunks: Iterator[Any]) -> tuple[Any, Iterator[Any]]:
    """The first of some chunks, and all of them."""
    first = next(chunks)
    return first, itertools.chain([first], chunks)


def learn_together(
    pairs: Iterable[tuple[Any, Any]],
    learn_first: Callable[[Iterator[Any]], object],
    learn_second: Callable[[Iterator[Any]], object],
) -> None:
    """Gives each of two readers its side of some pairs, which are read once and not kept.

    The second reader runs in a thread of its own, for each asks for the next one itself.

    Raises:
        Exception: what a reader raises.

    Example:
        >>> received = []
        >>> learn_together(
        ...     zip("ab", (1, 2)),
        ...     lambda letters: received.append("".join(letters)),
        ...     lambda numbers: received.append(sum(numbers)),
        ... )
        >>> sorted(received, key=str)
        [3, 'ab']
    """
    end = object()
    waiting: queue.Queue[Any] = queue.Queue(1)

    def seconds() -> Iterator[Any]:
        while (value := waiting.get()) is not end:
            yield value

    with ThreadPoolExecutor(1) as threads:
        reading = threads.submit(learn_second, seconds())

        def give(value: object) -> None:
            while not reading.done():
                try:
                    waiting.put(value, timeout=WAIT)
                except queue.Full:
                    continue
                return
            if value is not end:
                reading.result()  # its error; or it needs no more

        def firsts() -> Iterator[Any]:
            for first, second in pairs:
                give(second)
                yield first

        try:
            rest = firsts()
            learn_first(rest)
            for _ in rest:  # what the first reader did not need
                pass
        finally:
            give(end)
        reading.result()
