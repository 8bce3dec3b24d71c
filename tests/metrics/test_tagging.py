"""Metrics of tags against counts by hand and against scikit-learn."""

from __future__ import annotations

import itertools
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import accuracy_score, f1_score

from seqkit.metrics import sequence_accuracy, token_accuracy, token_f1

TRUE = [["O", "A", "A", "B"], ["B", "O"], ["A"]]
PREDICTED = [["O", "A", "B", "B"], ["O", "O"], ["A"]]  # A: 2 of 2, of 3; B: 1 of 2, of 2

labels = st.sampled_from(["O", "A", "B", "C"])
tagged = st.lists(st.lists(st.tuples(labels, labels), max_size=6), max_size=5)


def both(tagged):
    return [[t for t, _ in s] for s in tagged], [[p for _, p in s] for s in tagged]


def test_accuracies_counted_by_hand():
    assert token_accuracy(TRUE, PREDICTED) == 5 / 7
    assert sequence_accuracy(TRUE, PREDICTED) == 1 / 3
    assert token_accuracy(TRUE, PREDICTED, [1, 2, 0]) == (3 + 2 * 1) / (4 + 2 * 2)
    assert sequence_accuracy(TRUE, PREDICTED, [1, 0, 3]) == 3 / 4


def test_f1_counted_by_hand():
    assert token_f1(TRUE, PREDICTED, average=None) == {"A": 4 / 5, "B": 1 / 2}
    assert token_f1(TRUE, PREDICTED) == (4 / 5 + 1 / 2) / 2
    assert token_f1(TRUE, PREDICTED, average="micro") == 2 * 3 / (4 + 5)
    assert token_f1(TRUE, PREDICTED, average=None, ignore=("O", "B")) == {"A": 4 / 5}
    assert token_f1(TRUE, PREDICTED, average=None, ignore=())["O"] == 2 * 2 / (3 + 2)


@given(tagged)
def test_as_scikit_learn_counts(tagged):
    true, predicted = both(tagged)
    flat = [list(itertools.chain(*y)) for y in (true, predicted)]
    kept = sorted({*flat[0], *flat[1]} - {"O"})
    if flat[0]:
        assert token_accuracy(true, predicted) == pytest.approx(accuracy_score(*flat))
    for average in ("micro", "macro"):
        found = token_f1(true, predicted, average)
        expected = f1_score(*flat, labels=kept, average=average, zero_division=0) if kept else 0
        assert found == pytest.approx(expected)


@given(tagged.filter(len), st.randoms(use_true_random=False))
def test_the_order_of_sequences_never_changes_a_result(tagged, random):
    expected = [token_f1(*both(tagged), average=None), sequence_accuracy(*both(tagged))]
    random.shuffle(tagged)
    assert [token_f1(*both(tagged), average=None), sequence_accuracy(*both(tagged))] == expected


@pytest.mark.parametrize(
    "form", [np.asarray, tuple, lambda s: [np.int64(t) for t in s], lambda s: np.array(s, object)]
)
def test_numbers_in_any_form(form):
    true, predicted = [[0, 2, 10], [1]], [[0, 10, 10], [1]]
    f1 = token_f1([form(s) for s in true], [form(s) for s in predicted], average=None)
    assert f1 == {0: 1.0, 1: 1.0, 2: 0.0, 10: 2 / 3}
    assert list(f1) == [0, 1, 2, 10]
    assert token_accuracy([form(s) for s in true], predicted) == 3 / 4
    assert token_accuracy(np.array([[1, 2], [3, 4]]), np.array([[1, 2], [3, 5]])) == 3 / 4


def test_nothing_to_find_is_zero():
    assert token_f1([["O"]], [["O"]]) == token_f1([["O"]], [["O"]], average="micro") == 0
    assert token_f1([["O"]], [["O"]], average=None) == {}


@pytest.mark.parametrize("metric", [token_accuracy, sequence_accuracy, token_f1])
def test_lengths_that_differ(metric):
    with pytest.raises(ValueError, match="got 2 and 3 tags in sample 1"):
        metric([["A"], ["A", "B"]], [["A"], ["A", "B", "B"]])
    with pytest.raises(ValueError, match="same number of sequences, got 1 and 2"):
        metric([["A"]], [["A"], ["B"]])


@pytest.mark.parametrize(
    "y, message",
    [
        ("O A", "y_true must be a list of sequences of tags, got str"),
        (None, "got NoneType"),
        (["O", "A"], r"y_true\[0\] must be a sequence of tags, got 'O'. Put a sequence that is"),
        ([[["A"]]], r"y_true\[0\]\[0\] must be one tag, text or a number, got \['A'\]"),
        (np.zeros((1, 2, 3)), r"y_true\[0\]\[0\] must be one tag"),
    ],
)
def test_wrong_forms(y, message):
    with pytest.raises(TypeError, match=message):
        token_accuracy(y, y)


def test_wrong_arguments():
    with pytest.raises(ValueError, match="average must be 'micro', 'macro' or None, got 'mean'"):
        token_f1(TRUE, PREDICTED, average="mean")
    with pytest.raises(ValueError, match=r"sample_weight must hold one number a sequence, \(3,\)"):
        token_accuracy(TRUE, PREDICTED, [1, 2])
    with pytest.raises(ValueError, match="at least one tag of a weight above zero"):
        token_accuracy([[]], [[]])


def test_importing_the_metrics_imports_nothing_heavy():
    code = (
        "import sys, seqkit.metrics as m; [getattr(m, n) for n in m.__all__]; print(*sys.modules)"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"tensorflow", "keras", "sklearn", "pandas"} & set(run.stdout.split())


def test_token_accuracy_with_a_weight_for_each_tag():
    y_true, y_pred = [["a", "b"], ["a"]], [["a", "a"], ["b"]]
    assert token_accuracy(y_true, y_pred, [[1, 2], [5]]) == 1 / 8
    assert token_accuracy(y_true, y_pred, [[1, 0], np.array([0])]) == 1
    for wrong in ([[1], [1]], [[1, 2], 1], [[1, 2]]):
        with pytest.raises(ValueError, match=r"one a tag, of the lengths \[2, 1\], got shapes"):
            token_accuracy(y_true, y_pred, wrong)
