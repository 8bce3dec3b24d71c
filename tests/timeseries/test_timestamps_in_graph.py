"""Timestamps read within the graph, beside what pandas reads."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import tensorflow as tf
from hypothesis import given
from hypothesis import strategies as st

from seqkit.timeseries.calendar_features import CALENDAR
from seqkit.timeseries.timestamps_in_graph import read_timestamps

DAYS = pd.date_range("1895-01-01", "2105-12-31", freq="D")


def of_pandas(index: pd.DatetimeIndex, name: str) -> np.ndarray:
    attribute = CALENDAR[name][0]
    return np.asarray(getattr(index.isocalendar() if name == "week" else index, attribute))


@pytest.mark.parametrize("name", CALENDAR)
def test_each_day_of_two_centuries(name):
    parts = read_timestamps(tf.constant(DAYS.strftime("%Y-%m-%d").to_numpy(str)))
    np.testing.assert_array_equal(parts[name], of_pandas(DAYS, name))


@given(st.datetimes(min_value=pd.Timestamp("1700-01-01"), max_value=pd.Timestamp("2200-01-01")))
def test_any_moment(moment):
    index = pd.DatetimeIndex([moment])
    for written in (moment.isoformat(), f"{moment.isoformat(' ', 'seconds')}+02:00"):
        parts = read_timestamps(tf.constant([written]))
        for name in CALENDAR:
            assert parts[name].numpy()[0] == of_pandas(index, name)[0], (name, written)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2024-02", (2024, 2, 1, 0, 0)),
        ("2024-02-29", (2024, 2, 29, 0, 0)),
        ("2024-02-29T23", (2024, 2, 29, 23, 0)),
        ("2024-02-29 23:59", (2024, 2, 29, 23, 59)),
    ],
)
def test_what_is_left_out_is_least(written, expected):
    parts = read_timestamps(tf.constant([written]))
    moment = pd.Timestamp(*expected)
    numbers = [
        int(parts[name][0]) for name in ("month", "day_of_month", "hour", "minute", "second")
    ]
    assert numbers == [moment.month, moment.day, moment.hour, moment.minute, 0]
    assert int(parts["day_of_year"][0]) == moment.day_of_year


def test_an_empty_one_is_not_given():
    parts = read_timestamps(tf.constant([["", "2024-02-29"]]))
    assert parts["given"].numpy().tolist() == [[False, True]]
    assert parts["month"].shape == (1, 2)


@pytest.mark.parametrize(
    "wrong",
    [
        "2020-13-45",
        "2023-02-29",
        "2024-04-31",
        "2024-00",
        "2024-01-00",
        "2024-05-31T24:00",
        "2024-05-31T13:60",
        "2024-05-31T13:30:60",
        "2024-05-31T13:30:15 or so",
    ],
)
def test_days_and_times_that_there_are_not(wrong):
    with pytest.raises(ValueError):  # noqa: PT011  the same is asked of pandas
        pd.Timestamp(wrong)
    for read in (read_timestamps, tf.function(read_timestamps)):
        with pytest.raises(tf.errors.InvalidArgumentError, match=rf"got {wrong} at \[\[1 0"):
            read(tf.constant([["2024-05-31", "2024-02-29"], [wrong, ""]]))


@pytest.mark.parametrize("wrong", ["today", "31.5.2024", "2024", "2024-5-31", "2024-05-31T1"])
def test_other_forms_are_refused(wrong):
    with pytest.raises(tf.errors.InvalidArgumentError, match="such as 2024-05-31"):
        read_timestamps(tf.constant(["2024-05-31", wrong]))
    with pytest.raises(tf.errors.InvalidArgumentError, match="such as 2024-05-31"):
        tf.function(read_timestamps)(tf.constant(["2024-05-31", wrong]))
