"""Gradients through time: what reaches each step, and what each step makes of it.

The derivative of the loss by the state after step t is the sum over all ways from there to the
loss, dL/ds_t = sum_k dL/ds_k . ds_k/ds_t, and ds_k/ds_t is a product of k - t Jacobians: where
their singular values are below one the gradient vanishes, where they are above one it explodes
(Bengio, Simard & Frasconi 1994; Pascanu, Mikolov & Bengio 2013, arXiv:1211.5063, equations 5, 6).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import tensorflow as tf

from seqkit import checks
from seqkit.inspection.diagnosis import Diagnosis, diagnosed
from seqkit.inspection.jacobians import jacobian_table
from seqkit.inspection.model_batches import kept, loss_of, model_and_batch
from seqkit.inspection.recurrences import Recording, Recurrence, recorded, recurrences_of

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

PROBES = 8  # random directions by which the influence of a state on the last one is measured


@dataclass(frozen=True)
class GradientFlow:
    """The gradients of a model, and what they mean.

    Attributes:
        states: a row a layer, state and step: `norm` is that of dL/ds_t over the batch, `influence`
            that of ds_T/ds_t, on the last state, divided by that of the last step. `step` counts
            from 0 in the order in which the layer reads.
        weights: a row a weight: the `norm` of its gradient, and the ratio of that to the norm of
            the weight.
        jacobians: a row a layer, state and step: the `largest` and `smallest` singular value and
            the `spectral_radius` of ds_t/ds_{t-1}, geometric means over the batch. The state "all"
            stands for all states of the layer together.
        loss: of the batch.
        diagnoses: what that means, by layer.
    """

    states: pd.DataFrame
    weights: pd.DataFrame
    jacobians: pd.DataFrame
    loss: float
    diagnoses: dict[str, Diagnosis]

    @property
    def gradient_norm(self) -> float:
        """The norm of the gradient of all weights, which `clipnorm` would be compared with."""
        return float(np.sqrt(np.square(self.weights["norm"]).sum()))

    def __str__(self) -> str:
        return "\n".join(f"{name}: {diagnosis}" for name, diagnosis in self.diagnoses.items())

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draws the norm of dL/ds_t by step, a line a layer and state, on a logarithmic scale."""
        from seqkit.inspection.drawing.panels import axes_for

        (axes,) = axes_for(["gradient flow"], ax)
        for (layer, state), rows in self.states.groupby(["layer", "state"], sort=False):
            axes.plot(rows["step"], rows["norm"], label=f"{layer}, {state}")
        axes.set(yscale="log", xlabel="step, in the order of reading", ylabel="norm of dL/ds")
        axes.legend()
        return axes


def gradient_flow(
    model: Any, X: Any, y: Any = None, *, loss: Any = None, jacobian_steps: int = 32
) -> GradientFlow:
    """Follows the gradient of the loss back through time, in every recurrent layer.

    Nothing of the model changes: neither weights and states nor optimiser and random state. Layers
    run as at inference, without dropout.

    Args:
        model: a fitted estimator of seqkit; or a `keras.Model` that holds recurrent layers, ours,
            Keras's own or any other `keras.layers.RNN`.
        X: sequences, as the estimator or the model takes them; some tens suffice.
        y: their targets.
        loss: of a `keras.Model`: a name of Keras or a function of (y, outputs). Default: that which
            the model is compiled with.
        jacobian_steps: at most so many steps of a layer, evenly spread, whose Jacobians are
            formed; 0 for none.

    Returns:
        A `GradientFlow`; printed, it says in words how each layer does and what to try.

    Raises:
        TypeError: for anything but an estimator or a model.
        ValueError: for a model without recurrent layers or one that is not built, X that it does
            not read, or a loss or targets that are missing.

    Example:
        >>> import numpy as np, seqkit
        >>> X, y = np.random.default_rng(0).normal(size=(8, 20, 1)), np.arange(8) % 2
        >>> model = seqkit.SequenceClassifier("gru", units=4, epochs=1, random_state=0).fit(X, y)
        >>> flow = seqkit.inspection.gradient_flow(model, X, y)
        >>> flow.states.columns.tolist()
        ['layer', 'state', 'step', 'norm', 'influence']
        >>> sorted(flow.diagnoses)
        ['forward_recurrent_1', 'recurrent_1_backward']
    """
    import pandas as pd

    checks.natural("jacobian_steps", jacobian_steps)
    keras_model, batch = model_and_batch(model, X, y)
    recurrences = recurrences_of(keras_model)
    with kept(keras_model), tf.GradientTape(persistent=True) as tape:
        with recorded(recurrences, tape) as recordings:
            outputs = keras_model(batch.inputs, training=False)
        value = loss_of(keras_model, batch, outputs, loss)
    ran = [r for r in recurrences if r.name in recordings]
    weights = keras_model.trainable_variables
    gradients = tape.gradient(value, [w.value for w in weights])
    states, jacobians, diagnoses = [], [], {}
    for recurrence in ran:
        recording = recordings[recurrence.name]
        rows = _state_rows(recurrence, recording, value, tape)
        states.append(rows)
        steps = _spread(len(recording.states), jacobian_steps)
        jacobians.append(jacobian_table(recurrence, recording, steps))
        diagnoses[recurrence.name] = diagnosed(recurrence, rows, jacobians[-1])
    del tape
    flow = GradientFlow(
        pd.concat(states, ignore_index=True),
        _weight_rows(weights, gradients),
        pd.concat(jacobians, ignore_index=True),
        float(value),
        diagnoses,
    )
    for diagnosis in diagnoses.values():
        diagnosis.gradient_norm = flow.gradient_norm
    return flow


def _spread(steps: int, count: int) -> np.ndarray:
    """At most so many of the steps, from the first to the last."""
    return np.unique(np.linspace(0, steps - 1, min(steps, count)).round().astype(int))


def _state_rows(
    recurrence: Recurrence, recording: Recording, loss: Any, tape: tf.GradientTape
) -> pd.DataFrame:
    """The norms of dL/ds_t and of ds_T/ds_t, a row a state and step."""
    import pandas as pd

    taps = recording.taps
    norms = _norms(tape.gradient(loss, taps))
    # A random direction v of the last state: the mean of |v ds_T/ds_t|^2 over directions is the
    # squared norm of the Jacobian by the number of its rows.
    rng = np.random.default_rng(0)
    squares = np.zeros_like(norms)
    for _ in range(PROBES):
        directions = [tf.constant(rng.normal(size=s.shape), s.dtype) for s in recording.states[-1]]
        gradients = tape.gradient(recording.states[-1], taps, output_gradients=directions)
        squares += _norms(gradients) ** 2
    influence = np.sqrt(squares)
    names = recurrence.states
    tables = [
        pd.DataFrame(
            {
                "layer": recurrence.name,
                "state": name,
                "step": np.arange(len(taps)),
                "norm": norms[:, i],
                "influence": influence[:, i] / influence[-1, i],
            }
        )
        for i, name in enumerate(names)
    ]
    return pd.concat(tables, ignore_index=True)


def _norms(gradients: list[list[Any]]) -> np.ndarray:
    """The norm over batch and units, a row a step, a column a state; 0 where nothing depends."""
    return np.array(
        [
            [0.0 if g is None else np.linalg.norm(g.numpy().astype(float)) for g in step]
            for step in gradients
        ]
    )


def _weight_rows(weights: list[Any], gradients: list[Any]) -> pd.DataFrame:
    import pandas as pd

    norms = [
        0.0 if g is None else np.linalg.norm(np.asarray(tf.convert_to_tensor(g), float))
        for g in gradients
    ]
    sizes = [np.linalg.norm(np.asarray(w, float)) for w in weights]
    return pd.DataFrame(
        {
            "weight": [w.path for w in weights],
            "norm": norms,
            "ratio": [n / s if s else np.nan for n, s in zip(norms, sizes, strict=True)],
        }
    )
