"""Dates as text: what they say, and where they do not say it."""

from __future__ import annotations

import numpy as np
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


def test_integers_without_room_for_more_are_refused():
    for largest in (2**63 - 1, 2**64 - 1):
        index = pd.Index(np.array([0, largest], "uint64"))
        with pytest.raises(ValueError, match="integers of at most 2..62 in size, got"):
            time_index(index, "the index of y")


def test_day_and_month_that_cannot_be_told_apart():
    with pytest.raises(ValueError, match=r"the index of y has dates such as '01/02/2018' whose"):
        time_index(["01/02/2018", "02/02/2018"], "the index of y")
