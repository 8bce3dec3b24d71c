"""Axes of time: timestamps as whole numbers and back."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from seqkit.timeseries.time_axis import axis_of, steps_on

FREQUENCIES = [
    *["D", "3D", "B", "W-WED", "2W-MON", "MS", "ME", "2MS", "BMS", "BME", "QS", "QS-FEB", "QE"],
    *["QE-FEB", "YS", "YE-JUN", "BYS-APR", "h", "36h", "15min", "s", "bh", "WOM-3FRI"],
]


def index_of(freq, tz=None):
    return pd.date_range("2024-02-28 09:00", periods=60, freq=freq, tz=tz)


@pytest.mark.parametrize("tz", [None, "Europe/Berlin"])
@pytest.mark.parametrize("freq", FREQUENCIES)
def test_ordinals_and_back(freq, tz):
    """Also for timestamps before those that the axis was made from."""
    index = index_of(freq, tz)
    made_from = index[:40] if freq == "bh" else index[20:40]  # pandas 2 counts hours back to 17:00
    axis = axis_of(made_from, index.freq)
    ordinals, on_grid = axis.ordinals(index)
    assert on_grid.all()
    assert set(np.diff(ordinals)) == {axis.step}
    pd.testing.assert_index_equal(axis.timestamps(ordinals), index, check_names=False)
    assert len(axis.timestamps(ordinals[:0])) == 0


@pytest.mark.parametrize("freq", FREQUENCIES)
def test_off_the_grid(freq):
    index = index_of(freq)
    axis = axis_of(index, index.freq)
    first = axis.ordinals(index[:1])[0]
    steps, on_grid = steps_on(axis, index, first[0])
    assert steps.tolist() == list(range(60))
    assert on_grid.all()
    _, on_grid = steps_on(axis, index.as_unit("ns") + pd.Timedelta("7us"), first[0])
    assert not on_grid.any()


@pytest.mark.parametrize("dtype, last", [("int8", 125), ("uint8", 254), ("int32", 2**31 - 2)])
def test_integers_go_on_where_their_dtype_ends(dtype, last):
    index = pd.Index(np.arange(last - 2, last + 1), dtype=dtype)
    axis = axis_of(index, 1)
    assert axis.timestamps(np.arange(last - 1, last + 1)).dtype == dtype
    assert axis.timestamps(last + np.arange(1, 4)).tolist() == [last + 1, last + 2, last + 3]


def test_finer_than_the_unit():
    index = pd.date_range("2024-01-01", periods=3, freq="D").as_unit("s")
    axis = axis_of(index, pd.offsets.Milli(500))
    assert axis.step == 500
    assert axis.timestamps(axis.ordinals(index)[0] + 500)[0] == pd.Timestamp(
        "2024-01-01 00:00:00.5"
    )
