"""Numeric sequences as users hand them over, checked and in one form."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from seqkit.checks import array_of_numbers, check_not_masked
from seqkit.serving.json_rows import unpadded

LARGEST = np.finfo(np.float32).max
CHUNK = 256  # sequences whose values are checked at once
FORMS = "an array (n, T, d), an array (n, T), or a list of arrays (T_i, d)"


def check_sequences(X: Any, *, features: int | None = None, name: str = "X") -> list[np.ndarray]:
    """The sequences as a list of arrays (T_i, d) of float32, or of float64 that fits it.

    Arrays of these types are not copied: the sequences are views of X. The last steps of a sequence
    are padding where all of their features are NaN, and are left out; but those of an array (n, T)
    are not, in which NaN is a missing value, as in every table.

    Args:
        X: an array (n, T, d); an array (n, T), which is one feature; a list of arrays (T_i, d), or
            of arrays (T_i,), which are one feature.
        features: number of features that is asked for, or None for any.
        name: what errors call X.

    Raises:
        ValueError: for a wrong rank, no samples, an empty sequence, differing numbers of features,
            infinity, or NaN that is no padding, with the place of the first.
        TypeError: for anything that is not numbers.

    Example:
        >>> [s.shape for s in check_sequences([[1, 2, 3], [4, 5]])]
        [(3, 1), (2, 1)]
        >>> padded = np.array([[[1.0], [2.0], [3.0]], [[4.0], [5.0], [np.nan]]])
        >>> [s.shape for s in check_sequences(padded)]
        [(3, 1), (2, 1)]
    """
    if hasattr(X, "toarray"):
        raise TypeError(f"{name} must be {FORMS}, got a sparse matrix. Use {name}.toarray().")
    if hasattr(X, "iloc"):
        X = X.to_numpy()
    if isinstance(X, str | bytes | dict) or not hasattr(X, "__len__"):
        raise TypeError(f"{name} must be {FORMS}, got {type(X).__name__}.")
    if len(X) == 0:
        raise ValueError(f"{name} must hold at least one sequence, got 0 samples.")
    is_table = getattr(X, "ndim", None) == 2
    if isinstance(X, np.ndarray) and X.dtype != object:
        sequences = _rows(X, name)
    else:
        sequences = [_row(x, i, name) for i, x in enumerate(X)]
    _check_features(sequences, features, name)
    for i, values in enumerate(sequences):
        if len(values) == 0:
            raise ValueError(
                f"{name}[{i}] is an empty sequence; every sequence needs at least one step. "
                "Leave it out."
            )
    for start in range(0, len(sequences), CHUNK):
        rows = range(start, min(start + CHUNK, len(sequences)))
        if _all_fit(sequences[start : rows.stop]):
            continue
        for i in rows:
            values = sequences[i] if is_table else unpadded(sequences[i])
            _check_values(values, i, name, is_table=is_table)
            sequences[i] = values
    return sequences


def _check_values(values: np.ndarray, i: int, name: str, *, is_table: bool) -> None:
    """Raises ValueError where a sequence has only padding, or a value that is no finite number."""
    if len(values) == 0:
        raise ValueError(
            f"{name}[{i}] is an empty sequence: all of its steps are NaN, which is padding. Every "
            "sequence needs at least one step. Leave it out."
        )
    unfit = np.argwhere(~(np.abs(values) <= LARGEST))
    if not len(unfit):
        return
    step, feature = unfit[0]
    value = values[step, feature]
    if not np.isnan(value):
        remedy = "Fill or drop such values, and mind that values beyond 3.4e38 do not fit float32."
    elif is_table:
        remedy = (
            "Fill such values. Where they stand for the end of shorter sequences give an array "
            f"(n, T, 1), {name}[:, :, None], whose rows end in NaN, or a list of arrays (T_i,)."
        )
    else:
        remedy = (
            "Fill such values or leave these steps out; where they stand for padding put them at "
            "the end: only last steps that are NaN in all features are padding."
        )
    raise ValueError(
        f"{name} contains NaN or infinity: {value} in sample {i}, step {step}, feature {feature}. "
        f"{remedy}"
    )


def _all_fit(sequences: list[np.ndarray]) -> bool:
    """Whether all values are finite, in float32 too."""
    return bool((np.abs(np.concatenate(sequences)) <= LARGEST).all())


def _rows(X: np.ndarray, name: str) -> list[np.ndarray]:
    if X.ndim not in (2, 3):
        raise ValueError(
            f"{name} must be {FORMS}, got an array of shape {X.shape}. Reshape your data: one "
            f"sequence alone is [{name}]."
        )
    return list(_numbers(X if X.ndim == 3 else X[:, :, None], name))


def _row(x: Any, i: int, name: str) -> np.ndarray:
    place = f"{name}[{i}]"
    values = _numbers(x, place)
    if values.ndim not in (1, 2):
        raise ValueError(
            f"{place} must be a sequence (T, d) or (T,), got shape {values.shape}. "
            f"{name} must be {FORMS}; one sequence alone is [{name}]."
        )
    return values if values.ndim == 2 else values[:, None]


def _numbers(x: Any, place: str) -> np.ndarray:
    check_not_masked(place, x)
    try:
        values = array_of_numbers(x)
        if values.dtype.kind == "c":
            raise ValueError(
                f"Complex data not supported: {place} holds some. Split it in two features."
            )
        if values.dtype in (np.float32, np.float64):
            return values
        # Integers that float32 cannot hold, such as seconds since 1970, stay exact.
        wide = values.dtype.kind in "iu" and values.dtype.itemsize > 2
        return values.astype(np.float64 if wide or values.dtype == object else np.float32)
    except (TypeError, ValueError) as error:
        if "Complex data" in str(error):
            raise
        detail = "values of different lengths in it" if "inhomogeneous" in str(error) else error
        raise TypeError(f"{place} must be numbers in an array (T, d), got {detail}.") from error


def _check_features(sequences: Sequence[np.ndarray], features: int | None, name: str) -> None:
    first = sequences[0].shape[1]
    if first == 0:
        raise ValueError(f"{name} has 0 feature(s), while a minimum of 1 is required.")
    for i, values in enumerate(sequences):
        if values.shape[1] != first:
            raise ValueError(
                f"Every sequence must have the same features: {name}[0] has {first}, "
                f"{name}[{i}] has {values.shape[1]}."
            )
    if features is not None and first != features:
        # Rows of as many numbers as there are features: one (T, d), taken for T sequences.
        alone = first == 1 and all(len(values) == features for values in sequences)
        hint = f" One sequence (T, {features}) alone is [{name}]." if alone else ""
        raise ValueError(
            f"{name} has {_features(first)}, but the model was fitted with {_features(features)}. "
            f"Time comes before features: (n, T, d).{hint}"
        )


def _features(count: int) -> str:
    return f"{count} feature{'' if count == 1 else 's'}"
