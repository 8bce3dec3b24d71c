"""Averaged weights: the moving average that an optimiser with `use_ema` keeps of each weight.

The average is what is evaluated and kept (Polyak & Juditsky 1992), and the steps of the training go
on from the weights themselves. Between two trainings the model has the averages, and the optimiser
the weights in their place: so copies and files of a model hold both.
"""

from __future__ import annotations

from typing import Any

import keras
import numpy as np

from seqkit.keras_internals import averages_of


class AveragedWeights:
    """The weights of a model, and their averages; nothing where its optimiser keeps none.

    Args:
        model: compiled, its optimiser built.
    """

    def __init__(self, model: keras.Model) -> None:
        averages = averages_of(model.optimizer)
        self._model = model
        self._pairs = (
            list(zip(model.trainable_variables, averages, strict=True)) if averages else []
        )
        self._raw: list[np.ndarray] = []

    def begin(self, restored: bool) -> None:
        """Gives the model its weights back, where a training has been before this one; in the state
        that was restored within a training it has them."""
        if not restored and int(self._model.optimizer.iterations) > 0:
            self.swap()
        self.note()

    def note(self) -> None:
        """Remembers the weights: Keras overwrites them when the training ends."""
        self._raw = [weight.numpy().copy() for weight, _ in self._pairs]

    def swap(self) -> None:
        """Puts averages in the place of weights, and these in theirs."""
        for weight, average in self._pairs:
            value = weight.numpy().copy()
            weight.assign(average)
            average.assign(value)

    def end(self, interrupted: bool) -> None:
        """Keeps the weights in the place of the averages, which the model has now; after an
        interruption the averages alone are kept."""
        values = [weight for weight, _ in self._pairs] if interrupted else self._raw
        for (_, average), value in zip(self._pairs, values, strict=True):
            average.assign(value)

    def shown_at_epoch_ends(
        self, callbacks: list[keras.callbacks.Callback]
    ) -> list[keras.callbacks.Callback]:
        """Callbacks, between those that show them the averages instead of the weights."""
        if not self._pairs:
            return callbacks
        return [_Shows(self), *callbacks, _Hides(self)]


class _Shows(keras.callbacks.Callback):
    def __init__(self, averages: AveragedWeights) -> None:
        super().__init__()
        self._averages = averages

    def on_test_begin(self, logs: Any = None) -> None:
        self._averages.swap()

    def on_test_end(self, logs: Any = None) -> None:
        self._averages.swap()

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        self._averages.note()
        self._averages.swap()


class _Hides(keras.callbacks.Callback):
    def __init__(self, averages: AveragedWeights) -> None:
        super().__init__()
        self._averages = averages

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        self._averages.swap()
