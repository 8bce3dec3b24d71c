"""Weights and validation data of a fit, checked; and samples held out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from sklearn.model_selection import train_test_split

from seqkit.estimators.targets import UnseenClass
from seqkit.training.examples import Examples
from seqkit.training.streams import Stream


def checked_weights(sample_weight: Any, samples: int) -> np.ndarray:
    """The weight of each sample, float32 (n,).

    Args:
        sample_weight: as `fit` takes it.
        samples: their number.

    Raises:
        ValueError: for another shape, or weights that are negative, not finite, or all zero.
    """
    if sample_weight is None:
        return np.ones(samples, np.float32)
    weights = np.asarray(sample_weight, np.float32)
    if weights.shape != (samples,):
        raise ValueError(
            f"sample_weight must have one number a sample, shape ({samples},), "
            f"got shape {weights.shape}."
        )
    if not np.isfinite(weights).all() or (weights < 0).any():
        raise ValueError("sample_weight must hold finite numbers of at least 0.")
    if not weights.any():
        raise ValueError("sample_weight must hold at least one non-zero weight, all are zero.")
    return weights


def validation_tuple(data: Any) -> tuple[Any, Any, Any]:
    """X, y and weights of validation data that are no stream."""
    if not isinstance(data, tuple | list) or len(data) not in (2, 3):
        raise ValueError(
            "validation_data must be (X, y), (X, y, sample_weight) or a tf.data.Dataset, got "
            f"{type(data).__name__}."
        )
    X, y, *weight = data
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
) -> tuple[Examples, Examples]:
    """The examples for training, and those for validation.

    Args:
        examples: all of them.
        fraction: of them for validation.
        strata: from targets to the classes whose shares both parts have, or None.
        rng: chooses.

    Raises:
        ValueError: for a stream, or too few examples.
    """
    if isinstance(examples, Stream):
        raise ValueError(
            "early_stopping=True cannot hold out samples of a tf.data.Dataset. Give "
            "validation_data to fit."
        )
    try:
        kept, held = train_test_split(
            np.arange(len(examples)),
            test_size=fraction,
            stratify=strata(examples.targets),
            random_state=int(rng.integers(2**31 - 1)),
        )
    except ValueError as error:
        raise ValueError(
            f"early_stopping=True cannot hold out validation_fraction={fraction} of "
            f"{len(examples)} samples: {error} Give more samples, a larger validation_fraction, "
            "validation_data, or early_stopping=False."
        ) from error
    return examples.take(kept), examples.take(held)
