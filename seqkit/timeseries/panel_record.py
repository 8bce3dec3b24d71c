"""Panels as plain data, for files that hold no objects of pandas."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import numpy as np

from seqkit.timeseries.panel import Panel
from seqkit.timeseries.series_forms import Form
from seqkit.timeseries.time_axis import axis_of


def record_of(panel: Panel) -> dict[str, Any]:
    """The panel as numbers, strings, lists and arrays.

    Example:
        >>> import pandas as pd
        >>> from seqkit.timeseries.read_series import read_series
        >>> months = pd.period_range("2024-01", periods=3, freq="M")
        >>> panel = read_series(pd.Series([1.0, 2.0, 3.0], months))
        >>> panel_of(record_of(panel)).timestamps(0, 3).equals(months)
        True
    """
    import pandas as pd

    starts, form = panel.starts, panel.form
    # A period and an offset of months have different names.
    freq = starts if isinstance(starts, pd.PeriodIndex) else panel.freq
    record: dict[str, Any] = {
        "values": np.concatenate(panel.values),
        "lengths": panel.lengths,
        "freq": getattr(freq, "freqstr", freq),
        "names": list(panel.names),
        "form": {f.name: getattr(form, f.name) for f in fields(form) if f.name != "ids"},
        "ids": form.ids.tolist(),
        "ids_names": list(form.ids.names),
    }
    record["form"]["freq"] = form.freq is not None
    if isinstance(starts, pd.PeriodIndex):
        record["starts"] = starts.asi8
    elif isinstance(starts, pd.DatetimeIndex):
        record["starts"] = starts.asi8  # ticks of UTC
        record["unit"] = starts.unit
        record["tz"] = None if starts.tz is None else str(starts.tz)
    else:
        record["starts"] = starts.to_numpy()
    return record


def panel_of(record: dict[str, Any]) -> Panel:
    """The panel of a record."""
    import pandas as pd
    from pandas.tseries.frequencies import to_offset

    freq = record["freq"]
    starts: Any = record["starts"]
    if "unit" in record:
        freq = to_offset(freq)
        starts = pd.DatetimeIndex(starts.astype(f"M8[{record['unit']}]"))
        if record["tz"] is not None:
            starts = starts.tz_localize("UTC").tz_convert(record["tz"])
    elif isinstance(freq, str):
        freq = pd.PeriodDtype(freq).freq
        starts = pd.PeriodIndex.from_ordinals(starts, freq=freq)  # type: ignore[attr-defined]
    else:
        starts = pd.Index(starts)
    axis = axis_of(starts, freq)
    ids, names = record["ids"], record["ids_names"]
    if len(names) > 1:
        index: Any = pd.MultiIndex.from_tuples(ids, names=names)
    else:
        index = pd.Index(ids, name=names[0], dtype=object if ids == [None] else None)
    options = {**record["form"], "freq": freq if record["form"]["freq"] else None}
    values = np.split(record["values"], np.cumsum(record["lengths"])[:-1])
    first, _ = axis.ordinals(starts)
    return Panel(values, list(record["names"]), first, axis, Form(ids=index, **options))
