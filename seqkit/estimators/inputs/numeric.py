"""Numeric sequences as estimators read them, with scikit-learn's names for their columns."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import tensorflow as tf
from sklearn.utils.validation import validate_data

from seqkit import checks
from seqkit.estimators.inputs.frames import INSTANCE, TIME, check_table, is_frame, is_long
from seqkit.estimators.inputs.moments import Moments
from seqkit.estimators.inputs.sequences import check_sequences
from seqkit.estimators.parameters import parameter
from seqkit.models.sources import NumericSource
from seqkit.readers.long_tables import long_frame

CHUNK = 1024  # sequences whose moments are computed at once

SCALING = parameter(
    checks.one_of("standard", None),
    '{"standard", None}',
    "Whether each feature is standardised with the mean and variance found in fit.",
    default="standard",
)


class NumericInput:
    """Reads X: an array (n, T, d), an array (n, T), a list of arrays (T_i, d), or a long frame.

    `n_features_in_` counts the features of a step. A two-dimensional X is a table to scikit-learn,
    and there its columns are counted: each is one step of the one feature.
    """

    n_features_in_: int
    _channels: int  # features a step, whatever form X had
    _is_table: bool
    _feature_mean: np.ndarray
    _feature_variance: np.ndarray
    scaling: str | None

    def _learn(self, chunks: Iterable[Any]) -> None:
        moments = Moments()
        for k, chunk in enumerate(chunks):
            sequences, _ = self._read_numeric(chunk, reset=not k)
            for start in range(0, len(sequences), CHUNK):
                moments.add(np.concatenate(sequences[start : start + CHUNK]))
        self._feature_mean, self._feature_variance = moments.mean, moments.variance

    def _read(self, X: Any) -> tuple[list[np.ndarray], Any]:
        """The sequences, and the instances of a long frame (else None)."""
        return self._read_numeric(X, reset=False)

    def _source(self) -> NumericSource:
        if self.scaling is None:
            return NumericSource(self._channels)
        return NumericSource(self._channels, self._feature_mean, self._feature_variance)

    def _read_numeric(self, X: Any, *, reset: bool) -> tuple[list[np.ndarray], Any]:
        if is_long(X):
            return self._read_long(X, reset=reset)
        if is_frame(X):
            check_table(X)
        if (hasattr(X, "__array__") and not hasattr(X, "iloc")) or _is_nested_list(X):
            X = np.asarray(X)
        is_table = getattr(X, "ndim", None) == 2 and not hasattr(X, "toarray")
        if is_table and X.shape[1] == 0:
            raise ValueError(
                f"X has 0 feature(s) (shape={X.shape}) while a minimum of 1 is required."
            )
        sequences = check_sequences(X, features=None if reset else self._channels)
        if is_table and (reset or self._is_table):
            try:
                validate_data(self, X, reset=reset, skip_check_array=True)
            except ValueError as error:
                raise ValueError(
                    f"{error} For sequences of another length give arrays (n, T, 1)."
                ) from error
        if reset:
            self._is_table, self._channels = is_table, sequences[0].shape[1]
            if not is_table:
                self.n_features_in_ = self._channels
                vars(self).pop("feature_names_in_", None)
        return sequences, None

    def _serving_input(self) -> tuple[tf.TensorSpec, Any, list[Any]]:
        spec = tf.TensorSpec((None, None, self._channels), tf.float32, "inputs")
        return spec, lambda inputs: inputs, []

    def _read_long(self, X: Any, *, reset: bool) -> tuple[list[np.ndarray], Any]:
        frame = X
        if X.index.nlevels == 2:
            frame = X.rename_axis(index=[INSTANCE, TIME]).reset_index()
        names = [c for c in frame.columns if c not in (INSTANCE, TIME)]
        known = getattr(self, "feature_names_in_", None)
        if not reset and known is not None:
            missing = [c for c in known if c not in names]
            if missing:
                raise ValueError(
                    f"X must have the columns of fit, {', '.join(map(str, known))}; got "
                    f"{', '.join(map(str, names))}, without {', '.join(map(str, missing))}."
                )
            names = list(known)
        sequences, _, instances = long_frame(frame, INSTANCE, TIME, None, names)
        check_sequences(sequences, features=None if reset else self._channels)
        if reset:
            self._is_table, self._channels = False, len(names)
            self.n_features_in_ = len(names)
            self.feature_names_in_ = np.array(names, dtype=object)
        return sequences, instances


def _is_nested_list(X: Any) -> bool:
    """Whether X is a table written as lists of numbers, all of one length."""
    if not (isinstance(X, list) and X and isinstance(X[0], list)):
        return False
    rows = all(isinstance(x, list) and len(x) == len(X[0]) for x in X)
    return rows and all(np.isscalar(value) for x in X for value in x)


def aligned(y: Any, instances: Any) -> Any:
    """Targets in the order of a long frame's instances, where they are indexed by them."""
    if instances is None or not hasattr(y, "iloc"):
        return y
    if y.index.is_unique and len(y) == len(instances) and set(y.index) == set(instances):
        return y.loc[list(instances)]
    return y


def numeric_tags(tags: Any) -> Any:
    """scikit-learn's tags of an estimator that reads numeric sequences."""
    tags.input_tags.three_d_array = True
    return tags
