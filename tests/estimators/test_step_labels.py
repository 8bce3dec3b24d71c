"""The forms in which labels of steps are given."""

import numpy as np
import pandas as pd
import pytest

from seqkit.estimators.targets.step_labels import check_labels


def test_labels_may_have_a_last_axis_of_one() -> None:
    rows = check_labels(np.array([[[0], [1]], [[1], [1]]]))
    assert [row.tolist() for row in rows] == [[0, 1], [1, 1]]


def test_one_hot_labels_are_refused_by_place() -> None:
    with pytest.raises(ValueError, match=r"y\[0\] must have one label a step, .*argmax"):
        check_labels(np.zeros((2, 3, 4)))


@pytest.mark.parametrize("missing", [None, np.nan, pd.NA, pd.NaT])
def test_a_missing_label_is_named_by_place(missing: object) -> None:
    with pytest.raises(ValueError, match=r"y\[1\]\[1\] is missing"):
        check_labels([["a"], ["a", missing]])
