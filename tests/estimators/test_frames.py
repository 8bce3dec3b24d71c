"""Frames that are neither a table nor in long form, and lists in the cells of a frame."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import seqkit
from seqkit.estimators.inputs.frames import check_table
from seqkit.estimators.targets.step_labels import check_labels
from tests.estimators.toy import small

DAYS = pd.date_range("2024-01-01", periods=4)


@pytest.mark.parametrize(
    ("columns", "error", "message"),
    [
        (
            {"ride": ["a", "a", "b", "b"], "t": range(4), "x": np.arange(4.0)},
            TypeError,
            "columns of numbers.*got 'ride', which.*parameters id and time.*Is it time='t'",
        ),
        (
            {"id": [1, 1, 2, 2], "day": DAYS, "x": np.arange(4.0)},
            TypeError,
            "got 'day', which.*Is it id='id', time='day'",
        ),
        (
            {"case": ["a"] * 4, "date": DAYS, "x": np.arange(4.0)},
            TypeError,
            "got 'case', 'date', which.*Is it id='case', time='date'",
        ),
        (
            {"id": [1, 1, 2, 2], "t": [0, 1, 0, 1], "x": np.arange(4.0)},
            ValueError,
            "got 'id', 't', 'x', which look like long form.*Is it id='id', time='t'",
        ),
        (
            {"Instance": [1, 1, 2, 2], "Time": [0, 1, 0, 1], "x": np.arange(4.0)},
            ValueError,
            "Is it id='Instance', time='Time'",
        ),
        ({"instance": [1, 1, 2, 2], "x": np.arange(4.0)}, ValueError, "'x', which look like long"),
        ({"t0": [1, 2], "t1": ["3", "x"]}, TypeError, "got 't1', which are not.*in all others.$"),
        ({"x": [[1.0, 2.0], [3.0]]}, TypeError, "got a list in column 'x'.*list of arrays"),
    ],
)
def test_what_is_no_table_is_refused(columns, error, message):
    frame = pd.DataFrame(columns)
    with pytest.raises(error, match=message):
        small().fit(frame, ["a", "b"] * (len(frame) // 2))


def test_an_index_of_three_levels_is_refused():
    index = pd.MultiIndex.from_product([[0, 1], [0, 1], [0, 1]], names=["site", "ride", "t"])
    with pytest.raises(ValueError, match="index of one level.*got 3: 'site', 'ride', 't'"):
        small().fit(pd.DataFrame({"x": np.arange(8.0)}, index), ["a", "b"])


@pytest.mark.parametrize(
    "frame",
    [
        pd.DataFrame({"a": [1, 2], "b": [True, False]}),
        pd.DataFrame({"id": [1.0, 2.0], "x": [3.0, 4.0]}),
        pd.DataFrame([[1, 2.5], [3, 4]], dtype=object),
        pd.DataFrame(np.zeros((2, 3))),
        pd.DataFrame(np.zeros((2, 3))).astype("Float64"),
    ],
)
def test_tables_of_numbers_are_tables(frame):
    check_table(frame)


def tagger():
    return seqkit.SequenceTagger("gru", units=4, embedding_dim=4, epochs=1, random_state=0)


@pytest.mark.parametrize(
    ("y", "expected"),
    [
        (pd.DataFrame({"tags": [["A", "B"], ["B"]]}), [["A", "B"], ["B"]]),
        (pd.DataFrame([["A", "B"], ["B", "B"]]), [["A", "B"], ["B", "B"]]),
    ],
)
def test_frames_of_labels(y, expected):
    assert [row.tolist() for row in check_labels(y)] == expected


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        (
            {"tokens": [["a"], ["b"]], "pos": [["N"], ["V"]]},
            r"X must be one column, a text or a list .*'tokens', 'pos'. Choose one: X\['tokens'\]",
        ),
        ({"token": ["a", "b"], "pos": ["N", "V"]}, r"X must be one column.*X\['token'\]"),
        ({"id": ["s", "s"], "t": [0, 1], "x": [1.0, 2.0]}, "got 'id', which are not.*long form"),
    ],
)
def test_other_frames_of_words_say_so_to_a_tagger(columns, message):
    with pytest.raises(TypeError, match=message):
        tagger().fit(pd.DataFrame(columns), [["A"], ["B"]])
