"""Callbacks that users pass, without what a training leaves in them."""

from __future__ import annotations

import contextlib
import pickle
from collections.abc import Iterator, Sequence

import keras

_ABSENT = object()


def set_rates(callbacks: Sequence[keras.callbacks.Callback]) -> bool:
    """Whether one of them sets the learning rate, so that no schedule of ours may."""
    setters = (keras.callbacks.LearningRateScheduler, keras.callbacks.ReduceLROnPlateau)
    return any(isinstance(callback, setters) for callback in callbacks)


@contextlib.contextmanager
def detached(callbacks: Sequence[keras.callbacks.Callback]) -> Iterator[None]:
    """Makes callbacks forget the model when the training within is over, however it ends."""
    before = [dict(vars(callback)) for callback in callbacks]
    try:
        yield
    finally:
        for callback, attributes in zip(callbacks, before, strict=True):
            _detach(callback, attributes)


def _detach(callback: keras.callbacks.Callback, before: dict[str, object]) -> None:
    """Makes a user's callback forget the model, and what of a training cannot be pickled: open
    files and modules, which TensorBoard's holds. So copies of an estimator need none of them.

    Args:
        callback: after a training.
        before: its attributes before it.
    """
    if isinstance(callback, keras.callbacks.Callback):
        # Not the callback's own method, which may expect a model, as TensorBoard's does.
        keras.callbacks.Callback.set_model(callback, None)
    for name, value in list(vars(callback).items()):
        if value is before.get(name, _ABSENT):
            continue
        try:
            pickle.dumps(value)
        except Exception:  # whatever a callback's attribute may raise
            if name in before:
                setattr(callback, name, before[name])
            else:
                delattr(callback, name)
