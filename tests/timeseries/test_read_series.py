"""Series of pandas to arrays and back."""

from __future__ import annotations

import datetime
import pickle
import re

import hypothesis
import hypothesis.strategies as st
import numpy as np
import pandas as pd
import polars as pl
import pytest
from pandas.testing import assert_frame_equal, assert_index_equal, assert_series_equal

from seqkit.timeseries.forecast_frames import future_timestamps, to_pandas
from seqkit.timeseries.read_series import read_series

NAN = float("nan")
FREQUENCIES = [
    *["D", "2D", "B", "W-WED", "2W-MON", "MS", "ME", "2MS", "BME", "QS", "QE-FEB", "YS", "YE-JUN"],
    *["h", "36h", "15min", "s", "SME", "SMS", "bh", "WOM-3FRI", "BQE", "3YS"],
]
PERIODS = ["D", "W-WED", "M", "3M", "Q", "Y-JUN", "h", "15min"]
ZONES = [None, "UTC", "Europe/Berlin", "America/New_York", "Asia/Kathmandu"]


def numbered(index, name=None):
    return pd.Series(np.arange(1.0, len(index) + 1), index, name=name)


def times(freq, n, tz=None, start="2024-02-28 09:00", unit=None):
    index = pd.date_range(start, periods=n, freq=freq, tz=tz)
    return index if unit is None else index.as_unit(unit)


@st.composite
def time_indexes(draw):
    """An index with its frequency, 14 to 40 timestamps."""
    n = draw(st.integers(14, 40))
    kind = draw(st.sampled_from(["datetime", "datetime", "period", "range", "integer"]))
    if kind == "datetime":
        start = draw(st.datetimes(datetime.datetime(1990, 1, 1), datetime.datetime(2030, 1, 1)))
        start = start.replace(hour=9, microsecond=0)
        freq, tz = draw(st.sampled_from(FREQUENCIES)), draw(st.sampled_from(ZONES))
        return times(freq, n, tz, start, draw(st.sampled_from([None, "s", "ns"])))
    if kind == "period":
        return pd.period_range("2024-02", periods=n, freq=draw(st.sampled_from(PERIODS)))
    begin, step = draw(st.integers(-20, 20)), draw(st.integers(1, 5))
    index = pd.RangeIndex(begin, begin + n * step, step)
    return index if kind == "range" else pd.Index(index.to_numpy("int32"))


properties = hypothesis.settings(max_examples=60)


@properties
@hypothesis.given(index=time_indexes(), horizon=st.integers(1, 6), name=st.none() | st.text())
def test_series_go_on(index, horizon, name):
    """The head of a series and its tail as a forecast give the tail, timestamps and all."""
    y = numbered(index, name)
    panel = read_series(y[:-horizon])
    np.testing.assert_array_equal(panel.values[0], y[:-horizon])
    assert_index_equal(panel.timestamps(0, len(y)), index, check_names=False, exact=False)
    assert_series_equal(to_pandas(panel, [y[-horizon:]]), y[-horizon:])
    again = read_series(y[-4:], freq=panel.freq)
    assert_index_equal(again.timestamps(0, 4), y.index[-4:], check_names=False, exact=False)


@properties
@hypothesis.given(index=time_indexes(), horizon=st.integers(1, 6), lead=st.integers(0, 3))
def test_wide_frames_go_on(index, horizon, lead):
    y = pd.DataFrame({"a": numbered(index), 7: -numbered(index)}).rename_axis("when")
    y.iloc[:lead, 0] = NAN
    panel = read_series(y[:-horizon])
    assert panel.names == ["a", 7]
    assert panel.lengths.tolist() == [len(y) - horizon - lead, len(y) - horizon]
    assert panel.starts[0] == index[lead]
    assert_frame_equal(to_pandas(panel, y[-horizon:].to_numpy().T), y[-horizon:])


@properties
@hypothesis.given(index=time_indexes(), horizon=st.integers(1, 4), indexed=st.booleans())
def test_long_frames_go_on(index, horizon, indexed):
    """Series that start and end at different times."""
    # A dozen dates need not show that nights and weekends are left out.
    business = getattr(index, "freqstr", None) in ("bh", "BME", "BQE-DEC")
    spans = {"b": slice(0, 12), "a": slice(5, None), "c": slice(2, 13)}
    rows = [
        pd.DataFrame({"unique_id": name, "ds": index[span], "y": np.arange(len(index))[span] + 0.5})
        for name, span in spans.items()
    ]
    past = pd.concat([frame[:-horizon] for frame in rows], ignore_index=True)
    rest = pd.concat([frame[-horizon:] for frame in rows], ignore_index=True)
    if indexed:
        past, rest = (frame.set_index(["unique_id", "ds"]) for frame in (past, rest))
    panel = read_series(past, freq=index.freq if business else None)
    assert panel.names == ["b", "a", "c"]
    assert panel.starts.tolist() == [index[0], index[5], index[2]]
    forecast = to_pandas(panel, rest["y"].to_numpy().reshape(3, horizon))
    assert_frame_equal(forecast, rest, check_index_type=False)


@properties
@hypothesis.given(
    freq=st.sampled_from([f for f in FREQUENCIES if f not in ("bh", "WOM-3FRI", "BQE")]),
    tz=st.sampled_from(ZONES),
    keep=st.lists(st.integers(0, 59), min_size=45, max_size=60, unique=True).map(sorted),
)
def test_gaps_are_filled(freq, tz, keep):
    """What is left out of a series comes back as missing."""
    y = numbered(times(freq, 60, tz))
    panel = read_series(y.iloc[keep])
    whole = y[keep[0] : keep[-1] + 1]
    assert_index_equal(panel.timestamps(0, panel.lengths), whole.index, check_names=False)
    expected = whole.where(whole.isin(y.iloc[keep]))
    np.testing.assert_array_equal(panel.values[0], expected)


def test_wide_frames_without_an_index_are_read_as_the_error_and_the_page_say():
    indexed = pd.DataFrame(
        {"a": [1.0, 2, 3], "b": [3.0, 4, 5]}, pd.date_range("2024", periods=3, name="ds")
    )
    frame = pl.from_pandas(indexed.reset_index())
    for wide in (frame, frame.to_arrow()):
        with pytest.raises(ValueError, match="polars into long form, unpivot") as error:
            read_series(wide)
    call = re.search(r"unpivot(\(.*?\))\.", str(error.value)).group(1)
    named = dict(re.findall(r"(\w+)='(\w+)'", call))
    expected = read_series(indexed)
    for panel in (
        read_series(frame.unpivot(**named)),
        read_series(frame.to_pandas().set_index("ds")),
    ):
        assert panel.names == expected.names == ["a", "b"]
        for values, others in zip(panel.values, expected.values, strict=True):
            np.testing.assert_array_equal(values, others)
    with pytest.raises(ValueError, match="series 'date' must hold numbers.*named by id=, time="):
        read_series(frame.rename({"ds": "date"}))


@pytest.mark.parametrize("columns", [["sales", "temperature"], ["shop", "sales"], ["sales"]])
def test_columns_beside_the_times_are_not_guessed(columns):
    frame = pd.DataFrame({"ds": pd.date_range("2024", periods=3), **dict.fromkeys(columns, 1.0)})
    named = ", ".join(map(repr, columns))
    with pytest.raises(ValueError, match=f"but {named}. Name .* by id= and target=; .*set_index"):
        read_series(frame)


@pytest.mark.parametrize(
    "stamps, freq, following",
    [
        (["2024-01-31", "2024-02-29", "2024-05-31"], "ME", "2024-06-30"),
        (["2024-01-01", "2024-02-01", "2024-05-01"], "MS", "2024-06-01"),
        (["2023-01-01", "2024-01-01"], "YS-JAN", "2025-01-01"),
        (["2023-04-01", "2023-07-01", "2024-01-01"], "QS-JAN", "2024-04-01"),
        (["2024-01-05", "2024-01-08", "2024-01-09", "2024-01-11"], "B", "2024-01-12"),
        (["2024-01-04", "2024-01-05", "2024-01-08", "2024-01-09", "2024-01-11"], "B", "2024-01-12"),
        (["2024-01-05", "2024-01-06", "2024-01-08"], "D", "2024-01-09"),
        (["2024-01-05", "2024-01-19", "2024-01-26"], "W-FRI", "2024-02-02"),
        (["2024-01-15", "2024-02-15", "2024-05-15"], "<DateOffset: months=1>", "2024-06-15"),
        (["2024-01-15", "2024-03-15", "2024-07-15"], "<2 * DateOffsets: months=1>", "2024-09-15"),
        (["2024-01-15", "2024-02-01", "2024-02-15", "2024-03-15"], "SMS-15", "2024-04-01"),
        (["2024-01-05 07:10", "2024-01-05 07:20", "2024-01-05 07:50"], "10min", "2024-01-05 08:00"),
    ],
)
def test_frequency_with_gaps(stamps, freq, following):
    panel = read_series(numbered(pd.DatetimeIndex(stamps)))
    assert panel.freq.freqstr == freq
    assert future_timestamps(panel, 1)[0] == pd.Timestamp(following)


def test_frequency_of_the_index_comes_first():
    """Four days from a Monday on look like days."""
    assert read_series(numbered(times("B", 4, start="2024-01-01"))).freq.freqstr == "B"
    assert read_series(numbered(times("B", 4, start="2024-01-01")._with_freq(None))).freq == "D"


def test_frequency_can_be_given():
    days = pd.DatetimeIndex(["2024-01-01", "2024-01-03"])
    assert read_series(numbered(days), freq="D").values[0].tolist()[::2] == [1, 2]
    assert future_timestamps(read_series(numbered(days[:1]), freq="W-MON"), 1)[0] == pd.Timestamp(
        "2024-01-08"
    )
    assert read_series(numbered(pd.Index([0, 4])), freq=2).lengths.tolist() == [3]
    months = pd.PeriodIndex(["2024-01"], freq="M")
    assert read_series(numbered(months), freq="M").freq.freqstr == "ME"


def test_series_of_different_phases_share_a_frequency():
    """Every second day, every third month, hours at another minute."""
    for freq, shift in [("2D", pd.Timedelta("1D")), ("h", pd.Timedelta("7min"))]:
        index = times(freq, 5)
        frame = pd.concat(
            [
                pd.DataFrame({"unique_id": name, "ds": times, "y": 1.0})
                for name, times in (("a", index), ("b", index + shift))
            ]
        )
        panel = read_series(frame)
        assert panel.lengths.tolist() == [5, 5]
        assert future_timestamps(panel, 1).tolist() == [
            index[-1] + index.freq,
            index[-1] + index.freq + shift,
        ]
    months = times("MS", 12)
    frame = pd.DataFrame({"unique_id": ["a", "b", "c"] * 4, "ds": months, "y": 1.0})
    panel = read_series(frame)
    assert panel.freq.freqstr == "3MS"
    months = pd.DatetimeIndex(future_timestamps(panel, 1)).month
    assert months.tolist() == [2 + 1, 2 + 2, 2 + 3]


def test_daylight_saving():
    """Days keep the time on the clock; hours run on."""
    berlin = "Europe/Berlin"
    days = numbered(pd.date_range("2024-03-28 12:00", periods=3, freq="D", tz=berlin))
    assert [str(t) for t in future_timestamps(read_series(days), 2)] == [
        "2024-03-31 12:00:00+02:00",
        "2024-04-01 12:00:00+02:00",
    ]
    hours = numbered(pd.date_range("2024-03-30 23:00", periods=3, freq="h", tz=berlin))
    assert [t.hour for t in future_timestamps(read_series(hours), 2)] == [3, 4]
    back = numbered(pd.date_range("2024-10-27 00:00", periods=3, freq="h", tz=berlin))
    assert [str(t)[11:] for t in future_timestamps(read_series(back), 2)] == [
        "02:00:00+01:00",
        "03:00:00+01:00",
    ]


def test_days_that_begin_an_hour_late():
    """In São Paulo there was no midnight on 4 November 2018."""
    zone = "America/Sao_Paulo"
    days = pd.date_range("2018-10-30", "2018-11-08").tz_localize(zone, nonexistent="shift_forward")
    y = numbered(days)
    assert read_series(y).values[0].tolist() == y.tolist()
    panel = read_series(y[:4])
    assert future_timestamps(panel, 6).tolist() == days[4:].tolist()
    months = pd.date_range("2018-08-04", periods=3, freq=pd.DateOffset(months=1), tz=zone)
    assert (
        future_timestamps(read_series(numbered(months), freq=pd.DateOffset(months=1)), 1)[0].hour
        == 1
    )


def test_panels_can_be_pickled():
    y = numbered(times("QE-FEB", 5, "Europe/Berlin"), "sales")
    panel = pickle.loads(pickle.dumps(read_series(y)))
    assert_series_equal(to_pandas(panel, [[1.0]]), to_pandas(read_series(y), [[1.0]]))


def test_series_without_their_last_steps():
    panel = read_series(LONG)
    head = panel.without_last(2)
    assert [x.tolist() for x in head.values] == [[1], [4]]
    assert future_timestamps(head, 2).tolist() == LONG["ds"].iloc[[1, 2, 4, 5]].tolist()
    with pytest.raises(ValueError, match="got 3: series 'a' has none before them"):
        panel.without_last(3)
    with pytest.raises(ValueError, match="steps must be an integer of at least 1, got 0"):
        panel.without_last(0)


def test_arrow():
    pytest.importorskip("pyarrow")
    frame = pd.DataFrame({"unique_id": ["a", "a"], "ds": DAYS[:2], "y": [1.0, 2.0]})
    panel = read_series(frame.convert_dtypes(dtype_backend="pyarrow"))
    assert to_pandas(panel, [[3.0]])["ds"].tolist() == [DAYS[2]]
    frame["ds"] = [1, 2]
    panel = read_series(frame.convert_dtypes(dtype_backend="pyarrow"))
    assert to_pandas(panel, [[3.0]])["ds"].tolist() == [3]


def test_trailing_missing_values_stay():
    y = pd.Series([NAN, 1, 2, NAN], pd.period_range("2024-01", periods=4, freq="M"))
    panel = read_series(y)
    np.testing.assert_array_equal(panel.values[0], [1, 2, NAN])
    assert panel.starts[0] == pd.Period("2024-02")
    assert future_timestamps(panel, 1)[0] == pd.Period("2024-05")


def test_rows_of_series_may_be_mixed():
    frame = pd.DataFrame(
        {"when": [1, 3, 2, 5, 3], "value": [1, 2, 3, 4, 5], "shop": list("abbbb")}
    ).iloc[[2, 0, 1, 3]]
    panel = read_series(frame.astype({"value": "Int64"}), id="shop", time="when", target="value")
    assert panel.names == ["b", "a"]
    np.testing.assert_array_equal(panel.values[0], [3, 2, NAN, 4])
    forecast = to_pandas(panel, [[1.5], [2.5]])
    assert forecast.to_dict("list") == {"when": [6, 2], "value": [1.5, 2.5], "shop": ["b", "a"]}


def test_dates_as_text():
    frame = pd.DataFrame({"unique_id": 1, "ds": ["2024-01-01", "2024-01-02"], "y": [1, 2]})
    assert to_pandas(read_series(frame), [[3.0]])["ds"].tolist() == [pd.Timestamp("2024-01-03")]
    frame["ds"] = [datetime.date(2024, 1, 1), datetime.date(2024, 1, 2)]
    assert to_pandas(read_series(frame), [[3.0]])["ds"].tolist() == [pd.Timestamp("2024-01-03")]


def test_categories_and_series_indexed_by_name():
    frame = pd.DataFrame({"unique_id": ["a", "a", "b", "b"], "ds": [1, 2, 1, 2], "y": 1.0})
    frame["unique_id"] = frame["unique_id"].astype(pd.CategoricalDtype(["c", "b", "a"]))
    forecast = to_pandas(read_series(frame), [[1.0], [2.0]])
    assert forecast["unique_id"].dtype == frame["unique_id"].dtype
    y = frame.set_index(["unique_id", "ds"])["y"]
    forecast = to_pandas(read_series(y), [[1.0], [2.0]])
    assert isinstance(forecast, pd.Series)
    assert forecast.to_dict() == {("a", 3): 1.0, ("b", 3): 2.0}
    assert (forecast.name, forecast.index.names) == ("y", ["unique_id", "ds"])


def test_several_values_a_step():
    quantiles = np.arange(8.0).reshape(2, 2, 2)
    wide = pd.DataFrame({"a": [1.0, 2], "b": [3.0, 4]})
    table = to_pandas(read_series(wide), quantiles, [0.1, 0.9])
    assert table.columns.tolist() == [("a", 0.1), ("a", 0.9), ("b", 0.1), ("b", 0.9)]
    assert table.to_numpy().tolist() == [[0, 1, 4, 5], [2, 3, 6, 7]]
    table = to_pandas(read_series(wide["a"]), quantiles[:1], [0.1, 0.9])
    assert table.to_dict("list") == {0.1: [0, 2], 0.9: [1, 3]}
    long = pd.DataFrame({"unique_id": [1, 1, 2, 2], "ds": [1, 2, 1, 2], "y": 1.0})
    table = to_pandas(read_series(long), quantiles, ["low", "high"])
    assert table.columns.tolist() == ["unique_id", "ds", "low", "high"]
    assert table["high"].tolist() == [1, 3, 5, 7]
    table = to_pandas(read_series(long.set_index(["unique_id", "ds"])), quantiles, ["low", "high"])
    assert table.loc[(2, 3)].tolist() == [4, 5]


def test_columns_with_levels():
    columns = pd.MultiIndex.from_product([["x"], ["p", "q"]], names=["shop", "item"])
    y = pd.DataFrame([[1.0, 2], [3, 4]], columns=columns)
    assert_index_equal(to_pandas(read_series(y), [[1.0], [2.0]]).columns, columns)
    table = to_pandas(read_series(y), np.ones((2, 1, 1)), [0.5])
    assert table.columns.tolist() == [("x", "p", 0.5), ("x", "q", 0.5)]


LONG = pd.DataFrame(
    {"unique_id": ["a"] * 3 + ["b"] * 3, "ds": [*pd.date_range("2024-01-01", periods=3)] * 2}
).assign(y=[1.0, 2, 3, 4, 5, 6])
DAYS = pd.date_range("2024-01-01", periods=4)


def changed(column, row, value, frame=LONG):
    frame = frame.astype({column: object}) if isinstance(value, str) else frame.copy()
    frame.loc[row, column] = value
    return frame


@pytest.mark.parametrize(
    "y, message",
    [
        (
            changed("ds", 4, pd.Timestamp("2023-12-01")),
            r"2023-12-01 .* after 2024-01-01 .* 'b'.*y\.s",
        ),
        (
            changed("ds", 4, pd.Timestamp("2024-01-01")),
            "2024-01-01 .* more than once in series 'b'",
        ),
        (changed("ds", 4, pd.NaT), r"times of y \('ds'\) .* none in row 4"),
        (
            changed("ds", 5, pd.Timestamp("2024-01-02 09:30")),
            "series 'b' 2024-01-02 09:30:00 follows",
        ),
        (changed("y", 5, np.inf), "infinite ones in series 'b' at 2024-01-03"),
        (changed("y", 4, "many"), "'y' of y must hold numbers.*'many' in row 4 of series 'b'"),
        (changed("y", [3, 4, 5], NAN), "at least one value, got only missing ones in series 'b'"),
        (changed("unique_id", 2, None), "name a series in each row, got none in row 2"),
        (LONG.rename(columns={"y": "sales"}), "target: y has no column 'y', .*'sales'.*target="),
        (LONG.rename(columns={"ds": "dss"}), r"no column 'ds', .*Did you mean 'dss'\?"),
        (LONG.assign(promo=1), r"alone, got also \['promo'\].*covariates.*X="),
        (LONG.iloc[::3], "from one timestamp a series, such as 2024-01-01.* of series 'a'.*freq="),
        (LONG.iloc[:0], r"at least one value, got shape \(0, 3\)"),
        (LONG.set_index(["unique_id", "ds"]).assign(z=1), "one column of values"),
        (LONG.assign(z=1).set_index(["unique_id", "ds", "z"]), "got 3 index levels"),
        (LONG.drop(columns=["unique_id", "ds"]).assign(date="x"), "'date' must hold numbers.*long"),
        (numbered(DAYS[[0, 2, 1, 3]]), r"index of y must ascend, got 2024-01-02 .*y\.sort_index"),
        (numbered(DAYS[[0, 1, 1, 3]]), "2024-01-02 00:00:00 more than once"),
        (numbered(pd.Index([1.5, 2.5])), r"dates, periods or integers, got float64 \(.*1.5"),
        (numbered(pd.to_timedelta([1, 2], "h")), "dates, periods or integers, got timedelta64"),
        (numbered(pd.Index(["2024-01-01", "Jan 5, 2024"])), "dates of one form"),
        (numbered(pd.Index(["one", "two"])), "dates of one form .* got 'one' first"),
        (
            numbered(pd.Index([DAYS[0].tz_localize("UTC"), DAYS[1].tz_localize("Asia/Tokyo")])),
            "must have one time zone, got Asia/Tokyo, UTC",
        ),
        (numbered(pd.Index([DAYS[0], DAYS[1].tz_localize("UTC")])), "one time zone, got None, UTC"),
        (numbered(pd.Index([1, 3, 6, 8])), "cannot be inferred: most .* 2 apart, .* 6 follows 3"),
        (
            numbered(pd.to_datetime(["2024-01-01", "2024-01-04", "2024-01-08", "2024-01-11"])),
            "most timestamps are 3 days .* 2024-01-08 00:00:00 follows 2024-01-04 00:00:00",
        ),
        (
            numbered(
                pd.to_datetime(
                    ["2024-01-01 00:00:00", "2024-01-01 00:00:01", "2025-01-01 00:00:00"]
                )
            ),
            "31,622,401 steps of frequency 's', of which 3 are there",
        ),
        (numbered(pd.Index(["2024-01-01", "", "2024-01-02"])), "none in row 1"),
        (numbered(pd.Index(["2024-01-01 00:00+01:00", "2024-06-01 00:00+02:00"])), "one time zone"),
        (pd.DataFrame([[1.0, 2]], columns=["a", "a"]), r"columns \['a'\] more than once"),
        (
            pd.DataFrame({"a": [1.0, 2], "b": [NAN, NAN]}),
            "at least one value, got only missing ones in series 'b'",
        ),
        (pd.Series([1j, 2]), "must hold numbers, got complex"),
        (pd.Series([], dtype=float), r"got shape \(0,\)"),
    ],
)
def test_bad_input(y, message):
    with pytest.raises(ValueError, match=message):
        read_series(y)


@pytest.mark.parametrize("y", [np.ones(3), [1.0, 2.0], None])
def test_not_of_pandas(y):
    with pytest.raises(TypeError, match="y must be a pandas Series or DataFrame, got"):
        read_series(y)


@pytest.mark.parametrize(
    "index, freq, message",
    [
        (DAYS, "month", "freq must be a frequency of pandas, .* 'month'"),
        (DAYS, "-1D", "freq must go forward"),
        (DAYS, 1, "freq must be a frequency of pandas"),
        (DAYS, "W-TUE", "grid of frequency 'W-TUE', whole steps after the first, 2024-01-01"),
        (DAYS, "2D", "'2D', .*; got 2024-01-02 00:00:00, 2024-01-04 00:00:00. Resample"),
        (DAYS, "MS", "; got 2024-01-02 00:00:00, 2024-01-03 00:00:00, 2024-01-04 00:00:00"),
        (DAYS.to_period("D"), "M", "that of the periods, 'D', got 'M'"),
        (pd.RangeIndex(4), "D", "whole number above 0 .* integers, got 'D'"),
        (pd.RangeIndex(4), 0, "got 0"),
        (pd.RangeIndex(4), True, "got True"),
        (pd.RangeIndex(4), 2, "frequency 2, whole steps after the first, 0; got 1, 3"),
    ],
)
def test_bad_frequency(index, freq, message):
    with pytest.raises(ValueError, match=message):
        read_series(numbered(index), freq=freq)


def test_a_grid_that_is_mostly_empty_is_told_of():
    months = pd.Series(range(24), pd.date_range("2020-01-01", periods=24, freq="MS"), float)
    with pytest.warns(UserWarning, match="701 steps of frequency 'D', of which only 24 are there"):
        read_series(months, "D")


@pytest.mark.parametrize(
    "horizon, error",
    [
        (0, ValueError),
        (-1, ValueError),
        (1.5, TypeError),
        (True, TypeError),
        (None, TypeError),
        ("3", TypeError),
    ],
)
def test_bad_horizon(horizon, error):
    with pytest.raises(error, match=f"horizon must be an integer of at least 1, got {horizon!r}"):
        future_timestamps(read_series(numbered(DAYS)), horizon)


def test_forecasts_of_another_shape():
    panel = read_series(LONG)
    for forecasts, columns, message in [
        (np.ones((3, 2)), None, r"\(2, H\), got \(3, 2\)"),
        (np.ones(2), None, r"\(2, H\), got \(2,\)"),
        (np.ones((2, 0)), None, r"\(2, H\), got \(2, 0\)"),
        (np.ones((2, 4, 3)), [0.1, 0.9], r"\(2, H, 2\), got \(2, 4, 3\)"),
    ]:
        with pytest.raises(ValueError, match=message):
            to_pandas(panel, forecasts, columns)
