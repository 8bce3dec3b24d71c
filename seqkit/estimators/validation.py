"""Weights and validation data of a fit, checked; and samples held out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from sklearn.model_selection import train_test_split
from sklearn.utils.validation import check_is_fitted

from seqkit.checks import as_numbers
from seqkit.estimators.inputs.alignment import listed
from seqkit.estimators.inputs.arrays import as_numpy
from seqkit.estimators.inputs.frames import is_frame
from seqkit.estimators.targets import UnseenClass
from seqkit.frames import as_pandas
from seqkit.training.examples import Examples
from seqkit.training.stream_sources import as_stream, is_stream
from seqkit.training.streams import Stream
from seqkit.types import Targets


def of_steps(sample_weight: Any) -> bool:
    """Whether weights are lists, one for each sample.

    Example:
        >>> of_steps([[1.0, 0.0], [1.0]]), of_steps([1.0, 0.0]), of_steps(None)
        (True, False, False)
    """
    rows = listed(sample_weight) if is_frame(sample_weight) else sample_weight
    first: Any = next(iter(rows), None) if hasattr(rows, "__len__") else None
    return isinstance(first, list | tuple) or np.ndim(first) > 0


def checked_step_weights(sample_weight: Any, labels: list[int]) -> list[np.ndarray]:
    """The weight of each step of each sample, float32 (T_i,).

    Args:
        sample_weight: a list of lists of numbers, one a step, an array or a frame of them.
        labels: the number of steps of each sample, as y has them.

    Raises:
        ValueError: for another number of weights, or weights that are negative, not finite, or all
            zero.
        TypeError: for anything but lists of numbers.
    """
    given = listed(sample_weight)
    if len(given) != len(labels):
        raise ValueError(
            f"sample_weight must have one list of weights a sample, {len(labels)}, got "
            f"{len(given)}."
        )
    rows = []
    for i, (row, steps) in enumerate(zip(given, labels, strict=True)):
        weights = as_numbers(f"sample_weight[{i}]", row, np.float32)
        if weights.ndim == 2 and weights.shape[1] == 1:  # of weights (n, T, 1)
            weights = weights[:, 0]
        if weights.ndim != 1:
            raise TypeError(
                f"sample_weight[{i}] must be a list of numbers, one a step, got {row!r}."
            )
        if len(weights) != steps:
            raise ValueError(
                f"sample_weight[{i}] has {len(weights)} weights, and y[{i}] has {steps} labels; "
                "every step needs one weight."
            )
        rows.append(weights)
    _check_values(np.concatenate(rows))
    return rows


def checked_weights(sample_weight: Targets, samples: int) -> np.ndarray:
    """The weight of each sample, float32 (n,).

    Args:
        sample_weight: as `fit` takes it.
        samples: their number.

    Raises:
        ValueError: for another shape, or weights that are negative, not finite, or all zero.
        TypeError: for anything but numbers.
    """
    if sample_weight is None:
        return np.ones(samples, np.float32)
    if of_steps(sample_weight):
        rows = listed(sample_weight)
        is_array = hasattr(sample_weight, "shape")
        got = f"shape {np.shape(sample_weight)}" if is_array else f"a list of {len(rows)} lists"
        raise ValueError(
            f"sample_weight must have one number a sample, shape ({samples},), got {got}."
        )
    weights = as_numbers("sample_weight", sample_weight, np.float32)
    if weights.shape != (samples,):
        raise ValueError(
            f"sample_weight must have one number a sample, shape ({samples},), "
            f"got shape {weights.shape}."
        )
    _check_values(weights)
    return weights


def scored(estimator: Any, X: Any, y: Any, sample_weight: Any) -> tuple[Any, Any, Any]:
    """X; the truth, read and ordered as fit reads y; and the weights, or None.

    Raises:
        ValueError, TypeError: as fit, but for labels that it has not seen.
    """
    check_is_fitted(estimator)
    X, y = as_pandas(as_stream(X, once=True)), as_pandas(y)
    estimator._check_given(y)
    of_stream = is_stream(X)
    values = estimator._target.read(as_numpy(y)) if of_stream else estimator._checked(X, y)[1]
    weights = as_pandas(sample_weight)
    return X, values, None if weights is None else checked_weights(weights, len(values))


def _check_values(weights: np.ndarray) -> None:
    if not np.isfinite(weights).all() or (weights < 0).any():
        raise ValueError("sample_weight must hold finite numbers of at least 0.")
    if not weights.any():
        raise ValueError("sample_weight must hold at least one non-zero weight, all are zero.")


def validation_tuple(data: Any) -> tuple[Any, Any, Any]:
    """X, y and weights of validation data that are no stream."""
    if not isinstance(data, tuple | list) or len(data) not in (2, 3):
        raise ValueError(
            "validation_data must be (X, y), (X, y, sample_weight) or a tf.data.Dataset, got "
            f"{type(data).__name__}."
        )
    X, y, *weight = map(as_pandas, data)
    if y is None:
        raise ValueError("validation_data must hold y, the targets of its X, got None.")
    return X, y, weight[0] if weight else None


def explained(examples: Callable[..., Examples]) -> Callable[..., Examples]:
    """The same function, whose errors say that the validation data are at fault."""

    def of_validation(*arguments: Any) -> Examples:
        try:
            return examples(*arguments)
        except UnseenClass as error:
            raise ValueError(
                f"validation_data: {error.fault} Leave such samples out, or give fit some of them."
            ) from error
        except (ValueError, TypeError) as error:
            if type(error) not in (ValueError, TypeError):
                raise
            raise type(error)(f"validation_data: {error}") from error

    return of_validation


def held_out(
    examples: Examples | Stream,
    fraction: float,
    strata: Callable[[Any], np.ndarray | None],
    rng: np.random.Generator,
    *,
    lenient: bool = False,
) -> tuple[Examples, Examples]:
    """The examples for training, and those for validation.

    Args:
        examples: all of them.
        fraction: of them for validation.
        strata: from targets to the classes whose shares both parts have, or None.
        rng: chooses.
        lenient: whether any are held out where classes are too many or too rare for both parts.

    Raises:
        ValueError: for a stream, or too few examples.
    """
    if isinstance(examples, Stream):
        raise ValueError(
            "early_stopping=True cannot hold out samples of a tf.data.Dataset. Give "
            "validation_data to fit."
        )
    classes = strata(examples.targets)
    if lenient and classes is not None:
        counts = np.unique(classes, return_counts=True)[1]
        if counts.min() < 2 or len(counts) > min(fraction, 1 - fraction) * len(classes):
            classes = None
    try:
        kept, held = train_test_split(
            np.arange(len(examples)),
            test_size=fraction,
            stratify=classes,
            random_state=int(rng.integers(2**31 - 1)),
        )
    except ValueError as error:
        raise ValueError(
            f"early_stopping=True cannot hold out validation_fraction={fraction} of "
            f"{len(examples)} samples: {error} Give more samples, a larger validation_fraction, "
            "validation_data, or early_stopping=False."
        ) from error
    return examples.take(kept), examples.take(held)
