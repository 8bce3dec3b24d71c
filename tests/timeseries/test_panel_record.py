"""Panels as plain data: what comes back forecasts the same timestamps in the same form."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

from seqkit.saving.records import decode, encode
from seqkit.timeseries.forecast_frames import to_pandas
from seqkit.timeseries.panel_record import panel_of, record_of
from seqkit.timeseries.read_series import read_series

VALUES = np.arange(1.0, 9.0)


def dated(freq: str, **options) -> pd.Series:
    return pd.Series(VALUES, pd.date_range("2024-02-26", periods=8, freq=freq, **options), name="a")


FORMS = {
    "days": dated("D"),
    "month_ends": dated("ME"),
    "quarters": dated("QE-NOV"),
    "business_days": dated("B"),
    "hours_with_time_zone": dated("6h", tz="Europe/Berlin"),
    "two_days_with_time_zone": dated("2D", tz="America/New_York"),
    "weeks": dated("W-FRI"),
    "periods": pd.Series(VALUES, pd.period_range("2024-01", periods=8, freq="M")),
    "quarterly_periods": pd.Series(VALUES, pd.period_range("2024Q1", periods=8, freq="Q-NOV")),
    "range": pd.Series(VALUES),
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


@pytest.mark.parametrize("form", FORMS)
def test_a_record_is_plain_and_comes_back(form):
    panel = read_series(FORMS[form])
    arrays: list[np.ndarray] = []
    text = json.dumps(encode(record_of(panel), arrays, "panel"))
    again = panel_of(decode(json.loads(text), {str(k): a for k, a in enumerate(arrays)}))
    for one, other in zip(panel.values, again.values, strict=True):
        np.testing.assert_array_equal(one, other)
    forecasts = np.ones((len(panel.values), 3))
    expected, found = to_pandas(panel, forecasts), to_pandas(again, forecasts)
    check = pd.testing.assert_series_equal if found.ndim == 1 else pd.testing.assert_frame_equal
    check(found, expected)
    assert found.index.equals(expected.index)
