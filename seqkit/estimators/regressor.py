"""Regression on numeric sequences."""

from __future__ import annotations

import os
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from sklearn.base import RegressorMixin
from sklearn.utils.validation import check_array, check_is_fitted

from seqkit.estimators import parameters as p
from seqkit.estimators.base import POOLING, SequenceEstimator
from seqkit.estimators.numeric import SCALING, NumericInput, numeric_source, numeric_tags
from seqkit.estimators.sklearn_callbacks import with_callbacks
from seqkit.models.classifier import sequence_regressor
from seqkit.serving.export import export

LOSSES = {
    "squared_error": "mean_squared_error",
    "absolute_error": "mean_absolute_error",
    "huber": "huber",
}


@p.estimator
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
    X is as for `SequenceClassifier`. Targets are standardised for the training, each with its mean
    and standard deviation; predictions, and the export's, are in the original units.

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
    epochs: int = p.parameter(
        p.count,
        "int",
        "Passes over the data, at most.",
        default=60,
    )
    pooling: Any = POOLING
    scaling: str | None = SCALING
    loss: str = p.parameter(
        p.one_of(*LOSSES),
        '{"squared_error", "absolute_error", "huber"}',
        "What is minimised, on standardised targets.",
        default="squared_error",
    )

    @with_callbacks
    def fit(
        self, X: Any, y: Any, sample_weight: Any = None, *, validation_data: Any = None
    ) -> SequenceRegressor:
        """Trains on sequences X and their targets y.

        Parameters
        ----------
        X : sequences
            See Notes of the class.
        y : array (n,) or (n, M)
            Numbers.
        sample_weight : array (n,) or None
            Weight of each sample in the loss.
        validation_data : (X, y) or (X, y, sample_weight) or None
            Data whose loss is recorded, and which early stopping watches.
        """
        self._fit(X, y, sample_weight, validation_data)
        return self

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

    def export(self, directory: str | os.PathLike[str]) -> str:
        """Writes a SavedModel that TensorFlow Serving serves, in the next version's folder.

        Signature `serving_default`: `inputs`, float32 (batch, time, d), rows ending in NaN where
        they are shorter; to `values`, float32 (batch, M), in the units of y.

        Parameters
        ----------
        directory : path
            The model's folder. Versions are its subfolders 1, 2, and so on.

        Returns
        -------
        The folder written, directory/<version>. It appears complete or not at all.
        """
        check_is_fitted(self)
        spec, sequences, assets = self._serving_input()

        def serve(inputs: tf.Tensor) -> dict[str, tf.Tensor]:
            scaled = tf.cast(self.model_(sequences(inputs), training=False), tf.float64)
            values = scaled * self._target_scale + self._target_mean
            return {"values": tf.cast(values, tf.float32)}

        return export(directory, self.model_, {"serving_default": (serve, [spec])}, assets)

    def _encode_targets(self, y: Any, sequences: list[np.ndarray], *, reset: bool) -> np.ndarray:
        if y is None:
            raise ValueError(
                "SequenceRegressor requires y to be passed, but the target y is None. "
                "y must be the numbers to predict."
            )
        values = check_array(y, ensure_2d=False, dtype=np.float64, input_name="y")
        if values.ndim > 2:
            raise ValueError(f"y must be of shape (n,) or (n, M), got {values.shape}.")
        if len(values) != len(sequences):
            raise ValueError(
                f"X and y must be of the same length, got {len(sequences)} sequences and "
                f"{len(values)} targets."
            )
        columns = values.reshape(len(values), -1)
        if reset:
            self._single_output = values.ndim == 1
            self._target_mean = columns.mean(0)
            deviation = columns.std(0)
            # A constant target has no deviation to divide by.
            self._target_scale = np.where(deviation > 0, deviation, 1.0)
        elif columns.shape[1] != len(self._target_mean):
            raise ValueError(
                f"y must have {len(self._target_mean)} targets a sample, as in the first fit, got "
                f"{columns.shape[1]}."
            )
        return ((columns - self._target_mean) / self._target_scale).astype(np.float32)

    def _architecture(self, sequences: list[np.ndarray]) -> dict[str, Any]:
        pooling = self.pooling if isinstance(self.pooling, str) else tuple(self.pooling)
        return {
            "source": numeric_source(sequences, self.scaling),
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
