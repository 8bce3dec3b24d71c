"""Keras's optimisers, schedules and recurrent layers by name: all that a file may refer to."""

from __future__ import annotations

import inspect
from types import ModuleType

import keras


def known_optimizers() -> dict[str, type[keras.optimizers.Optimizer]]:
    """Keras's optimisers by their names in lower case.

    Example:
        >>> known_optimizers()["adamw"].__name__
        'AdamW'
    """
    classes = _classes(keras.optimizers, keras.optimizers.Optimizer)
    return {
        name.lower(): optimizer
        for name, optimizer in classes.items()
        if optimizer is not keras.optimizers.Optimizer
        and "learning_rate" in inspect.signature(optimizer).parameters
    }


def known_schedules() -> dict[str, type[keras.optimizers.schedules.LearningRateSchedule]]:
    """Keras's learning rate schedules by their names."""
    return _classes(keras.optimizers.schedules, keras.optimizers.schedules.LearningRateSchedule)


def known_layers() -> dict[str, type[keras.layers.RNN]]:
    """Keras's recurrent layers by their names."""
    return _classes(keras.layers, keras.layers.RNN)


def _classes(module: ModuleType, base: type) -> dict[str, type]:
    return {
        name: value
        for name, value in vars(module).items()
        if isinstance(value, type) and issubclass(value, base)
    }
