"""Where a recurrence starts, and for how long that matters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import tensorflow as tf

from seqkit.inspection.model_batches import model_and_batch
from seqkit.inspection.recurrences import recordings_of, recurrences_of

if TYPE_CHECKING:
    import pandas as pd

_PROBES = 8  # random directions in which the initial state is moved


def initial_states(model: Any, X: Any) -> dict[str, dict[str, np.ndarray]]:
    """The states from which the sequences of X start, by layer and state.

    Args:
        model: a fitted estimator of seqkit, or a `keras.Model` that holds recurrent layers.
        X: sequences; one suffices where layers are not stateful.

    Returns:
        By layer and name of the state (B, H): zeros, what was learned where
        `initial_state="learned"`, or what a stateful layer's last batch left.

    Example:
        >>> import keras, numpy as np, seqkit
        >>> layer = seqkit.layers.GRU(2, initial_state="learned", name="gru")
        >>> model = keras.Sequential([keras.Input((None, 1)), layer])
        >>> seqkit.inspection.initial_states(model, np.zeros((1, 3, 1)))["gru"]["h"].tolist()
        [[0.0, 0.0]]
    """
    keras_model, batch = model_and_batch(model, X)
    recurrences = recurrences_of(keras_model)
    recordings = recordings_of(keras_model, recurrences, batch)
    return {
        r.name: {
            name: start.numpy()
            for name, start in zip(r.states, recordings[r.name].start, strict=True)
        }
        for r in recurrences
        if r.name in recordings
    }


def initial_state_influence(model: Any, X: Any) -> pd.DataFrame:
    """How long the initial state matters: the norm of ds_t/ds_0, step by step.

    Measured in eight random directions: the root mean square of what a small move of the initial
    states makes of the states after a step, by the size of the move, over sequences and directions.

    Args:
        model: a fitted estimator of seqkit, or a `keras.Model` that holds recurrent layers.
        X: sequences, as the estimator or the model takes them.

    Returns:
        A row a layer and step, `influence` from 1 before the first step on, which is step -1.

    Example:
        >>> import keras, numpy as np, seqkit
        >>> model = keras.Sequential([keras.Input((None, 1)), seqkit.layers.GRU(2, name="gru")])
        >>> table = seqkit.inspection.initial_state_influence(model, np.zeros((1, 3, 1)))
        >>> table["step"].tolist(), float(table["influence"].iloc[0].round(6))
        ([-1, 0, 1, 2], 1.0)
    """
    import pandas as pd

    keras_model, batch = model_and_batch(model, X)
    recurrences = recurrences_of(keras_model)
    recordings = recordings_of(keras_model, recurrences, batch)
    tables = []
    for recurrence in recurrences:
        if recurrence.name not in recordings:
            continue
        recording = recordings[recurrence.name]
        rng = np.random.default_rng(0)
        squares = np.zeros(len(recording.states) + 1)
        for _ in range(_PROBES):
            moves = [tf.constant(rng.normal(size=s.shape), s.dtype) for s in recording.start]
            with tf.autodiff.ForwardAccumulator(recording.start, moves) as accumulator:
                states = recording.replayed(recurrence)
            carried = [moves, *(accumulator.jvp(step) for step in states)]
            squares += [_square(step) for step in carried]
        influence = np.sqrt(squares)
        tables.append(
            pd.DataFrame(
                {
                    "layer": recurrence.name,
                    "step": np.arange(-1, len(recording.states)),
                    "influence": influence / influence[0],
                }
            )
        )
    return pd.concat(tables, ignore_index=True)


def _square(tensors: list[Any]) -> float:
    return sum(float(np.square(t.numpy().astype(float)).sum()) for t in tensors if t is not None)
