"""Checks of requests in an export's graph, whose errors name the argument and its rows."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from contextvars import ContextVar
from typing import Any

import tensorflow as tf

from seqkit.types import Tensor

SHOWN = 5  # rows at each end that an error lists

# Where faults are gathered for `answering_faults`, which rows have one, (B,) each; None: they are
# raised.
_gathered: ContextVar[list[Tensor] | None] = ContextVar("gathered_faults", default=None)


def of_their_shapes(
    function: Callable[..., Any], specs: Sequence[tf.TensorSpec]
) -> Callable[..., Any]:
    """The function, which refuses arguments of other shapes than their specs, or of other numbers
    of rows than the first; a server would hand them on.

    Args:
        function: of tensors, one a spec.
        specs: with a name each, by which errors call the tensor; rows come first.
    """

    def checked(*tensors: Tensor) -> Any:
        shaped = [tf.ensure_shape(t, s.shape) for t, s in zip(tensors, specs, strict=True)]
        rows = tf.shape(shaped[0])[0]
        for k, spec in enumerate(specs[1:], 1):
            message = f"{spec.name}: must have as many rows as {specs[0].name}"
            equal = tf.debugging.assert_equal(tf.shape(shaped[k])[0], rows, message)
            with tf.control_dependencies([equal]):
                shaped[k] = tf.identity(shaped[k])
        return function(*shaped)

    return checked


def ended_by_lengths(function: Callable[..., Any], spec: tf.TensorSpec) -> tuple[Any, list[Any]]:
    """A signature whose rows end where a second input says, not in NaN, which JSON does not have.

    Args:
        function: of inputs (B, T, d), whose rows end in NaN.
        spec: of these inputs.

    Returns:
        The function of inputs, in which anything may stand after the end of a row, and of lengths,
        int32 (B,); and the specs of both.

    Example:
        >>> spec = tf.TensorSpec((None, None, 1), tf.float32, "inputs")
        >>> ended, _ = ended_by_lengths(lambda inputs: inputs[..., 0], spec)
        >>> ended(tf.zeros([2, 3, 1]), tf.constant([3, 1])).numpy().tolist()
        [[0.0, 0.0, 0.0], [0.0, nan, nan]]
    """

    def ended(inputs: Tensor, lengths: Tensor) -> Any:
        steps = tf.shape(inputs)[1]
        fault = "are not from 1 to the steps of inputs. Give the steps of each row."
        lengths = without_faults("lengths", lengths, {fault: (lengths < 1) | (lengths > steps)})
        past = tf.range(steps) >= lengths[:, None]  # (B, T)
        return function(tf.where(past[..., None], math.nan, inputs))

    return ended, [spec, tf.TensorSpec((None,), tf.int32, "lengths")]


def without_faults(name: str, tensor: Tensor, faults: Mapping[str, Tensor]) -> Tensor:
    """The tensor, once no row of it has a fault; within a graph.

    Args:
        name: of the argument, as errors call it.
        tensor: (B, ...).
        faults: what to tell the client -> which rows are so, boolean (B,). The first fault that
            any row has is told.

    Raises:
        tf.errors.InvalidArgumentError: when it is run, with the rows of the fault.

    Example:
        >>> values = tf.constant([1.0, -2.0])
        >>> without_faults("inputs", values, {"are negative. Give others.": values < 0})
        Traceback (most recent call last):
        ...
        tensorflow.python...InvalidArgumentError: ...inputs: rows [1] are negative. Give others...
    """
    table = tf.stack(list(faults.values()))  # (faults, B)
    gathered = _gathered.get()
    if gathered is not None:
        gathered.append(tf.reduce_any(table, 0))
        return tensor
    faulty = tf.reduce_any(table, 1)
    first = tf.argmax(faulty)
    rows = tf.strings.format("{}", tf.where(table[first])[:, 0], summarize=SHOWN)
    told = tf.constant(list(faults))[first]
    message = tf.strings.join([f"{name}: rows ", rows, " ", told])
    assertion = tf.debugging.Assert(tf.logical_not(tf.reduce_any(faulty)), [message])
    with tf.control_dependencies([] if assertion is None else [assertion]):
        return tf.identity(tensor)


def infinite(tensor: Tensor) -> Tensor:
    """Which numbers are infinite, boolean. Of `tf.math.is_inf` the converter to LiteRT makes an
    operation that finds none.

    Example:
        >>> infinite(tf.constant([1.0, float("-inf"), float("nan")])).numpy().tolist()
        [False, True, False]
    """
    return ~(tf.math.is_finite(tensor) | tf.math.is_nan(tensor))


def answering_faults(
    function: Callable[..., Mapping[str, Tensor]], *, texts: bool = True
) -> Callable[..., dict[str, Tensor]]:
    """The function, which answers a row that it refuses with values that are none: NaN, the least
    integer, an empty string. Other runtimes have no operation that raises an error.

    Args:
        function: of tensors, rows first; it refuses by `without_faults`. Its outputs have rows
            first too.
        texts: whether outputs that are strings become empty ones; not every runtime can.

    Example:
        >>> def twice(inputs):
        ...     faults = {"are negative. Give others.": inputs < 0}
        ...     return {"values": 2 * without_faults("inputs", inputs, faults)}
        >>> answering_faults(twice)(tf.constant([1.0, -2.0]))["values"].numpy().tolist()
        [2.0, nan]
    """

    def answered(*tensors: Tensor) -> dict[str, Tensor]:
        refusals: list[Tensor] = []
        token = _gathered.set(refusals)
        try:
            outputs = function(*tensors)
        finally:
            _gathered.reset(token)
        if not refusals:
            return dict(outputs)
        refused = tf.reduce_any(tf.stack(refusals), 0)  # (B,)
        return {
            name: value if value.dtype == tf.string and not texts else without(refused, value)
            for name, value in outputs.items()
        }

    def without(refused: Tensor, value: Tensor) -> Tensor:
        rows = tf.reshape(refused, [-1, *[1] * (value.shape.rank - 1)])
        return tf.where(rows, _none(value.dtype), value)

    return answered


def _none(dtype: tf.DType) -> Tensor:
    """The value of this type that stands for none."""
    if dtype == tf.string:
        return tf.constant("")
    return tf.constant(math.nan if dtype.is_floating else dtype.min, dtype)
