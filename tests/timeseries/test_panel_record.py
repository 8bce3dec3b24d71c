"""Panels as plain data: what comes back forecasts the same timestamps in the same form."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest
from dateutil.tz import tzoffset

import seqkit
from seqkit.saving.records import decode, encode
from seqkit.timeseries.forecast_frames import to_pandas
from seqkit.timeseries.offset_record import OFFSETS, offset_of, record_of_offset
from seqkit.timeseries.panel_record import check_recorded, panel_of, record_of
from seqkit.timeseries.read_series import read_series

VALUES = np.arange(1.0, 9.0)
EDGES = ("Begin", "End")


def dated(freq, **options) -> pd.Series:
    return pd.Series(VALUES, pd.date_range("2024-02-26", periods=8, freq=freq, **options), name="a")


FORMS = {
    "days": dated("D"),
    "month_ends": dated("ME"),
    "quarters": dated("QE-NOV"),
    "business_days": dated("B"),
    "hours_with_time_zone": dated("6h", tz="Europe/Berlin"),
    "two_days_with_time_zone": dated("2D", tz="America/New_York"),
    "weeks": dated("W-FRI"),
    "months_on_the_15th": pd.Series(
        VALUES, [pd.Timestamp(2015, 1, 15) + pd.DateOffset(months=k) for k in range(8)]
    ),
    "sunday_to_thursday": dated(pd.offsets.CustomBusinessDay(weekmask="Sun Mon Tue Wed Thu")),
    "holidays": dated(pd.offsets.CustomBusinessDay(holidays=["2024-02-28", "2024-03-12"])),
    "office_hours": dated(
        pd.offsets.BusinessHour(start=["08:00", "13:30"], end=["12:00", "17:30"]), tz="UTC"
    ),
    "custom_hours": dated(pd.offsets.CustomBusinessHour(start="20:00", end="23:00")),
    "third_fridays": dated(pd.offsets.WeekOfMonth(week=2, weekday=4)),
    "fixed_zone": dated("h", tz="+02:00"),
    "periods": pd.Series(VALUES, pd.period_range("2024-01", periods=8, freq="M")),
    "quarterly_periods": pd.Series(VALUES, pd.period_range("2024Q1", periods=8, freq="Q-NOV")),
    "range": pd.Series(VALUES),
    "small_integers": pd.Series(VALUES, pd.Index(range(118, 126), dtype="int8")),
    "steps": pd.Series(VALUES, pd.Index(range(10, 26, 2), name="step")),
    "wide": pd.DataFrame({"a": VALUES, 7: VALUES}, pd.period_range("2024-01", periods=8, freq="M")),
    "long": pd.DataFrame(
        {
            "ds": [*pd.date_range("2024-01-01", periods=4)] * 2,
            "y": VALUES,
            "unique_id": list("aaaabbbb"),
        }
    ),
    "indexed": pd.Series(
        VALUES,
        pd.MultiIndex.from_product([["a", "b"], pd.date_range("2024-01-01", periods=4)]),
        name="y",
    ),
}


def again_of(panel):
    """The panel out of a file."""
    arrays: list[np.ndarray] = []
    text = json.dumps(encode(record_of(panel), arrays, "panel"))
    return panel_of(decode(json.loads(text), arrays.__getitem__))


@pytest.mark.parametrize("form", FORMS)
def test_a_record_is_plain_and_comes_back(form):
    panel = read_series(FORMS[form])
    again = again_of(panel)
    for one, other in zip(panel.values, again.values, strict=True):
        np.testing.assert_array_equal(one, other)
    forecasts = np.ones((len(panel.values), 3))
    expected, found = to_pandas(panel, forecasts), to_pandas(again, forecasts)
    check = pd.testing.assert_series_equal if found.ndim == 1 else pd.testing.assert_frame_equal
    check(found, expected)
    assert found.index.equals(expected.index)
    assert again.freq == panel.freq


# What each class of offsets is made with, beside nothing.
MADE_WITH = {
    "Week": [{"weekday": 3}],
    "WeekOfMonth": [{"week": 2, "weekday": 4}],
    "LastWeekOfMonth": [{"weekday": 5}],
    "BusinessHour": [{"start": ["08:00", "13:30"], "end": ["12:00", "17:30"]}],
    "CustomBusinessDay": [{"weekmask": "Sun Mon Tue Wed Thu"}, {"holidays": ["2024-03-12"]}],
    "CustomBusinessHour": [{"start": "20:00", "end": "23:00", "weekmask": "Mon Tue Sat"}],
    "CustomBusinessMonthBegin": [{"holidays": ["2024-04-01"]}],
    "CustomBusinessMonthEnd": [{"weekmask": "Sun Mon Tue Wed Thu"}],
    "SemiMonthBegin": [{"day_of_month": 10}],
    "SemiMonthEnd": [{"day_of_month": 20}],
    **{f"{kind}Quarter{end}": [{"startingMonth": 2}] for kind in ("", "B") for end in EDGES},
    **{f"{kind}HalfYear{end}": [{"startingMonth": 2}] for kind in ("", "B") for end in EDGES},
    **{f"{kind}Year{end}": [{"month": 5}] for kind in ("", "B") for end in EDGES},
    "FY5253": [{"weekday": 4, "startingMonth": 9, "variation": "last"}],
    "FY5253Quarter": [
        {"weekday": 4, "startingMonth": 9, "qtr_with_extra_week": 4, "variation": "nearest"}
    ],
    "DateOffset": [{"months": 1}, {"days": 10}, {"years": 1, "months": 2}],
}
REFUSED: set[str] = set()  # by reading; of none there is a record


@pytest.mark.parametrize("name", sorted(OFFSETS))
def test_every_offset_comes_back_or_is_refused(name):
    offset_class = getattr(pd.offsets, name, None)
    if offset_class is None:  # of later versions of pandas
        assert name in {"HalfYearBegin", "HalfYearEnd", "BHalfYearBegin", "BHalfYearEnd"}
        return
    read = 0
    for options in [{}, *MADE_WITH.get(name, [])]:
        for n in (1, 2):
            for normalize in (False, True):
                try:
                    offset = offset_class(n, normalize, **options)
                except (TypeError, ValueError):  # a tick has no normalize, and 5253 needs options
                    continue
                record = record_of_offset(offset)
                assert offset_of(json.loads(json.dumps(record))) == offset
                try:
                    times = pd.date_range("2024-02-26 09:00", periods=8, freq=offset)
                    panel = read_series(pd.Series(VALUES, times), offset)
                    check_recorded(panel)
                except ValueError:
                    assert normalize or n == 2, offset  # of which pandas makes no dates, or few
                    continue
                read += 1
                again = again_of(panel)
                found, expected = (p.timestamps(p.lengths, 40).tolist() for p in (again, panel))
                assert found == expected
                assert again.freq == panel.freq == offset
    assert (read > 0) == (name not in REFUSED)


def test_what_no_record_holds_is_refused():
    class Own(pd.offsets.MonthEnd):
        pass

    end = pd.Timestamp("2024-01-31")
    for y, message in (
        (pd.Series(VALUES, [end + k * Own() for k in range(8)]), "offset of pandas itself"),
        (dated("h", tz=tzoffset(None, 3600)), "time zone that its name gives again"),
    ):
        panel = read_series(y, Own() if "itself" in message else None)
        with pytest.raises(ValueError, match=message):
            check_recorded(panel)
        forecaster = seqkit.Seq2SeqForecaster(horizon=1, lookback=2, units=2, epochs=1)
        if "itself" in message:
            forecaster.set_params(freq=Own())
        with pytest.raises(ValueError, match=message):
            forecaster.fit(y)
        assert not hasattr(forecaster, "model_")
