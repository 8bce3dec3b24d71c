"""Classification of numeric sequences."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from sklearn.utils import Tags

from seqkit.estimators.inputs.numeric import AUGMENTATION, SCALING, STEM, STRIDE, NumericInput
from seqkit.estimators.long_frames import ID_COLUMN, TIME_COLUMN
from seqkit.estimators.parameters import estimator, fitted
from seqkit.estimators.plans.choices import Choice
from seqkit.estimators.sequence_classes import ClassEstimator
from seqkit.training.loop import TrainingData
from seqkit.types import Inputs


@estimator
class SequenceClassifier(ClassEstimator):
    """A recurrent classifier of numeric sequences of any length.

    Parameters
    ----------
    {parameters}

    Attributes
    ----------
    classes_ : array (K,)
        The labels, sorted; for indicators, the columns of y.
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
        Loss and accuracy of each epoch.
    model_ : keras.Model
        From (B, T, d), rows ending in NaN, to probabilities (B, K).

    Notes
    -----
    X is an array (n, T, d); an array or frame (n, T), which is one feature; a list of arrays
    (T_i, d); or a long frame, a row a step, with columns `id` and `time`, or indexed by the two.
    Then y has one label a sequence, in the order in which the frame first names them, or is a
    Series indexed by them.

    Shorter sequences of an array (n, T, d) end in NaN: last steps that are NaN in all features are
    padding, in lists and long frames too. NaN anywhere else, or in an array (n, T), is an error
    that names its place.

    Sequences are bucketed by length; padding never changes a result. Ctrl-C after the first epoch
    ends fit with a warning and keeps the best weights so far.

    y has one label a sequence, of any sortable type. Where any number of labels may apply it is an
    indicator matrix (n, K), or has a list or set of labels for each sequence, [] for none;
    `predict` gives indicators of both, whose columns are `classes_`.

    The export's signature: `inputs`, float32 (batch, time, d), rows ending in NaN where they are
    shorter; to `probabilities`, float32 (batch, K), and `label` (batch,), int64 where y was
    integers, else strings. With several there is no `label`, but `labels`, the classes, in each
    row (batch, K).

    Examples
    --------
    >>> import numpy as np, seqkit
    >>> rng = np.random.default_rng(0)
    >>> X = [rng.normal(size=(rng.integers(5, 9), 2)) for _ in range(40)]
    >>> y = ["up" if x.sum() > 0 else "down" for x in X]
    >>> model = seqkit.SequenceClassifier("gru", units=8, epochs=40, random_state=0).fit(X, y)
    >>> model.score(X, y) > 0.9
    True
    """

    scaling: str | None = SCALING
    stem: str | None = STEM
    stride: int | None = STRIDE
    augmentation: str | Sequence[str] | None = AUGMENTATION
    id: str = ID_COLUMN
    time: str = TIME_COLUMN
    _input: NumericInput = fitted()

    def _new_input(self, X: Inputs) -> NumericInput:
        return NumericInput.of(self)

    def _of_training(self) -> tuple[str, ...]:
        return (*super()._of_training(), "augmentation")

    def _trained_on(self, examples: TrainingData) -> TrainingData:
        return self._input.augmented(examples, self.augmentation)

    def _choices(self) -> dict[str, Choice]:
        return self._input.choices()

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
        return tags
