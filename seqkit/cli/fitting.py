"""Fits of which nothing is kept where they were interrupted."""

from __future__ import annotations

import warnings
from typing import Any


def fit_whole(model: Any, X: Any, y: Any, **options: Any) -> None:
    """Fits an estimator, to the end or not at all.

    Raises:
        KeyboardInterrupt: for Ctrl-C. The estimator would keep what it has learned so far, but its
            figures would stand beside those of whole trainings.
    """
    with warnings.catch_warnings():
        warnings.filterwarnings("error", "Training was interrupted", UserWarning)
        try:
            model.fit(X, y, **options)
        except UserWarning as interrupted:
            raise KeyboardInterrupt from interrupted
