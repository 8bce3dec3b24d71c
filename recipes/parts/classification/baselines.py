"""Baselines of the recipes that classify: pipelines of scikit-learn."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, StratifiedGroupKFold, StratifiedKFold
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler
from typing_extensions import Self

FOLDS = 3


class Flattened(TransformerMixin, BaseEstimator):
    """Sequences as rows: zeros behind the shorter ones, longer ones than fit saw are cut.

    Example:
        >>> import numpy as np
        >>> X = [np.array([[1.0], [2.0]]), np.array([[3.0]])]
        >>> Flattened().fit(X).transform([*X, np.ones((5, 1))]).tolist()
        [[1.0, 2.0], [3.0, 0.0], [1.0, 1.0]]
    """

    def fit(self, X: Any, y: Any = None) -> Self:
        """Finds the longest sequence."""
        self.longest_ = max(map(len, X))
        return self

    def transform(self, X: Any) -> np.ndarray:
        """Rows of the longest sequence's steps, one after the other, (n, steps * features)."""
        rows = np.zeros((len(X), self.longest_, X[0].shape[1]))
        for row, x in zip(rows, X, strict=True):
            row[: len(x)] = x[: self.longest_]
        return rows.reshape(len(rows), -1)


def of_series(X: Any, y: Any) -> Pipeline:
    """A logistic regression on the flattened sequences, fitted."""
    model = make_pipeline(Flattened(), StandardScaler(), LogisticRegression(max_iter=2000))
    return model.fit(X, y)


def of_texts(X: Any, y: Any, groups: Any = None) -> Pipeline:
    """A logistic regression on TF-IDF of words and pairs of words, fitted.

    Its C is chosen by cross-validation, where there are enough texts of each class.

    Args:
        X, y: texts and labels.
        groups: of the texts, whose members are in one fold; or None.
    """
    words = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, token_pattern=r"\w+")
    matrix = words.fit_transform(X)
    model = LogisticRegression(C=30, solver="newton-cg", max_iter=1000)
    folds = min(FOLDS, *np.unique(y, return_counts=True)[1])
    if groups is not None:
        folds = min(folds, len(np.unique(groups)))
    if folds > 1:
        kind = StratifiedKFold if groups is None else StratifiedGroupKFold
        splits = list(kind(folds, shuffle=True, random_state=0).split(matrix, y, groups))
        model = GridSearchCV(model, {"C": [10, 30, 100]}, cv=splits)
    model.fit(matrix, y)
    model = getattr(model, "best_estimator_", model)
    return Pipeline([("words", words), ("logistic_regression", model)])
