"""Classifiers of whole sequences: a class, or any number of labels, for each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

import keras
import numpy as np
from sklearn.base import ClassifierMixin
from sklearn.metrics import accuracy_score
from sklearn.utils import Tags
from typing_extensions import Self

from seqkit.estimators.base import SequenceEstimator
from seqkit.estimators.common_parameters import CLASS_WEIGHT, LABEL_SMOOTHING, POOLING
from seqkit.estimators.given import Given
from seqkit.estimators.parameters import estimator, fitted
from seqkit.estimators.targets.classes import Classes, ClassTarget
from seqkit.estimators.targets.indicators import IndicatorTarget
from seqkit.estimators.targets.label_lists import label_lists
from seqkit.estimators.targets.labels import has_columns
from seqkit.estimators.validation import scored
from seqkit.models.classifier import sequence_classifier
from seqkit.types import DrawSeed, Inputs, Targets


@estimator
class ClassEstimator(ClassifierMixin, SequenceEstimator):
    """Base of the classifiers; a subclass says how X is read."""

    pooling: str | Sequence[str] = POOLING
    class_weight: Mapping[Any, float] | str | None = CLASS_WEIGHT
    label_smoothing: float = LABEL_SMOOTHING

    _target: ClassTarget | IndicatorTarget = fitted()

    _targets = "the labels of X"

    def partial_fit(
        self, X: Inputs, y: Targets, classes: Targets = None, sample_weight: Targets = None
    ) -> Self:
        """One pass over these data, from where the last one ended.

        What is learned of X beside the weights (scaling, vocabulary) is learned in the first call.

        Parameters
        ----------
        X, y
            As in fit.
        classes : array (K,) or None
            All classes that later calls may bring; default: those of the first y.
        sample_weight
            As in fit.
        """
        check_class_weight_in_parts(self.class_weight)
        return self._partial_fit(Given(X, y, sample_weight, classes=classes))

    def predict(self, X: Inputs) -> np.ndarray:
        """The most probable class of each sequence, (n,); or which labels apply, (n, K).

        Where several labels may apply these are 1 for a probability above one half, else 0, in the
        order of `classes_`, whether y was such a matrix or lists: `classes_[row > 0]` are the
        labels of a row.

        Parameters
        ----------
        X : sequences
            See Notes of the class.
        """
        probabilities = self.predict_proba(X)
        return self._target.decide(probabilities)

    def predict_proba(self, X: Inputs) -> np.ndarray:
        """The probability of each class, in the order of `classes_`, (n, K).

        Parameters
        ----------
        X : sequences
            See Notes of the class.
        """
        return self._predict("probabilities", X)

    def score(self, X: Inputs, y: Targets, sample_weight: Any = None) -> float:
        """The share of sequences whose class is right; or of those whose labels all are.

        Parameters
        ----------
        X : sequences
            See Notes of the class.
        y : labels
            The true ones, as fit takes them.
        sample_weight : array (n,) or None
            Weight of each sequence.
        """
        X, true, weights = scored(self, X, y, sample_weight)
        predicted = self.predict(X)
        if isinstance(true, list):
            right = cast(IndicatorTarget, self._target).right(true, predicted)
            return float(np.average(right, weights=weights))
        return float(accuracy_score(true, predicted, sample_weight=weights))

    @property
    def classes_(self) -> np.ndarray:
        """The labels, sorted; for indicators, the columns of y."""
        return self._target.classes.labels

    def _new_target(self, y: Targets, classes: Targets) -> ClassTarget | IndicatorTarget:
        known = Classes(self.class_weight, classes)
        smoothing = float(self.label_smoothing)
        if label_lists(y) is not None:
            return IndicatorTarget(known, smoothing, lists=True)
        form = IndicatorTarget if has_columns(y) else ClassTarget
        return form(known, smoothing)

    def _architecture(self) -> dict[str, Any]:
        return {
            "source": self._input.source(),
            "classes": len(self._target.classes),
            "multilabel": self._target.multilabel,
            **self._encoder_options(),
            "pooling": self.pooling if isinstance(self.pooling, str) else tuple(self.pooling),
        }

    def _build(self, architecture: dict[str, Any], draw_seed: DrawSeed | None) -> keras.Model:
        return sequence_classifier(**architecture, draw_seed=draw_seed)

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.classifier_tags.multi_label = True
        return tags


def check_class_weight_in_parts(class_weight: object) -> None:
    """Raises ValueError for weights that only all data at once can give."""
    if isinstance(class_weight, str):
        raise ValueError(
            f"class_weight={class_weight!r} needs all data at once. Give a dict, or "
            "sample_weight, to partial_fit."
        )
