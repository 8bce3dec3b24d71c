"""Labels of whole samples as users write them: one class each, or indicators of several."""

from __future__ import annotations

from numbers import Integral
from typing import Any

import numpy as np
from sklearn.exceptions import DataConversionWarning
from sklearn.utils.multiclass import check_classification_targets, type_of_target
from sklearn.utils.validation import assert_all_finite, column_or_1d

from seqkit.checks import check_not_masked
from seqkit.warning import warn

ANOTHER_FORM = "y must be of the form of the first fit: one class a sample, or many."


def has_columns(y: Any) -> bool:
    """Whether each sample of y has several values, as indicators have; of its form alone.

    Example:
        >>> has_columns([[0, 1], [1, 1]]), has_columns(["a", "b"]), has_columns(np.zeros((4, 1)))
        (True, False, False)
    """
    if hasattr(y, "shape"):
        return len(y.shape) == 2 and y.shape[1] > 1
    first = next(iter(y), "") if hasattr(y, "__len__") else ""
    return hasattr(first, "__len__") and not isinstance(first, str | bytes) and len(first) > 1


def read_labels(y: Any) -> tuple[Any, bool]:
    """y as an array (n,) of labels, or indicators (n, K); and whether it is the latter.

    Raises:
        ValueError: for a missing label, or targets that are no classes.
    """
    check_not_masked("y", y)
    if getattr(y, "ndim", 1) == 2 and y.shape[1] == 1:
        warn(
            "A column-vector y was passed when a 1d array was expected. Please change the shape of "
            "y to (n_samples, ), for example using ravel().",
            DataConversionWarning,
        )
        y = y.iloc[:, 0] if hasattr(y, "iloc") else y[:, 0]
    kind = getattr(getattr(y, "dtype", None), "kind", None)
    if kind in ("i", "u", "b") and hasattr(y, "iloc"):  # pandas's, which may be nullable
        if y.isna().any():
            _check_none_is_missing(y.astype(object))
        y = y.astype(bool if kind == "b" else f"{kind}8")
    y = y if hasattr(y, "iloc") else y.toarray() if hasattr(y, "toarray") else np.asarray(y)
    _check_none_is_missing(y)
    y = as_integers(y)
    if type_of_target(y, input_name="y").startswith("multilabel"):
        return y, True
    labels = column_or_1d(y)
    if labels.dtype.kind == "f":
        assert_all_finite(labels, input_name="y")
    check_classification_targets(labels)
    return labels, False


def is_missing(label: object) -> bool:
    """Whether a label is None, masked, NaN, or pandas' NA or NaT.

    Example:
        >>> is_missing(float("nan")), is_missing("O")
        (True, False)
    """
    # NA is neither equal to itself nor unequal, so it is known by its type.
    if label is None or label is np.ma.masked or type(label).__name__ in ("NAType", "NaTType"):
        return True
    return isinstance(label, float | np.generic) and bool(label != label)


def _check_none_is_missing(y: Any) -> None:
    """Raises ValueError with the place of the first label that is missing."""
    labels = np.asarray(y)
    kind = labels.dtype.kind
    if kind not in "OmMf" or (kind != "O" and not (labels != labels).any()):
        return
    for place, label in np.ndenumerate(labels):
        if is_missing(label):
            where = "".join(f"[{k}]" for k in place)
            raise ValueError(f"y{where} is missing, {label!r}; every sample needs a label.")


def as_integers(labels: Any) -> Any:
    """Whole numbers in an array (n,) of objects as one of integers; anything else as it is.

    Example:
        >>> as_integers(np.array([3, 4], object)), as_integers(np.array(["a"], object))
        (array([3, 4]), array(['a'], dtype=object))
    """
    of_objects = getattr(getattr(labels, "dtype", None), "kind", None) == "O"
    if not of_objects or np.ndim(labels) != 1 or not len(labels):
        return labels
    whole = all(isinstance(v, Integral) and not isinstance(v, bool | np.bool_) for v in labels)
    return np.asarray(labels).astype(np.int64) if whole else labels
