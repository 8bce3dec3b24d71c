"""Callbacks that are told of whole fits: those of a user's with methods for it, and scikit-learn's
own, such as its progress bar, where scikit-learn has them (1.9)."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from typing import Any

import keras

try:
    from sklearn.callback import CallbackSupportMixin, with_callbacks
except ImportError:  # scikit-learn before 1.9

    class CallbackSupportMixin:  # type: ignore[no-redef]
        """Nothing to support."""

    def with_callbacks(method: Callable[..., Any]) -> Callable[..., Any]:
        """The method as it is."""
        return method


# How attributes begin that scikit-learn gives an estimator, for a fit or for good.
SKLEARNS = ("_skl_", "_callback_", "_parent_callback", "_sklearn_")


class Epochs(keras.callbacks.Callback):
    """Tells scikit-learn's callbacks of each epoch: a subtask of the fit.

    Args:
        estimator: the one that is fitted.
        context: its callback context.
        X, y: what it is fitted on.
        fitted: gives the attributes of an estimator that predicts with the weights of now.
    """

    def __init__(
        self, estimator: Any, context: Any, X: Any, y: Any, fitted: Callable[[], dict[str, Any]]
    ) -> None:
        super().__init__()
        self._arguments = {"estimator": estimator, "X": X, "y": y}
        self._context = context
        self._fitted = fitted
        self._epoch: Any = None

    def on_epoch_begin(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        self._epoch = self._context.subcontext(task_name="epoch")
        self._epoch.call_on_fit_task_begin(**self._arguments)

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        if self._epoch.call_on_fit_task_end(
            **self._arguments, reconstruction_attributes=self._fitted
        ):
            self.model.stop_training = True


@contextlib.contextmanager
def fit_task(
    estimator: Any, epochs: int | None, X: Any, y: Any, fitted: Callable[[], dict[str, Any]]
) -> Iterator[list[keras.callbacks.Callback]]:
    """Tells callbacks of a fit, which happens within: scikit-learn's; and those of the estimator
    that have `on_fit_begin`, and `on_fit_end` or `on_fit_failed`, each given the estimator.

    Args:
        estimator, X, y, fitted: as of `Epochs`.
        epochs: subtasks of the fit, at most; None where that is not known before.

    Yields:
        The callbacks that the training must have; none where scikit-learn has none.
    """
    try:
        _tell(estimator, "on_fit_begin")
        with _sklearn_task(estimator, epochs, X, y, fitted) as callbacks:
            yield callbacks
        _tell(estimator, "on_fit_end")
    except BaseException:
        _tell(estimator, "on_fit_failed")
        raise


def _tell(estimator: Any, method: str) -> None:
    """Calls a method of the callbacks that have it."""
    for callback in estimator.callbacks or ():
        if hasattr(callback, method):
            getattr(callback, method)(estimator)


@contextlib.contextmanager
def _sklearn_task(
    estimator: Any, epochs: int | None, X: Any, y: Any, fitted: Callable[[], dict[str, Any]]
) -> Iterator[list[keras.callbacks.Callback]]:
    """The part of `fit_task` that is scikit-learn's."""
    if not hasattr(estimator, "_init_callback_context"):
        yield []
        return
    context = estimator._init_callback_context(max_subtasks=epochs)
    context = context.call_on_fit_task_begin(estimator=estimator, X=X, y=y)
    yield [Epochs(estimator, context, X, y, fitted)]
    context.call_on_fit_task_end(estimator=estimator, X=X, y=y)
