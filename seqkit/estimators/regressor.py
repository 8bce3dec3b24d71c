"""Regression on numeric sequences."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from sklearn.base import RegressorMixin
from sklearn.utils.validation import check_array

from seqkit import checks
from seqkit.estimators.base import SequenceEstimator
from seqkit.estimators.common_parameters import POOLING
from seqkit.estimators.inputs.moments import Moments
from seqkit.estimators.inputs.numeric import SCALING, NumericInput, numeric_tags
from seqkit.estimators.parameters import changed, estimator, parameter
from seqkit.models.classifier import sequence_regressor
from seqkit.training.examples import check_counts

LOSSES = {
    "squared_error": "mean_squared_error",
    "absolute_error": "mean_absolute_error",
    "huber": "huber",
}


@estimator
class SequenceRegressor(NumericInput, RegressorMixin, SequenceEstimator):
    """A recurrent regressor: from numeric sequences of any length to a number, or several.

    Parameters
    ----------
    {parameters}

    Attributes
    ----------
    n_features_in_ : int
        Features a step; for an array (n, T), its columns, as scikit-learn counts them.
    feature_names_in_ : array of str
        Columns of the features, where X was a frame.
    n_iter_ : int
        Epochs trained.
    best_epoch_ : int
        The epoch, from 1, whose weights the model has.
    history_ : dict of lists
        Loss of each epoch, on standardised targets.
    model_ : keras.Model
        From (B, T, d), rows ending in NaN, to standardised targets (B, M).

    Notes
    -----
    X is as for `SequenceClassifier`; y is numbers (n,), or (n, M) for several. Targets are
    standardised for the training, each with its mean and standard deviation; predictions are in the
    original units.

    The export's signature: `inputs`, float32 (batch, time, d), rows ending in NaN where they are
    shorter; to `values`, float32 (batch, M), in the units of y.

    Examples
    --------
    >>> import numpy as np, seqkit
    >>> rng = np.random.default_rng(0)
    >>> X = [rng.normal(size=(rng.integers(5, 9), 2)) for _ in range(60)]
    >>> y = [100 + 10 * x[:, 0].mean() for x in X]
    >>> model = seqkit.SequenceRegressor("gru", units=8, epochs=60, random_state=0).fit(X, y)
    >>> model.score(X, y) > 0.7
    True
    """

    # A number takes more steps to fit than a class.
    epochs: int = changed(SequenceEstimator, "epochs", default=60)
    pooling: Any = POOLING
    scaling: str | None = SCALING
    loss: str = parameter(
        checks.one_of(*LOSSES),
        '{"squared_error", "absolute_error", "huber"}',
        "What is minimised, on standardised targets.",
        default="squared_error",
    )

    def partial_fit(self, X: Any, y: Any, sample_weight: Any = None) -> SequenceRegressor:
        """One pass over these data, from where the last one ended.

        Scaling, that of the targets included, is learned in the first call.

        Parameters
        ----------
        X, y, sample_weight
            As in fit.
        """
        self._partial_fit(X, y, sample_weight)
        return self

    def predict(self, X: Any) -> np.ndarray:
        """The number of each sequence, (n,), or its numbers, (n, M), as y had them.

        Parameters
        ----------
        X : sequences
            See Notes of the class.
        """
        values = self._run("outputs", X) * self._target_scale + self._target_mean
        return values[:, 0] if self._single_output else values

    def _answers(self, batch: tf.Tensor) -> dict[str, tf.Tensor]:
        scaled = tf.cast(self.model_(batch, training=False), tf.float64)
        return {"values": tf.cast(scaled * self._target_scale + self._target_mean, tf.float32)}

    def _learn_targets(self, chunks: Iterable[Any]) -> None:
        moments = Moments()
        for chunk in chunks:
            values, self._single_output = _checked(chunk)
            moments.add(values)
        self._target_mean, deviation = moments.mean, np.sqrt(moments.variance)
        # A constant target has no deviation to divide by.
        self._target_scale = np.where(deviation > 0, deviation, 1.0)

    def _encode_targets(self, y: Any, sequences: list[np.ndarray]) -> np.ndarray:
        values, _ = _checked(y)
        check_counts(sequences, len(values), ("target", "targets"))
        if values.shape[1] != len(self._target_mean):
            raise ValueError(
                f"y must have {len(self._target_mean)} targets a sample, as in the first fit, got "
                f"{values.shape[1]}."
            )
        return ((values - self._target_mean) / self._target_scale).astype(np.float32)

    def _architecture(self) -> dict[str, Any]:
        pooling = self.pooling if isinstance(self.pooling, str) else tuple(self.pooling)
        return {
            "source": self._source(),
            "outputs": len(self._target_mean),
            **self._encoder_options(),
            "pooling": pooling,
        }

    def _build(self, architecture: dict[str, Any], draw_seed: Any) -> keras.Model:
        return sequence_regressor(**architecture, draw_seed=draw_seed)

    def _compile(self, model: keras.Model) -> None:
        model.compile(self._new_optimizer(), loss=LOSSES[self.loss])

    def __sklearn_tags__(self) -> Any:
        tags = numeric_tags(super().__sklearn_tags__())
        tags.target_tags.multi_output = True
        return tags


def _checked(y: Any) -> tuple[np.ndarray, bool]:
    """y as numbers (n, M), and whether it was (n,)."""
    if y is None:
        raise ValueError(
            "SequenceRegressor requires y to be passed, but the target y is None. "
            "y must be the numbers to predict."
        )
    values = _numbers(y)
    if values.ndim > 2:
        raise ValueError(f"y must be of shape (n,) or (n, M), got {values.shape}.")
    wrong = np.argwhere(~np.isfinite(values))
    if len(wrong):
        value, place = values[tuple(wrong[0])], "".join(f"[{k}]" for k in wrong[0])
        kind = "NaN" if np.isnan(value) else "infinity"
        raise ValueError(
            f"Input y contains {kind}: y{place} is {value}, of {len(wrong)} that are not finite. "
            "Fill or drop such targets; drop their sequences with them."
        )
    return values.reshape(len(values), -1), values.ndim == 1


def _numbers(y: Any) -> np.ndarray:
    """y as an array of float64, finite or not."""
    try:
        return check_array(
            y,
            ensure_2d=False,
            allow_nd=True,
            ensure_all_finite=False,
            dtype=np.float64,
            input_name="y",
        )
    except (TypeError, ValueError) as error:
        values = y.to_numpy() if hasattr(y, "iloc") else y
        texts = [v for v in np.ravel(np.array(values, dtype=object)) if isinstance(v, str)]
        got = f"got the string {str(texts[0])!r}" if texts else str(error).rstrip(".")
        hint = " To predict classes use SequenceClassifier." if texts else ""
        raise type(error)(f"y must be numbers, (n,) or (n, M): {got}.{hint}") from error
