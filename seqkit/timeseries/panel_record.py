"""Panels as plain data, for files that hold no objects of pandas."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any

import numpy as np

from seqkit.timeseries.offset_record import offset_of, record_of_offset
from seqkit.timeseries.panel import Panel
from seqkit.timeseries.series_forms import Form
from seqkit.timeseries.time_axis import axis_of

if TYPE_CHECKING:
    import pandas as pd


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
    record: dict[str, Any] = {
        "values": np.concatenate(panel.values),
        "lengths": panel.lengths,
        "freq": _frequency_record(panel),
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
        record["tz"] = _name_of_zone(starts)
    else:
        record["starts"] = starts.to_numpy()
    return record


def check_recorded(panel: Panel) -> None:
    """Raises ValueError where a record could not hold the frequency or the time zone."""
    import pandas as pd

    _frequency_record(panel)
    if isinstance(starts := panel.starts, pd.DatetimeIndex):
        _name_of_zone(starts)


def _frequency_record(panel: Panel) -> Any:
    """An integer; the name of a period; or the record of an offset."""
    import pandas as pd

    if isinstance(panel.freq, int):
        return panel.freq
    # A period and an offset of months have different names.
    if isinstance(starts := panel.starts, pd.PeriodIndex):
        return starts.freqstr
    return record_of_offset(panel.freq)


def _name_of_zone(starts: pd.DatetimeIndex) -> str | None:
    """The name of a time zone, which gives it again."""
    if starts.tz is None:
        return None
    name = str(starts.tz)
    try:
        if starts.tz_convert(name).equals(starts):
            return name
    except (KeyError, ValueError, TypeError):
        pass
    raise ValueError(
        f"The timestamps of y must have a time zone that its name gives again, got {name}. Convert "
        "them to one such as tz_convert('Europe/Berlin') or tz_convert('UTC')."
    )


def panel_of(record: dict[str, Any]) -> Panel:
    """The panel of a record."""
    import pandas as pd

    freq: Any = record["freq"]
    starts: Any = record["starts"]
    if "unit" in record:
        freq = offset_of(freq)
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
