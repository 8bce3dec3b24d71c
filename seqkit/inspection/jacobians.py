"""The Jacobians of a recurrence, ds_t/ds_{t-1}, along real sequences."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import tensorflow as tf

from seqkit.inspection.recurrences import Recording, Recurrence

if TYPE_CHECKING:
    import pandas as pd

ALL = "all"  # the states of a layer as one


def jacobians(recurrence: Recurrence, recording: Recording, steps: np.ndarray) -> np.ndarray:
    """The derivatives of all states after each of some steps by all states before it.

    Args:
        recurrence: a layer that ran.
        recording: how it ran.
        steps: from 0, in the order of reading.

    Returns:
        (S, B, N, N), where N is the number of units of all states together, rows those after the
        step. A masked step's is the identity.
    """
    before = [recording.start, *recording.states]
    widths = [int(s.shape[-1]) for s in recording.start]
    rows = recording.inputs.shape[0]
    x = tf.concat([recording.inputs[:, t] for t in steps], 0)
    joined = tf.concat([tf.concat(before[t], 1) for t in steps], 0)  # (S B, N)
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(joined)
        new = tf.concat(recurrence.step(x, tf.split(joined, widths, 1))[1], 1)
    derivatives = tape.batch_jacobian(new, joined, experimental_use_pfor=False).numpy()
    derivatives = derivatives.reshape(len(steps), rows, sum(widths), sum(widths))
    if recording.valid is not None:
        valid = recording.valid.numpy()[:, steps].T[:, :, None, None]
        derivatives = np.where(valid, derivatives, np.eye(sum(widths), dtype=derivatives.dtype))
    return derivatives


def jacobian_table(recurrence: Recurrence, recording: Recording, steps: np.ndarray) -> pd.DataFrame:
    """Singular values and spectral radius of each state's Jacobian, and of that of all together."""
    import pandas as pd

    columns = ["layer", "state", "step", "largest", "smallest", "spectral_radius"]
    if not len(steps):
        return pd.DataFrame(columns=columns)
    derivatives = jacobians(recurrence, recording, steps)
    ends = np.cumsum([s.shape[-1] for s in recording.start])
    blocks = {
        name: slice(end - start.shape[-1], end)
        for name, end, start in zip(recurrence.states, ends, recording.start, strict=True)
    }
    if len(blocks) > 1:
        blocks[ALL] = slice(None)
    tables = []
    for name, block in blocks.items():
        matrices = derivatives[:, :, block, block]
        singular = np.linalg.svd(matrices, compute_uv=False)
        radius = np.abs(np.linalg.eigvals(matrices)).max(-1)
        values = (singular[..., 0], singular[..., -1], radius)
        tables.append(
            pd.DataFrame(
                {
                    "layer": recurrence.name,
                    "state": name,
                    "step": steps,
                    **dict(zip(columns[3:], map(_geometric_mean, values), strict=True)),
                }
            )
        )
    return pd.concat(tables, ignore_index=True)


def _geometric_mean(values: Any) -> np.ndarray:
    """Over the batch, (S, B) to (S,); 0 where one is 0."""
    with np.errstate(divide="ignore"):
        return np.exp(np.log(values).mean(1))
