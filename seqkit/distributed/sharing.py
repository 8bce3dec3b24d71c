"""A training that several workers share: each computes some rows of every batch.

Every worker makes the same batches in the same order, and keeps its rows of each. Losses are means
over the rows of a batch (or divide by `mean_over_workers` of what they count), so that the mean of
the workers' gradients is the gradient of one process; the optimiser clips and applies it after
that. Weights stay equal bit for bit, as all start from the same ones.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from seqkit.distributed.workers import Workers
from seqkit.types import Tensor


def share_of_batches(dataset: tf.data.Dataset, workers: Workers) -> tf.data.Dataset:
    """The rows of each batch that are this worker's: every n-th.

    Args:
        dataset: of batches (inputs, targets, weights), whose first axes are the rows.
        workers: that share it.

    Raises:
        ValueError: for batches that do not divide among the workers.
    """
    rows = {spec.shape[0] for spec in tf.nest.flatten(dataset.element_spec)}
    uneven = [n for n in rows if n is not None and n % workers.count]
    if uneven:
        raise ValueError(
            f"batch_size must be a multiple of the number of workers, {workers.count}, got "
            f"{uneven[0]}."
        )

    def own(*batch: Any) -> Any:
        return tf.nest.map_structure(lambda part: part[workers.index :: workers.count], batch)

    return dataset.map(own).prefetch(1)


class MeanLogs(keras.callbacks.Callback):
    """Metrics of the training over all workers' rows. Comes before what reads the logs.

    All workers see the first one's numbers, those of the validation too: of other processors the
    last digit may differ, and with it when training stops.
    """

    def __init__(self, workers: Workers) -> None:
        super().__init__()
        self._workers = workers
        self._logs: dict[str, float] | None = None

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
        self._logs = None

    def on_test_begin(self, logs: Any = None) -> None:
        self._logs = self._summed()  # the validation sets the metrics back

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        logs.update(self._summed() if self._logs is None else self._logs)
        numbers = np.array([float(logs[name]) for name in logs], np.float32)
        logs.update(zip(logs, map(float, self._workers.of_each(numbers)[0]), strict=True))

    def _summed(self) -> dict[str, float]:
        """The metrics of the sums over workers: their variables are sums over rows."""
        variables = [v for metric in self.model.metrics for v in metric.variables]
        sums = self._workers.sum(_flat([v.value for v in variables]))
        for variable, value in zip(variables, _parts(sums, variables), strict=True):
            variable.assign(value)
        return {name: float(value) for name, value in self.model.get_metrics_result().items()}


class MeanGradients(keras.callbacks.Callback):
    """Has the optimiser apply the mean of all workers' gradients. Comes last: what others do with
    gradients, such as leaving out what is not finite, all workers then do alike."""

    def __init__(self, workers: Workers) -> None:
        super().__init__()
        self._workers = workers

    def set_model(self, model: keras.Model) -> None:
        super().set_model(model)
        optimizer = model.optimizer
        apply = optimizer.apply

        def applied(grads: Sequence[Any], trainable_variables: Any = None) -> None:
            apply(
                _means(grads, [w.shape for w in model.trainable_variables], self._workers),
                trainable_variables,
            )

        self._applied = applied
        optimizer.__dict__["apply"] = applied  # where Python looks first

    def on_train_end(self, logs: Any = None) -> None:
        # Other callbacks that wrapped it before may have put it back already.
        if self.model.optimizer.__dict__.get("apply") is self._applied:
            del self.model.optimizer.__dict__["apply"]


def check_trained_alike(
    workers: Workers, model: keras.Model, examples: Any, **facts: object
) -> None:
    """Sees that all workers begin the same training.

    Raises:
        ValueError: naming what differs.
    """
    weights = sum_of_arrays([np.asarray(v) for v in model.variables])
    data = sum_of_arrays(list(_arrays(examples)))
    config = model.optimizer.get_config()
    plain = {k: v for k, v in config.items() if k != "name" and isinstance(v, int | float | str)}
    workers.check_alike(
        {
            "data": data,
            "first weights": weights,
            "optimizer": plain,
            **facts,
        }
    )


def sum_of_arrays(arrays: Sequence[np.ndarray]) -> int:
    """A checksum of arrays.

    Example:
        >>> a = np.arange(3)
        >>> sum_of_arrays([a]) == sum_of_arrays([a.copy()]), sum_of_arrays([a + 1]) != 0
        (True, True)
    """
    total = 0
    for array in arrays:
        total = zlib.crc32(array.tobytes(), total)
    return total


def _arrays(examples: Any) -> Iterator[np.ndarray]:
    """The arrays that examples hold; none of a stream, which is read as the training goes."""
    for value in vars(examples).values():
        values = value if isinstance(value, list) else [value]
        for array in values:
            if isinstance(array, np.ndarray) and array.dtype != object:
                yield array


def _means(grads: Sequence[Any], shapes: Sequence[Any], workers: Workers) -> list[Any]:
    """The means of gradients of weights of these shapes over the workers, in one sum.

    An embedding's gradient is rows with their numbers, some of them repeated: all workers' rows,
    one after the other, so that an optimiser takes them as it does those of one process.
    """
    means = list(grads)
    for k, gradient in enumerate(grads):
        if isinstance(gradient, tf.IndexedSlices):
            values = workers.rows(gradient.values) / workers.count
            numbers = workers.rows(gradient.indices)
            means[k] = tf.IndexedSlices(values, numbers, gradient.dense_shape)
    # Where a gradient is missing, as of an unused weight, it is so on all workers.
    kinds = (tf.IndexedSlices, type(None))
    dense = [k for k, gradient in enumerate(grads) if not isinstance(gradient, kinds)]
    own = [tf.reshape(grads[k], shapes[k]) for k in dense]
    sums = workers.sum(_flat(own)) / workers.count
    for k, mean in zip(dense, _parts(sums, own), strict=True):
        means[k] = mean
    return means


def _flat(tensors: Sequence[Tensor]) -> Tensor:
    return tf.concat([tf.reshape(tf.cast(t, tf.float32), [-1]) for t in tensors], 0)


def _parts(flat: Tensor, like: Sequence[Any]) -> list[Tensor]:
    """The tensors of which `flat` was made."""
    sizes = [int(np.prod(t.shape)) for t in like]
    parts = tf.split(flat, sizes)
    return [
        tf.cast(tf.reshape(part, t.shape), t.dtype) for part, t in zip(parts, like, strict=True)
    ]
