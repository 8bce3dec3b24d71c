"""What the estimators whose targets are classes share, one a sample or one a step."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import Any

import numpy as np
from sklearn.utils.class_weight import compute_class_weight

from seqkit import checks
from seqkit.estimators.base import SequenceEstimator
from seqkit.estimators.parameters import estimator, parameter
from seqkit.training.examples import UnseenClass


class Classes:
    """What fitting finds about the classes."""

    classes_: np.ndarray
    _class_weights: np.ndarray | None  # (K,)
    _expected_classes: Any


@estimator
class Labelled(Classes, SequenceEstimator):
    """Base of the estimators whose targets are classes."""

    class_weight: Any = parameter(
        checks.anything,
        'dict, "balanced" or None',
        "Weight of each class, as in scikit-learn.",
        default=None,
    )

    def partial_fit(self, X: Any, y: Any, classes: Any = None, sample_weight: Any = None) -> Any:
        """One pass over these data, from where the last one ended.

        What is learned of X beside the weights (scaling, vocabulary) is learned in the first call.

        Parameters
        ----------
        X, y, sample_weight
            As in fit.
        classes : array (K,) or None
            All classes that later calls may bring; default: those of the first y.
        """
        if isinstance(self.class_weight, str):
            raise ValueError(
                f"class_weight={self.class_weight!r} needs all data at once. Give a dict, or "
                "sample_weight, to partial_fit."
            )
        self._expected_classes = classes
        try:
            self._partial_fit(X, y, sample_weight)
        finally:
            self.__dict__.pop("_expected_classes", None)
        return self

    def _learn_classes(self, chunks: Iterable[np.ndarray]) -> np.ndarray:
        """Sets the classes, and their weights, of labels that come in pieces.

        Returns:
            How often each class occurs, (K,).
        """
        parts = [np.unique(labels, return_counts=True) for labels in chunks]
        classes, place = np.unique(np.concatenate([p[0] for p in parts]), return_inverse=True)
        counts = np.bincount(place, np.concatenate([p[1] for p in parts]), len(classes))
        expected = getattr(self, "_expected_classes", None)
        if expected is not None:
            found, classes = classes, np.unique(expected)
            counts = np.array([counts[found == c].sum() for c in classes])
        elif len(classes) < 2:
            raise ValueError(
                f"y must hold at least 2 classes, got 1 class: {classes.tolist()[0]!r} everywhere."
            )
        self.classes_ = classes
        self._class_weights = None
        if isinstance(self.class_weight, str) and self.class_weight == "balanced":
            weights = counts.sum() / len(classes) / counts
            self._class_weights = weights.astype(np.float32)
        elif self.class_weight is not None:
            weights = compute_class_weight(self.class_weight, classes=classes, y=classes)
            self._class_weights = weights.astype(np.float32)
        return counts

    def _positions(self, labels: np.ndarray, place: str = "y") -> np.ndarray:
        """The positions of labels in `classes_`, which must hold them all."""
        unseen = np.setdiff1d(labels, self.classes_)
        if len(unseen):
            known = [str(c) for c in self.classes_]
            nearest = difflib.get_close_matches(str(unseen[0]), known, n=1)
            hint = f" Did you mean {nearest[0]!r}?" if nearest else ""
            raise UnseenClass(
                f"{place} has {unseen.tolist()[0]!r}, which is not among the classes that fit "
                f"learned, {', '.join(map(repr, self.classes_[:10].tolist()))}"
                f"{', ...' if len(known) > 10 else ''}.{hint}"
            )
        return np.searchsorted(self.classes_, labels).astype(np.int32)
