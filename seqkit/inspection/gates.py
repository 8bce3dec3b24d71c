"""Gates and states of a recurrent layer at every step, by name, from the cell's equations."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import tensorflow as tf

from seqkit.checks import did_you_mean
from seqkit.inspection.model_batches import model_and_batch
from seqkit.inspection.recurrences import Recording, Recurrence, recordings_of, recurrences_of
from seqkit.layers.engine.step import step_pre_activations
from seqkit.layers.equations import CellEquations
from seqkit.layers.options import ACTIVATION
from seqkit.types import Tensor

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes


@dataclass(frozen=True)
class GateActivations:
    """Gates and states of one layer.

    Attributes:
        layer: its name.
        values: by name of gate and state, (B, T, H) each, in the order of time; NaN at steps that
            are masked.
    """

    layer: str
    values: dict[str, np.ndarray]

    def __getitem__(self, name: str) -> np.ndarray:
        if name not in self.values:
            raise KeyError(
                f"{name!r} is no gate or state of {self.layer!r}: it has "
                f"{', '.join(self.values)}.{did_you_mean(name, self.values)}"
            )
        return self.values[name]

    def saturation(self, margin: float = 0.1) -> pd.DataFrame:
        """How much of the time gates and states are at an end of their range.

        The range is from 0 to 1, and from -1 to 1 where there are values below 0; what is beyond,
        as a cell state may be, counts as saturated. Karpathy, Johnson & Fei-Fei (2015,
        arXiv:1506.02078, section 4.2) draw these shares for each unit.

        Args:
            margin: of the range, at each of its ends. Default 0.1.

        Returns:
            A row a gate or state: its mean, and the shares of values at the low and high end.

        Raises:
            ValueError: for a margin that is not between 0 and 0.5.
        """
        import pandas as pd

        if not 0 < margin < 0.5:
            raise ValueError(f"margin must be between 0 and 0.5, got {margin!r}.")
        rows = {}
        for name, values in self.values.items():
            seen = values[~np.isnan(values)]
            low = -1.0 if (seen < 0).any() else 0.0
            width = margin * (1 - low)
            rows[name] = {
                "mean": seen.mean(),
                "low": (seen < low + width).mean(),
                "high": (seen > 1 - width).mean(),
            }
        return pd.DataFrame.from_dict(rows, orient="index")

    def plot(
        self,
        name: str,
        row: int = 0,
        *,
        labels: Sequence[Any] | None = None,
        ax: Axes | None = None,
    ) -> Axes:
        """Draws a heat map of one gate or state: units from top to bottom, steps side by side.

        Args:
            name: of the gate or state.
            row: the sequence of the batch.
            labels: of the steps, such as tokens or times; as many as the sequence has, or fewer.
            ax: to draw on. Default: axes of a new figure.

        Raises:
            KeyError: for another name.
            IndexError: for a row that the batch does not have.
        """
        from seqkit.inspection.drawing.panels import add_scale, axes_for

        values = self[name][row]
        valid = ~np.isnan(values).all(1)
        values = values[valid]
        (axes,) = axes_for([name], ax)
        low = -1 if (values < 0).any() else 0
        picture = axes.imshow(
            values.T, aspect="auto", vmin=low, vmax=1, cmap="viridis", interpolation="nearest"
        )
        axes.set(title=f"{self.layer}: {name}", xlabel="step", ylabel="unit")
        if labels is not None:
            shown = [str(label) for label in labels][: len(values)]
            axes.set_xticks(range(len(shown)), shown, rotation=90)
        add_scale(axes, picture)
        return axes


def gate_activations(model: Any, X: Any) -> dict[str, GateActivations]:
    """The gates and states of every recurrent layer, at every step of some sequences.

    They are computed from the cell's equations: a gate is what an activation of the equations makes
    of its pre-activation, whatever else that adds, such as peepholes. So a cell of one's own has
    them as soon as it has equations.

    Args:
        model: a fitted estimator of seqkit, or a `keras.Model` that holds layers of ours, of one's
            own `CellEquations`, or Keras's LSTM, GRU or SimpleRNN.
        X: sequences, as the estimator or the model takes them.

    Returns:
        By layer, in the model's order, its `GateActivations`.

    Raises:
        TypeError: for anything but an estimator or a model.
        ValueError: for a model without recurrent layers or one that is not built, or a cell whose
            equations are not known or have no gates.

    Example:
        >>> import keras, numpy as np, seqkit
        >>> model = keras.Sequential([keras.Input((None, 3)), seqkit.layers.LSTM(4, name="lstm")])
        >>> by_layer = seqkit.inspection.gate_activations(model, np.zeros((2, 5, 3), "float32"))
        >>> gates = by_layer["lstm"]
        >>> list(gates.values)
        ['input', 'forget', 'candidate', 'output', 'h', 'c']
        >>> gates["forget"].shape, float(gates["forget"][0, 0, 0].round(3))
        ((2, 5, 4), 0.731)
    """
    keras_model, batch = model_and_batch(model, X)
    recurrences = recurrences_of(keras_model)
    for recurrence in recurrences:
        if not recurrence.equations.gates:
            raise ValueError(f"layer {recurrence.name!r} has no gates: its equations name none.")
    recordings = recordings_of(keras_model, recurrences, batch)
    return {
        recurrence.name: GateActivations(
            recurrence.name, _values(recurrence, recordings[recurrence.name])
        )
        for recurrence in recurrences
        if recurrence.name in recordings
    }


def _values(recurrence: Recurrence, recording: Recording) -> dict[str, np.ndarray]:
    """Gates and states by name, (B, T, H) each, in the order of time."""
    steps, rows = len(recording.states), recording.inputs.shape[0]
    before = [recording.start, *recording.states[:-1]]
    state = tuple(tf.concat(of_a_kind, 0) for of_a_kind in zip(*before, strict=True))  # (T B, H)
    x = tf.concat(tf.unstack(recording.inputs, axis=1), 0)
    gates = gates_of_a_step(recurrence.equations, recurrence.weights, x, state)
    after = {
        name: tf.concat([s[i] for s in recording.states], 0)
        for i, name in enumerate(recurrence.states)
    }

    def by_time(values: Tensor) -> np.ndarray:
        ordered = values.numpy().reshape(steps, rows, -1).transpose(1, 0, 2).astype(float)
        if recording.valid is not None:
            ordered[~recording.valid.numpy()] = np.nan
        return ordered[:, ::-1] if recurrence.layer.go_backwards else ordered

    return {name: by_time(values) for name, values in {**gates, **after}.items()}


def gates_of_a_step(
    equations: CellEquations, weights: Any, x: Tensor, state: tuple[Tensor, ...]
) -> dict[str, Tensor]:
    """The gates of a step by name, (B, H) each, in the equations' order.

    An activation's result belongs to the gate on whose pre-activation its argument depends, and to
    none where gates seen before explain it, as in tanh(c).
    """
    a = step_pre_activations(equations, x, state, weights)
    calls: list[tuple[Tensor, Tensor]] = []
    listening = _listening(equations, calls)
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(a)
        named = listening.named(a)
        if listening.gated:
            listening.recurrent_input(named, state)  # its gates act before the update
        listening.update(named, state, listening.named_vectors(weights.vectors))
    gates: dict[str, Tensor] = {}
    for argument, result in calls:
        gradients = tape.gradient(argument, a)
        depends = {
            name.removeprefix("recurrent_")
            for name, gradient in zip(equations.names, gradients, strict=True)
            if gradient is not None
        }
        new = depends - set(gates)
        if len(new) == 1:
            gates[new.pop()] = result
    del tape
    return {gate: gates[gate] for gate in equations.gates if gate in gates}


def _listening(equations: CellEquations, calls: list[tuple[Tensor, Tensor]]) -> CellEquations:
    """The same equations, whose activations write down what they are given and what they make."""

    def listen(function: Callable[[Tensor], Tensor]) -> Callable[[Tensor], Tensor]:
        def called(argument: Tensor) -> Tensor:
            result = function(argument)
            calls.append((argument, result))
            return result

        return called

    changed = {
        field.name: listen(getattr(equations, field.name))
        for field in dataclasses.fields(equations)
        if field.metadata == ACTIVATION
    }
    return dataclasses.replace(equations, **changed)
