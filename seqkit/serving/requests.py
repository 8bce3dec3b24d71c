"""Checks of requests in an export's graph, whose errors name the argument and its rows."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import tensorflow as tf

SHOWN = 5  # rows at each end that an error lists


def of_their_shapes(
    function: Callable[..., Any], specs: Sequence[tf.TensorSpec]
) -> Callable[..., Any]:
    """The function, which refuses arguments of other shapes than their specs, or of other numbers
    of rows than the first; a server would hand them on.

    Args:
        function: of tensors, one a spec.
        specs: with a name each, by which errors call the tensor; rows come first.
    """

    def checked(*tensors: tf.Tensor) -> Any:
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

    def ended(inputs: tf.Tensor, lengths: tf.Tensor) -> Any:
        steps = tf.shape(inputs)[1]
        fault = "are not from 1 to the steps of inputs. Give the steps of each row."
        lengths = without_faults("lengths", lengths, {fault: (lengths < 1) | (lengths > steps)})
        past = tf.range(steps) >= lengths[:, None]  # (B, T)
        return function(tf.where(past[..., None], math.nan, inputs))

    return ended, [spec, tf.TensorSpec((None,), tf.int32, "lengths")]


def without_faults(name: str, tensor: tf.Tensor, faults: Mapping[str, tf.Tensor]) -> tf.Tensor:
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
    found = tf.reduce_any(table, 1)
    first = tf.argmax(found)
    rows = tf.strings.format("{}", tf.where(table[first])[:, 0], summarize=SHOWN)
    told = tf.constant(list(faults))[first]
    message = tf.strings.join([f"{name}: rows ", rows, " ", told])
    assertion = tf.debugging.Assert(tf.logical_not(tf.reduce_any(found)), [message])
    with tf.control_dependencies([] if assertion is None else [assertion]):
        return tf.identity(tensor)
