"""The check of a conversion: what the converted model answers, beside the graph it was made of."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import tensorflow as tf

Rows = dict[str, np.ndarray]  # by name, (B, ...)
Ask = Callable[[Mapping[str, np.ndarray]], Mapping[str, np.ndarray]]

MANY = 33  # rows: more than TensorFlow's kernels take at once
# Of the largest number of an output: what float32 loses over a few hundred steps, where a
# conversion that went wrong is off in the first digits.
TOLERANCE = 1e-4
# Labels that are told from numbers which differ by less may differ, one of so many.
TIES = 1_000


class FailedConversion(RuntimeError):
    """A model that was not written, as its conversion failed or answers otherwise."""


def varied(request: Mapping[str, np.ndarray], specs: Sequence[tf.TensorSpec]) -> Iterator[Rows]:
    """Requests of one row and of many, of one step and of many, and of rows of different length.

    Args:
        request: rows by the names of the inputs.
        specs: of the inputs; those of a time axis have None there.

    Example:
        >>> spec = tf.TensorSpec((None, None, 1), tf.float32, "inputs")
        >>> request = {"inputs": np.ones((2, 3, 1), "float32")}
        >>> [rows["inputs"].shape for rows in varied(request, [spec])]
        [(2, 3, 1), (1, 3, 1), (33, 3, 1), (1, 1, 1), (3, 11, 1)]
    """
    yield dict(request)
    yield _taken(request, 1)
    steps = _steps(request, specs)
    yield _ended(_taken(request, MANY), specs)
    if steps is not None:
        yield _of_steps(_taken(request, 1), specs, 1)
        yield _ended(_of_steps(_taken(request, 3), specs, 3 * steps + 2), specs)


def different(expected: Mapping[str, np.ndarray], answer: Mapping[str, np.ndarray]) -> str | None:
    """Says where answers differ by more than float32 explains; None where they do not.

    Example:
        >>> different({"values": np.float32([1, 2])}, {"values": np.float32([1, 2.5])})
        'values differ by 0.5 of at most 2'
    """
    if expected.keys() != answer.keys():
        return f"it gives {', '.join(answer)}, and should {', '.join(expected)}"
    for name, values in expected.items():
        values, others = np.asarray(values), np.asarray(answer[name])
        if values.shape != others.shape:
            return f"{name} are of shape {others.shape}, and should be of {values.shape}"
        if values.dtype.kind == "f":
            if (np.isnan(values) != np.isnan(others)).any():
                return f"{name} are NaN where they should not be, or should be and are not"
            size = float(np.nanmax(np.abs(values), initial=0.0))
            apart = float(np.nanmax(np.abs(values - others), initial=0.0))
            if apart > TOLERANCE * size:
                return f"{name} differ by {apart:.3g} of at most {size:.3g}"
        else:
            unequal = int((_texts(values) != _texts(others)).sum())
            if unequal * TIES > values.size:
                return f"{name} differ in {unequal} of {values.size} places"
    return None


def check(
    reference: Ask,
    converted: Ask,
    requests: Iterator[Rows],
    what: str,
) -> None:
    """Raises FailedConversion unless a converted model answers requests as its reference does.

    Args:
        reference, converted: answer inputs by name by outputs by name.
        requests: to ask.
        what: the conversion, as errors call it.
    """
    for count, rows in enumerate(requests):
        try:
            expected = reference(rows)
        except tf.errors.InvalidArgumentError:
            if count == 0:
                raise  # the example itself; others may end before their first value
            continue
        shapes = ", ".join(f"{name} {values.shape}" for name, values in rows.items())
        try:
            answer = converted(rows)
        except Exception as error:
            raise FailedConversion(
                f"{what} was not written: it does not answer {shapes}: {first_line(error)}"
            ) from error
        fault = different(expected, answer)
        if fault:
            raise FailedConversion(
                f"{what} was not written: its answers are not those of `predict`: of {shapes} "
                f"{fault}. Export with format='saved_model'."
            )


def check_refusal(
    converted: Ask, rows: Mapping[str, np.ndarray], specs: Sequence[tf.TensorSpec], what: str
) -> None:
    """Raises FailedConversion where a converted model answers a row that holds infinity.

    Args:
        converted: as of `check`.
        rows: by the names of the inputs; the first is changed.
        specs: of the inputs, of which the first is numbers.
        what: the conversion, as errors call it.
    """
    values = rows[specs[0].name].copy()
    values[0] = np.inf
    answer = converted({**rows, specs[0].name: values})
    numbers = [output[0] for output in answer.values() if output.dtype.kind == "f"]
    if not all(np.isnan(output).all() for output in numbers):
        raise FailedConversion(
            f"{what} was not written: it answers a row that holds infinity. Export with "
            "format='saved_model'."
        )


def first_line(error: Exception) -> str:
    """An error in one line."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return f"{type(error).__name__}: {lines[0][:300] if lines else 'no message'}"


def _texts(values: np.ndarray) -> np.ndarray:
    """Strings as str, whatever they are; other values as they are."""
    if values.dtype.kind not in "OSU":
        return values
    decoded = [v.decode() if isinstance(v, bytes) else str(v) for v in values.ravel()]
    return np.array(decoded, dtype=object).reshape(values.shape)


def _steps(request: Mapping[str, np.ndarray], specs: Sequence[tf.TensorSpec]) -> int | None:
    """The size of the time axis; None where there is none of any size."""
    for spec in specs:
        if spec.shape.rank > 1 and spec.shape[1] is None:
            return request[spec.name].shape[1]
    return None


def _taken(request: Mapping[str, np.ndarray], rows: int) -> Rows:
    """So many rows, the rows given over and over."""
    return {name: values[np.arange(rows) % len(values)] for name, values in request.items()}


def _of_steps(request: Rows, specs: Sequence[tf.TensorSpec], steps: int) -> Rows:
    """Rows of so many steps, the steps given over and over; those that are there are full."""
    rows: Rows = {}
    for spec in specs:
        values: Any = request[spec.name]
        if spec.shape.rank > 1 and spec.shape[1] is None:
            values = _filled(values)[:, np.arange(steps) % values.shape[1]]
        elif spec.name == "lengths":
            values = np.full_like(values, steps)
        rows[spec.name] = values
    return rows


def _filled(values: np.ndarray) -> np.ndarray:
    """Sequences (B, T, d) with the mean of a feature where it is NaN."""
    known = ~np.isnan(values)
    sums = np.where(known, values, 0.0).sum((0, 1))
    means = sums / np.maximum(known.sum((0, 1)), 1)
    return np.where(known, values, means).astype(values.dtype)


def _ended(request: Rows, specs: Sequence[tf.TensorSpec]) -> Rows:
    """Rows that end one after another: in NaN, or where `lengths` says."""
    steps = _steps(request, specs) or 1
    count = len(next(iter(request.values())))
    ends = np.maximum(steps - 7 * np.arange(count) % steps, 1)
    if "lengths" in request:
        return {**request, "lengths": np.minimum(request["lengths"], ends).astype(np.int32)}
    past = np.arange(steps) >= ends[:, None]
    return {
        spec.name: np.where(past[..., None], np.nan, request[spec.name]).astype(np.float32)
        if spec.shape.rank == 3 and spec.shape[1] is None
        else request[spec.name]
        for spec in specs
    }
