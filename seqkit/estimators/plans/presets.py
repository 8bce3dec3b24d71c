"""Presets: one word for what a training may cost, in place of several numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from seqkit.checks import did_you_mean


@dataclass(frozen=True)
class Preset:
    """Values of parameters that are None.

    Attributes:
        effort: of `epochs` and `max_steps`, where both are None: the part of the estimator's own
            budget of training steps, and of the passes that it makes at least.
        ensemble_size: of `ensemble_size`.
    """

    effort: float
    ensemble_size: int

    def __str__(self) -> str:
        """As documentation has it."""
        models = "one model" if self.ensemble_size == 1 else f"{self.ensemble_size} models"
        return f"{self.effort:g} times the steps and passes, {models}"


PRESETS = {
    "fast": Preset(effort=0.4, ensemble_size=1),
    "balanced": Preset(effort=1.0, ensemble_size=1),
    "best": Preset(effort=2.0, ensemble_size=5),
}


def check_preset(name: str, value: Any) -> None:
    """A name of `PRESETS`."""
    if not isinstance(value, str):
        raise TypeError(f"{name} must be one of {', '.join(map(repr, PRESETS))}, got {value!r}.")
    if value not in PRESETS:
        raise ValueError(
            f"{name} must be one of {', '.join(map(repr, PRESETS))}, got {value!r}."
            f"{did_you_mean(value, PRESETS, cutoff=0.4)}"
        )
