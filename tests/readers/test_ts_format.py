"""The reader of `.ts` files."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seqkit.data import read_ts

LABELLED = ["@dimensions 2", "@classLabel true walk run", "@data"]


def test_every_part_of_the_format(tmp_path):
    path = tmp_path / "walks.ts"
    path.write_text(
        "\ufeff# A comment, with 'Schäfer' in it\n% another\n\n"
        "@problemName Walks\n@timeStamps false\n@MISSING True\n@univariate false\n"
        "@dimension 2\n@equalLength false\n@seriesLength 3\n@horizon 4\n"
        "@classLabel true Walk run\n\n@data\n# between\n\n"
        " 0.5, -1e3 ,?:1,2,nan: Walk \n7:8:run",
        encoding="utf-8",
    )
    X, y = read_ts(path)
    np.testing.assert_array_equal(X[0], [[0.5, 1], [-1000, 2], [np.nan, np.nan]])
    np.testing.assert_array_equal(X[1], [[7, 8]])
    assert X[0].dtype == np.float32
    assert y.tolist() == ["Walk", "run"]


def test_comment_in_another_encoding_is_no_error(tmp_path):
    path = tmp_path / "walks.ts"
    path.write_bytes("# Schäfer\n@data\n1,2\n".encode("latin-1"))
    assert read_ts(str(path))[0][0].shape == (2, 1)


def test_without_labels():
    X, y = read_ts(["@classLabel false", "@data", "1,2:3,4"])
    assert X[0].tolist() == [[1, 3], [2, 4]]
    assert y is None


def test_targets_are_numbers():
    _, y = read_ts(["@targetLabel true", "@data", "1,2:0.25", "3:-1"])
    assert y.tolist() == [0.25, -1.0]


def test_time_may_be_a_single_step_and_lengths_may_differ():
    X, _ = read_ts(["@univariate true", "@data", "1", "1,2,3"])
    assert [x.shape for x in X] == [(1, 1), (3, 1)]


finite = st.floats(width=32, allow_nan=False, allow_infinity=False)
series = st.integers(1, 3).flatmap(
    lambda d: st.lists(
        st.lists(st.lists(finite, min_size=d, max_size=d), min_size=1, max_size=5),
        min_size=1,
        max_size=4,
    )
)


@given(series)
def test_what_is_written_is_read(cases):
    cases = [np.array(case, np.float32) for case in cases]
    lines = [":".join(",".join(map(repr, row)) for row in case.T.tolist()) for case in cases]
    X, _ = read_ts(["@data", *lines])
    for x, case in zip(X, cases, strict=True):
        np.testing.assert_array_equal(x, case)


@pytest.mark.parametrize(
    "lines, message",
    [
        ([], "walks: expected a line '@data' before the values, got to the end"),
        (["@univariate true"], "walks: expected a line '@data'"),
        (["1,2"], "walks, line 1: expected a header line that begins with '@', got '1,2'"),
        (["@data", "# nothing"], "walks: expected at least one case after @data, got none"),
        (["@clasLabel true a"], "line 1: unknown tag 'clasLabel'. Did you mean 'classlabel'"),
        (["@missing perhaps"], "line 1: expected true or false after @missing, got 'perhaps'"),
        (["@missing"], "line 1: expected true or false after @missing, got ''"),
        (["@dimensions two"], "line 1: expected a positive integer after @dimensions, got 'two'"),
        (["@dimensions 0"], "line 1: expected a positive integer after @dimensions, got '0'"),
        (["@timeStamps true"], "line 1: values with time stamps.*not supported.*read_long"),
        (["@classLabel true"], "line 1: expected the labels after '@classLabel true', got none"),
        ([*LABELLED, "1:2:3:run"], "line 4: expected 2 dimensions, as in @dimensions, got 3"),
        ([*LABELLED, "1:run"], "line 4: expected 2 dimensions, as in @dimensions, got 1"),
        ([*LABELLED, "1,2:3:run"], "line 4: expected one length.*got 2 values .* 1 and 1 .* 2"),
        ([*LABELLED, "1:x:run"], "line 4: expected a number.*value 1 of dimension 2, got 'x'"),
        ([*LABELLED, "1,:2,3:run"], "line 4: expected a number.*value 2 of dimension 1, got ''"),
        ([*LABELLED, "", "1:2:fly"], "line 5: expected .* labels .*'walk, run', got 'fly'"),
        ([*LABELLED, "1:2"], "line 4: expected .* labels .*'walk, run', got '2'"),
        ([*LABELLED, "run"], "line 4: expected 2 dimensions, as in @dimensions, got 0"),
        (["@targetLabel true", "@data", "1:x"], "line 3: expected a number after the last ':'"),
        (["@univariate true", "@data", "1:2"], "line 3: expected 1 .* as in @univariate true"),
        (["@data", "1:2", "3"], r"line 3: expected 2 .* the first case \(walks, line 2\), got 1"),
        (["@data", "y" * 90], r"line 2: expected a number.*got 'y{57}\.\.\.'"),
    ],
)
def test_errors_name_the_place(lines, message):
    with pytest.raises(ValueError, match=message):
        read_ts(lines, name="walks")


def test_errors_name_the_file(tmp_path):
    path = tmp_path / "walks.ts"
    path.write_text("@data\n1,2\n3,four\n")
    with pytest.raises(ValueError, match=r"walks\.ts, line 3: expected a number.*'four'"):
        read_ts(path)


@pytest.mark.parametrize("text", ["@data\n1,2\n", b"@data\n1,2\n"], ids=["text", "bytes"])
def test_text_is_neither_path_nor_lines(text):
    with pytest.raises(TypeError, match="source must be a path or lines, got text"):
        read_ts(text)
