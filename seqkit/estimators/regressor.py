"""Regression on numeric sequences."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import keras
import numpy as np
from sklearn.base import RegressorMixin
from sklearn.metrics import r2_score
from sklearn.utils import Tags
from typing_extensions import Self

from seqkit import checks
from seqkit.estimators.base import SequenceEstimator
from seqkit.estimators.common_parameters import POOLING, CommonParameters
from seqkit.estimators.given import Given
from seqkit.estimators.inputs.numeric import AUGMENTATION, SCALING, STEM, STRIDE, NumericInput
from seqkit.estimators.long_frames import ID_COLUMN, TIME_COLUMN
from seqkit.estimators.parameters import changed, estimator, fitted, parameter
from seqkit.estimators.plans.choices import Choice
from seqkit.estimators.targets.numbers import LOSSES, NumberTarget
from seqkit.estimators.validation import scored
from seqkit.models.classifier import sequence_regressor
from seqkit.training.loop import TrainingData
from seqkit.types import DrawSeed, Inputs, Targets


@estimator
class SequenceRegressor(RegressorMixin, SequenceEstimator):
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
    chosen_ : dict
        What was chosen for each parameter that was left open: its `value`, and the `reason`.
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

    pooling: str | Sequence[str] = POOLING
    scaling: str | None = SCALING
    stem: str | None = STEM
    stride: int | None = STRIDE
    augmentation: str | Sequence[str] | None = AUGMENTATION
    id: str = ID_COLUMN
    time: str = TIME_COLUMN
    early_stopping: bool | str = changed(
        CommonParameters,
        "early_stopping",
        default="auto",
        text="Whether to stop when the loss of validation data no longer falls, and keep the best "
        'weights. The data are fit\'s validation_data, or else held out. "auto": where '
        "validation_data are given, or there are more than 10,000 examples in memory. Of 30 to "
        "1,000 a fifth is held out of a first training, which counts the passes that do best on "
        "it, and a second one makes as many over all: numbers that hold much noise are learned "
        "by heart otherwise. Not where epochs or max_steps are given.",
    )
    loss: str = parameter(
        checks.one_of(*LOSSES),
        '{"squared_error", "absolute_error", "huber"}',
        "The loss that is minimised, on standardised targets.",
        default="squared_error",
    )

    _input: NumericInput = fitted()
    _target: NumberTarget = fitted()

    _targets = "the numbers to predict"
    _counts_passes = True

    def partial_fit(self, X: Inputs, y: Targets, sample_weight: Targets = None) -> Self:
        """One pass over these data, from where the last one ended.

        Scaling, that of the targets included, is learned in the first call.

        Parameters
        ----------
        X, y, sample_weight
            As in fit.
        """
        return self._partial_fit(Given(X, y, sample_weight))

    def predict(self, X: Inputs) -> np.ndarray:
        """The number of each sequence, (n,), or its numbers, (n, M), as y had them.

        Parameters
        ----------
        X : sequences
            See Notes of the class.
        """
        values = self._predict("values", X)
        return self._target.decide(values)

    def score(self, X: Inputs, y: Targets, sample_weight: Targets = None) -> float:
        """The share of the variance of y that is explained, R^2; the mean over several numbers.

        Parameters
        ----------
        X : sequences
            See Notes of the class.
        y : array (n,) or (n, M)
            The true numbers, as fit takes them.
        sample_weight : array (n,) or None
            Weight of each sequence.
        """
        X, true, weights = scored(self, X, y, sample_weight)
        return float(r2_score(true, self.predict(X).reshape(len(true), -1), sample_weight=weights))

    def _new_input(self, X: Inputs) -> NumericInput:
        return NumericInput.of(self)

    def _of_training(self) -> tuple[str, ...]:
        return (*super()._of_training(), "augmentation")

    def _trained_on(self, examples: TrainingData) -> TrainingData:
        return self._input.augmented(examples, self.augmentation)

    def _choices(self) -> dict[str, Choice]:
        return self._input.choices()

    def _new_target(self, y: Targets, classes: Targets) -> NumberTarget:
        return NumberTarget(self.loss)

    def _architecture(self) -> dict[str, Any]:
        return {
            "source": self._input.source(),
            "outputs": len(self._target.mean),
            **self._encoder_options(),
            "pooling": self.pooling if isinstance(self.pooling, str) else tuple(self.pooling),
        }

    def _build(self, architecture: dict[str, Any], draw_seed: DrawSeed | None) -> keras.Model:
        return sequence_regressor(**architecture, draw_seed=draw_seed)

    @property
    def n_features_in_(self) -> int:
        """Features a step; for an array (n, T), its columns."""
        return self._input.n_features_in

    @property
    def feature_names_in_(self) -> np.ndarray:
        """Columns of the features, where X was a frame."""
        return self._input.names()

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.input_tags.three_d_array = True
        tags.target_tags.multi_output = True
        return tags
