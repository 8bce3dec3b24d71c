"""The forms in which labels of steps are given."""

import numpy as np
import pandas as pd
import pytest
import tensorflow as tf

from seqkit.estimators.targets.step_labels import check_labels


def test_labels_may_have_a_last_axis_of_one() -> None:
    rows = check_labels(np.array([[[0], [1]], [[1], [1]]]))
    assert [row.tolist() for row in rows] == [[0, 1], [1, 1]]


def test_one_hot_labels_are_refused_by_place() -> None:
    with pytest.raises(ValueError, match=r"y\[0\] must have one label a step, .*argmax"):
        check_labels(np.zeros((2, 3, 4)))


@pytest.mark.parametrize("y", [[{"a", "b"}, {"a"}], [["a"], frozenset("a")], [["a"], {"a": 1}]])
def test_a_set_has_no_order_of_steps(y: list) -> None:
    with pytest.raises(TypeError, match=r"y\[[01]\] must be a list of labels, one a step, got"):
        check_labels(y)


def test_a_masked_label_is_named_by_place() -> None:
    rows = np.array([[0, 1, 0], [1, -9, 0]])
    for y in (np.ma.masked_equal(rows, -9), [rows[0], np.ma.masked_equal(rows[1], -9)]):
        with pytest.raises(ValueError, match=r"y\[1\]\[1\] is missing"):
            check_labels(y)


@pytest.mark.parametrize("missing", [None, np.nan, pd.NA, pd.NaT, np.datetime64("NaT")])
def test_a_missing_label_is_named_by_place(missing: object) -> None:
    with pytest.raises(ValueError, match=r"y\[1\]\[1\] is missing"):
        check_labels([["a"], ["a", missing]])


@pytest.mark.parametrize(
    "y, place",
    [([[0, "1", 0], [1, 0]], r"y\[0\]\[1\] is '1'"), ([["a"], [1]], r"y\[1\]\[0\] is 1")],
)
def test_labels_of_two_types_are_refused_by_place(y: list, place: str) -> None:
    with pytest.raises(TypeError, match=place + ".*all of them as strings"):
        check_labels(y)


@pytest.mark.parametrize("labels", [[["b", "a"], ["a"]], [[1, 0], [0]], [[[1], [0]], [[0]]]])
def test_rows_of_tensors_are_lists_of_labels(labels: list) -> None:
    rows = check_labels([tf.constant(row) for row in labels])
    expected = [np.ravel(np.array(row)).tolist() for row in labels]
    assert [row.tolist() for row in rows] == expected
    one = check_labels(tf.constant([[1, 0], [0, 0]]))
    assert [row.tolist() for row in one] == [[1, 0], [0, 0]]


def test_tuples_are_lists_of_labels() -> None:
    rows = check_labels((("a", "b"), ("b",)))
    assert [row.tolist() for row in rows] == [["a", "b"], ["b"]]


@pytest.mark.parametrize("step", [("b", "NN"), ["b", "NN", "x"], ("b", 1), (), {"b": 1}])
def test_a_step_of_several_labels_is_named_by_place(step: object) -> None:
    with pytest.raises(TypeError, match=r"y\[1\]\[1\] must be one label, got .*argmax.*unbatch"):
        check_labels([["a", "b"], ["a", step]])


@pytest.mark.parametrize("y", [None, "ab", 3, {"a": ["b"]}])
def test_what_is_no_list_of_lists(y: object) -> None:
    with pytest.raises(TypeError, match="y must be a list of lists of labels, one a step, got"):
        check_labels(y)
