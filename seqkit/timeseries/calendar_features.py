"""Features of the calendar, such as month and hour, as numbers that a network can use."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from seqkit.checks import did_you_mean

if TYPE_CHECKING:
    import pandas as pd

    from seqkit.types import Tensor, Texts

# Name -> attribute of a pandas index, its least value, and how many values it can take.
CALENDAR: dict[str, tuple[str, int, int]] = {
    "second": ("second", 0, 60),
    "minute": ("minute", 0, 60),
    "hour": ("hour", 0, 24),
    "day_of_week": ("day_of_week", 0, 7),
    "day_of_month": ("day", 1, 31),
    "day_of_year": ("day_of_year", 1, 366),
    "week": ("week", 1, 53),
    "month": ("month", 1, 12),
    "quarter": ("quarter", 1, 4),
}


def calendar_features(
    timestamps: pd.Index, names: Sequence[str], cyclic: bool = False
) -> np.ndarray:
    """Features of the calendar, in local time where the timestamps have a time zone.

    A feature is (value - least) / (number of values - 1) - .5, from -.5 to .5: January -.5 and
    December .5. With `cyclic` it is a point on a circle, so that December lies beside January:
    sin and cos of 2 pi (value - least) / (number of values).

    Args:
        timestamps: a DatetimeIndex, or a PeriodIndex, of which the start of each period counts.
        names: of "second", "minute", "hour", "day_of_week" (Monday first), "day_of_month",
            "day_of_year", "week" (ISO 8601), "month" and "quarter".
        cyclic: True for two columns a name, sin and cos. Default False.

    Returns:
        (m, d) float64, with d the number of names, or twice that.

    Raises:
        TypeError: for timestamps that are integers, which no calendar knows.
        ValueError: for an unknown name; the message offers the nearest.

    Example:
        >>> import pandas as pd
        >>> days = pd.to_datetime(["2024-01-01", "2024-12-31"])
        >>> calendar_features(days, ["month", "quarter"]).tolist()
        [[-0.5, -0.5], [0.5, 0.5]]
        >>> calendar_features(days, ["month"], cyclic=True).round(2).tolist()
        [[0.0, 1.0], [-0.5, 0.87]]
    """
    import pandas as pd

    if isinstance(names, str):
        names = [names]
    for name in names:
        if name not in CALENDAR:
            raise ValueError(
                f"names must be of {', '.join(map(repr, CALENDAR))}, got {name!r}."
                f"{did_you_mean(name, CALENDAR)}"
            )
    if isinstance(timestamps, pd.PeriodIndex):
        timestamps = timestamps.to_timestamp()
    if not isinstance(timestamps, pd.DatetimeIndex):
        raise TypeError(
            "timestamps must be a DatetimeIndex or a PeriodIndex for features of the calendar, got "
            f"{type(timestamps).__name__} of {getattr(timestamps, 'dtype', 'no dtype')}."
        )
    columns: list[np.ndarray] = []
    for name in names:
        attribute, least, count = CALENDAR[name]
        holder: Any = timestamps.isocalendar() if name == "week" else timestamps
        value = np.asarray(getattr(holder, attribute), float) - least  # (m,), from 0
        angle = 2 * np.pi * value / count
        columns += [np.sin(angle), np.cos(angle)] if cyclic else [value / (count - 1) - 0.5]
    return np.stack(columns, axis=1) if columns else np.zeros((len(timestamps), 0))


def calendar_in_graph(timestamps: Texts, names: Sequence[str]) -> Tensor:
    """`calendar_features` with cyclic=True, of strings, in operations of TensorFlow.

    Args:
        timestamps: strings (n, ...), as `timestamps_in_graph.read_timestamps` takes them.
        names: as for `calendar_features`.

    Returns:
        float32 (n, ..., 2 names), NaN where a string is empty.

    Example:
        >>> calendar_in_graph(["2024-01-01", "2024-12"], ["month"]).numpy().round(2).tolist()
        [[0.0, 1.0], [-0.5, 0.8700000047683716]]
    """
    import tensorflow as tf

    from seqkit.timeseries.timestamps_in_graph import read_timestamps

    parts = read_timestamps(tf.convert_to_tensor(timestamps))
    columns = []
    for name in names:
        _, least, count = CALENDAR[name]
        angle = tf.cast(parts[name] - least, tf.float32) * (2 * np.pi / count)
        columns += [tf.sin(angle), tf.cos(angle)]
    return tf.where(parts["given"][..., None], tf.stack(columns, -1), np.nan)
