"""The meaning of gradients through time, in words, and what to try."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from seqkit.inspection.recurrences import Recurrence

if TYPE_CHECKING:
    import pandas as pd

Verdict = Literal["vanishing", "exploding", "healthy"]

# The influence of the first step on the last state, in units of the last step's, at which a
# gradient is said to vanish: float32 carries seven digits, and noise of batches hides three.
VANISHED = 1e-3
EXPLODED = 1e3


@dataclass
class Diagnosis:
    """How influence on the last state decays into the past, in one layer.

    Attributes:
        verdict: "vanishing" where the first step's is below a thousandth of the last one's,
            "exploding" where some step's is above a thousand times that, else "healthy".
        factor: by which influence changes a step further back, in the geometric mean.
        half_life: steps over which influence halves; infinite where it does not decay.
        steps: of the sequences.
        cell: the class of the cell.
        gradient_norm: of all weights of the model.
    """

    verdict: Verdict
    factor: float
    half_life: float
    steps: int
    cell: str
    gradient_norm: float = math.nan

    def __str__(self) -> str:
        if self.verdict == "healthy":
            lasts = (
                "does not fade"
                if math.isinf(self.half_life)
                else (f"halves every {self.half_life:.3g} steps")
            )
            return f"healthy: influence {lasts} over {self.steps} steps."
        how = (
            f"vanishing: influence halves every {self.half_life:.3g} steps, and sequences have "
            f"{self.steps}."
            if self.verdict == "vanishing"
            else f"exploding: influence grows {self.factor:.3g} times a step into the past."
        )
        return f"{how} Try {'; '.join(self.remedies)}."

    @property
    def remedies(self) -> list[str]:
        """Remedies to try, the most promising first."""
        if self.verdict == "exploding":
            return [
                f"clipnorm={self.gradient_norm:.2g}, the norm of this gradient, or less; of the "
                "gradients of a stable phase of training, half to ten times the mean",
                "a smaller learning rate",
                "truncated back-propagation, on windows of a sequence",
            ]
        if self.verdict == "healthy":
            return []
        plain = "SimpleRNN" in self.cell
        gated = ["a gated cell, such as LSTM or GRU"] if plain else []
        recurrent = (
            [
                'recurrent_initializer="orthogonal" (Saxe et al. 2014), or "identity" with '
                'activation="relu" (Le et al. 2015)'
            ]
            if plain
            else ["a larger forget bias, so that the cell begins by remembering"]
            if "LSTM" in self.cell
            else []
        )
        return [
            *gated,
            *recurrent,
            "shorter sequences: segments of them as steps, or pooling over steps instead of the "
            "last one",
        ]


def diagnosed(recurrence: Recurrence, states: pd.DataFrame, jacobians: pd.DataFrame) -> Diagnosis:
    """The diagnosis of a layer.

    Args:
        recurrence: the layer.
        states: its rows of `GradientFlow.states`.
        jacobians: its rows of `GradientFlow.jacobians`.
    """
    # The longest lasting of the states: h of an LSTM forgets what c still holds.
    influence = states.groupby("step")["influence"].max().to_numpy()
    steps = len(influence)
    seen = influence > np.finfo(np.float32).tiny
    first = int(np.argmax(seen))  # below it nothing but underflow
    if steps < 2 or not seen[-1]:
        factor = 1.0
    else:
        lag = steps - 1 - first
        factor = float((influence[first] / influence[-1]) ** (1 / max(lag, 1)))
    verdict: Verdict = "healthy"
    if influence.max() > EXPLODED:
        verdict = "exploding"
    elif influence[0] < VANISHED:
        verdict = "vanishing"
    half_life = math.log(2) / -math.log(factor) if 0 < factor < 1 else math.inf
    return Diagnosis(verdict, factor, half_life, steps, type(recurrence.layer.cell).__name__)
