"""Dates as text: what they say, and where they do not say it."""

from __future__ import annotations

import pandas as pd
import pytest

from seqkit.timeseries.time_index import time_index


@pytest.mark.parametrize(
    ("texts", "second"),
    [
        (["01.01.2018", "01.02.2018"], "2018-02-01"),
        (["01.02.2018 06:00", "02.02.2018 06:00"], "2018-02-02 06:00"),
        (["01/02/2018", "13/02/2018"], "2018-02-13"),
        (["01/02/2018", "01/13/2018"], "2018-01-13"),
        (["2018-01-02", "2018-01-03"], "2018-01-03"),
    ],
)
def test_day_and_month(texts, second):
    assert time_index(texts, "the index of y")[1] == pd.Timestamp(second)


def test_day_and_month_that_cannot_be_told_apart():
    with pytest.raises(ValueError, match=r"the index of y has dates such as '01/02/2018' whose"):
        time_index(["01/02/2018", "02/02/2018"], "the index of y")
