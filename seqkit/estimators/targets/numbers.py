"""Numbers as a target: one or several a sample, standardised for the training."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from sklearn.utils.validation import check_array

from seqkit.checks import check_no_times, check_not_masked
from seqkit.estimators.inputs.moments import Moments
from seqkit.estimators.targets import GraphFunction, Objective
from seqkit.saving.records import Part, record
from seqkit.types import Targets, Tensor

LOSSES = {
    "squared_error": "mean_squared_error",
    "absolute_error": "mean_absolute_error",
    "huber": "huber",
}


@record
@dataclass
class NumberTarget(Part):
    """Numbers (n,), or (n, M).

    Args:
        loss: a key of `LOSSES`.
        single: whether y has one dimension.
        mean, scale: of each number, (M,).
    """

    loss: str
    single: bool = True
    mean: np.ndarray = field(default_factory=lambda: np.zeros(0))
    scale: np.ndarray = field(default_factory=lambda: np.zeros(0))
    nouns = ("target", "targets")

    def read(self, y: Targets) -> np.ndarray:
        """y as finite numbers (n, M)."""
        values = read_numbers(y)
        if not len(self.mean):
            self.single = values.ndim == 1
        return values.reshape(len(values), -1)

    def learn(self, chunks: Iterable[np.ndarray]) -> None:
        """Learns mean and deviation of each number."""
        moments = Moments()
        for values in chunks:
            moments.add(values)
        deviation = np.sqrt(moments.variance)
        # A constant target has no deviation to divide by.
        self.mean, self.scale = moments.mean, np.where(deviation > 0, deviation, 1.0)

    def encode(self, values: np.ndarray, sequences: list[np.ndarray]) -> np.ndarray:
        """Standardised numbers, (n, M)."""
        if values.shape[1] != len(self.mean):
            raise ValueError(
                f"y must have {len(self.mean)} targets a sample, as in the first fit, got "
                f"{values.shape[1]}."
            )
        return ((values - self.mean) / self.scale).astype(np.float32)

    def weigh(self, targets: np.ndarray, weights: np.ndarray) -> np.ndarray:
        """The sample weights: numbers have no classes."""
        return weights

    def strata(self, targets: np.ndarray) -> None:
        """None: numbers have no classes."""

    def constant_loss(self, targets: np.ndarray, weights: np.ndarray) -> float | None:
        """The variance; None where the loss is another than the squared error."""
        if self.loss != "squared_error":
            return None
        apart = targets - np.average(targets, axis=0, weights=weights)
        return float(np.average((apart**2).mean(1), weights=weights) * weights.mean())

    def objective(self) -> Objective:
        """The loss, on standardised numbers."""
        return Objective(LOSSES[self.loss], [])

    def functions(self, model: keras.Model) -> Mapping[str, GraphFunction]:
        """Standardised numbers (B, M)."""
        return {"values": lambda batch: model(batch, training=False)}

    def decide(self, values: np.ndarray) -> np.ndarray:
        """The numbers in the units of y, (n,) or (n, M)."""
        numbers = values * self.scale + self.mean
        return numbers[:, 0] if self.single else numbers

    def served(self, model: keras.Model) -> Callable[[Tensor], dict[str, Tensor]]:
        """The numbers in the units of y, (B, M)."""

        def answer(batch: Tensor) -> dict[str, Tensor]:
            scaled = tf.cast(model(batch, training=False), tf.float32)
            return {"values": scaled * self.scale.astype("f4") + self.mean.astype("f4")}

        return answer


def read_numbers(y: Targets) -> np.ndarray:
    """y as finite numbers, float64 (n,) or (n, M).

    Raises:
        ValueError, TypeError: for anything else, with the place of the first fault.
    """
    values = _as_array(y)
    if values.ndim > 2:
        raise ValueError(f"y must be of shape (n,) or (n, M), got {values.shape}.")
    wrong = np.argwhere(~np.isfinite(values))
    if len(wrong):
        value, place = values[tuple(wrong[0])], "".join(f"[{k}]" for k in wrong[0])
        kind = "NaN" if np.isnan(value) else "infinity"
        raise ValueError(
            f"Input y contains {kind}: y{place} is {value}, of {len(wrong)} that are not finite. "
            "Fill or drop such targets; drop their sequences with them."
        )
    return values


def _as_array(y: Any) -> np.ndarray:
    """y as an array of float64, finite or not."""
    check_not_masked("y", y)
    try:
        check_no_times(np.asarray(y))
        return check_array(
            y,
            ensure_2d=False,
            allow_nd=True,
            ensure_all_finite=False,
            dtype=np.float64,
            input_name="y",
        )
    except (TypeError, ValueError) as error:
        values = y.to_numpy() if hasattr(y, "iloc") else y
        texts = [v for v in np.ravel(np.array(values, dtype=object)) if isinstance(v, str)]
        got = f"got the string {str(texts[0])!r}" if texts else str(error).rstrip(".")
        got = "got rows of different lengths" if "inhomogeneous" in got else got
        hint = " To predict classes use SequenceClassifier." if texts else ""
        raise type(error)(f"y must be numbers, (n,) or (n, M): {got}.{hint}") from error
