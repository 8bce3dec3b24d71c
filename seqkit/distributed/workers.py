"""The processes that train one model together, as each of them sees them."""

from __future__ import annotations

import contextlib
import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import tensorflow as tf

from seqkit.types import Tensor

_PART = 3  # bytes of a digest in a float32, which holds integers below 2^24


class WorkerLost(RuntimeError):
    """Another worker has ended, or does not answer."""


class Workers:
    """All workers, over the collective operations of TensorFlow's strategy.

    Models and optimisers stay outside its scope: what goes from one to another are sums, of
    gradients, counts and metrics. Each worker calls the same methods in the same order.

    Args:
        strategy: of TensorFlow's multi-worker kind.
        index: of this process, from 0.
        count: of processes.
    """

    def __init__(self, strategy: tf.distribute.Strategy, index: int, count: int) -> None:
        self.index, self.count = index, count
        self._strategy = strategy
        self._sum = tf.function(self._summed, autograph=False, reduce_retracing=True)

    def sum(self, values: Tensor) -> Tensor:
        """The sum over all workers of a tensor of one shape, in a graph or outside of one."""
        return self._sum(values) if tf.executing_eagerly() else self._summed(values)

    def _summed(self, values: Tensor) -> Tensor:
        def replica(own: Tensor) -> Tensor:
            context = tf.distribute.get_replica_context()
            # The copy is on the worker's device, by which the strategy knows where to reduce.
            return context.all_reduce(tf.distribute.ReduceOp.SUM, tf.identity(own))

        return self._strategy.run(replica, args=(values,))

    def rows(self, own: Tensor) -> Tensor:
        """The rows (n, ...) of all workers, one after the other; within a graph."""

        def replica(own: Tensor) -> Tensor:
            return tf.distribute.get_replica_context().all_gather(tf.identity(own), axis=0)

        return self._strategy.run(replica, args=(own,))

    def of_each(self, values: np.ndarray) -> np.ndarray:
        """The values (n,) of every worker, (workers, n), float32."""
        rows = np.zeros((self.count, len(values)), np.float32)
        rows[self.index] = values
        return np.asarray(self.sum(tf.constant(rows)))

    def of_chief(self, value: int) -> int:
        """The integer that the first worker gives, from 0 to 2^48."""
        parts = np.array([value >> 24, value & (1 << 24) - 1], np.float32)
        high, low = (int(part) for part in self.of_each(parts)[0])
        return (high << 24) + low

    def check_alike(self, facts: Mapping[str, Any]) -> None:
        """Sees that these are the same on all workers.

        Raises:
            ValueError: on every worker, naming what differs, and where.
        """
        digests = [
            hashlib.sha256(json.dumps(value, default=str).encode()).digest()[: 2 * _PART]
            for value in facts.values()
        ]
        parts = [digest[k : k + _PART] for digest in digests for k in (0, _PART)]
        numbers = np.array([int.from_bytes(part, "big") for part in parts], np.float32)
        other = (self.of_each(numbers) != numbers).reshape(self.count, len(facts), 2).any(2)
        for k, (name, value) in enumerate(facts.items()):
            if other[:, k].any():
                others = ", ".join(str(i) for i in np.flatnonzero(other[:, k]))
                raise ValueError(
                    f"Workers must be given the same data, parameters and versions: {name} is "
                    f"{value} on worker {self.index}, and another on worker {others}."
                )


_WORKERS: Workers | None = None


def workers() -> Workers | None:
    """The workers that this process has joined; None where it is by itself."""
    return _WORKERS


def set_workers(joined: Workers) -> None:
    """Makes trainings of this process those of all workers."""
    global _WORKERS
    _WORKERS = joined


def worker_count() -> int:
    """The number of workers that train together; 1 where this process is by itself.

    Example:
        >>> worker_count(), worker_index(), is_chief()
        (1, 0, True)
    """
    return _WORKERS.count if _WORKERS else 1


def worker_index() -> int:
    """The number of this worker, from 0."""
    return _WORKERS.index if _WORKERS else 0


def is_chief() -> bool:
    """Whether this is the worker that writes files and prints."""
    return worker_index() == 0


def mean_over_workers(value: Tensor) -> Tensor:
    """The mean over all workers of a number, by which each divides its own sum: so a mean of
    workers' losses is that over all rows."""
    return value if _WORKERS is None else _WORKERS.sum(value) / _WORKERS.count


@contextlib.contextmanager
def losses_named() -> Iterator[None]:
    """Says which worker is gone where an operation of all of them fails.

    Raises:
        WorkerLost: for TensorFlow's errors that tell of other processes.
    """
    try:
        yield
    except tf.errors.OpError as error:
        if _WORKERS is None or not re.search("[Cc]ollective|/task:|[Pp]eer", str(error)):
            raise
        tasks = set(re.findall(r"task:(\d+)", str(error))) - {str(_WORKERS.index)}
        which = f"Worker {', '.join(sorted(tasks))}" if tasks else "Another worker"
        raise WorkerLost(
            f"{which} has ended, or does not answer, so that worker {_WORKERS.index} stops. Start "
            "all again: with checkpoint_dir the training goes on after its last whole epoch."
        ) from error
