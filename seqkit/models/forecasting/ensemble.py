"""An ensemble of forecasters: the mean of their forecasts, and of their quantiles."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import keras
import tensorflow as tf

from seqkit.models.ensemble import Ensemble
from seqkit.models.forecasting.answers import Answers, Inputs
from seqkit.models.forecasting.window import Window
from seqkit.types import Tensor


@keras.saving.register_keras_serializable("seqkit")
class ForecasterEnsemble(Answers, Ensemble):
    """Forecasters whose forecasts and quantiles are averaged, in the scale of each window.

    The mean of quantiles (Vincent 1912) is as wide as the members' on average; a mixture would be
    wider by what they differ. Paths are drawn of one member each, in turns.

    Args:
        members: forecasters of one architecture, built.

    Call arguments:
        inputs: as of `Forecaster`.

    Returns:
        A tuple of the outputs of each member; their loss is the mean of the members'.
    """

    def __init__(self, members: Sequence[keras.Model], **kwargs: Any) -> None:
        super().__init__(members, **{"autocast": False, **kwargs})
        first = self.members[0]
        self.minimum, self.head = first.minimum, first.head
        self.past, self.known, self.static = first.past, first.known, first.static

    @property
    def embeddings(self) -> list[keras.layers.Embedding]:
        """The vectors of a member's categories."""
        return self.members[0].embeddings

    def call(self, inputs: Inputs, training: bool = False) -> tuple[Tensor, ...]:
        return tuple(member(inputs, training=training) for member in self.members)

    def window(self, inputs: Inputs) -> Window:
        """The scaled window of the inputs' histories: the same for all."""
        return self.members[0].window(inputs)

    def scaled_forecast(self, inputs: Inputs, window: Window) -> Tensor:
        """The mean of the forecasts z, (B, H)."""
        return self.combined([m.scaled_forecast(inputs, window) for m in self.members])

    def scaled_quantiles(self, inputs: Inputs, levels: Sequence[float]) -> Tensor:
        """The means of the quantiles z, (B, H, n)."""
        return self.combined([m.scaled_quantiles(inputs, levels) for m in self.members])

    def scaled_paths(self, inputs: Inputs, paths: int, seed: Tensor) -> Tensor:
        """z of paths that are drawn of the members in turns, (B, paths, H)."""
        drawn = [m.scaled_paths(inputs, paths, seed) for m in self.members]
        batch = tf.shape(drawn[0])[0]
        turn = tf.reshape(tf.range(batch * paths), [batch, paths]) % len(drawn)
        z = drawn[0]
        for k, other in enumerate(drawn[1:], 1):
            z = tf.where((turn == k)[..., None], other, z)
        return z
